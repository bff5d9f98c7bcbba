"""How one verdict came about, step by step: what every clause read of every subject.

The judge decides; this module looks over its shoulder with the same functions, for one policy on
one tenant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from tenantproof.clause import Clause, Condition
from tenantproof.context import Context
from tenantproof.finding import Evidence, Finding
from tenantproof.judge import judge, outcome_of, scope_of
from tenantproof.policy import (
    Check,
    Combined,
    Count,
    Manual,
    Policy,
    Quantified,
    Reference,
    TenantWide,
)
from tenantproof.quantifiers import RULES
from tenantproof.rows import Row, Trial, rows_of
from tenantproof.subjects import (
    evidence_of,
    shown_value,
    subject_id,
    subject_name,
    tenant_evidence,
)
from tenantproof.verdict import Reason, Truth, Unknown, Verdict

PLAIN_PATH: Final = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
WITHIN: Final = " > "


class Reading(Struct, frozen=True):
    """What one condition read: the value (or an Unknown), where it stands, what was asked of it."""

    condition: Condition
    value: Any
    right: Any
    pointer: str
    truth: Truth


class Step(Struct, frozen=True):
    """One clause: its truth, and what its conditions read."""

    label: str
    truth: Truth
    readings: tuple[Reading, ...]


class Walked(Struct, frozen=True):
    """One subject: whether it counts (`where`), and what was found of it (`that`).

    `counts` and `satisfies` are the joint truths of the two groups of clauses; `names` are all the
    names by which a reader may ask for the subject; `evidence` is what a report would show of it.
    """

    id: str
    name: str
    names: frozenset[str]
    pointer: str
    where: tuple[Step, ...]
    that: tuple[Step, ...]
    counts: Truth
    satisfies: Truth
    evidence: tuple[Evidence, ...] = ()


class Part(Struct, frozen=True):
    """One check or branch: its subjects, its verdict, and the rule that gave it, in words."""

    branch: str
    check: Check
    verdict: Verdict
    subjects: tuple[Walked, ...]
    doubts: tuple[Reason, ...]
    rule: str


class Walk(Struct, frozen=True):
    """A verdict with everything that led to it."""

    policy: Policy
    finding: Finding
    unless: tuple[Step, ...]
    parts: tuple[Part, ...]


def walk(policy: Policy, context: Context, policies: Mapping[str, Policy]) -> Walk:
    """Return how a policy's verdict on one tenant came about."""
    finding = judge(policy, context, policies)
    trial = Trial(context, scope_of(policy, context), policies)
    unless = tuple(_root_step(clause, trial) for clause in policy.unless)
    parts: list[Part] = []
    excused = any(step.truth is True for step in unless)
    if _is_judged(policy, context) and not excused:
        _walk(policy.check, trial, "", parts)
    return Walk(policy, finding, unless, tuple(parts))


def _is_judged(policy: Policy, context: Context) -> bool:
    if context.staleness() is not None:
        return False
    return not policy.tenants or context.tenant_kind in policy.tenants


def _walk(check: Check, trial: Trial, branch: str, parts: list[Part]) -> None:
    if isinstance(check, Combined):
        for one in check.branches:
            name = f"{branch}{WITHIN}{one.label}" if branch else one.label
            _walk(one.check, trial, name, parts)
    outcome = outcome_of(check, trial)
    subjects, doubts, rule = WALKS[type(check)](check, trial)
    if outcome.empty:
        rule = f"there is no subject, and `if_empty` says `{outcome.verdict.value}`"
    parts.append(Part(
        branch, check, outcome.verdict, tuple(subjects), doubts,
        rule or RULES_IN_WORDS[outcome.verdict],
    ))


Found = tuple[Sequence[Walked], tuple[Reason, ...], str]


def _quantified(check: Quantified, trial: Trial) -> Found:
    rows, doubts = rows_of(check, trial)
    walked = [_walked(row, check, trial) for row in rows]
    return sorted(walked, key=_interest), doubts, _rule(check, rows, not doubts)


def _interest(walked: Walked) -> tuple[bool, bool, str, str]:
    return (
        walked.counts is False,
        walked.satisfies is True,
        walked.name.casefold(),
        walked.id,
    )


def _walked(row: Row, check: Quantified, trial: Trial) -> Walked:
    subject = row.subject
    below = _nothing_below if subject.collection.shape.is_fact else _below

    def step(clause: Clause, truth: Truth) -> Step:
        return _step(clause, truth, subject.value, trial, lambda p: subject.pointer + below(p))

    name, own = subject_name(subject, check.shown), subject_id(subject)
    principal = getattr(subject.value, "userPrincipalName", "")
    names = {own, subject.pointer, name, principal if isinstance(principal, str) else ""}
    return Walked(
        id=own, name=name, names=frozenset(n.casefold() for n in names if n),
        pointer=subject.pointer,
        where=tuple(step(c, t) for c, t in row.where),
        that=tuple(step(c, t) for c, t in row.that),
        counts=row.pair[0], satisfies=row.pair[1], evidence=evidence_of(subject, check.shown),
    )


def _root_step(clause: Clause, trial: Trial) -> Step:
    truth = clause.truth(trial.context, trial.scope)
    return _step(clause, truth, trial.context, trial, _below)


Place = Callable[[str], str]


def _step(clause: Clause, truth: Truth, value: Any, trial: Trial, place: Place) -> Step:
    readings = tuple(_reading(c, value, trial, place) for c in clause.conditions)
    return Step(clause.label, truth, readings)


def _reading(condition: Condition, subject: Any, trial: Trial, place: Place) -> Reading:
    pointer = place(condition.path.text)
    if isinstance(subject, Unknown):
        return Reading(condition, subject, condition.right, pointer, subject)
    found = condition.path.value(subject)
    return Reading(
        condition=condition,
        value=found if isinstance(found, Unknown) else shown_value(found),
        right=trial.scope.resolved(condition.right),
        pointer=pointer,
        truth=condition.truth(subject, trial.scope),
    )


def _nothing_below(path: str) -> str:
    """A fact's properties stand nowhere in the snapshot."""
    return ""


def _below(path: str) -> str:
    return "".join(f"/{name}" for name in path.split(".")) if PLAIN_PATH.fullmatch(path) else ""


def _tenant_wide(check: TenantWide, trial: Trial) -> Found:
    steps = tuple(_root_step(clause, trial) for clause in check.that)
    tenant = trial.context.snapshot.tenant
    verdict = outcome_of(check, trial).verdict
    satisfies: Truth = verdict is Verdict.PASS
    if verdict is Verdict.UNKNOWN:
        satisfies = Unknown(())
    name = tenant.displayName or tenant.id
    names = frozenset({tenant.id.casefold(), name.casefold()})
    shown = tenant_evidence(trial.context, check.shown)
    walked = Walked(tenant.id, name, names, "", (), steps, True, satisfies, shown)
    return [walked], (), ""


def _combined(check: Combined, trial: Trial) -> Found:
    words = "one of its ways has to pass" if check.mode == "any_of" else "all of them have to pass"
    verdicts = ", ".join(
        f"{b.label}: {outcome_of(b.check, trial).verdict.value}" for b in check.branches
    )
    return [], (), f"{words} ({verdicts})"


def _reference(check: Reference, trial: Trial) -> Found:
    return [], (), f"`{check.policy}` answers it; see `tenantproof explain {check.policy}`"


def _manual(check: Manual, trial: Trial) -> Found:
    return [], (), ANSWERED.get(outcome_of(check, trial).verdict, "")


ANSWERED: Final = {
    Verdict.PASS: "it is attested",
    Verdict.FAIL: "somebody attests that it is not so",
    Verdict.MANUAL: "only a person can answer it, and no answer on record counts",
}
WALKS: Final[dict[type, Callable[[Any, Trial], Found]]] = {
    Quantified: _quantified,
    TenantWide: _tenant_wide,
    Combined: _combined,
    Reference: _reference,
    Manual: _manual,
}
RULES_IN_WORDS: Final = {
    Verdict.PASS: "every clause holds",
    Verdict.FAIL: "some clause does not hold, whatever the others say",
    Verdict.UNKNOWN: "no clause is known to be false, and some is not known",
    Verdict.NOT_APPLICABLE: "nothing in the tenant is concerned",
    Verdict.MANUAL: "a person has to answer",
    Verdict.WAIVED: "the failure was accepted",
    Verdict.ERROR: "a bug of tenantproof",
}


def _rule(check: Quantified, rows: Sequence[Row], complete: bool) -> str:
    """Return the first line of the table of quantifiers that fits (`quantified`), in words."""
    if isinstance(check.expect, Count):
        return _count_rule(check.expect, rows, complete)
    decisive = RULES[check.expect].decisive
    if any(r.pair == (True, decisive) for r in rows):
        return DECIDED[check.expect]
    if not complete:
        return "more subjects may exist than were exported, and none of those seen decides it"
    if all(r.pair[0] is False for r in rows):
        return "no subject counts"
    if all(r.pair[0] is False or r.pair[1] is (not decisive) for r in rows):
        return NOT_DECIDED[check.expect]
    return "no subject decides it, and of some it is not known"


DECIDED: Final = {
    "every": "every subject has to satisfy all clauses, and one surely does not",
    "at_least_one": "one subject has to satisfy all clauses, and one surely does",
    "none": "no subject may satisfy all clauses, and one surely does",
}
NOT_DECIDED: Final = {
    "every": "every subject that may count satisfies all clauses",
    "at_least_one": "one subject has to satisfy all clauses, and surely none does",
    "none": "no subject may satisfy all clauses, and surely none does",
}


def _count_rule(expect: Count, rows: Sequence[Row], complete: bool) -> str:
    sure = sum(1 for r in rows if r.pair == (True, True))
    maybe = sum(
        1 for r in rows if r.pair[0] is not False and r.pair[1] is not False
    ) - sure
    more = f" and {maybe} more perhaps do" if maybe else ""
    limit = "" if complete else ", and more subjects may exist than were exported"
    distinct = " (different values are counted)" if expect.distinct is not None else ""
    return f"{sure} surely satisfy all clauses{more}{limit}{distinct}"
