"""The sign-in log, run through once: what is counted of its events, and what they show of it.

Both `signInSummary` and `signInWindow` are made from it, so that a log of any length is read but
once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from msgspec import UNSET, Struct

from tenantproof.facts.base import Columns, Inputs, why_not
from tenantproof.facts.sign_in_cover import READ as COVERED
from tenantproof.facts.sign_in_cover import Cover
from tenantproof.facts.sign_in_events import (
    LOG,
    NOTHING,
    READ,
    SEEN,
    Seen,
    happened,
    is_by_user,
    read,
    seen,
    signature,
)
from tenantproof.language.instants import read_duration
from tenantproof.verdict import Truth, Unknown, merged

KEY: Final = (
    "userId", "appId", "clientAppUsed", "isInteractive", "crossTenantAccessType",
    "resourceTenantId", "homeTenantId",
)
NAMES: Final = ("userPrincipalName", "userDisplayName", "appDisplayName")
KEYS: Final = Columns(*KEY)
TOLD: Final = Columns(*KEY, *NAMES)
ALL_READ: Final = tuple(dict.fromkeys((*KEY, *NAMES, *READ, *COVERED)))
COUNTS: Final = (
    "successful", "singleFactor", "mfaByClaim", "multiFactor", "ropc", "deviceCode",
)
Time = tuple[datetime, str]


class Kind(Struct, frozen=True, eq=False):
    """Events that are seen alike: what is true of each, and the counts of one alone.

    `marks` tells which of it is not known.
    """

    seen: Seen
    marks: str
    counts: Sequence[Any]


class Tally:
    """The events that agree in `KEY` and in what is known of them.

    `told` is what the first of them says of `TOLD`: of a long log no event is kept.
    """

    __slots__ = ("high", "index", "kinds", "low", "no_time", "recent", "told", "total")

    def __init__(self, index: int, told: Sequence[Any], recent: Truth) -> None:
        self.index = index
        self.told = told
        self.recent = recent
        self.total = 0
        self.kinds: dict[Kind, int] = {}
        self.low: Time | None = None
        self.high: Time | None = None
        self.no_time: dict[Unknown, None] = {}

    def add(self, event: Any, kind: Kind, at: datetime | Unknown) -> None:
        """Count an event of that time."""
        self.total += 1
        if kind.seen is NOTHING:
            return
        self.kinds[kind] = self.kinds.get(kind, 0) + 1
        if kind.seen.successful is True:
            self._see(event, at)

    def _see(self, event: Any, at: datetime | Unknown) -> None:
        if isinstance(at, Unknown):
            self.no_time[at] = None
            return
        time = (at, event.createdDateTime)
        if self.low is None or time < self.low:
            self.low = time
        if self.high is None or time > self.high:
            self.high = time

    def counts(self, known: dict[tuple[tuple[Kind, int], ...], Sequence[Any]]) -> Sequence[Any]:
        """Return how many events there are of each sort; an Unknown where one may be of it.

        Tallies of the same kinds and numbers share what is `known`.
        """
        if self.total == 1 and self.kinds:
            return next(iter(self.kinds)).counts
        alike = tuple(self.kinds.items())
        if alike not in known:
            found: Counter[Seen] = Counter()
            for kind, number in alike:
                found[kind.seen] += number
            known[alike] = _counts(found)
        return known[alike]

    def times(self) -> tuple[Any, Any]:
        """Return the texts of the first and last success; null where there is none."""
        doubts = [success for one in self.kinds
                  if isinstance(success := one.seen.successful, Unknown)]
        if doubts or self.no_time:
            open_ = merged([*doubts, *self.no_time])
            return open_, open_
        return self.low and self.low[1], self.high and self.high[1]


def _counts(seen: Mapping[Seen, int]) -> tuple[Any, ...]:
    return tuple([_count(at, seen) for at in range(len(COUNTS))])


def _count(at: int, seen: Mapping[Seen, int]) -> Any:
    doubts = [truth for one in seen if isinstance(truth := one[at], Unknown)]
    return merged(doubts) if doubts else sum(n for one, n in seen.items() if one[at] is True)


class Sort(Struct, frozen=True, eq=False):
    """Events with the same signature: their kind, and whether they may be a user's."""

    kind: Kind
    is_by_user: bool


class Sorts:
    """The sorts of events, each looked at once, and what they show of the log."""

    def __init__(self, cover: Cover) -> None:
        self._cover = cover
        self._known: dict[tuple[Any, ...], Sort] = {}
        self._kinds: dict[tuple[Any, ...], Kind] = {}

    def of(self, event: Any) -> Sort:
        """Return the sort of an event."""
        alike = signature(event)
        found = self._known.get(alike)
        if found is None:
            self._cover.add(event)
            found = self._known[alike] = Sort(self._kind(event, alike[:SEEN]), is_by_user(event))
        return found

    def _kind(self, event: Any, alike: tuple[Any, ...]) -> Kind:
        found = self._kinds.get(alike)
        if found is None:
            one = seen(event)
            found = self._kinds[alike] = Kind(one, _doubtful(one), _counts({one: 1}))
        return found


class Window:
    """The days before the judgement that `sign_in_window` asks for."""

    def __init__(self, inputs: Inputs) -> None:
        wanted = inputs.parameter("sign_in_window")
        span = read_duration(wanted) if isinstance(wanted, str) else None
        self._first = inputs.as_of if span is None else inputs.as_of - span
        self._day = self._first.date().isoformat()
        self._doubt = None if span is not None else why_not(wanted, "", "sign_in_window")

    def holds(self, event: Any, at: datetime | Unknown) -> Truth:
        """Tell whether an event of that time is recent enough; a day alone may tell it, too."""
        if self._doubt is not None:
            return self._doubt
        if at.__class__ is datetime:
            return at >= self._first
        text = read(event, "createdDateTime")
        if isinstance(text, str) and self._day < text[:10] < "9999" and text[10:11] == "T":
            return True
        return at if isinstance(at, Unknown) else at >= self._first


def _doubtful(found: Seen) -> str:
    return "".join("?" if isinstance(truth, Unknown) else "-" for truth in found)


class LowerCase(dict[str, str]):
    """Texts in lower case; the same text is kept but once."""

    def __missing__(self, text: str) -> str:
        folded = text.casefold()
        self[text] = folded = text if folded == text else folded
        return folded


class Keys:
    """The `KEY` of events in lower case; what stands behind the user is alike in many."""

    def __init__(self) -> None:
        self._lower = LowerCase()
        self._behind: dict[tuple[Any, ...], tuple[Any, ...]] = {}

    def of(self, event: Any) -> tuple[Any, tuple[Any, ...]]:
        """Return the user of an event, and the rest of its key."""
        raw = KEYS.raw(event)
        user, behind = raw[0], raw[1:]
        found = self._behind.get(behind)
        if found is None:
            found = self._behind[behind] = tuple(map(self._folded, KEYS.values(event)[1:]))
        if user.__class__ is str:
            return self._lower[user], found
        return KEYS.values(event)[0] if user is UNSET else user, found

    def _folded(self, value: Any) -> Any:
        return self._lower[value] if value.__class__ is str else value


class Folded(Struct, frozen=True, eq=False):
    """What one run through the log comes to."""

    tallies: Mapping[tuple[Any, ...], Tally]
    cover: Cover


def folded(inputs: Inputs) -> Folded:
    """Return what the log's events come to; use it through `inputs.shared`."""
    window, cover, keys = Window(inputs), Cover(), Keys()
    sorts = Sorts(cover)
    tallies: dict[tuple[Any, ...], Tally] = {}
    for index, event in enumerate(inputs.collection(LOG).records):
        at = happened(event)
        cover.time(at)
        sort = sorts.of(event)
        if sort.is_by_user:
            kind = sort.kind
            recent = window.holds(event, at)
            user, behind = keys.of(event)
            key = (user, *behind, kind.marks, recent)
            tally = tallies.get(key)
            if tally is None:
                tally = tallies[key] = Tally(index, TOLD.values(event), recent)
            tally.add(event, kind, at)
    return Folded(tallies, cover)
