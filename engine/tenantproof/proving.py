"""The truth of clauses for many subjects: those alike in what a condition reads share its answer.

Unlike the sieve this gives the very truth, with reasons. It knows no semantics of its own either:
every answer is the condition's, asked once for each value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from msgspec import UNSET

from tenantproof.clause import Clause, Condition, Scope
from tenantproof.quick import LARGEST_MEMORY, prepared
from tenantproof.shape import Shape
from tenantproof.sieve import plain_path
from tenantproof.verdict import Truth, Unknown, any_true

Prove = Callable[[Any], Truth]
Provers = Sequence[tuple[Clause, Prove]]
PLAIN: Final = frozenset({str, bool, type(None), type(UNSET)})
"""Types whose values are their own key: none of one equals any of another, unlike 1 and true."""
KNOWN: Final = (str, bool, type(None), int, float)
MISSING: Final = object()


def provers(clauses: Sequence[Clause], record: Shape, scope: Scope) -> Provers:
    """Return for each clause the function that tells its truth for a subject of a record shape."""
    return [(clause, _of_clause(clause, record, scope)) for clause in clauses]


def _of_clause(clause: Clause, record: Shape, scope: Scope) -> Prove:
    proofs = [_of_condition(condition, record, scope) for condition in clause.conditions]
    if len(proofs) == 1:
        return proofs[0]
    return lambda subject: any_true([prove(subject) for prove in proofs])


def _of_condition(condition: Condition, record: Shape, scope: Scope) -> Prove:
    names = plain_path(condition.path, record)
    if names is None or len(names) > 1:
        return lambda subject: condition.truth(subject, scope)
    name, answer = names[0], _answers(condition, scope)

    def prove(subject: Any) -> Truth:
        value = getattr(subject, name, MISSING)
        if value.__class__ is Unknown:
            unknown: Unknown = value
            return unknown
        known = answer.get(value.__class__)
        found = None if known is None else known(value)
        return condition.truth(subject, scope) if found is None else found

    return prove if condition.shape.key else _remembered(prove, name)


def _answers(condition: Condition, scope: Scope) -> Mapping[type, Callable[[Any], Truth | None]]:
    """Return what gives the certain answers to values that often are one of a kind."""
    right, quick = condition.right_side(scope), prepared(condition, scope)
    if isinstance(right, Unknown):
        return dict.fromkeys(KNOWN, lambda value: right)
    if condition.shape.kind == "list":
        return {list: lambda value: quick.of_list(value) if value else quick.of_empty}
    return {str: quick.of_text} if condition.shape.kind == "text" else {}


def _remembered(prove: Prove, name: str) -> Prove:
    """Return the same function, with a memory for values that many subjects have in common."""
    memory: dict[Any, Truth] = {}
    numbers: dict[int, Truth] = {}

    def prove_once(subject: Any) -> Truth:
        value = getattr(subject, name, MISSING)
        if value.__class__ in PLAIN:
            known = memory
        elif value.__class__ is int:
            known = numbers
        else:
            return prove(subject)
        found = known.get(value)
        if found is None:
            found = prove(subject)
            if len(known) < LARGEST_MEMORY:
                known[value] = found
        return found

    return prove_once
