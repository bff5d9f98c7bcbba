"""What policies reach in a snapshot: the collections they read, directly or through facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tenantproof.facts.table import FACTS
from tenantproof.policy import Policy, references


def with_asked(policies: Iterable[Policy], everything: Mapping[str, Policy]) -> list[Policy]:
    """Return policies with those that they ask for a verdict, in the order of their ids."""
    waiting = [policy.id for policy in policies]
    found: dict[str, Policy] = {}
    while waiting:
        name = waiting.pop()
        if name not in found and name in everything:
            found[name] = everything[name]
            waiting.extend(references(found[name].check))
    return [found[name] for name in sorted(found)]


def facts_read(policies: Iterable[Policy]) -> list[str]:
    """Return the facts that policies read, themselves or through another fact."""
    return sorted(_closed(_named(policies)) & set(FACTS))


def collections_read(policies: Iterable[Policy]) -> list[str]:
    """Return the collections that have to be exported for policies to be judged."""
    return sorted(_closed(_named(policies)) - set(FACTS))


def all_used(policies: Iterable[Policy]) -> set[str]:
    """Return the collections and facts that verdicts and second opinions are made from."""
    return _closed(collections_named(policies))


def collections_named(policies: Iterable[Policy]) -> set[str]:
    """Return the collections and facts that policies themselves, or second opinions, look at."""
    held = list(policies)
    opinions = [one.second_opinion for one in held if one.second_opinion is not None]
    return {*_named(held), *(opinion.subjects.collection for opinion in opinions)}


def properties_read(policy: Policy, collection: str) -> list[str]:
    """Return the properties of a collection or fact that a policy itself names."""
    return sorted({path for name, path in policy.reads if name == collection and path})


def _named(policies: Iterable[Policy]) -> list[str]:
    return [name for policy in policies for name in policy.collections()]


def _closed(names: Iterable[str]) -> set[str]:
    waiting = list(names)
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(FACTS[name].collections if name in FACTS else ())
    return found
