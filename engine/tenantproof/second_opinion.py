"""What somebody else says of the matter that a policy judges, where that was exported."""

from __future__ import annotations

from collections.abc import Iterator

from tenantproof.clause import Scope
from tenantproof.context import Context
from tenantproof.finding import Disagreement
from tenantproof.policy import SecondOpinion, Shown
from tenantproof.subjects import Subject, evidence_of, subjects_of
from tenantproof.verdict import Unknown, Verdict, all_true

OPPOSITE = {Verdict.PASS: False, Verdict.FAIL: True}


def disagreement(
    opinion: SecondOpinion, verdict: Verdict, context: Context, scope: Scope
) -> Disagreement | None:
    """Return the other's word where it is the opposite of a pass or a fail, else None.

    It calls the matter met where every record of it does, and not met where one does not; a
    record that does not say leaves it open, and so does a list that is not complete.
    """
    opposite = OPPOSITE.get(verdict)
    if opposite is None:
        return None
    subjects, doubts = subjects_of(opinion.subjects, context)
    said = list(_said(opinion, subjects, scope))
    against = [subject for subject, met in said if met is opposite]
    settled = not opposite or (not doubts and len(against) == len(said))
    return _quoted(opinion, against[0]) if against and settled else None


def _said(
    opinion: SecondOpinion, subjects: list[Subject], scope: Scope
) -> Iterator[tuple[Subject, bool | None]]:
    """Yield the records that are about the matter, each with whether it calls it met."""
    for subject in subjects:
        about = all_true(clause.truth(subject.value, scope) for clause in opinion.where)
        met = all_true(clause.truth(subject.value, scope) for clause in opinion.met_when)
        if about is not False:
            yield subject, met if about is True and isinstance(met, bool) else None


def _quoted(opinion: SecondOpinion, subject: Subject) -> Disagreement:
    [quote] = evidence_of(subject, Shown(evidence=(("", opinion.says),)))
    says = None if isinstance(quote.value, Unknown) else quote.value
    return Disagreement(opinion.source, says, quote.pointer)
