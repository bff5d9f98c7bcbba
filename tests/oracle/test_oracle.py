"""The engine against a judge of its own making: random pairs, and bugs that the pairs must find."""

from __future__ import annotations

import ast
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest
from both_judges import Run, differing, told

from tenantproof import judge, quantifiers, quantifying, rows, sieve
from tenantproof.collection import Collection
from tenantproof.language import comparing, expression, generated, steps
from tenantproof.language.operators import OPERATORS, Operator
from tenantproof.language.values import UnknownRead
from tenantproof.policy import Count
from tenantproof.quantifiers import COMBINATIONS, RULES, Rule, Tally
from tenantproof.verdict import Unknown, Verdict

SEEDS, PAIRS = range(8), 2_500
BUG_SEED, BUG_PAIRS = 200, 3_000
INDEPENDENT = ("oracle.py", "oracle_conditions.py", "oracle_values.py")
JUDGED = ("pass", "fail", "unknown", "not_applicable")


@pytest.mark.parametrize("seed", SEEDS)
def test_the_engine_and_the_oracle_agree(seed, monkeypatch):
    """On random pairs both judges give the same verdict, subjects, missing clauses and closest.

    With half of the seeds nothing is too small for generated loops and expressions.
    """
    monkeypatch.setattr(expression, "MANY", 0 if seed % 2 else float("inf"))
    monkeypatch.setattr(sieve, "FEW", 0 if seed % 2 else sieve.FEW)
    run = Run()
    differences = [told(*one) for one in islice(differing(seed, PAIRS, run), 1)]
    assert differences == [], "\n".join(differences)
    assert run.accepted / run.offered > 0.3, f"accepted {run.accepted} of {run.offered} policies"
    assert [word for word in JUDGED if run.share(word) < 0.15] == [], run.verdicts


@pytest.mark.parametrize("module", INDEPENDENT)
def test_the_oracle_shares_no_code_with_the_engine(module):
    """An oracle that called the engine would repeat its mistakes."""
    tree = ast.parse((Path(__file__).parent / module).read_text(encoding="utf-8"))
    imports = {
        name.split(".")[0] for node in ast.walk(tree)
        for name in ([alias.name for alias in node.names] if isinstance(node, ast.Import)
                     else [node.module or ""] if isinstance(node, ast.ImportFrom) else [])
    }
    assert "tenantproof" not in imports


# --- bugs put into the engine -----------------------------------------------------------------


def _answers(patch, name, wrong):
    """Let an operator answer in another way."""
    right = OPERATORS[name]
    patch.setitem(OPERATORS, name, Operator(
        right.name, right.meaning, right.left, right.right, right.on_null, wrong))


def _incomplete_is_complete(patch):
    patch.setattr(Collection, "doubts", lambda self: ())


def _null_equals_false(patch):
    original = comparing.same
    patch.setattr(comparing, "same", lambda left, right, *more: original(
        False if left is None and right is False else left, right, *more))


def _none_is_swapped(patch):
    patch.setitem(RULES, "none", Rule(True, Verdict.PASS, Verdict.FAIL))


def _and_takes_unknown_for_true(patch):
    patch.setattr(rows, "all_true", lambda truths: all(t is not False for t in truths))


def _if_empty_is_ignored(patch):
    original = quantifying.quantified
    patch.setattr(quantifying, "quantified", lambda rule, pairs, complete, if_empty: original(
        rule, pairs, complete, rule.rest))


def _unknown_where_is_in(patch):
    original = quantifying.quantified
    patch.setattr(quantifying, "quantified", lambda rule, pairs, *more: original(
        rule, [(isinstance(w, Unknown) or w, c) for w, c in pairs], *more))


def _unknown_where_is_out(patch):
    original = quantifying.quantified
    patch.setattr(quantifying, "quantified", lambda rule, pairs, *more: original(
        rule, [(w is True, c) for w, c in pairs], *more))


def _counts_forget_perhaps(patch):
    original = quantifying.tally
    patch.setattr(quantifying, "tally", lambda *seen: Tally(original(*seen).surely, 0))


def _fail_outranks_unknown_in_any_of(patch):
    def wrong(verdicts):
        unsure = Verdict.FAIL in verdicts and Verdict.PASS not in verdicts
        return Verdict.FAIL if unsure else quantifiers.any_of(verdicts)

    patch.setitem(COMBINATIONS, "any_of", wrong)


def _pass_outranks_unknown_in_all_of(patch):
    patch.setitem(COMBINATIONS, "all_of", lambda verdicts: quantifiers.all_of(
        [v for v in verdicts if v is not Verdict.UNKNOWN] or verdicts))


def _unknown_exemption_is_none(patch):
    original = judge.any_true
    patch.setattr(judge, "any_true", lambda truths: original(truths) is True)


def _null_exists(patch):
    _answers(patch, "exists", lambda left, right, side: right)


def _case_matters(patch):
    patch.setattr(comparing, "_folded", lambda text, shape: text)


def _damaged_reads_as_null(patch):
    original = steps.read

    def wrong(value, name, attr):
        try:
            return original(value, name, attr)
        except UnknownRead:
            return None

    patch.setattr(steps, "read", wrong)
    patch.setitem(generated.NAMES, "read", wrong)


def _delimited_text_is_one_value(patch):
    patch.setattr(comparing, "delimited", lambda text, separator: [text])


def _a_bound_that_is_null_is_none(patch):
    patch.setattr(quantifying, "_bound", lambda bound, scope: scope.resolved(bound))


def _distinct_minds_case(patch):
    original = quantifying._identity
    patch.setattr(quantifying, "_identity", lambda row, count: original(
        row, Count(count.at_least, count.at_most, count.distinct)))


def _the_future_is_new(patch):
    wrong = comparing.aged(lambda instant, as_of, span: as_of - instant <= span)
    _answers(patch, "newer_than", wrong)


def _closest_forgets_what_is_unknown(patch):
    patch.setattr(quantifying, "false_labels", lambda truths: tuple(
        c.label for c, t in truths if t is not True))


BUGS: tuple[Callable[[pytest.MonkeyPatch], None], ...] = (
    _incomplete_is_complete, _null_equals_false, _none_is_swapped, _and_takes_unknown_for_true,
    _if_empty_is_ignored, _unknown_where_is_in, _unknown_where_is_out, _counts_forget_perhaps,
    _fail_outranks_unknown_in_any_of, _pass_outranks_unknown_in_all_of, _unknown_exemption_is_none,
    _null_exists, _case_matters, _damaged_reads_as_null, _delimited_text_is_one_value,
    _a_bound_that_is_null_is_none, _distinct_minds_case, _the_future_is_new,
    _closest_forgets_what_is_unknown,
)


@pytest.mark.parametrize("bug", BUGS)
def test_a_bug_in_the_engine_is_found(bug, monkeypatch):
    """A small wrong change to the engine shows as a difference within a few thousand pairs."""
    bug(monkeypatch)
    assert len(list(islice(differing(BUG_SEED, BUG_PAIRS, Run()), 1))) == 1
