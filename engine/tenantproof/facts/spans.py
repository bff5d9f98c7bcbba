"""Days between instants, and durations reckoned by the calendar."""

from __future__ import annotations

import calendar
from datetime import MAXYEAR, datetime, timedelta
from typing import Any, Final

from tenantproof.facts.base import why_not
from tenantproof.language.instants import ISO, means_never, read_duration, read_instant
from tenantproof.shape import Shape
from tenantproof.verdict import Unknown, Why, unknown

MONTHS_A_YEAR: Final = 12


def instant(value: Any, where: Shape) -> datetime | Unknown | None:
    """Return the instant that a property holds; null, and "never" in disguise, is None."""
    if isinstance(value, Unknown):
        return value
    if not isinstance(value, str) or means_never(value):
        return None
    found = read_instant(value)
    return found if found is not None else unknown(
        Why.WRONG_TYPE, where.collection, where.path, "an instant with a time zone was expected"
    )


def days_between(start: Any, end: Any) -> Any:
    """Return the whole days from one instant to another, rounded down; null where one is null."""
    for one in (start, end):
        if one is None or isinstance(one, Unknown):
            return one
    return (end - start).days


def calendar_days(text: Any, start: datetime | Unknown | None, where: Shape) -> Any:
    """Return how many days a duration takes from `start` on; ``P2Y`` may be 730 or 731.

    Without years and months no start is needed. Null stays null.
    """
    if text is None or isinstance(text, Unknown):
        return text
    match = ISO.fullmatch(text)
    span = read_duration(text)
    if match is None or span is None:
        return unknown(
            Why.WRONG_TYPE, where.collection, where.path, "a duration such as `P730D` was expected"
        )
    months = int(match[1] or 0) * MONTHS_A_YEAR + int(match[2] or 0)
    if not months:
        return _days(span)
    if not isinstance(start, datetime):
        return why_not(start, where.collection, "createdDateTime")
    rest = read_duration(_without_months(text)) or timedelta()
    end = _later(start, months)
    return end if isinstance(end, Unknown) else _days(end - start + rest)


def _without_months(text: str) -> str:
    date, mark, time = text.removeprefix("P").partition("T")
    for unit in ("Y", "M"):
        date = date.rpartition(unit)[2]
    return f"P{date}{mark}{time}"


def _later(start: datetime, months: int) -> datetime | Unknown:
    """Return the same day `months` later, or the last of the month where there is no such day."""
    year, month = divmod(start.year * MONTHS_A_YEAR + start.month - 1 + months, MONTHS_A_YEAR)
    if year > MAXYEAR:
        return unknown(Why.UNDETERMINED, detail="the duration ends after the year 9999")
    last = calendar.monthrange(year, month + 1)[1]
    return start.replace(year=year, month=month + 1, day=min(start.day, last))


def _days(span: timedelta) -> float:
    days = span / timedelta(days=1)
    return int(days) if days.is_integer() else days


def is_zero(text: Any, where: Shape) -> Any:
    """Tell whether a duration is null or of no length; an Unknown where it cannot be read."""
    if text is None:
        return True
    if isinstance(text, Unknown):
        return text
    span = read_duration(text)
    return not span if span is not None else unknown(
        Why.WRONG_TYPE, where.collection, where.path, "a duration such as `PT0S` was expected"
    )
