"""The text report: what an auditor reads first, from the failures down to what passed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from tenantproof.audit import Report, TenantReport, exit_code
from tenantproof.finding import Finding
from tenantproof.language.instants import write_instant
from tenantproof.manifest import Exporter
from tenantproof.pack import Pack
from tenantproof.parameters import Setting
from tenantproof.problem import Problem
from tenantproof.reports.layout import WIDTH, count_of, labelled, prose, table, text_of, wrapped
from tenantproof.reports.text_findings import accepted, asked, failed, one_line, undecided
from tenantproof.reports.text_todo import to_declare, to_export
from tenantproof.reports.values import in_days, in_line
from tenantproof.reports.view import Palette, View
from tenantproof.snapshot import Snapshot
from tenantproof.verdict import Verdict
from tenantproof.wording import WHY

BY_DEFAULT: Final = "pack"
WORDS: Final = {
    Verdict.FAIL: ("bad", "failed"),
    Verdict.ERROR: ("bad", "not judged because of a bug"),
    Verdict.UNKNOWN: ("open", "could not be judged"),
    Verdict.MANUAL: ("asked", "for a person to answer"),
    Verdict.WAIVED: ("open", "waived"),
    Verdict.PASS: ("good", "passed"),
    Verdict.NOT_APPLICABLE: ("dim", "not applicable"),
}
MEANINGS: Final = {
    0: "nothing failed at or above severity `{severity}`, and nothing is left open",
    1: "something failed at or above severity `{severity}`",
    3: "an input could not be read, or an output could not be written",
    4: "a bug of tenantproof kept something from being judged: please report it",
    5: "nothing failed at or above severity `{severity}`, but not everything could be judged",
}
KNOWN_ONLY: Final = (
    "whatever failed at or above severity `{severity}` was known before, but not everything could "
    "be judged"
)
BUT_ACCEPTED: Final = (
    "nothing failed at or above severity `{severity}` but what was accepted, and nothing is left "
    "open"
)
ALLOWED: Final = "what is still open, or has failed, was allowed by the options of this run"


def render(report: Report, view: View) -> Iterator[str]:
    """Yield the report, tenant by tenant."""
    return text_of(_report(report, view))


def _report(report: Report, view: View) -> Iterator[str]:
    for tenant in report.tenants:
        yield from _tenant(tenant, report, view.palette)
    yield from _unreadable(report.unreadable, view.palette)
    yield from _summary(report, view)


def _rule(title: str, palette: Palette, role: str = "strong") -> Iterator[str]:
    yield ""
    yield palette.paint(role, title)
    yield palette.paint("dim", "-" * WIDTH)


# --- one tenant ---------------------------------------------------------------------------------


def _tenant(tenant: TenantReport, report: Report, palette: Palette) -> Iterator[str]:
    yield from _head(tenant, report, palette)
    yield from _incomplete(tenant.snapshot, palette)
    yield from _section(tenant, Verdict.FAIL, "Failed", palette)
    yield from _section(tenant, Verdict.ERROR, "Not judged because of a bug", palette)
    yield from _section(tenant, Verdict.UNKNOWN, "Could not be judged", palette)
    yield from _to_do(tenant, palette)
    yield from _section(tenant, Verdict.MANUAL, "For a person to answer", palette)
    yield from _section(tenant, Verdict.WAIVED, "Waived", palette)
    yield from _section(tenant, Verdict.PASS, "Passed", palette)
    yield from _section(tenant, Verdict.NOT_APPLICABLE, "Not applicable", palette)
    yield ""


def _head(tenant: TenantReport, report: Report, palette: Palette) -> Iterator[str]:
    snapshot = tenant.snapshot
    who = snapshot.tenant
    yield palette.paint("dim", "=" * WIDTH)
    yield palette.paint("strong", prose(who.displayName or who.id))
    yield palette.paint("dim", "=" * WIDTH)
    yield from labelled("Tenant", who.id)
    yield from labelled("Kind", ", ".join(filter(None, (who.kind, who.partnerType))) or "not said")
    yield from labelled("Snapshot", f"{snapshot.name} ({snapshot.digest})")
    yield from labelled("Exported", _exported(snapshot, report.seen_at))
    yield from labelled("Judged as of", write_instant(tenant.as_of))
    for pack in report.packs:
        yield from labelled("Pack", _pack(pack))
    if report.profile:
        yield from labelled("Profile", report.profile)
    yield from labelled("Policies", _judged(tenant, report))
    yield from _parameters(tenant)
    yield from labelled("Result", _counts([tenant]))


def _exported(snapshot: Snapshot, seen_at: datetime | None) -> str:
    by = f", by {_exporter(snapshot.exporter)}" if snapshot.exporter else ""
    at = write_instant(snapshot.exported_at)
    if seen_at is None:
        return f"{at}{by}"
    age = seen_at - snapshot.exported_at
    if age < timedelta():
        return f"{at}, which is {in_days(age)}{by}"
    stale = " - too old to be judged" if snapshot.stale is not None else ""
    return f"{at}, {in_days(age)}{stale}{by}"


def _exporter(exporter: Exporter) -> str:
    return " ".join(filter(None, (exporter.name, exporter.version)))


def _pack(pack: Pack) -> str:
    return f"{pack.id} {pack.version} ({pack.digest})"


def _judged(tenant: TenantReport, report: Report) -> str:
    whole = sum(len(pack.policies) for pack in report.packs)
    return f"{len(tenant.findings)} judged of the {whole} that the pack holds"


def _parameters(tenant: TenantReport) -> Iterator[str]:
    given = {n: s for n, s in tenant.settings.items() if s.origin != BY_DEFAULT}
    for label, name in zip(["Parameters"] + [""] * len(given), sorted(given), strict=False):
        yield from labelled(label, _parameter(name, given[name]))


def _parameter(name: str, setting: Setting) -> str:
    return f"{name} = {in_line(setting.value)} (from the {setting.origin})"


def _incomplete(snapshot: Snapshot, palette: Palette) -> Iterator[str]:
    rows = [
        (name, f"{WHY[c.why]}{f' ({c.detail})' if c.detail else ''}; needs {c.permission}")
        for name, c in sorted(snapshot.collections.items()) if not c.complete
    ]
    if rows:
        yield from _rule(f"Incomplete in this snapshot: {count_of(len(rows), 'collection')}",
                         palette, "open")
        yield from table(rows, "  ")


def _section(
    tenant: TenantReport, verdict: Verdict, title: str, palette: Palette
) -> Iterator[str]:
    findings = [f for f in tenant.findings if f.verdict is verdict]
    if not findings:
        return
    yield from _rule(f"{title}: {count_of(len(findings), 'policy', 'policies')}", palette,
                     WORDS[verdict][0])
    yield from SECTIONS[verdict](findings, palette)


def _to_do(tenant: TenantReport, palette: Palette) -> Iterator[str]:
    exports = list(to_export(tenant.findings))
    if exports:
        yield from _rule("To export, so that everything can be judged", palette)
        yield from exports
    declares = list(to_declare(tenant.findings))
    if declares:
        yield from _rule("To declare, so that everything can be judged", palette)
        yield from declares


def _failed(findings: Iterable[Finding], palette: Palette) -> Iterator[str]:
    for finding in findings:
        yield from failed(finding, palette)


def _undecided(findings: Iterable[Finding], palette: Palette) -> Iterator[str]:
    for finding in findings:
        yield from undecided(finding, palette)


def _asked(findings: Iterable[Finding], palette: Palette) -> Iterator[str]:
    for finding in findings:
        yield from asked(finding, palette)


def _accepted(findings: Iterable[Finding], palette: Palette) -> Iterator[str]:
    for finding in findings:
        yield from accepted(finding, palette)


def _passed(findings: Iterable[Finding], palette: Palette) -> Iterator[str]:
    for finding in findings:
        yield from one_line(finding, finding.message, palette)


SECTIONS: Final = {
    Verdict.FAIL: _failed,
    Verdict.ERROR: _undecided,
    Verdict.UNKNOWN: _undecided,
    Verdict.MANUAL: _asked,
    Verdict.WAIVED: _accepted,
    Verdict.PASS: _passed,
    Verdict.NOT_APPLICABLE: _passed,
}


# --- the end ------------------------------------------------------------------------------------


def _unreadable(
    unreadable: tuple[tuple[str, tuple[Problem, ...]], ...], palette: Palette
) -> Iterator[str]:
    if not unreadable:
        return
    yield from _rule(f"Not read at all: {count_of(len(unreadable), 'snapshot')}", palette, "bad")
    for name, problems in unreadable:
        for problem in problems:
            yield from wrapped(f"{name}: {problem.message}", "    ", "  ")
    yield ""


def _counts(tenants: Iterable[TenantReport]) -> str:
    held = list(tenants)
    totals = {verdict: sum(t.count(verdict) for t in held) for verdict in WORDS}
    told = [f"{n} {WORDS[v][1]}" for v, n in totals.items() if n]
    return ", ".join(told) or "nothing was judged"


def _summary(report: Report, view: View) -> Iterator[str]:
    yield view.palette.paint("dim", "=" * WIDTH)
    if len(report.tenants) > 1:
        yield from wrapped(f"{len(report.tenants)} tenants: {_counts(report.tenants)}.")
    elif report.tenants:
        yield from wrapped(f"{_counts(report.tenants)}.")
    role = "good" if view.exit_code == 0 else ("open" if view.exit_code == 5 else "bad")
    for line in wrapped(f"Exit code {view.exit_code}: {meaning(report, view)}."):
        yield view.palette.paint(role, line)
    yield view.palette.paint("dim", f"tenantproof {report.version}")


def meaning(report: Report, view: View) -> str:
    """Return what the exit code says of this run, honest about what an option has excused."""
    if view.exit_code == 0 and not _is_spotless(report):
        return ALLOWED
    if view.exit_code == 0 and any(tenant.count(Verdict.WAIVED) for tenant in report.tenants):
        return BUT_ACCEPTED.format(severity=view.fail_on)
    if view.exit_code == 5 and exit_code(report, view.fail_on, allow_unknown=False) == 1:
        return KNOWN_ONLY.format(severity=view.fail_on)
    return MEANINGS[view.exit_code].format(severity=view.fail_on)


def _is_spotless(report: Report) -> bool:
    bad = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.MANUAL, Verdict.ERROR)
    return not any(t.count(verdict) for t in report.tenants for verdict in bad)
