"""The HTML report: one file that asks for nothing, and that reads and prints without its script.

Every text goes through Jinja's escaping; the page's policy allows only the one style and the one
script that stand in it, by their digests, and no request.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from tenantproof import bundled
from tenantproof.audit import VERDICT_ORDER, Report, TenantReport, exit_code
from tenantproof.finding import Finding
from tenantproof.language.instants import write_instant
from tenantproof.reports.beside import beside
from tenantproof.reports.html_pictures import bars, bars_in_words, heat_map
from tenantproof.reports.layout import count_of
from tenantproof.reports.values import in_days, in_line
from tenantproof.reports.view import View
from tenantproof.safe import printable
from tenantproof.snapshot import Snapshot
from tenantproof.verdict import Reason, Verdict, Why
from tenantproof.wording import WHY, in_words

MOST_SUBJECTS: Final = 100
DECLARED_IN: Final = "declare it in a file for --declarations"
MOST_GAPS: Final = 40
WORDS: Final = {
    Verdict.FAIL: "failed", Verdict.ERROR: "not judged: bug", Verdict.UNKNOWN: "not judged",
    Verdict.MANUAL: "to be answered", Verdict.WAIVED: "waived", Verdict.PASS: "passed",
    Verdict.NOT_APPLICABLE: "not applicable",
}
IN_FULL: Final = ("fail", "error", "unknown", "manual", "waived")
MENDED: Final = ("fail", "waived")
BUT_ACCEPTED: Final = (
    "Nothing failed at or above severity {severity} but what was accepted; nothing is left open."
)
CONCLUSIONS: Final = {
    0: "Nothing failed at or above severity {severity}, and nothing is left open.",
    1: "Something failed at or above severity {severity}.",
    3: "An input could not be read: this report is not the whole picture.",
    4: "A bug of tenantproof kept something from being judged.",
    5: "Nothing failed at or above severity {severity}, but not everything could be judged.",
}


def render(report: Report, view: View) -> Iterator[str]:
    """Yield the page, piece by piece."""
    from jinja2 import Environment, StrictUndefined  # here: only this format needs it

    environment = Environment(autoescape=True, undefined=StrictUndefined)
    template = environment.from_string(bundled.page("report.html.j2"))
    style, script = bundled.page("report.css"), bundled.page("report.js")
    for piece in template.generate(
        **_page(report, view), **heat_map(report, WORDS), style=_raw(style), script=_raw(script),
        style_hash=_allowed(style), script_hash=_allowed(script),
    ):
        yield piece.encode("utf-8", "replace").decode()


def _raw(text: str) -> Any:
    """Return a file of ours as markup; nothing of it comes from outside."""
    from markupsafe import Markup

    return Markup(text)


def _allowed(text: str) -> str:
    """Return how a Content-Security-Policy names an inline text."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _page(report: Report, view: View) -> dict[str, Any]:
    findings = [finding for tenant in report.tenants for finding in tenant.findings]
    gaps = _gaps(findings)
    counts = Counter(finding.verdict for finding in findings)
    drawn = bars(findings)
    return {
        "p": printable, "in_words": _words, "in_line": in_line, "words": WORDS,
        "title": _title(report),
        "conclusion": _conclusion(report, view),
        "counters": [(verdict, counts[verdict]) for verdict in VERDICT_ORDER if counts[verdict]],
        "unreadable": [(name, "; ".join(problem.message for problem in problems))
                       for name, problems in report.unreadable],
        "gaps": gaps[:MOST_GAPS], "more_gaps": max(0, len(gaps) - MOST_GAPS),
        "tenants": [_tenant(index, tenant, report) for index, tenant in enumerate(report.tenants)],
        "bars": drawn, "bars_in_words": bars_in_words(drawn, WORDS),
        "most_subjects": MOST_SUBJECTS, "in_full": IN_FULL, "mended": MENDED,
        "packs": report.packs, "version": report.version, "profile": report.profile,
    }


def _conclusion(report: Report, view: View) -> str:
    """Return what came out, whatever the run's options made of the exit code."""
    code = exit_code(report, view.fail_on, allow_unknown=False)
    if code == 0 and any(tenant.count(Verdict.WAIVED) for tenant in report.tenants):
        return BUT_ACCEPTED.format(severity=view.fail_on.value)
    return CONCLUSIONS[code].format(severity=view.fail_on.value)


def _words(reason: Reason) -> str:
    return printable(in_words(reason))


def _title(report: Report) -> str:
    if len(report.tenants) == 1:
        who = report.tenants[0].snapshot.tenant
        return printable(f"tenantproof: {who.displayName or who.id}")
    return f"tenantproof: {count_of(len(report.tenants), 'tenant')}"


def _gaps(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Return what was missing, and how many findings wait for it, the most first."""
    waiting = Counter(
        missing for f in findings if f.verdict is Verdict.UNKNOWN
        for missing in {(m.reason.collection, m.reason.property, m.reason.why, m.endpoint,
                         m.permission) for m in f.unknowns}
    )
    ordered = sorted(waiting.items(), key=lambda item: (-item[1], item[0]))
    return [
        {"what": ".".join(filter(None, (collection, path))), "why": WHY[why],
         "endpoint": endpoint, "findings": count,
         "permission": DECLARED_IN if why is Why.UNDECLARED else permission}
        for (collection, path, why, endpoint, permission), count in ordered
    ]


def _tenant(index: int, tenant: TenantReport, report: Report) -> dict[str, Any]:
    snapshot = tenant.snapshot
    who = snapshot.tenant
    anchor = f"t{index}"
    age = None if report.seen_at is None else report.seen_at - snapshot.exported_at
    return {
        "anchor": anchor, "name": who.displayName or who.id, "id": who.id,
        "kind": ", ".join(filter(None, (who.kind, who.partnerType))) or "not said",
        "exported": write_instant(snapshot.exported_at),
        "age": "" if age is None else in_days(age),
        "as_of": write_instant(tenant.as_of),
        "snapshot": snapshot.name, "digest": snapshot.digest,
        "collections": len(snapshot.collections),
        "complete": sum(1 for c in snapshot.collections.values() if c.complete),
        "incomplete": _incomplete(snapshot),
        "parameters": [(name, in_line(setting.value), setting.origin)
                       for name, setting in sorted(tenant.settings.items())
                       if setting.origin != "pack"],
        "findings": [_finding(anchor, finding) for finding in tenant.findings],
    }


def _incomplete(snapshot: Snapshot) -> list[tuple[str, str]]:
    return [
        (name, f"{WHY[c.why]}{f' ({c.detail})' if c.detail else ''}")
        for name, c in sorted(snapshot.collections.items()) if not c.complete
    ]


def _finding(anchor: str, finding: Finding) -> dict[str, Any]:
    return {
        "anchor": f"{anchor}-{finding.policy.id}", "verdict": finding.verdict,
        "severity": finding.severity, "policy": finding.policy, "message": finding.message,
        "outcome": finding.outcome, "unknowns": finding.unknowns, "notes": (),
        "attested": tuple(beside(finding)),
    }
