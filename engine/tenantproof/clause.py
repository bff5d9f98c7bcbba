"""Conditions and clauses: one path, one operator, and a sentence an auditor reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from msgspec import Struct, field

from tenantproof.language.comparing import Left, kind_of
from tenantproof.language.expression import Expression
from tenantproof.language.listing import Listing
from tenantproof.language.operators import Operator, on_null, reads_as_null
from tenantproof.shape import Shape
from tenantproof.verdict import Severity, Truth, Unknown, Why, any_true, merged, unknown

AS_OF = "$as_of"
RIGHT_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "list": (list,),
    "boolean": (bool,),
    "duration": (str,),
    "instant": (str, datetime),
    "measure": (int, float, str),
}


class Names(dict[str, Any]):
    """What names stand for, without the ``$``; a ``let`` is worked out when it is first needed."""

    def __init__(self, known: Mapping[str, Any], lets: Mapping[str, Callable[[], Any]]) -> None:
        super().__init__({name: value for name, value in known.items() if name not in lets})
        self._lets = lets

    def __missing__(self, name: str) -> Any:
        value = self[name] = self._lets[name]()
        return value


class Scope(Struct, frozen=True):
    """What names on the right of an operator stand for, and the instant of judging.

    `names` holds parameters and ``let`` values by name, without the ``$``.
    """

    names: Mapping[str, Any]
    as_of: datetime
    listings: dict[int, tuple[Any, Any]] = field(default_factory=dict)

    def resolved(self, right: Any) -> Any:
        """Return a right side with its ``$names`` replaced, or an Unknown."""
        if isinstance(right, list) or (is_name(right) and right != AS_OF):
            return self._remembered(right)
        return self.as_of if right == AS_OF else right

    def _remembered(self, right: str | list[Any]) -> Any:
        """What a list or a name stands for is the same for every subject."""
        written, found = self.listings.get(id(right), (None, None))
        if written is not right:
            found = self._flattened(right) if isinstance(right, list) else self.names[right[1:]]
            found = Listing(found) if type(found) is list else found
            self.listings[id(right)] = (right, found)
        return found

    def _flattened(self, right: list[Any]) -> Any:
        flat: list[Any] = []
        doubts: list[Unknown] = []
        for item in right:
            value = self.resolved(item)
            if isinstance(value, Unknown):
                doubts.append(value)
            elif is_name(item) and isinstance(value, list | tuple):
                flat.extend(value)
            else:
                flat.append(value)
        return merged(doubts) if doubts else flat


def is_name(value: Any) -> bool:
    """Tell whether a right side is a ``$name``."""
    return isinstance(value, str) and value.startswith("$") and len(value) > 1


class Condition(Struct, frozen=True, eq=False):
    """A path, an operator and what stands on its right; `shape` is the path's static type."""

    path: Expression
    shape: Shape
    operator: Operator
    right: Any
    if_null: bool | None = None

    def truth(self, subject: Any, scope: Scope) -> Truth:
        """Return whether a subject meets the condition."""
        left = self.path.value(subject)
        if isinstance(left, Unknown):
            return left
        right = self.right_side(scope)
        return right if isinstance(right, Unknown) else self.answer(left, right, scope)

    def right_side(self, scope: Scope) -> Any:
        """Return what stands on the right; an Unknown where that is not known or does not fit."""
        right = scope.resolved(self.right)
        fits = isinstance(right, RIGHT_TYPES.get(self.operator.right, object))
        return right if fits or isinstance(right, Unknown) else self._unfit(right)

    def answer(self, left: Any, right: Any, scope: Scope) -> Truth:
        """Return the operator's answer for a known value on the left and on the right."""
        if left is None or reads_as_null(self.operator.name, left):
            return self._of_null(right, scope)
        return self.operator.evaluate(left, right, Left(self.shape, self.path.text, scope.as_of))

    def _unfit(self, right: Any) -> Unknown:
        """A ``$name`` may stand for what the operator cannot take: null, or text for a list."""
        detail = f"`{self.operator.name}` cannot take {kind_of(right)} on its right"
        return unknown(Why.WRONG_TYPE, "", str(self.right).removeprefix("$"), detail)

    def _of_null(self, right: Any, scope: Scope) -> Truth:
        answer = on_null(self.operator.name, right)
        if answer is None:
            side = Left(self.shape, self.path.text, scope.as_of)
            return self.operator.evaluate(None, right, side)
        if isinstance(answer, Unknown) and self.if_null is not None:
            return self.if_null
        if isinstance(answer, Unknown):
            shape = self.shape
            return unknown(Why.NULL, shape.collection, shape.path or self.path.text)
        return answer


class Clause(Struct, frozen=True, eq=False):
    """One named condition on a subject, or several of which any will do."""

    label: str
    conditions: tuple[Condition, ...]
    severity: Severity | None = None
    reads: frozenset[tuple[str, str]] = field(default=frozenset())

    def truth(self, subject: Any, scope: Scope) -> Truth:
        """Return whether a subject satisfies the clause."""
        if len(self.conditions) == 1:
            return self.conditions[0].truth(subject, scope)
        return any_true([c.truth(subject, scope) for c in self.conditions])
