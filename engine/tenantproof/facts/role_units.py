"""Role assignments one by one: active ones, told by two collections together, and eligible ones.

A role assignment says who holds what; Privileged Identity Management's instance of it says since
when, until when and whether it was activated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from tenantproof.collection import Collection
from tenantproof.facts.base import Inputs, doubt, value_at, why_not
from tenantproof.facts.roles import Catalogue, Role
from tenantproof.language.instants import means_never
from tenantproof.verdict import Truth, Unknown, all_true, any_true, merged

ASSIGNMENTS: Final = "roleAssignments"
INSTANCES: Final = "roleAssignmentScheduleInstances"
ELIGIBLE: Final = "roleEligibilityScheduleInstances"


class Unit(Struct, frozen=True):
    """One assignment of a role to a principal (by id in lower case), as it was made."""

    pointer: str
    principal: str
    role: Role
    scope: Any
    is_active: bool
    assignment_type: Any
    member_type: Any
    end: Any
    is_permanent: Truth
    through_pim: Truth


class Units(Struct, frozen=True):
    """Assignments, and why there may be more."""

    found: tuple[Unit, ...]
    doubts: tuple[Unknown, ...]


def active_units(inputs: Inputs, catalogue: Catalogue) -> Units:
    """Return the active assignments; to know all of every one takes both collections."""
    assignments, instances = inputs.collection(ASSIGNMENTS), inputs.collection(INSTANCES)
    open_ = [*_of(doubt(assignments)), *_of(doubt(instances))]
    timed = _units(instances, catalogue, _of_instance)
    plain = _units(assignments, catalogue, _of_assignment)
    by_holder: dict[tuple[str, str], list[Unit]] = {}
    for unit in timed.found:
        by_holder.setdefault((unit.principal, unit.role.id), []).append(unit)
    rest = _without_instance(plain, by_holder, [*timed.doubts, *_of(doubt(instances))])
    return Units((*timed.found, *rest), (*timed.doubts, *plain.doubts, *open_))


def eligible_units(inputs: Inputs, catalogue: Catalogue) -> Units:
    """Return the assignments that their holders may activate."""
    collection = inputs.collection(ELIGIBLE)
    found = _units(collection, catalogue, _of_eligibility)
    return Units(found.found, (*found.doubts, *_of(doubt(collection))))


def _of(open_: Unknown | None) -> list[Unknown]:
    return [] if open_ is None else [open_]


def _units(collection: Collection, catalogue: Catalogue, read: Any) -> Units:
    """Return a collection's assignments of roles that are, or may be, privileged."""
    found: list[Unit] = []
    doubts: list[Unknown] = []
    for index, record in enumerate(collection.records):
        key, who = value_at(record, "roleDefinitionId"), value_at(record, "principalId")
        role = catalogue.role(key) if isinstance(key, str) else None
        if role is not None and role.privileged is False:
            continue
        if role is None:
            doubts.append(why_not(key, collection.name, "roleDefinitionId"))
        elif not isinstance(who, str):
            doubts.append(why_not(who, collection.name, "principalId"))
        else:
            details = read(record, collection.name)
            pointer = collection.pointer(index)
            found.append(Unit(pointer, who.casefold(), role, _scope(record), **details))
    return Units(tuple(found), tuple(dict.fromkeys(doubts)))


def _scope(record: Struct) -> Any:
    scope, app = value_at(record, "directoryScopeId"), value_at(record, "appScopeId")
    return app if scope is None and isinstance(app, str) else scope


# --- what each kind of record says --------------------------------------------------------------


def _of_instance(record: Struct, name: str) -> Mapping[str, Any]:
    start, end = value_at(record, "startDateTime"), value_at(record, "endDateTime")
    kind = value_at(record, "assignmentType")
    return {
        "is_active": True, "assignment_type": kind, "member_type": value_at(record, "memberType"),
        "end": end, "is_permanent": all_true([_is_standing(kind, name), _is_endless(end)]),
        "through_pim": start if isinstance(start, Unknown) else start is not None,
    }


def _of_assignment(record: Struct, name: str) -> Mapping[str, Any]:
    """An assignment that Privileged Identity Management does not know has no end."""
    return {
        "is_active": True, "assignment_type": None, "member_type": None, "end": None,
        "is_permanent": True, "through_pim": False,
    }


def _of_eligibility(record: Struct, name: str) -> Mapping[str, Any]:
    end = value_at(record, "endDateTime")
    return {
        "is_active": False, "assignment_type": None,
        "member_type": value_at(record, "memberType"),
        "end": end, "is_permanent": _is_endless(end), "through_pim": True,
    }


def _is_standing(kind: Any, name: str) -> Truth:
    return kind.casefold() == "assigned" if isinstance(kind, str) else why_not(
        kind, name, "assignmentType"
    )


def _is_endless(end: Any) -> Truth:
    if isinstance(end, Unknown):
        return end
    return end is None or means_never(end)


# --- assignments without an instance ------------------------------------------------------------


def _without_instance(
    plain: Units, by_holder: Mapping[tuple[str, str], list[Unit]], more: list[Unknown]
) -> Iterator[Unit]:
    """Yield the assignments that no instance stands for; where that is open, without details."""
    for unit in plain.found:
        there = by_holder.get((unit.principal, unit.role.id), [])
        known = any_true([*(_same(unit.scope, one.scope) for one in there), *more])
        if known is False:
            yield unit
        elif isinstance(known, Unknown):
            yield replace(
                unit, assignment_type=known, member_type=known, end=known, is_permanent=known,
                through_pim=known,
            )


def _same(one: Any, other: Any) -> Truth:
    doubts = [scope for scope in (one, other) if isinstance(scope, Unknown)]
    if doubts:
        return merged(doubts)
    return str(one).casefold() == str(other).casefold()
