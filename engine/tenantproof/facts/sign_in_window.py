"""The fact `signInWindow`: what the sign-in log covers, and of what kinds of sign-in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from tenantproof.collection import Collection
from tenantproof.facts.base import Fact, Inputs, fact
from tenantproof.facts.sign_in_events import LOG
from tenantproof.facts.sign_in_tallies import ALL_READ, folded
from tenantproof.language.instants import read_duration
from tenantproof.verdict import Truth, Unknown, Why, merged, unknown

NAME: Final = "signInWindow"
DAY: Final = timedelta(days=1)
# A log shows where it begins and ends by its events only; on a day off there are none.
MISSING_AT_START: Final = 1
MISSING_AT_END: Final = 2


def build(inputs: Inputs) -> Collection:
    """Return one record; none where the log is not whole, since its ends would mislead."""
    log = inputs.collection(LOG)
    if not log.complete:
        return fact(inputs.shape(NAME), [], log)
    cover = inputs.shared(folded).cover
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


FACT: Final = Fact(NAME, (LOG,), ("sign_in_window",), build, {LOG: ALL_READ})
