"""Instants (RFC 3339) and durations (ISO 8601, or words such as ``45 days``).

Python's own readers take more than RFC 3339 allows (naive times, week dates, ``24:00``) and fewer
digits than Microsoft Graph writes (seven), so the two short readers here are our own.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

INSTANT: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:([Zz])|([+-])(\d\d):(\d\d))",
    re.ASCII,
)
LENGTH: Final = len("2026-11-20T06:00:00Z")  # Python's reader agrees on what looks like this
DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
NEVER: Final = re.compile(r"0001-01-01(T.*)?|9999-12-31(T.*)?|/Date\(-62135596800000\)/", re.ASCII)
WORDS: Final = re.compile(r"(\d{1,6}) (second|minute|hour|day|week|month|year)s?", re.ASCII)
ISO: Final = re.compile(
    r"P(?=\d|T\d)(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,6})D)?"
    r"(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})(?:\.\d+)?S)?)?",
    re.ASCII,
)
SECONDS: Final = {
    "second": 1,
    "minute": 60,
    "hour": 3600,
    "day": 86_400,
    "week": 7 * 86_400,
    "month": 30 * 86_400,
    "year": 365 * 86_400,
}
ISO_UNITS: Final = ("year", "month", "week", "day", "hour", "minute", "second")


def means_never(text: str) -> bool:
    """Tell whether a date is one of the sentinels that mean "never", which read as null."""
    return NEVER.fullmatch(text) is not None


@lru_cache(maxsize=2**12)
def read_instant(text: str) -> datetime | None:
    """Return the instant in UTC, to the microsecond, or None where `text` is not RFC 3339."""
    if len(text) == LENGTH and text[4::3] == "--T::Z" and text.isascii() and text[11:13] != "24":
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            return None
    return _read(text)


def _read(text: str) -> datetime | None:
    match = INSTANT.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, _, sign, off_hour, off_minute = match.groups()
    micro = int((fraction or "0").ljust(6, "0")[:6])
    try:
        local = datetime(
            int(year), int(month), int(day), int(hour), int(minute), int(second), micro, tzinfo=UTC
        )
        if sign is None:
            return local
        offset = _offset(int(off_hour), int(off_minute))
        return local - offset if sign == "+" else local + offset
    except (ValueError, OverflowError):
        return None


def _offset(hours: int, minutes: int) -> timedelta:
    if hours > 23 or minutes > 59:
        raise ValueError("an offset is at most 23:59")
    return timedelta(hours=hours, minutes=minutes)


def read_day_or_instant(text: str) -> datetime | None:
    """Return an instant; a bare date is its first moment in UTC."""
    return read_instant(f"{text}T00:00:00Z" if DATE.fullmatch(text) else text)


def read_duration(text: str) -> timedelta | None:
    """Return a duration with years of 365, months of 30 and weeks of 7 days, or None."""
    words = WORDS.fullmatch(text)
    if words is not None:
        return timedelta(seconds=int(words[1]) * SECONDS[words[2]])
    iso = ISO.fullmatch(text)
    if iso is None:
        return None
    parts = zip(iso.groups(), ISO_UNITS, strict=True)
    return timedelta(seconds=sum(int(n) * SECONDS[unit] for n, unit in parts if n))


def write_instant(instant: datetime) -> str:
    """Return an instant as RFC 3339 text in UTC, without a fraction where there is none."""
    return instant.isoformat().replace("+00:00", "Z")
