"""Shapes of values that expressions make: literals, lists, unions, and functions' results."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any, Final

from msgspec.structs import replace

from tenantproof.shape import Shape

ANY: Final = Shape("any", nullable=True)
BOOLEAN: Final = Shape("boolean")
NUMBER: Final = Shape("number")
TEXT: Final = Shape("text")
NULL: Final = Shape("null", nullable=True)


def list_of(items: Shape | None, nullable: bool = False) -> Shape:
    """Return the shape of a list."""
    where = items if items is not None else ANY
    return Shape(
        "list", items=items, nullable=nullable, collection=where.collection, path=where.path
    )


def made_object(properties: Mapping[str, Shape], nullable: bool = False) -> Shape:
    """Return the shape of an object that an expression makes."""
    return Shape("object", path="{...}", properties=properties, nullable=nullable)


def nullable(shape: Shape) -> Shape:
    """Return the same shape, with null allowed."""
    return shape if shape.nullable else replace(shape, nullable=True)


def shape_of_value(value: Any) -> Shape:
    """Return the shape of a literal."""
    if isinstance(value, bool):
        return BOOLEAN
    if isinstance(value, int | float):
        return NUMBER
    if isinstance(value, str):
        return Shape("text", values=(value,))
    if isinstance(value, list):
        return list_of(reduce(union, map(shape_of_value, value)) if value else None)
    if isinstance(value, dict):
        return made_object({name: shape_of_value(one) for name, one in value.items()})
    return NULL


def union(left: Shape, right: Shape) -> Shape:
    """Return a shape that holds the values of both, and null where one of them may be null."""
    if "null" in (left.kind, right.kind):
        return nullable(right if left.kind == "null" else left)
    if left.kind != right.kind or _read_differently(left, right):
        return ANY
    may_be_null = left.nullable or right.nullable
    if left.kind == "object":
        return _either_object(left, right, may_be_null)
    items = left.items or right.items
    if left.items is not None and right.items is not None:
        items = union(left.items, right.items)
    return replace(
        left if left.collection else right, items=items, nullable=may_be_null,
        values=_values_of_both(left, right), fold=left.fold or right.fold,
        unknown_values=(*left.unknown_values, *right.unknown_values),
    )


def _read_differently(left: Shape, right: Shape) -> bool:
    """Tell whether one of two properties is a list written as text, and the other is not."""
    return bool(left.collection and right.collection) and left.separator != right.separator


def _either_object(left: Shape, right: Shape, may_be_null: bool) -> Shape:
    """Return the shape of one of several objects: only what each of them has can be read of it."""
    members = {(one.collection, one.path) if one.collection else id(one): one
               for part in (left, right) for one in part.members or (part,)}
    if len(members) == 1:
        return replace(left, nullable=may_be_null)
    if not all(one.properties for one in members.values()):
        return Shape("object", nullable=may_be_null)
    return Shape("object", nullable=may_be_null, members=tuple(members.values()))


def in_place_of(left: Shape, right: Shape) -> Shape:
    """Return the shape of ``left || right``: null is what the right side may be."""
    found = union(left, right)
    return found if found is ANY else replace(found, nullable=right.nullable)


def _values_of_both(left: Shape, right: Shape) -> tuple[Any, ...] | None:
    if left.values is None or right.values is None:
        return None
    return tuple(dict.fromkeys((*left.values, *right.values)))


Result = Callable[[list[Shape]], Shape]


def _first(arguments: list[Shape]) -> Shape:
    return arguments[0] if arguments else ANY


def _any_of_them(arguments: list[Shape]) -> Shape:
    if not arguments:
        return ANY
    return replace(reduce(union, arguments), nullable=all(one.nullable for one in arguments))


def _merged(arguments: list[Shape]) -> Shape:
    if not all(one.kind == "object" and one.properties for one in arguments):
        return ANY
    return made_object({name: s for one in arguments for name, s in one.properties.items()})


def _first_item(arguments: list[Shape]) -> Shape:
    return nullable(_first(arguments).items or ANY)


def always(shape: Shape) -> Result:
    """Return a rule that gives one shape whatever the arguments are."""
    return lambda arguments: shape


RESULTS: Final[dict[str, Result]] = {
    **dict.fromkeys(("abs", "ceil", "floor", "length", "sum"), always(NUMBER)),
    **dict.fromkeys(("avg", "to_number"), always(nullable(NUMBER))),
    **dict.fromkeys(("contains", "starts_with", "ends_with"), always(BOOLEAN)),
    **dict.fromkeys(("join", "to_string", "type"), always(TEXT)),
    **dict.fromkeys(("reverse", "sort", "sort_by"), _first),
    **dict.fromkeys(("max", "min", "max_by", "min_by"), _first_item),
    "not_null": _any_of_them,
    "merge": _merged,
    "keys": always(list_of(TEXT)),
    "values": always(list_of(ANY)),
    "to_array": lambda a: _first(a) if _first(a).kind == "list" else list_of(_first(a)),
    "map": lambda a: list_of(_first(a)),
}
