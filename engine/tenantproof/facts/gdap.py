"""The fact `gdapRelationships`: each GDAP relationship with its roles, groups and dates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from tenantproof.collection import Collection
from tenantproof.facts.assignments import Assignments, assigned, roles_of
from tenantproof.facts.base import Fact, Inputs, fact, value_at, why_not
from tenantproof.facts.lists import Listed, declared, open_list
from tenantproof.facts.roles import GLOBAL_ADMINISTRATOR, Catalogue, Role
from tenantproof.facts.spans import calendar_days, days_between, instant, is_zero
from tenantproof.shape import Shape
from tenantproof.verdict import Truth, Unknown, any_true, negated

NAME: Final = "gdapRelationships"
RELATIONSHIPS: Final = "delegatedAdminRelationships"
PENDING: Final = frozenset({"created", "approvalPending"})
OPEN: Final = frozenset({
    "approvalPending", "approved", "activating", "active", "expiring", "terminationRequested",
    "terminating",
})
COPIED: Final = {
    "id": ("id",),
    "displayName": ("displayName",),
    "customerTenantId": ("customer", "tenantId"),
    "customerName": ("customer", "displayName"),
    "status": ("status",),
    "duration": ("duration",),
    "autoExtendDuration": ("autoExtendDuration",),
    "createdDateTime": ("createdDateTime",),
    "activatedDateTime": ("activatedDateTime",),
    "endDateTime": ("endDateTime",),
}
STATES: Final = {"isActive": frozenset({"active"}), "isPending": PENDING, "isOpen": OPEN}
RESELLER: Final = "#microsoft.graph.resellerdelegatedadminrelationship"


def build(inputs: Inputs) -> Collection:
    """Return one record per relationship, ended ones included, in the export's order."""
    relationships = inputs.collection(RELATIONSHIPS)
    catalogue, approved = inputs.shared(Catalogue), declared(inputs, "approved_roles")
    assignments = Assignments(inputs.collection("delegatedAdminAccessAssignments"))
    shape = relationships.shape.record
    rows = []
    for index, one in enumerate(relationships.records):
        row = {
            **{name: value_at(one, *path) for name, path in COPIED.items()},
            **_states(one), **_dates(one, shape, inputs.as_of), **_kinds(one),
            **_roles(one, catalogue, approved),
            **assigned(assignments.of(value_at(one, "id")), roles_of(one)),
        }
        rows.append((relationships.pointer(index), row))
    return fact(inputs.shape(NAME), rows, relationships)


def _states(one: Struct) -> dict[str, Truth]:
    status = value_at(one, "status")
    if not isinstance(status, str):
        return dict.fromkeys(STATES, why_not(status, RELATIONSHIPS, "status"))
    return {name: status in words for name, words in STATES.items()}


def _dates(one: Struct, shape: Shape, as_of: datetime) -> Mapping[str, Any]:
    at = {
        name: instant(value_at(one, name), shape.properties[name])
        for name in ("createdDateTime", "activatedDateTime", "endDateTime")
    }
    start = at["createdDateTime" if at["activatedDateTime"] is None else "activatedDateTime"]
    extends = is_zero(value_at(one, "autoExtendDuration"), shape.properties["autoExtendDuration"])
    return {
        "durationDays": calendar_days(
            value_at(one, "duration"), start, shape.properties["duration"]
        ),
        "autoExtends": negated(extends),
        "daysLeft": days_between(as_of, at["endDateTime"]),
        "ageDays": days_between(at["createdDateTime"], as_of),
    }


def _kinds(one: Struct) -> dict[str, Truth]:
    name, kind = value_at(one, "displayName"), value_at(one, "@odata.type")
    provider = value_at(one, "indirectProviderTenantId")
    return {
        "isMicrosoftLed": name if isinstance(name, Unknown) else (
            isinstance(name, str) and name.casefold().startswith("mlt_")
        ),
        "isReseller": any_true([
            kind if isinstance(kind, Unknown) else (
                isinstance(kind, str) and kind.casefold() == RESELLER
            ),
            provider if isinstance(provider, Unknown) else provider is not None,
        ]),
    }


# --- roles -------------------------------------------------------------------------------------


def _roles(one: Struct, catalogue: Catalogue, approved: Listed) -> dict[str, Any]:
    ids = roles_of(one)
    roles = [catalogue.role(role) for role in ids.texts]
    records = [{"id": r.id, "name": r.name, "privileged": r.privileged} for r in roles]
    return {
        "roleIds": ids.as_property(),
        "roles": open_list(records, ids.doubts),
        "privilegedRoleIds": _where(((r, r.privileged) for r in roles), ids),
        "unapprovedRoleIds": _where(((r, _unapproved(r, approved)) for r in roles), ids),
        "hasGlobalAdministrator": ids.contains(GLOBAL_ADMINISTRATOR),
    }


def _unapproved(role: Role, approved: Listed) -> Truth:
    names = (role.id, role.name.casefold())
    return negated(any_true(approved.contains(name) for name in names))


def _where(roles: Iterable[tuple[Role, Truth]], ids: Listed) -> Any:
    found = list(roles)
    doubts = [truth for _, truth in found if isinstance(truth, Unknown)]
    return open_list([role.id for role, truth in found if truth is True], [*ids.doubts, *doubts])


FACT: Final = Fact(
    NAME,
    (RELATIONSHIPS, "delegatedAdminAccessAssignments", "roleDefinitions"),
    ("approved_roles",),
    build,
)
