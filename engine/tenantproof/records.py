"""Records as msgspec Structs: absent is ``UNSET``, damaged is ``Unknown``.

The common road decodes a whole collection with typed Structs. Where that fails, or where a
property stands in the wrong case, the collection is decoded again as plain values and each
record is built by hand: what fits is kept, what does not becomes ``Unknown`` with the reason.
One odd record never decides for the others.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from operator import attrgetter
from typing import Any, Final, NoReturn, cast

import msgspec
from msgspec import UNSET, Struct, UnsetType

from tenantproof.shape import Shape
from tenantproof.verdict import Unknown, Why, unknown

SCALARS: Final[dict[str, Any]] = {
    "text": str,
    "boolean": bool,
    "number": int | float,
    "null": type(None),
    "any": Any,
}
POINTER_FIELD: Final = "p__"  # facts write their source here; nothing reads it of a collection
POINTER_KEY: Final = "tenantproof.pointer"
STRANGE_KEY: Final = "tenantproof.strange"
STRANGE_FIELD: Final = "s__"  # names of properties that the schema of a watched object lacks
Select = frozenset[str] | None


@cache
def attribute(name: str) -> str:
    """Return the Struct attribute that holds the JSON property `name`."""
    if name.isidentifier() and not keyword.iskeyword(name) and "__" not in name:
        return name
    return "x__" + "".join(c if c.isalnum() and c.isascii() else f"_{ord(c):x}_" for c in name)


@dataclass(frozen=True, slots=True, eq=False)
class RecordType:
    """The Struct type of a shape, with what the loader must look at after decoding."""

    shape: Shape
    struct: type[Struct]
    nested: tuple[tuple[str, RecordType, bool], ...]
    checked: tuple[tuple[str, Shape, frozenset[str]], ...]
    null_if_absent: frozenset[str]
    any_checked: bool
    watched: bool

    def null_names(self) -> Iterator[str]:
        """Yield every property below that reads as null when it is absent."""
        yield from self.null_if_absent
        for _, child, _ in self.nested:
            yield from child.null_names()


class _NeverRead:
    """Stands in the place of a property that was not decoded because nothing reads it."""

    def __get__(self, record: object, owner: type) -> NoReturn:
        raise RuntimeError("a bug: this property was not meant to be read")


NOTHING_THERE: Final = frozenset({None, UNSET})
LISTS: Final = frozenset({list, type(None), type(UNSET)})
NEVER_READ: Final = _NeverRead()
_TYPES: dict[tuple[int, Select], tuple[Shape, RecordType]] = {}


def record_type(shape: Shape, select: Select = None) -> RecordType:
    """Return the record type of an object shape.

    `select` names the top-level properties that were asked for; it outranks both readings of
    absence: a selected property that is absent is null, any other was not exported.
    """
    key = (id(shape), select)
    if key not in _TYPES:
        _TYPES[key] = (shape, _build(shape, select))
    return _TYPES[key][1]


def _build(shape: Shape, select: Select) -> RecordType:
    fields: list[tuple[str, Any, Any]] = []
    nested: list[tuple[str, RecordType, bool]] = []
    checked: list[tuple[str, Shape, frozenset[str]]] = []
    null_if_absent: list[str] = []
    for name, child in shape.properties.items():
        is_null = child.absent_is_null if select is None else name in select
        if is_null:
            null_if_absent.append(name)
        annotation, inner, is_list = _annotation(child)
        if inner is not None:
            nested.append((attribute(name), inner, is_list))
        if _needs_check(child):
            checked.append((attribute(name), child, _sound(child)))
        optional = annotation | None if child.nullable or is_null else annotation
        fields.append((attribute(name), optional | UnsetType, None if is_null else UNSET))
    fields.extend([(POINTER_FIELD, Any, ""), (STRANGE_FIELD, Any, ())])
    struct = msgspec.defstruct(
        f"R_{shape.collection}_{re.sub(r'[^A-Za-z0-9]', '_', shape.path)}",
        fields,
        rename={
            **{attribute(n): n for n in shape.properties},
            POINTER_FIELD: POINTER_KEY,
            STRANGE_FIELD: STRANGE_KEY,
        },
        namespace={"shape": shape, **{attribute(name): NEVER_READ for name in shape.unread}},
        gc=False,
    )
    inners = [inner for _, inner, _ in nested]
    return RecordType(
        shape, struct, tuple(nested), tuple(checked), frozenset(null_if_absent),
        any_checked=bool(checked) or any(inner.any_checked for inner in inners),
        watched=shape.watched or any(inner.watched for inner in inners),
    )


def _annotation(shape: Shape) -> tuple[Any, RecordType | None, bool]:
    if shape.kind == "object" and shape.properties:
        inner = record_type(shape)
        return inner.struct, inner, False
    if shape.kind == "object":
        return dict[str, Any], None, False
    if shape.kind == "list" and shape.items is not None:
        item, below, _ = _annotation(shape.items)
        if shape.items.nullable and item is not Any:
            item = item | None
        return list[item], below, True  # type: ignore[valid-type]  # made at run time
    if shape.kind == "list":
        return list[Any], None, True
    return SCALARS[shape.kind], None, False


def _needs_check(shape: Shape) -> bool:
    return bool(
        shape.values is not None
        or shape.unknown_values
        or (shape.items is not None and _needs_check(shape.items))
    )


def _sound(shape: Shape) -> frozenset[str]:
    """Return the texts of which no closer look is needed: those that the schema itself spells."""
    if shape.items is not None:
        return _sound(shape.items)
    known = (v for v in shape.values or () if isinstance(v, str))
    return frozenset(v for v in known if _is_known(v, shape))


def shape_of(record: Struct) -> Shape:
    """Return the shape of a record that this module made."""
    return cast(Shape, type(record).shape)  # type: ignore[attr-defined]  # set by _build


# --- the common road --------------------------------------------------------------------------


def suspicious_case(raw: bytes | memoryview, names: frozenset[str]) -> bool:
    """Tell whether a property that reads as null when absent may stand there in another case.

    A cheap look at the bytes; a hit only sends the collection down the slow road.
    """
    if not names:
        return False
    data = bytes(raw)
    if re.search(rb"\\u00[4-7]", data):
        return True
    lowered = data.lower()
    return any(
        lowered.count(b'"%s"' % name.lower().encode()) != data.count(b'"%s"' % name.encode())
        for name in names
    )


def settle(records: Iterable[Any], kind: RecordType) -> None:
    """Replace, in place, every value that its enumeration does not know by an Unknown."""
    held = list(records)
    for name, shape, sound in kind.checked:
        for record, value in _odd(held, name, shape, sound):
            setattr(record, name, _checked(value, shape))
    for name, inner, is_list in kind.nested:
        if inner.any_checked:
            settle(_children(held, name, is_list), inner)


def _odd(
    records: list[Any], name: str, shape: Shape, sound: frozenset[str]
) -> list[tuple[Any, Any]]:
    """Return the records, and their values, of which a closer look is needed."""
    values = list(map(attrgetter(name), records))
    if shape.kind == "text" and set(values) <= sound | NOTHING_THERE:
        return []
    if _are_sound_lists(values, shape, sound):
        return []
    there = ((one, value) for one, value in zip(records, values, strict=True)
             if not (value is None or value is UNSET or type(value) is Unknown))
    if shape.kind == "text":
        return [(one, value) for one, value in there if value not in sound]
    if shape.items is not None and shape.items.kind == "text":
        return [(one, value) for one, value in there if not sound.issuperset(value)]
    return list(there)


def _are_sound_lists(values: list[Any], shape: Shape, sound: frozenset[str]) -> bool:
    if shape.items is None or shape.items.kind != "text" or not LISTS.issuperset(map(type, values)):
        return False
    return sound.issuperset(chain.from_iterable(filter(None, values)))


def _children(records: Iterable[Any], name: str, is_list: bool) -> Iterator[Struct]:
    for record in records:
        value = getattr(record, name)
        if value is not UNSET and value is not None and type(value) is not Unknown:
            for child in value if is_list else (value,):
                if isinstance(child, Struct):
                    yield child


def _checked(value: Any, shape: Shape) -> Any:
    if shape.kind == "list":
        items = cast(Shape, shape.items)
        return [v if v is None or type(v) is Unknown else _checked(v, items) for v in value]
    parts = delimited(value, shape.separator) if shape.separator else [value]
    bad = [part for part in parts if not _is_known(part, shape)]
    if not bad:
        return value
    return unknown(Why.UNKNOWN_VALUE, shape.collection, shape.path, f"`{bad[0]}`")


def _is_known(value: Any, shape: Shape) -> bool:
    word = value.casefold() if shape.fold and isinstance(value, str) else value
    if word in _folded(shape.unknown_values, shape.fold):
        return False
    return shape.values is None or word in _folded(shape.values, shape.fold)


@cache
def _folded(values: tuple[Any, ...], fold: bool) -> frozenset[Any]:
    return frozenset(v.casefold() if fold and isinstance(v, str) else v for v in values)


def delimited(text: str, separator: str) -> list[str]:
    """Split delimited text into its parts, without blanks around them; blank text has none."""
    return [part.strip() for part in text.split(separator) if part.strip()]
