"""The tables of quantifiers and combinations, by brute force over all completions."""

from __future__ import annotations

from itertools import product

import pytest

from tenantproof.quantifiers import (
    COMBINATIONS,
    RULES,
    counted,
    quantified,
    tally,
    tally_distinct,
)
from tenantproof.verdict import Truth, Unknown, Verdict

U = Unknown(())
TRUTHS: tuple[Truth, ...] = (True, False, U)
PAIRS = tuple(product(TRUTHS, TRUTHS))
IF_EMPTY = (Verdict.PASS, Verdict.FAIL, Verdict.NOT_APPLICABLE, Verdict.UNKNOWN)
KNOWN_PAIRS = ((True, True), (True, False), (False, True), (False, False))


def completions(pair):
    """Every way in which what is unknown of one subject may turn out."""
    options = [(True, False) if isinstance(truth, Unknown) else (truth,) for truth in pair]
    return list(product(*options))


def plain_verdict(quantifier, pairs, if_empty):
    """The verdict of a wholly known collection, in the plainest words there are."""
    inside = [that for where, that in pairs if where]
    if not inside:
        return if_empty
    met = {
        "every": all(inside),
        "at_least_one": any(inside),
        "none": not any(inside),
    }[quantifier]
    return Verdict.PASS if met else Verdict.FAIL


@pytest.mark.parametrize("size", [0, 1, 2, 3])
@pytest.mark.parametrize("quantifier", RULES)
def test_no_verdict_is_given_that_a_completion_contradicts(quantifier, size):
    """A pass or fail is what every completion would give, further records included."""
    further = [(), *[(pair,) for pair in KNOWN_PAIRS]]
    for pairs, if_empty, complete in product(
        product(PAIRS, repeat=size), IF_EMPTY, (True, False)
    ):
        verdict, _ = quantified(RULES[quantifier], pairs, complete, if_empty)
        if verdict is Verdict.UNKNOWN:
            continue
        possible = {
            plain_verdict(quantifier, (*known, *more), if_empty)
            for known in product(*map(completions, pairs))
            for more in (further if not complete else [()])
        }
        assert {verdict} == possible, (pairs, if_empty, complete)


@pytest.mark.parametrize("size", [0, 1, 2])
@pytest.mark.parametrize("quantifier", RULES)
def test_a_known_collection_is_never_unknown_unless_asked_for(quantifier, size):
    """Where everything is known the verdict is the plain one."""
    for pairs, if_empty in product(product(KNOWN_PAIRS, repeat=size), IF_EMPTY):
        verdict, _ = quantified(RULES[quantifier], pairs, True, if_empty)
        assert plain_verdict(quantifier, pairs, if_empty) == verdict


@pytest.mark.parametrize("size", [0, 1, 2, 3])
def test_counts_agree_with_every_completion(size):
    """A count between bounds is decided only when all completions agree."""
    bounds = [(0, 0), (1, None), (2, 3), (0, 1), (2, 2), (0, None)]
    for pairs, (low, high), complete in product(
        product(PAIRS, repeat=size), bounds, (True, False)
    ):
        verdict = counted(tally(pairs, complete), low, high)
        totals = {
            sum(1 for w, c in known if w and c) + more
            for known in product(*map(completions, pairs))
            for more in ((0,) if complete else range(6))
        }
        fits = {low <= total and (high is None or total <= high) for total in totals}
        expected = (
            Verdict.UNKNOWN if len(fits) > 1 else Verdict.PASS if fits == {True} else Verdict.FAIL
        )
        assert expected == verdict, (pairs, low, high, complete)


def test_distinct_counts_are_never_wrong():
    """Counting different values stays within what the completions allow."""
    values = ("a", "b", U)
    rows = [(w, c, v) for (w, c), v in product(PAIRS, values)]
    for chosen, complete in product(product(rows, repeat=2), (True,)):
        count = tally_distinct(chosen, complete)
        totals = set()
        for known in product(*[completions((w, c)) for w, c, _ in chosen]):
            for names in product(*[("a", "b", "c") if v is U else (v,) for *_, v in chosen]):
                inside = {n for (w, c), n in zip(known, names, strict=True) if w and c}
                totals.add(len(inside))
        assert count.surely <= min(totals), chosen
        assert count.perhaps is not None
        assert max(totals) <= count.surely + count.perhaps, chosen


COMBINED = [
    ("any_of", "pass unknown fail", "pass"),
    ("any_of", "unknown fail manual", "unknown"),
    ("any_of", "manual not_applicable", "manual"),
    ("any_of", "fail manual", "fail"),
    ("any_of", "fail not_applicable", "fail"),
    ("any_of", "not_applicable not_applicable", "not_applicable"),
    ("all_of", "pass unknown fail", "fail"),
    ("all_of", "pass unknown manual", "unknown"),
    ("all_of", "pass manual", "manual"),
    ("all_of", "pass not_applicable", "pass"),
    ("all_of", "not_applicable", "not_applicable"),
]


@pytest.mark.parametrize(("mode", "branches", "expected"), COMBINED)
def test_branches_combine_by_the_table(mode, branches, expected):
    """An unanswered question never rescues a fail, and unknown outranks it in `any_of` only."""
    verdicts = [Verdict(word) for word in branches.split()]
    assert Verdict(expected) == COMBINATIONS[mode](verdicts)
    assert Verdict(expected) == COMBINATIONS[mode](verdicts[::-1])
