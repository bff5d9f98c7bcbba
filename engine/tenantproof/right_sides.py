"""What may stand on the right of an operator, given the type of what stands on its left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from msgspec import Struct

from tenantproof.clause import AS_OF, is_name
from tenantproof.language import patterns
from tenantproof.language.analysis import a
from tenantproof.language.idioms import value_fault
from tenantproof.language.instants import read_day_or_instant, read_duration
from tenantproof.language.operators import LISTS, Operator
from tenantproof.language.result_types import ANY, shape_of_value
from tenantproof.shape import Shape

NEVER_KNOWN: Final = "the condition would be unknown for every subject"
FOR_SEVERAL: Final = {
    "equals": "`one_of`", "not_equals": "`none_of`", "contains": "`contains_any` or `contains_all`",
}
NEEDS_QUOTES: Final = " (numbers and dates need quotes to be text)"


class Unfit(Struct, frozen=True):
    """What is wrong with a right side; `at` is the index of an element of its list, if any."""

    rule: str
    message: str
    help: str
    consequence: str = NEVER_KNOWN
    at: tuple[int, ...] = ()


def faults(operator: Operator, left: Shape, right: Any) -> Iterator[Unfit]:
    """Yield what is wrong with the values on the right; ``$names`` are for :func:`name_faults`."""
    target = _compared(operator, left)
    if not isinstance(right, list):
        yield from _value_faults(operator, target, right, ())
        return
    if operator.right == "value":
        if not (target.kind in ("list", "any") or target.separator):
            yield _one_value_only(operator)
            return
        target = target.items or (target if target.separator else ANY)
    for index, value in enumerate(right):
        yield from _value_faults(operator, target, value, (index,))


def name_faults(operator: Operator, left: Shape, right: str, named: Shape) -> Iterator[Unfit]:
    """Yield why an operator cannot take what a ``$name`` stands for."""
    if named.kind == "any":
        return
    if operator.right == "list" and named.kind != "list":
        yield Unfit("right-side", f"`{operator.name}` takes a list, and `{right}` is "
                    f"{a(named.kind)}", f"put it between `[` and `]`: `[{right}]`")
    target = _compared(operator, left)
    if operator.right == "value" and named.kind == "list" and not (
        target.kind in ("list", "any") or target.separator
    ):
        yield _one_value_only(operator)


def _compared(operator: Operator, left: Shape) -> Shape:
    """Return the shape that one value on the right is compared with."""
    if operator.left == LISTS and left.kind == "list":
        return left.items or ANY
    return left


def _one_value_only(operator: Operator) -> Unfit:
    return Unfit("right-side", f"`{operator.name}` compares with one value, and this is a list",
                 f"for several values use {FOR_SEVERAL[operator.name]}")


def _value_faults(
    operator: Operator, target: Shape, value: Any, at: tuple[int, ...]
) -> Iterator[Unfit]:
    if is_name(value):
        return
    found = RIGHT_SIDES[operator.right](target, value)
    if found:
        yield Unfit(found.rule, found.message, found.help, found.consequence, at)


def as_of_faults(operator: Operator) -> Iterator[Unfit]:
    """Yield why an operator cannot take ``$as_of``."""
    if operator.right not in ("instant", "value"):
        yield Unfit("right-side", f"`{AS_OF}` is an instant, which `{operator.name}` does not take",
                    "use it with `before` or `after`")


# --- one function per kind of right side --------------------------------------------------------


def _value(target: Shape, value: Any) -> Unfit | None:
    found = value_fault(value, target)
    if found:
        return Unfit("unknown-value", *found, "the condition would never be met")
    kind = shape_of_value(value).kind
    if value is None or "any" in (target.kind, kind) or kind == target.kind:
        return None
    if target.kind == "list":
        return Unfit("right-side", f"a list never equals {a(kind)}",
                     "use `contains` to ask for one element, or `only` to ask for no other")
    remedy = f"write {a(target.kind)} on the right" + NEEDS_QUOTES * (target.kind == "text")
    return Unfit("right-side", f"{a(target.kind)} never equals {a(kind)}", remedy)


def _boolean(target: Shape, value: Any) -> Unfit | None:
    if isinstance(value, bool):
        return None
    return Unfit("right-side", "`true` or `false` has to stand here", "write `true` or `false`")


def _parsed(read: Callable[[str], Any], words: str) -> Fits:
    def check(target: Shape, value: Any) -> Unfit | None:
        if isinstance(value, str) and read(value) is not None:
            return None
        return Unfit("right-side", f"`{value}` is not {words}", f"write {words}")

    return check


def _measure(target: Shape, value: Any) -> Unfit | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    is_duration = isinstance(value, str) and read_duration(value) is not None
    fits = {"number": is_number, "text": is_duration}.get(target.kind, is_number or is_duration)
    if fits:
        return None
    wanted = {"number": "a number", "text": "a duration such as `90 days`"}
    return Unfit("right-side", f"`{value}` cannot be compared with {a(target.kind)}",
                 f"write {wanted.get(target.kind, 'a number or a duration')}")


def _pattern(target: Shape, value: Any) -> Unfit | None:
    why = patterns.fault(value) if isinstance(value, str) else "a pattern is text"
    if not why:
        return None
    return Unfit("pattern", f"this is not an RE2 pattern: {why}",
                 "see github.com/google/re2/wiki/Syntax")


Fits = Callable[[Shape, Any], Unfit | None]
RIGHT_SIDES: Final[dict[str, Fits]] = {
    "value": _value,
    "list": _value,
    "boolean": _boolean,
    "predicate": _boolean,
    "pattern": _pattern,
    "measure": _measure,
    "duration": _parsed(read_duration, "a duration such as `90 days`"),
    "instant": _parsed(read_day_or_instant, "a date or an instant such as `2026-11-20`"),
}
