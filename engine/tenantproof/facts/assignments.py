"""Which groups got which roles of a GDAP relationship."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from msgspec import Struct

from tenantproof.collection import Collection
from tenantproof.facts.base import by_key, doubt, value_at, why_not
from tenantproof.facts.lists import Listed, joined, listed, open_list
from tenantproof.verdict import Truth, Unknown, any_true, merged

COLLECTION: Final = "delegatedAdminAccessAssignments"
GROUP: Final = "accessContainer.accessContainerId"
SECURITY_GROUP: Final = "securityGroup"


def roles_of(record: Any) -> Listed:
    """Return the ids, in lower case and sorted, of the roles in an object's access details."""
    roles = listed(value_at(record, "accessDetails", "unifiedRoles"))
    found = [value_at(role, "roleDefinitionId") for role in roles.items]
    odd = [one for one in found if isinstance(one, Unknown)]
    ids = {one.casefold() for one in found if isinstance(one, str)}
    return Listed(tuple(sorted(ids)), (*roles.odd, *odd), roles.rest)


class Assignments:
    """All access assignments by relationship."""

    def __init__(self, collection: Collection) -> None:
        self._by_relationship = by_key(collection, "delegatedAdminRelationshipId")
        homeless = (value_at(r, "delegatedAdminRelationshipId") for r in collection.records)
        self._doubts = tuple(dict.fromkeys(
            one for one in (doubt(collection), *homeless) if isinstance(one, Unknown)
        ))

    def of(self, relationship: Any) -> Listed:
        """Return the assignments of a relationship, by id, and why there may be more."""
        if not isinstance(relationship, str):
            return listed(relationship)
        found = self._by_relationship.get(relationship.casefold(), [])
        ordered = sorted(found, key=lambda record: str(value_at(record, "id")))
        return Listed(tuple(ordered), rest=self._doubts)


def assigned(found: Listed, granted: Listed) -> dict[str, Any]:
    """Return what is assigned of a relationship's roles, to whom, and what does not match."""
    active = _active(found)
    roles = joined([*map(roles_of, active.items), Listed(rest=active.doubts)])
    return {
        "assignments": open_list([_record(one) for one in found.items], found.doubts),
        "activeAssignmentCount": merged(active.doubts) if active.doubts else len(active.items),
        "hasActiveAssignment": any_true([bool(active.items), *active.doubts]),
        "assignmentErrors": _with_status(found, "error").as_property(),
        "assignedRoleIds": open_list(sorted(set(roles.texts)), roles.doubts),
        "rolesAssignedNotGranted": _missing(roles, granted),
        "rolesGrantedNotAssigned": _missing(granted, roles),
        "groupIds": _groups(active),
        "nonGroupAssignments": _not_groups(active),
    }


def _is(record: Struct, status: str) -> Truth:
    found = value_at(record, "status")
    return found == status if isinstance(found, str) else why_not(found, COLLECTION, "status")


def _active(found: Listed) -> Listed:
    truths = [(one, _is(one, "active")) for one in found.items]
    return Listed(
        tuple(one for one, truth in truths if truth is True),
        rest=(*found.doubts, *(truth for _, truth in truths if isinstance(truth, Unknown))),
    )


def _with_status(found: Listed, status: str) -> Listed:
    truths = [(one, _is(one, status)) for one in found.items]
    ids = [value_at(one, "id") for one, truth in truths if truth is True]
    doubts = [truth for _, truth in truths if isinstance(truth, Unknown)]
    return Listed(tuple(sorted(ids, key=str)), rest=(*found.doubts, *doubts))


def _missing(wanted: Listed, there: Listed) -> Any:
    """Return what is in one list and not in the other, with what is in doubt of both."""
    absent = [one for one in dict.fromkeys(sorted(wanted.texts)) if one not in there.texts]
    if absent and there.doubts:
        return merged([*wanted.doubts, *there.doubts])
    return open_list(absent, wanted.doubts)


def _record(one: Struct) -> dict[str, Any]:
    return {
        "id": value_at(one, "id"),
        "status": value_at(one, "status"),
        "groupId": value_at(one, "accessContainer", "accessContainerId"),
        "containerType": value_at(one, "accessContainer", "accessContainerType"),
        "roleIds": roles_of(one).as_property(),
    }


def _groups(active: Listed) -> Any:
    found = [value_at(one, "accessContainer", "accessContainerId") for one in active.items]
    return _open_ids(found, GROUP, active.doubts)


def _not_groups(active: Listed) -> Any:
    kinds = [(one, value_at(one, "accessContainer", "accessContainerType"))
             for one in active.items]
    doubts = [kind for _, kind in kinds if isinstance(kind, Unknown)]
    found = [value_at(one, "id") for one, kind in kinds
             if not isinstance(kind, Unknown) and kind != SECURITY_GROUP]
    return _open_ids(found, "id", [*active.doubts, *doubts])


def _open_ids(found: Iterable[Any], path: str, doubts: Iterable[Unknown]) -> Any:
    values = list(found)
    ids = {one.casefold() for one in values if isinstance(one, str)}
    odd = [why_not(one, COLLECTION, path) for one in values if not isinstance(one, str)]
    return open_list(sorted(ids), [*doubts, *odd])
