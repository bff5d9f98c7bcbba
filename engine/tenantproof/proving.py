"""The truth of clauses for many subjects: those alike in what a condition reads share its answer.

Unlike the sieve this gives the very truth, with reasons. It knows no semantics of its own either:
every answer is the condition's, asked once for each value.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from msgspec import UNSET

from tenantproof.clause import Clause, Condition, Scope
from tenantproof.shape import Shape
from tenantproof.sieve import plain_path
from tenantproof.verdict import Truth, Unknown, any_true

Prove = Callable[[Any], Truth]
Provers = Sequence[tuple[Clause, Prove]]
PLAIN: Final = frozenset({str, bool, type(None), type(UNSET)})
"""Types whose values are their own key: none of one equals any of another, unlike 1 and true."""
MISSING: Final = object()
LARGEST_MEMORY: Final = 50_000


def provers(clauses: Sequence[Clause], record: Shape, scope: Scope) -> Provers:
    """Return for each clause the function that tells its truth for a subject of a record shape."""
    return [(clause, _of_clause(clause, record, scope)) for clause in clauses]


def _of_clause(clause: Clause, record: Shape, scope: Scope) -> Prove:
    proofs = [_of_condition(condition, record, scope) for condition in clause.conditions]
    if len(proofs) == 1:
        return proofs[0]
    return lambda subject: any_true([prove(subject) for prove in proofs])


def _of_condition(condition: Condition, record: Shape, scope: Scope) -> Prove:
    names = plain_path(condition.path.tree, record)
    if names is None or len(names) > 1:
        return lambda subject: condition.truth(subject, scope)
    name = names[0]
    memory: dict[Any, Truth] = {}

    def prove(subject: Any) -> Truth:
        value = getattr(subject, name, MISSING)
        if value.__class__ is Unknown:
            unknown: Unknown = value
            return unknown
        if value.__class__ not in PLAIN:
            return condition.truth(subject, scope)
        found = memory.get(value)
        if found is None:
            found = condition.truth(subject, scope)
            if len(memory) < LARGEST_MEMORY:
                memory[value] = found
        return found

    return prove
