"""The oracle's own logic, comparisons and operators.

Truths are ``True``, ``False``, and ``None`` for unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import jmespath
import re2
from jmespath import functions, visitor
from jmespath.exceptions import JMESPathError
from oracle_values import DAMAGED, NotKnown, alike, kind, listed

Raw = dict[str, Any]
Truth = bool | None


def both(truths: Iterable[Truth]) -> Truth:
    """Kleene's and."""
    found = list(truths)
    return False if False in found else None if None in found else True


def inverse(truth: Truth) -> Truth:
    """Kleene's not."""
    return None if truth is None else not truth


def either(truths: Iterable[Truth]) -> Truth:
    """Kleene's or."""
    return inverse(both([inverse(truth) for truth in truths]))


def same(left, right) -> Truth:
    """Tell whether two values are equal; unknown where their types differ."""
    if left is DAMAGED or right is DAMAGED:
        return None
    if left is None or right is None:
        return left is right
    if isinstance(right, list):
        items = whole(listed(left))
        return len(items) == len(right) and all(map(same, items, right))
    fold = getattr(left, "fold", False)
    return alike(left, fold) == alike(right, fold) if kind(left) == kind(right) else None


def among(value, options) -> Truth:
    """Tell whether a value is one of several."""
    return either([same(value, option) for option in options])


def one_of(value, options) -> Truth:
    """Tell the same where the value's type is wrong only if it is the type of no option."""
    like = [option for option in options if kind(option) == kind(value)]
    return among(value, like or options)


def holds(held, value) -> Truth:
    """Tell whether a list holds a value."""
    return either([same(item, value) for item in listed(held)])


def instant(value):
    """Return an instant of RFC 3339 with a time zone."""
    match = re.fullmatch(r"(.{10})T(.{8})(?:\.(\d+))?(Z|[+-]\d\d:\d\d)", text_of(value))
    if match is None:
        raise NotKnown
    micro = ((match[3] or "") + "000000")[:6]
    return datetime.fromisoformat(f"{match[1]}T{match[2]}.{micro}{match[4]}")


def given(value, now):
    """Return an instant that a policy wrote; a bare date is its first moment in UTC."""
    if value == "$as_of":
        return now
    return instant(value if "T" in text_of(value) else f"{value}T00:00:00Z")


def text_of(value):
    """Return a text as it is."""
    if not isinstance(value, str):
        raise NotKnown
    return value


def duration(value):
    """Return a duration in words, or in ISO 8601 as far as the tests write it."""
    parts = re.fullmatch(r"(\d+) ([hdwmy])[a-z]+|PT?(\d+)([YMWDH])", text_of(value))
    if parts is None:
        raise NotKnown
    hours = {"H": 1, "D": 24, "W": 7 * 24, "M": 30 * 24, "Y": 365 * 24}
    return timedelta(hours=int(parts[1] or parts[3]) * hours[(parts[2] or parts[4]).upper()])


def amount(value, right):
    """Return a number beside a number, else a duration."""
    if kind(right) == "string":
        return duration(value)
    if kind(value) != "number":
        raise NotKnown
    return value


def matches(value, pattern):
    """Tell whether a pattern matches somewhere in a text."""
    ignoring = "(?i)" if getattr(value, "fold", False) else ""
    return re2.search(ignoring + pattern, text_of(value)) is not None


def boolean(value):
    """Return a boolean as it is."""
    if not isinstance(value, bool):
        raise NotKnown
    return value


ON_NULL = {
    "equals": lambda right: right is None,
    "not_equals": lambda right: right is not None,
    "one_of": lambda right: None in right,
    "none_of": lambda right: None not in right,
    "contains": lambda right: False,
    "contains_any": lambda right: False,
    "contains_all": lambda right: right == [],
    "contains_none": lambda right: True,
    "only": lambda right: True,
    "is_empty": lambda right: right,
    "exists": lambda right: not right,
}
OPERATORS = {
    "equals": lambda v, r, now: same(v, r),
    "not_equals": lambda v, r, now: inverse(same(v, r)),
    "one_of": lambda v, r, now: one_of(v, r),
    "none_of": lambda v, r, now: inverse(one_of(v, r)),
    "contains": lambda v, r, now: holds(v, r),
    "contains_any": lambda v, r, now: either([holds(listed(v), x) for x in listed(r)]),
    "contains_all": lambda v, r, now: both([holds(listed(v), x) for x in listed(r)]),
    "contains_none": lambda v, r, now: inverse(either([holds(listed(v), x) for x in listed(r)])),
    "only": lambda v, r, now: both([among(x, r) for x in listed(v)]),
    "is_empty": lambda v, r, now: (not listed(v)) is r,
    "exists": lambda v, r, now: r,
    "matches": lambda v, r, now: matches(v, r),
    "at_least": lambda v, r, now: amount(v, r) >= amount(r, r),
    "at_most": lambda v, r, now: amount(v, r) <= amount(r, r),
    "before": lambda v, r, now: instant(v) < given(r, now),
    "after": lambda v, r, now: instant(v) > given(r, now),
    "older_than": lambda v, r, now: instant(v) < now - duration(r),
    "newer_than": lambda v, r, now: now - duration(r) <= instant(v) <= now,
    "due_within": lambda v, r, now: now <= instant(v) <= now + duration(r),
    "longer_than": lambda v, r, now: duration(v) > duration(r),
    "shorter_than": lambda v, r, now: duration(v) < duration(r),
    "is_true": lambda v, r, now: boolean(v) is r,
}
RIGHT = {  # what may stand on the right of an operator that does not take any value
    **dict.fromkeys(("one_of", "none_of", "contains_any", "contains_all", "contains_none", "only"),
                    ("array",)),
    **dict.fromkeys(("exists", "is_empty", "is_true"), ("boolean",)),
    **dict.fromkeys(("older_than", "newer_than", "due_within", "longer_than", "shorter_than",
                     "before", "after"), ("string",)),
    "at_least": ("number", "string"), "at_most": ("number", "string"),
}
DATED = ("before", "after", "older_than", "newer_than", "due_within")
NEVER = re.compile(r"(0001-01-01|9999-12-31)(T.*)?|/Date\(-62135596800000\)/")
parsed = cache(jmespath.compile)


class Careful(functions.Functions):
    """JMESPath's functions: a damaged argument, or one that holds a damaged element, is read."""

    def call_function(self, function_name, resolved_args):
        """Call a function by name."""
        return super().call_function(function_name, [whole(value) for value in resolved_args])


class Interpreter(visitor.TreeInterpreter):
    """The released interpreter; a projection reads every element that it passes on."""

    def visit_identity(self, node, value):
        """Return an element as it is."""
        if value is DAMAGED:
            raise NotKnown
        return value


INTERPRETER = Interpreter(visitor.Options(custom_functions=Careful()))


def whole(value):
    """Return a value; NotKnown where it, or an element of it, is damaged."""
    if value is DAMAGED:
        raise NotKnown
    for item in value if isinstance(value, list) else ():
        whole(item)
    return value


def evaluated(expression: str, subject: Any) -> Any:
    """Return an expression's value; NotKnown where it reads what is unknown, or raises."""
    try:
        value = INTERPRETER.visit(parsed(expression).parsed, subject)
    except (JMESPathError, TypeError):
        raise NotKnown from None
    if value is DAMAGED:
        raise NotKnown
    return value


def condition(written: Raw, subject: Any, names: Mapping[str, Any], now: Any) -> Truth:
    """Return one condition's truth."""
    operator = next(word for word in OPERATORS if word in written)
    bare = operator == "is_true" and "path" not in written
    try:
        right = True if bare else named(written[operator], operator, names)
        if kind(right) not in RIGHT.get(operator, (kind(right),)):
            return None
        value = evaluated(written["is_true" if bare else "path"], subject)
        if operator in DATED and isinstance(value, str) and NEVER.fullmatch(value):
            value = None
        if value is not None:
            return OPERATORS[operator](value, right, now)
        return ON_NULL[operator](right) if operator in ON_NULL else written.get("if_null")
    except NotKnown:
        return None


def named(right: Any, operator: str, names: Mapping[str, Any]) -> Any:
    """Return a right side with its `$names` replaced; a list inside a list is flattened."""
    if operator == "matches" or right == "$as_of":
        return right
    if isinstance(right, list):
        parts = [(part, named(part, operator, names)) for part in right]
        return [v for part, made in parts
                for v in (made if part is not made and isinstance(made, list) else [made])]
    if not isinstance(right, str) or not right.startswith("$"):
        return right
    if right[1:] not in names:
        raise NotKnown
    return names[right[1:]]


def clause(written: Raw, subject: Any, names: Mapping[str, Any], now: Any) -> Truth:
    """Return one clause's truth; of a damaged subject nothing is true or false."""
    if subject is DAMAGED:
        return None
    conditions = written.get("any", [written])
    return either([condition(one, subject, names, now) for one in conditions])
