"""The JUnit report, which every build server reads: one suite per tenant, one case per policy.

There is no specification; the elements are those that Jenkins, GitLab and Azure DevOps read.
A policy that could not be judged is an error, since a skipped case would look green. Servers keep
a case's history by `classname` and `name`: the tenant's id with the family, and the policy's id
with its title.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from tenantproof.audit import Report, TenantReport
from tenantproof.finding import Finding
from tenantproof.language.instants import write_instant
from tenantproof.problem import Problem
from tenantproof.reports.view import View
from tenantproof.reports.waived import accepted_reason, waived_lines
from tenantproof.safe import for_xml
from tenantproof.verdict import Verdict
from tenantproof.wording import in_words

MOST_SUBJECTS: Final = 100
# A failure, an error and a skipped case are what servers count; a pass has no element.
ELEMENTS: Final = {
    Verdict.FAIL: "failure",
    Verdict.UNKNOWN: "error",
    Verdict.ERROR: "error",
    Verdict.MANUAL: "error",
    Verdict.WAIVED: "skipped",
    Verdict.NOT_APPLICABLE: "skipped",
}


def render(report: Report, view: View) -> Iterator[str]:
    """Yield the report: the suites of all tenants, and one of inputs that could not be read."""
    whole = [finding for tenant in report.tenants for finding in tenant.findings]
    unread = len(report.unreadable)
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f"<testsuites {_counters(whole, unread)}>\n"
    for tenant in report.tenants:
        yield from _written(_suite(tenant))
    if report.unreadable:
        yield from _written(_unreadable(report.unreadable))
    yield "</testsuites>\n"


def _written(element: Element) -> Iterator[str]:
    indent(element, "  ", 1)
    text = tostring(element, encoding="unicode").rstrip()
    yield f"  {text}\n".encode("utf-8", "replace").decode()


def _counters(findings: Sequence[Finding], unread: int = 0) -> str:
    counted = _counted(findings, unread)
    return " ".join(f'{name}="{value}"' for name, value in {"name": "tenantproof",
                                                             **counted}.items())


def _counted(findings: Sequence[Finding], unread: int = 0) -> dict[str, str]:
    kinds = [ELEMENTS.get(finding.verdict, "") for finding in findings]
    return {
        "tests": str(len(findings) + unread),
        "failures": str(kinds.count("failure")),
        "errors": str(kinds.count("error") + unread),
        "skipped": str(kinds.count("skipped")),
        "time": "0",
    }


def _suite(tenant: TenantReport) -> Element:
    who = tenant.snapshot.tenant
    suite = Element("testsuite", {
        "name": for_xml(who.displayName or who.id), **_counted(tenant.findings),
        "timestamp": write_instant(tenant.as_of).rstrip("Z"), "hostname": for_xml(who.id),
    })
    properties = SubElement(suite, "properties")
    for name, value in (("tenant.id", who.id), ("snapshot.digest", tenant.snapshot.digest),
                        ("asOf", write_instant(tenant.as_of))):
        SubElement(properties, "property", {"name": name, "value": for_xml(value)})
    for finding in tenant.findings:
        _case(suite, tenant, finding)
    return suite


def _case(suite: Element, tenant: TenantReport, finding: Finding) -> None:
    policy = finding.policy
    case = SubElement(suite, "testcase", {
        "classname": for_xml(f"{tenant.snapshot.tenant.id}.{policy.family}"),
        "name": for_xml(f"{policy.id} {policy.title}"), "time": "0",
    })
    element = ELEMENTS.get(finding.verdict)
    if element is None:
        return
    reason = accepted_reason(finding)
    told = SubElement(case, element, {"message": for_xml(
        f"{finding.message} {reason}" if reason else finding.message)})
    if element != "skipped":
        told.set("type", f"{finding.verdict.value}.{finding.severity.value}")
        told.text = for_xml("\n".join(DETAILS[finding.verdict](finding)))


def _of_failure(finding: Finding) -> Iterator[str]:
    subjects = finding.outcome.subjects
    for subject in subjects[:MOST_SUBJECTS]:
        missing = f": does not satisfy {', '.join(subject.missing)}" if subject.missing else ""
        yield f"{subject.name} ({subject.pointer}){missing}"
    if len(subjects) > MOST_SUBJECTS:
        yield f"and {len(subjects) - MOST_SUBJECTS} more"
    yield from waived_lines(finding)
    yield f"To mend it: {finding.policy.remediation.summary}"


def _of_unknown(finding: Finding) -> Iterator[str]:
    for missing in finding.unknowns:
        ask = f" ({missing.endpoint}; {missing.permission})" if missing.endpoint else ""
        yield f"{in_words(missing.reason)}{ask}"


def _of_question(finding: Finding) -> Iterator[str]:
    yield "A person has to answer this, in an attestation."


def _of_bug(finding: Finding) -> Iterator[str]:
    yield finding.message


DETAILS: Final[dict[Verdict, Callable[[Finding], Iterator[str]]]] = {
    Verdict.FAIL: _of_failure,
    Verdict.UNKNOWN: _of_unknown,
    Verdict.MANUAL: _of_question,
    Verdict.ERROR: _of_bug,
}


def _unreadable(unreadable: Sequence[tuple[str, tuple[Problem, ...]]]) -> Element:
    suite = Element("testsuite", {"name": "could not be read",
                                  **_counted((), len(unreadable))})
    for name, problems in unreadable:
        case = SubElement(suite, "testcase", {
            "classname": "tenantproof.snapshots", "name": for_xml(name), "time": "0"})
        message = for_xml("; ".join(problem.message for problem in problems))
        SubElement(case, "error", {"type": "unreadable", "message": message})
    return suite
