"""Conditions prepared for many subjects: the answer to each value, asked of the operator but once.

A prepared condition knows no semantics of its own. Every answer is the operator's; what differs is
that the same value is not asked about twice, and that the right side is looked up but once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from msgspec import UNSET

from tenantproof.clause import Condition, Scope
from tenantproof.verdict import Truth, Unknown

Answer = bool | None
"""True, False, or None where only a closer look can tell."""

MEMBERSHIP: Final = {"one_of": True, "none_of": False, "equals": True, "not_equals": False}
LARGEST_MEMORY: Final = 50_000


class Quick:
    """The answers of one condition whose right side is known: to null, to the two booleans, to an
    empty list, and by functions to texts, lists and whatever else; each worked out when needed.
    """

    of_null: Answer
    of_true: Answer
    of_false: Answer
    of_empty: Answer
    of_text: Callable[[str], Answer]
    of_integer: Callable[[int], Answer]
    of_list: Callable[[list[Any]], Answer]

    def __init__(self, condition: Condition, right: Any, scope: Scope) -> None:
        self._condition = condition
        self._right = right
        self._scope = scope

    def __getattr__(self, name: str) -> Any:
        answer = ANSWERS[name](self)
        setattr(self, name, answer)
        return answer

    def of_other(self, left: Any) -> Answer:
        """Return the operator's answer to any value; None where the value is not known."""
        if left is UNSET or type(left) is Unknown:
            return None
        return _settled(self._condition.answer(left, self._right, self._scope))

    def _text(self) -> Callable[[str], Answer]:
        return _of_text(self._condition, self._right, self.of_other)


ANSWERS: Final[dict[str, Callable[[Quick], Any]]] = {
    "of_null": lambda quick: quick.of_other(None),
    "of_true": lambda quick: quick.of_other(True),
    "of_false": lambda quick: quick.of_other(False),
    "of_empty": lambda quick: quick.of_other([]),
    "of_text": Quick._text,
    "of_integer": lambda quick: _remembered(quick.of_other),
    "of_list": lambda quick: _of_list(quick.of_other),
}


class NoAnswer(Quick):
    """The answers of a condition whose right side is not known or does not fit: none."""

    def of_other(self, left: Any) -> Answer:
        """Return that it is not certain, whatever the value."""
        return None

    def _text(self) -> Callable[[str], Answer]:
        return self.of_other


def prepared(condition: Condition, scope: Scope) -> Quick:
    """Return a condition's answers; none at all where its right side is not known or unfit."""
    right = condition.right_side(scope)
    kind = NoAnswer if isinstance(right, Unknown) else Quick
    return kind(condition, right, scope)


def _settled(truth: Truth) -> Answer:
    return None if isinstance(truth, Unknown) else truth


def _of_text(
    condition: Condition, right: Any, ask: Callable[[Any], Answer]
) -> Callable[[str], Answer]:
    texts = right if isinstance(right, list) else [right]
    name = condition.operator.name
    listed = (name in ("one_of", "none_of")) == isinstance(right, list)
    if name in MEMBERSHIP and listed and all(isinstance(t, str) for t in texts):
        return _member(texts, MEMBERSHIP[name], condition.shape.fold)
    return _remembered(ask)


def _member(texts: Iterable[str], inside: bool, fold: bool) -> Callable[[str], Answer]:
    if not fold:
        known = frozenset(texts)
        return lambda text: (text in known) is inside
    folded = frozenset(text.casefold() for text in texts)
    return lambda text: (text.casefold() in folded) is inside


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
