"""A sign-in that no policy closes: the search for a gap among the cells of all sign-ins.

The cells are cut by the words that the policies themselves use, and in every dimension there is one
more: whatever none of them names. A network may lie in several named locations at once, and no
export says whether an application belongs to a suite such as `Office365`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations, product
from typing import Final

from msgspec import Struct

from tenantproof.facts.coverage_reach import OTHER, SUITES, Reach, Span
from tenantproof.verdict import Unknown, Why, unknown

MFA_CLIENTS: Final = ("browser", "mobileappsanddesktopclients")
LEGACY_CLIENTS: Final = ("exchangeactivesync", "other")
MOST_TRIES: Final = 20_000
MOST_SPANS: Final = 400
NOWHERE: Final[frozenset[str]] = frozenset()
TOO_MANY: Final = unknown(
    Why.UNDETERMINED, "conditionalAccessPolicies", "conditions.locations",
    "the policies combine more locations than can be tried",
)


class Gap(Struct, frozen=True):
    """A sign-in: to which resource, on which platform, by which client, from which locations.

    A resource is told by its id, by the suites that it belongs to, or both; by neither, it is one
    that no policy names.
    """

    resource: frozenset[str]
    platform: str
    client: str
    locations: frozenset[str]


Resources = Callable[[Sequence[str], frozenset[str]], Iterator[Sequence[frozenset[str]]]]


class Space(Struct, frozen=True):
    """All sign-ins by some clients; `outsiders` are applications that belong to no suite."""

    clients: tuple[str, ...]
    outsiders: frozenset[str] = NOWHERE

    def possible_gap(self, reaches: Sequence[Reach]) -> Gap | Unknown | None:
        """Return a sign-in that may exist outside all reaches; None proves that there is none."""
        return self._find(reaches, _any_resources)

    def certain_gap(self, reaches: Sequence[Reach]) -> Gap | Unknown | None:
        """Return a sign-in that surely exists and is outside all reaches, None where none is."""
        return self._find(reaches, _sure_resources)

    def _find(self, reaches: Sequence[Reach], resources: Resources) -> Gap | Unknown | None:
        if any(reach.is_everything and _spans_all(reach.clients, self.clients)
               for reach in reaches):
            return None
        distinct = list(dict.fromkeys(reaches))
        platforms = _words(reach.platforms for reach in distinct)
        hard: Unknown | None = None
        for words in resources(_words(reach.resources for reach in distinct), self.outsiders):
            found = [self._outside(distinct, resource, platforms) for resource in words]
            if all(isinstance(one, Gap) for one in found):
                return found[0]
            if None not in found:
                hard = TOO_MANY
        return hard

    def _outside(
        self, reaches: Sequence[Reach], resource: frozenset[str], platforms: Sequence[str]
    ) -> Gap | Unknown | None:
        """Return a sign-in to a resource outside all reaches, None where there is none."""
        here = [reach for reach in reaches if _holds(reach.resources, resource)]
        hard: Unknown | None = None
        for platform, client in product(platforms, self.clients):
            outside = escape(_networks(here, platform, client))
            if isinstance(outside, Unknown):
                hard = outside
            elif outside is not None:
                return Gap(resource, platform, client, outside)
        return hard


def _networks(reaches: Iterable[Reach], platform: str, client: str) -> list[Span]:
    return [
        reach.networks for reach in reaches
        if _spans(reach.platforms, platform) and _spans(reach.clients, client)
    ]


def _holds(span: Span, resource: frozenset[str]) -> bool:
    taken, left = span
    return (taken is None or bool(taken & resource)) and not left & resource


def _spans(span: Span, word: str) -> bool:
    taken, left = span
    return (taken is None or word in taken) and word not in left


def _spans_all(span: Span, words: Sequence[str]) -> bool:
    return all(_spans(span, word) for word in words)


def _words(spans: Iterable[Span]) -> list[str]:
    """Return every word that spans name, those that are left out first, and one for all others."""
    taken: dict[str, None] = {}
    left: dict[str, None] = {}
    for inside, outside in spans:
        taken.update(dict.fromkeys(sorted(inside or ())))
        left.update(dict.fromkeys(sorted(outside)))
    return list({**left, OTHER: None, **taken})


def _any_resources(
    words: Sequence[str], outsiders: frozenset[str]
) -> Iterator[Sequence[frozenset[str]]]:
    """Yield every kind of resource that there may be: each application in or out of each suite."""
    suites = SUITES.intersection(words)
    for word in words:
        yield from ([one] for one in _kinds(word, suites, outsiders))
    yield from ([frozenset(both)] for both in combinations(sorted(suites), 2))


def _sure_resources(
    words: Sequence[str], outsiders: frozenset[str]
) -> Iterator[Sequence[frozenset[str]]]:
    """Yield the kinds of which one surely exists: an application is in some suites, or in none.

    Every suite has applications that are in no other suite.
    """
    suites = SUITES.intersection(words)
    for word in words:
        yield list(_kinds(word, suites, outsiders))


def _kinds(
    word: str, suites: frozenset[str], outsiders: frozenset[str]
) -> Iterator[frozenset[str]]:
    """Yield what a word may stand for: a resource, with the suites that it may belong to."""
    yield NOWHERE if word == OTHER else frozenset({word})
    if word != OTHER and word not in suites and word not in outsiders:
        for size in range(1, len(suites) + 1):
            yield from (frozenset({word, *some}) for some in combinations(sorted(suites), size))


# --- networks -----------------------------------------------------------------------------------


def escape(networks: Iterable[Span]) -> frozenset[str] | Unknown | None:
    """Return locations that a network may lie in so that none of the spans holds it.

    A span is escaped by lying in nothing that it takes in, or in something that it leaves out.
    None where there is no escape, an Unknown where there are too many ways to try.
    """
    spans = sorted(dict.fromkeys(networks), key=_choices)
    if spans and _choices(spans[0]) == 0:
        return None
    if len(spans) > MOST_SPANS:
        return TOO_MANY
    search = Search()
    found = search.escape(spans, NOWHERE, NOWHERE)
    return TOO_MANY if search.tries > MOST_TRIES else found


def _choices(span: Span) -> int:
    return (span[0] is not None) + len(span[1])


class Search:
    """A search for locations that gives up after so many tries."""

    def __init__(self) -> None:
        self.tries = 0

    def escape(
        self, spans: Sequence[Span], inside: frozenset[str], barred: frozenset[str]
    ) -> frozenset[str] | None:
        """Return locations outside all spans, among them `inside` and none that is `barred`."""
        self.tries += 1
        if not spans or self.tries > MOST_TRIES:
            return inside
        (taken, left), rest = spans[0], spans[1:]
        if inside & left:
            return self.escape(rest, inside, barred)
        if taken is not None and not inside & taken:
            found = self.escape(rest, inside, barred | taken)
            if found is not None:
                return found
        for location in sorted(left - barred):
            found = self.escape(rest, inside | {location}, barred)
            if found is not None:
                return found
        return None
