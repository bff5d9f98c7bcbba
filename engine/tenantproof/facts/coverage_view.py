"""What is told of accounts that all rules treat alike: which rules, which gap, how close."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from msgspec import Struct

from tenantproof.collection import Collection
from tenantproof.facts import groups, roles
from tenantproof.facts.base import Inputs, built, value_at
from tenantproof.facts.coverage_accounts import Kinds, Signature, Signatures
from tenantproof.facts.coverage_cover import Cover, Covers
from tenantproof.facts.coverage_gap import Space
from tenantproof.facts.coverage_rules import CLIENTS, Rule, Rules
from tenantproof.facts.coverage_who import Directory
from tenantproof.facts.coverage_words import Words
from tenantproof.facts.defaults import Defaults
from tenantproof.facts.groups import Groups
from tenantproof.facts.roles import Catalogue, active, eligible
from tenantproof.shape import CollectionShape

BY_DEFAULTS: Final = ("securityDefaults", "Security defaults")
# Tenants where Microsoft registers its own applications: only these can belong to a suite.
MICROSOFT: Final = frozenset({
    "f8cdef31-a31e-4b4a-93e4-5f571e91255a", "72f988bf-86f1-41af-91ab-2d7cd011db47",
})
TOLD: Final = ("by", "byNames", "narrowedBy", "gap", "closest", "blockedEntirely")
INPUTS: Final = (
    "accounts", "conditionalAccessPolicies", "authenticationStrengthPolicies", "namedLocations",
    "securityDefaults", "organization", "servicePrincipals", *groups.INPUTS, *roles.INPUTS,
    *roles.ELIGIBLE,
)


class Holders(Struct, frozen=True, eq=False):
    """Accounts by what policies may choose them by, under some holdings of roles."""

    kinds: Kinds
    signatures: Signatures

    def signature(self, user: str, kind: Any) -> Signature:
        """Return the signature of an account, by id in lower case."""
        return self.signatures.of(self.kinds.of(user, kind))


class Alike(Struct, frozen=True, eq=False):
    """How accounts are treated: by their signatures now, and with all eligible roles held."""

    now: Signature
    later: Signature


class Tenant:
    """What a fact looks at beside the policies, read once; `later` all eligible roles are held."""

    def __init__(self, inputs: Inputs, rules: Rules) -> None:
        self.directory = Directory(inputs.shared(Groups), inputs.shared(Catalogue))
        now = inputs.shared(active)
        held = now.joined(inputs.shared(eligible))
        signatures = Signatures(rules, self.directory, now)
        more = signatures if held.gaps == now.gaps else Signatures(rules, self.directory, held)
        self.now = Holders(Kinds(rules, self.directory, now), signatures)
        self.later = Holders(Kinds(rules, self.directory, held), more)
        self.defaults = Defaults(inputs, now)
        self.inconsistent = self.defaults.is_inconsistent(rules.rules)
        self._special = self.now.kinds.special | self.later.kinds.special
        self._plain: dict[Any, Alike] = {}
        self._others: dict[tuple[Signature, Signature], Alike] = {}

    def alike(self, user: str, kind: Any) -> Alike:
        """Return how an account is treated, by id in lower case; equal treatment is one object."""
        found = self._plain.get(kind) if user not in self._special else None
        if found is not None:
            return found
        both = self.now.signature(user, kind), self.later.signature(user, kind)
        found = self._others.setdefault(both, Alike(*both))
        if user not in self._special:
            self._plain[kind] = found
        return found


class Told(Struct, frozen=True, eq=False):
    """What is told of all accounts of a signature; `row` has it in the order of `TOLD`."""

    cover: Cover
    row: tuple[Any, ...]


class View:
    """The rules seen from one side: what they come to for accounts, and the reasons in words."""

    def __init__(
        self, inputs: Inputs, shape: CollectionShape, rules: Rules, signatures: Signatures,
        clients: tuple[str, ...],
    ) -> None:
        applications = inputs.collection("servicePrincipals")
        space = Space(clients, frozenset(_outsiders(applications)))
        self._covers = Covers(rules, signatures, space)
        self._words = Words(rules, dict(_names(applications)))
        self._clients = frozenset(clients)
        self._short = [self._shortcomings(rule) for rule in rules.rules]
        self._narrowed = [
            _narrowed(rule, short, shape)
            for rule, short in zip(rules.rules, self._short, strict=True)]
        self._position = {id(rule): n for n, rule in enumerate(rules.rules)}
        self._told: dict[tuple[Signature, bool], Told] = {}

    def cover(self, signature: Signature) -> Cover:
        """Return what the rules come to for accounts of a signature."""
        return self._covers.of(signature)

    def told(self, signature: Signature, by_defaults: bool) -> Told:
        """Return the reasons for the answer; `by_defaults` says whether these close all anyway."""
        key = (signature, by_defaults)
        if key not in self._told:
            cover = self._covers.of(signature)
            self._told[key] = Told(cover, self._row(cover, by_defaults))
        return self._told[key]

    def _row(self, cover: Cover, by_defaults: bool) -> tuple[Any, ...]:
        settled = by_defaults or cover.truth is True
        open_ = () if settled else cover.applying
        also = [BY_DEFAULTS] if by_defaults else []
        return (
            [*(rule.id for rule in cover.by), *(key for key, _ in also)],
            [*(rule.name for rule in cover.by), *(name for _, name in also)],
            [one for rule in open_ for one in self._narrowed[self._position[id(rule)]]],
            None if by_defaults or cover.gap is None else self._words.of(cover.gap),
            self._closest(open_),
            cover.blocked,
        )

    def _shortcomings(self, rule: Rule) -> tuple[tuple[str, str], ...]:
        """Return by what a rule falls short of closing every sign-in, in words."""
        if "all" in rule.clients or self._clients.issubset(rule.clients):
            return rule.narrowed
        return tuple(sorted([*rule.narrowed, (CLIENTS, rule.clients_in_words)]))

    def _closest(self, rules: Sequence[Rule]) -> str | None:
        """Return the name of the rule that asks for enough, and falls short by the least."""
        found = min(rules, key=self._distance, default=None)
        return found.name if found else None

    def _distance(self, rule: Rule) -> tuple[bool, bool, int, str]:
        elsewhere = "all" not in rule.clients and self._clients.isdisjoint(rule.clients)
        short = len(self._short[self._position[id(rule)]])
        return rule.closes is not True, elsewhere, short, rule.id


def _narrowed(
    rule: Rule, short: Sequence[tuple[str, str]], shape: CollectionShape
) -> list[Any]:
    rows = [{"policy": rule.id, "policyName": rule.name, "condition": condition, "value": value}
            for condition, value in short]
    return list(built(rows, shape.record.properties["narrowedBy"]))


def _names(collection: Collection) -> Iterator[tuple[str, str]]:
    """Yield the names of applications by their application ids."""
    for record in collection.records:
        key, name = value_at(record, "appId"), value_at(record, "displayName")
        if isinstance(key, str) and isinstance(name, str):
            yield key.casefold(), name


def _outsiders(collection: Collection) -> Iterator[str]:
    """Yield the ids of applications that are not Microsoft's."""
    for record in collection.records:
        key, owner = value_at(record, "appId"), value_at(record, "appOwnerOrganizationId")
        if isinstance(key, str) and isinstance(owner, str) and owner.casefold() not in MICROSOFT:
            yield key.casefold()
