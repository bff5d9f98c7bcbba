"""The decision: ``judge(policy, context) -> Finding``, pure and total.

It reads no clock, environment or file and never raises on data; what a snapshot does not settle
becomes a verdict ``unknown`` that names what to export.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from msgspec.structs import replace

from tenantproof import wording
from tenantproof.accepting import Accepts, accepted, concerns_tenant
from tenantproof.attestation import Answer, Question
from tenantproof.clause import Names, Scope
from tenantproof.context import Context
from tenantproof.finding import Disagreement, Finding, Judged, Missing, Outcome
from tenantproof.language.expression import Expression
from tenantproof.language.listing import Listing
from tenantproof.policy import (
    Branch,
    Check,
    Combined,
    Manual,
    Policy,
    Quantified,
    Reference,
    TenantWide,
)
from tenantproof.quantifiers import COMBINATIONS
from tenantproof.quantifying import NOTHING, by_name, judge_quantified
from tenantproof.rows import Trial, false_labels, unclear_labels
from tenantproof.second_opinion import disagreement
from tenantproof.subjects import (
    Subject,
    evidence_of,
    plain_or_unknown,
    subject_id,
    subject_name,
    subjects_of,
    tenant_evidence,
)
from tenantproof.verdict import (
    Reason,
    Truth,
    Unknown,
    Verdict,
    Why,
    all_true,
    any_true,
    merged,
    most_severe,
    unknown,
)


def judge(policy: Policy, context: Context, policies: Mapping[str, Policy]) -> Finding:
    """Return the finding of one policy on one tenant.

    `policies` are the pack's, by id: a branch may be another policy's verdict.
    """
    judged = _applied(policy, context, policies)
    outcome, waived = accepted(
        policy, context, judged, lambda accepts: _applied(policy, context, policies, accepts)
    )
    failed = outcome.verdict in (Verdict.FAIL, Verdict.WAIVED)
    severities = [s or policy.severity for s in outcome.severities] if failed else []
    return Finding(
        policy=policy,
        verdict=outcome.verdict,
        severity=most_severe(severities) if severities else policy.severity,
        message=wording.message(policy, outcome, context),
        outcome=outcome,
        unknowns=_to_export(outcome, context) if outcome.verdict is Verdict.UNKNOWN else (),
        second=_second(policy, judged.verdict, context),
        waived=waived,
    )


def _second(policy: Policy, verdict: Verdict, context: Context) -> Disagreement | None:
    if policy.second_opinion is None:
        return None
    return disagreement(policy.second_opinion, verdict, context, scope_of(policy, context))


def _to_export(outcome: Outcome, context: Context) -> tuple[Missing, ...]:
    return tuple(_missing(reason, context) for reason in sorted(set(outcome.doubts.reasons)))


def _missing(reason: Reason, context: Context) -> Missing:
    if not reason.collection or reason.collection == "tenant":
        return Missing(reason, "", "")
    collection = context.snapshot.collection(reason.collection)
    return Missing(reason, collection.endpoint, collection.permission)


def _applied(
    policy: Policy, context: Context, policies: Mapping[str, Policy],
    accepts: Accepts | None = None,
) -> Outcome:
    stale = context.staleness()
    if stale is not None:
        return Outcome(Verdict.UNKNOWN, doubts=stale)
    if policy.tenants and context.tenant_kind is None:
        doubt = unknown(Why.NOT_STATED, "tenant", "kind")
        return Outcome(Verdict.UNKNOWN, doubts=doubt)
    if policy.tenants and context.tenant_kind not in policy.tenants:
        return Outcome(Verdict.NOT_APPLICABLE, deciding=(wording.other_kind(policy),))
    trial = Trial(context, scope_of(policy, context), policies, accepts)
    exempt = [(c, c.truth(context, trial.scope)) for c in policy.unless]
    excused = any_true(t for _, t in exempt)
    if excused is True:
        return Outcome(
            Verdict.NOT_APPLICABLE, deciding=tuple(c.label for c, t in exempt if t is True)
        )
    outcome = outcome_of(policy.check, trial)
    if excused is False or outcome.verdict is Verdict.NOT_APPLICABLE:
        return outcome
    return Outcome(
        Verdict.UNKNOWN, judged=outcome.judged, doubts=merged([excused, outcome.doubts])
    )


def scope_of(policy: Policy, context: Context) -> Scope:
    """Return what the names in a policy's conditions stand for: parameters and ``let`` values."""
    names: dict[str, Any] = {name: context.parameter(name) for name in policy.names}
    own = {name: p.default for name, p in policy.parameters.items() if p.default is not None}
    for name, default in own.items():
        if isinstance(names.get(name), Unknown):
            names[name] = default
    for name in policy.parameters:
        qualified = context.settings.get(f"{policy.id}.{name}")
        if qualified is not None:
            names[name] = qualified.value
    lets = {
        name: partial(_let, expression, context) for name, expression in policy.lets
    }
    return Scope(Names(names, lets), context.as_of)


def _let(expression: Expression, context: Context) -> Any:
    """Return what a ``let`` stands for; policies that say the same share it."""
    def make() -> Any:
        value = plain_or_unknown(expression.value(context))
        return Listing(value) if type(value) is list else value

    return context.once(("let", expression.text), make)


# --- one function per form of check -------------------------------------------------------------


def outcome_of(check: Check, trial: Trial) -> Outcome:
    """Return what a check, or a branch of one, came to."""
    outcome = FORMS[type(check)](check, trial)
    accepts = trial.accepts
    if accepts is None or outcome.verdict is not Verdict.FAIL:
        return outcome
    if concerns_tenant(check, outcome) and accepts.tenant():
        return replace(outcome, verdict=Verdict.PASS, subjects=())
    return outcome


def _tenant_wide(check: TenantWide, trial: Trial) -> Outcome:
    truths = [(c, c.truth(trial.context, trial.scope)) for c in check.that]
    truth = all_true(t for _, t in truths)
    verdict = _verdict_of(truth)
    tenant = trial.context.snapshot.tenant
    judged = Judged(
        tenant.id, tenant.displayName or tenant.id, "", verdict,
        false_labels(truths), unclear_labels(truths),
        tenant_evidence(trial.context, check.shown),
    )
    return Outcome(
        verdict,
        judged=1,
        subjects=() if verdict is Verdict.PASS else (judged,),
        missing=judged.missing if truth is False else (),
        doubts=truth if isinstance(truth, Unknown) else NOTHING,
        severities=tuple(c.severity for c, t in truths if t is False),
    )


def _verdict_of(truth: Truth) -> Verdict:
    if isinstance(truth, Unknown):
        return Verdict.UNKNOWN
    return Verdict.PASS if truth else Verdict.FAIL


def _combined(check: Combined, trial: Trial) -> Outcome:
    outcomes = [(b, outcome_of(b.check, trial)) for b in check.branches]
    verdict = COMBINATIONS[check.mode]([o.verdict for _, o in outcomes])
    relevant = [(b, o) for b, o in outcomes if o.verdict is verdict]
    told = [(b, o) for b, o in outcomes if o.verdict in TOLD[verdict]]
    return Outcome(
        verdict=verdict,
        judged=sum(o.judged for _, o in outcomes),
        subjects=tuple(s for b, o in told for s in _of_branch(b, o)),
        missing=tuple(dict.fromkeys(m for _, o in relevant for m in o.missing)),
        closest=next((o.closest for _, o in told if o.closest is not None), None),
        deciding=tuple(name for b, o in relevant for name in (b.label, *o.deciding)),
        named=tuple(name for b, o in relevant for name in o.named or (b.label,)),
        doubts=merged([o.doubts for _, o in outcomes if o.verdict is Verdict.UNKNOWN]),
        questions=tuple(q for _, o in outcomes for q in o.questions),
        attested=tuple(a for _, o in outcomes for a in o.attested),
        severities=tuple(s for _, o in relevant for s in o.severities),
    )


TOLD = {
    Verdict.PASS: (),
    Verdict.NOT_APPLICABLE: (),
    Verdict.MANUAL: (Verdict.MANUAL,),
    Verdict.FAIL: (Verdict.FAIL,),
    Verdict.UNKNOWN: (Verdict.FAIL, Verdict.UNKNOWN),
}


def _of_branch(branch: Branch, outcome: Outcome) -> Iterable[Judged]:
    for s in outcome.subjects:
        yield Judged(
            s.id, s.name, s.pointer, s.verdict, s.missing, s.unclear, s.evidence, branch.label
        )


def _reference(check: Reference, trial: Trial) -> Outcome:
    outcome = _applied(trial.policies[check.policy], trial.context, trial.policies)
    verdict = outcome.verdict
    if verdict is Verdict.NOT_APPLICABLE:
        verdict = check.if_not_applicable
    doubts = outcome.doubts
    if verdict is Verdict.UNKNOWN and not doubts.reasons:
        doubts = unknown(Why.UNDETERMINED, "", check.policy, "the policy does not apply")
    return replace(
        outcome, verdict=verdict, deciding=(check.policy, *outcome.deciding),
        named=outcome.named or (check.policy,), doubts=doubts, empty=False,
    )


def _manual(check: Manual, trial: Trial) -> Outcome:
    if check.subjects is None:
        return _asked_of_tenant(check, trial)
    subjects, doubts = subjects_of(check.subjects, trial.context)
    asked = [_asked_of(subject, check, trial) for subject in subjects]
    asked.sort(key=lambda pair: by_name(pair[0]))
    verdicts = {one.verdict for one, _ in asked}
    verdict = _of_answers(verdicts, bool(doubts))
    return Outcome(
        verdict,
        judged=len(asked),
        subjects=tuple(one for one, _ in asked if one.verdict is not Verdict.PASS),
        named=tuple(one.name for one, _ in asked),
        doubts=Unknown(doubts),
        questions=(check.question,) if Verdict.MANUAL in verdicts else (),
        attested=tuple(c for _, answer in asked for c in answer.considered),
    )


def _of_answers(verdicts: set[Verdict], in_doubt: bool) -> Verdict:
    if Verdict.FAIL in verdicts:
        return Verdict.FAIL
    if in_doubt:
        return Verdict.UNKNOWN
    return COMBINATIONS["all_of"](list(verdicts))


def _asked_of_tenant(check: Manual, trial: Trial) -> Outcome:
    answer = _answer(check, trial, None)
    tenant = trial.context.snapshot.tenant
    judged = Judged(tenant.id, tenant.displayName or tenant.id, "", answer.verdict)
    failed, is_open = answer.verdict is Verdict.FAIL, answer.verdict is Verdict.MANUAL
    return Outcome(
        answer.verdict,
        judged=0 if is_open else 1,
        subjects=(judged,) if failed else (),
        questions=(check.question,) if is_open else (),
        attested=answer.considered,
    )


def _asked_of(subject: Subject, check: Manual, trial: Trial) -> tuple[Judged, Answer]:
    answer = _answer(check, trial, subject_id(subject))
    judged = Judged(subject_id(subject), subject_name(subject, check.shown), subject.pointer,
                    answer.verdict, evidence=evidence_of(subject, check.shown))
    fails = answer.verdict is Verdict.FAIL
    if fails and trial.accepts is not None and trial.accepts.subject(judged):
        return replace(judged, verdict=Verdict.PASS), answer
    return judged, answer


def _answer(check: Manual, trial: Trial, subject: str | None) -> Answer:
    context = trial.context
    question = Question(
        context.snapshot.tenant.id, check.policy, check.question, check.valid_for, subject
    )
    return context.attestations.answer(question, context.as_of)


FORMS: dict[type, Callable[[Any, Trial], Outcome]] = {
    Quantified: judge_quantified,
    TenantWide: _tenant_wide,
    Combined: _combined,
    Reference: _reference,
    Manual: _manual,
}
