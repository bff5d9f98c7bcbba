"""What the events of a sign-in log show of the log itself: from when to when, and of what kinds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from tenantproof.facts.sign_in_events import LOG, read, succeeded
from tenantproof.language.instants import read_day_or_instant
from tenantproof.verdict import Truth, Unknown, Why, all_true, merged, unknown

READ: Final = (
    "createdDateTime", "signInEventTypes", "isInteractive", "userId", "authenticationRequirement",
    "status.errorCode",
)


class Cover:
    """What the events of a log show."""

    def __init__(self) -> None:
        self.first: datetime | None = None
        self.last: datetime | None = None
        self.no_time: dict[Unknown, None] = {}
        self.kinds: set[str] = set()
        self.requirement: dict[Truth, None] = {}

    def time(self, at: datetime | Unknown) -> None:
        """Take into account when an event was."""
        if isinstance(at, Unknown):
            self.no_time[at] = None
        else:
            if self.first is None or at < self.first:
                self.first = at
            if self.last is None or at > self.last:
                self.last = at

    def add(self, event: Any) -> None:
        """Take an event into account, one of each sort; see `signature`."""
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
