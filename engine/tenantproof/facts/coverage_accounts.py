"""The traits of each account, gathered policy by policy and not account by account.

Accounts whose traits let every policy treat them alike share a `Signature`, and are judged once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from tenantproof.facts.coverage_rules import Rules
from tenantproof.facts.coverage_who import Directory, Side, Traits, chosen
from tenantproof.facts.roles import Holdings
from tenantproof.verdict import Truth, all_true, any_true

Sets = Mapping[str, set[str]]
Touched = Mapping[str, frozenset[int]]
NONE: frozenset[str] = frozenset()
NO_RULE: Final[frozenset[int]] = frozenset()


class Kinds:
    """What the policies' users may choose each account by, in time linear in what they name."""

    def __init__(self, rules: Rules, directory: Directory, holdings: Holdings) -> None:
        self._named = frozenset(name for side in rules.sides() for name in side.named)
        self._groups: Sets = defaultdict(set)
        for group in {group for side in rules.sides() for group in side.groups}:
            for user in directory.groups.members(group).found_in:
                self._groups[user].add(group)
        self._sure: Sets = defaultdict(set)
        self._perhaps: Sets = defaultdict(set)
        for role in {role for side in rules.sides() for role in side.roles}:
            self._hold(role, directory.catalogue.is_built_in(role), holdings)
        self.special = frozenset({*self._named, *self._groups, *self._sure, *self._perhaps})
        self._plain: dict[Any, Traits] = {}
        self._seen: dict[Traits, Traits] = {}

    def _hold(self, role: str, reachable: Truth, holdings: Holdings) -> None:
        for holding in holdings.by_role.get(role, ()):
            held = all_true([reachable, holding.tenant_wide()])
            if held is True:
                self._sure[holding.user].add(role)
            elif held is not False:
                self._perhaps[holding.user].add(role)

    def of(self, user: str, kind: Any) -> Traits:
        """Return the traits of an account, by id in lower case."""
        if user not in self.special:
            if kind not in self._plain:
                self._plain[kind] = _plain(kind)
            return self._plain[kind]
        found = Traits(
            user if user in self._named else "", frozenset(self._groups.get(user, NONE)), kind,
            frozenset(self._sure.get(user, NONE)), frozenset(self._perhaps.get(user, NONE)),
        )
        return self._seen.setdefault(found, found)


class Signature(Struct, frozen=True):
    """What tells accounts apart: the rules that treat one unlike any plain account of its kind.

    `taken` and `left` are the rules, by position, that surely take the account in or leave it out
    by its name, a group or a role, `maybe` the traits through which one may do so.
    """

    kind: Any
    taken: frozenset[int]
    left: frozenset[int]
    maybe: Traits | None

    @property
    def rules(self) -> frozenset[int]:
        """The rules that treat such an account unlike a plain one."""
        return self.taken | self.left


class Signatures:
    """The signatures of accounts by their traits, and how each rule treats them."""

    def __init__(self, rules: Rules, directory: Directory, holdings: Holdings) -> None:
        self._rules = rules.rules
        self._directory = directory
        self._holdings = holdings
        self._taking = _touched([rule.users.include for rule in self._rules])
        self._leaving = _touched([rule.users.exclude for rule in self._rules])
        self._plain: dict[Any, list[tuple[Truth, Truth]]] = {}
        self._found: dict[Traits, Signature] = {}

    def of(self, traits: Traits) -> Signature:
        """Return the signature of accounts with such traits."""
        if traits not in self._found:
            self._found[traits] = self._signature(traits)
        return self._found[traits]

    def _signature(self, traits: Traits) -> Signature:
        plain = self.plain(traits.kind)
        words = list(_words(traits))
        taken = NO_RULE.union(*(self._taking.get(word, NO_RULE) for word in words))
        left = NO_RULE.union(*(self._leaving.get(word, NO_RULE) for word in words))
        may_be_taken = (one for one in left if one in taken or plain[one][0] is not False)
        return Signature(
            traits.kind, frozenset([one for one in taken if plain[one][0] is not True]),
            frozenset([one for one in may_be_taken if plain[one][1] is not True]),
            traits if traits.perhaps else None,
        )

    def plain(self, kind: Any) -> list[tuple[Truth, Truth]]:
        """Return for each rule whether it takes in, and leaves out, an account without traits."""
        if kind not in self._plain:
            self._plain[kind] = [self._chosen(one, _plain(kind)) for one in range(len(self._rules))]
        return self._plain[kind]

    def _chosen(self, rule: int, traits: Traits) -> tuple[Truth, Truth]:
        return chosen(self._rules[rule].users, traits, self._directory, self._holdings)

    def chosen(self, rule: int, signature: Signature) -> tuple[Truth, Truth]:
        """Return whether a rule takes such accounts in, and whether it leaves them out."""
        if signature.maybe is not None:
            return self._chosen(rule, signature.maybe)
        taken, left = self.plain(signature.kind)[rule]
        return (any_true([taken, rule in signature.taken]),
                any_true([left, rule in signature.left]))


def _plain(kind: Any) -> Traits:
    return Traits("", NONE, kind, NONE, NONE)


def _words(traits: Traits) -> Iterator[str]:
    if traits.name:
        yield f"user {traits.name}"
    yield from (f"group {one}" for one in traits.groups)
    yield from (f"role {one}" for one in traits.roles)


def _touched(sides: list[Side]) -> Touched:
    """Return the positions of the sides that choose by each name, group or role."""
    found: dict[str, set[int]] = defaultdict(set)
    for position, side in enumerate(sides):
        for kind, names in (("user", side.named), ("group", side.groups), ("role", side.roles)):
            for name in names:
                found[f"{kind} {name}"].add(position)
    return {word: frozenset(positions) for word, positions in found.items()}
