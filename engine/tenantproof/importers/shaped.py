"""Objects as PowerShell writes them, put into Microsoft Graph's spelling and shape.

PowerShell spells properties in PascalCase, writes a list of one as the element itself and an empty
one as ``null``, and dates as ``/Date(1660328610000)/``. Which list a value should be is known from
the collection's schema, never guessed from the value. What the schema does not know is kept, with
its first letter in lower case.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tenantproof.language.instants import write_instant
from tenantproof.plain_records import CUT_AT_DEPTH
from tenantproof.shape import Shape

SECONDS: Final = re.compile(r"/Date\((-?\d{1,17})(?:[+-]\d{4})?\)/")
SIEM_DATE: Final = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,9})?)")
BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
NEVER: Final = "0001-01-01T00:00:00Z"


def shaped(value: Any, shape: Shape) -> Any:
    """Return a value as its schema spells and nests it; what does not fit is left as it is."""
    if shape.kind == "list":
        return _as_list(value, shape)
    if isinstance(value, Mapping) and shape.kind in ("object", "any"):
        return _object(value, shape)
    if isinstance(value, list) and shape.kind == "any":
        return [shaped(item, shape) for item in value]
    return _date(value) if isinstance(value, str) and shape.kind == "text" else value


def _as_list(value: Any, shape: Shape) -> Any:
    """A list of one was unrolled, an empty one is null or holds nothing but null."""
    if value is None:
        return None if shape.nullable else []
    items = shape.items or Shape("any")
    if isinstance(value, str) and (items.kind == "object" or CUT_AT_DEPTH.fullmatch(value)):
        return value  # what `-Depth 2` left of it: the loader tells so
    if not isinstance(value, list):
        value = [value]
    if value == [None] and not items.nullable:
        return []
    return [shaped(item, items) for item in value]


def _object(value: Mapping[str, Any], shape: Shape) -> dict[str, Any]:
    known = {name.casefold(): name for name in shape.properties}
    found: dict[str, Any] = {}
    for key, child in value.items():
        name = known.get(key.casefold()) or spelled(key)
        found[name] = shaped(child, shape.properties.get(name, ANYTHING))
    return found


ANYTHING: Final = Shape("any")


def spelled(key: str) -> str:
    """Return a property's name as Graph spells it: the first letter in lower case."""
    return key[:1].lower() + key[1:]


def _date(text: str) -> str:
    """Return PowerShell's and a log's dates as RFC 3339 in UTC; any other text as it is."""
    found = SECONDS.fullmatch(text)
    if found:
        return _from_milliseconds(int(found[1]))
    logged = SIEM_DATE.fullmatch(text)
    return f"{logged[1]}T{logged[2]}Z" if logged else text


def _from_milliseconds(count: int) -> str:
    try:
        return write_instant(BEGINNING + timedelta(milliseconds=count))
    except OverflowError:
        return NEVER
