"""The fact `privilegedAssignments`: who holds a privileged role, until when, through what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from tenantproof.collection import Collection
from tenantproof.context import Context
from tenantproof.facts.base import value_at
from tenantproof.parameters import Setting
from tenantproof.shape import bundled_shapes
from tenantproof.snapshot import load_value
from tenantproof.verdict import Unknown

GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"
DIRECTORY_READERS = "88d8e3e3-8f55-4a1e-953a-9b9898b8876b"
PRIVILEGED_ROLE_ADMINISTRATOR = "e8611ab8-c189-46e8-94e1-60213ab1f814"
USER, GROUP = "#microsoft.graph.user", "#microsoft.graph.group"
APPLICATION = "#microsoft.graph.servicePrincipal"
UNKNOWN = "?"
ABSENT = object()
START, END = "2026-01-01T00:00:00Z", "2026-12-01T00:00:00Z"
EMPTY = (
    "groups", "groupMembers", "roleDefinitions", "servicePrincipals", "roleAssignments",
    "roleAssignmentScheduleInstances", "roleEligibilityScheduleInstances",
)
ANA = {"id": "ana", "userPrincipalName": "ana@x", "userType": "Member", "accountEnabled": True,
       "onPremisesSyncEnabled": True, "externalUserState": None}
BOB = {"id": "bob", "userPrincipalName": "bob@x", "userType": "Guest", "accountEnabled": False,
       "onPremisesSyncEnabled": None, "externalUserState": "Accepted"}
PARAMETERS = {
    "emergency_accounts": ["ana"], "service_accounts": ["bob"], "synchronisation_accounts": [],
}


def record(key: str, who: Any, **changes: Any) -> dict[str, Any]:
    """Return an assignment of Global Administrator in any of the three collections."""
    found = {"id": key, "principalId": who, "roleDefinitionId": GLOBAL_ADMINISTRATOR,
             "directoryScopeId": "/", "appScopeId": None, **changes}
    return {k: v for k, v in found.items() if v is not ABSENT}


def instance(who: Any, **changes: Any) -> dict[str, Any]:
    """Return an active instance of Privileged Identity Management: standing, without end."""
    usual = {"assignmentType": "Assigned", "memberType": "Direct", "startDateTime": START,
             "endDateTime": None}
    return record("i", who, **{**usual, **changes})


def eligibility(who: str, **changes: Any) -> dict[str, Any]:
    """Return an eligible instance without end."""
    return record("e", who, **{"memberType": "Direct", "startDateTime": START,
                               "endDateTime": None, **changes})


def fact(**given: Any) -> Collection:
    """Return the fact of a tenant with two users; a collection given as None was not exported."""
    data: dict[str, Any] = {"users": [ANA, BOB], **{name: [] for name in EMPTY}, **given}
    manifest = {
        "format": 1, "tenant": {"id": "t", "kind": "partner"},
        "exportedAt": "2026-11-20T06:00:00Z",
        "collections": {
            name: {"complete": False, "reason": "denied"} if records is None
            else {"complete": True, "data": records}
            for name, records in data.items()
        },
    }
    settings = {name: Setting(value, "test") for name, value in PARAMETERS.items()}
    snapshot = load_value(manifest, "test", bundled_shapes())
    tenant = Context(snapshot, settings, datetime(2026, 11, 20, tzinfo=UTC))
    return tenant.collection("privilegedAssignments")


def plain(value: Any) -> Any:
    """Return a value with every Unknown as a question mark."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    return UNKNOWN if isinstance(value, Unknown) else value


def rows(names: str, **given: Any) -> list[Any]:
    """Return the named properties of every record."""
    return [
        tuple(plain(value_at(one, name)) for name in names.split())
        for one in fact(**given).records
    ]


# --- the assignment itself ---------------------------------------------------------------------

SAID = "isActive isEligible isPermanent endDateTime assignmentType memberType throughPim"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"roleAssignmentScheduleInstances": [instance("ana")]},
         (True, False, True, None, "Assigned", "Direct", True)),
        ({"roleAssignmentScheduleInstances": [instance("ana", endDateTime=END)]},
         (True, False, False, END, "Assigned", "Direct", True)),
        ({"roleAssignmentScheduleInstances": [
            instance("ana", endDateTime="9999-12-31T23:59:59Z")]},
         (True, False, True, "9999-12-31T23:59:59Z", "Assigned", "Direct", True)),
        ({"roleAssignmentScheduleInstances": [
            instance("ana", assignmentType="Activated", endDateTime=END)]},
         (True, False, False, END, "Activated", "Direct", True)),
        ({"roleAssignmentScheduleInstances": [instance("ana", assignmentType="activated")]},
         (True, False, False, None, "activated", "Direct", True)),
        ({"roleAssignmentScheduleInstances": [instance("ana", assignmentType=None)]},
         (True, False, UNKNOWN, None, None, "Direct", True)),
        ({"roleAssignmentScheduleInstances": [instance("ana", assignmentType="Novel")]},
         (True, False, UNKNOWN, None, UNKNOWN, "Direct", True)),
        ({"roleAssignmentScheduleInstances": [
            instance("ana", assignmentType=ABSENT, endDateTime=END)]},
         (True, False, False, END, UNKNOWN, "Direct", True)),
        ({"roleAssignmentScheduleInstances": [instance("ana", endDateTime=ABSENT)]},
         (True, False, UNKNOWN, UNKNOWN, "Assigned", "Direct", True)),
        ({"roleAssignmentScheduleInstances": [instance("ana", startDateTime=None)]},
         (True, False, True, None, "Assigned", "Direct", False)),
        ({"roleAssignmentScheduleInstances": [instance("ana", startDateTime=ABSENT)]},
         (True, False, True, None, "Assigned", "Direct", UNKNOWN)),
        ({"roleAssignments": [record("a", "ana")]},
         (True, False, True, None, None, None, False)),
        ({"roleAssignments": [record("a", "ana")], "roleAssignmentScheduleInstances": None},
         (True, False, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)),
        ({"roleEligibilityScheduleInstances": [eligibility("ana")]},
         (False, True, True, None, None, "Direct", True)),
        ({"roleEligibilityScheduleInstances": [eligibility("ana", endDateTime=END)]},
         (False, True, False, END, None, "Direct", True)),
    ],
)
def test_what_is_said_of_an_assignment(given: Mapping[str, Any], expected: Any) -> None:
    """Standing, activated and eligible assignments are told apart, and those outside PIM."""
    assert rows(SAID, **given) == [expected]


@pytest.mark.parametrize(
    ("assignment", "instances", "expected"),
    [
        (record("a", "ANA"), [instance("ana", endDateTime=END)], [False]),
        (record("a", "ana"), [instance("bob", endDateTime=END)], [False, True]),
        (record("a", "ana"), [instance("ana", endDateTime=END, directoryScopeId="/unit")],
         [False, True]),
        (record("a", "ana", directoryScopeId=ABSENT), [instance("ana", endDateTime=END)],
         [False, UNKNOWN]),
        (record("a", "ana", roleDefinitionId=PRIVILEGED_ROLE_ADMINISTRATOR),
         [instance("ana", endDateTime=END)], [False, True]),
        (record("a", "ana"), [instance(ABSENT)], [UNKNOWN]),
    ],
)
def test_two_collections_tell_of_one_assignment(
    assignment: Any, instances: Any, expected: Any
) -> None:
    """An assignment that has its instance is told once; one without stands beside it."""
    found = rows("isPermanent", roleAssignments=[assignment],
                 roleAssignmentScheduleInstances=instances)

    assert found == [(one,) for one in expected]


def test_assignment_that_is_exported_twice_is_one() -> None:
    """The same assignment in two records is one record, with one id."""
    found = rows("id", roleAssignments=[record("a", "ana"), record("b", "Ana")])

    assert found == [(f"active ana {GLOBAL_ADMINISTRATOR} / ana - - - false",)]


# --- the role ----------------------------------------------------------------------------------

ROLE = "roleId roleName isPrivileged isGlobalAdministrator scope"
CUSTOM = {"id": "custom", "templateId": "custom", "displayName": "Custom", "isBuiltIn": False}


@pytest.mark.parametrize(
    ("changes", "definitions", "expected"),
    [
        ({}, [], [(GLOBAL_ADMINISTRATOR, "Global Administrator", True, True, "/")]),
        ({"roleDefinitionId": GLOBAL_ADMINISTRATOR.upper()}, [],
         [(GLOBAL_ADMINISTRATOR, "Global Administrator", True, True, "/")]),
        ({"roleDefinitionId": PRIVILEGED_ROLE_ADMINISTRATOR,
          "directoryScopeId": "/administrativeUnits/u"}, [],
         [(PRIVILEGED_ROLE_ADMINISTRATOR, "Privileged Role Administrator", True, False,
           "/administrativeUnits/u")]),
        ({"directoryScopeId": None, "appScopeId": "/app"}, [],
         [(GLOBAL_ADMINISTRATOR, "Global Administrator", True, True, "/app")]),
        ({"directoryScopeId": ABSENT}, [],
         [(GLOBAL_ADMINISTRATOR, "Global Administrator", True, True, UNKNOWN)]),
        ({"roleDefinitionId": DIRECTORY_READERS}, [], []),
        ({"roleDefinitionId": "custom"}, [{**CUSTOM, "isPrivileged": True}],
         [("custom", "Custom", True, False, "/")]),
        ({"roleDefinitionId": "custom"}, [{**CUSTOM, "isPrivileged": False}], []),
        ({"roleDefinitionId": "custom"}, [], [("custom", "custom", UNKNOWN, False, "/")]),
    ],
)
def test_roles(changes: Mapping[str, Any], definitions: Any, expected: Any) -> None:
    """Roles that are not privileged are left out; one that nobody describes may be privileged."""
    found = rows(ROLE, roleAssignments=[record("a", "ana", **changes)],
                 roleDefinitions=definitions)

    assert found == expected


# --- the holder --------------------------------------------------------------------------------

HOLDER = "principalId principalName principalType userId userPrincipalName holderName"


def expanded(who: str, kind: str, name: str) -> dict[str, Any]:
    """Return an assignment whose principal was expanded."""
    return record("a", who, principal={"id": who, "@odata.type": kind, "displayName": name})


@pytest.mark.parametrize(
    ("assignment", "given", "expected"),
    [
        (record("a", "ANA"), {}, ("ana", "ana@x", "user", "ana", "ana@x", "ana@x")),
        (expanded("app", APPLICATION, "App"), {},
         ("app", "App", "servicePrincipal", None, None, "App")),
        (record("a", "app"), {"servicePrincipals": [{"id": "APP", "displayName": "App"}]},
         ("app", "App", "servicePrincipal", None, None, "App")),
        (record("a", "gone"), {}, ("gone", "gone", None, None, None, "gone")),
        (record("a", "gone"), {"servicePrincipals": None},
         ("gone", "gone", UNKNOWN, UNKNOWN, UNKNOWN, "gone")),
        (record("a", "gone"), {"groups": None},
         ("gone", "gone", UNKNOWN, UNKNOWN, UNKNOWN, "gone")),
        (expanded("eve", USER, "Eve"), {}, ("eve", "Eve", "user", "eve", UNKNOWN, "Eve")),
        (expanded("app", "#microsoft.graph.device", "Thing"), {},
         ("app", "Thing", None, None, None, "Thing")),
    ],
)
def test_holders(assignment: Any, given: Mapping[str, Any], expected: Any) -> None:
    """Users, applications and what was deleted are told apart; a guess is never made."""
    assert rows(HOLDER, roleAssignments=[assignment], **given) == [expected]


FLAGS = ("accountEnabled isGuest isExternal isEmergencyAccount isServiceAccount "
         "isSynchronisationAccount isPartnerAgent onPremisesSyncEnabled")
NO_DATA = {"roleAssignments": [record("a", "app")], "servicePrincipals": [{"id": "app"}]}
AGENTS = {"groups": [{"id": "g", "displayName": "AdminAgents"}],
          "groupMembers": [{"id": "g", "members": [{"id": "bob", "@odata.type": USER}]}]}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"roleAssignments": [record("a", "ana")]},
         (True, False, False, True, False, False, False, True)),
        ({"roleAssignments": [record("a", "bob")], **AGENTS},
         (False, True, True, False, True, False, True, None)),
        (NO_DATA, (None,) * 8),
        ({"roleAssignments": [expanded("eve", USER, "Eve")]}, (UNKNOWN,) * 8),
    ],
)
def test_flags_of_the_account(given: Mapping[str, Any], expected: Any) -> None:
    """A record carries what is known of its user's account, and nothing without a user."""
    assert rows(FLAGS, **given) == [expected]


# --- groups ------------------------------------------------------------------------------------


def group(key: str, *members: str) -> dict[str, Any]:
    """Return the members of a group; ids that begin with g are groups."""
    return {"id": key, "members": [
        {"id": one, "@odata.type": GROUP if one.startswith("g") else USER} for one in members
    ]}


NAMES = [{"id": "g1", "displayName": "One"}, {"id": "g2", "displayName": "Two"}]
WAY = "principalType userId via viaNames"


@pytest.mark.parametrize(
    ("members", "expected", "complete"),
    [
        ([group("g1", "ana", "bob")],
         [("group", "ana", ["g1"], ["One"]), ("group", "bob", ["g1"], ["One"])], True),
        ([group("g1", "g2"), group("g2", "g1", "bob")],
         [("group", "bob", ["g1", "g2"], ["One", "Two"])], True),
        ([group("g1")], [("group", None, ["g1"], ["One"])], True),
        ([], [("group", UNKNOWN, ["g1"], ["One"])], False),
        (None, [("group", UNKNOWN, ["g1"], ["One"])], False),
        ([group("g1", "ana", "g2")], [("group", "ana", ["g1"], ["One"])], False),
    ],
)
def test_groups_are_expanded(members: Any, expected: Any, complete: bool) -> None:
    """Each member of a group is a holder; where members are missing, the fact is not whole."""
    given = {"groups": NAMES, "groupMembers": members}
    found = rows(WAY, roleAssignments=[record("a", "g1")], **given)

    assert (found, fact(roleAssignments=[record("a", "g1")], **given).complete) == (
        expected, complete
    )


def test_group_without_members_that_holds_no_privileged_role() -> None:
    """Members of a group whose roles are not privileged do not matter."""
    found = fact(
        groups=NAMES,
        roleAssignments=[record("a", "g1", roleDefinitionId=DIRECTORY_READERS)],
    )

    assert (found.complete, list(found.records)) == (True, [])


def test_eligible_through_a_group() -> None:
    """The members of a group that may activate a role may activate it."""
    found = rows(
        "userId isActive isEligible via principalName", groups=NAMES,
        groupMembers=[group("g1", "ana")],
        roleEligibilityScheduleInstances=[eligibility("g1")],
    )

    assert found == [("ana", False, True, ["g1"], "One")]


INHERITED = instance("ana", memberType="Group")


@pytest.mark.parametrize(
    ("instances", "expected"),
    [
        ([INHERITED], [("ana", "Assigned", UNKNOWN, UNKNOWN)]),
        ([instance("g1"), INHERITED], [("ana", "Assigned", ["g1"], ["One"])]),
        ([instance("g1"), instance("ana", memberType="Inherited")],
         [("ana", "Assigned", ["g1"], ["One"])]),
        ([instance("g1", directoryScopeId="/unit"), INHERITED],
         [("ana", "Assigned", ["g1"], ["One"]), ("ana", "Assigned", UNKNOWN, UNKNOWN)]),
        ([instance("g1"), {**INHERITED, "assignmentType": "Activated", "endDateTime": END}],
         [("ana", "Assigned", ["g1"], ["One"]), ("ana", "Activated", UNKNOWN, UNKNOWN)]),
    ],
)
def test_what_pim_says_of_members(instances: Any, expected: Any) -> None:
    """A member's own instance is told through the group where that is known, and never lost."""
    found = rows(
        "userId assignmentType via viaNames", groups=NAMES, groupMembers=[group("g1", "ana")],
        roleAssignmentScheduleInstances=instances,
    )

    assert found == expected


# --- what is missing ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "complete"),
    [
        ({}, True),
        ({"roleAssignments": None}, False),
        ({"roleAssignmentScheduleInstances": None}, False),
        ({"roleEligibilityScheduleInstances": None}, False),
        ({"roleAssignments": [record("a", ABSENT)]}, False),
        ({"roleAssignments": [record("a", "ana", roleDefinitionId=ABSENT)]}, False),
        ({"roleAssignments": [record("a", ABSENT, roleDefinitionId=DIRECTORY_READERS)]}, True),
        ({"roleAssignments": [record("a", "gone")], "users": None}, False),
        ({"roleAssignments": [record("a", "gone")], "servicePrincipals": None}, True),
        ({"roleAssignments": [record("a", "ana")], "groups": None}, True),
    ],
)
def test_completeness(given: Mapping[str, Any], complete: bool) -> None:
    """The fact is whole where no export that is missing could hold one more holder."""
    assert fact(**given).complete is complete
