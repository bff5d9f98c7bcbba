"""The clock, and the instants and durations that a caller writes."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import Final

from tenantproof.cli.usage import usage_error
from tenantproof.language.instants import read_day_or_instant, read_duration

FIXED: Final = "SOURCE_DATE_EPOCH"


def now() -> datetime:
    """Return the present in UTC, to the second.

    The variable SOURCE_DATE_EPOCH (seconds since 1970) takes its place where a run has to be
    repeated byte by byte; what is not a number there is ignored.
    """
    fixed = os.environ.get(FIXED, "")
    if fixed.isascii() and fixed.isdigit() and len(fixed) <= 11:
        return datetime.fromtimestamp(int(fixed), UTC)
    return datetime.now(UTC).replace(microsecond=0)


def read_as_of(text: str | None) -> datetime | None:
    """Return the instant of judging that the caller names; None where it is the snapshot's own."""
    if text is None:
        return None
    instant = read_day_or_instant(text)
    if instant is None:
        raise usage_error(f"`--as-of {text}` is not an instant",
                          "write a day or an instant, such as `2026-11-20T06:00:00Z`")
    return instant


def read_span(option: str, text: str | None) -> timedelta | None:
    """Return the duration that the caller names."""
    if text is None:
        return None
    span = read_duration(text)
    if span is None:
        raise usage_error(f"`{option} {text}` is not a duration",
                          "write it as `7 days`, `12 hours` or `P7D`")
    return span
