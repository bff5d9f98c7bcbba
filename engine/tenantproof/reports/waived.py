"""What was accepted, as reports tell it: who answers for it, why, until when, and for whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tenantproof.finding import Finding
from tenantproof.reports.layout import count_of
from tenantproof.verdict import Verdict
from tenantproof.waiver import Use
from tenantproof.wording import joined


def waived_value(finding: Finding) -> dict[str, Any] | None:
    """Return a finding's waivers as the JSON report has them; None where there are none."""
    if finding.waived is None:
        return None
    return {"verdict": finding.waived.without.value,
            "waivers": [_use(one) for one in finding.waived.uses]}


def _use(use: Use) -> dict[str, Any]:
    waiver = use.waiver
    return {
        "reason": waiver.reason,
        "owner": waiver.owner,
        "approver": waiver.approver,
        "ticket": waiver.ticket,
        "expires": waiver.expires,
        "location": {"file": waiver.file, "line": waiver.line},
        "holds": use.standing.holds,
        "why": use.standing.why or None,
        "tenant": use.on_tenant,
        "subjects": list(use.covers),
        "idle": [str(one) for one in use.idle],
    }


def waived_lines(finding: Finding) -> Iterator[str]:
    """Yield a line for each waiver of something that fails; one that no longer holds is told."""
    if finding.waived is None:
        return
    names = {subject.id: subject.name for subject in finding.outcome.subjects}
    for use in finding.waived.uses:
        if use.is_needed:
            yield _line(use, [names.get(id, id) for id in use.covers])


def _line(use: Use, names: list[str]) -> str:
    waiver = use.waiver
    of = f" of {count_of(len(names), 'subject')} ({joined(names)})" if names else ""
    said = (f"{waiver.reason.rstrip('.')}. Approved by {waiver.approver}, owned by {waiver.owner}, "
            f"{waiver.ticket}.")
    if not use.standing.holds:
        return f"Not accepted: there is a waiver{of}, but {use.standing.why}. It said: {said}"
    return f"Accepted: the failure{of}, until {waiver.expires}. {said}"


def accepted_reason(finding: Finding) -> str:
    """Return the reasons of a waived finding in one text; empty for every other."""
    if finding.verdict is not Verdict.WAIVED:
        return ""
    return " ".join(waived_lines(finding))
