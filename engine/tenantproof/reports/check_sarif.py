"""The SARIF report: a result for each policy that failed, or is still open, on a tenant.

What passed is left out: code scanning closes an alert that no longer comes. A waived failure is a
result that is suppressed. Within GitHub's limits
(https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning) at most
25,000 results are written; a notification says how many were left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from tenantproof.audit import Report, TenantReport
from tenantproof.finding import Finding
from tenantproof.policy import Policy
from tenantproof.problem import Position
from tenantproof.reports import sarif
from tenantproof.reports.beside import beside
from tenantproof.reports.layout import count_of
from tenantproof.reports.view import View
from tenantproof.reports.waived import accepted_reason
from tenantproof.safe import printable
from tenantproof.sources import MANIFEST
from tenantproof.verdict import Severity, Verdict

TOLD: Final = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.MANUAL, Verdict.WAIVED)
LEADS: Final = {
    Verdict.UNKNOWN: "Could not be judged: ", Verdict.MANUAL: "To be answered by a person: ",
}
OPEN: Final = {Verdict.UNKNOWN: "warning", Verdict.MANUAL: "note"}
MOST_RESULTS: Final = 25_000
MOST_NAMES: Final = 20
LEVELS: Final = {
    Severity.CRITICAL: "error", Severity.HIGH: "error",
    Severity.MEDIUM: "warning", Severity.LOW: "note",
}
# GitHub's bands: critical above 9.0, high from 7.0, medium from 4.0, low below.
SCORES: Final = {
    Severity.CRITICAL: "9.5", Severity.HIGH: "8.0", Severity.MEDIUM: "5.5", Severity.LOW: "2.0",
}


def render(report: Report, view: View) -> Iterator[str]:
    """Yield the log as indented JSON."""
    told = [(tenant, finding) for tenant in report.tenants for finding in tenant.findings
            if finding.verdict in TOLD]
    policies = {finding.policy.id: finding.policy for _, finding in told}
    log = sarif.log(
        report.version,
        [_rule(policies[name]) for name in sorted(policies)],
        [_result(tenant, finding, view) for tenant, finding in islice(told, MOST_RESULTS)],
    )
    run = log["runs"][0]
    run["automationDetails"] = {"id": _category(report)}
    run["invocations"] = [_invocation(report, len(told) - MOST_RESULTS)]
    yield json.dumps(log, indent=2, ensure_ascii=False).encode("utf-8", "replace").decode()
    yield "\n"


def _category(report: Report) -> str:
    """Return what keeps the uploads of two tenants apart."""
    tenants = {tenant.snapshot.tenant.id for tenant in report.tenants}
    return f"tenantproof/{tenants.pop() if len(tenants) == 1 else 'tenants'}/"


def _invocation(report: Report, left_out: int) -> dict[str, Any]:
    notes = [
        f"{printable(name)} could not be read: {printable('; '.join(p.message for p in problems))}"
        for name, problems in report.unreadable
    ]
    if left_out > 0:
        notes.append(f"{count_of(left_out, 'result')} left out: a run may hold {MOST_RESULTS}")
    return {
        "executionSuccessful": not report.unreadable,
        "toolExecutionNotifications": [{"level": "warning", "message": {"text": note}}
                                       for note in notes],
    }


def _rule(policy: Policy) -> dict[str, Any]:
    steps = "\n".join(f"{n}. {step}" for n, step in enumerate(policy.remediation.steps, 1))
    help_text = f"{policy.rationale}\n\n{policy.remediation.summary}\n\n{steps}"
    link = {"helpUri": policy.references[0].url} if policy.references else {}
    return {
        "id": policy.id,
        "name": policy.title,
        "shortDescription": {"text": policy.title},
        "fullDescription": {"text": policy.statement},
        "help": {"text": help_text, "markdown": help_text},
        **link,
        "defaultConfiguration": {"level": LEVELS[policy.severity]},
        "properties": {
            "security-severity": SCORES[policy.severity],
            "tags": ["security", *policy.requirements,
                     *(f"{name}/{one}" for name in sorted(policy.controls)
                       for one in policy.controls[name])],
        },
    }


def _result(tenant: TenantReport, finding: Finding, view: View) -> dict[str, Any]:
    who = tenant.snapshot.tenant
    found = sarif.result(
        finding.policy.id, _level(finding), _text(tenant, finding),
        _location(tenant, finding, view), who.id,
    )
    if finding.verdict is Verdict.WAIVED:
        found["suppressions"] = [{"kind": "external", "status": "accepted",
                                  "justification": printable(accepted_reason(finding))}]
    found["properties"] = {"verdict": finding.verdict.value, "tenant": who.id}
    return found


def _level(finding: Finding) -> str:
    return OPEN.get(finding.verdict) or LEVELS[finding.severity]


def _location(tenant: TenantReport, finding: Finding, view: View) -> dict[str, Any]:
    """Return the policy's place where its file is in the repository, else the manifest's."""
    policy, snapshot = finding.policy, tenant.snapshot
    if policy.file in view.repository_files:
        place = sarif.location(policy.file, Position(policy.line, 1), None)
    else:
        single = snapshot.name.endswith((".json", ".zip")) or snapshot.name == "-"
        manifest = snapshot.name if single else f"{snapshot.name.rstrip('/')}/{MANIFEST}"
        place = sarif.location(manifest, Position(1, 1), None)
    who = snapshot.tenant
    return {**place, "logicalLocations": [
        {"name": printable(who.displayName or who.id), "fullyQualifiedName": who.id}]}


def _text(tenant: TenantReport, finding: Finding) -> str:
    who = tenant.snapshot.tenant
    lead = LEADS.get(finding.verdict, "")
    lines = [f"{printable(who.displayName or who.id)}: {lead}{printable(finding.message)}"]
    subjects = finding.outcome.subjects
    for subject in subjects[:MOST_NAMES]:
        missing = f": does not satisfy {', '.join(subject.missing)}" if subject.missing else ""
        lines.append(f"- {printable(subject.name)} ({printable(subject.pointer)})"
                     f"{printable(missing)}")
    if len(subjects) > MOST_NAMES:
        lines.append(f"- and {len(subjects) - MOST_NAMES} more")
    lines.extend(printable(line) for line in beside(finding))
    return "\n".join(lines)
