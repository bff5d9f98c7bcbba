"""Conditions prepared for many subjects: the answer to each value, asked of the operator but once.

A prepared condition knows no semantics of its own. Every answer is the operator's; what differs is
that the same value is not asked about twice, and that the right side is looked up but once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from msgspec import UNSET

from tenantproof.clause import Condition, Scope
from tenantproof.language.listing import Listing
from tenantproof.verdict import Truth, Unknown

Answer = bool | None
"""True, False, or None where only a closer look can tell."""

MEMBERSHIP: Final = {"one_of": True, "none_of": False, "equals": True, "not_equals": False}
LISTED: Final = frozenset({"one_of", "none_of"})
LARGEST_MEMORY: Final = 50_000


class Quick:
    """The answers of one condition in one scope: to null, to the two booleans, to an
    empty list, to the value that stands in the path's place, and by functions to texts, integers,
    lists and whatever else; each worked out when needed. `texts` are those to be looked up in.

    No answer refers to its `Quick`: what is judged must not hang on a cycle.
    """

    of_null: Answer
    of_true: Answer
    of_false: Answer
    of_empty: Answer
    of_written: Answer
    texts: frozenset[str] | None
    of_text: Callable[[str], Answer]
    of_integer: Callable[[int], Answer]
    of_list: Callable[[list[Any]], Answer]

    def __init__(self, condition: Condition, right: Any, scope: Scope) -> None:
        self._condition = condition
        self._right = right
        self.of_other: Callable[[Any], Answer] = partial(_of_other, condition, right, scope)

    def __getattr__(self, name: str) -> Any:
        answer = ANSWERS[name](self)
        setattr(self, name, answer)
        return answer


def _of_other(condition: Condition, right: Any, scope: Scope, left: Any) -> Answer:
    """Return the operator's answer to any value; None where the value is not known."""
    if left is UNSET or type(left) is Unknown or isinstance(right, Unknown):
        return None
    return _settled(condition.answer(left, right, scope))


ANSWERS: Final[dict[str, Callable[[Quick], Any]]] = {
    "of_null": lambda quick: quick.of_other(None),
    "of_true": lambda quick: quick.of_other(True),
    "of_false": lambda quick: quick.of_other(False),
    "of_empty": lambda quick: quick.of_other([]),
    "of_text": lambda quick: _of_text(quick),
    "of_written": lambda quick: quick.of_other(quick._condition.path.tree["value"]),
    "texts": lambda quick: _texts(quick._condition, quick._right),
    "of_integer": lambda quick: _remembered(quick.of_other),
    "of_list": lambda quick: _of_list(quick.of_other),
}


def prepared(condition: Condition, scope: Scope) -> Quick:
    """Return a condition's answers; none is certain where its right side is not known or unfit."""
    return Quick(condition, condition.right_side(scope), scope)


def fixed_answers(condition: Condition) -> dict[bool | None, bool]:
    """Return a condition's answers to true, false and null that are the same in every scope.

    Only a boolean that is compared with a written one has any.
    """
    if condition.shape.kind != "boolean" or type(condition.right) is not bool:
        return {}
    nowhere = Scope({}, datetime.min.replace(tzinfo=UTC))
    truths = {value: condition.answer(value, condition.right, nowhere)
              for value in (True, False, None)}
    return {value: truth for value, truth in truths.items() if not isinstance(truth, Unknown)}


def _settled(truth: Truth) -> Answer:
    return None if isinstance(truth, Unknown) else truth


def _texts(condition: Condition, right: Any) -> frozenset[str] | None:
    """Return the texts that a value has to be one of, or none of; None where others stand there."""
    name = condition.operator.name
    if name not in MEMBERSHIP or (name in LISTED) is not isinstance(right, list):
        return None
    listing = right if isinstance(right, Listing) else Listing(
        right if isinstance(right, list) else [right])
    return listing.texts(condition.shape.fold)


def _of_text(quick: Quick) -> Callable[[str], Answer]:
    texts, condition = quick.texts, quick._condition
    if texts is None:
        return _remembered(quick.of_other)
    inside = MEMBERSHIP[condition.operator.name]
    if condition.shape.fold:
        return lambda text: (text.casefold() in texts) is inside
    return lambda text: (text in texts) is inside


def _remembered(ask: Callable[[Any], Answer]) -> Callable[[Any], Answer]:
    """Remember the answers to values of one type; numbers and booleans must not meet in it."""
    memory: dict[Any, Answer] = {}

    def answer(value: Any) -> Answer:
        try:
            return memory[value]
        except KeyError:
            found = ask(value)
            if len(memory) < LARGEST_MEMORY:
                memory[value] = found
            return found

    return answer


def _of_list(ask: Callable[[Any], Answer]) -> Callable[[list[Any]], Answer]:
    """Lists of texts are remembered by their texts; any other list is asked about each time."""
    memory: dict[tuple[str, ...], Answer] = {}

    def answer(values: list[Any]) -> Answer:
        for value in values:
            if value.__class__ is not str:
                return ask(values)
        key = tuple(values)
        try:
            return memory[key]
        except KeyError:
            found = ask(values)
            if len(memory) < LARGEST_MEMORY:
                memory[key] = found
            return found

    return answer
