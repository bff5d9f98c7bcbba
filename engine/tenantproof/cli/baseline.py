"""``check --baseline``: which failures an earlier report held already.

Subjects are compared by their stable ids, as in ``reports/drift.py``. What ended with an error then
is no failure that was known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from msgspec import Struct

from tenantproof.audit import Report, TenantReport
from tenantproof.cli import console
from tenantproof.cli.diffing import report_bytes
from tenantproof.finding import Finding
from tenantproof.reports.layout import count_of
from tenantproof.reports.read_report import ToldFinding, read_told
from tenantproof.safe import printable
from tenantproof.verdict import Verdict

FAIL: Final = Verdict.FAIL.value
MOST_TOLD: Final = 50
MOST_NAMES: Final = 5

Key = tuple[str, str]


class Baseline(Struct, frozen=True):
    """An earlier report's failures: the ids of the failing subjects by tenant and policy."""

    name: str
    failing: Mapping[Key, frozenset[str]]

    def knows(self, tenant: TenantReport, finding: Finding) -> bool:
        """Return whether the finding, a failure, holds nothing that was not there before."""
        known = self.failing.get(_key(tenant, finding))
        return known is not None and not self.new_subjects(tenant, finding)

    def new_subjects(self, tenant: TenantReport, finding: Finding) -> list[str]:
        """Return the names of the failing subjects that did not fail before."""
        known = self.failing.get(_key(tenant, finding), frozenset())
        return [one.name for one in finding.outcome.subjects
                if one.verdict is Verdict.FAIL and one.id not in known]

    def tell_new(self, report: Report) -> None:
        """Tell on standard error which failures are new, and how many were known."""
        failures = [(tenant.snapshot.tenant.id, finding.policy.id, names)
                    for tenant, finding, names in _failures(report, self)]
        new = [one for one in failures if one[2] is not None]
        known = len(failures) - len(new)
        console.tell(f"note: {count_of(len(new), 'failure')} new since `{self.name}`, "
                     f"{known} known (they do not count)")
        for who, policy, names in new[:MOST_TOLD]:
            console.tell(f"  new: {policy} ({printable(who)}){_named(names or [])}")
        if len(new) > MOST_TOLD:
            console.tell(f"  and {len(new) - MOST_TOLD} more")


def read_baseline(name: str) -> Baseline:
    """Return a JSON report's failures; SnapshotError where the file is no report."""
    told = read_told(report_bytes(name), name)
    return Baseline(name, {
        (part.snapshot.tenant.id.casefold(), finding.policy): _ids(finding)
        for part in told.tenants for finding in part.findings if finding.verdict == FAIL
    })


def _failures(
    report: Report, baseline: Baseline
) -> Iterable[tuple[TenantReport, Finding, list[str] | None]]:
    for tenant in report.tenants:
        for finding in tenant.findings:
            if finding.verdict is Verdict.FAIL:
                known = baseline.knows(tenant, finding)
                yield tenant, finding, None if known else baseline.new_subjects(tenant, finding)


def _named(names: list[str]) -> str:
    if not names:
        return ""
    more = len(names) - MOST_NAMES
    shown = ", ".join(printable(name) for name in names[:MOST_NAMES])
    return f": {shown}" + (f" and {more} more" if more > 0 else "")


def _key(tenant: TenantReport, finding: Finding) -> Key:
    return tenant.snapshot.tenant.id.casefold(), finding.policy.id


def _ids(finding: ToldFinding) -> frozenset[str]:
    return frozenset(one.id for one in finding.subjects if one.verdict == "fail")
