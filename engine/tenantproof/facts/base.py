"""What every fact is made of: its inputs, null-safe reading, and records with pointers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from msgspec import UNSET, Struct, field
from msgspec.structs import replace

from tenantproof.collection import Collection
from tenantproof.language.values import not_exported
from tenantproof.records import POINTER_FIELD, attribute, record_type
from tenantproof.shape import CollectionShape
from tenantproof.verdict import Reason, Unknown, Why, unknown


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
    """Return the value at a chain of properties: a value, None, or an Unknown; never raises.

    A null parent makes everything below it null; a parent that was not exported, or that is
    damaged, makes everything below it unknown.
    """
    value = record
    for name in names:
        if not isinstance(value, Struct):
            return value if isinstance(value, Unknown) else None
        found = getattr(value, attribute(name), None)
        value = not_exported(value, name) if found is UNSET else found
    return value


def fact_records(
    shape: CollectionShape, rows: Iterable[tuple[str, Mapping[str, Any]]]
) -> list[Struct]:
    """Return a fact's records from pointers (of the record each came from) and properties.

    A property that a row leaves out reads as not exported: name them all.
    """
    kind = record_type(shape.record).struct
    attributes = {name: attribute(name) for name in shape.record.properties}
    nested = {n: p for n, p in shape.record.properties.items()
              if p.kind == "list" or (p.kind == "object" and p.properties)}
    records: list[Struct] = []
    for pointer, row in rows:
        fields = {attributes[name]: value for name, value in row.items()}
        for name, inner in nested.items():
            if name in row:
                fields[attributes[name]] = built(row[name], inner)
        records.append(kind(**fields, **{POINTER_FIELD: pointer}))
    return records


class Ready(Struct, frozen=True, eq=False):
    """A value that `built` made before, and that many rows share."""

    value: Any


def built(value: Any, shape: Any) -> Any:
    """Return a plain value as the Struct (or list of Structs) that its shape asks for."""
    if isinstance(value, Ready):
        return value.value
    if isinstance(value, dict) and shape.kind == "object" and shape.properties:
        kind = record_type(shape)
        return kind.struct(
            **{attribute(n): built(v, shape.properties[n]) for n, v in value.items()}
        )
    if isinstance(value, list | tuple) and shape.kind == "list" and shape.items is not None:
        records = shape.items.kind == "object"
        return [built(item, shape.items) for item in value] if records else list(value)
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
    reasons: tuple[Reason, ...] = tuple(
        dict.fromkeys(reason for source in sources for reason in source.doubts())
    )
    return Collection(
        shape=shape, records=fact_records(shape, rows), complete=not reasons, reasons=reasons
    )


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
    for record in collection.records:
        key = value_at(record, name)
        if isinstance(key, str):
            index.setdefault(key.casefold(), []).append(record)
    return index


def renamed(collection: Collection, shape: CollectionShape) -> Collection:
    """Return the same completeness under another shape, without records."""
    return replace(collection, shape=shape, records=())
