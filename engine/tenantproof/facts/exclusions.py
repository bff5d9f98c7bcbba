"""Who a Conditional Access policy leaves out, and through what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from msgspec import Struct

from tenantproof.facts.base import Inputs, doubt, value_at
from tenantproof.facts.controls import strange
from tenantproof.facts.groups import Groups
from tenantproof.facts.lists import Listed, declared, joined, listed
from tenantproof.facts.roles import (
    SYNCHRONISATION_ROLES,
    Catalogue,
    Holding,
    Holdings,
    active,
    synchronises,
)
from tenantproof.records import delimited
from tenantproof.verdict import Truth, Unknown, Why, all_true, any_true, negated, unknown

GUESTS: Final = "guestsorexternalusers"
# What the word `GuestsOrExternalUsers` stands for among the accounts of a directory.
ALL_GUESTS: Final = (
    "b2bCollaborationGuest", "b2bCollaborationMember", "internalGuest", "otherExternalUser",
)
SERVICE_PROVIDER: Final = "serviceProvider"
WORDS_FOR_NOBODY: Final = frozenset({GUESTS, "none"})


class Directory:
    """The tenant's groups and active roles, and the accounts that were declared."""

    def __init__(self, inputs: Inputs) -> None:
        self.groups = inputs.shared(Groups)
        self.catalogue = inputs.shared(Catalogue)
        self.active: Holdings = inputs.shared(active)
        self.declared = joined(
            declared(inputs, name) for name in ("emergency_accounts", "synchronisation_accounts")
        )
        self.emergency = declared(inputs, "emergency_accounts")
        whole = doubt(inputs.collection("conditionalAccessPolicies"))
        self.more_policies = () if whole is None else (whole,)
        self.tenant_kind = inputs.tenant_kind
        self._may_be_left_out: dict[str, Truth] = {}

    def may_be_left_out(self, account: str) -> Truth:
        """Tell whether an account is declared, or synchronises directories by its active role."""
        if account not in self._may_be_left_out:
            self._may_be_left_out[account] = any_true([
                self.declared.contains(account), synchronises(account, self.active)
            ])
        return self._may_be_left_out[account]

    def role_name(self, role: str) -> str:
        """Return a role's name."""
        return self.catalogue.role(role).name


class Route(NamedTuple):
    """An account that is left out, by id in lower case, and through what."""

    account: str
    through: str


class Excluded(Struct, frozen=True):
    """What a policy leaves out: accounts by every route, and groups, roles and guest types."""

    routes: tuple[Route, ...]
    doubts: tuple[Unknown, ...]
    groups: Listed
    roles: Listed
    guests: Listed

    @property
    def accounts(self) -> list[str]:
        """The ids of the accounts, in lower case, sorted."""
        return sorted({route.account for route in self.routes})


def excluded(policy: Struct, directory: Directory) -> Excluded:
    """Return whom a policy leaves out."""
    users = value_at(policy, "conditions", "users")
    groups = listed(value_at(users, "excludeGroups"))
    roles = listed(value_at(users, "excludeRoles"))
    named = listed(value_at(users, "excludeUsers"))
    found = [
        *(Route(one, "user") for one in named.texts if one not in WORDS_FOR_NOBODY),
        *named.doubts, *groups.doubts, *roles.doubts, *strange(users, "conditions.users"),
        *(route for group in groups.texts for route in _through_group(group, directory)),
        *(route for role in roles.texts for route in _through_role(role, directory)),
    ]
    routes = {one for one in found if isinstance(one, Route)}
    doubts = dict.fromkeys(one for one in found if isinstance(one, Unknown))
    return Excluded(
        tuple(sorted(routes)), tuple(doubts), groups, roles, guest_types(users, "exclude"),
    )


def _through_group(group: str, directory: Directory) -> Iterator[Route | Unknown]:
    members = directory.groups.members(group)
    yield from (Route(user, way) for user, way in directory.groups.ways(members))
    yield from members.doubts


def _through_role(role: str, directory: Directory) -> Iterator[Route | Unknown]:
    reachable = directory.catalogue.is_built_in(role)
    if isinstance(reachable, Unknown):
        yield reachable
    if reachable is not True:
        return
    for holding in directory.active.by_role.get(role, []):
        wide = holding.tenant_wide()
        if isinstance(wide, Unknown):
            yield wide
        elif wide:
            yield Route(holding.user, _role_route(holding))
    yield from directory.active.doubts(role)


def _role_route(holding: Holding) -> str:
    via = f" > {holding.via}" if holding.via else ""
    return f"role {holding.role.name}{via}"


def guest_types(users: Any, side: str) -> Listed:
    """Return the guest types that a policy takes in or leaves out; `side` is the verb."""
    named = listed(value_at(users, f"{side}Users"))
    types = value_at(users, f"{side}GuestsOrExternalUsers", "guestOrExternalUserTypes")
    stated = listed(delimited(types, ",") if isinstance(types, str) else types)
    kinds = {one for one in stated.items if one.casefold() != "none"}
    if GUESTS in named.texts:
        kinds.update(ALL_GUESTS)
    return Listed(tuple(sorted(kinds)), rest=(*stated.doubts, *named.doubts))


def excludes_guests(guests: Listed) -> Truth:
    """Tell whether a guest type other than `serviceProvider` is left out."""
    others = [one for one in guests.items if one != SERVICE_PROVIDER]
    return any_true([bool(others), *guests.doubts])


def leaves_out_only_declared(found: Excluded, directory: Directory) -> Truth:
    """Tell whether nobody is left out but declared and synchronisation accounts.

    The type `serviceProvider` may be left out in a partner's own tenant, where it matches nobody.
    """
    accounts = (directory.may_be_left_out(account) for account in found.accounts)
    roles = (role in SYNCHRONISATION_ROLES for role in found.roles.texts)
    return all_true([
        *accounts, *roles, negated(excludes_guests(found.guests)),
        _service_providers(found.guests, directory.tenant_kind), *found.doubts,
    ])


def _service_providers(guests: Listed, tenant_kind: str | None) -> Truth:
    if SERVICE_PROVIDER not in guests.items:
        return True
    if tenant_kind is None:
        return unknown(Why.NOT_STATED, "tenant", "kind")
    return tenant_kind == "partner"
