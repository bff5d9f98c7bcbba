"""Another's opinion stands beside a verdict that is the opposite, and changes nothing."""

from __future__ import annotations

import pytest

from tenantproof.building import build_policy
from tenantproof.context import Context
from tenantproof.document import load_yaml
from tenantproof.finding import Disagreement
from tenantproof.judge import judge
from tenantproof.problem import PolicyError
from tenantproof.schema import check
from tenantproof.snapshot import load_value

POLICY = """\
format: 1
id: TST-001
revision: 1
title: Security defaults are on
statement: Security defaults MUST be on.
rationale: A password alone can be guessed.
requirements: [REQ-1]
severity: high
status: stable
check:
  that:
    enforces security defaults: { path: securityDefaults.isEnabled, equals: true }
report: { pass: They are on., fail: They are off. }
remediation: { summary: Switch them on., steps: [Press the button.] }
second_opinion:
  source: the score
  for: partnerSecurityRequirements
  where: { is about administrators: { path: requirementType, equals: mfaEnforcedForAdmins } }
  says: complianceStatus
  met_when: { is compliant: { path: complianceStatus, equals: compliant } }
tests: { tenant: {}, cases: [{ it: judges, verdict: unknown }] }
"""
ABOUT = {"requirementType": "mfaEnforcedForAdmins"}
MET = {"id": "r1", **ABOUT, "complianceStatus": "compliant"}
NOT_MET = {"id": "r2", **ABOUT, "complianceStatus": "nonCompliant"}
OPEN = {"id": "r3", **ABOUT, "complianceStatus": "unknownFutureValue"}
OTHER = {"id": "r4", "requirementType": "securityContactProvided",
         "complianceStatus": "nonCompliant"}
VAGUE = {"id": "r5", "complianceStatus": "nonCompliant"}


def built(text, shapes):
    """Return the policy of a text that satisfies the schema."""
    document = load_yaml(text.encode(), "TST-001.yaml")
    assert check(document, "policy") == []
    return build_policy(document, shapes)


def found(enabled, records, shapes, *, complete=True, text=POLICY):
    """Return the finding on a tenant with security defaults on or off, and these records."""
    opinions = {"complete": complete, "data": records} if complete else {
        "complete": False, "reason": "truncated", "data": records}
    on = {} if enabled is None else {
        "securityDefaults": {"complete": True, "data": {"id": "sd", "isEnabled": enabled}}}
    snapshot = load_value({
        "format": 1, "tenant": {"id": "t1", "displayName": "Contoso", "kind": "partner"},
        "exportedAt": "2026-11-20T06:00:00Z",
        "collections": {"partnerSecurityRequirements": opinions, **on},
    }, "contoso", shapes)
    policy = built(text, shapes)
    return judge(policy, Context(snapshot, {}, snapshot.exported_at), {policy.id: policy})


def says(word, index):
    """Return the disagreement that quotes a record."""
    pointer = f"/partnerSecurityRequirements/{index}/complianceStatus"
    return Disagreement("the score", word, pointer)


@pytest.mark.parametrize(("enabled", "records", "second"), [
    (True, [MET], None),
    (True, [NOT_MET], says("nonCompliant", 0)),
    (True, [MET, NOT_MET], says("nonCompliant", 1)),
    (True, [OTHER, OPEN, NOT_MET], says("nonCompliant", 2)),
    (True, [OPEN], None),
    (True, [OTHER], None),
    (True, [VAGUE], None),
    (True, [], None),
    (False, [NOT_MET], None),
    (False, [OTHER, MET], says("compliant", 1)),
    (False, [MET, NOT_MET], None),
    (False, [MET, OPEN], None),
    (False, [MET, VAGUE], None),
    (False, [], None),
    (None, [MET], None),
    (None, [NOT_MET], None),
])  # fmt: skip
def test_only_the_opposite_of_a_verdict_is_shown(enabled, records, second, shapes):
    """One record contradicts a pass; all of them have to contradict a fail."""
    assert found(enabled, records, shapes).second == second


def test_a_fail_is_not_contradicted_by_part_of_a_list(shapes):
    """What was not exported may call the matter not met."""
    assert found(False, [MET], shapes, complete=False).second is None


def test_a_pass_is_contradicted_by_part_of_a_list(shapes):
    """One record that does not call the matter met is enough."""
    shown = found(True, [NOT_MET], shapes, complete=False).second
    assert shown == says("nonCompliant", 0)


def test_an_opinion_changes_nothing(shapes):
    """Verdict, message and what has to be exported are the same without it."""
    text = POLICY[: POLICY.index("second_opinion:")] + POLICY[POLICY.index("tests:"):]
    alone = found(True, [NOT_MET], shapes, text=text)
    shown = found(True, [NOT_MET], shapes)
    assert (alone.verdict, alone.message, alone.outcome, alone.policy.reads, alone.second) == (
        shown.verdict, shown.message, shown.outcome, shown.policy.reads, None)


@pytest.mark.parametrize(("old", "new", "rule"), [
    ("for: partnerSecurityRequirements", "for: partnerSecurityRequirement", "unknown-collection"),
    ("says: complianceStatus", "says: complianceState", "unknown-property"),
    ("{ path: complianceStatus, equals: compliant }", "{ path: complianceStatus, equals: fine }",
     "unknown-value"),
    ("equals: mfaEnforcedForAdmins", "equals: 3", "right-side"),
])  # fmt: skip
def test_a_mistake_in_an_opinion_is_told(old, new, rule, shapes):
    """Collection, property and values are checked as those of a check are."""
    assert POLICY.count(old) == 1
    with pytest.raises(PolicyError) as error:
        build_policy(load_yaml(POLICY.replace(old, new).encode(), "TST-001.yaml"), shapes)
    assert [problem.rule for problem in error.value.problems] == [rule]
