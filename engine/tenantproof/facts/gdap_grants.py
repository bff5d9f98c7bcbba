"""The fact `gdapGrants`: each role of each GDAP relationship."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from tenantproof.collection import Collection
from tenantproof.facts.base import Fact, Inputs, value_at, why_not
from tenantproof.facts.group_parts import open_fact
from tenantproof.facts.lists import Listed, declared, listed, open_list
from tenantproof.records import POINTER_FIELD
from tenantproof.verdict import Truth, Unknown, all_true, any_true

NAME: Final = "gdapGrants"
SOURCE: Final = "gdapRelationships"
COPIED: Final = {
    "relationshipId": "id", "relationshipName": "displayName",
    "customerTenantId": "customerTenantId", "customerName": "customerName", "status": "status",
    "isActive": "isActive", "isOpen": "isOpen", "endDateTime": "endDateTime",
    "autoExtends": "autoExtends", "durationDays": "durationDays",
}


def build(inputs: Inputs) -> Collection:
    """Return one record per relationship and role, in the order of the relationships."""
    relationships = inputs.collection(SOURCE)
    approved = declared(inputs, "approved_roles")
    rows: list[tuple[str, Mapping[str, Any]]] = []
    unread: list[Unknown] = []
    for one in relationships.records:
        roles = listed(value_at(one, "roles"))
        unread.extend(roles.doubts)
        pointer = str(getattr(one, POINTER_FIELD))
        rows.extend((pointer, _row(one, role, approved)) for role in roles.items)
    return open_fact(inputs.shape(NAME), rows, unread, relationships)


def _row(one: Struct, role: Struct, approved: Listed) -> Mapping[str, Any]:
    key, name = value_at(role, "id"), value_at(role, "name")
    return {
        "id": f"{value_at(one, 'id')} {key}",
        **{name: value_at(one, source) for name, source in COPIED.items()},
        "roleId": key,
        "roleName": name,
        "isPrivileged": value_at(role, "privileged"),
        "isApproved": any_true(approved.contains(word) for word in (key, name.casefold())),
        "isAssigned": listed(value_at(one, "assignedRoleIds")).contains(key),
        "groupIds": _groups(one, key),
    }


def _groups(one: Struct, role: str) -> Any:
    """Return the groups of the active assignments that carry a role."""
    assignments = listed(value_at(one, "assignments"))
    found = list(_holders(assignments, role))
    doubts = [group for group in found if isinstance(group, Unknown)]
    groups = {group for group in found if isinstance(group, str)}
    return open_list(sorted(groups), [*doubts, *assignments.doubts])


def _holders(assignments: Listed, role: str) -> Iterator[str | Unknown]:
    for assignment in assignments.items:
        carries = all_true([
            is_active(assignment), listed(value_at(assignment, "roleIds")).contains(role),
        ])
        group = value_at(assignment, "groupId")
        if isinstance(carries, Unknown):
            yield carries
        elif carries:
            yield group.casefold() if isinstance(group, str) else why_not(
                group, "delegatedAdminAccessAssignments", "accessContainer.accessContainerId"
            )


def is_active(assignment: Struct) -> Truth:
    """Tell whether an access assignment of a relationship gives access now."""
    status = value_at(assignment, "status")
    return status == "active" if isinstance(status, str) else why_not(
        status, "delegatedAdminAccessAssignments", "status"
    )


FACT: Final = Fact(NAME, (SOURCE,), ("approved_roles",), build)
