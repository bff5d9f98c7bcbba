"""The fact `exclusionGroups`: the groups that enabled policies leave out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from tenantproof.collection import Collection
from tenantproof.context import Context
from tenantproof.facts.base import value_at
from tenantproof.shape import bundled_shapes
from tenantproof.snapshot import load_value
from tenantproof.verdict import Unknown

USER, GROUP = "#microsoft.graph.user", "#microsoft.graph.group"
UNKNOWN = "?"
ABSENT = object()


def without(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record without the properties that were not exported."""
    return {k: v for k, v in record.items() if v is not ABSENT}


def policy(groups: Any, key: str = "p", **changes: Any) -> dict[str, Any]:
    """Return an enabled policy that leaves groups out."""
    return without({
        "id": key, "displayName": f"Policy {key}", "state": "enabled",
        "conditions": {"users": without({"excludeGroups": groups})}, **changes,
    })


def group(**changes: Any) -> dict[str, Any]:
    """Return a group that is assignable to roles and has one owner."""
    return without({
        "id": "g", "displayName": "Exempt", "groupTypes": [], "membershipRule": None,
        "isAssignableToRole": True, "onPremisesSyncEnabled": None,
        "owners": [{"id": "Ana", "@odata.type": USER}], **changes,
    })


def fact(policies: Any, **given: Any) -> Collection:
    """Return the fact of a tenant; a collection given as None was not exported."""
    data: dict[str, Any] = {
        "conditionalAccessPolicies": policies, "groups": [group()], "users": [],
        "groupMembers": [{"id": "g", "members": []}], **given,
    }
    manifest = {
        "format": 1, "tenant": {"id": "t"}, "exportedAt": "2026-11-20T06:00:00Z",
        "collections": {
            name: {"complete": False, "reason": "denied"} if records is None
            else {"complete": True, "data": records}
            for name, records in data.items()
        },
    }
    snapshot = load_value(manifest, "test", bundled_shapes())
    tenant = Context(snapshot, {}, datetime(2026, 11, 20, tzinfo=UTC))
    return tenant.collection("exclusionGroups")


def plain(value: Any) -> Any:
    """Return a value with every Unknown as a question mark."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    return UNKNOWN if isinstance(value, Unknown) else value


def rows(found: Collection, names: str) -> list[Any]:
    """Return the named properties of every record."""
    return [tuple(plain(value_at(one, n)) for n in names.split()) for one in found.records]


@pytest.mark.parametrize(
    ("policies", "expected", "complete"),
    [
        ([policy(["G"])], [("g", ["Policy p"])], True),
        ([policy(["g", "G"])], [("g", ["Policy p"])], True),
        ([policy(["g"], "q"), policy(["h", "g"])],
         [("g", ["Policy p", "Policy q"]), ("h", ["Policy p"])], True),
        ([policy(["g"], displayName=None)], [("g", ["p"])], True),
        ([policy(["g"], displayName=None, id=ABSENT)], [("g", UNKNOWN)], True),
        ([policy(["g"], state="disabled")], [], True),
        ([policy(["g"], state="enabledForReportingButNotEnforced")], [], True),
        ([policy(["g"], state=ABSENT)], [], False),
        ([policy([], state=ABSENT)], [], True),
        ([policy([])], [], True),
        ([policy(None)], [], False),
        ([policy(ABSENT)], [], False),
        ([policy(ABSENT, state="disabled")], [], True),
        (None, [], False),
    ],
)
def test_groups_of_enabled_policies(policies: Any, expected: Any, complete: bool) -> None:
    """Groups are those that an enabled policy leaves out; what may be one more is told."""
    found = fact(policies)

    assert (rows(found, "id policies"), found.complete) == (expected, complete)


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([group()], ("Exempt", True, True, False, False)),
        ([group(isAssignableToRole=None, groupTypes=["DynamicMembership"],
                onPremisesSyncEnabled=True)], ("Exempt", True, False, True, True)),
        ([group(isAssignableToRole=ABSENT)], ("Exempt", True, UNKNOWN, False, False)),
        ([], (None, False, UNKNOWN, UNKNOWN, UNKNOWN)),
        (None, (UNKNOWN,) * 5),
    ],
)
def test_the_group_itself(records: Any, expected: Any) -> None:
    """What could change who is exempt is told: a rule, another directory, any administrator."""
    names = "displayName exists isAssignableToRole isDynamic onPremisesSyncEnabled"

    assert rows(fact([policy(["g"])], groups=records), names) == [expected]


@pytest.mark.parametrize(
    ("owners", "expected"),
    [
        ([], ([], 0)),
        ([{"id": "Ana", "@odata.type": USER}], (["ana"], 1)),
        ([{"id": "ana"}, {}], (["ana", UNKNOWN], 2)),
        (ABSENT, (UNKNOWN, UNKNOWN)),
        ([{"id": f"u{n:02}"} for n in range(20)], ([*(f"u{n:02}" for n in range(20)), UNKNOWN],
                                                    20)),
    ],
)
def test_owners(owners: Any, expected: Any) -> None:
    """Owners are counted; twenty stands for twenty or more."""
    found = fact([policy(["g"])], groups=[group(owners=owners)])

    assert rows(found, "ownerIds ownerCount") == [expected]


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ([{"id": "G", "members": [{"id": "Ana", "@odata.type": USER},
                                  {"id": "h", "@odata.type": GROUP}]},
          {"id": "h", "members": [{"id": "bob", "@odata.type": USER},
                                  {"id": "g", "@odata.type": GROUP}]}], (["ana", "bob"], 2)),
        ([{"id": "g", "members": []}], ([], 0)),
        ([{"id": "g", "members": [{"id": "ana", "@odata.type": USER}, {"id": "x"}]}],
         (["ana", UNKNOWN], UNKNOWN)),
        ([], (UNKNOWN, UNKNOWN)),
        (None, (UNKNOWN, UNKNOWN)),
    ],
)
def test_members(members: Any, expected: Any) -> None:
    """Everyone in the group is exempt, through nested groups and circles too."""
    found = fact([policy(["g"])], groupMembers=members)

    assert rows(found, "memberIds memberCount") == [expected]
