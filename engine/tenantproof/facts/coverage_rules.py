"""The Conditional Access policies of a tenant as rules: for whom, where, and with what demand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from tenantproof.facts.base import Inputs, doubt, value_at
from tenantproof.facts.controls import Strengths, blocks
from tenantproof.facts.coverage_reach import Named, Networks, Reaches, named_by, reaches
from tenantproof.facts.coverage_who import Side, Users, users_of
from tenantproof.facts.lists import listed
from tenantproof.facts.narrowing import in_words, narrowings
from tenantproof.verdict import Truth, Unknown

POLICIES: Final = "conditionalAccessPolicies"
CLIENTS: Final = "clientAppTypes"


class Rule(Struct, frozen=True, eq=False):
    """A policy that is switched on, or may be: whom it takes, what it reaches and demands.

    `narrowed` tells in words by what it falls short, its clients apart.
    """

    id: str
    name: str
    on: Truth
    closes: Truth
    blocks: Truth
    users: Users
    reaches: Reaches
    clients: tuple[str, ...]
    clients_in_words: str
    narrowed: tuple[tuple[str, str], ...]


class Rules(Struct, frozen=True, eq=False):
    """All rules, by id, and why there may be more."""

    rules: tuple[Rule, ...]
    more: Unknown | None
    networks: Networks

    def sides(self) -> Iterator[Side]:
        """Yield whom the rules take in and whom they leave out."""
        for rule in self.rules:
            yield from (rule.users.include, rule.users.exclude)


Closes = Callable[[Struct, Strengths], Truth]


class Policies(Struct, frozen=True, eq=False):
    """The policies that may be on, each with its rule as far as it is the same for every demand.

    What the controls are asked for is not: such a rule closes nothing yet.
    """

    found: tuple[tuple[Struct, Rule], ...]
    more: Unknown | None
    strengths: Strengths
    networks: Networks


def rules_of(inputs: Inputs, closes: Closes) -> Rules:
    """Return the rules of a tenant; `closes` says what a policy's controls do."""
    policies = inputs.shared(_policies)
    found = [_demanding(policy, rule, closes(policy, policies.strengths))
             for policy, rule in policies.found]
    return Rules(tuple(found), policies.more, policies.networks)


def _demanding(policy: Struct, rule: Rule, demand: Truth) -> Rule:
    narrowed = tuple(sorted([*rule.narrowed, *_too_little(policy, demand)]))
    return replace(rule, closes=demand, narrowed=narrowed)


def _policies(inputs: Inputs) -> Policies:
    collection = inputs.collection(POLICIES)
    networks = Networks(inputs.collection("namedLocations"))
    named = named_by(collection.records)
    found = [(policy, _rule(policy, on, networks, named)) for policy in collection.records
             if (on := _is_on(policy)) is not False]
    found.sort(key=lambda pair: pair[1].id)
    return Policies(
        tuple(found), doubt(collection),
        Strengths(inputs.collection("authenticationStrengthPolicies")), networks,
    )


def _is_on(policy: Struct) -> Truth:
    state = value_at(policy, "state")
    return state if isinstance(state, Unknown) else state == "enabled"


def _rule(policy: Struct, on: Truth, networks: Networks, named: Named) -> Rule:
    key, name = value_at(policy, "id"), value_at(policy, "displayName")
    ident = key if isinstance(key, str) else ""
    return Rule(
        ident, name if isinstance(name, str) else ident, on, False, blocks(policy),
        users_of(policy), reaches(policy, networks, named),
        listed(value_at(policy, "conditions", CLIENTS)).texts,
        in_words(value_at(policy, "conditions", CLIENTS)), tuple(_narrowed(policy)),
    )


def _too_little(policy: Struct, demand: Truth) -> Iterator[tuple[str, str]]:
    """Yield what a policy demands, in words, where that is not enough."""
    if demand is not False:
        return
    grant = value_at(policy, "grantControls")
    lists = ("builtInControls", "termsOfUse", "customAuthenticationFactors")
    words = [word for name in lists for word in _words(value_at(grant, name))]
    strength = value_at(grant, "authenticationStrength")
    if isinstance(strength, Struct):
        words.append(f"strength {in_words(value_at(strength, 'displayName'))}".strip())
    yield "grantControls", f" {in_words(value_at(grant, 'operator'))} ".join(words) or "(none)"


def _words(value: Any) -> list[str]:
    return [str(one) for one in listed(value).items]


def _narrowed(policy: Struct) -> list[tuple[str, str]]:
    """Return the conditions but `clientAppTypes` that narrow a policy, with their values."""
    applications = value_at(policy, "conditions", "applications")
    found = [(one.condition, one.value) for one in narrowings(policy)
             if one.truth is True and one.condition != CLIENTS]
    for name, harmless in (("includeApplications", ["All"]), ("excludeApplications", [])):
        value = value_at(applications, name)
        if isinstance(value, list) and value != harmless:
            found.append((name, in_words(value) or "(none)"))
    return found
