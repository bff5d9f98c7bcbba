"""What stands beside a verdict without being it: who accepted or attested it, other opinions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tenantproof.finding import Finding
from tenantproof.reports.attested import attested_lines
from tenantproof.reports.values import in_line
from tenantproof.reports.waived import waived_lines
from tenantproof.verdict import Verdict

OUR_WORD: Final = {
    Verdict.PASS: "passes here", Verdict.FAIL: "fails here", Verdict.WAIVED: "fails here",
}


def beside(finding: Finding) -> Iterator[str]:
    """Yield what is told below a finding's message, a line for each."""
    yield from waived_lines(finding)
    yield from attested_lines(finding)
    if finding.second is not None:
        second = finding.second
        yield (f"Second opinion: {second.source} says {in_line(second.says)} of what "
               f"{OUR_WORD[finding.verdict]} ({second.pointer}); the verdict stands.")
