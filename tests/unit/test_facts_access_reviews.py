"""The fact `accessReviews`: of whom, how often, and whether at all."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tenantproof.context import Context
from tenantproof.facts.base import value_at
from tenantproof.shape import bundled_shapes
from tenantproof.snapshot import load_value
from tenantproof.verdict import Unknown

UNKNOWN = "?"
ABSENT = object()
QUERY = "#microsoft.graph.accessReviewQueryScope"
INACTIVE = "#microsoft.graph.accessReviewInactiveUsersQueryScope"
BOTH = "#microsoft.graph.principalResourceMembershipsScope"
ROLE = "/roleManagement/directory/roleDefinitions/R"
GROUP = "/groups/G/transitiveMembers"


def recurring(
    kind: Any, interval: Any, end: Any = ABSENT, of: str = "endDate"
) -> dict[str, Any]:
    """Return settings of a series, with a last day where one is given."""
    found = {"pattern": {"type": kind, "interval": interval}, "range": {"type": "noEnd"}}
    if end is not ABSENT:
        found["range"] = {"type": of, "endDate": end}
    return {"recurrence": found}


def review(*names: str, **changes: Any) -> Any:
    """Return properties of a quarterly review that runs."""
    record = {"id": "d", "displayName": "Review", "status": "InProgress",
              "scope": {"@odata.type": QUERY, "query": ROLE},
              "settings": recurring("absoluteMonthly", 3), **changes}
    data = [{k: v for k, v in record.items() if v is not ABSENT}]
    manifest = {
        "format": 1, "tenant": {"id": "t"}, "exportedAt": "2026-11-20T06:00:00Z",
        "collections": {"accessReviewDefinitions": {"complete": True, "data": data}},
    }
    snapshot = load_value(manifest, "test", bundled_shapes())
    tenant = Context(snapshot, {}, datetime(2026, 11, 20, tzinfo=UTC))
    found = tuple(
        plain(value_at(tenant.collection("accessReviews").records[0], name)) for name in names
    )
    return found[0] if len(names) == 1 else found


def plain(value: Any) -> Any:
    """Return a value with every Unknown as a question mark."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    return UNKNOWN if isinstance(value, Unknown) else value


def test_names() -> None:
    """A review keeps its id, name and status."""
    assert review("id", "displayName", "status") == ("d", "Review", "InProgress")


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (recurring("absoluteMonthly", 3), (90, True)),
        (recurring("absoluteMonthly", 4), (120, False)),
        (recurring("relativeMonthly", 1), (30, True)),
        (recurring("weekly", 13), (91, True)),
        (recurring("weekly", 14), (98, False)),
        (recurring("daily", 1), (1, True)),
        (recurring("absoluteYearly", 1), (365, False)),
        (recurring("absoluteMonthly", 0), (UNKNOWN, UNKNOWN)),
        (recurring("absoluteMonthly", None), (UNKNOWN, UNKNOWN)),
        (recurring(None, 3), (UNKNOWN, UNKNOWN)),
        (recurring("novel", 3), (UNKNOWN, UNKNOWN)),
        ({"recurrence": None}, (None, False)),
        (None, (None, False)),
        (ABSENT, (UNKNOWN, UNKNOWN)),
    ],
)
def test_how_often(settings: Any, expected: Any) -> None:
    """A review that is held once is not quarterly, and an interval that is not said is unknown."""
    assert review("intervalDays", "isQuarterly", settings=settings) == expected


@pytest.mark.parametrize(
    ("status", "settings", "expected"),
    [
        ("InProgress", recurring("weekly", 1), (True, True)),
        ("notStarted", recurring("weekly", 1), (True, True)),
        ("Completed", recurring("weekly", 1), (False, False)),
        ("Applied", recurring("weekly", 1), (False, False)),
        (None, recurring("weekly", 1), (UNKNOWN, UNKNOWN)),
        (ABSENT, recurring("weekly", 1), (UNKNOWN, UNKNOWN)),
        ("InProgress", recurring("weekly", 1, "2026-11-19"), (False, False)),
        ("InProgress", recurring("weekly", 1, "2026-11-20"), (True, True)),
        ("InProgress", recurring("weekly", 1, "9999-12-31", "noEnd"), (True, True)),
        ("InProgress", recurring("weekly", 1, None), (UNKNOWN, UNKNOWN)),
        ("InProgress", {"recurrence": {"pattern": {"type": "weekly", "interval": 1}}},
         (UNKNOWN, UNKNOWN)),
        ("Completed", ABSENT, (False, False)),
    ],
)
def test_whether_it_runs(status: Any, settings: Any, expected: Any) -> None:
    """A review that is over, or whose series has ended, is not open."""
    assert review("isOpen", "isQuarterly", status=status, settings=settings) == expected


def everybody(*queries: Any, of: Any = "/users") -> dict[str, Any]:
    """Return the scope of some people's access to resources."""
    return {"@odata.type": BOTH, "principalScopes": [{"query": of}],
            "resourceScopes": [{"query": one} for one in queries]}


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ({"@odata.type": QUERY, "query": ROLE}, (["r"], [])),
        ({"@odata.type": QUERY, "query": f"/beta{ROLE}"}, (["r"], [])),
        ({"@odata.type": QUERY, "query": GROUP}, ([], ["g"])),
        ({"@odata.type": QUERY, "query": "/v1.0/groups/G/members/microsoft.graph.user/"},
         ([], ["g"])),
        ({"@odata.type": QUERY, "query": f"{GROUP}/microsoft.graph.user/?$count=true"},
         ([], ["g"])),
        ({"@odata.type": QUERY, "query": f"{GROUP}/?$filter=(userType eq 'Guest')"}, ([], [])),
        ({"@odata.type": QUERY, "query":
          f"{GROUP}/microsoft.graph.user/?$count=true&$filter=(userType eq 'Guest')"}, ([], [])),
        ({"@odata.type": QUERY, "query":
          "/roleManagement/directory/roleEligibilityScheduleInstances?$expand=principal"
          "&$filter=(isof(principal,'microsoft.graph.user') and roleDefinitionId eq 'R')"},
         ([], [])),
        ({"@odata.type": INACTIVE, "query": GROUP}, ([], [])),
        ({"query": GROUP}, (UNKNOWN, UNKNOWN)),
        ({"@odata.type": QUERY, "query": None}, ([], [])),
        ({"@odata.type": QUERY}, (UNKNOWN, UNKNOWN)),
        (everybody(ROLE, GROUP), (["r"], ["g"])),
        (everybody(ROLE, of="/v1.0/users/"), (["r"], [])),
        (everybody(ROLE, of="/users?$filter=(userType eq 'Guest')"), ([], [])),
        (everybody(ROLE, of="/users/ana"), ([], [])),
        ({"@odata.type": BOTH, "resourceScopes": [{"query": ROLE}]}, (UNKNOWN, UNKNOWN)),
        ({"@odata.type": BOTH, "principalScopes": [{}], "resourceScopes": [{"query": ROLE}]},
         (UNKNOWN, UNKNOWN)),
        ({"@odata.type": BOTH, "principalScopes": [{"query": "/users"}],
          "resourceScopes": [{"query": ROLE}, {}]}, (["r", UNKNOWN], UNKNOWN)),
        ({"@odata.type": BOTH, "principalScopes": [{"query": "/users"}]}, (UNKNOWN, UNKNOWN)),
        (ABSENT, (UNKNOWN, UNKNOWN)),
    ],
)
def test_of_whom(scope: Any, expected: Any) -> None:
    """A review counts for a role or group only where all its holders or members are looked at."""
    assert review("roleIds", "groupIds", scope=scope) == expected
