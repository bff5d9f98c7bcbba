"""Entra roles by id, and who holds them: active and eligible, directly and through groups."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from tenantproof.collection import Collection
from tenantproof.facts.base import Inputs, doubt, no_record, value_at, value_if_known, why_not
from tenantproof.facts.groups import Groups, ids
from tenantproof.verdict import Truth, Unknown, all_true, any_true, merged, negated

GLOBAL_ADMINISTRATOR: Final = "62e90394-69f5-4237-9190-012177145e10"
# Directory Synchronization Accounts, and On Premises Directory Sync Account.
SYNCHRONISATION_ROLES: Final = frozenset({
    "d29b2b05-8046-44ba-8758-1e26182fcf32", "a92aed5d-d78a-4d16-b381-09adb37eb3b0",
})
SOME_GROUP: Final = "a group"  # an instance says that there is one, but not which
ACTIVE: Final = ("roleAssignments", "roleAssignmentScheduleInstances")
ELIGIBLE: Final = ("roleEligibilityScheduleInstances",)
INPUTS: Final = ("roleDefinitions", "servicePrincipals", *ACTIVE)


class Role(Struct, frozen=True):
    """A role by template id in lower case; a custom role has its own id."""

    id: str
    name: str
    privileged: Truth


class Catalogue:
    """The roles of a tenant: what the export says of them, else the built-in roles as published.

    Whether a role is privileged changes over time, so the export's own flag comes first.
    """

    def __init__(self, inputs: Inputs) -> None:
        definitions = inputs.collection("roleDefinitions")
        index = inputs.index("roleDefinitions", "id")
        self._live = {key: records[0] for key, records in index.items()}
        self._doubt = doubt(definitions)

    def role(self, key: str) -> Role:
        """Return a role by template or definition id, in any case."""
        record = self._live.get(key.casefold())
        template = value_at(record, "templateId")
        role = (template if isinstance(template, str) else key).casefold()
        known = built_in().get(role)
        name = value_at(record, "displayName")
        return Role(
            role,
            known[0] if known else (name if isinstance(name, str) else role),
            self._privileged(key, record, known),
        )

    def is_built_in(self, key: str) -> Truth:
        """Tell whether a role is one of Microsoft's: policies cannot be for any other."""
        record = self._live.get(key.casefold())
        stated = value_at(record, "isBuiltIn")
        if isinstance(stated, bool):
            return stated
        template = value_at(record, "templateId")
        if (template if isinstance(template, str) else key).casefold() in built_in():
            return True
        if isinstance(stated, Unknown):
            return stated
        return no_record(self._doubt, "roleDefinitions", "isBuiltIn", f"the role `{key}`")

    def _privileged(
        self, key: str, record: Struct | None, known: tuple[str, bool] | None
    ) -> Truth:
        live = value_at(record, "isPrivileged")
        if isinstance(live, bool):
            return live
        if known is not None:
            return known[1]
        if isinstance(live, Unknown):
            return live
        return no_record(self._doubt, "roleDefinitions", "isPrivileged", f"the role `{key}`")


@cache
def built_in() -> dict[str, tuple[str, bool]]:
    """Return name and privilege of each built-in role by template id.

    Microsoft's list of built-in roles as it stood on 2026-07-23.
    """
    text = Path(__file__).with_name("entra_roles.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {r["template_id"]: (r["name"], r["is_privileged"] == "true") for r in rows}


class Holding(Struct, frozen=True):
    """A role that a user holds: where, and through which groups (empty: directly)."""

    user: str
    role: Role
    scope: Any
    via: str

    def tenant_wide(self) -> Truth:
        """Tell whether the assignment is for the whole tenant and no unit, object or app."""
        return is_wide(self.scope)


def is_wide(scope: Any) -> Truth:
    """Tell whether the scope of an assignment is the whole tenant."""
    if isinstance(scope, str):
        return scope == "/"
    return why_not(scope, ACTIVE[0], "directoryScopeId")


class Gap(Struct, frozen=True):
    """Users that are not known may hold a role; None stands for any role.

    `wide` tells whether they would hold it for the whole tenant.
    """

    role: Role | None
    doubt: Unknown
    wide: Truth = True


class Holdings(Struct, frozen=True):
    """Who holds which role, and where the export leaves that open."""

    by_user: dict[str, list[Holding]]
    by_role: dict[str, list[Holding]]
    gaps: tuple[Gap, ...]

    def of(self, user: str) -> list[Holding]:
        """Return what a user, given by id in lower case, holds for certain."""
        return self.by_user.get(user, [])

    def doubts(self, role: str | None = None) -> list[Unknown]:
        """Return why more users may hold a role, or (None) any role at all."""
        return [
            gap.doubt for gap in self.gaps
            if role is None or gap.role is None or gap.role.id == role
        ]

    def wide_doubts(self, role: str) -> list[Unknown]:
        """Return why more users may hold a role for the whole tenant."""
        return [
            gap.doubt for gap in self.gaps
            if gap.wide is not False and (gap.role is None or gap.role.id == role)
        ]

    def holds(self, user: str, role: str) -> Truth:
        """Tell whether a user holds a role, at whatever scope."""
        if any(holding.role.id == role for holding in self.of(user)):
            return True
        open_ = self.doubts(role)
        return merged(open_) if open_ else False

    def joined(self, other: Holdings) -> Holdings:
        """Return what users hold here or there."""
        return Holdings(
            _both(self.by_user, other.by_user), _both(self.by_role, other.by_role),
            tuple(dict.fromkeys((*self.gaps, *other.gaps))),
        )


def synchronises(user: str, holdings: Holdings) -> Truth:
    """Tell whether an account holds a synchronisation role, and no privileged role besides.

    An administrator who holds such a role as well is no machine that nobody can ask for MFA.
    """
    holds = (holdings.holds(user, role) for role in sorted(SYNCHRONISATION_ROLES))
    roles = [h.role for h in holdings.of(user) if h.role.id not in SYNCHRONISATION_ROLES]
    open_ = [gap.doubt for gap in holdings.gaps if _may_be_privileged(gap)]
    return all_true([any_true(holds), negated(any_true([*(r.privileged for r in roles), *open_]))])


def _may_be_privileged(gap: Gap) -> bool:
    role = gap.role
    return role is None or (
        role.id not in SYNCHRONISATION_ROLES and role.privileged is not False
    )


def _both(
    here: Mapping[str, list[Holding]], there: Mapping[str, list[Holding]]
) -> dict[str, list[Holding]]:
    return {key: [*here.get(key, ()), *there.get(key, ())] for key in {**here, **there}}


def active(inputs: Inputs) -> Holdings:
    """Return the active assignments; either of the two collections is enough when complete."""
    collections = [inputs.collection(name) for name in ACTIVE]
    doubts = [found for found in map(doubt, collections) if found is not None]
    open_ = doubts[:1] if len(doubts) == len(collections) else []
    return _holdings(collections, open_, inputs.shared(Reader))


def eligible(inputs: Inputs) -> Holdings:
    """Return the assignments that their holders may activate."""
    collections = [inputs.collection(name) for name in ELIGIBLE]
    doubts = [found for found in map(doubt, collections) if found is not None]
    return _holdings(collections, doubts, inputs.shared(Reader))


def _holdings(
    collections: Iterable[Collection], doubts: Iterable[Unknown], reader: Reader
) -> Holdings:
    found: dict[tuple[str, str, str, str], Holding] = {}
    gaps: dict[Gap, None] = dict.fromkeys(Gap(None, open_) for open_ in doubts)
    for collection in collections:
        for record in collection.records:
            for one in reader.read(record):
                if isinstance(one, Gap):
                    gaps[one] = None
                else:
                    found[(one.user, one.role.id, repr(one.scope), one.via)] = one
    by_user: dict[str, list[Holding]] = {}
    by_role: dict[str, list[Holding]] = {}
    named = {key[:3] for key in found if key[3] != SOME_GROUP}
    for key, one in sorted(found.items()):
        if key[3] == SOME_GROUP and key[:3] in named:
            continue
        by_user.setdefault(one.user, []).append(one)
        by_role.setdefault(one.role.id, []).append(one)
    return Holdings(by_user, by_role, tuple(gaps))


class Reader:
    """Turns one assignment into its holders, group members included."""

    def __init__(self, inputs: Inputs) -> None:
        self._groups = inputs.shared(Groups)
        self._role = cache(inputs.shared(Catalogue).role)
        self._applications = frozenset(ids(inputs.collection("servicePrincipals")))

    def read(self, record: Struct) -> Iterator[Holding | Gap]:
        """Yield the users who hold the role through a record, and what stays open."""
        who, key = value_at(record, "principalId"), value_at(record, "roleDefinitionId")
        if not isinstance(key, str):
            yield Gap(None, why_not(key, ACTIVE[0], "roleDefinitionId"), is_wide(_scope(record)))
            return
        role = self._role(key)
        if not isinstance(who, str):
            yield Gap(role, why_not(who, ACTIVE[0], "principalId"), is_wide(_scope(record)))
            return
        kind = self._kind(record, who)
        if isinstance(kind, Unknown):
            yield Gap(role, kind, is_wide(_scope(record)))
        else:
            yield from HOLDERS[kind](self, record, who.casefold(), role)

    def _kind(self, record: Struct, who: str) -> str | Unknown:
        expanded = value_if_known(record, "principal", "@odata.type")
        kind = self._groups.kind(who, expanded)
        if not isinstance(kind, Unknown):
            return kind
        if who.casefold() in self._applications or not self._groups.doubts:
            return "other"
        return merged(self._groups.doubts)

    def _user(self, record: Struct, who: str, role: Role) -> Iterator[Holding | Gap]:
        member = value_if_known(record, "memberType")
        inherited = isinstance(member, str) and member.casefold() in ("group", "inherited")
        yield Holding(who, role, _scope(record), SOME_GROUP if inherited else "")

    def _group(self, record: Struct, who: str, role: Role) -> Iterator[Holding | Gap]:
        members = self._groups.members(who)
        scope = _scope(record)
        for user, way in self._groups.ways(members):
            yield Holding(user, role, scope, way)
        for open_ in members.doubts:
            yield Gap(role, open_, is_wide(scope))

    def _other(self, record: Struct, who: str, role: Role) -> Iterator[Holding | Gap]:
        yield from ()


HOLDERS: Final[dict[str, Callable[[Reader, Struct, str, Role], Iterator[Holding | Gap]]]] = {
    "user": Reader._user,
    "group": Reader._group,
    "other": Reader._other,
}


def _scope(record: Struct) -> Any:
    scope = value_at(record, "directoryScopeId")
    if scope is None and isinstance(value_at(record, "appScopeId"), str):
        return value_at(record, "appScopeId")
    return scope
