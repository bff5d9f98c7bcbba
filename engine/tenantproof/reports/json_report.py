"""The JSON report (``schemas/report.schema.json``), from which every other format can be made.

Keys stand in the schema's order, findings in the order of the report; maps that have no order of
their own are sorted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from tenantproof.audit import VERDICT_ORDER, Report, TenantReport
from tenantproof.collection import Collection
from tenantproof.finding import Disagreement, Evidence, Finding, Judged, Missing
from tenantproof.language.instants import write_instant
from tenantproof.parameters import Setting
from tenantproof.policy import Policy
from tenantproof.problem import Problem
from tenantproof.reports.attested import attested_value
from tenantproof.reports.view import View
from tenantproof.reports.waived import waived_value
from tenantproof.snapshot import Snapshot
from tenantproof.verdict import Reason, Unknown, Verdict

FORMAT: Final = 1
SUMMARY: Final = (
    Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN, Verdict.NOT_APPLICABLE, Verdict.MANUAL,
    Verdict.WAIVED, Verdict.ERROR,
)
assert set(SUMMARY) == set(VERDICT_ORDER)


def render(report: Report, view: View) -> Iterator[str]:
    """Yield the report as indented JSON with a final line break, finding by finding."""
    head = {
        "format": FORMAT,
        "tool": {"name": "tenantproof", "version": report.version},
        "packs": [{"id": p.id, "version": p.version, "digest": p.digest} for p in report.packs],
        "profile": report.profile,
        "parameters": _settings(report.settings),
    }
    yield "{\n"
    yield from (f'  "{name}": {_dumped(value, 1)},\n' for name, value in head.items())
    yield '  "tenants": ['
    separator = "\n    "
    for tenant in report.tenants:
        yield separator
        yield from _tenant_text(tenant)
        separator = ",\n    "
    yield "\n  ],\n" if report.tenants else "],\n"
    yield f'  "unreadable": {_dumped(_unreadable(report), 1)}\n}}\n'


def _tenant_text(tenant: TenantReport) -> Iterator[str]:
    """Yield a tenant; of its findings, which may name every account, but one is held at a time."""
    yield _dumped(_tenant(tenant), 2).removesuffix("\n    }")
    yield ',\n      "findings": ['
    separator = "\n        "
    for finding in tenant.findings:
        yield f"{separator}{_dumped(_finding(finding), 4)}"
        separator = ",\n        "
    yield "\n      ]\n    }" if tenant.findings else "]\n    }"


def _dumped(value: Any, depth: int) -> str:
    """Return JSON with an indent of two blanks, set in by `depth` levels."""
    text = msgspec.json.format(_encoded(value), indent=2).decode()
    return text.replace("\n", "\n" + "  " * depth)


def _encoded(value: Any) -> bytes:
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        # A file or parameter named in bytes that are not UTF-8 (PEP 383).
        return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")


def _unreadable(report: Report) -> list[dict[str, str]]:
    return [
        {"snapshot": name, "message": _joined(problems)} for name, problems in report.unreadable
    ]


def _joined(problems: tuple[Problem, ...]) -> str:
    return "; ".join(problem.message for problem in problems)


def _settings(settings: Mapping[str, Setting]) -> dict[str, Any]:
    return {
        name: {"value": settings[name].value, "origin": settings[name].origin}
        for name in sorted(settings)
    }


def _tenant(tenant: TenantReport) -> dict[str, Any]:
    return {
        "asOf": write_instant(tenant.as_of),
        "snapshot": _snapshot(tenant.snapshot, tenant.as_of),
        "parameters": _settings(tenant.settings),
        "summary": {verdict.value: tenant.count(verdict) for verdict in SUMMARY},
    }


def _snapshot(snapshot: Snapshot, as_of: datetime) -> dict[str, Any]:
    who = snapshot.tenant
    return {
        "name": snapshot.name,
        "tenant": {"id": who.id, "displayName": who.displayName, "kind": who.kind},
        "exportedAt": write_instant(snapshot.exported_at),
        "digest": snapshot.digest,
        "ageDays": (as_of - snapshot.exported_at).days,
        "collections": {
            name: _collection(snapshot.collections[name]) for name in sorted(snapshot.collections)
        },
    }


def _collection(collection: Collection) -> dict[str, Any]:
    whole = collection.complete
    return {
        "count": len(collection.records),
        "complete": whole,
        "reason": None if whole else collection.why.value,
        "detail": None if whole else collection.detail or None,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    policy, outcome = finding.policy, finding.outcome
    return {
        "policy": policy.id,
        "revision": policy.revision,
        "title": policy.title,
        "severity": finding.severity.value,
        "severityReason": policy.severity_reason or None,
        "verdict": finding.verdict.value,
        "message": finding.message,
        "requirements": list(policy.requirements),
        "controls": {name: list(policy.controls[name]) for name in sorted(policy.controls)},
        "judged": outcome.judged,
        "missing": list(outcome.missing),
        "closest": _closest(outcome.closest),
        "decidedBy": list(outcome.deciding),
        "questions": list(outcome.questions),
        "attestations": [attested_value(one) for one in outcome.attested],
        "secondOpinion": _second(finding.second),
        "subjects": [_subject(subject) for subject in outcome.subjects],
        "unknowns": [_missing(missing) for missing in finding.unknowns],
        "waiver": waived_value(finding),
        "remediation": _remediation(policy),
        "location": {"file": policy.file, "line": policy.line},
    }


def _second(second: Disagreement | None) -> dict[str, Any] | None:
    if second is None:
        return None
    return {"source": second.source, "says": second.says, "pointer": second.pointer}


def _closest(closest: Judged | None) -> dict[str, Any] | None:
    if closest is None:
        return None
    return {
        "id": closest.id, "name": closest.name, "pointer": closest.pointer,
        "missing": list(closest.missing),
    }


def _subject(subject: Judged) -> dict[str, Any]:
    return {
        "id": subject.id,
        "name": subject.name,
        "pointer": subject.pointer,
        "verdict": subject.verdict.value,
        "branch": subject.branch or None,
        "missing": list(subject.missing),
        "unclear": list(subject.unclear),
        "waived": subject.waived,
        "evidence": [_evidence(evidence) for evidence in subject.evidence],
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    if isinstance(evidence.value, Unknown):
        reason = _reason(evidence.value.reasons[0])
        return {"label": evidence.label, "pointer": evidence.pointer, "unknown": reason}
    return {"label": evidence.label, "value": evidence.value, "pointer": evidence.pointer}


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "collection": reason.collection,
        "property": reason.property,
        "reason": reason.why.value,
        "detail": reason.detail,
    }


def _missing(missing: Missing) -> dict[str, Any]:
    return {
        **_reason(missing.reason),
        "endpoint": missing.endpoint,
        "permission": missing.permission,
    }


def _remediation(policy: Policy) -> dict[str, Any]:
    remediation = policy.remediation
    return {
        "summary": remediation.summary,
        "steps": list(remediation.steps),
        "effort": remediation.effort,
        "impact": remediation.impact,
    }
