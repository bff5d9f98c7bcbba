"""The operators of conditions, as one table (``docs/operators.md``)."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from typing import Any, Final

from msgspec import Struct

from tenantproof.language import comparing
from tenantproof.language.comparing import Evaluate
from tenantproof.language.instants import means_never
from tenantproof.verdict import Truth, Why, unknown


class Operator(Struct, frozen=True):
    """One operator: what it does, which kinds it fits, what it says of null.

    ``on_null`` is ``value`` (null is a value like others), ``false``, ``true``, or ``unknown``
    (unless the condition says ``if_null``). ``right`` names what stands on the right.
    """

    name: str
    meaning: str
    left: frozenset[str]
    right: str
    on_null: str
    evaluate: Evaluate


def reads_as_null(name: str, value: Any) -> bool:
    """Tell whether an operator on instants takes the value for null: "never" in disguise."""
    return name in INSTANT_OPERATORS and isinstance(value, str) and means_never(value)


INSTANT_OPERATORS: Final = frozenset({"before", "after", "older_than", "newer_than", "due_within"})
SCALARS: Final = frozenset({"text", "number", "boolean", "any"})
EVERYTHING: Final = SCALARS | {"list", "object", "null"}
LISTS: Final = frozenset({"list", "any"})
TEXTS: Final = frozenset({"text", "any"})
MEASURES: Final = frozenset({"text", "number", "any"})
BOOLEANS: Final = frozenset({"boolean", "any"})


def _table(operators: Iterable[Operator]) -> dict[str, Operator]:
    return {one.name: one for one in operators}


OPERATORS: Final = _table([
    Operator("equals", "is this value", EVERYTHING, "value", "value", comparing.equals),
    Operator("not_equals", "is not this value", EVERYTHING, "value", "value", comparing.not_equals),
    Operator("one_of", "is one of these values", SCALARS | {"null"}, "list", "value",
             comparing.one_of),
    Operator("none_of", "is none of these values", SCALARS | {"null"}, "list", "value",
             comparing.none_of),
    Operator("contains", "the list holds this value", LISTS, "value", "false",
             comparing.on_list(comparing.contains)),
    Operator("contains_any", "the list holds at least one of these values", LISTS, "list", "false",
             comparing.on_list(comparing.contains_any)),
    Operator("contains_all", "the list holds all of these values", LISTS, "list", "none of none",
             comparing.on_list(comparing.contains_all)),
    Operator("contains_none", "the list holds none of these values", LISTS, "list", "true",
             comparing.on_list(comparing.contains_none)),
    Operator("only", "the list holds nothing but these values", LISTS, "list", "true",
             comparing.on_list(comparing.only)),
    Operator("is_empty", "the list is empty", LISTS, "boolean", "empty",
             comparing.on_list(comparing.is_empty)),
    Operator("exists", "is there (null is not)", EVERYTHING, "boolean", "value", comparing.exists),
    Operator("matches", "the text matches this RE2 pattern somewhere", TEXTS, "pattern", "unknown",
             comparing.matches),
    Operator("at_least", "is this much or more", MEASURES, "measure", "unknown",
             comparing.measured(operator.ge, "a number or duration like the one on the right")),
    Operator("at_most", "is this much or less", MEASURES, "measure", "unknown",
             comparing.measured(operator.le, "a number or duration like the one on the right")),
    Operator("before", "lies before this instant", TEXTS, "instant", "unknown",
             comparing.ordered(operator.lt)),
    Operator("after", "lies after this instant", TEXTS, "instant", "unknown",
             comparing.ordered(operator.gt)),
    Operator("older_than", "lies longer ago than this", TEXTS, "duration", "unknown",
             comparing.aged(comparing.older)),
    Operator("newer_than", "lies at most this long ago, and not in the future", TEXTS, "duration",
             "unknown", comparing.aged(comparing.newer)),
    Operator("due_within", "lies at most this far ahead, and not in the past", TEXTS, "duration",
             "unknown", comparing.aged(comparing.due)),
    Operator("longer_than", "the duration is longer than this", TEXTS, "duration", "unknown",
             comparing.long(operator.gt)),
    Operator("shorter_than", "the duration is shorter than this", TEXTS, "duration", "unknown",
             comparing.long(operator.lt)),
    Operator("is_true", "the predicate is true", BOOLEANS, "predicate", "unknown",
             comparing.is_true),
])


def on_null(name: str, right: Any) -> Truth | None:
    """Return an operator's answer for null, or None where null goes to the operator itself."""
    rule = OPERATORS[name].on_null
    if rule == "value":
        return None
    if rule == "empty":
        return right is True
    if rule == "none of none":
        return bool(right == [])
    if rule == "unknown":
        return unknown(Why.NULL)
    return rule == "true"
