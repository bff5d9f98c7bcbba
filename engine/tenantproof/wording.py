"""The words of findings: the policy's own sentences filled in, and what is not known, in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from tenantproof.attestation import Considered, refused_in_vain
from tenantproof.context import Context
from tenantproof.finding import Outcome
from tenantproof.language.instants import write_instant
from tenantproof.policy import Policy
from tenantproof.verdict import Reason, Verdict, Why

MOST_NAMES: Final = 3
MOST_REASONS: Final = 3
PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")
WHY: Final = {
    Why.NOT_EXPORTED: "was not exported",
    Why.DENIED: "could not be read: access was denied",
    Why.TRUNCATED: "is cut short: pages are missing",
    Why.NOT_STATED: "is not said to be complete",
    Why.WRONG_TYPE: "is damaged",
    Why.WRONG_CASE: "is written in the wrong case",
    Why.UNKNOWN_VALUE: "has a value that its schema does not know",
    Why.UNDECLARED: "is not declared",
    Why.UNDETERMINED: "is not settled",
    Why.NULL: "is null, and the clause does not say what null means",
    Why.EXPRESSION: "could not be evaluated",
    Why.STALE: "is too old",
}


def message(policy: Policy, outcome: Outcome, context: Context) -> str:
    """Return a finding's one sentence."""
    return MESSAGES[outcome.verdict](policy, outcome, context)


def _of_policy(template: Callable[[Policy], str]) -> Callable[[Policy, Outcome, Context], str]:
    def fill(policy: Policy, outcome: Outcome, context: Context) -> str:
        if outcome.empty:
            return _filled(policy.messages.empty, outcome, context) or _nothing(outcome)
        return _filled(template(policy), outcome, context)

    return fill


def _nothing(outcome: Outcome) -> str:
    return f"There is nothing to judge in `{outcome.collection}`."


def _filled(template: str, outcome: Outcome, context: Context) -> str:
    """Fill a template in one pass, so that text from the snapshot is never a template itself."""
    values = {
        "subjects": joined(_subjects(outcome)),
        "count": str(len(outcome.those(_told(outcome)))),
        "total": str(outcome.judged),
        "closest": outcome.closest.name if outcome.closest else "nothing",
        "missing": ", ".join(outcome.missing) or _nothing_missing(outcome),
        "tenant": context.snapshot.tenant.displayName or context.snapshot.tenant.id,
        "as_of": write_instant(context.as_of),
    }
    return PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), template)


def _nothing_missing(outcome: Outcome) -> str:
    counted = any(one.counts for one in outcome.attested)
    return "what was attested" if counted else "anything to judge"


def _subjects(outcome: Outcome) -> Sequence[str]:
    if outcome.verdict is Verdict.PASS:
        return outcome.named
    return outcome.those(_told(outcome))


def _told(outcome: Outcome) -> Verdict:
    """Return the verdict of the subjects that a message speaks of: a waived one still fails."""
    return Verdict.FAIL if outcome.verdict is Verdict.WAIVED else outcome.verdict


def joined(names: Sequence[str]) -> str:
    """Return names as prose: the first three, and how many more."""
    if not names:
        return "nothing"
    if len(names) > MOST_NAMES:
        return f"{', '.join(names[:MOST_NAMES])} and {len(names) - MOST_NAMES} more"
    head, last = ", ".join(names[:-1]), names[-1]
    return f"{head} and {last}" if head else last


def _unknown(policy: Policy, outcome: Outcome, context: Context) -> str:
    words = list(dict.fromkeys(in_words(r) for r in sorted(set(outcome.doubts.reasons))))
    if not words:
        return "This cannot be told from the snapshot."
    more = len(words) - MOST_REASONS
    shown = "; ".join(words[:MOST_REASONS]) + (f"; and {more} more" if more > 0 else "")
    return f"This cannot be told: {shown}."


def in_words(reason: Reason) -> str:
    """Return a reason for not knowing as one clause."""
    if reason.why is Why.STALE:
        return reason.detail
    what = _what(reason)
    detail = f" ({reason.detail})" if reason.detail else ""
    return f"{what} {WHY[reason.why]}{detail}"


def _what(reason: Reason) -> str:
    if not reason.collection:
        return f"`{reason.property}`"
    if not reason.property:
        return f"`{reason.collection}`"
    return f"`{reason.property}` of `{reason.collection}`"


def _not_applicable(policy: Policy, outcome: Outcome, context: Context) -> str:
    if outcome.empty:
        return _filled(policy.messages.empty, outcome, context) or _nothing(outcome)
    return f"Does not apply: {joined(outcome.deciding)}." if outcome.deciding else "Does not apply."


def other_kind(policy: Policy) -> str:
    """Return why a policy says nothing of a tenant of another kind."""
    return f"it is for {' and '.join(policy.tenants)} tenants"


def _manual(policy: Policy, outcome: Outcome, context: Context) -> str:
    refused = _unique(not_counted(one) for one in refused_in_vain(outcome.attested))
    more = len(refused) - MOST_REASONS
    also = [f"So it is with {more} more answers."] if more > 0 else []
    return " ".join([*_unique(outcome.questions), *refused[:MOST_REASONS], *also])


def not_counted(one: Considered) -> str:
    """Return why an attestation does not count, as a sentence."""
    said = one.attestation
    by = f" of {said.by}" if said.by.strip() else ""
    of = f" on `{said.subject}`" if said.subject is not None else ""
    return f"The answer{by}{of} does not count: {one.why}."


def _unique(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))


MESSAGES: Final[dict[Verdict, Callable[[Policy, Outcome, Context], str]]] = {
    Verdict.PASS: _of_policy(lambda policy: policy.messages.passing),
    Verdict.FAIL: _of_policy(lambda policy: policy.messages.failing),
    Verdict.WAIVED: _of_policy(lambda policy: policy.messages.failing),
    Verdict.UNKNOWN: _unknown,
    Verdict.NOT_APPLICABLE: _not_applicable,
    Verdict.MANUAL: _manual,
}
