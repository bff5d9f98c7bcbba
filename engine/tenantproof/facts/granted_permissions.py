"""The fact `grantedPermissions`: each permission that an application holds, with its holder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from tenantproof.collection import Collection
from tenantproof.facts.app_parts import ASSIGNMENTS, GRANTS, PRINCIPALS
from tenantproof.facts.base import (
    Fact,
    Inputs,
    by_key,
    doubt,
    fact,
    no_record,
    value_at,
    why_not,
)
from tenantproof.facts.lists import listed
from tenantproof.records import delimited, shape_of
from tenantproof.verdict import Truth, Unknown, merged

NAME: Final = "grantedPermissions"
Row = tuple[str, Mapping[str, Any]]
HOLDER: Final = {
    "clientAppId": ("appId",),
    "clientName": ("displayName",),
    "clientEnabled": ("accountEnabled",),
    "ownerOrganizationId": ("appOwnerOrganizationId",),
}


def build(inputs: Inputs) -> Collection:
    """Return one record per permission, delegated ones first, in the export's order."""
    grants, assignments = inputs.collection(GRANTS), inputs.collection(ASSIGNMENTS)
    principals = Principals(inputs)
    rows = [*_delegated(grants, principals), *_application(assignments, principals)]
    return fact(inputs.shape(NAME), rows, grants, assignments)


class Principals:
    """The tenant's service principals by id."""

    def __init__(self, inputs: Inputs) -> None:
        principals, organization = inputs.collection(PRINCIPALS), inputs.collection("organization")
        self._by_id = by_key(principals, "id")
        self._more = doubt(principals)
        self._tenant = value_at(organization.records[0], "id") if organization.records else (
            no_record(doubt(organization), organization.name, "id", "the tenant")
        )

    def find(self, key: Any) -> Struct | Unknown:
        """Return the service principal with an id, or why nothing is known of it."""
        if not isinstance(key, str):
            return why_not(key, PRINCIPALS, "id")
        found = self._by_id.get(key.casefold())
        return found[0] if found else no_record(self._more, PRINCIPALS, "id", f"`{key}`")

    def holder(self, key: Any) -> dict[str, Any]:
        """Return who holds a permission."""
        one = self.find(key)
        return {
            "clientId": key,
            **{name: value_at(one, *path) for name, path in HOLDER.items()},
            "isOwn": self._is_own(value_at(one, "appOwnerOrganizationId")),
            "verifiedPublisher": _publisher(one),
        }

    def _is_own(self, owner: Any) -> Truth:
        doubts = [one for one in (owner, self._tenant) if isinstance(one, Unknown)]
        if doubts:
            return merged(doubts)
        if not isinstance(owner, str) or not isinstance(self._tenant, str):
            return False
        return owner.casefold() == self._tenant.casefold()


def _publisher(one: Any) -> Any:
    key = value_at(one, "verifiedPublisher", "verifiedPublisherId")
    name = value_at(one, "verifiedPublisher", "displayName")
    return name if isinstance(key, str) and isinstance(name, str) else key


def _delegated(grants: Collection, principals: Principals) -> Iterator[Row]:
    for index, grant in enumerate(grants.records):
        resource = principals.find(value_at(grant, "resourceId"))
        common = {
            "kind": "delegated",
            "consentType": value_at(grant, "consentType"),
            "permissionId": None,
            "resourceAppId": value_at(resource, "appId"),
            "resourceName": value_at(resource, "displayName"),
            **principals.holder(value_at(grant, "clientId")),
        }
        for name in _scopes(grant):
            key = f"{_shown(value_at(grant, 'id'))}|{_shown(name)}"
            yield grants.pointer(index), {**common, "id": key, "permission": name}


def _scopes(grant: Struct) -> list[Any]:
    """Return the names in a grant's text; one Unknown where it cannot be read."""
    text = value_at(grant, "scope")
    if isinstance(text, Unknown):
        return [text]
    return delimited(text, shape_of(grant).properties["scope"].separator) if text else []


def _application(assignments: Collection, principals: Principals) -> Iterator[Row]:
    for index, given in enumerate(assignments.records):
        if value_at(given, "principalType") in ("User", "Group"):
            continue
        resource, role = principals.find(value_at(given, "resourceId")), value_at(
            given, "appRoleId"
        )
        yield assignments.pointer(index), {
            "id": f"{_shown(value_at(given, 'id'))}|{_shown(role)}",
            "kind": "application",
            "consentType": None,
            "permission": _role_name(resource, role),
            "permissionId": role,
            "resourceAppId": value_at(resource, "appId"),
            "resourceName": value_at(given, "resourceDisplayName"),
            **principals.holder(value_at(given, "principalId")),
        }


def _role_name(resource: Any, role: Any) -> Any:
    """Return the name that the resource gives a permission; null where it has none for it."""
    if isinstance(resource, Unknown) or not isinstance(role, str):
        return resource if isinstance(resource, Unknown) else role
    roles = listed(value_at(resource, "appRoles"))
    for one in roles.items:
        key = value_at(one, "id")
        if isinstance(key, str) and key.casefold() == role.casefold():
            return value_at(one, "value")
    return merged(roles.doubts) if roles.doubts else None


def _shown(key: Any) -> str:
    return key if isinstance(key, str) else "?"


FACT: Final = Fact(NAME, (GRANTS, ASSIGNMENTS, PRINCIPALS, "organization"), (), build)
