"""What the operators of conditions answer: true, false or unknown; nothing here raises on data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from tenantproof.language.instants import read_day_or_instant, read_duration, read_instant
from tenantproof.language.listing import Listing, looked_up
from tenantproof.language.patterns import fault, found
from tenantproof.language.values import UnknownRead, to_plain
from tenantproof.records import delimited
from tenantproof.shape import Shape
from tenantproof.verdict import Truth, Unknown, Why, all_true, any_true, negated, unknown


class Left(Struct, frozen=True):
    """What the schema says of the value on the left: how it compares, and where it stands."""

    shape: Shape
    text: str
    as_of: datetime

    @property
    def item(self) -> Shape:
        """The shape of an element, where the value is a list."""
        return self.shape.items or self.shape

    def wrong_type(self, expected: str, value: Any) -> Unknown:
        """Return the Unknown for a value that the operator cannot take."""
        where = self.shape if self.shape.collection else Shape("any", path=self.text)
        detail = f"{expected} was expected and {kind_of(value)} came"
        return unknown(Why.WRONG_TYPE, where.collection, where.path, detail)


Evaluate = Callable[[Any, Any, Left], Truth]


def kind_of(value: Any) -> str:
    """Return the plain word for a JSON value's type."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, str):
        return "text"
    if isinstance(value, int | float):
        return "a number"
    return "a list" if isinstance(value, list) else "an object"


# --- equality -----------------------------------------------------------------------------------


def same(left: Any, right: Any, left_side: Left, shape: Shape) -> Truth:
    """Compare two values of one kind; null compares with everything, other kinds do not mix."""
    if type(left) is Unknown:
        return left
    if left is None or right is None:
        return left is right
    if kind_of(left) != kind_of(right):
        return left_side.wrong_type(kind_of(right), left)
    if isinstance(left, str):
        return _folded(left, shape) == _folded(right, shape)
    if isinstance(left, list | dict | Struct):
        return _same_plain(left, right, shape)
    return bool(left == right)


def _folded(text: str, shape: Shape) -> str:
    return text.casefold() if shape.fold else text


def _same_plain(left: Any, right: Any, shape: Shape) -> Truth:
    try:
        return bool(_deep(to_plain(left), shape) == _deep(right, shape))
    except UnknownRead as error:
        return error.found


def _deep(value: Any, shape: Shape | None) -> Any:
    """Return a value in which ``true`` and ``1`` differ and case is folded, to compare by ``==``.

    `shape` is that of the value on the left, None where there is none to follow.
    """
    if isinstance(value, bool):
        return ("boolean", value)
    if isinstance(value, list):
        return [_deep(v, shape and (shape.items or shape)) for v in value]
    if isinstance(value, dict):
        return {k: _deep(v, shape and shape.properties.get(k)) for k, v in value.items()}
    return _folded(value, shape) if shape and isinstance(value, str) else value


def equals(left: Any, right: Any, side: Left) -> Truth:
    if side.shape.separator and isinstance(right, list) and isinstance(left, str):
        left = delimited(left, side.shape.separator)
    return same(left, right, side, side.shape)


def not_equals(left: Any, right: Any, side: Left) -> Truth:
    return negated(equals(left, right, side))


def one_of(left: Any, right: Any, side: Left) -> Truth:
    quick = looked_up([left], right, side.shape.fold)
    if quick is not None:
        return quick[0]
    answers = [same(left, value, side, side.shape) for value in right]
    if any(answer is True for answer in answers):
        return True
    if right and all(isinstance(answer, Unknown) for answer in answers):
        return answers[0]
    return _unless_mixed(left, right, answers)


def _unless_mixed(left: Any, right: Any, answers: list[Truth]) -> Truth:
    """A null beside texts on the right does not make a number on the left comparable."""
    solid = [a for a, v in zip(answers, right, strict=True) if v is not None]
    if left is not None and solid and all(isinstance(a, Unknown) for a in solid):
        return solid[0]
    return False


def none_of(left: Any, right: Any, side: Left) -> Truth:
    return negated(one_of(left, right, side))


# --- lists --------------------------------------------------------------------------------------


def _as_list(left: Any, side: Left) -> list[Any] | Unknown:
    if isinstance(left, list):
        return left
    if isinstance(left, str) and side.shape.separator:
        return delimited(left, side.shape.separator)
    return side.wrong_type("a list", left)


def _has(values: list[Any], wanted: Any, side: Left) -> Truth:
    return any_true(same(value, wanted, side, side.item) for value in values)


def _among(value: Any, allowed: list[Any], side: Left) -> Truth:
    return any_true(same(value, one, side, side.item) for one in allowed)


def on_list(decide: Callable[[list[Any], Any, Left], Truth]) -> Evaluate:
    def evaluate(left: Any, right: Any, side: Left) -> Truth:
        values = _as_list(left, side)
        return values if isinstance(values, Unknown) else decide(values, right, side)

    return evaluate


def contains(values: list[Any], wanted: Any, side: Left) -> Truth:
    return _has(values, wanted, side)


def contains_any(values: list[Any], wanted: list[Any], side: Left) -> Truth:
    quick = looked_up(values, wanted, side.item.fold)
    if quick is not None:
        return any(quick)
    return any_true(_has(values, one, side) for one in wanted)


def contains_all(values: list[Any], wanted: list[Any], side: Left) -> Truth:
    quick = looked_up(wanted, Listing(values), side.item.fold)
    if quick is not None:
        return all(quick)
    return all_true(_has(values, one, side) for one in wanted)


def contains_none(values: list[Any], unwanted: list[Any], side: Left) -> Truth:
    return negated(contains_any(values, unwanted, side))


def only(values: list[Any], allowed: list[Any], side: Left) -> Truth:
    quick = looked_up(values, allowed, side.item.fold)
    if quick is not None:
        return all(quick)
    return all_true(_among(value, allowed, side) for value in values)


def is_empty(values: list[Any], wanted: bool, side: Left) -> Truth:
    return (not values) is wanted


# --- presence, text, order, time ----------------------------------------------------------------


def exists(left: Any, right: Any, side: Left) -> Truth:
    return (left is not None) is right


def matches(left: Any, right: Any, side: Left) -> Truth:
    if not isinstance(left, str):
        return side.wrong_type("text", left)
    if not isinstance(right, str) or fault(right):
        return side.wrong_type("an RE2 pattern on the right", right)
    return found(right, left, ignore_case=side.shape.fold)


Measure = float | timedelta


def _measure(value: Any) -> Measure | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return read_duration(value) if isinstance(value, str) else None


def measured(compare: Callable[[Any, Any], bool], wanted: str) -> Evaluate:
    def evaluate(left: Any, right: Any, side: Left) -> Truth:
        first, second = _measure(left), _measure(right)
        alike = isinstance(first, timedelta) == isinstance(second, timedelta)
        if first is None or second is None or not alike:
            return side.wrong_type(wanted, left)
        return compare(first, second)

    return evaluate


def long(compare: Callable[[Any, Any], bool]) -> Evaluate:
    def evaluate(left: Any, right: Any, side: Left) -> Truth:
        first = read_duration(left) if isinstance(left, str) else None
        second = read_duration(right)
        if first is None or second is None:
            return side.wrong_type("a duration such as `P30D`", left)
        return compare(first, second)

    return evaluate


def _instant(left: Any, side: Left) -> datetime | Unknown:
    instant = read_instant(left) if isinstance(left, str) else None
    return side.wrong_type("an instant with a time zone", left) if instant is None else instant


def ordered(compare: Callable[[datetime, datetime], bool]) -> Evaluate:
    def evaluate(left: Any, right: Any, side: Left) -> Truth:
        instant = _instant(left, side)
        bound = right if isinstance(right, datetime) else read_day_or_instant(right)
        if isinstance(instant, Unknown):
            return instant
        if bound is None:
            return side.wrong_type("an instant on the right", right)
        return compare(instant, bound)

    return evaluate


def aged(compare: Callable[[datetime, datetime, timedelta], bool]) -> Evaluate:
    def evaluate(left: Any, right: Any, side: Left) -> Truth:
        instant, span = _instant(left, side), read_duration(right)
        if isinstance(instant, Unknown):
            return instant
        if span is None:
            return side.wrong_type("a duration on the right", right)
        return compare(instant, side.as_of, span)

    return evaluate


def older(instant: datetime, as_of: datetime, span: timedelta) -> bool:
    return as_of - instant > span


def newer(instant: datetime, as_of: datetime, span: timedelta) -> bool:
    return timedelta() <= as_of - instant <= span


def due(instant: datetime, as_of: datetime, span: timedelta) -> bool:
    return timedelta() <= instant - as_of <= span


def is_true(left: Any, right: Any, side: Left) -> Truth:
    return left is right if isinstance(left, bool) else side.wrong_type("true or false", left)
