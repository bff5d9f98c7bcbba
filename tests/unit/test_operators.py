"""The table of operators, row by row."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tenantproof.clause import Condition, Scope
from tenantproof.language.expression import compiled
from tenantproof.language.operators import OPERATORS
from tenantproof.shape import Shape
from tenantproof.verdict import Unknown, Why

AS_OF = datetime(2026, 6, 30, tzinfo=UTC)
T, F, U = True, False, "unknown"
TEXT = Shape("text", nullable=True, collection="users", path="x")
FOLDED = Shape("text", nullable=True, collection="users", path="x", fold=True)
DELIMITED = Shape("text", nullable=True, collection="users", path="x", separator=",")
LIST = Shape("list", nullable=True, collection="users", path="x", items=Shape("text"))
FOLDED_LIST = Shape("list", nullable=True, items=Shape("text", fold=True))

ROWS = [
    # operator, left, right, answer
    ("equals", True, True, T), ("equals", True, False, F), ("equals", None, False, F),
    ("equals", None, None, T), ("equals", "a", None, F), ("equals", 1, 1.0, T),
    ("equals", True, 1, U), ("equals", "1", 1, U), ("equals", "a", "A", F),
    ("equals", ["a"], ["a"], T), ("equals", [True], [1], F), ("equals", {"a": 1}, {"a": 1.0}, T),
    ("not_equals", None, False, T), ("not_equals", "a", "a", F), ("not_equals", "x", True, U),
    ("one_of", "a", ["a", "b"], T), ("one_of", "c", ["a", "b"], F), ("one_of", None, ["a"], F),
    ("one_of", None, [None, "a"], T), ("one_of", 3, ["a"], U), ("one_of", 3, ["a", None], U),
    ("one_of", "a", [], F), ("one_of", "a", [1, "a"], T),
    ("none_of", None, ["a"], T), ("none_of", "a", ["a"], F), ("none_of", 3, ["a"], U),
    ("none_of", "a", [], T),
    ("contains", ["a", "b"], "a", T), ("contains", ["a"], "b", F), ("contains", None, "a", F),
    ("contains", "abc", "a", U), ("contains", [], "a", F), ("contains", [None], "a", F),
    ("contains", [1], "a", U), ("contains", [1, "a"], "a", T),
    ("contains_any", ["a"], ["b", "a"], T), ("contains_any", ["c"], ["b", "a"], F),
    ("contains_any", None, ["a"], F), ("contains_any", ["a"], [], F), ("contains_any", "a", ["a"],
                                                                       U),
    ("contains_all", ["a", "b"], ["b", "a"], T), ("contains_all", ["a"], ["b", "a"], F),
    ("contains_all", None, ["a"], F), ("contains_all", None, [], T), ("contains_all", 4, ["a"], U),
    ("contains_none", ["a"], ["b"], T), ("contains_none", ["a"], ["a"], F),
    ("contains_none", None, ["a"], T), ("contains_none", "a b", ["a"], U),
    ("only", ["a", "a"], ["a", "b"], T), ("only", ["a", "c"], ["a", "b"], F),
    ("only", None, ["a"], T), ("only", [], [], T), ("only", "a", ["a"], U), ("only", ["a"], [], F),
    ("is_empty", [], True, T), ("is_empty", ["a"], True, F), ("is_empty", None, True, T),
    ("is_empty", None, False, F), ("is_empty", ["a"], False, T), ("is_empty", "a", True, U),
    ("exists", None, True, F), ("exists", None, False, T), ("exists", "", True, T),
    ("exists", False, True, T), ("exists", [], True, T),
    ("matches", "abc", "b", T), ("matches", "abc", "^b", F), ("matches", None, "b", U),
    ("matches", 3, "3", U), ("matches", "abc", "^a(", U),
    ("at_least", 3, 3, T), ("at_least", 2, 3, F), ("at_most", 3, 3, T), ("at_most", 4, 3, F),
    ("at_least", "P30D", "30 days", T),
    ("at_most", "P2Y", "P730D", T), ("at_most", "P25M", "2 "
     "years", F), ("at_most", "30", 30, U), ("at_least", None, 3, U), ("at_least", True, 0, U),
    ("at_most", 5, "30 days", U), ("at_most", None, 3, U), ("before", None, "2026-06-30", U),
    ("older_than", None, "1 day", U), ("newer_than", None, "1 day", U),
    ("due_within", None, "1 day", U), ("shorter_than", None, "1 day", U),
    ("before", "2026-06-29T23:59:59.9999999Z", "$as_of", T), ("before", "2026-06-30T00:00:00Z",
     "$as_of", F), ("before", "2026-06-30T01:00:00+02:00", "2026-06-30", T),
    ("after", "2026-07-01T00:00:00Z", "2026-06-30", T), ("after", "2026-06-30T00:00:00Z",
     "2026-06-30", F), ("before", "2026-06-29", "2026-06-30", U),
    ("before", "2026-06-29T00:00:00", "2026-06-30", U), ("after", None, "2026-06-30", U),
    ("after", "9999-12-31T23:59:59Z", "2026-06-30", U), ("before", "0001-01-01T00:00:00Z",
     "2026-06-30", U), ("before", "/Date(-62135596800000)/", "2026-06-30", U),
    ("before", "/Date(1700000000000)/", "2026-06-30", U),
    ("older_than", "2026-05-01T00:00:00Z", "45 days", T), ("older_than", "2026-05-16T00:00:00Z",
     "45 days", F), ("older_than", "2027-01-01T00:00:00Z", "1 day", F),
    ("newer_than", "2026-05-16T00:00:00Z", "45 days", T), ("newer_than", "2026-05-15T23:59:59Z",
     "45 days", F), ("newer_than", "2026-06-30T00:00:01Z", "45 days", F),
    ("due_within", "2026-06-30T00:00:00Z", "30 days", T), ("due_within", "2026-07-30T00:00:00Z",
     "30 days", T), ("due_within", "2026-07-30T00:00:01Z", "30 days", F),
    ("due_within", "2026-06-29T23:59:59Z", "30 days", F),
    ("longer_than", "P31D", "1 month", T), ("longer_than", "P30D", "1 month", F),
    ("shorter_than", "PT8H", "9 hours", T), ("shorter_than", "PT0S", "1 day", T),
    ("shorter_than", "P2D", "1 day", F), ("shorter_than", "soon", "1 day", U),
    ("shorter_than", 3, "1 day", U),
    ("longer_than", None, "1 day", U),
    ("is_true", True, True, T), ("is_true", False, True, F), ("is_true", None, True, U),
    ("is_true", "yes", True, U), ("is_true", 1, True, U),
]  # fmt: skip


def ask(operator, left, right, shape=TEXT, if_null=None):
    """The answer of one condition, with ``unknown`` as a word."""
    condition = Condition(compiled("x"), shape, OPERATORS[operator], right, if_null)
    truth = condition.truth({"x": left}, Scope({}, AS_OF))
    return U if isinstance(truth, Unknown) else truth


@pytest.mark.parametrize(("operator", "left", "right", "answer"), ROWS)
def test_operator_answers_by_the_table(operator, left, right, answer):
    """Each operator answers true, false or unknown as the table of operators says."""
    assert ask(operator, left, right) == answer


def test_every_operator_has_a_row_for_true_false_and_null():
    """No operator of the table goes untested in its three ways."""
    for name in OPERATORS:
        answers = {answer for op, _, _, answer in ROWS if op == name}
        assert {T, F} <= answers, name
        assert any(left is None for op, left, _, _ in ROWS if op == name), name


@pytest.mark.parametrize("operator", [n for n, o in OPERATORS.items() if o.on_null == "unknown"])
@pytest.mark.parametrize("said", [True, False])
def test_if_null_says_what_null_means(operator, said):
    """Where null is unknown, `if_null` decides instead."""
    right = {"is_true": True, "matches": "x"}.get(operator, "30 days")
    assert ask(operator, None, right, if_null=said) is said


@pytest.mark.parametrize("never", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9970000"])
def test_never_reads_as_null(never):
    """The sentinels that mean "never" are null to the operators on instants."""
    assert ask("after", never, "2026-01-01", if_null=True) is True
    assert ask("equals", never, never) is True


FOLDED_ROWS = [
    ("equals", "AbC", "aBc", FOLDED, T),
    ("one_of", "ABC", ["abc"], FOLDED, T),
    ("matches", "IMAP4", "^imap", FOLDED, T),
    ("contains", ["ABC"], "abc", FOLDED_LIST, T),
    ("only", ["ABC"], ["abc"], FOLDED_LIST, T),
    ("contains", "one, two", "two", DELIMITED, T),
    ("contains", "one,twofold", "two", DELIMITED, F),
    ("only", "one,two", ["one"], DELIMITED, F),
    ("is_empty", " ", True, DELIMITED, T),
    ("equals", "one, two", ["one", "two"], DELIMITED, T),
    ("contains_none", None, ["one"], DELIMITED, T),
]


@pytest.mark.parametrize(("operator", "left", "right", "shape", "answer"), FOLDED_ROWS)
def test_marks_of_the_schema_change_how_values_compare(operator, left, right, shape, answer):
    """Folded text ignores case on both sides, and delimited text is a list."""
    assert ask(operator, left, right, shape) == answer


def test_an_unknown_element_counts_only_where_it_could_decide():
    """A damaged element of a list leaves unknown only what the others do not settle."""
    doubt = Unknown(())
    assert ask("contains", ["a", doubt], "a", LIST) is True
    assert ask("contains", ["b", doubt], "a", LIST) == U
    assert ask("only", ["c", doubt], ["a"], LIST) is False
    assert ask("only", ["a", doubt], ["a"], LIST) == U


def test_names_on_the_right_are_replaced_and_lists_flattened():
    """`$name` stands for its value; inside a list, a list is flattened."""
    condition = Condition(compiled("x"), LIST, OPERATORS["only"], ["a", "$more"])
    scope = Scope({"more": ["b", "c"]}, AS_OF)
    assert condition.truth({"x": ["a", "c"]}, scope) is True
    assert condition.truth({"x": ["d"]}, scope) is False


def test_an_undeclared_name_makes_the_condition_unknown():
    """A parameter that nobody gave a value leaves the condition open, with the reason."""
    doubt = Unknown(())
    condition = Condition(compiled("x"), LIST, OPERATORS["only"], ["$more"])
    assert isinstance(condition.truth({"x": ["a"]}, Scope({"more": doubt}, AS_OF)), Unknown)


def test_an_unknown_has_no_truth_value():
    """Nobody can test an Unknown with `if` by mistake."""
    with pytest.raises(TypeError, match="neither true nor false"):
        bool(Unknown(()))


def test_a_wrong_type_names_the_property():
    """The reason of a wrong type says where and what was expected."""
    condition = Condition(compiled("x"), TEXT, OPERATORS["contains"], "a")
    truth = condition.truth({"x": "Allison"}, Scope({}, AS_OF))
    assert isinstance(truth, Unknown)
    (reason,) = truth.reasons
    assert (reason.collection, reason.property, reason.why) == ("users", "x", Why.WRONG_TYPE)
