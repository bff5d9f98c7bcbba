"""The questions of a run that nobody has answered yet, one for each tenant and subject."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from tenantproof.attestation import Question
from tenantproof.context import Context
from tenantproof.judge import judge
from tenantproof.policy import Manual, Policy, manuals
from tenantproof.subjects import subject_id, subject_name, subjects_of
from tenantproof.verdict import Verdict


class Open(Struct, frozen=True):
    """An open question: the policy that asks, how it asks, of whom, and what the subject's name is.

    `why` is what a refused answer lacks; empty where there is none.
    """

    policy: Policy
    manual: Manual
    question: Question
    name: str = ""
    why: str = ""


def open_questions(
    policy: Policy, context: Context, policies: Mapping[str, Policy]
) -> Iterator[Open]:
    """Yield the questions of a policy that are still open on one tenant, in the policy's order."""
    asked = set(judge(policy, context, policies).outcome.questions)
    for manual in manuals(policy.check):
        if manual.question in asked:
            yield from _of(policy, manual, context)


def _of(policy: Policy, manual: Manual, context: Context) -> Iterator[Open]:
    tenant = context.snapshot.tenant
    whom = [(None, "")] if manual.subjects is None else sorted(
        (subject_id(one), subject_name(one, manual.shown))
        for one in subjects_of(manual.subjects, context)[0]
    )
    for subject, name in whom:
        question = Question(tenant.id, policy.id, manual.question, manual.valid_for, subject)
        answer = context.attestations.answer(question, context.as_of)
        if answer.verdict is Verdict.MANUAL:
            why = next((one.why for one in answer.considered if one.why), "")
            yield Open(policy, manual, question, name, why)
