"""Quantified checks: the truth of every clause for every subject, the verdict, and its reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from tenantproof import sieve
from tenantproof.accepting import Accepts
from tenantproof.clause import Clause, Scope
from tenantproof.context import Context
from tenantproof.finding import Judged, Outcome
from tenantproof.language.comparing import kind_of
from tenantproof.policy import BY_SUBJECT, Bound, Count, Policy, Quantified, Shown
from tenantproof.proving import Provers, provers
from tenantproof.quantifiers import (
    RULES,
    Pair,
    Tally,
    counted,
    quantified,
    tally,
    tally_distinct,
)
from tenantproof.subjects import (
    Subject,
    evidence_of,
    found_by,
    plain_or_unknown,
    subject_id,
    subject_name,
    subjects_of,
)
from tenantproof.verdict import Reason, Truth, Unknown, Verdict, Why, all_true, merged, unknown

NOTHING: Final = Unknown(())
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
    """One subject with the truth of every clause; `pair` joins those of *where* and of *that*."""

    subject: Subject
    where: Truths
    that: Truths
    pair: Pair


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
    subjects, doubts = subjects_of(check.subjects, trial.context)
    row = _rower(check, trial.scope)
    return [row(subject) for subject in subjects], doubts


def telling_rows(check: Quantified, trial: Trial) -> Rows:
    """Return the subjects that matter to a check's verdict; the others are told by number."""
    found = found_by(check.subjects, trial.context)
    codes = sieve.sieved(check, found.values, trial.scope)
    kept = TELLING[_manner(check)]
    telling = [index for index, code in enumerate(codes) if code in kept]
    row = _rower(check, trial.scope) if telling else None
    rows = [] if row is None else [row(found.subject(index)) for index in telling]
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


def _rower(check: Quantified, scope: Scope) -> Callable[[Subject], Row]:
    """Return the function that makes the row of a subject."""
    record = check.subjects.record
    where, that = (provers(clauses, record, scope) for clauses in (check.where, check.that))

    def row(subject: Subject) -> Row:
        first, second = _truths(where, subject.value), _truths(that, subject.value)
        return Row(subject, first, second,
                   (all_true([t for _, t in first]), all_true([t for _, t in second])))

    return row


def _truths(clauses: Provers, value: Any) -> Truths:
    if isinstance(value, Unknown):
        return tuple([(clause, value) for clause, _ in clauses])
    return tuple([(clause, prove(value)) for clause, prove in clauses])


def judge_quantified(check: Quantified, trial: Trial) -> Outcome:
    """Return what a quantified check came to, with the subjects that explain it."""
    told = telling_rows(check, trial)
    told = _accepted(told, check, trial)
    rows, doubts = told.rows, told.doubts
    judged = told.passed_by + sum(1 for row in rows if row.pair[0] is not False)
    if isinstance(check.expect, Count):
        verdict, empty, bounds = _counted(check, check.expect, rows, not doubts, trial)
    else:
        pairs = told.pairs()
        if_empty = check.if_empty or Verdict.UNKNOWN
        verdict, empty = quantified(RULES[check.expect], pairs, not doubts, if_empty)
        bounds = NOTHING
    outcome = Outcome(verdict, judged=judged, empty=empty, collection=check.subjects.collection)
    return _explained(outcome, check, rows, merged([Unknown(doubts), bounds]))


def _accepted(told: Rows, check: Quantified, trial: Trial) -> Rows:
    """Return the rows with those that fail, and may, as if they were in order."""
    if trial.accepts is None or _manner(check) not in BY_SUBJECT:
        return told
    fails = (True, RULES[_manner(check)].decisive)
    in_order = (True, not fails[1])
    return replace(told, rows=[
        replace(row, pair=in_order)
        if row.pair == fails and trial.accepts.subject(_judged(row, check.shown, Verdict.FAIL))
        else row for row in told.rows
    ])


def _counted(
    check: Quantified, count: Count, rows: Sequence[Row], complete: bool, trial: Trial
) -> tuple[Verdict, bool, Unknown]:
    if check.if_empty is not None and complete and all(row.pair[0] is False for row in rows):
        return check.if_empty, True, NOTHING
    bounds = [_bound(b, trial.scope) for b in (count.at_least, count.at_most)]
    doubts = [b for b in bounds if isinstance(b, Unknown)]
    if doubts:
        return Verdict.UNKNOWN, False, merged(doubts)
    verdict = counted(_tallied(count, rows, complete), bounds[0] or 0, bounds[1])
    someone = any(row.pair[0] is True for row in rows)
    settled = someone or check.if_empty in (None, verdict)
    return verdict if settled else Verdict.UNKNOWN, False, NOTHING


def _bound(bound: Bound, scope: Scope) -> Any:
    """Return a bound's number, None where there is none, an Unknown for what is no number."""
    value = scope.resolved(bound)
    if bound is None or isinstance(value, Unknown):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    detail = f"a number was expected and {kind_of(value)} came"
    return unknown(Why.WRONG_TYPE, "", str(bound).removeprefix("$"), detail)


def _tallied(count: Count, rows: Sequence[Row], complete: bool) -> Tally:
    if count.distinct is None:
        return tally([row.pair for row in rows], complete)
    return tally_distinct([(*row.pair, _identity(row, count)) for row in rows], complete)


def _identity(row: Row, count: Count) -> Any:
    """Return what makes a subject different from others, or an Unknown."""
    value = row.subject.value
    if isinstance(value, Unknown) or count.distinct is None:
        return value
    found = plain_or_unknown(count.distinct.value(value))
    if isinstance(found, Unknown):
        return found
    return kind_of(found), repr(found).casefold() if count.fold else repr(_number(found))


def _number(value: Any) -> Any:
    """Return a whole number as one: 1 and 1.0 are equal."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _explained(
    outcome: Outcome, check: Quantified, rows: Sequence[Row], doubts: Unknown
) -> Outcome:
    """Add to a verdict the subjects that explain it."""
    explain = EXPLANATIONS[_manner(check)]
    shown = [row for row in rows if row.pair[0] is not False]
    chosen = explain(outcome.verdict, shown)
    judged = tuple(sorted((_judged(row, check.shown, v) for row, v in chosen), key=by_name))
    failing = [row for row, v in chosen if v is Verdict.FAIL]
    closest = _closest(shown, check) if _manner(check) == "at_least_one" else None
    failed = outcome.verdict is Verdict.FAIL and not outcome.empty
    labels = _labels(check, failing, closest) if failed else ()
    deciding = _deciding(outcome, check, shown)
    severity_of = {c.label: c.severity for c in check.that}
    return Outcome(
        verdict=outcome.verdict,
        judged=outcome.judged,
        subjects=judged,
        missing=labels,
        closest=closest if outcome.verdict in (Verdict.FAIL, Verdict.UNKNOWN) else None,
        deciding=deciding,
        named=deciding,
        doubts=merged([doubts, *_row_doubts(shown)]),
        severities=tuple(severity_of[label] for label in labels),
        empty=outcome.empty,
        collection=outcome.collection,
    )


def _manner(check: Quantified) -> str:
    return "count" if isinstance(check.expect, Count) else check.expect


def _labels(
    check: Quantified, failing: Sequence[Row], closest: Judged | None
) -> tuple[str, ...]:
    if _manner(check) == "at_least_one":
        return closest.missing if closest is not None else ()
    lacking = {label for row in failing for label in false_labels(row.that)}
    return tuple(c.label for c in check.that if c.label in lacking)


def _deciding(outcome: Outcome, check: Quantified, rows: Sequence[Row]) -> tuple[str, ...]:
    if outcome.verdict is not Verdict.PASS or _manner(check) != "at_least_one":
        return ()
    hits = [row.subject for row in rows if row.pair == (True, True)]
    return tuple(sorted(subject_name(s, check.shown) for s in hits))


def _row_doubts(rows: Sequence[Row]) -> list[Unknown]:
    """What is not known of the subjects that it decides; of others it does not matter."""
    truths = [t for row in rows if _is_open(row) for _, t in (*row.where, *row.that)]
    return [t for t in truths if isinstance(t, Unknown)]


Chosen = list[tuple[Row, Verdict]]


def _undecided(rows: Sequence[Row]) -> Chosen:
    return [(r, Verdict.UNKNOWN) for r in rows if _is_open(r)]


def _is_open(row: Row) -> bool:
    where, that = row.pair
    return isinstance(where, Unknown) or isinstance(that, Unknown)


def _of_every(verdict: Verdict, rows: Sequence[Row]) -> Chosen:
    if verdict is Verdict.PASS:
        return []
    failing = [(r, Verdict.FAIL) for r in rows if r.pair[0] is True and r.pair[1] is False]
    return [*failing, *_undecided([r for r in rows if r.pair[1] is not True])]


def _of_at_least_one(verdict: Verdict, rows: Sequence[Row]) -> Chosen:
    if verdict is Verdict.PASS:
        return []
    return [(r, Verdict.UNKNOWN if _is_open(r) and r.pair[1] is not False else Verdict.FAIL)
            for r in rows]


def _of_none(verdict: Verdict, rows: Sequence[Row]) -> Chosen:
    if verdict is Verdict.PASS:
        return []
    failing = [(r, Verdict.FAIL) for r in rows if r.pair == (True, True)]
    return [*failing, *_undecided([r for r in rows if r.pair[1] is not False])]


def _of_count(verdict: Verdict, rows: Sequence[Row]) -> Chosen:
    if verdict is Verdict.PASS:
        return []
    return [(r, Verdict.UNKNOWN if _is_open(r) else Verdict.FAIL) for r in rows]


EXPLANATIONS: dict[str, Callable[[Verdict, Sequence[Row]], Chosen]] = {
    "every": _of_every,
    "at_least_one": _of_at_least_one,
    "none": _of_none,
    "count": _of_count,
}


def _judged(row: Row, shown: Shown, verdict: Verdict) -> Judged:
    return Judged(
        id=subject_id(row.subject),
        name=subject_name(row.subject, shown),
        pointer=row.subject.pointer,
        verdict=verdict,
        missing=false_labels(row.that),
        unclear=unclear_labels((*row.where, *row.that)),
        evidence=evidence_of(row.subject, shown),
    )


def by_name(judged: Judged) -> tuple[bool, str, str]:
    return judged.verdict is not Verdict.FAIL, judged.name.casefold(), judged.id


def _closest(rows: Sequence[Row], check: Quantified) -> Judged | None:
    """The candidate with the fewest clauses not true, then fewest false, then by key."""
    if not rows:
        return None

    def distance(row: Row) -> tuple[int, int, str]:
        truths = [t for _, t in row.that]
        false = sum(1 for t in truths if t is False)
        return sum(1 for t in truths if t is not True), false, subject_id(row.subject)

    return _judged(min(rows, key=distance), check.shown, Verdict.FAIL)
