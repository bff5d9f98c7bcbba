"""Values of a snapshot as an auditor reads them: in a line of text, cut where it is very long."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any, Final

from tenantproof.language.instants import write_instant
from tenantproof.safe import printable
from tenantproof.verdict import Unknown
from tenantproof.wording import in_words

LONGEST: Final = 400


def in_line(value: Any) -> str:
    """Return a value as printable text; a list as its items, nothing as a word."""
    text = printable(_words(value))
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST]}... ({len(text)} characters)"


def _words(value: Any) -> str:
    if isinstance(value, Unknown):
        return "not known: " + "; ".join(in_words(r) for r in value.reasons)
    if value is None:
        return "(none)"
    if isinstance(value, datetime):
        return write_instant(value)
    if isinstance(value, list | tuple):
        return ", ".join(_words(item) for item in value) if value else "(none)"
    if isinstance(value, dict):
        return f"({', '.join(f'{name} {_words(item)}' for name, item in value.items())})"
    if isinstance(value, str):
        return value or "(blank)"
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def in_days(span: timedelta) -> str:
    """Return an age in days as a person says it."""
    days = span.days
    if span < timedelta():
        return "in the future"
    if days == 0:
        return "less than a day old"
    return "1 day old" if days == 1 else f"{days} days old"
