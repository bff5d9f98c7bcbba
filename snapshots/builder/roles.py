"""Directory roles and who holds them: for good, for some hours, or only on request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from builder.groups import KINDS, object_id
from builder.names import Record, Tenant, ago, ahead
from builder.role_names import PRIVILEGED, ROLES

ACTIONS: Final = {
    "Global Administrator": ["microsoft.directory/users/create"],
    "Directory Readers": ["microsoft.directory/users/standard/read"],
    "License Administrator": ["microsoft.directory/users/assignLicense"],
}


@dataclass(frozen=True, slots=True)
class Holding:
    """A principal that holds a role: `assigned`, `activated` for now, `eligible`,
    or `outside` of Privileged Identity Management.
    """

    role: str
    principal: str
    how: str = "assigned"
    scope: str = "/"
    until: float | None = None

    @property
    def is_active(self) -> bool:
        """Whether the principal has the role now."""
        return self.how != "eligible"


def definitions() -> list[Record]:
    """Return the role definitions as the beta endpoint gives them, `isPrivileged` included."""
    return [_definition(name, role) for name, role in sorted(ROLES.items())]


def _definition(name: str, role: str) -> Record:
    actions = ACTIONS.get(name, ["microsoft.directory/organization/standard/read"])
    return {
        "id": role,
        "templateId": role,
        "displayName": name,
        "description": f"Built-in role {name}.",
        "isBuiltIn": True,
        "isEnabled": True,
        "isPrivileged": name in PRIVILEGED,
        "rolePermissions": [{"allowedResourceActions": actions, "condition": None}],
    }


def assignments(tenant: Tenant, holdings: Iterable[Holding]) -> list[Record]:
    """Return the active assignments, activated ones included, with their principals."""
    return [_held(tenant, holding) | {"principal": _principal(tenant, holding)}
            for holding in holdings if holding.is_active]


def _principal(tenant: Tenant, holding: Holding) -> Record:
    kind = holding.principal.partition(":")[0]
    return {"@odata.type": KINDS[kind], "id": object_id(tenant, holding.principal)}


def _held(tenant: Tenant, holding: Holding) -> Record:
    return {
        "id": tenant.guid("roleAssignment", _label(holding)),
        "principalId": object_id(tenant, holding.principal),
        "roleDefinitionId": ROLES[holding.role],
        "directoryScopeId": holding.scope,
        "appScopeId": None,
    }


def _label(holding: Holding) -> str:
    return f"{holding.role}/{holding.principal}/{holding.how}"


def assignment_instances(tenant: Tenant, holdings: Iterable[Holding]) -> list[Record]:
    """Return the active instances of role schedules."""
    return [_active(tenant, holding) for holding in holdings
            if holding.is_active and holding.how != "outside"]


def _active(tenant: Tenant, holding: Holding) -> Record:
    activated = holding.how == "activated"
    return _instance(tenant, holding) | {
        "assignmentType": "Activated" if activated else "Assigned",
        "roleAssignmentOriginId": tenant.guid("roleAssignment", _label(holding)),
        "roleAssignmentScheduleId": tenant.guid("roleSchedule", _label(holding)),
    }


def eligibility_instances(tenant: Tenant, holdings: Iterable[Holding]) -> list[Record]:
    """Return the instances of eligible assignments."""
    return [
        _instance(tenant, holding)
        | {"roleEligibilityScheduleId": tenant.guid("roleSchedule", _label(holding))}
        for holding in holdings if not holding.is_active
    ]


def _instance(tenant: Tenant, holding: Holding) -> Record:
    return _held(tenant, holding) | {
        "id": tenant.guid("roleInstance", _label(holding)),
        "memberType": "Direct",
        "startDateTime": ago(0.1) if holding.how == "activated" else ago(300),
        "endDateTime": None if holding.until is None else ahead(holding.until),
    }
