"""The fact `signInWindow`: what the sign-in log covers, and of what kinds of sign-in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec import Struct

from tenantproof.collection import Collection
from tenantproof.facts.base import Fact, Inputs, fact
from tenantproof.facts.sign_in_events import LOG, happened, read, succeeded
from tenantproof.language.instants import read_day_or_instant, read_duration
from tenantproof.verdict import Truth, Unknown, Why, all_true, merged, unknown

NAME: Final = "signInWindow"
DAY: Final = timedelta(days=1)
# A log shows where it begins and ends by its events only; on a day off there are none.
MISSING_AT_START: Final = 1
MISSING_AT_END: Final = 2


class Cover:
    """What the events of a log show."""

    def __init__(self, events: Iterable[Any]) -> None:
        self.first: datetime | None = None
        self.last: datetime | None = None
        self.no_time: dict[Unknown, None] = {}
        self.kinds: set[str] = set()
        self.requirement: dict[Truth, None] = {}
        seen: set[tuple[Any, ...]] = set()
        for event in events:
            self._time(event)
            alike = _alike(event)
            if alike not in seen:
                seen.add(alike)
                self._add(event)

    def _time(self, event: Any) -> None:
        at = happened(event)
        if isinstance(at, Unknown):
            self.no_time[at] = None
        else:
            if self.first is None or at < self.first:
                self.first = at
            if self.last is None or at > self.last:
                self.last = at

    def _add(self, event: Any) -> None:
        self.kinds.update(_kinds(event))
        success = succeeded(event)
        if success is not False:
            self.requirement[_states_requirement(event, success)] = None

    def edge(self, stated: str, shown: datetime | None) -> datetime | Unknown:
        """Return an end of the log: as the manifest says, else the first or last event."""
        if stated:
            return read_day_or_instant(stated) or unknown(
                Why.WRONG_TYPE, LOG, "", f"the manifest gives `{stated}` where an instant belongs"
            )
        if self.no_time:
            return merged(self.no_time)
        return shown or unknown(
            Why.UNDETERMINED, LOG, "", "the log is empty and the manifest states no dates for it"
        )

    def saw(self, kind: str) -> Truth:
        """Tell whether a kind of sign-in is in the log; its absence proves nothing."""
        return True if kind in self.kinds else unknown(
            Why.NOT_EXPORTED, LOG, "signInEventTypes", f"no `{kind}` sign-in is in the log"
        )

    def states_requirement(self) -> Truth:
        """Tell whether every success says if MFA was required."""
        if not self.requirement:
            return unknown(
                Why.UNDETERMINED, LOG, "authenticationRequirement", "no sign-in succeeded"
            )
        return all_true(self.requirement)


def build(inputs: Inputs) -> Collection:
    """Return one record; none where the log is not whole, since its ends would mislead."""
    log = inputs.collection(LOG)
    if not log.complete:
        return fact(inputs.shape(NAME), [], log)
    cover = Cover(log.records)
    start, end = cover.edge(log.since, cover.first), cover.edge(log.until, cover.last)
    age = _days(end, inputs.as_of)
    missing = _missing(start, inputs.as_of, inputs.parameter("sign_in_window"))
    row = {
        "id": "window",
        "from": _written(start),
        "to": _written(end),
        "days": _days(start, end),
        "ageDays": age,
        "missingDays": missing,
        "coversWindow": _covers(missing, age),
        "interactiveSeen": cover.saw("interactiveUser"),
        "nonInteractiveSeen": cover.saw("nonInteractiveUser"),
        "hasAuthenticationRequirement": cover.states_requirement(),
        "total": len(log.records),
    }
    return fact(inputs.shape(NAME), [(f"/{LOG}", row)], log)


def _alike(event: Any) -> tuple[Any, ...]:
    """Return all that `Cover` looks at beside the time: events alike in it tell the same."""
    kinds, user, status = event.signInEventTypes, event.userId, event.status
    code = getattr(status, "errorCode", None) if isinstance(status, Struct) else status
    return (
        tuple(kinds) if isinstance(kinds, list) else kinds,
        bool(user) if isinstance(user, str) else user,
        event.isInteractive, type(code), code, event.authenticationRequirement,
    )


def _kinds(event: Any) -> Iterator[str]:
    """Yield the kinds of an event: as it says, and for a user's event by `isInteractive`."""
    kinds, by_person = read(event, "signInEventTypes"), read(event, "isInteractive")
    if isinstance(kinds, list):
        yield from (kind for kind in kinds if isinstance(kind, str))
    user = read(event, "userId")
    if isinstance(by_person, bool) and isinstance(user, str) and user:
        yield "interactiveUser" if by_person else "nonInteractiveUser"


def _states_requirement(event: Any, success: Truth) -> Truth:
    if isinstance(read(event, "authenticationRequirement"), str):
        return True
    return False if success is True else success


def _written(at: datetime | Unknown) -> str | Unknown:
    return at if isinstance(at, Unknown) else at.isoformat().replace("+00:00", "Z")


def _days(start: datetime | Unknown, end: datetime | Unknown) -> float | Unknown:
    doubts = [one for one in (start, end) if isinstance(one, Unknown)]
    if isinstance(start, Unknown) or isinstance(end, Unknown):
        return merged(doubts)
    return (end - start) / DAY


def _missing(start: datetime | Unknown, as_of: datetime, wanted: Any) -> float | Unknown:
    """Return how many days of the window lie before the log's first one."""
    doubts = [one for one in (start, wanted) if isinstance(one, Unknown)]
    if isinstance(start, Unknown) or doubts:
        return merged(doubts)
    window = read_duration(wanted) if isinstance(wanted, str) else None
    if window is None:
        return unknown(Why.WRONG_TYPE, "", "sign_in_window", "a duration was expected")
    return max(0, (start - (as_of - window)) / DAY)


def _covers(missing: float | Unknown, age: float | Unknown) -> Truth:
    if isinstance(missing, Unknown) or isinstance(age, Unknown):
        return merged(one for one in (missing, age) if isinstance(one, Unknown))
    if missing <= MISSING_AT_START and age <= MISSING_AT_END:
        return True
    return unknown(
        Why.NOT_EXPORTED, LOG, "",
        f"the log lacks {missing:.1f} days of the window and ends {age:.1f} days before the "
        "judgement; state `from` and `to` in the manifest if it covers more than its events show",
    )


READ: Final = (
    "createdDateTime", "signInEventTypes", "isInteractive", "userId", "authenticationRequirement",
    "status.errorCode",
)
FACT: Final = Fact(NAME, (LOG,), ("sign_in_window",), build, {LOG: READ})
