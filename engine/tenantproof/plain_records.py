"""Records built by hand from plain JSON values: what fits is kept, the rest becomes Unknown.

The common road decodes typed records (``records``); this one is taken where something is odd.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final, cast

from msgspec import UNSET, Struct

from tenantproof.records import STRANGE_FIELD, RecordType, attribute, record_type
from tenantproof.shape import Shape
from tenantproof.verdict import Unknown, Why, unknown

CUT_AT_DEPTH: Final = re.compile(r"@\{.*\}|System\.(Object\[\]|Collections\..*)", re.DOTALL)


def from_plain(value: Any, kind: RecordType) -> Struct:
    """Build a record from plain JSON values, marking what does not fit the shape as Unknown."""
    if not isinstance(value, dict):
        return _all_unknown(kind, value)
    folded = {key.casefold(): key for key in value}
    fields = {
        attribute(name): _field(name, child, value, folded, kind)
        for name, child in kind.shape.properties.items()
    }
    if kind.shape.watched:
        fields[STRANGE_FIELD] = tuple(sorted(_strange(value, kind.shape)))
    return kind.struct(**fields)


def _strange(value: dict[str, Any], shape: Shape) -> Iterator[str]:
    """Yield the properties of an object that its schema does not know and that hold something."""
    known = {name.casefold() for name in shape.properties}
    for name, child in value.items():
        if child is not None and "@odata" not in name and name.casefold() not in known:
            yield name


def strange_properties(record: Struct) -> tuple[str, ...]:
    """Return what a watched object holds that its schema does not know, by name."""
    return cast(tuple[str, ...], getattr(record, STRANGE_FIELD))


def _all_unknown(kind: RecordType, value: Any) -> Struct:
    return kind.struct(
        **{attribute(n): _wrong_type(value, c) for n, c in kind.shape.properties.items()}
    )


def _field(
    name: str, shape: Shape, record: dict[str, Any], folded: dict[str, str], kind: RecordType
) -> Any:
    if name in record:
        return _value(record[name], shape, name in kind.null_if_absent)
    twin = folded.get(name.casefold())
    if twin is not None:
        return unknown(Why.WRONG_CASE, shape.collection, shape.path, f"written as `{twin}`")
    return None if name in kind.null_if_absent else UNSET


def _value(value: Any, shape: Shape, null_allowed: bool = False) -> Any:
    if value is None:
        return None if shape.nullable or null_allowed else _wrong_type(value, shape)
    return BUILDERS[shape.kind](value, shape)


def _scalar(value: Any, shape: Shape) -> Any:
    types = {"text": (str,), "boolean": (bool,), "number": (int, float)}[shape.kind]
    fits = isinstance(value, types) and (shape.kind == "boolean") == isinstance(value, bool)
    return value if fits else _wrong_type(value, shape)


def _list(value: Any, shape: Shape) -> Any:
    if not isinstance(value, list):
        return _wrong_type(value, shape)
    items = shape.items
    return value if items is None else [_value(v, items) for v in value]


def _object(value: Any, shape: Shape) -> Any:
    if not shape.properties:
        return value if isinstance(value, dict) else _wrong_type(value, shape)
    return from_plain(value, record_type(shape)) if isinstance(value, dict) else (
        _wrong_type(value, shape)
    )


def _any(value: Any, shape: Shape) -> Any:
    return value


def _null(value: Any, shape: Shape) -> Any:
    return _wrong_type(value, shape)


BUILDERS: Final[dict[str, Callable[[Any, Shape], Any]]] = {
    "text": _scalar,
    "boolean": _scalar,
    "number": _scalar,
    "list": _list,
    "object": _object,
    "any": _any,
    "null": _null,
}


def _wrong_type(value: Any, shape: Shape) -> Unknown:
    return unknown(Why.WRONG_TYPE, shape.collection, shape.path, _what_instead(value, shape))


def _what_instead(value: Any, shape: Shape) -> str:
    article = "an" if shape.kind == "object" else "a"
    expected = f"{article} {shape.kind} was expected"
    if isinstance(value, str) and (shape.kind in ("list", "object") or CUT_AT_DEPTH.match(value)):
        return f"{expected} and text came, as when an export is cut: export again with `-Depth 20`"
    return f"{expected} and {_name(value)} came"


def _name(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")
