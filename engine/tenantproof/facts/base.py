"""What every fact is made of: its inputs, null-safe reading, and records with pointers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import starmap
from operator import attrgetter, itemgetter
from typing import Any, Protocol, TypeVar

from msgspec import UNSET, Struct, UnsetType, field
from msgspec.structs import replace

from tenantproof.collection import Collection
from tenantproof.language.values import not_exported
from tenantproof.records import attribute, record_type, shape_of
from tenantproof.shape import CollectionShape, Shape
from tenantproof.verdict import Reason, Unknown, Why, unknown

Made = TypeVar("Made")


class Inputs(Protocol):
    """What a fact may look at: nothing else exists for it."""

    @property
    def as_of(self) -> datetime:
        """The instant of judging."""

    @property
    def tenant_kind(self) -> str | None:
        """The tenant's kind (``partner`` or ``customer``), None where the manifest does not say."""

    def collection(self, name: str) -> Collection:
        """Return a collection of the snapshot, or another fact."""

    def parameter(self, name: str) -> Any:
        """Return a shared parameter's value, or an Unknown where nobody declared one."""

    def shape(self, name: str) -> CollectionShape:
        """Return the schema of a collection or fact."""

    def shared(self, make: Callable[[Inputs], Made]) -> Made:
        """Return what `make` makes of these inputs; it is made once and shared by all facts."""

    def index(self, name: str, key: str) -> Mapping[str, list[Struct]]:
        """Return a collection's records `by_key`, in an index that all facts share."""


Build = Callable[[Inputs], Collection]


class Fact(Struct, frozen=True):
    """A fact's declaration: what it reads, and the function that makes it.

    `reads` names, for some collections, all the properties that the fact looks at by their paths;
    of the others it may look at every one.
    """

    name: str
    collections: tuple[str, ...]
    parameters: tuple[str, ...]
    build: Build
    reads: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def value_at(record: Any, *names: str) -> Any:
    """Return the value at a chain of properties: a value, None, or an Unknown.

    A null parent makes everything below it null; a parent that was not exported, or that is
    damaged, makes everything below it unknown. A name that the schema does not have is a mistake
    in a fact, and no null: AttributeError.
    """
    value = record
    for name in names:
        if not isinstance(value, Struct):
            return value if isinstance(value, Unknown) else None
        found = getattr(value, attribute(name))
        value = not_exported(value, name) if found is UNSET else found
    return value


def value_if_known(record: Struct, *names: str) -> Any:
    """Return `value_at` of a record whose schema may not have the first property: then null."""
    return value_at(record, *names) if names[0] in shape_of(record).properties else None


def fact_records(
    shape: CollectionShape, rows: Iterable[tuple[str, Mapping[str, Any]]]
) -> list[Struct]:
    """Return a fact's records from pointers (of the record each came from) and properties.

    A property that a row leaves out reads as not exported: name them all.
    """
    kind = record_type(shape.record).struct
    names = tuple(shape.record.properties)
    pick = itemgetter(*names)
    nested = [(at, inner, _is_made(inner))
              for at, inner in enumerate(shape.record.properties.values())
              if inner.kind == "list" or _is_made(inner)]
    records: list[Struct] = []
    for pointer, row in rows:
        values = list(pick(row if len(row) == len(names) else _filled(row, names)))
        for at, inner, is_made in nested:
            value = values[at]
            if is_made if value.__class__ is list else value.__class__ in (tuple, dict):
                values[at] = built(value, inner)
        records.append(kind(*values, pointer))
    return records


def _is_made(shape: Shape) -> bool:
    """Tell whether values of a shape hold records, which `built` makes."""
    if shape.items is not None:
        return shape.items.kind == "object"
    return shape.kind == "object" and bool(shape.properties)


def _filled(row: Mapping[str, Any], names: tuple[str, ...]) -> Mapping[str, Any]:
    """Return a row with every property that it leaves out; one that has no name is a bug."""
    strange = [name for name in row if name not in names]
    if strange:
        raise KeyError(strange[0])
    return {**dict.fromkeys(names, UNSET), **row}


def from_rows(
    shape: CollectionShape, names: Sequence[str], rows: Iterable[tuple[str, Sequence[Any]]],
    *sources: Collection,
) -> Collection:
    """Return a fact like `fact`, of many rows: values in the order of `names`, as they stand.

    Every property of the fact has to be named, and lists of records have to be `built`.
    """
    kind = record_type(shape.record).struct
    pick = itemgetter(*(names.index(name) for name in shape.record.properties))
    return _whole(shape, [kind(*pick(row), pointer) for pointer, row in rows], sources)


def from_columns(
    shape: CollectionShape, columns: Mapping[str, Iterable[Any]], pointers: Iterable[str],
    *sources: Collection,
) -> Collection:
    """Return a fact like `from_rows`, of all values of each property.

    Raises ValueError where one property has more values than another.
    """
    kind = record_type(shape.record).struct
    named = [columns[name] for name in shape.record.properties]
    return _whole(shape, list(starmap(kind, zip(*named, pointers, strict=True))), sources)


def column(records: Sequence[Any], name: str) -> list[Any]:
    """Return a property of each record, as `value_at` reads it."""
    found = list(map(attrgetter(attribute(name)), records))
    if UnsetType not in set(map(type, found)):
        return found
    return [not_exported(record, name) if value is UNSET else value
            for record, value in zip(records, found, strict=True)]


def turned(rows: Sequence[Sequence[Any]], width: int) -> list[tuple[Any, ...]]:
    """Return the columns of rows that are all that wide; no row at all has empty ones."""
    return list(zip(*rows, strict=True)) or [()] * width


def each(names: Sequence[str], told: Sequence[Mapping[str, Any]]) -> dict[str, Sequence[Any]]:
    """Return by name what is told of each record."""
    return {name: [one[name] for one in told] for name in names}


class Columns:
    """Some properties of records of one type, read at once as `value_at` reads them."""

    def __init__(self, *names: str) -> None:
        self.names = names
        self._one = len(names) == 1
        self._read = attrgetter(*map(attribute, names))

    def values(self, record: Any) -> Sequence[Any]:
        """Return the properties of a record in the order in which they were named."""
        found = self.raw(record)
        for value in found:
            if value is UNSET:
                break
        else:
            return found
        return [not_exported(record, name) if value is UNSET else value
                for name, value in zip(self.names, found, strict=True)]

    def whole(self, records: Sequence[Any]) -> list[list[Any]]:
        """Return each property of all records."""
        return [column(records, name) for name in self.names]

    def raw(self, record: Any) -> tuple[Any, ...]:
        """Return the properties as they stand; ``UNSET`` where one was not exported."""
        found: tuple[Any, ...] = (self._read(record),) if self._one else self._read(record)
        return found


def built(value: Any, shape: Any) -> Any:
    """Return a plain value as the Struct (or list of Structs) that its shape asks for."""
    if isinstance(value, dict) and shape.kind == "object" and shape.properties:
        kind = record_type(shape)
        return kind.struct(
            **{attribute(n): built(v, shape.properties[n]) for n, v in value.items()}
        )
    if isinstance(value, list | tuple) and shape.kind == "list" and shape.items is not None:
        if shape.items.kind == "object":
            return [built(item, shape.items) for item in value]
        return value if isinstance(value, list) else list(value)
    return value


def fact(
    shape: CollectionShape,
    rows: Iterable[tuple[str, Mapping[str, Any]]],
    *sources: Collection,
) -> Collection:
    """Return a fact as a collection; it is complete when all `sources` are.

    `sources` are the collections without whose missing records whole records of the fact would be
    missing; what is missing inside a record is an Unknown there.
    """
    return _whole(shape, fact_records(shape, rows), sources)


def _whole(
    shape: CollectionShape, records: list[Struct], sources: Iterable[Collection]
) -> Collection:
    reasons: tuple[Reason, ...] = tuple(
        dict.fromkeys(reason for source in sources for reason in source.doubts())
    )
    return Collection(shape=shape, records=records, complete=not reasons, reasons=reasons)


def doubt(collection: Collection) -> Unknown | None:
    """Return an Unknown with the reasons why a collection is incomplete; None where it is whole."""
    return None if collection.complete else Unknown(collection.doubts())


def why_not(value: Any, collection: str, path: str) -> Unknown:
    """Return why a value that has to be there is not known: as it says itself, or it is null."""
    return value if isinstance(value, Unknown) else unknown(Why.NULL, collection, path)


def no_record(whole: Unknown | None, collection: str, path: str, what: str) -> Unknown:
    """Return why a record is missing: its collection is incomplete (`whole`), or it lacks it."""
    if whole is not None:
        return whole
    return unknown(Why.NOT_EXPORTED, collection, path, f"there is no record of {what}")


def by_key(collection: Collection, name: str) -> dict[str, list[Struct]]:
    """Return a collection's records by a text property, without regard to case, in one pass.

    Records of which the property is null or not known are left out: the caller asks `doubt`.
    """
    index: dict[str, list[Struct]] = {}
    attr = attribute(name)
    for record in collection.records:
        key = getattr(record, attr, None)
        if isinstance(key, str):
            index.setdefault(key.casefold(), []).append(record)
    return index


def renamed(collection: Collection, shape: CollectionShape) -> Collection:
    """Return the same completeness under another shape, without records."""
    return replace(collection, shape=shape, records=())
