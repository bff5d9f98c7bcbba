"""The CSV report: one row per subject that does not pass, and one for each other finding.

RFC 4180 with a header; no cell starts a formula, whatever a display name holds.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Final

from tenantproof.audit import Report, TenantReport
from tenantproof.finding import Finding, Judged
from tenantproof.language.instants import write_instant
from tenantproof.reports.values import in_line
from tenantproof.reports.view import View
from tenantproof.reports.waived import waived_lines
from tenantproof.safe import for_csv
from tenantproof.wording import in_words

COLUMNS: Final = (
    "tenantId", "tenantName", "asOf", "policy", "revision", "title", "severity", "verdict",
    "message", "subjectId", "subjectName", "subjectVerdict", "branch", "missing", "unclear",
    "pointer", "evidence", "unknowns", "requirements", "remediation", "waived", "waiver",
)
BETWEEN: Final = "; "


def render(report: Report, view: View) -> Iterator[str]:
    """Yield the header and the rows of all tenants, and a row for each unreadable snapshot."""
    yield _row(COLUMNS)
    for tenant in report.tenants:
        for finding in tenant.findings:
            for cells in _rows(tenant, finding):
                yield _row(cells)
    for name, problems in report.unreadable:
        told = {"tenantName": name, "verdict": "unreadable",
                "message": BETWEEN.join(problem.message for problem in problems)}
        yield _row([told.get(column, "") for column in COLUMNS])


def _rows(tenant: TenantReport, finding: Finding) -> Iterator[Sequence[str]]:
    about = _about(tenant, finding)
    for subject in finding.outcome.subjects:
        told = about | _subject(subject)
        yield [told.get(column, "") for column in COLUMNS]
    if not finding.outcome.subjects:
        yield [about.get(column, "") for column in COLUMNS]


def _about(tenant: TenantReport, finding: Finding) -> dict[str, str]:
    who, policy = tenant.snapshot.tenant, finding.policy
    return {
        "tenantId": who.id,
        "tenantName": who.displayName or "",
        "asOf": write_instant(tenant.as_of),
        "policy": policy.id,
        "revision": str(policy.revision),
        "title": policy.title,
        "severity": finding.severity.value,
        "verdict": finding.verdict.value,
        "message": finding.message,
        "unknowns": BETWEEN.join(in_words(one.reason) for one in finding.unknowns),
        "requirements": BETWEEN.join(policy.requirements),
        "remediation": policy.remediation.summary,
        "waiver": BETWEEN.join(waived_lines(finding)),
    }


def _subject(subject: Judged) -> dict[str, str]:
    return {
        "subjectId": subject.id,
        "subjectName": subject.name,
        "subjectVerdict": subject.verdict.value,
        "branch": subject.branch,
        "missing": BETWEEN.join(subject.missing),
        "unclear": BETWEEN.join(subject.unclear),
        "pointer": subject.pointer,
        "waived": "yes" if subject.waived else "",
        "evidence": BETWEEN.join(f"{one.label}: {in_line(one.value)}" for one in subject.evidence),
    }


def _row(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([for_csv(cell) for cell in cells])
    return line.getvalue().encode("utf-8", "replace").decode()
