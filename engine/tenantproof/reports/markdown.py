"""The Markdown report: for a pull request's comment and a build's summary.

GitHub cuts a comment at 65,536 characters and a step's summary at 1 MiB: at most a number of
findings and subjects is told in full, and the rest is counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from tenantproof.audit import VERDICT_ORDER, Report, TenantReport
from tenantproof.finding import Finding, Judged
from tenantproof.language.instants import write_instant
from tenantproof.reports.layout import count_of
from tenantproof.reports.view import View
from tenantproof.reports.waived import waived_lines
from tenantproof.safe import for_markdown
from tenantproof.verdict import Verdict
from tenantproof.wording import in_words

MOST_FINDINGS: Final = 40
MOST_SUBJECTS: Final = 8
MOST_REASONS: Final = 8
MOST_CHARACTERS: Final = 60_000
WORDS: Final = {
    Verdict.FAIL: "failed", Verdict.UNKNOWN: "could not be judged",
    Verdict.MANUAL: "to be answered", Verdict.ERROR: "not judged because of a bug",
    Verdict.WAIVED: "waived", Verdict.PASS: "passed", Verdict.NOT_APPLICABLE: "not applicable",
}
IN_FULL: Final = (Verdict.ERROR, Verdict.FAIL, Verdict.UNKNOWN, Verdict.MANUAL, Verdict.WAIVED)


def render(report: Report, view: View) -> Iterator[str]:
    """Yield the summary of all tenants, then what is open in each, worst first."""
    yield "# tenantproof\n\n"
    yield from _summary(report)
    room = MOST_CHARACTERS
    for piece in _pieces(report):
        room -= len(piece)
        if room < 0:
            yield "\nThe rest is left out here: see the other formats of this report.\n"
            return
        yield piece


def _summary(report: Report) -> Iterator[str]:
    verdicts = [v for v in VERDICT_ORDER if any(t.count(v) for t in report.tenants)]
    yield _row(["Tenant", "As of", *(WORDS[v].capitalize() for v in verdicts)])
    yield _row(["---", "---", *("---:" for _ in verdicts)])
    for tenant in islice(report.tenants, MOST_FINDINGS):
        who = tenant.snapshot.tenant
        yield _row([for_markdown(who.displayName or who.id), write_instant(tenant.as_of),
                    *(str(tenant.count(v)) for v in verdicts)])
    if len(report.tenants) > MOST_FINDINGS:
        yield f"\n… and {len(report.tenants) - MOST_FINDINGS} more tenants.\n"
    for name, problems in report.unreadable:
        told = "; ".join(problem.message for problem in problems)
        yield f"\n**Could not be read:** {for_markdown(name)}: {for_markdown(told)}\n"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _pieces(report: Report) -> Iterator[str]:
    for tenant in report.tenants:
        if len(report.tenants) > 1 and any(f.verdict in IN_FULL for f in tenant.findings):
            who = tenant.snapshot.tenant
            yield f"\n## {for_markdown(who.displayName or who.id)}\n"
        for verdict in IN_FULL:
            yield from _section(tenant, verdict)


def _section(tenant: TenantReport, verdict: Verdict) -> Iterator[str]:
    found = [finding for finding in tenant.findings if finding.verdict is verdict]
    if not found:
        return
    yield f"\n### {WORDS[verdict].capitalize()}: {count_of(len(found), 'policy', 'policies')}\n\n"
    for finding in islice(found, MOST_FINDINGS):
        yield "".join(_finding(finding))
    if len(found) > MOST_FINDINGS:
        yield f"- … and {len(found) - MOST_FINDINGS} more\n"


def _finding(finding: Finding) -> Iterator[str]:
    policy = finding.policy
    yield (f"- **{policy.id}** ({finding.severity.value}) {for_markdown(policy.title)}<br>"
           f"{for_markdown(finding.message)}\n")
    yield from (f"  - {for_markdown(line)}\n" for line in waived_lines(finding))
    subjects = finding.outcome.subjects
    yield from (_subject(subject) for subject in subjects[:MOST_SUBJECTS])
    if len(subjects) > MOST_SUBJECTS:
        yield f"  - … and {len(subjects) - MOST_SUBJECTS} more\n"
    reasons = list(dict.fromkeys(in_words(one.reason) for one in finding.unknowns))
    yield from (f"  - {for_markdown(reason)}\n" for reason in reasons[:MOST_REASONS])
    if len(reasons) > MOST_REASONS:
        yield f"  - … and {len(reasons) - MOST_REASONS} more\n"
    if finding.verdict is Verdict.FAIL:
        yield f"  - To mend it: {for_markdown(policy.remediation.summary)}\n"


def _subject(subject: Judged) -> str:
    missing = f": {', '.join(map(for_markdown, subject.missing))}" if subject.missing else ""
    return f"  - {for_markdown(subject.name)}{missing}\n"
