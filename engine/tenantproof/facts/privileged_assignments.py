"""The fact `privilegedAssignments`: who holds a privileged role, until when, and through what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from tenantproof.collection import Collection
from tenantproof.facts.account_parts import Records
from tenantproof.facts.base import Fact, Inputs, doubt, value_at, value_if_known
from tenantproof.facts.group_parts import open_fact
from tenantproof.facts.groups import INPUTS as GROUPS
from tenantproof.facts.groups import KINDS, Groups
from tenantproof.facts.role_units import (
    ASSIGNMENTS,
    ELIGIBLE,
    INSTANCES,
    Unit,
    Units,
    active_units,
    eligible_units,
)
from tenantproof.facts.roles import GLOBAL_ADMINISTRATOR, Catalogue
from tenantproof.verdict import Unknown, Why, merged, unknown

NAME: Final = "privilegedAssignments"
PRINCIPALS: Final = {**KINDS, "microsoft.graph.serviceprincipal": "servicePrincipal"}
INHERITED: Final = frozenset({"group", "inherited"})
FLAGS: Final = (
    "accountEnabled", "isGuest", "isExternal", "isEmergencyAccount", "isServiceAccount",
    "isSynchronisationAccount", "isPartnerAgent", "onPremisesSyncEnabled",
)


class Way(Struct, frozen=True):
    """One user who holds a role by an assignment, through these groups (the outermost first).

    The user is null where the assignment reaches nobody, and an Unknown where that is open.
    """

    user: Any
    via: Any = ()


class Principals:
    """Who the holders of roles are."""

    def __init__(self, inputs: Inputs) -> None:
        self.groups = inputs.shared(Groups)
        self.accounts = Records(inputs, "accounts")
        applications = inputs.collection("servicePrincipals")
        self._by_kind = {
            "user": inputs.index("users", "id"),
            "group": inputs.index("groups", "id"),
            "servicePrincipal": inputs.index("servicePrincipals", "id"),
        }
        self._expanded = dict(_expanded(inputs.collection(ASSIGNMENTS)))
        whole = doubt(applications)
        self._more = [*self.groups.doubts, *([] if whole is None else [whole])]

    def kind(self, who: str) -> Any:
        """Return the kind of a principal, null where nothing has its id, or an Unknown."""
        stated = value_at(self._expanded.get(who), "@odata.type")
        if isinstance(stated, str):
            return PRINCIPALS.get(stated.lstrip("#").casefold())
        found = [kind for kind, records in self._by_kind.items() if who in records]
        if found:
            return found[0]
        return merged(self._more) if self._more else None

    def name(self, who: str) -> str:
        """Return the name of a principal; its id where no name is known."""
        named = [(self._expanded.get(who), "userPrincipalName"),
                 (self._expanded.get(who), "displayName")]
        for kind, records in self._by_kind.items():
            word = "userPrincipalName" if kind == "user" else "displayName"
            named += [(record, word) for record in records.get(who, [])]
        names = (value_at(record, word) for record, word in reversed(named))
        return next((name for name in names if isinstance(name, str)), who)


def _expanded(assignments: Collection) -> Iterator[tuple[str, Struct]]:
    for record in assignments.records:
        who, principal = value_at(record, "principalId"), value_if_known(record, "principal")
        if isinstance(who, str) and isinstance(principal, Struct):
            yield who.casefold(), principal


def build(inputs: Inputs) -> Collection:
    """Return one record per holder, role, scope and way: active ones first, in export order."""
    catalogue, principals = inputs.shared(Catalogue), Principals(inputs)
    active, eligible = active_units(inputs, catalogue), eligible_units(inputs, catalogue)
    doubts = [*active.doubts, *eligible.doubts]
    rows: dict[str, tuple[str, Mapping[str, Any]]] = {}
    for units in (active, eligible):
        for unit, kind, way in _ways(units, principals, doubts):
            row = _row(unit, kind, way, principals)
            rows.setdefault(row["id"], (unit.pointer, row))
    return open_fact(inputs.shape(NAME), rows.values(), doubts)


def _ways(
    units: Units, principals: Principals, doubts: list[Unknown]
) -> Iterator[tuple[Unit, Any, Way]]:
    """Yield every assignment with its kind of principal and its users; note what is open."""
    through_groups: set[tuple[str, str, str]] = set()
    told_by_group: list[tuple[Unit, Any]] = []
    for unit in units.found:
        kind = principals.kind(unit.principal)
        if kind == "user" and _is_inherited(unit):
            told_by_group.append((unit, kind))
            continue
        for way in _of(unit, kind, principals, doubts):
            if way.via:
                through_groups.add((way.user, unit.role.id, str(unit.scope)))
            yield unit, kind, way
    for unit, kind in told_by_group:
        named = (unit.principal, unit.role.id, str(unit.scope)) in through_groups
        if not named or _is_activated(unit):
            yield unit, kind, Way(unit.principal, _some_group())


def _is_inherited(unit: Unit) -> bool:
    return isinstance(unit.member_type, str) and unit.member_type.casefold() in INHERITED


def _is_activated(unit: Unit) -> bool:
    kind = unit.assignment_type
    return isinstance(kind, str) and kind.casefold() == "activated"


def _some_group() -> Unknown:
    return unknown(Why.UNDETERMINED, INSTANCES, "memberType", "a group that is not named")


def _of(
    unit: Unit, kind: Any, principals: Principals, doubts: list[Unknown]
) -> Iterator[Way]:
    """Yield whom an assignment reaches; nobody, where it is a service principal or empty group."""
    if kind == "user":
        yield Way(unit.principal)
    elif kind == "group":
        yield from _in_group(unit.principal, principals.groups, doubts)
    elif isinstance(kind, Unknown):
        doubts.extend(principals.groups.doubts)
        yield Way(kind)
    else:
        yield Way(None)


def _in_group(group: str, groups: Groups, doubts: list[Unknown]) -> Iterator[Way]:
    members = groups.members(group)
    doubts.extend(members.doubts)
    chains: dict[str, tuple[str, ...]] = {}
    for user, place in sorted(members.found_in.items()):
        if place not in chains:
            chains[place] = tuple(members.chain(user))
        yield Way(user, chains[place])
    if not members.found_in:
        yield Way(merged(members.doubts) if members.doubts else None, (group,))


# --- one record --------------------------------------------------------------------------------


def _row(unit: Unit, kind: Any, way: Way, principals: Principals) -> dict[str, Any]:
    open_via = isinstance(way.via, Unknown)
    name = principals.name(unit.principal)
    return {
        "id": _id(unit, way),
        "principalId": unit.principal,
        "principalName": name,
        "principalType": kind,
        "userId": way.user,
        "userPrincipalName": principals.accounts.value(way.user, "userPrincipalName"),
        "holderName": principals.name(way.user) if isinstance(way.user, str) else name,
        **_of_unit(unit),
        "via": way.via if open_via else list(way.via),
        "viaNames": way.via if open_via else [principals.groups.name(one) for one in way.via],
        **{flag: principals.accounts.value(way.user, flag) for flag in FLAGS},
    }


def _id(unit: Unit, way: Way) -> str:
    state = "active" if unit.is_active else "eligible"
    parts = (unit.scope, way.user, unit.assignment_type, unit.member_type, unit.end,
             unit.through_pim)
    return " ".join([state, unit.principal, unit.role.id, *map(_word, parts)])


def _word(value: Any) -> str:
    return "?" if isinstance(value, Unknown) else "-" if value is None else str(value).casefold()


def _of_unit(unit: Unit) -> dict[str, Any]:
    return {
        "roleId": unit.role.id,
        "roleName": unit.role.name,
        "isPrivileged": unit.role.privileged,
        "isGlobalAdministrator": unit.role.id == GLOBAL_ADMINISTRATOR,
        "isActive": unit.is_active,
        "isEligible": not unit.is_active,
        "isPermanent": unit.is_permanent,
        "endDateTime": unit.end,
        "assignmentType": unit.assignment_type,
        "memberType": unit.member_type,
        "scope": unit.scope,
        "throughPim": unit.through_pim,
    }


FACT: Final = Fact(
    NAME,
    ("accounts", "roleDefinitions", "servicePrincipals", ASSIGNMENTS, INSTANCES, ELIGIBLE,
     *GROUPS),
    (),
    build,
)
