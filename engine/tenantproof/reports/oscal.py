"""The OSCAL report: assessment results in JSON (https://pages.nist.gov/OSCAL, model 1.1.2).

OSCAL knows only *satisfied* and *not-satisfied*: what could not be judged, awaits a person or does
not apply is an observation without a finding. Identifiers are made from ids (UUID version 5), so
the same run gives the same document; the date is that of the snapshots, not of the run.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final

from tenantproof.audit import Report, TenantReport
from tenantproof.finding import Finding
from tenantproof.language.instants import write_instant
from tenantproof.reports.view import View
from tenantproof.reports.waived import waived_lines
from tenantproof.safe import printable
from tenantproof.verdict import Verdict
from tenantproof.wording import in_words

VERSION: Final = "1.1.2"
NAMESPACE: Final = uuid.uuid5(uuid.NAMESPACE_OID, "tenantproof assessment results")
NIST: Final = "nist-800-53-r5"
CONTROL: Final = re.compile(r"([A-Z]{2}-\d+)(?:\((\d+)\))?")
MOST_SUBJECTS: Final = 100
STATES: Final = {
    Verdict.PASS: ("satisfied", "pass"),
    Verdict.FAIL: ("not-satisfied", "fail"),
    Verdict.WAIVED: ("not-satisfied", "other"),
}
BEFORE_ALL: Final = "1970-01-01T00:00:00Z"


def render(report: Report, view: View) -> Iterator[str]:
    """Yield the assessment results; one result per tenant."""
    digests = [tenant.snapshot.digest for tenant in report.tenants]
    plan = _uuid("plan", *(pack.digest for pack in report.packs))
    document = {"assessment-results": {
        "uuid": _uuid("results", *digests, *(pack.digest for pack in report.packs)),
        "metadata": {
            "title": "Assessment by tenantproof",
            "last-modified": max((write_instant(t.as_of) for t in report.tenants),
                                 default=BEFORE_ALL),
            "version": report.version,
            "oscal-version": VERSION,
        },
        "import-ap": {"href": f"#{plan}"},
        "results": [_result(tenant) for tenant in report.tenants] or [_nothing()],
        "back-matter": {"resources": [_plan(plan, report)]},
    }}
    yield json.dumps(document, indent=2, ensure_ascii=False).encode("utf-8", "replace").decode()
    yield "\n"


def _uuid(*parts: str) -> str:
    return str(uuid.uuid5(NAMESPACE, "\n".join(part.encode("utf-8", "replace").decode()
                                               for part in parts)))


def _plan(identity: str, report: Report) -> dict[str, Any]:
    packs = ", ".join(f"{pack.id} {pack.version} ({pack.digest})" for pack in report.packs)
    return {"uuid": identity, "title": "The policies of this run",
            "description": f"There is no assessment plan; judged were the packs {packs}."}


def _nothing() -> dict[str, Any]:
    return {
        "uuid": _uuid("nothing"), "title": "Nothing was judged",
        "description": "No snapshot could be read.", "start": BEFORE_ALL,
        "reviewed-controls": _reviewed(()),
    }


def _result(tenant: TenantReport) -> dict[str, Any]:
    who = tenant.snapshot.tenant
    findings = [_finding(tenant, one) for one in tenant.findings if one.verdict in STATES]
    observations = [_observation(tenant, one) for one in tenant.findings]
    name = printable(who.displayName or who.id)
    return {
        "uuid": _uuid("result", who.id, tenant.snapshot.digest),
        "title": f"Tenant {name}",
        "description": f"Tenant {printable(who.id)}, snapshot {tenant.snapshot.digest}.",
        "start": write_instant(tenant.as_of),
        "reviewed-controls": _reviewed(tenant.findings),
        **({"observations": observations} if observations else {}),
        **({"findings": findings} if findings else {}),
    }


def _reviewed(findings: Sequence[Finding]) -> dict[str, Any]:
    controls = sorted({control_id(one) for f in findings
                       for one in f.policy.controls.get(NIST, ())})
    chosen: dict[str, Any] = {"include-all": {}}
    if controls:
        chosen = {"include-controls": [{"control-id": control} for control in controls]}
    return {"control-selections": [chosen]}


def control_id(control: str) -> str:
    """Return a control of NIST SP 800-53 as OSCAL's catalogue names it.

    IA-2(1) is ``ia-2.1``; the letter of a part, as in AU-12c, is no part of a control's id.
    """
    found = CONTROL.match(control)
    if found is None:
        return control.lower()
    return found[1].lower() + (f".{found[2]}" if found[2] else "")


def _observation(tenant: TenantReport, finding: Finding) -> dict[str, Any]:
    by_hand = finding.verdict is Verdict.MANUAL
    evidence = list(_evidence(finding))
    return {
        "uuid": _observed(tenant, finding),
        "title": f"{finding.policy.id} {finding.policy.title}",
        "description": printable(finding.message),
        "props": [
            {"name": "verdict", "ns": str(NAMESPACE.urn), "value": finding.verdict.value},
            {"name": "severity", "ns": str(NAMESPACE.urn), "value": finding.severity.value},
        ],
        "methods": ["INTERVIEW" if by_hand else "TEST-AUTOMATED"],
        "collected": write_instant(tenant.snapshot.exported_at),
        **({"relevant-evidence": evidence} if evidence else {}),
    }


def _observed(tenant: TenantReport, finding: Finding) -> str:
    who = tenant.snapshot.tenant.id
    return _uuid("observation", who, finding.policy.id, tenant.snapshot.digest)


def _evidence(finding: Finding) -> Iterator[dict[str, Any]]:
    for subject in islice(finding.outcome.subjects, MOST_SUBJECTS):
        lacks = f": does not satisfy {', '.join(subject.missing)}" if subject.missing else ""
        told = f"{subject.name} ({subject.pointer}): {subject.verdict.value}{lacks}"
        yield {"description": printable(told)}
    left = len(finding.outcome.subjects) - MOST_SUBJECTS
    if left > 0:
        yield {"description": f"and {left} more"}
    for missing in finding.unknowns:
        yield {"description": printable(in_words(missing.reason))}


def _finding(tenant: TenantReport, finding: Finding) -> dict[str, Any]:
    state, reason = STATES[finding.verdict]
    policy = finding.policy
    accepted = " ".join(map(printable, waived_lines(finding)))
    return {
        "uuid": _uuid("finding", tenant.snapshot.tenant.id, policy.id, tenant.snapshot.digest),
        "title": f"{policy.id} {policy.title}",
        "description": printable(finding.message),
        "target": {
            "type": "objective-id", "target-id": policy.id,
            "description": policy.statement,
            "status": {"state": state, "reason": reason,
                       **({"remarks": accepted} if accepted else {})},
        },
        "related-observations": [{"observation-uuid": _observed(tenant, finding)}],
    }
