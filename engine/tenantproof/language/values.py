"""Reading values inside expressions: what is not known ends the evaluation."""

from __future__ import annotations

from typing import Any, Final

from msgspec import UNSET, Struct

from tenantproof.records import attribute, shape_of
from tenantproof.verdict import Unknown, Why, unknown

MISSING: Final = object()
RECORD: Final = type(Struct)
"""The class of the classes of records; it is told faster than by ``isinstance``."""
CERTAIN: Final = frozenset({str, bool, int, float, list, type(None)})
"""Types of values that are known as they stand; what a list holds is looked at where it is used."""


class UnknownRead(Exception):  # noqa: N818  a signal inside expressions, not an error
    """An expression read something that is not known."""

    def __init__(self, found: Unknown) -> None:
        super().__init__(found)
        self.found = found


class Readable:
    """The root that tenant-level expressions read: collections, facts and ``tenant`` by name."""

    @property
    def size(self) -> int:
        """How many records its largest collection has."""
        raise NotImplementedError

    def read(self, name: str) -> Any:
        """Return a collection's value, or an Unknown where it is not complete."""
        raise NotImplementedError


def read(value: Any, name: str, attr: str) -> Any:
    """Return the property `name` of a value; null of what has no properties.

    A record has no property that its schema does not know: null would be an answer that nobody
    gave.
    """
    if isinstance(value, Struct):
        found = getattr(value, attr, MISSING)
        if found is UNSET:
            raise UnknownRead(not_exported(value, name))
        if found is MISSING:
            raise UnknownRead(_unheard_of(value, name))
    elif isinstance(value, dict):
        found = value.get(name)
    elif isinstance(value, Readable):
        found = value.read(name)
    else:
        return None
    if type(found) is Unknown:
        raise UnknownRead(found)
    return found


def _unheard_of(record: Struct, name: str) -> Unknown:
    shape = shape_of(record)
    where = " ".join(filter(None, (shape.collection, shape.path)))
    return unknown(Why.EXPRESSION, "", name, f"`{where}` has no property `{name}`")


def not_exported(record: Struct, name: str) -> Unknown:
    """Return the Unknown for a property that a record lacks."""
    shape = shape_of(record)
    path = f"{shape.path}.{name}" if shape.path else name
    return unknown(Why.NOT_EXPORTED, shape.collection, path)


def known(value: Any) -> Any:
    """Return a value; UnknownRead where it is not known."""
    if type(value) is Unknown:
        raise UnknownRead(value)
    return value


def all_known(value: Any) -> Any:
    """Return a value; UnknownRead where it, or an element of it, is not known."""
    if isinstance(value, list):
        for item in value:
            known(item)
    return known(value)


def to_plain(value: Any) -> Any:
    """Return a value as plain JSON; UnknownRead where a record lacks a property it could have."""
    if isinstance(value, Struct):
        shape = shape_of(value)
        return {name: to_plain(read(value, name, attribute(name))) for name in shape.properties}
    if isinstance(value, list):
        return [item if item.__class__ is str else to_plain(known(item)) for item in value]
    return value


def is_false(value: Any) -> bool:
    """Tell whether JMESPath takes a value for false: null, false, and empty text, list, object."""
    if value is True or value is None or value is False:
        return value is not True
    if isinstance(value, Struct):
        return _is_empty_object(value)
    return not value and isinstance(value, str | list | dict)


def _is_empty_object(record: Struct) -> bool:
    shape = shape_of(record)
    found = [getattr(record, attribute(name)) for name in shape.properties]
    if any(value is not UNSET and value is not None for value in found):
        return False
    raise UnknownRead(unknown(Why.NOT_EXPORTED, shape.collection, shape.path))
