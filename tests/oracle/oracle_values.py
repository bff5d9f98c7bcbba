"""The oracle's own reading of raw snapshots.

Raw JSON becomes dictionaries and texts that know the marks of their schema. The dictionaries'
``get`` raises for what was not exported or is damaged, so that the released JMESPath interpreter
raises with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

SCHEMAS = Path(__file__).parents[2] / "schemas" / "collections"
KINDS = {bool: "boolean", int: "number", float: "number", list: "array", dict: "object"}


class NotKnown(Exception):  # noqa: N818  an answer, not an error
    """Something was read that the snapshot does not settle."""


class Damaged:
    """A damaged value; whoever looks at it learns that nothing is known."""

    def get(self, *_):
        """Refuse."""
        raise NotKnown

    __eq__ = __ne__ = __bool__ = get
    __hash__ = None


class Text(str):
    """Text with the marks of its schema."""

    __slots__ = ("fold", "separator")


class Record(dict):
    """An object of known properties: reading one that is absent or damaged raises."""

    key = ""

    def get(self, name):
        """Return a property's value."""
        if name not in self or self[name] is DAMAGED:
            raise NotKnown
        return self[name]

    def __eq__(self, other):
        """Compare with the empty object; one that shows nothing but nulls may be empty."""
        if all(value is None for value in self.values()):
            raise NotKnown
        return False

    __hash__ = None


DAMAGED = Damaged()
# JMESPath's functions judge their arguments by the names of their classes.
Text.__name__, Record.__name__ = "str", "dict"


# --- records ----------------------------------------------------------------------------------


@cache
def schema(name):
    """Return a collection's raw schema."""
    return json.loads((SCHEMAS / f"{name}.schema.json").read_bytes())


def kind(value):
    """Return the JSON type of a value."""
    if value is None:
        return "null"
    return next((word for cls, word in KINDS.items() if isinstance(value, cls)), "string")


def converted(raw, node, defs, null=False):
    """Return raw JSON as values that know their marks; what does not fit is DAMAGED."""
    node = {**defs.get(node.get("$ref", "").rpartition("/")[2], {}), **node}
    if raw is None:
        return None if null or "null" in node["type"] else DAMAGED
    if kind(raw) not in str(node["type"]).replace("integer", "number"):
        return DAMAGED
    if "properties" in node:
        return record(raw, node, defs)
    if isinstance(raw, list):
        return [converted(item, node["items"], defs) for item in raw]
    return text(raw, node) if isinstance(raw, str) else raw


def text(raw, node):
    """Return text with its marks, or DAMAGED where its enumeration does not know it."""
    made = Text(raw)
    made.fold, made.separator = node.get("x-fold") == "case", node.get("x-separator", "")
    for part in listed(made) if made.separator else [raw]:
        known = [alike(word, made.fold) for word in node.get("enum", [part])]
        hidden = [alike(word, made.fold) for word in node.get("x-unknown", [])]
        if alike(part, made.fold) in hidden or alike(part, made.fold) not in known:
            return DAMAGED
    return made


def alike(value, fold):
    """Return a value as it is compared."""
    return str(value).casefold() if fold and isinstance(value, str) else value


def record(raw, node, defs, select=None):
    """Return an object; what is absent and does not read as null is not in it."""
    found = Record()
    for name, child in node["properties"].items():
        null = child.get("x-absent") == "null" if select is None else name in select
        if not isinstance(raw, dict):
            found[name] = DAMAGED
        elif name in raw:
            found[name] = converted(raw[name], child, defs, null)
        elif null and name.casefold() not in [other.casefold() for other in raw]:
            found[name] = None
        if child.get("x-key") and isinstance(dict.get(found, name), str):
            found.key = str(found[name])
    return found


class Tenant(dict):
    """The root that expressions see; reading an incomplete collection raises."""

    def __init__(self, snapshot):
        super().__init__()
        self.snapshot = snapshot

    def get(self, name):
        """Return the tenant, a complete list of records, or a single object."""
        if name == "tenant":
            known = dict.fromkeys(("displayName", "kind", "partnerType", "cloud"))
            identity = text(self.snapshot["tenant"]["id"], {"x-fold": "case"})
            return {**known, **self.snapshot["tenant"], "id": identity}
        records, complete = self.collection(name)
        if not complete:
            raise NotKnown
        return records if "items" in schema(name) else records[0]

    def collection(self, name):
        """Return a collection's records, and whether they are all there."""
        if name not in self:
            entry, node = self.snapshot["collections"].get(name, {}), schema(name)
            raw, whole = content(entry.get("data"), "items" not in node)
            shape, defs = node.get("items", node), node.get("$defs", {})
            made = [record(item, shape, defs, entry.get("select")) for item in raw]
            self[name] = made, whole and entry.get("complete") is True
        return self[name]


def content(data, single):
    """Return the raw records that data hold, and whether there are no more."""
    if isinstance(data, dict) and "error" in data:
        return [], False
    if isinstance(data, dict) and "value" in data:
        records, whole = content(data["value"], single)
        return records, whole and "@odata.nextLink" not in data
    if isinstance(data, list):
        return (data, True) if not single or len(data) == 1 else ([], False)
    return ([data], True) if single and isinstance(data, dict) else ([], False)


def listed(value):
    """Return a list, or delimited text as one."""
    separator = getattr(value, "separator", "")
    if not separator and not isinstance(value, list):
        raise NotKnown
    return [p.strip() for p in value.split(separator) if p.strip()] if separator else value


# --- subjects ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Subject:
    """A value that a check judges; `key` is empty where nothing names it for certain."""

    value: Any
    pointer: str
    key: str


def subjects(source: str, tenant: Tenant) -> tuple[list[Subject], bool]:
    """Return a check's subjects, and whether there can be no others."""
    name, *steps = source.replace("[]", ".[]").split(".")
    records, complete = tenant.collection(name)
    single = "items" not in schema(name)
    doubts = [] if complete else [source]
    below = steps[1:] if not single and steps[:1] == ["[]"] else steps
    found = [
        subject
        for index, record in enumerate(records)
        for subject in inside(record, f"/{name}" if single else f"/{name}/{index}", below, doubts)
    ]
    return found, not doubts


def inside(record: Record, pointer: str, steps: list[str], doubts: list[str]) -> Iterator[Subject]:
    """Yield what stands in a record at the end of `steps`; note where something may be missing."""
    for value, place in walked(record, pointer, steps, doubts):
        own = str(value) if isinstance(value, str) else getattr(value, "key", "")
        key = own if place == pointer or own == record.key else f"{record.key}/{own}"
        yield Subject(value, place, key if own and record.key else "")


def walked(
    value: Any, pointer: str, steps: list[str], doubts: list[str]
) -> Iterator[tuple[Any, str]]:
    """Yield values with their pointers."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from walked(item, f"{pointer}/{index}", steps[1:], doubts)
    elif not steps:
        yield value, pointer
    elif value is not None:
        try:
            child = value.get(steps[0])
        except NotKnown:
            doubts.append(pointer)
        else:
            if child is not None:
                yield from walked(child, f"{pointer}/{steps[0]}", steps[1:], doubts)
