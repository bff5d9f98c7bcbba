"""Accepted failures: a failing policy judged once more, as if what was accepted were in order.

The verdict without waivers is never lost. Only a failure can be accepted, and only that of the
subjects that a waiver names; whatever else is not known, or asked, then comes to light.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from msgspec.structs import replace

from tenantproof.context import Context
from tenantproof.finding import Judged, Outcome, Waived
from tenantproof.policy import (
    Check,
    Combined,
    Manual,
    Policy,
    Quantified,
    Subjects,
    is_by_subject,
    leaves,
)
from tenantproof.subjects import subject_id, subjects_of
from tenantproof.verdict import Unknown, Verdict
from tenantproof.waiver import Selector, Use, Waiver, standing


class Accepts:
    """What some waivers accept; it remembers what they were asked for."""

    def __init__(self, waivers: Iterable[Waiver]) -> None:
        self._waivers = tuple(waivers)
        self.covered: dict[Waiver, dict[str, None]] = {one: {} for one in self._waivers}
        self.hits: set[tuple[Waiver, Selector]] = set()
        self.on_tenant = False

    def subject(self, judged: Judged) -> bool:
        """Tell whether the failure of one subject is accepted."""
        evidence = {one.label: one.value for one in judged.evidence
                    if not isinstance(one.value, Unknown)}
        fitting = [(waiver, selector) for waiver in self._waivers for selector in waiver.subjects
                   if selector.means(judged.id, evidence)]
        self.hits.update(fitting)
        for waiver, _ in fitting:
            self.covered[waiver][judged.id] = None
        return bool(fitting)

    def tenant(self) -> bool:
        """Tell whether a failure of the tenant as a whole is accepted."""
        accepts = any(not waiver.subjects for waiver in self._waivers)
        self.on_tenant = self.on_tenant or accepts
        return accepts


def concerns_tenant(check: Check, outcome: Outcome) -> bool:
    """Tell whether a failure of a check is one of the tenant as a whole, not of its subjects."""
    return not isinstance(check, Combined) and (outcome.empty or not is_by_subject(check))


def accepted(
    policy: Policy, context: Context, outcome: Outcome, again: Callable[[Accepts], Outcome]
) -> tuple[Outcome, Waived | None]:
    """Return what a policy comes to with the waivers of the run, and what became of each.

    `again` judges the policy once more, with what is accepted. A policy that may not be waived, or
    that does not fail, keeps its outcome.
    """
    about = context.waivers.about(context.snapshot.tenant.id, policy.id)
    if not about:
        return outcome, None
    stands = {one: standing(one, context.as_of) for one in about}
    every = Accepts(about)
    if outcome.verdict is Verdict.FAIL:
        again(every)
    found = outcome
    if outcome.verdict is Verdict.FAIL and policy.waivable:
        found = _with(outcome, again, [one for one in about if stands[one].holds])
    ids = _ids(policy, context) if outcome.verdict is Verdict.FAIL else frozenset()
    uses = tuple(
        Use(one, stands[one], tuple(every.covered[one]), every.on_tenant and not one.subjects,
            idle := tuple(s for s in one.subjects if (one, s) not in every.hits),
            tuple(s for s in idle if s.id and s.id.casefold() not in ids))
        for one in about
    )
    return found, Waived(outcome.verdict, uses)


def _with(
    outcome: Outcome, again: Callable[[Accepts], Outcome], waivers: list[Waiver]
) -> Outcome:
    accepts = Accepts(waivers)
    after = again(accepts) if waivers else outcome
    covered = {id for ids in accepts.covered.values() for id in ids}
    marked = tuple(
        replace(s, waived=True) if s.verdict is Verdict.FAIL and s.id in covered else s
        for s in outcome.subjects
    )
    if after.verdict is Verdict.FAIL:
        return replace(outcome, subjects=marked)
    if after.verdict in (Verdict.PASS, Verdict.NOT_APPLICABLE):
        return replace(outcome, verdict=Verdict.WAIVED, subjects=marked)
    waived = tuple(s for s in marked if s.waived)
    return replace(after, subjects=(*after.subjects, *waived))


def _ids(policy: Policy, context: Context) -> frozenset[str]:
    """Return the ids of all subjects that a policy judges, in lower case."""
    return frozenset(
        subject_id(subject).casefold()
        for where in _sources(policy.check) for subject in subjects_of(where, context)[0]
    )


def _sources(check: Check) -> Iterator[Subjects]:
    for leaf in leaves(check):
        if isinstance(leaf, Quantified | Manual) and leaf.subjects is not None:
            yield leaf.subjects
