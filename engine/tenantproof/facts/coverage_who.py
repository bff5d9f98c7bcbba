"""Whom a Conditional Access policy applies to, account by account, in three values.

Accounts that no policy can tell apart are asked about once: `Traits` hold everything that the users
of a policy may be chosen by.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from msgspec import Struct

from tenantproof.facts.base import value_at
from tenantproof.facts.controls import strange
from tenantproof.facts.exclusions import GUESTS, guest_types
from tenantproof.facts.groups import Groups
from tenantproof.facts.lists import Listed, listed
from tenantproof.facts.roles import Catalogue, Holdings
from tenantproof.verdict import (
    Truth,
    Unknown,
    Why,
    all_true,
    any_true,
    merged,
    negated,
    unknown,
)

EXTERNAL: Final = frozenset({
    "b2bCollaborationGuest", "b2bCollaborationMember", "b2bDirectConnectUser",
    "otherExternalUser", "serviceProvider",
})
SCOPE: Final = unknown(Why.NOT_EXPORTED, "roleAssignments", "directoryScopeId")


class Traits(Struct, frozen=True):
    """What policies may choose an account by; ids in lower case.

    `name` is the account's id where a policy names it, else empty. `roles` are those that it
    surely holds for the whole tenant and that policies can reach, `perhaps` those of which one or
    the other is not known.
    """

    name: str
    groups: frozenset[str]
    kind: Any
    roles: frozenset[str]
    perhaps: frozenset[str]


class Side(Struct, frozen=True):
    """One side of a policy's users: what it takes in, or what it leaves out."""

    everybody: Truth
    named: frozenset[str]
    groups: tuple[str, ...]
    roles: tuple[str, ...]
    kinds: Listed
    tenants: Truth
    doubts: tuple[Unknown, ...]


class Users(Struct, frozen=True):
    """The users of a policy."""

    include: Side
    exclude: Side
    odd: tuple[Unknown, ...]


class Directory:
    """Groups and roles, as far as policies ask for them."""

    def __init__(self, groups: Groups, catalogue: Catalogue) -> None:
        self.groups = groups
        self.catalogue = catalogue

    def in_group(self, traits: Traits, group: str) -> Truth:
        """Tell whether an account is in a group, at any depth."""
        if group in traits.groups:
            return True
        doubts = self.groups.members(group).doubts
        return merged(doubts) if doubts else False

    def has_role(self, traits: Traits, role: str, holdings: Holdings) -> Truth:
        """Tell whether an account holds a built-in role for the whole tenant."""
        if role in traits.roles:
            return True
        reachable = self.catalogue.is_built_in(role)
        doubts = [] if reachable is False else holdings.wide_doubts(role)
        if role in traits.perhaps:
            doubts.append(reachable if isinstance(reachable, Unknown) else SCOPE)
        return merged(doubts) if doubts else False


def users_of(policy: Struct) -> Users:
    """Return the users of a policy, read once."""
    users = value_at(policy, "conditions", "users")
    return Users(_side(users, "include"), _side(users, "exclude"),
                 tuple(strange(users, "conditions.users")))


def _side(users: Any, verb: str) -> Side:
    named = listed(value_at(users, f"{verb}Users"))
    groups = listed(value_at(users, f"{verb}Groups"))
    roles = listed(value_at(users, f"{verb}Roles"))
    return Side(
        "all" in named.texts,
        frozenset(named.texts) - {GUESTS, "none", "all", ""},
        groups.texts, roles.texts, guest_types(users, verb), _all_tenants(users, verb),
        (*named.doubts, *groups.doubts, *roles.doubts),
    )


def _all_tenants(users: Any, verb: str) -> Truth:
    """Tell whether guests of every organisation are meant; an account's own is not exported."""
    if GUESTS in listed(value_at(users, f"{verb}Users")).texts:
        return True
    tenants = value_at(users, f"{verb}GuestsOrExternalUsers", "externalTenants")
    kind = value_at(tenants, "membershipKind")
    if isinstance(kind, Unknown):
        return kind
    return kind is None or kind == "all" or unknown(
        Why.UNDETERMINED, "users", "", "the home tenant of a guest is not exported")


def chosen(
    users: Users, traits: Traits, directory: Directory, holdings: Holdings
) -> tuple[Truth, Truth]:
    """Return whether a policy takes an account in, and whether it leaves it out."""
    taken = any_true([*_matches(users.include, traits, directory, holdings), *users.odd])
    left = any_true([*_matches(users.exclude, traits, directory, holdings), *users.odd])
    return taken, left


def applies(taken: Truth, left: Truth) -> tuple[Truth, Truth]:
    """Return whether a policy applies, and whether it leaves out somebody whom it takes in.

    Being left out beats being taken in.
    """
    return all_true([taken, negated(left)]), all_true([taken, left])


def _matches(
    side: Side, traits: Traits, directory: Directory, holdings: Holdings
) -> Iterator[Truth]:
    yield side.everybody
    yield traits.name in side.named
    yield from (directory.in_group(traits, group) for group in side.groups)
    yield from (directory.has_role(traits, role, holdings) for role in side.roles)
    yield from _kinds(side, traits.kind)
    yield from side.doubts


def _kinds(side: Side, kind: Any) -> Iterator[Truth]:
    yield from side.kinds.doubts
    if not side.kinds.items or kind is None:
        return
    if isinstance(kind, Unknown):
        yield kind
    elif kind in side.kinds.items:
        yield side.tenants if kind in EXTERNAL else True


def through(users: Users, traits: Traits, directory: Directory, user: str) -> list[str]:
    """Return by which ways a policy leaves an account out, in words."""
    side = users.exclude
    ways = ["user"] if traits.name in side.named else []
    for group in side.groups:
        if group in traits.groups:
            chain = directory.groups.members(group).chain(user)
            ways.append(" > ".join(directory.groups.name(one) for one in chain))
    roles = (directory.catalogue.role(role) for role in side.roles if role in traits.roles)
    ways.extend(f"role {role.name}" for role in roles)
    if isinstance(traits.kind, str) and traits.kind in side.kinds.items:
        ways.append(f"guest type {traits.kind}")
    return ways
