"""Coverage: which policies answer for each requirement, and what a changed source text touches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Final

from msgspec import Struct

from tenantproof.pack import Pack
from tenantproof.policy import Check, Combined, Manual, Policy, Reference
from tenantproof.requirement import Passage, Requirement
from tenantproof.source_text import Paragraph

LEVELS: Final = ("mandatory", "strongly_recommended", "recommended", "informational")


class Kind(StrEnum):
    """Who judges a policy: the data, people, or both."""

    AUTOMATED = "automated"
    PARTLY = "partly"
    MANUAL = "manual"


class Status(StrEnum):
    """What answers for a requirement; `informational` asks nothing, `uncovered` is a gap."""

    AUTOMATED = "automated"
    PARTLY = "partly"
    MANUAL = "manual"
    INFORMATIONAL = "informational"
    UNCOVERED = "uncovered"


class Covering(Struct, frozen=True):
    """A policy that answers for a requirement, and who judges it."""

    policy: Policy
    kind: Kind


class Covered(Struct, frozen=True):
    """A requirement with its policies in the order of their ids."""

    requirement: Requirement
    policies: tuple[Covering, ...]
    status: Status


class Touched(Struct, frozen=True):
    """A paragraph that the text no longer holds, of a requirement that was read from it.

    `now` is what stands in its place today, empty where nothing does.
    """

    passage: Passage
    now: str


class Changes(Struct, frozen=True):
    """What a text changes: paragraphs gone, by requirement, and paragraphs nobody knows."""

    touched: tuple[tuple[Requirement, tuple[Touched, ...]], ...]
    unknown: tuple[Paragraph, ...]


class Coverage(Struct, frozen=True):
    """The coverage of one pack; `changes` are None where no text was compared."""

    pack: Pack
    rows: tuple[Covered, ...]
    kinds: Mapping[str, Kind]
    changes: Changes | None = None

    def count(self, status: Status, level: str = "") -> int:
        """Return how many requirements have a status, of one level or of all."""
        return sum(
            row.status is status and level in ("", row.requirement.level) for row in self.rows
        )

    def policies(self, kind: Kind) -> int:
        """Return how many policies are of a kind."""
        return sum(one is kind for one in self.kinds.values())


def coverage(pack: Pack, chosen: Iterable[str], text: list[Paragraph] | None = None) -> Coverage:
    """Return the coverage of a pack's requirements by the policies with the chosen ids.

    `text` are the paragraphs of the source text as it is today.
    """
    kinds = {
        name: kind_of(pack.policies[name], pack.policies)
        for name in sorted(chosen) if name in pack.policies
    }
    rows = tuple(_covered(one, pack, kinds) for one in pack.requirements.values())
    return Coverage(pack, rows, kinds, None if text is None else changes(pack, text))


def _covered(requirement: Requirement, pack: Pack, kinds: Mapping[str, Kind]) -> Covered:
    policies = tuple(
        Covering(pack.policies[name], kind) for name, kind in kinds.items()
        if requirement.id in pack.policies[name].requirements
    )
    return Covered(requirement, policies, _status(requirement, {one.kind for one in policies}))


def _status(requirement: Requirement, kinds: set[Kind]) -> Status:
    if kinds:
        return Status(_together(kinds).value)
    return Status.INFORMATIONAL if requirement.level == "informational" else Status.UNCOVERED


def _together(kinds: set[Kind]) -> Kind:
    return next(iter(kinds)) if len(kinds) == 1 else Kind.PARTLY


def kind_of(policy: Policy, policies: Mapping[str, Policy]) -> Kind:
    """Return who judges a policy: the policies that it asks count as parts of it."""
    return _together(set(_kinds(policy.check, policies)))


def _kinds(check: Check, policies: Mapping[str, Policy]) -> Iterator[Kind]:
    if isinstance(check, Manual):
        yield Kind.MANUAL
    elif isinstance(check, Combined):
        for branch in check.branches:
            yield from _kinds(branch.check, policies)
    elif isinstance(check, Reference):
        yield kind_of(policies[check.policy], policies)
    else:
        yield Kind.AUTOMATED


def changes(pack: Pack, text: list[Paragraph]) -> Changes:
    """Return what a text changes: a paragraph may move, and nothing has changed."""
    there = {paragraph.digest for paragraph in text}
    known = {one.digest for row in pack.requirements.values() for one in row.passages}
    known |= {one.digest for one in pack.source.without_obligation}
    unknown = tuple(paragraph for paragraph in text if paragraph.digest not in known)
    places = {paragraph.place: paragraph.text for paragraph in unknown}
    touched = (
        (row, tuple(
            Touched(one, places.get(one.paragraph, ""))
            for one in row.passages if one.digest not in there
        ))
        for row in pack.requirements.values()
    )
    return Changes(tuple((row, gone) for row, gone in touched if gone), unknown)
