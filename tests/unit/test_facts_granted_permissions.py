"""The fact `grantedPermissions`: what applications may do, and who stands behind them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tenantproof.context import Context
from tenantproof.facts.base import value_at
from tenantproof.shape import bundled_shapes
from tenantproof.snapshot import load_value
from tenantproof.verdict import Unknown

UNKNOWN = "?"
ABSENT = object()
GRAPH = {"id": "GRAPH", "appId": "graph-app", "displayName": "Microsoft Graph",
         "appRoles": [{"id": "R", "value": "Application.ReadWrite.All"}]}
TOOL = {"id": "TOOL", "appId": "tool-app", "displayName": "Tool", "accountEnabled": True,
        "appOwnerOrganizationId": "OTHER",
        "verifiedPublisher": {"verifiedPublisherId": "1", "displayName": "Fabrikam"}}
GRANT = {"id": "g", "clientId": "tool", "consentType": "AllPrincipals", "resourceId": "graph",
         "scope": " User.Read  Mail.ReadWrite "}
ROLE = {"id": "a", "principalId": "tool", "principalType": "ServicePrincipal",
        "resourceId": "graph", "resourceDisplayName": "Microsoft Graph", "appRoleId": "r"}
TENANT: Mapping[str, Any] = {
    "oauth2PermissionGrants": [GRANT], "appRoleAssignments": [ROLE],
    "servicePrincipals": [GRAPH, TOOL], "organization": {"id": "own"},
}


def changed(record: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record with changes; what is ABSENT is left out."""
    return {name: value for name, value in {**record, **changes}.items() if value is not ABSENT}


def found(incomplete: str = "", **given: Any) -> Any:
    """Return the fact of a tenant; a collection that is None was not exported."""
    value = {
        "format": 1, "tenant": {"id": "t"}, "exportedAt": "2026-01-01T00:00:00Z",
        "collections": {n: {"data": d, "complete": n != incomplete}
                        for n, d in {**TENANT, **given}.items() if d is not None},
    }
    snapshot = load_value(value, "t", bundled_shapes())
    return Context(snapshot, {}, snapshot.exported_at).collection("grantedPermissions")


def rows(fact: Any, *names: str) -> Any:
    """Return some properties of every record, an Unknown as a question mark."""
    return [
        tuple(UNKNOWN if isinstance(v, Unknown) else v for v in (value_at(r, n) for n in names))
        for r in fact.records
    ]


def test_a_permission_says_everything() -> None:
    """A permission is shown with its resource and its holder, one record for each name."""
    assert rows(
        found(), "id", "kind", "consentType", "permission", "permissionId", "resourceAppId",
        "resourceName", "clientId", "clientAppId", "clientName", "clientEnabled",
        "ownerOrganizationId", "isOwn", "verifiedPublisher",
    ) == [
        (f"g|{name}", "delegated", "AllPrincipals", name, None, "graph-app", "Microsoft Graph",
         "tool", "tool-app", "Tool", True, "OTHER", False, "Fabrikam")
        for name in ("User.Read", "Mail.ReadWrite")
    ] + [
        ("a|r", "application", None, "Application.ReadWrite.All", "r", "graph-app",
         "Microsoft Graph", "tool", "tool-app", "Tool", True, "OTHER", False, "Fabrikam")
    ]


@pytest.mark.parametrize(("scope", "expected"), [
    ("User.Read", ["User.Read"]),
    ("", []),
    (None, []),
    (ABSENT, [UNKNOWN]),
    (7, [UNKNOWN]),
])  # fmt: skip
def test_scopes(scope: Any, expected: Any) -> None:
    """A grant's text is split at blanks; one that cannot be read is one unknown permission."""
    fact = found(oauth2PermissionGrants=[changed(GRANT, {"scope": scope})], appRoleAssignments=[])

    assert [name for (name,) in rows(fact, "permission")] == expected


@pytest.mark.parametrize(("changes", "resource", "expected"), [
    ({"appRoleId": "x"}, GRAPH, [None]),
    ({"appRoleId": ABSENT}, GRAPH, [UNKNOWN]),
    ({}, {"id": "graph", "appId": "g"}, [UNKNOWN]),
    ({"resourceId": "nobody"}, GRAPH, [UNKNOWN]),
    ({"resourceId": None}, GRAPH, [UNKNOWN]),
    ({"principalType": "User"}, GRAPH, []),
    ({"principalType": "Group"}, GRAPH, []),
    ({"principalType": None}, GRAPH, ["Application.ReadWrite.All"]),
])  # fmt: skip
def test_application_permissions(changes: Any, resource: Any, expected: Any) -> None:
    """The resource names the permission; roles of users and groups are none."""
    fact = found(appRoleAssignments=[changed(ROLE, changes)], oauth2PermissionGrants=[],
                 servicePrincipals=[resource, TOOL])

    assert [name for (name,) in rows(fact, "permission")] == expected


HOLDER = ("clientName", "ownerOrganizationId", "isOwn", "verifiedPublisher")


@pytest.mark.parametrize(("changes", "organization", "expected"), [
    ({"appOwnerOrganizationId": "OWN"}, {"id": "own"}, ("Tool", "OWN", True, "Fabrikam")),
    ({"appOwnerOrganizationId": None}, {"id": "own"}, ("Tool", None, False, "Fabrikam")),
    ({"appOwnerOrganizationId": ABSENT}, {"id": "own"}, ("Tool", UNKNOWN, UNKNOWN, "Fabrikam")),
    ({}, None, ("Tool", "OTHER", UNKNOWN, "Fabrikam")),
    ({"verifiedPublisher": None}, {"id": "own"}, ("Tool", "OTHER", False, None)),
    ({"verifiedPublisher": {"verifiedPublisherId": None, "displayName": "x"}}, {"id": "own"},
     ("Tool", "OTHER", False, None)),
    ({"verifiedPublisher": ABSENT}, {"id": "own"}, ("Tool", "OTHER", False, UNKNOWN)),
    ({"id": "another"}, {"id": "own"}, (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)),
])  # fmt: skip
def test_who_holds_it(changes: Any, organization: Any, expected: Any) -> None:
    """The holder is a service principal of this tenant, its own or another's."""
    fact = found(servicePrincipals=[GRAPH, changed(TOOL, changes)], organization=organization,
                 oauth2PermissionGrants=[])

    assert rows(fact, *HOLDER) == [expected]


@pytest.mark.parametrize(("given", "expected"), [
    ({}, True),
    ({"servicePrincipals": None}, True),
    ({"oauth2PermissionGrants": None}, False),
    ({"appRoleAssignments": None}, False),
    ({"incomplete": "appRoleAssignments"}, False),
])  # fmt: skip
def test_completeness(given: Any, expected: bool) -> None:
    """Permissions may be missing where grants or assignments are; holders are then unknown."""
    assert found(**given).complete == expected
