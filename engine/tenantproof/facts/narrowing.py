"""Which conditions make a Conditional Access policy reach less than every sign-in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from msgspec import Struct

from tenantproof.facts.base import value_at
from tenantproof.facts.controls import strange
from tenantproof.facts.lists import Listed, listed
from tenantproof.records import delimited, shape_of
from tenantproof.verdict import Truth, Unknown, all_true, any_true, merged, negated

LEGACY: Final = ("exchangeactivesync", "other")
MODERN: Final = ("browser", "mobileappsanddesktopclients")
NOTHING: Final = frozenset({"none"})


def holds_something(value: Any) -> Truth:
    """Tell whether a condition says anything; null, ``none`` and what holds only these do not."""
    if value is None or isinstance(value, Unknown):
        return value if isinstance(value, Unknown) else False
    if isinstance(value, str):
        return bool({part.casefold() for part in delimited(value, ",")} - NOTHING)
    if isinstance(value, list):
        return bool(value)
    if not isinstance(value, Struct):
        return True
    inner = (holds_something(value_at(value, name)) for name in shape_of(value).properties)
    return any_true([*inner, *strange(value, shape_of(value).path)])


def _less_than(word: str, include: str, exclude: str) -> Callable[[Any], Truth]:
    """Return the test of a condition that reaches all only where it includes `word`."""

    def narrows(value: Any) -> Truth:
        if not isinstance(value, Struct):
            return value if isinstance(value, Unknown) else False
        everywhere = listed(value_at(value, include)).contains(word)
        whole = all_true([everywhere, listed(value_at(value, exclude)).is_empty()])
        return any_true([negated(whole), *strange(value, shape_of(value).path)])

    return narrows


def _clients(value: Any) -> Truth:
    clients = listed(value)
    modern = all_true(clients.contains(word) for word in MODERN)
    return negated(any_true([clients.contains("all"), modern]))


class Condition(Struct, frozen=True):
    """One condition: its name, where it stands, and whether a value of it narrows."""

    name: str
    path: tuple[str, ...]
    narrows: Callable[[Any], Truth]


def _plain(name: str, *path: str) -> Condition:
    return Condition(name, path or (name,), holds_something)


CONDITIONS: Final = (
    _plain("applicationFilter", "applications", "applicationFilter"),
    _plain("authenticationFlows"),
    Condition("clientAppTypes", ("clientAppTypes",), _clients),
    _plain("clientApplications"),
    _plain("devices"),
    _plain("insiderRiskLevels"),
    Condition("locations", ("locations",),
              _less_than("all", "includeLocations", "excludeLocations")),
    Condition("platforms", ("platforms",),
              _less_than("all", "includePlatforms", "excludePlatforms")),
    _plain("signInRiskLevels"),
    _plain("userRiskLevels"),
)


class Narrowing(Struct, frozen=True):
    """A condition that narrows a policy, with its value in words, or an Unknown."""

    condition: str
    value: str
    truth: Truth


def narrowings(policy: Struct) -> list[Narrowing]:
    """Return the conditions that narrow a policy for certain or perhaps, by name."""
    conditions = value_at(policy, "conditions")
    found = [
        Narrowing(one.name, in_words(value), truth)
        for one in CONDITIONS
        for value in [value_at(conditions, *one.path)]
        if (truth := one.narrows(value)) is not False
    ]
    odd = strange(conditions, "conditions")
    return [*found, Narrowing("", "", merged(odd))] if odd else found


def as_list(found: list[Narrowing]) -> Listed:
    """Return narrowings as records of condition and value, with what is in doubt."""
    proven = [{"condition": n.condition, "value": n.value} for n in found if n.truth is True]
    return Listed(tuple(proven), rest=tuple(
        n.truth for n in found if isinstance(n.truth, Unknown)
    ))


def in_words(value: Any) -> str:
    """Return what a condition says on one line, its lists sorted."""
    if isinstance(value, list):
        return ", ".join(sorted(str(v) for v in value if not isinstance(v, Unknown)))
    if isinstance(value, Struct):
        return "; ".join(_parts(value))
    return value if isinstance(value, str) else ""


def _parts(value: Struct) -> Iterator[str]:
    for name in shape_of(value).properties:
        words = in_words(value_at(value, name))
        if words:
            yield f"{name} {words}"
