"""The fact `gdapRelationships`: roles, assignments and dates of each relationship."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from tenantproof.context import Context
from tenantproof.facts.base import value_at
from tenantproof.parameters import Setting
from tenantproof.shape import bundled_shapes
from tenantproof.snapshot import load_value
from tenantproof.verdict import Unknown

GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"
DIRECTORY_READERS = "88d8e3e3-8f55-4a1e-953a-9b9898b8876b"
SERVICE_SUPPORT = "f023fd81-a637-4b56-95fd-791ac0226033"
UNKNOWN = "?"
ABSENT = object()


def roles(*ids: str) -> dict[str, Any]:
    """Return access details."""
    return {"unifiedRoles": [{"roleDefinitionId": one} for one in ids]}


RELATIONSHIP = {
    "@odata.type": "#microsoft.graph.delegatedAdminRelationship", "id": "r",
    "displayName": "Fabrikam T1", "status": "active", "duration": "P730D",
    "autoExtendDuration": "PT0S", "customer": {"tenantId": "c", "displayName": "Fabrikam"},
    "accessDetails": roles(DIRECTORY_READERS, SERVICE_SUPPORT),
    "createdDateTime": "2026-02-10T11:00:00Z", "activatedDateTime": "2026-02-11T11:00:00Z",
    "endDateTime": "2028-02-11T11:00:00Z", "indirectProviderTenantId": None,
}
ASSIGNMENT = {
    "id": "a", "delegatedAdminRelationshipId": "R", "status": "active",
    "accessContainer": {"accessContainerId": "G", "accessContainerType": "securityGroup"},
    "accessDetails": roles(DIRECTORY_READERS),
}


def relationship(
    changes: Mapping[str, Any],
    *names: str,
    assignments: list[dict[str, Any]] | None = None,
    complete: bool = True,
    parameters: Mapping[str, Any] | None = None,
) -> Any:
    """Return properties of one relationship: one value, or several as a tuple."""
    record = {k: v for k, v in {**RELATIONSHIP, **changes}.items() if v is not ABSENT}
    manifest = {
        "format": 1, "tenant": {"id": "t", "kind": "partner"},
        "exportedAt": "2026-11-20T06:00:00Z",
        "collections": {
            "delegatedAdminRelationships": {"complete": True, "data": [record]},
            "delegatedAdminAccessAssignments": {"complete": complete, "data": assignments or []},
            "roleDefinitions": {"complete": True, "data": []},
        },
    }
    settings = {name: Setting(value, "test") for name, value in (parameters or {}).items()}
    snapshot = load_value(manifest, "test", bundled_shapes())
    tenant = Context(snapshot, settings, datetime(2026, 11, 20, 6, tzinfo=UTC))
    found_record = tenant.collection("gdapRelationships").records[0]
    found = tuple(plain(value_at(found_record, name)) for name in names)
    return found[0] if len(names) == 1 else found


def plain(value: Any) -> Any:
    """Return a value with every Unknown as a question mark and records as tuples."""
    if isinstance(value, Unknown):
        return UNKNOWN
    if isinstance(value, list):
        return [plain(item) for item in value]
    names = [n for n in ("id", "status", "groupId", "privileged") if hasattr(value, n)]
    return tuple(plain(value_at(value, n)) for n in names) if names else value


@pytest.mark.parametrize(
    ("status", "active", "pending", "is_open"),
    [
        ("created", False, True, False),
        ("approvalPending", False, True, True),
        ("approved", False, False, True),
        ("active", True, False, True),
        ("expiring", False, False, True),
        ("terminating", False, False, True),
        ("terminated", False, False, False),
        ("expired", False, False, False),
        ("unknownFutureValue", UNKNOWN, UNKNOWN, UNKNOWN),
        (None, UNKNOWN, UNKNOWN, UNKNOWN),
        (ABSENT, UNKNOWN, UNKNOWN, UNKNOWN),
    ],
)
def test_states(status: Any, active: Any, pending: Any, is_open: Any) -> None:
    """Each status says whether access is there, asked for, or not yet over."""
    found = relationship({"status": status}, "isActive", "isPending", "isOpen")

    assert found == (active, pending, is_open)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"duration": "P730D"}, 730),
        ({"duration": "P2Y"}, 730),
        ({"duration": "P2Y", "activatedDateTime": "2027-03-01T00:00:00Z"}, 731),
        ({"duration": "P2Y", "activatedDateTime": None,
          "createdDateTime": "2027-03-01T00:00:00Z"}, 731),
        ({"duration": "P1M", "activatedDateTime": "2027-01-31T00:00:00Z"}, 28),
        ({"duration": "P1Y1M1D", "activatedDateTime": "2027-01-01T00:00:00Z"}, 397),
        ({"duration": "PT12H"}, 0.5),
        ({"duration": "P999999Y"}, UNKNOWN),
        ({"duration": "P2Y", "activatedDateTime": None, "createdDateTime": None}, UNKNOWN),
        ({"duration": "P2Y", "activatedDateTime": ABSENT}, UNKNOWN),
        ({"duration": "two years"}, UNKNOWN),
        ({"duration": "45 days"}, UNKNOWN),
        ({"duration": None}, None),
        ({"duration": ABSENT}, UNKNOWN),
    ],
)
def test_duration_by_the_calendar(changes: Mapping[str, Any], expected: Any) -> None:
    """Years and months are reckoned by the calendar from the day of activation."""
    assert relationship(changes, "durationDays") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("P180D", True), ("PT0S", False), ("P0D", False), (None, False), ("always", UNKNOWN),
     (ABSENT, UNKNOWN)],
)
def test_auto_extension(text: Any, expected: Any) -> None:
    """Durations of no length, and null, mean that nothing extends itself."""
    assert relationship({"autoExtendDuration": text}, "autoExtends") == expected


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("2026-11-30T06:00:00Z", 10),
        ("2026-11-30T05:00:00Z", 9),
        ("2026-11-19T06:00:00Z", -1),
        (None, None),
        ("9999-12-31T00:00:00Z", None),
        ("soon", UNKNOWN),
        (ABSENT, UNKNOWN),
    ],
)
def test_days_left(end: Any, expected: Any) -> None:
    """Days are whole days from the instant of judging; a date that cannot be read is unknown."""
    assert relationship({"endDateTime": end}, "daysLeft", "ageDays") == (expected, 282)


@pytest.mark.parametrize(
    ("changes", "led", "reseller"),
    [
        ({}, False, False),
        ({"displayName": "MLT_Fabrikam"}, True, False),
        ({"displayName": None}, False, False),
        ({"@odata.type": "#microsoft.graph.resellerDelegatedAdminRelationship"}, False, True),
        ({"@odata.type": ABSENT, "indirectProviderTenantId": "i"}, False, True),
        ({"@odata.type": ABSENT}, False, UNKNOWN),
    ],
)
def test_kinds(changes: Mapping[str, Any], led: Any, reseller: Any) -> None:
    """Relationships that Microsoft led, and those of resellers, are told from others."""
    assert relationship(changes, "isMicrosoftLed", "isReseller") == (led, reseller)


@pytest.mark.parametrize(
    ("details", "expected"),
    [
        (roles(DIRECTORY_READERS), ([DIRECTORY_READERS], [], False)),
        (roles(GLOBAL_ADMINISTRATOR.upper()),
         ([GLOBAL_ADMINISTRATOR], [GLOBAL_ADMINISTRATOR], True)),
        (roles("novel"), (["novel"], UNKNOWN, False)),
        ({"unifiedRoles": [{"roleDefinitionId": DIRECTORY_READERS}, {}]},
         ([DIRECTORY_READERS, UNKNOWN], UNKNOWN, UNKNOWN)),
        ({"unifiedRoles": []}, ([], [], False)),
        (ABSENT, (UNKNOWN, UNKNOWN, UNKNOWN)),
    ],
)
def test_granted_roles(details: Any, expected: Any) -> None:
    """Granted roles carry their privilege; a role that nobody knows may be privileged."""
    names = ("roleIds", "privilegedRoleIds", "hasGlobalAdministrator")

    assert relationship({"accessDetails": details}, *names) == expected


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"approved_roles": [DIRECTORY_READERS, "service support administrator"]}, []),
        ({"approved_roles": [DIRECTORY_READERS]}, [SERVICE_SUPPORT]),
        ({"approved_roles": []}, [DIRECTORY_READERS, SERVICE_SUPPORT]),
        ({}, UNKNOWN),
    ],
)
def test_unapproved_roles(parameters: Mapping[str, Any], expected: Any) -> None:
    """Roles are approved by id or by name, and unknown where nobody declared any."""
    assert relationship({}, "unapprovedRoleIds", parameters=parameters) == expected


def assignment(**changes: Any) -> dict[str, Any]:
    """Return an access assignment with changes."""
    return {k: v for k, v in {**ASSIGNMENT, **changes}.items() if v is not ABSENT}


BOTH = roles(DIRECTORY_READERS, SERVICE_SUPPORT)
EXTRA = roles(DIRECTORY_READERS, SERVICE_SUPPORT, GLOBAL_ADMINISTRATOR)


@pytest.mark.parametrize(
    ("found", "complete", "expected"),
    [
        ([], True, (0, False, [], [DIRECTORY_READERS, SERVICE_SUPPORT])),
        ([assignment(accessDetails=BOTH)], True, (1, True, [], [])),
        ([assignment()], True, (1, True, [], [SERVICE_SUPPORT])),
        ([assignment(accessDetails=EXTRA)], True, (1, True, [GLOBAL_ADMINISTRATOR], [])),
        ([assignment(accessDetails=EXTRA)], False,
         (UNKNOWN, True, [GLOBAL_ADMINISTRATOR, UNKNOWN], [])),
        ([assignment()], False, (UNKNOWN, True, UNKNOWN, UNKNOWN)),
        ([assignment(status="deleted")], True,
         (0, False, [], [DIRECTORY_READERS, SERVICE_SUPPORT])),
        ([assignment(status=ABSENT, accessDetails=BOTH)], True,
         (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)),
        ([assignment(delegatedAdminRelationshipId="other")], True,
         (0, False, [], [DIRECTORY_READERS, SERVICE_SUPPORT])),
        ([assignment(delegatedAdminRelationshipId=ABSENT)], True,
         (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)),
        ([assignment(accessDetails=ABSENT)], True, (1, True, UNKNOWN, UNKNOWN)),
    ],
)
def test_assigned_roles(found: Any, complete: bool, expected: Any) -> None:
    """Assigned and granted roles are compared; what is missing undoes nothing that is proven."""
    names = ("activeAssignmentCount", "hasActiveAssignment", "rolesAssignedNotGranted",
             "rolesGrantedNotAssigned")

    assert relationship({}, *names, assignments=found, complete=complete) == expected


def test_granted_roles_that_are_not_known() -> None:
    """An assigned role may be granted where the granted roles were not exported."""
    found = relationship({"accessDetails": ABSENT}, "rolesAssignedNotGranted",
                         assignments=[assignment()])

    assert found == UNKNOWN


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([assignment()], (["g"], [], [])),
        ([assignment(status="error")], ([], [], ["a"])),
        ([assignment(accessContainer={"accessContainerId": "u", "accessContainerType": "user"})],
         (["u"], UNKNOWN, [])),
        ([assignment(accessContainer=ABSENT)], (UNKNOWN, UNKNOWN, [])),
    ],
)
def test_holders(found: Any, expected: Any) -> None:
    """Groups of active assignments are listed; a holder of an unheard-of kind is not known."""
    names = ("groupIds", "nonGroupAssignments", "assignmentErrors")

    assert relationship({}, *names, assignments=found) == expected


def test_assignments_are_shown_in_order_of_their_ids() -> None:
    """The assignments of a relationship stand in the same order however they were exported."""
    found = relationship({}, "assignments", assignments=[
        assignment(id="b", status="error"), assignment(),
    ])

    assert found == [("a", "active", "G"), ("b", "error", "G")]
