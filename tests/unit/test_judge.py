"""What each form of check decides, told by small policies over small tenants."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from tenantproof import schema
from tenantproof.building import build_policy
from tenantproof.context import Context
from tenantproof.document import load_yaml
from tenantproof.judge import judge
from tenantproof.parameters import Parameter, Setting
from tenantproof.shape import bundled_shapes
from tenantproof.snapshot import load_value
from tenantproof.verdict import Severity, Verdict

SHAPES = bundled_shapes()
HEAD = """\
format: 1
id: {id}
revision: 1
title: A policy
statement: Something MUST hold.
rationale: For tests.
requirements: [R-1]
severity: medium
status: stable
{body}
report:
  pass: "{{total}} fine: {{subjects}}."
  fail: "{{subjects}} failed ({{count}} of {{total}}); {{closest}} lacks {{missing}}."
  empty: "Nobody there."
remediation: {{ summary: Mend it., steps: [Mend it.] }}
tests:
  tenant: {{ collections: {{}} }}
  cases: [{{ it: passes, verdict: pass }}]
"""
EVERY = """\
check:
  for: users
  where: {is a member: { path: userType, equals: Member }}
  expect: every
  if_empty: not_applicable
  that:
    is enabled: { path: accountEnabled, equals: true }
    has a name: { path: displayName, exists: true, severity: low }
"""
ONE = EVERY.replace("every", "at_least_one").replace("not_applicable", "fail")
NONE = EVERY.replace("every", "none").replace("not_applicable", "pass")
SHARED = {
    "emergency": Parameter("emergency", "list", "Emergency accounts", default=[]),
    "owner": Parameter("owner", "text", "Owner"),
    "most": Parameter("most", "number", "Most", default=2),
}


def policy(body, name="T-001"):
    """A policy whose part between `status` and `report` is `body`."""
    document = load_yaml(HEAD.format(id=name, body=body).encode(), f"{name}.yaml")
    problems = schema.check(document, "policy")
    assert problems == []
    return build_policy(document, SHAPES, SHARED)


def user(name, enabled=True, kind="Member", **more):
    """One user record."""
    return {"id": name, "displayName": name.title(), "accountEnabled": enabled, "userType": kind,
            **more}


def tenant(complete=True, kind="partner", settings=None, reason="truncated", **collections):
    """A context with these collections, complete or not."""
    entries = {
        name: {"data": data, "complete": complete, **({} if complete else {"reason": reason})}
        for name, data in collections.items()
    }
    value = {"format": 1, "tenant": {"id": "t1", "displayName": "Contoso", "kind": kind},
             "exportedAt": "2026-01-01T00:00:00Z", "collections": entries}
    given = {"emergency": Setting([], "pack"), "most": Setting(2, "pack"), **(settings or {})}
    snapshot = load_value(value, "t", SHAPES)
    return Context(snapshot, given, snapshot.exported_at)


def finding(body, context, **others):
    """The finding of one policy, beside which others stand in the pack."""
    built = policy(body)
    pack = {"T-001": built, **{name: policy(text, name) for name, text in others.items()}}
    return judge(built, context, pack)


P, F, U, N = "pass", "fail", "unknown", "not_applicable"
TABLE = [
    (EVERY, [user("a"), user("b")], True, P),
    (EVERY, [user("a"), user("b", False)], True, F),
    (EVERY, [user("a"), user("b", False)], False, F),
    (EVERY, [user("a")], False, U),
    (EVERY, [], True, N),
    (EVERY, [user("g", False, "Guest")], True, N),
    (EVERY, [user("a"), user("b", "False")], True, U),
    (EVERY, [user("a", False), user("b", "False")], True, F),
    (EVERY, [user("a"), user("b", kind="Intern")], True, P),
    (EVERY, [user("a"), user("b", False, kind="Intern")], True, U),
    (EVERY, [user("b", kind="Intern")], True, U),
    (ONE, [user("a"), user("b", False)], True, P),
    (ONE, [user("a"), user("b", False)], False, P),
    (ONE, [user("b", False)], True, F),
    (ONE, [user("b", False)], False, U),
    (ONE, [], True, F),
    (ONE, [user("b", "x")], True, U),
    (ONE, [user("b", False, kind="Intern")], True, F),
    (NONE, [user("b", False)], True, P),
    (NONE, [user("a")], True, F),
    (NONE, [user("a")], False, F),
    (NONE, [user("b", False)], False, U),
    (NONE, [user("b", False, kind="Intern")], True, P),
]


@pytest.mark.parametrize(("body", "users", "complete", "verdict"), TABLE)
def test_a_quantifier_decides_by_the_table(body, users, complete, verdict):
    """Proven fails and passes stand, an incomplete collection is never an empty one."""
    assert verdict == finding(body, tenant(complete, users=users)).verdict.value


def test_a_failing_finding_names_its_subjects_and_what_they_lack():
    """Each failing subject comes with id, name, pointer and the clauses that failed."""
    users = [user("zoe"), user("bob", False), user("ann", False, displayName=None)]
    found = finding(EVERY, tenant(users=users))
    assert [
        ("ann", "ann", "/users/2", ("is enabled", "has a name")),
        ("bob", "Bob", "/users/1", ("is enabled",)),
    ] == [(s.id, s.name, s.pointer, s.missing) for s in found.outcome.subjects]
    assert ("is enabled", "has a name") == found.outcome.missing


def test_the_message_is_the_policys_own():
    """Placeholders are filled, and text from the tenant is never a template."""
    users = [user("a", False, displayName="{missing}"), user("b")]
    found = finding(EVERY, tenant(users=users))
    assert "{missing} failed (1 of 2); nothing lacks is enabled." == found.message


def test_a_clause_of_lower_severity_lowers_the_finding():
    """The finding takes the highest severity among its failed clauses."""
    only_name = finding(EVERY, tenant(users=[user("a", displayName=None)]))
    both = finding(EVERY, tenant(users=[user("a", False, displayName=None)]))
    assert (Severity.LOW, Severity.MEDIUM) == (only_name.severity, both.severity)


def test_the_candidate_that_came_closest():
    """Fewest clauses not true, then fewest false, then the record's key."""
    users = [
        user("c", False, displayName=None), user("b", "x"), user("d", False), user("a", False),
    ]
    found = finding(ONE, tenant(users=users))
    assert found.outcome.closest is not None
    assert ("unknown", "b") == (found.verdict.value, found.outcome.closest.id)
    known = finding(ONE, tenant(users=[users[0], users[2], users[3]]))
    assert known.outcome.closest is not None
    assert ("a", ("is enabled",)) == (known.outcome.closest.id, known.outcome.closest.missing)


def test_an_unknown_names_what_to_export():
    """Collection, property, request and permission stand in the finding."""
    found = finding(EVERY, tenant())
    (missing,) = found.unknowns
    assert ("users", "", "not_exported") == (
        missing.reason.collection, missing.reason.property, missing.reason.why.value)
    assert missing.endpoint.startswith("GET /v1.0/users")
    assert missing.permission
    assert "`users` was not exported" in found.message


COUNT = """\
check:
  for: users
  expect: { at_least: 1, at_most: $most }
  that: {is enabled: { path: accountEnabled, equals: true }}
"""


@pytest.mark.parametrize(("enabled", "complete", "verdict"), [
    ([True], True, P), ([True] * 3, True, F), ([False], True, F), ([], True, F),
    ([True, "x"], True, P), ([True, True, "x"], True, U), ([True], False, U),
    ([True] * 3, False, F), (["x"], True, U),
])  # fmt: skip
def test_a_count_stays_between_its_bounds(enabled, complete, verdict):
    """What may still be in counts neither as in nor as out; a bound may be a parameter."""
    users = [user(f"u{i}", value) for i, value in enumerate(enabled)]
    assert verdict == finding(COUNT, tenant(complete, users=users)).verdict.value


def test_a_count_may_be_of_different_values():
    """`distinct` counts values, not records."""
    body = COUNT.replace("$most }", "1, distinct: userType }")
    members = [user("a"), user("b")]
    assert finding(body, tenant(users=members)).verdict is Verdict.PASS
    assert finding(body, tenant(users=[*members, user("g", kind="Guest")])).verdict is Verdict.FAIL


TENANT = """\
check:
  that:
    defaults are on: { path: securityDefaults.isEnabled, equals: true }
    nobody is called zed: { path: "users[].id", contains_none: [zed] }
"""


@pytest.mark.parametrize(("on", "users", "complete", "verdict"), [
    (True, [user("a")], True, P), (False, [user("a")], True, F), (True, [user("zed")], True, F),
    (False, [user("a")], False, U), (True, [user("a"), {}], True, U), (False, [{}], True, F),
])  # fmt: skip
def test_clauses_on_the_tenant_as_a_whole(on, users, complete, verdict):
    """Without `for` the clauses read the snapshot's root, where incomplete is unknown."""
    context = tenant(complete, securityDefaults={"isEnabled": on}, users=users)
    assert verdict == finding(TENANT, context).verdict.value


def test_evidence_over_many_records_is_sorted_and_told_once():
    """The order of an export changes nothing of what is shown."""
    body = TENANT + '  report: { evidence: { Ids: "users[].id" } }\n'
    users = [user(name) for name in ("b", "a", "c", "b")]
    shown = [
        finding(body, tenant(securityDefaults={"isEnabled": False}, users=order)).outcome.subjects
        for order in (users, users[::-1])
    ]
    assert shown[0] == shown[1]
    assert ["a", "b", "c"] == shown[0][0].evidence[0].value


UNLESS = """\
applies_to:
  tenants: [partner]
  unless:
    defaults are on: { path: securityDefaults.isEnabled, equals: true }
"""


@pytest.mark.parametrize(("kind", "on", "users", "verdict"), [
    ("partner", True, [user("a", False)], N), ("partner", False, [user("a", False)], F),
    ("partner", False, [user("a")], P), ("customer", False, [user("a")], N),
    ("partner", "x", [user("a")], U), ("partner", "x", [user("a", False)], U),
    ("partner", "x", [], N), (None, False, [user("a")], U),
])  # fmt: skip
def test_unless_and_tenants_say_whether_a_policy_applies(kind, on, users, verdict):
    """An exemption that is unknown leaves the verdict unknown, unless neither way applies."""
    context = tenant(kind=kind, securityDefaults={"isEnabled": on}, users=users)
    assert verdict == finding(UNLESS + EVERY, context).verdict.value


ANY = """\
check:
  any_of:
    defaults: { that: {are on: { path: securityDefaults.isEnabled, equals: true }} }
    users:
      for: users
      expect: every
      if_empty: fail
      that: {is enabled: { path: accountEnabled, equals: true }}
      report: { subject: id }
"""


@pytest.mark.parametrize(("mode", "on", "enabled", "verdict"), [
    ("any_of", True, "x", P), ("any_of", False, "x", U), ("any_of", False, False, F),
    ("any_of", "x", True, P), ("all_of", True, "x", U), ("all_of", False, "x", F),
    ("all_of", True, True, P),
])  # fmt: skip
def test_branches(mode, on, enabled, verdict):
    """Any of, and all of, several named checks."""
    context = tenant(securityDefaults={"isEnabled": on}, users=[user("a", enabled)])
    found = finding(ANY.replace("any_of", mode), context)
    assert verdict == found.verdict.value
    if (mode, verdict) == ("any_of", P):
        assert found.outcome.deciding[0] in ("defaults", "users")
    if verdict == F and mode == "any_of":
        assert {"defaults", "users"} == {s.branch for s in found.outcome.subjects}


def test_a_branch_may_be_another_policys_verdict():
    """Its not_applicable is unknown, unless the branch says otherwise."""
    context = tenant(users=[])
    asked = "check: {any_of: {other: { policy: T-002%s }}}\n"
    assert finding(asked % "", context, **{"T-002": EVERY}).verdict is Verdict.UNKNOWN
    said = asked % ", if_not_applicable: not_applicable"
    assert finding(said, context, **{"T-002": EVERY}).verdict is Verdict.NOT_APPLICABLE
    full = tenant(users=[user("a", False)])
    assert finding(asked % "", full, **{"T-002": EVERY}).verdict is Verdict.FAIL


MANUAL = 'manual: { question: "Is it so?", answered_by: The owner, valid_for: 90 days%s }'


def test_a_question_waits_for_a_person():
    """A manual check is manual; an unanswered question never rescues a fail."""
    assert finding(f"check:\n  {MANUAL % ''}\n", tenant()).verdict is Verdict.MANUAL
    both = "check:\n  any_of:\n    asked: { %s }\n    defaults: { that: {are on: { path: " \
        "securityDefaults.isEnabled, equals: true }} }\n" % (MANUAL % "")
    found = finding(both, tenant(securityDefaults={"isEnabled": False}))
    assert (Verdict.FAIL, ("Is it so?",)) == (found.verdict, found.outcome.questions)


def test_a_question_may_be_asked_of_each_subject():
    """With `for` there is one question per subject, and none where there is no subject."""
    body = f"check:\n  {MANUAL % ', for: users'}\n"
    asked = finding(body, tenant(users=[user("a"), user("b")]))
    assert (Verdict.MANUAL, 2) == (asked.verdict, len(asked.outcome.subjects))
    assert finding(body, tenant(users=[])).verdict is Verdict.NOT_APPLICABLE
    assert finding(body, tenant()).verdict is Verdict.UNKNOWN


LET = """\
let: { trusted: "domains[].id" }
check:
  for: users
  expect: every
  if_empty: pass
  that: {is trusted: { any: [{ path: mail, one_of: $trusted }, { path: id, one_of: $emergency }] }}
"""


def test_names_stand_for_values_of_the_snapshot_and_for_parameters():
    """`let` reads the tenant, parameters what it declared; either may make a clause unknown."""
    users = [user("a", mail="contoso.example"), user("em", mail="x")]
    declared = {"emergency": Setting(["em"], "declarations")}
    domains = [{"id": "contoso.example"}]
    whole = tenant(users=users, domains=domains, settings=declared)
    assert finding(LET, whole).verdict is Verdict.PASS
    assert finding(LET, tenant(users=users, domains=domains)).verdict is Verdict.FAIL
    assert finding(LET, tenant(users=users, settings=declared)).verdict is Verdict.UNKNOWN


def test_an_undeclared_parameter_is_unknown_by_name():
    """A parameter without a value makes the verdict unknown and says what to declare."""
    body = LET.replace("$emergency", "[$owner]")
    found = finding(body, tenant(users=[user("a", mail="x")], domains=[{"id": "y"}]))
    assert found.verdict is Verdict.UNKNOWN
    assert ["owner"] == [m.reason.property for m in found.unknowns]


def test_subjects_inside_records_have_ids_and_pointers_of_their_own():
    """`for` may go below a record; what is not known below may hold more subjects."""
    body = """\
check:
  for: delegatedAdminRelationships.accessDetails.unifiedRoles[]
  expect: none
  if_empty: pass
  that: {is the role: { path: roleDefinitionId, equals: R1 }}
"""
    relationship = {"id": "rel", "accessDetails": {"unifiedRoles": [
        {"roleDefinitionId": "r0"}, {"roleDefinitionId": "r1"}]}}
    found = finding(body, tenant(delegatedAdminRelationships=[relationship]))
    (subject,) = found.outcome.subjects
    assert "/delegatedAdminRelationships/0/accessDetails/unifiedRoles/1" == subject.pointer
    assert subject.id.startswith("rel/")
    unknown = finding(body, tenant(delegatedAdminRelationships=[{"id": "rel"}]))
    assert unknown.verdict is Verdict.UNKNOWN


def test_a_stale_snapshot_says_nothing():
    """A snapshot that is older than allowed leaves everything unknown."""
    context = tenant(users=[user("a", False)])
    context.snapshot = replace(context.snapshot, stale=timedelta(days=40))
    found = finding(EVERY, context)
    assert (Verdict.UNKNOWN, True) == (found.verdict, "40 days" in found.message)
