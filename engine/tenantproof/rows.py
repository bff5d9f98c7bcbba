"""A check's subjects with the truth of every clause: all of them, or those that tell something."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import compress, count
from typing import Any, Final

from msgspec import Struct

from tenantproof import sieve
from tenantproof.accepting import Accepts
from tenantproof.clause import Clause, Scope
from tenantproof.context import Context
from tenantproof.policy import Count, Policy, Quantified
from tenantproof.proving import provers
from tenantproof.quantifiers import Pair
from tenantproof.subjects import Found, Subject, found_by
from tenantproof.verdict import Reason, Truth, Unknown, all_true

Truths = tuple[tuple[Clause, Truth], ...]


class Trial(Struct, frozen=True):
    """One judgement under way: the context, the names in scope, and the other policies.

    `accepts` is what is accepted, None where the policy is judged as it stands.
    """

    context: Context
    scope: Scope
    policies: Mapping[str, Policy]
    accepts: Accepts | None = None


class Row(Struct, frozen=True, gc=False):
    """One subject with the truth of every clause; `pair` joins those of *where* and of *that*.

    The subject itself, with its name and place, is made when it is asked for: few rows are shown.
    """

    found: Found
    index: int
    where: Truths
    that: Truths
    pair: Pair

    @property
    def subject(self) -> Subject:
        """The subject."""
        return self.found.subject(self.index)

    @property
    def value(self) -> Any:
        """The subject's value."""
        return self.found.values[self.index]


def false_labels(truths: Iterable[tuple[Clause, Truth]]) -> tuple[str, ...]:
    return tuple(c.label for c, t in truths if t is False)


def unclear_labels(truths: Iterable[tuple[Clause, Truth]]) -> tuple[str, ...]:
    return tuple(c.label for c, t in truths if isinstance(t, Unknown))


class Rows(Struct, frozen=True):
    """The subjects that a verdict is explained by, and the pairs of truths of all others.

    `passed_by` counts the subjects that surely are among the judged and are not in `rows`.
    """

    rows: list[Row]
    others: tuple[Pair, ...]
    passed_by: int
    doubts: tuple[Reason, ...]

    def pairs(self) -> list[Pair]:
        """Return the truths of each row, and of the other subjects once for each kind."""
        return [*(row.pair for row in self.rows), *self.others]


def rows_of(check: Quantified, trial: Trial) -> tuple[list[Row], tuple[Reason, ...]]:
    """Return every subject with the truth of its clauses, and why there may be more subjects."""
    found = found_by(check.subjects, trial.context)
    row = _rower(check, found, trial.scope)
    return [row(index) for index in range(len(found.values))], found.doubts


def telling_rows(check: Quantified, trial: Trial) -> Rows:
    """Return the subjects that matter to a check's verdict; the others are told by number."""
    found = found_by(check.subjects, trial.context)
    codes = sieve.sieved(check, found.values, trial.scope)
    kept = TELLING[manner(check)]
    telling = list(compress(count(), codes.translate(CHOSEN[kept])))
    rows = list(map(_rower(check, found, trial.scope), telling)) if telling else []
    seen = [code for code in OTHERS if code not in kept and code in codes]
    passed_by = sum(codes.count(code) for code in seen if code != sieve.OUT)
    return Rows(rows, tuple(OTHERS[code] for code in seen), passed_by, found.doubts)


OTHERS: Final[dict[int, Pair]] = {
    sieve.OUT: (False, False), sieve.MET: (True, True), sieve.UNMET: (True, False),
}
TELLING: Final = {
    "every": frozenset({sieve.UNMET, sieve.OPEN}),
    "none": frozenset({sieve.MET, sieve.OPEN}),
    "at_least_one": frozenset({sieve.MET, sieve.UNMET, sieve.OPEN}),
    "count": frozenset({sieve.MET, sieve.UNMET, sieve.OPEN}),
}


CHOSEN: Final = {kept: bytes(code in kept for code in range(256)) for kept in TELLING.values()}


def _rower(check: Quantified, found: Found, scope: Scope) -> Callable[[int], Row]:
    """Return the function that makes the row of a subject, by its position.

    Rows of the same truths (the very same objects, which memories of conditions give) share them.
    """
    record, clauses = check.subjects.record, (*check.where, *check.that)
    proofs = [prove for _, prove in provers(clauses, record, scope)]
    memory: dict[tuple[int, ...], tuple[Truths, Truths, Pair]] = {}

    def row(index: int) -> Row:
        value = found.values[index]
        truths = [value] * len(proofs) if isinstance(value, Unknown) else [
            prove(value) for prove in proofs]
        key = tuple(map(id, truths))
        known = memory.get(key)
        if known is None:
            told = tuple(zip(clauses, truths, strict=True))
            known = memory[key] = _told(told[:len(check.where)], told[len(check.where):])
        return Row(found, index, *known)

    return row


def _told(where: Truths, that: Truths) -> tuple[Truths, Truths, Pair]:
    return where, that, (all_true([t for _, t in where]), all_true([t for _, t in that]))


def manner(check: Quantified) -> str:
    """Return the word for what a check expects: a quantifier, or ``count``."""
    return "count" if isinstance(check.expect, Count) else check.expect
