"""Conditions prepared for many subjects: the answer to each value, asked of the operator but once.

A prepared condition knows no semantics of its own. Every answer is the operator's; what differs is
that the same value is not asked about twice, and that the right side is looked up but once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from msgspec import UNSET, Struct

from tenantproof.clause import Condition, Scope
from tenantproof.verdict import Truth, Unknown

Answer = bool | None
"""True, False, or None where only a closer look can tell."""

MEMBERSHIP: Final = {"one_of": True, "none_of": False, "equals": True, "not_equals": False}
LARGEST_MEMORY: Final = 50_000


class Quick(Struct, frozen=True, eq=False):
    """The answers of one condition whose right side is known: to null, to the two booleans, to an
    empty list, and by functions to texts, lists and whatever else."""

    of_null: Answer
    of_true: Answer
    of_false: Answer
    of_empty: Answer
    of_text: Callable[[str], Answer]
    of_list: Callable[[list[Any]], Answer]
    of_other: Callable[[Any], Answer]


NO_ANSWER: Final = Quick(
    None, None, None, None, lambda text: None, lambda values: None, lambda value: None
)


def prepared(condition: Condition, scope: Scope) -> Quick:
    """Return a condition's answers; none at all where its right side is not known or unfit."""
    right = condition.right_side(scope)
    if isinstance(right, Unknown):
        return NO_ANSWER

    def ask(left: Any) -> Answer:
        if left is UNSET or type(left) is Unknown:
            return None
        return _settled(condition.answer(left, right, scope))

    return Quick(
        of_null=ask(None), of_true=ask(True), of_false=ask(False), of_empty=ask([]),
        of_text=_of_text(condition, right, ask), of_list=_of_list(ask), of_other=ask,
    )


def _settled(truth: Truth) -> Answer:
    return None if isinstance(truth, Unknown) else truth


def _of_text(
    condition: Condition, right: Any, ask: Callable[[Any], Answer]
) -> Callable[[str], Answer]:
    texts = right if isinstance(right, list) else [right]
    name = condition.operator.name
    listed = (name in ("one_of", "none_of")) == isinstance(right, list)
    if name in MEMBERSHIP and listed and texts and all(isinstance(t, str) for t in texts):
        return _member(texts, MEMBERSHIP[name], condition.shape.fold)
    return _remembered(ask)


def _member(texts: Iterable[str], inside: bool, fold: bool) -> Callable[[str], Answer]:
    if not fold:
        known = frozenset(texts)
        return lambda text: (text in known) is inside
    folded = frozenset(text.casefold() for text in texts)
    return lambda text: (text.casefold() in folded) is inside


def _remembered(ask: Callable[[Any], Answer]) -> Callable[[str], Answer]:
    memory: dict[str, Answer] = {}

    def answer(text: str) -> Answer:
        try:
            return memory[text]
        except KeyError:
            found = ask(text)
            if len(memory) < LARGEST_MEMORY:
                memory[text] = found
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
