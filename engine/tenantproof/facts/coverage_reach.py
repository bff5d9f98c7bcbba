"""Which sign-ins a Conditional Access policy reaches: resources, networks, platforms, clients.

Each policy has two reaches that no uncertainty is left in: `least` is what it reaches for certain,
`most` what it may reach. What lies between them is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from msgspec import Struct

from tenantproof.collection import Collection
from tenantproof.facts.base import value_at
from tenantproof.facts.controls import strange
from tenantproof.facts.lists import Listed, listed
from tenantproof.facts.narrowing import CONDITIONS, holds_something
from tenantproof.verdict import Truth, Unknown, Why, any_true, unknown

EVERY: Final = "all"
OTHER: Final = "any other"
TRUSTED_ADDRESSES: Final = "trusted addresses of the MFA service settings"
ALL_TRUSTED: Final = "alltrusted"
# Words that stand for many applications; which ones is in no export.
SUITES: Final = frozenset({"office365", "microsoftadminportals"})
NO_SUITE: Final = unknown(
    Why.UNDETERMINED, "conditionalAccessPolicies", "conditions.applications",
    "which applications belong to `Office365` or `MicrosoftAdminPortals` is not exported",
)
FILTERED: Final = unknown(
    Why.UNDETERMINED, "conditionalAccessPolicies", "conditions.applications.applicationFilter",
    "which applications the filter takes in is not exported",
)
# Conditions without which a sign-in always exists: a policy that has one covers no sign-in.
ORDINARY: Final = frozenset({
    "applicationFilter", "authenticationFlows", "clientApplications", "devices",
    "insiderRiskLevels", "signInRiskLevels", "userRiskLevels",
})

Span = tuple[frozenset[str] | None, frozenset[str]]
"""What is taken in (None: everything) and what is left out of it."""


class Reach(Struct, frozen=True):
    """What a policy reaches; each part is taken in and left out by words in lower case."""

    resources: Span
    platforms: Span
    networks: Span
    clients: Span

    @property
    def is_everything(self) -> bool:
        """Whether no sign-in by a client that has a word of its own is outside."""
        everywhere = (None, frozenset[str]())
        return (self.resources, self.platforms, self.networks) == (everywhere,) * 3


class Reaches(Struct, frozen=True):
    """A policy's two reaches, None where it reaches nothing, and why they differ."""

    least: Reach | None
    most: Reach | None
    doubts: tuple[Unknown, ...]


class Networks:
    """The named locations of a tenant: which are trusted, and which may be."""

    def __init__(self, collection: Collection) -> None:
        self.trusted: set[str] = {TRUSTED_ADDRESSES}
        self.untrusted: set[str] = set()
        self.names: dict[str, str] = {}
        for record in collection.records:
            key, name = value_at(record, "id"), value_at(record, "displayName")
            if not isinstance(key, str):
                continue
            if isinstance(name, str):
                self.names[key.casefold()] = name
            self._sort(key.casefold(), _is_trusted(record))

    def _sort(self, key: str, trusted: Truth) -> None:
        if trusted is True:
            self.trusted.add(key)
        elif trusted is False:
            self.untrusted.add(key)

    def sure(self, words: Iterable[str]) -> frozenset[str]:
        """Return the locations that words stand for, `AllTrusted` among them, for certain."""
        found = set(words)
        return frozenset(found - {ALL_TRUSTED} | (self.trusted if ALL_TRUSTED in found else set()))

    def possible(self, words: Iterable[str], named: Iterable[str]) -> frozenset[str]:
        """Return the locations that words may stand for, among those that any policy names."""
        found = set(words)
        maybe = set(named) - self.untrusted if ALL_TRUSTED in found else set()
        return self.sure(found) | frozenset(maybe)


def _is_trusted(record: Struct) -> Truth:
    kind = value_at(record, "@odata.type")
    if isinstance(kind, str) and kind.casefold().endswith("countrynamedlocation"):
        return False
    found: Truth = value_at(record, "isTrusted")
    return found


class Named(Struct, frozen=True):
    """The ids of all locations and applications that policies name."""

    locations: frozenset[str]
    applications: frozenset[str]


def named_by(policies: Sequence[Struct]) -> Named:
    """Return what policies name by id, in lower case."""
    locations = _words_at(policies, "locations", ("includeLocations", "excludeLocations"))
    applications = _words_at(
        policies, "applications", ("includeApplications", "excludeApplications"))
    words = {EVERY, ALL_TRUSTED, "none", *SUITES}
    return Named(locations - words, applications - words)


def _words_at(policies: Iterable[Struct], condition: str, names: Iterable[str]) -> frozenset[str]:
    return frozenset(
        word for policy in policies for name in names
        for word in listed(value_at(policy, "conditions", condition, name)).texts)


def reaches(policy: Struct, networks: Networks, named: Named) -> Reaches:
    """Return what a policy reaches, whomever it applies to and whatever it demands."""
    conditions = value_at(policy, "conditions")
    if not isinstance(conditions, Struct):
        if isinstance(conditions, Unknown):
            return Reaches(None, EVERYTHING, (conditions,))
        return Reaches(None, None, ())
    applications = value_at(conditions, "applications")
    filtered = _takes_by_filter(applications)
    ordinary = [
        one.narrows(value_at(conditions, *one.path))
        for one in CONDITIONS
        if one.name in ORDINARY and not (filtered and one.name == "applicationFilter")
    ]
    odd = [
        *strange(conditions, "conditions"), *strange(applications, "conditions.applications"),
        *strange(value_at(conditions, "locations"), "conditions.locations"),
        *strange(value_at(conditions, "platforms"), "conditions.platforms"),
    ]
    doubts = [*odd, *(truth for truth in ordinary if isinstance(truth, Unknown))]
    if any_true(ordinary) is True:
        return Reaches(None, None, ())
    parts = [
        _by_filter(applications, named) if filtered else _resources(applications),
        _platforms(value_at(conditions, "platforms")),
        _networks(value_at(conditions, "locations"), networks, named.locations),
        _clients(value_at(conditions, "clientAppTypes")),
    ]
    doubts.extend(doubt for part in parts for doubt in part.doubts)
    least, most = (_reach([getattr(part, side) for part in parts]) for side in ("least", "most"))
    return Reaches(None if odd or _unsure(ordinary) else least, most, tuple(doubts))


def _unsure(truths: Sequence[Truth]) -> bool:
    return any(isinstance(truth, Unknown) for truth in truths)


def _reach(spans: Sequence[Span]) -> Reach | None:
    resources, platforms, networks, clients = spans
    reach = Reach(resources, platforms, networks, clients)
    nothing = any(taken is not None and not taken for taken, _ in spans)
    return None if nothing else reach


class Part(Struct, frozen=True):
    """One dimension of a policy: what it surely and what it possibly spans."""

    least: Span
    most: Span
    doubts: tuple[Unknown, ...] = ()


NOTHING: Final[Span] = (frozenset(), frozenset())
ALL: Final[Span] = (None, frozenset())
WHOLE: Final = Part(ALL, ALL)
EVERYTHING: Final = Reach(ALL, ALL, ALL, ALL)


def _part(include: Listed, exclude: Listed) -> Part:
    """Return what a pair of lists spans; a list that is not known may span all or nothing."""
    if EVERY in exclude.texts:
        return Part(NOTHING, NOTHING)
    taken = None if EVERY in include.texts else frozenset(include.texts) - {"none"}
    left = frozenset(exclude.texts) - {"none"}
    least: Span = NOTHING if exclude.doubts else (taken, left)
    most: Span = (None, left) if include.doubts else (taken, left)
    return Part(least, most, (*include.doubts, *exclude.doubts))


def _resources(applications: Any) -> Part:
    if not isinstance(applications, Struct):
        return _absent(applications, NOTHING)
    filtered = holds_something(value_at(applications, "applicationFilter"))
    part = _part(
        listed(value_at(applications, "includeApplications")),
        listed(value_at(applications, "excludeApplications")),
    )
    return Part(NOTHING, part.most, (*part.doubts, filtered)) if isinstance(
        filtered, Unknown
    ) else part


def _takes_by_filter(applications: Any) -> bool:
    """Tell whether applications are taken in by an attribute; leaving them out so is no reach."""
    mode = value_at(applications, "applicationFilter", "mode")
    return isinstance(mode, str) and mode == "include"


def _by_filter(applications: Any, named: Named) -> Part:
    """Return what a filter may take in: none for certain, and any application that has an id."""
    part = _resources(applications)
    taken, left = part.most
    words = named.applications | ((taken or frozenset()) - SUITES)
    return Part(NOTHING, (words, left), (*part.doubts, FILTERED))


def _absent(value: Any, if_null: Span) -> Part:
    if isinstance(value, Unknown):
        return Part(NOTHING, ALL, (value,))
    return Part(if_null, if_null)


def _platforms(value: Any) -> Part:
    if not isinstance(value, Struct):
        return _absent(value, ALL)
    return _part(
        listed(value_at(value, "includePlatforms")), listed(value_at(value, "excludePlatforms"))
    )


def _networks(value: Any, networks: Networks, named: frozenset[str]) -> Part:
    if not isinstance(value, Struct):
        return _absent(value, ALL)
    part = _part(
        listed(value_at(value, "includeLocations")), listed(value_at(value, "excludeLocations"))
    )
    least_in, least_out = part.least
    most_in, most_out = part.most
    return Part(
        (_sure(least_in, networks), networks.possible(least_out, named)),
        (_possible(most_in, networks, named), networks.sure(most_out)),
        part.doubts,
    )


def _sure(words: frozenset[str] | None, networks: Networks) -> frozenset[str] | None:
    return None if words is None else networks.sure(words)


def _possible(
    words: frozenset[str] | None, networks: Networks, named: frozenset[str]
) -> frozenset[str] | None:
    return None if words is None else networks.possible(words, named)


def _clients(value: Any) -> Part:
    clients = listed(value)
    if isinstance(value, Unknown):
        return Part(NOTHING, ALL, (value,))
    return _part(clients, Listed())
