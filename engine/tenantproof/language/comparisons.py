"""JMESPath's comparisons of two values: ``==`` of any, ``<`` and the like of numbers and texts."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, Final

from tenantproof.language.functions import Step
from tenantproof.language.values import to_plain

SCALAR: Final = frozenset({str, bool, int, float, type(None)})
ORDERINGS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "lt": operator.lt,
    "gt": operator.gt,
    "lte": operator.le,
    "gte": operator.ge,
}


def comparison(name: str, left: Step, right: Step, literal: Any = None) -> Step:
    """Return the step that compares; `literal` is what is written on the right, if anything is."""
    if name in ("eq", "ne"):
        return _equality(left, right, literal, same=name == "eq")
    compare = ordered(name)
    return lambda value: compare(left(value), right(value))


def ordered(name: str) -> Callable[[Any, Any], bool | None]:
    """Return the function that compares numbers or texts, and gives null for anything else."""
    order = ORDERINGS[name]

    def compare(first: Any, second: Any) -> bool | None:
        return order(first, second) if _is_ordered(first) and _is_ordered(second) else None

    return compare


def _equality(left: Step, right: Step, literal: Any, *, same: bool) -> Step:
    """Compare two values; at once where a text or boolean is written and one of its type comes."""
    kind = literal.__class__ if literal.__class__ in (str, bool) else None

    def run(value: Any) -> Any:
        found = left(value)
        if found.__class__ is kind:
            return (found == literal) is same
        return equal(comparable(found), comparable(right(value))) is same

    return run


def equal(left: Any, right: Any) -> bool:
    """Compare as JMESPath does: ``true`` is not ``1`` and ``false`` is not ``0``."""
    if isinstance(left, bool) != isinstance(right, bool):
        return False
    return bool(left == right)


def comparable(value: Any) -> Any:
    """Return a value as plain JSON; UnknownRead where a part of it is not known."""
    return value if value.__class__ in SCALAR else to_plain(value)


def _is_ordered(value: Any) -> bool:
    return isinstance(value, int | float | str) and not isinstance(value, bool)
