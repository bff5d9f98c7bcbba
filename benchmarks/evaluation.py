"""Evaluation alone: the generated loops against jmespath's interpreter, on the same records.

The whole pack's quantified checks are judged once with the real command; what each was given is
kept. Then the same conditions are asked again of the same records: by the generated loop, and by
the interpreter, one `search` of a compiled expression per condition and record, followed by the
engine's own operator. Both end at the first clause that decides. Codes have to be equal wherever
the loop is certain.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from measuring import BenchmarkError, once
from policies_judged import GOAL_EVALUATION, Answers

Search = Callable[[Any], Any]
RUNS = 3


def run(folder: Path, out: Path) -> Answers:
    """Time both; the answers are the figures."""
    given = _captured(folder, out)
    plain: dict[int, list[Any]] = {}
    loop = interpreter = 0.0
    records = evaluations = 0
    for check, values, scope in given:
        seconds, codes = _by_loop(check, values, scope)
        rows = plain.setdefault(id(values), _plain(values))
        asked, told, count = _by_interpreter(check, rows, scope)
        _equal(check, codes, told)
        loop, interpreter = loop + seconds, interpreter + asked
        records, evaluations = records + len(rows), evaluations + count
    return {"checks": len(given), "records": records, "evaluations": evaluations,
            "loopSeconds": loop, "interpreterSeconds": interpreter}


def _captured(folder: Path, out: Path) -> list[tuple[Any, Any, Any]]:
    """Return each check that ran through a loop, with its subjects' values and scope."""
    from tenantproof import sieve

    through = sieve.sieved
    kept: list[tuple[Any, Any, Any]] = []

    def watched(check: Any, values: Any, scope: Any) -> Any:
        codes = through(check, values, scope)
        if codes is not None and len(values):
            kept.append((check, values, scope))
        return codes

    sieve.sieved = watched
    from peers import ours

    ours.whole(folder, out)
    sieve.sieved = through
    return kept


def _by_loop(check: Any, values: Any, scope: Any) -> tuple[float, bytes]:
    from tenantproof import sieve

    seconds = []
    for _ in range(RUNS):
        begun = time.process_time()
        codes = sieve.sieved(check, values, scope)
        seconds.append(time.process_time() - begun)
    return min(seconds), codes


def _plain(values: Any) -> list[Any]:
    """Return subjects as plain values; None stands for one of which nothing is known."""
    from tenantproof.subjects import shown_value
    from tenantproof.verdict import Unknown

    return [None if isinstance(one, Unknown) else shown_value(one) for one in values]


def _by_interpreter(check: Any, rows: list[Any], scope: Any) -> tuple[float, bytes, int]:
    """Return the seconds, a code for each row, and how many expressions were evaluated."""
    import jmespath

    def ready(clauses: Any) -> list[list[tuple[Search, Any, Any]]]:
        return [[(jmespath.compile(one.path.text).search, one, one.right_side(scope))
                 for one in clause.conditions] for clause in clauses]

    where, that = ready(check.where), ready(check.that)
    seconds = []
    for _ in range(RUNS):
        counted = [0]
        begun = time.process_time()
        codes = bytes(_code(row, where, that, scope, counted) for row in rows)
        seconds.append(time.process_time() - begun)
    return min(seconds), codes, counted[0]


def _code(row: Any, where: Any, that: Any, scope: Any, counted: list[int]) -> int:
    from tenantproof.sieve import MET, OPEN, OUT, UNMET

    for clauses, otherwise in ((where, OUT), (that, UNMET)):
        for conditions in clauses:
            truth = _any_of(_answers(row, conditions, scope, counted))
            if truth is not True:
                return otherwise if truth is False else OPEN
    return MET


def _answers(row: Any, conditions: Any, scope: Any, counted: list[int]) -> Iterator[Any]:
    for search, condition, right in conditions:
        counted[0] += 1
        try:
            yield condition.answer(search(row), right, scope)
        except Exception:  # noqa: BLE001  what cannot be evaluated is open, as in the loop
            yield None


def _any_of(truths: Iterator[Any]) -> bool | None:
    found: bool | None = False
    for truth in truths:
        if truth is True:
            return True
        found = found if truth is False else None
    return found


def _equal(check: Any, codes: bytes, told: bytes) -> None:
    from tenantproof.sieve import OPEN

    for index, (ours, theirs) in enumerate(zip(codes, told, strict=True)):
        if ours != theirs and OPEN not in (ours, theirs):
            raise BenchmarkError(
                f"a check of {check.subjects.collection} has code {ours} by the loop and {theirs} "
                f"by the interpreter for subject {index}")


def evaluation(folder: Path, out: Path, users: int) -> dict[str, Any]:
    """Print the speed-up of evaluation alone."""
    found = once("evaluation:run", folder, out)["answers"]
    found["factor"] = found["interpreterSeconds"] / found["loopSeconds"]
    print(f"\nevaluation alone, {users:,} users: {found['checks']} checks over "
          f"{found['records']:,} records, {found['evaluations']:,} expressions")
    print(f"  generated loops      {found['loopSeconds']:8.3f} s")
    print(f"  jmespath interpreter {found['interpreterSeconds']:8.3f} s, {found['factor']:.1f} "
          f"times as long (goal: at least {GOAL_EVALUATION})")
    return found
