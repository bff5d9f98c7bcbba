"""The facts `gdapGrants` and `gdapGroups`: roles at customers, and the groups that hold them."""

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
SERVICE_SUPPORT = "f023fd81-a637-4b56-95fd-791ac0226033"
USER, GROUP = "#microsoft.graph.user", "#microsoft.graph.group"
APPLICATION = "#microsoft.graph.servicePrincipal"
UNKNOWN = "?"
ABSENT = object()
EMPTY = (
    "userRegistrationDetails", "domains", "domainFederation", "groups", "groupMembers",
    "roleDefinitions", "servicePrincipals", "roleAssignments", "roleAssignmentScheduleInstances",
    "roleEligibilityScheduleInstances", "groupEligibilityScheduleInstances",
    "delegatedAdminRelationships", "delegatedAdminAccessAssignments",
)


def without(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record without the properties that were not exported."""
    return {k: v for k, v in record.items() if v is not ABSENT}


def roles(*ids: str) -> dict[str, Any]:
    """Return access details."""
    return {"unifiedRoles": [{"roleDefinitionId": one} for one in ids]}


def relationship(key: str = "r", **changes: Any) -> dict[str, Any]:
    """Return an active relationship with a customer, of one role."""
    return without({
        "id": key, "displayName": "Fabrikam T1", "status": "active", "duration": "P730D",
        "autoExtendDuration": "P180D", "customer": {"tenantId": "C", "displayName": "Fabrikam"},
        "accessDetails": roles(DIRECTORY_READERS), "createdDateTime": "2026-02-10T11:00:00Z",
        "activatedDateTime": "2026-02-11T11:00:00Z", "endDateTime": "2028-02-11T11:00:00Z",
        **changes,
    })


def assignment(group: Any = "G", **changes: Any) -> dict[str, Any]:
    """Return an active access assignment of one role to a group."""
    container = {"accessContainerId": group, "accessContainerType": "securityGroup"}
    return without({
        "id": f"a-{group}", "delegatedAdminRelationshipId": "r", "status": "active",
        "accessContainer": without(container), "accessDetails": roles(DIRECTORY_READERS),
        **changes,
    })


def member(key: str, **changes: Any) -> dict[str, Any]:
    """Return an enabled account of an own user."""
    return without({"id": key, "userPrincipalName": f"{key}@x", "userType": "Member",
                    "accountEnabled": True, "externalUserState": None, **changes})


def fact(name: str, parameters: Mapping[str, Any] | None = None, **given: Any) -> Collection:
    """Return a fact of a tenant; a collection given as None was not exported."""
    data: dict[str, Any] = {
        **{one: [] for one in EMPTY}, "users": [],
        "crossTenantAccessPolicy": {"default": {"inboundTrust": {"isMfaAccepted": False}}},
        **given,
    }
    manifest = {
        "format": 1, "tenant": {"id": "t", "kind": "partner"},
        "exportedAt": "2026-11-20T06:00:00Z",
        "collections": {
            one: {"complete": False, "reason": "denied"} if records is None
            else {"complete": True, "data": records}
            for one, records in data.items()
        },
    }
    settings = {one: Setting(value, "test") for one, value in (parameters or {}).items()}
    snapshot = load_value(manifest, "test", bundled_shapes())
    return Context(snapshot, settings, datetime(2026, 11, 20, tzinfo=UTC)).collection(name)


def plain(value: Any) -> Any:
    """Return a value with every Unknown as a question mark."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    return UNKNOWN if isinstance(value, Unknown) else value


def rows(found: Collection, names: str) -> list[Any]:
    """Return the named properties of every record; one property alone without a tuple."""
    wanted = names.split()
    told = [tuple(plain(value_at(one, name)) for name in wanted) for one in found.records]
    return [one[0] for one in told] if len(wanted) == 1 else told


# --- gdapGrants --------------------------------------------------------------------------------

BOTH = roles(DIRECTORY_READERS, GLOBAL_ADMINISTRATOR)


def grants(names: str, **given: Any) -> list[Any]:
    """Return properties of each grant of a tenant with one relationship and assignment."""
    usual = {"delegatedAdminRelationships": [relationship()],
             "delegatedAdminAccessAssignments": [assignment()]}
    return rows(fact("gdapGrants", **{**usual, **given}), names)


def test_grant_says_whose_relationship_it_is() -> None:
    """A grant repeats what is known of its relationship."""
    names = ("id relationshipId relationshipName customerTenantId customerName status isActive "
             "isOpen endDateTime autoExtends durationDays")

    assert grants(names) == [(
        f"r {DIRECTORY_READERS}", "r", "Fabrikam T1", "C", "Fabrikam", "active", True, True,
        "2028-02-11T11:00:00Z", True, 730,
    )]


@pytest.mark.parametrize(
    ("status", "expected"),
    [("active", (True, True)), ("approvalPending", (False, True)), ("expired", (False, False)),
     ("unknownFutureValue", (UNKNOWN, UNKNOWN))],
)
def test_state_of_a_grant(status: str, expected: Any) -> None:
    """Ended relationships have grants, too, which say that they are over."""
    found = grants("isActive isOpen",
                   delegatedAdminRelationships=[relationship(status=status)])

    assert found == [expected]


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"approved_roles": [DIRECTORY_READERS.upper()]}, [True, False]),
        ({"approved_roles": ["global administrator"]}, [False, True]),
        ({"approved_roles": []}, [False, False]),
        ({}, [UNKNOWN, UNKNOWN]),
    ],
)
def test_approved_grants(parameters: Any, expected: Any) -> None:
    """A role is approved by id or by name, and unknown where nobody declared any."""
    found = grants("isApproved", parameters=parameters,
                   delegatedAdminRelationships=[relationship(accessDetails=BOTH)])

    # the ids stand in order, Global Administrator's first
    assert found == expected[::-1]


@pytest.mark.parametrize(
    ("assignments", "expected"),
    [
        ([assignment()], [(False, []), (True, ["g"])]),
        ([assignment(), assignment("h", accessDetails=BOTH)],
         [(True, ["h"]), (True, ["g", "h"])]),
        ([assignment(status="deleted")], [(False, []), (False, [])]),
        ([assignment(status=ABSENT)], [(UNKNOWN, []), (UNKNOWN, UNKNOWN)]),
        ([assignment(accessDetails=ABSENT)], [(UNKNOWN, UNKNOWN), (UNKNOWN, UNKNOWN)]),
        ([assignment(ABSENT)], [(False, []), (True, UNKNOWN)]),
        (None, [(UNKNOWN, UNKNOWN), (UNKNOWN, UNKNOWN)]),
    ],
)
def test_assigned_grants(assignments: Any, expected: Any) -> None:
    """A role is assigned where an active assignment carries it, to the groups that it names."""
    found = grants("isAssigned groupIds", delegatedAdminAccessAssignments=assignments,
                   delegatedAdminRelationships=[relationship(accessDetails=BOTH)])

    assert found == expected


@pytest.mark.parametrize(
    ("details", "expected", "complete"),
    [
        (BOTH, [("Global Administrator", GLOBAL_ADMINISTRATOR, True),
                ("Directory Readers", DIRECTORY_READERS, False)], True),
        (roles("novel"), [("novel", "novel", UNKNOWN)], True),
        (roles(), [], True),
        (ABSENT, [], False),
        ({"unifiedRoles": [{}]}, [], False),
    ],
)
def test_roles_of_grants(details: Any, expected: Any, complete: bool) -> None:
    """Each role is one grant; roles that cannot be read make the fact incomplete."""
    given: dict[str, Any] = {
        "delegatedAdminRelationships": [relationship(accessDetails=details)]
    }
    found = grants("roleName roleId isPrivileged", **given)

    assert (found, fact("gdapGrants", **given).complete) == (expected, complete)


# --- gdapGroups: which ------------------------------------------------------------------------


def groups(names: str, **given: Any) -> list[Any]:
    """Return properties of each group of a tenant with one relationship and assignment."""
    usual = {"delegatedAdminRelationships": [relationship()],
             "delegatedAdminAccessAssignments": [assignment()],
             "groups": [group()], "groupMembers": [{"id": "g", "members": []}]}
    return rows(fact("gdapGroups", **{**usual, **given}), names)


def group(key: str = "g", **changes: Any) -> dict[str, Any]:
    """Return a security group that is assignable to roles and has no owner."""
    return without({
        "id": key, "displayName": "T1", "securityEnabled": True, "mailEnabled": False,
        "groupTypes": [], "membershipRule": None, "isAssignableToRole": True,
        "onPremisesSyncEnabled": None, "owners": [], **changes,
    })


SECOND = relationship("s", customer={"tenantId": "d", "displayName": None})


@pytest.mark.parametrize(
    ("relationships", "assignments", "expected", "complete"),
    [
        ([relationship()], [assignment()], ["g"], True),
        ([relationship()], [assignment(), assignment("g", id="b")], ["g"], True),
        ([relationship()], [assignment("h"), assignment("g")], ["g", "h"], True),
        ([relationship(status="expired")], [assignment()], [], True),
        ([relationship()], [assignment(status="deleted")], [], True),
        ([relationship(status="unknownFutureValue")], [assignment()], [], False),
        ([relationship(status="unknownFutureValue")], [assignment(status="deleted")], [], True),
        ([relationship()], [assignment(status=ABSENT)], [], False),
        ([relationship()], [assignment(ABSENT)], [], False),
        ([relationship()], None, [], False),
        (None, [assignment()], [], False),
        ([relationship(status="expired")], None, [], True),
    ],
)
def test_groups_of_active_assignments(
    relationships: Any, assignments: Any, expected: Any, complete: bool
) -> None:
    """Groups are those of active assignments; what may be one more makes the fact incomplete."""
    given: dict[str, Any] = {"delegatedAdminRelationships": relationships,
                             "delegatedAdminAccessAssignments": assignments}

    assert (groups("id", **given), fact("gdapGroups", **given).complete) == (expected, complete)


@pytest.mark.parametrize(
    ("relationships", "assignments", "expected"),
    [
        ([relationship()], [assignment()],
         ([DIRECTORY_READERS], ["Directory Readers"], [], False, ["c"], ["Fabrikam"], 1)),
        ([relationship(), SECOND],
         [assignment(), assignment(delegatedAdminRelationshipId="s", accessDetails=BOTH)],
         ([GLOBAL_ADMINISTRATOR, DIRECTORY_READERS], ["Global Administrator",
          "Directory Readers"], [GLOBAL_ADMINISTRATOR], True, ["c", "d"], ["Fabrikam", "d"], 2)),
        ([relationship(), relationship("s")],
         [assignment(), assignment(id="b", delegatedAdminRelationshipId="s")],
         ([DIRECTORY_READERS], ["Directory Readers"], [], False, ["c"], ["Fabrikam"], 1)),
        ([relationship()], [assignment(accessDetails=roles("novel"))],
         (["novel"], ["novel"], UNKNOWN, UNKNOWN, ["c"], ["Fabrikam"], 1)),
        ([relationship()], [assignment(accessDetails=ABSENT)],
         (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, ["c"], ["Fabrikam"], 1)),
        ([relationship(customer=ABSENT)], [assignment()],
         ([DIRECTORY_READERS], ["Directory Readers"], [], False, UNKNOWN, UNKNOWN, UNKNOWN)),
    ],
)
def test_what_a_group_reaches(relationships: Any, assignments: Any, expected: Any) -> None:
    """Roles and customers of all relationships are put together, once each."""
    names = ("roleIds roleNames privilegedRoleIds hasPrivilegedRoles customerIds customerNames "
             "customerCount")
    found = groups(names, delegatedAdminRelationships=relationships,
                   delegatedAdminAccessAssignments=assignments)

    assert found == [expected]


# --- gdapGroups: the group itself ----------------------------------------------------------------

ITSELF = ("displayName exists securityEnabled mailEnabled isDynamic onPremisesSyncEnabled "
          "isAssignableToRole isRoleGroup")


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([group()], ("T1", True, True, False, False, False, True, False)),
        ([group("G", displayName="adminagents", isAssignableToRole=None)],
         ("adminagents", True, True, False, False, False, False, True)),
        ([group(groupTypes=["dynamicMembership"], onPremisesSyncEnabled=True)],
         ("T1", True, True, False, True, True, True, False)),
        ([group(membershipRule="user.department -eq 'IT'", groupTypes=ABSENT)],
         ("T1", True, True, False, True, False, True, False)),
        ([group(membershipRule=ABSENT)],
         ("T1", True, True, False, UNKNOWN, False, True, False)),
        ([group(groupTypes=ABSENT)], ("T1", True, True, False, UNKNOWN, False, True, False)),
        ([group(displayName=None, securityEnabled=None)],
         (None, True, None, False, False, False, True, False)),
        ([], (None, False, *[UNKNOWN] * 5, False)),
        (None, (UNKNOWN,) * 8),
        ([{"id": "g"}], (UNKNOWN, True, *[UNKNOWN] * 6)),
    ],
)
def test_the_group_itself(records: Any, expected: Any) -> None:
    """A group that was deleted does not exist; one that was not exported may."""
    assert groups(ITSELF, groups=records) == [expected]


# --- gdapGroups: members ------------------------------------------------------------------------


def members(key: str, *ids: str) -> dict[str, Any]:
    """Return the direct members of a group; ids that begin with g are groups."""
    return {"id": key, "members": [
        {"id": one, "@odata.type": GROUP if one.startswith("g") else USER} for one in ids
    ]}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([members("g", "bob", "Ana")], (["ana", "bob"], 2, [])),
        ([members("g", "g2"), members("g2", "g", "ana")], (["ana"], 1, ["g2"])),
        ([members("g")], ([], 0, [])),
        ([], (UNKNOWN, UNKNOWN, UNKNOWN)),
        (None, (UNKNOWN, UNKNOWN, UNKNOWN)),
        ([members("g", "ana", "g2")], (["ana", UNKNOWN], UNKNOWN, ["g2", UNKNOWN])),
    ],
)
def test_members(given: Any, expected: Any) -> None:
    """Nested groups are followed, in circles too; members that are missing are in doubt."""
    assert groups("memberIds memberCount nestedGroups", groupMembers=given) == [expected]


GUEST = {"userType": "Guest", "externalUserState": "Accepted"}


@pytest.mark.parametrize(
    ("user", "registered", "expected"),
    [
        (member("ana"), True, ([], [], [])),
        (member("ana", **GUEST), True, (["ana"], [], [])),
        (member("ana", externalUserState="Accepted"), True, (["ana"], [], [])),
        (member("ana", userType="Guest"), True, (["ana"], [], [])),
        (member("ana", accountEnabled=False), True, ([], ["ana"], [])),
        (member("ana", accountEnabled=None), True, ([], UNKNOWN, [])),
        (member("ana", accountEnabled=ABSENT, userType=ABSENT), True, (UNKNOWN, UNKNOWN, [])),
        (member("ana"), False, ([], [], ["ana"])),
        (member("ana"), None, ([], [], UNKNOWN)),
        (member("eve"), True, (UNKNOWN, UNKNOWN, UNKNOWN)),
    ],
)
def test_members_that_should_not_be_there(user: Any, registered: Any, expected: Any) -> None:
    """Guests, switched-off accounts and those without MFA are named; no record, no answer."""
    found = groups(
        "guestMembers disabledMembers membersNotMfaCapable", users=[user],
        groupMembers=[members("g", "ana")],
        userRegistrationDetails=[] if registered is None
        else [{"id": "ana", "isMfaCapable": registered}],
    )

    assert found == [expected]


MFA_OF_ALL = {
    "id": "p", "displayName": "MFA", "state": "enabled",
    "conditions": {
        "users": {
            "includeUsers": ["All"], "excludeUsers": [], "includeGroups": [], "excludeGroups": [],
            "includeRoles": [], "excludeRoles": [], "includeGuestsOrExternalUsers": None,
            "excludeGuestsOrExternalUsers": None,
        },
        "applications": {
            "includeApplications": ["All"], "excludeApplications": [], "includeUserActions": [],
            "includeAuthenticationContextClassReferences": [], "applicationFilter": None,
        },
        "clientAppTypes": ["all"], "signInRiskLevels": [], "userRiskLevels": [],
        "servicePrincipalRiskLevels": [], "insiderRiskLevels": None, "platforms": None,
        "locations": None, "devices": None, "clientApplications": None,
        "authenticationFlows": None,
    },
    "grantControls": {"operator": "OR", "builtInControls": ["mfa"], "termsOfUse": [],
                      "customAuthenticationFactors": [], "authenticationStrength": None},
    "sessionControls": None,
}


@pytest.mark.parametrize(
    ("user", "policies", "expected"),
    [
        (member("ana"), [MFA_OF_ALL], []),
        (member("ana"), [], ["ana"]),
        (member("ana", accountEnabled=False), [], []),
        (member("ana"), None, UNKNOWN),
        (member("ana", accountEnabled=None), [], UNKNOWN),
        (member("eve"), [], UNKNOWN),
    ],
)
def test_members_of_whom_no_mfa_is_demanded(user: Any, policies: Any, expected: Any) -> None:
    """Enabled members count as not covered where nothing demands MFA of them."""
    found = groups(
        "membersNotCovered", users=[user], groupMembers=[members("g", "ana")],
        conditionalAccessPolicies=policies, authenticationStrengthPolicies=[], namedLocations=[],
        perUserMfa=[], securityDefaults={"id": "sd", "isEnabled": False},
        organization={"id": "t", "createdDateTime": "2020-01-01T00:00:00Z"},
        parameters={"emergency_accounts": [], "synchronisation_accounts": [],
                    "service_accounts": []},
    )

    assert found == [expected]


# --- gdapGroups: owners -------------------------------------------------------------------------


def owner(key: str, kind: Any = USER) -> dict[str, Any]:
    """Return an owner of a group."""
    return without({"id": key, "@odata.type": kind})


@pytest.mark.parametrize(
    ("owners", "expected"),
    [
        ([], ([], [])),
        ([owner("ANA")], (["ana"], ["ana"])),
        ([owner("ada")], (["ada"], [])),
        ([owner("ada", ABSENT), owner("ana", ABSENT)], (["ada", "ana"], ["ana"])),
        ([owner("app", APPLICATION)], (["app"], ["app"])),
        ([owner("eve")], (["eve"], UNKNOWN)),
        ([owner("eve", ABSENT)], (["eve"], UNKNOWN)),
        ([{}], (UNKNOWN, UNKNOWN)),
        (ABSENT, (UNKNOWN, UNKNOWN)),
        ([owner(f"ada{n:02}", APPLICATION) for n in range(20)],
         ([*(f"ada{n:02}" for n in range(20)), UNKNOWN],) * 2),
    ],
)
def test_owners(owners: Any, expected: Any) -> None:
    """Owners without a privileged role are named; twenty may be the beginning of more."""
    found = groups(
        "ownerIds unprivilegedOwners", groups=[group(owners=owners)],
        users=[member("ana"), member("ada")],
        roleAssignments=[{"id": "x", "principalId": "ada", "directoryScopeId": "/",
                          "roleDefinitionId": GLOBAL_ADMINISTRATOR}],
    )

    assert found == [expected]


# --- gdapGroups: eligibilities ------------------------------------------------------------------


def eligible(who: Any, access: Any = "member", of: str = "G") -> dict[str, Any]:
    """Return an eligibility to join a group."""
    return without({"id": f"e-{who}", "groupId": of, "principalId": who, "accessId": access})


@pytest.mark.parametrize(
    ("eligibilities", "inside", "expected"),
    [
        ([eligible("ana")], [members("g")], (True, True)),
        ([eligible("ana")], [members("g", "bob")], (True, False)),
        ([eligible("ana")], [members("g", "ANA")], (True, UNKNOWN)),
        ([eligible("ana")], [members("g", "ana", "bob")], (True, False)),
        ([eligible("ana")], [members("g", "g2"), members("g2")], (True, False)),
        ([eligible("g2")], [members("g", "ana"), members("g2", "ana")], (True, UNKNOWN)),
        ([eligible("g2")], [members("g", "bob"), members("g2", "ana")], (True, False)),
        ([eligible("g2")], [members("g", "bob")], (True, UNKNOWN)),
        ([eligible("ana")], [], (True, UNKNOWN)),
        ([eligible("ana", "owner")], [members("g")], (False, False)),
        ([eligible("ana", of="other")], [members("g")], (False, False)),
        ([eligible("ana", ABSENT)], [members("g")], (UNKNOWN, UNKNOWN)),
        ([eligible(ABSENT)], [members("g", "ana")], (True, UNKNOWN)),
        ([], [members("g")], (False, False)),
        (None, [members("g")], (UNKNOWN, UNKNOWN)),
        (None, [members("g", "ana")], (UNKNOWN, UNKNOWN)),
    ],
)
def test_eligibilities(eligibilities: Any, inside: Any, expected: Any) -> None:
    """Only who may never have activated membership is for certain a standing member."""
    found = groups(
        "hasEligibilities hasEligibleMembersOnly", users=[member("ana"), member("bob")],
        groups=[group(), group("g2")], groupMembers=inside,
        groupEligibilityScheduleInstances=eligibilities,
    )

    assert found == [expected]
