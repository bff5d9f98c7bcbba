"""The types of collections and facts, read from ``schemas/collections/*.schema.json``.

A :class:`Shape` is one node of a schema with the marks that give absence, case and delimited
text a meaning (``docs/semantics.md``, "What absence means").
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from tenantproof import bundled

SUFFIX: Final = ".schema.json"
KINDS: Final = {
    "string": "text",
    "boolean": "boolean",
    "integer": "number",
    "number": "number",
    "array": "list",
    "object": "object",
    "null": "null",
}
NO_PROPERTIES: Final[Mapping[str, Shape]] = MappingProxyType({})


class Shape(Struct, frozen=True, eq=False):
    """The type of a value.

    ``kind`` is one of ``text boolean number list object null any``. ``collection`` and ``path``
    say where the value stands (``users``, ``signInActivity.lastSignInDateTime``; list elements
    add ``[]``). ``values`` are the enumeration's values, None where any value will do. `watched`
    objects keep the names of properties that the schema does not know: there they may matter.
    `unread` properties were left out (`pruning.py`): looking at one is a bug. One of several
    different objects has no properties of its own; the objects are its `members`.
    """

    kind: str
    collection: str = ""
    path: str = ""
    nullable: bool = False
    items: Shape | None = None
    properties: Mapping[str, Shape] = NO_PROPERTIES
    values: tuple[str | None, ...] | None = None
    unknown_values: tuple[str, ...] = ()
    fold: bool = False
    separator: str = ""
    absent_is_null: bool = False
    format: str = ""
    key: bool = False
    personal: bool = False
    description: str = ""
    source: str = ""
    watched: bool = False
    unread: tuple[str, ...] = ()
    members: tuple[Shape, ...] = ()


@dataclass(frozen=True, eq=False)
class CollectionShape:
    """A collection's or fact's schema: its value's shape and how to export it.

    The shape is worked out when it is first asked for: most runs read few of the collections.
    """

    name: str
    document: Mapping[str, Any] = field(repr=False)
    description: str
    endpoint: str
    permission: str
    command: str
    source: str
    is_fact: bool
    is_log: bool
    is_unique: bool

    @cached_property
    def shape(self) -> Shape:
        """The shape of the whole value."""
        return _shape(self.document, self.document.get("$defs", {}), self.name, "")

    @property
    def record(self) -> Shape:
        """The shape of one record: the list's items, or the single object itself."""
        return self.shape.items if self.shape.items is not None else self.shape

    @property
    def is_list(self) -> bool:
        """Whether the collection is a list of records and not a single object."""
        return self.document.get("type") == "array"

    @property
    def key(self) -> str:
        """The name of the property that identifies a record, empty where there is none."""
        return next((name for name, p in self.record.properties.items() if p.key), "")


def read_collection(name: str, document: Mapping[str, Any]) -> CollectionShape:
    """Return the shape of a collection from its decoded schema."""
    return CollectionShape(
        name=name,
        document=document,
        description=document.get("description", ""),
        endpoint=document.get("x-endpoint", ""),
        permission=document.get("x-permission", ""),
        command=document.get("x-command", ""),
        source=document.get("x-source", ""),
        is_fact=document.get("x-fact", False),
        is_log=document.get("x-log", False),
        is_unique=document.get("x-unique", False),
    )


def _shape(node: Mapping[str, Any], defs: Mapping[str, Any], collection: str, path: str) -> Shape:
    if "$ref" in node:
        node = {**defs[node["$ref"].removeprefix("#/$defs/")], **node, "$ref": None}
        node.pop("$ref")
    kinds = [KINDS[k] for k in _as_list(node.get("type", []))]
    solid = [k for k in kinds if k != "null"]
    kind = (solid[0] if len(solid) == 1 else "any") if solid else ("null" if kinds else "any")
    items = node.get("items")
    return Shape(
        kind=kind,
        collection=collection,
        path=path,
        nullable="null" in kinds or kind == "any",
        items=_shape(items, defs, collection, f"{path}[]" if path else "") if items else None,
        properties={
            name: _shape(child, defs, collection, f"{path}.{name}" if path else name)
            for name, child in node.get("properties", {}).items()
        },
        values=tuple(node["enum"]) if "enum" in node else None,
        unknown_values=tuple(node.get("x-unknown", ())),
        fold=node.get("x-fold") == "case",
        separator=node.get("x-separator", ""),
        absent_is_null=node.get("x-absent") == "null",
        format=node.get("format", ""),
        key=node.get("x-key", False),
        personal=node.get("x-personal", False),
        description=node.get("description", ""),
        source=node.get("x-from", ""),
        watched=node.get("x-watch", False),
    )


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


class Shapes(Mapping[str, CollectionShape]):
    """All collections and facts by name; a schema is read when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        names = (name for name in os.listdir(folder) if name.endswith(SUFFIX))
        self._files = {name.removesuffix(SUFFIX): folder / name for name in names}
        self._read: dict[str, CollectionShape] = {}

    def __getitem__(self, name: str) -> CollectionShape:
        if name not in self._read:
            document = msgspec.json.decode(self._files[name].read_bytes())
            self._read[name] = read_collection(name, document)
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._files))

    def __len__(self) -> int:
        return len(self._files)

    def __contains__(self, name: object) -> bool:
        return name in self._files

    def root(self) -> Shape:
        """Return the shape that tenant-level expressions are read against."""
        return Shape("object", properties=_Root(self))


class _Root(Mapping[str, Shape]):
    """What stands at the root: each collection and fact by name, and ``tenant``."""

    def __init__(self, shapes: Shapes) -> None:
        self._shapes = shapes

    def __getitem__(self, name: str) -> Shape:
        return TENANT if name == "tenant" else self._shapes[name].shape

    def __iter__(self) -> Iterator[str]:
        yield from self._shapes
        yield "tenant"

    def __len__(self) -> int:
        return len(self._shapes) + 1


@cache
def bundled_shapes() -> Shapes:
    """Return the shapes of the schemas that come with tenantproof."""
    return Shapes(bundled.schemas() / "collections")


_TEXT: Final = Shape("text", collection="tenant")
TENANT: Final = Shape(
    "object",
    collection="tenant",
    properties={
        "id": replace(_TEXT, path="id", fold=True),
        "displayName": replace(_TEXT, path="displayName", nullable=True, personal=True),
        "kind": replace(_TEXT, path="kind", nullable=True, values=("partner", "customer", None)),
        "partnerType": replace(
            _TEXT,
            path="partnerType",
            nullable=True,
            values=("direct-bill", "indirect-provider", "indirect-reseller", "advisor", "cpv",
                    None),
        ),
        "cloud": replace(
            _TEXT, path="cloud", nullable=True, values=("global", "usgov", "china", None)
        ),
    },
)
