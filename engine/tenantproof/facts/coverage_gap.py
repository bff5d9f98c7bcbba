"""A sign-in that no policy closes: the search for a gap among the cells of all sign-ins.

The cells are cut by the words that the policies themselves use, and in every dimension there is one
more: whatever none of them names. A network may lie in several named locations at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Final

from msgspec import Struct

from tenantproof.facts.coverage_reach import OTHER, Reach, Span

MFA_CLIENTS: Final = ("browser", "mobileappsanddesktopclients")
LEGACY_CLIENTS: Final = ("exchangeactivesync", "other")


class Gap(Struct, frozen=True):
    """A sign-in: to which resource, on which platform, by which client, from which locations."""

    resource: str
    platform: str
    client: str
    locations: frozenset[str]


def find_gap(reaches: Sequence[Reach], clients: Sequence[str]) -> Gap | None:
    """Return a sign-in outside all reaches, None where every one is inside."""
    if any(reach.is_everything and _spans_all(reach.clients, clients) for reach in reaches):
        return None
    resources = _words(reach.resources for reach in reaches)
    platforms = _words(reach.platforms for reach in reaches)
    for resource, platform, client in product(resources, platforms, clients):
        here = [
            reach.networks for reach in reaches
            if _spans(reach.resources, resource) and _spans(reach.platforms, platform)
            and _spans(reach.clients, client)
        ]
        outside = escape(here)
        if outside is not None:
            return Gap(resource, platform, client, outside)
    return None


def _spans(span: Span, word: str) -> bool:
    taken, left = span
    return (taken is None or word in taken) and word not in left


def _spans_all(span: Span, words: Sequence[str]) -> bool:
    return all(_spans(span, word) for word in words)


def _words(spans: Iterator[Span]) -> list[str]:
    """Return every word that spans name, those that are left out first, and one for all others."""
    taken: dict[str, None] = {}
    left: dict[str, None] = {}
    for inside, outside in spans:
        taken.update(dict.fromkeys(sorted(inside or ())))
        left.update(dict.fromkeys(sorted(outside)))
    return list({**left, OTHER: None, **taken})


def escape(networks: Sequence[Span]) -> frozenset[str] | None:
    """Return locations that a network may lie in so that none of the spans holds it.

    A span is escaped by lying in nothing that it takes in, or in something that it leaves out.
    None where there is no escape.
    """
    ordered = sorted(networks, key=lambda span: (span[0] is not None, len(span[1])))
    return _escape(ordered, frozenset(), frozenset())


def _escape(
    spans: Sequence[Span], inside: frozenset[str], barred: frozenset[str]
) -> frozenset[str] | None:
    if not spans:
        return inside
    (taken, left), rest = spans[0], spans[1:]
    if inside & left:
        return _escape(rest, inside, barred)
    if taken is not None and not inside & taken:
        found = _escape(rest, inside, barred | taken)
        if found is not None:
            return found
    for location in sorted(left - barred):
        found = _escape(rest, inside | {location}, barred)
        if found is not None:
            return found
    return None
