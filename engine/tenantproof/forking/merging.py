"""Three-way merging of documents' values: by field, and by entry in lists whose entries have names.

`old` is what both sides began with, `ours` a team's, `new` what upstream made of it. What only one
side changed is taken; what both changed alike is taken; only what both changed differently is a
conflict, and stays ours until somebody decides.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

UNIT: Final = "path"
"""The key of a condition: it is merged as one field, since half of each side is nobody's clause."""
NAMES: Final = ("it", "id")
"""Keys by which entries of a list are the same entry: cases, requirements, controls."""

Step = str | int
Path = tuple[Step, ...]


class Missing:
    """What is not there, on one of the sides."""

    def __repr__(self) -> str:
        """Return what a reader sees."""
        return "nothing"


MISSING: Final = Missing()
UNDECIDED: Final = Missing()


class Conflict(Struct, frozen=True):
    """One field that both sides changed, with its three values; entries of lists by their names."""

    path: Path
    old: Any
    ours: Any
    new: Any


class Merged(Struct, frozen=True):
    """The value that comes of a merge, with the conflicts in which ours was kept."""

    value: Any
    conflicts: tuple[Conflict, ...] = ()


Rule = Callable[[Path, Any, Any, Any], Any]
"""What decides a field of its own: the merged value, or UNDECIDED where it has nothing to say."""


def no_rule(path: Path, old: Any, ours: Any, new: Any) -> Any:
    """Decide nothing."""
    return UNDECIDED


def same(one: Any, other: Any) -> bool:
    """Tell whether two values are the same JSON: true is not 1, and keys have no order."""
    if one is MISSING or other is MISSING:
        return one is other
    return canonical(one) == canonical(other)


def canonical(value: Any) -> str:
    """Return a value as one text, the same for the same JSON."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def merge(old: Any, ours: Any, new: Any, rule: Rule = no_rule) -> Merged:
    """Return what comes of two changes of one document."""
    conflicts: list[Conflict] = []
    value = _merge((), (old, ours, new), rule, conflicts)
    return Merged(value, tuple(conflicts))


Sides = tuple[Any, Any, Any]


def _merge(path: Path, sides: Sides, rule: Rule, conflicts: list[Conflict]) -> Any:
    old, ours, new = sides
    decided = rule(path, old, ours, new)
    if decided is not UNDECIDED:
        return decided
    if same(ours, new) or same(old, new):
        return ours
    if same(old, ours) and (old is MISSING or new is MISSING or not _has_fields(ours, new)):
        return new
    fields = _fields(sides)
    if fields is None:
        if same(old, ours):
            return new
        conflicts.append(Conflict(path, old, ours, new))
        return ours
    merged = {
        name: _merge((*path, name), _below(fields, name), rule, conflicts)
        for name in _order(*fields[1:])
    }
    kept = {name: value for name, value in merged.items() if value is not MISSING}
    return kept if isinstance(ours, dict) else list(kept.values())


def _has_fields(one: Any, other: Any) -> bool:
    return fields_of(one, other) is not None


def _fields(sides: Sides) -> tuple[Mapping[str, Any], ...] | None:
    old, ours, new = sides
    if ours is MISSING or new is MISSING:
        return None
    if any(isinstance(side, dict) and UNIT in side for side in (old, ours, new)):
        return None
    found = fields_of(ours, new) if old is MISSING else fields_of(old, ours, new)
    if found is None:
        return None
    return ({}, *found) if old is MISSING else found


def fields_of(*values: Any) -> tuple[Mapping[str, Any], ...] | None:
    """Return values by their fields: mappings, or lists whose entries have names; else None."""
    if all(isinstance(value, dict) for value in values):
        return values
    if not all(isinstance(value, list) for value in values):
        return None
    name = name_of(*values)
    return None if name is None else tuple({one[name]: one for one in value} for value in values)


def name_of(*lists: Sequence[Any]) -> str | None:
    """Return the key that names the entries of these lists; None where they have no names."""
    for name in NAMES:
        if all(_are_named(entries, name) for entries in lists) and any(lists):
            return name
    return None


def _are_named(entries: Sequence[Any], name: str) -> bool:
    names = [one.get(name) if isinstance(one, dict) else None for one in entries]
    return all(isinstance(one, str) for one in names) and len(set(names)) == len(names)


def _below(fields: tuple[Mapping[str, Any], ...], name: str) -> Sides:
    old, ours, new = (side.get(name, MISSING) for side in fields)
    return old, ours, new


def _order(ours: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Return all names: ours in our order, what is new behind what it follows upstream."""
    order = list(ours)
    before = ""
    for name in new:
        if name not in ours:
            order.insert(order.index(before) + 1 if before in order else len(order), name)
        before = name
    return order
