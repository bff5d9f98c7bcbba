"""Parts of an application: what it asks for, what it was given, its credentials and owners."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from tenantproof.facts.base import Inputs, by_key, doubt, value_at, why_not
from tenantproof.facts.lists import Listed, joined, listed
from tenantproof.facts.spans import instant
from tenantproof.records import shape_of
from tenantproof.verdict import Truth, Unknown, any_true, merged

APPLICATIONS: Final = "applications"
PRINCIPALS: Final = "servicePrincipals"
ASSIGNMENTS: Final = "appRoleAssignments"
GRANTS: Final = "oauth2PermissionGrants"
PARTNER_CENTER: Final = "fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd"
KINDS: Final = {"passwordCredentials": "password", "keyCredentials": "certificate"}


def count(value: Any) -> Any:
    """Return the length of a list; an Unknown where it is not wholly known."""
    found = listed(value)
    return merged(found.rest) if found.rest else len(found.items) + len(found.odd)


def owner_count(holder: Struct) -> Any:
    """Return how many owners an application or service principal has."""
    return count(value_at(holder, "owners"))


def texts(values: Iterator[Any], path: str, rest: tuple[Unknown, ...] = ()) -> Listed:
    """Return ids in lower case, sorted, each once; what is no text is in doubt."""
    found = list(values)
    ids = {one.casefold() for one in found if isinstance(one, str)}
    odd = tuple(why_not(one, APPLICATIONS, path) for one in found if not isinstance(one, str))
    return Listed(tuple(sorted(ids)), odd, rest)


# --- what a registration asks for --------------------------------------------------------------


def resources(application: Struct) -> Listed:
    """Return the application ids of the resources on which an application asks for permissions."""
    asked = listed(value_at(application, "requiredResourceAccess"))
    found = (value_at(one, "resourceAppId") for one in asked.items)
    return texts(found, "requiredResourceAccess.resourceAppId", asked.doubts)


def permissions(application: Struct) -> Listed:
    """Return the ids of the permissions that an application asks for."""
    asked = listed(value_at(application, "requiredResourceAccess"))
    each = joined(listed(value_at(one, "resourceAccess")) for one in asked.items)
    found = (value_at(one, "id") for one in each.items)
    return texts(
        found, "requiredResourceAccess.resourceAccess.id", (*asked.doubts, *each.doubts)
    )


def uses_partner_center(application: Struct) -> Truth:
    """Tell whether an application asks for permissions on Partner Center."""
    return resources(application).contains(PARTNER_CENTER)


# --- what a service principal was given --------------------------------------------------------


class Given:
    """Permissions of service principals, and those of them that are on Partner Center."""

    def __init__(self, inputs: Inputs) -> None:
        principals, assignments, grants = (
            inputs.collection(name) for name in (PRINCIPALS, ASSIGNMENTS, GRANTS)
        )
        self._assignments = by_key(assignments, "principalId")
        self._grants = by_key(grants, "clientId")
        self._more_assignments = _reasons(doubt(assignments))
        self._more = [*self._more_assignments, *_reasons(doubt(grants))]
        itself = by_key(principals, "appId").get(PARTNER_CENTER, [])
        found = (value_at(one, "id") for one in itself)
        self._partner_center = texts(found, "id", _reasons(doubt(principals)))

    def permissions(self, principal: str) -> Listed:
        """Return the application permissions of a service principal, by id in lower case."""
        found = (value_at(one, "appRoleId") for one in self._assignments.get(principal, ()))
        return texts(found, "appRoleId", self._more_assignments)

    def reaches_partner_center(self, principal: str) -> Truth:
        """Tell whether a service principal was given anything on Partner Center."""
        given = [*self._assignments.get(principal, ()), *self._grants.get(principal, ())]
        return any_true([*map(self._is_on_partner_center, given), *self._more])

    def _is_on_partner_center(self, given: Struct) -> Truth:
        resource = value_at(given, "resourceId")
        if isinstance(resource, str):
            return self._partner_center.contains(resource.casefold())
        return why_not(resource, PRINCIPALS, "resourceId")


def _reasons(one: Unknown | None) -> tuple[Unknown, ...]:
    return () if one is None else (one,)


# --- credentials -------------------------------------------------------------------------------


def credentials(holder: Struct, kind: str) -> Listed:
    """Return the secrets (`passwordCredentials`) or certificates (`keyCredentials`) of a holder."""
    return listed(value_at(holder, kind))


def moment(credential: Any, name: str) -> datetime | Unknown | None:
    """Return the start or end of a credential; None where there is none."""
    return instant(value_at(credential, name), shape_of(credential).properties[name])


def is_expired(credential: Any, as_of: datetime) -> Truth:
    """Tell whether a credential's end has passed; one without an end never expires."""
    end = moment(credential, "endDateTime")
    if isinstance(end, Unknown):
        return end
    return end is not None and end < as_of


def signs_in(credential: Any, kind: str) -> Truth:
    """Tell whether a credential is for signing in: every secret is, and no signing certificate."""
    if kind == "passwordCredentials":
        return True
    usage = value_at(credential, "usage")
    return usage if isinstance(usage, Unknown) else usage != "Sign"


