"""The Conditional Access policies of a tenant as rules, and what they come to for an account."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from msgspec import Struct

from tenantproof.facts.base import Inputs, doubt, value_at
from tenantproof.facts.controls import Strengths, blocks
from tenantproof.facts.coverage_gap import Gap, find_gap
from tenantproof.facts.coverage_reach import Networks, Reaches, named_locations, reaches
from tenantproof.facts.coverage_who import Directory, Traits, Users, applies, users_of
from tenantproof.facts.narrowing import narrowings
from tenantproof.facts.roles import Holdings
from tenantproof.verdict import Truth, Unknown, Why, all_true, merged, unknown

POLICIES: Final = "conditionalAccessPolicies"


class Rule(Struct, frozen=True, eq=False):
    """A policy that is switched on, or may be: whom it takes, what it reaches and demands."""

    id: str
    name: str
    on: Truth
    closes: Truth
    blocks: Truth
    users: Users
    reaches: Reaches
    narrowed: tuple[tuple[str, str], ...]


class Rules(Struct, frozen=True, eq=False):
    """All rules, by id, and why there may be more."""

    rules: tuple[Rule, ...]
    more: Unknown | None
    networks: Networks

    @property
    def named(self) -> frozenset[str]:
        """The ids of users that policies name, in lower case."""
        sides = (side for rule in self.rules for side in (rule.users.include, rule.users.exclude))
        return frozenset(name for side in sides for name in side.named)

    def groups(self) -> frozenset[str]:
        """Return the ids of the groups that policies name."""
        return frozenset(group for rule in self.rules
                         for side in (rule.users.include, rule.users.exclude)
                         for group in side.groups)

    def roles(self) -> frozenset[str]:
        """Return the ids of the roles that policies name."""
        return frozenset(role for rule in self.rules
                         for side in (rule.users.include, rule.users.exclude)
                         for role in side.roles)


Closes = Callable[[Struct, Strengths], Truth]


def rules_of(inputs: Inputs, closes: Closes) -> Rules:
    """Return the rules of a tenant; `closes` says what a policy's controls do."""
    collection = inputs.collection(POLICIES)
    strengths = Strengths(inputs.collection("authenticationStrengthPolicies"))
    networks = Networks(inputs.collection("namedLocations"))
    named = named_locations(collection.records)
    found = [_rule(policy, strengths, networks, named, closes) for policy in collection.records]
    rules = sorted((rule for rule in found if rule.on is not False), key=lambda rule: rule.id)
    return Rules(tuple(rules), doubt(collection), networks)


def _rule(
    policy: Struct, strengths: Strengths, networks: Networks, named: frozenset[str], closes: Closes
) -> Rule:
    state = value_at(policy, "state")
    key, name = value_at(policy, "id"), value_at(policy, "displayName")
    return Rule(
        key if isinstance(key, str) else "",
        name if isinstance(name, str) else str(key),
        state if isinstance(state, Unknown) else state == "enabled",
        closes(policy, strengths), blocks(policy), users_of(policy),
        reaches(policy, networks, named), tuple(_narrowed(policy)),
    )


def _narrowed(policy: Struct) -> list[tuple[str, str]]:
    """Return the conditions that narrow a policy, with their values in words."""
    applications = value_at(policy, "conditions", "applications")
    found = [(one.condition, one.value) for one in narrowings(policy) if one.truth is True]
    for name, harmless in (("includeApplications", ["All"]), ("excludeApplications", [])):
        value = value_at(applications, name)
        if isinstance(value, list) and value != harmless:
            words = sorted(str(one) for one in value if not isinstance(one, Unknown))
            found.append((name, ", ".join(words) or "(none)"))
    return sorted(found)


class Cover(Struct, frozen=True, eq=False):
    """What the rules come to for accounts of the same traits.

    `applying` are the rules that reach out for the account, `left_out` those that leave it out.
    """

    truth: Truth
    by: tuple[Rule, ...]
    applying: tuple[Rule, ...]
    left_out: tuple[Rule, ...]
    gap: Gap | None
    blocked: bool


def cover(
    rules: Rules, traits: Traits, directory: Directory, holdings: Holdings, clients: Sequence[str]
) -> Cover:
    """Return whether every sign-in of such an account is closed, and by what."""
    sure: list[Rule] = []
    maybe: list[Rule] = []
    applying: list[Rule] = []
    left_out: list[Rule] = []
    doubts: list[Unknown] = []
    for rule in rules.rules:
        taken, out = applies(rule.users, traits, directory, holdings)
        if out is True and rule.closes is not False:
            left_out.append(rule)
        closes = all_true([rule.on, taken, rule.closes])
        if taken is not False and rule.on is True:
            applying.append(rule)
        if closes is False:
            continue
        if closes is True and rule.reaches.least is not None:
            sure.append(rule)
        if rule.reaches.most is not None:
            maybe.append(rule)
            doubts.extend([closes] if isinstance(closes, Unknown) else [])
            doubts.extend(rule.reaches.doubts)
    gap = find_gap(_least(sure), clients)
    if gap is None:
        stops = [rule for rule in sure if rule.blocks is True]
        shut = bool(stops) and find_gap(_least(stops), clients) is None
        return Cover(True, _deciding(sure, clients), tuple(applying), tuple(left_out), None, shut)
    truth, gap = _open(rules, maybe, doubts, gap, clients)
    return Cover(truth, (), tuple(applying), tuple(left_out), gap, False)


def _open(
    rules: Rules, maybe: Iterable[Rule], doubts: list[Unknown], gap: Gap, clients: Sequence[str]
) -> tuple[Truth, Gap]:
    """Return whether a gap that is not closed for certain is surely open, and that gap."""
    most = [rule.reaches.most for rule in maybe if rule.reaches.most is not None]
    certain = find_gap(most, clients)
    if certain is not None and rules.more is None:
        return False, certain
    if certain is not None and rules.more is not None:
        return rules.more, gap
    why = [*doubts, *([rules.more] if rules.more is not None else [])]
    return merged(why) if why else unknown(Why.UNDETERMINED, POLICIES), gap


def _least(rules: Iterable[Rule]) -> list[Any]:
    return [rule.reaches.least for rule in rules]


def _deciding(sure: Sequence[Rule], clients: Sequence[str]) -> tuple[Rule, ...]:
    """Return the rules that are enough alone; all of them where only together they are."""
    alone = [rule for rule in sure if find_gap(_least([rule]), clients) is None]
    return tuple(alone or sure)
