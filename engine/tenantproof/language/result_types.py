"""Shapes of values that expressions make: literals, lists, unions, and functions' results."""

from __future__ import annotations

from collections.abc import Callable
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
        return list_of(shape_of_value(value[0]) if value else None)
    if isinstance(value, dict):
        return Shape("object", properties={k: shape_of_value(v) for k, v in value.items()})
    return NULL


def union(left: Shape, right: Shape) -> Shape:
    """Return a shape that holds the values of both."""
    if left.kind == "null":
        return nullable(right)
    if left.kind != right.kind:
        return ANY if right.kind != "null" else nullable(left)
    known = left if left.collection else right
    items = left.items or right.items
    return replace(
        known, items=items, nullable=left.nullable and right.nullable,
        values=_values_of_both(left, right), fold=left.fold or right.fold,
    )


def _values_of_both(left: Shape, right: Shape) -> tuple[Any, ...] | None:
    if left.values is None or right.values is None:
        return None
    return tuple(dict.fromkeys((*left.values, *right.values)))


Result = Callable[[list[Shape]], Shape]


def _first(arguments: list[Shape]) -> Shape:
    return arguments[0] if arguments else ANY


def _any_of_them(arguments: list[Shape]) -> Shape:
    return reduce(union, arguments) if arguments else ANY


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
    "keys": always(list_of(TEXT)),
    "values": always(list_of(ANY)),
    "to_array": lambda a: _first(a) if _first(a).kind == "list" else list_of(_first(a)),
    "map": lambda a: list_of(_first(a)),
}
