"""Quantified checks: from the truths of all subjects to the verdict, and its reasons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from msgspec.structs import replace

from tenantproof.clause import Scope
from tenantproof.finding import Judged, Outcome
from tenantproof.language.comparing import kind_of
from tenantproof.policy import BY_SUBJECT, Bound, Count, Quantified, Shown
from tenantproof.quantifiers import (
    RULES,
    Tally,
    counted,
    quantified,
    tally,
    tally_distinct,
)
from tenantproof.rows import Row, Rows, Trial, false_labels, manner, telling_rows, unclear_labels
from tenantproof.subjects import (
    evidence_of,
    plain_or_unknown,
    subject_id,
    subject_name,
)
from tenantproof.verdict import Unknown, Verdict, Why, merged, unknown

NOTHING: Final = Unknown(())


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
    if trial.accepts is None or manner(check) not in BY_SUBJECT:
        return told
    fails = (True, RULES[manner(check)].decisive)
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
    value = row.value
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
    explain = EXPLANATIONS[manner(check)]
    shown = [row for row in rows if row.pair[0] is not False]
    chosen = explain(outcome.verdict, shown)
    judged = tuple(sorted((_judged(row, check.shown, v) for row, v in chosen), key=by_name))
    failing = [row for row, v in chosen if v is Verdict.FAIL]
    closest = _closest(shown, check) if manner(check) == "at_least_one" else None
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


def _labels(
    check: Quantified, failing: Sequence[Row], closest: Judged | None
) -> tuple[str, ...]:
    if manner(check) == "at_least_one":
        return closest.missing if closest is not None else ()
    lacking = {label for row in failing for label in false_labels(row.that)}
    return tuple(c.label for c in check.that if c.label in lacking)


def _deciding(outcome: Outcome, check: Quantified, rows: Sequence[Row]) -> tuple[str, ...]:
    if outcome.verdict is not Verdict.PASS or manner(check) != "at_least_one":
        return ()
    hits = [row.subject for row in rows if row.pair == (True, True)]
    return tuple(sorted(subject_name(s, check.shown) for s in hits))


def _row_doubts(rows: Sequence[Row]) -> list[Unknown]:
    """What is not known of the subjects that it decides; of others it does not matter."""
    unlike = {(id(row.where), id(row.that)): row for row in rows if _is_open(row)}.values()
    truths = [t for row in unlike for _, t in (*row.where, *row.that)]
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
    subject = row.subject
    return Judged(
        id=subject_id(subject),
        name=subject_name(subject, shown),
        pointer=subject.pointer,
        verdict=verdict,
        missing=false_labels(row.that),
        unclear=unclear_labels((*row.where, *row.that)),
        evidence=evidence_of(subject, shown),
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
