"""What problems say, in which order, and how they look on a terminal."""

import pickle

import pytest

from tenantproof.problem import (
    PolicyError,
    Position,
    Problem,
    SnapshotError,
    TenantproofError,
    UsageError,
    did_you_mean,
    in_file_order,
    quoted,
    render,
)
from tenantproof.safe import printable

FULL = Problem(
    rule="duplicate-key",
    message="`a` is already set at line 1",
    help="remove one of the two",
    file="mfa.yaml",
    position=Position(12, 3),
    end=Position(12, 6),
    source_line="  key: value",
    consequence="the first would be ignored",
)


def test_a_problem_shows_place_message_help_caret_and_consequence():
    """A full problem is rendered in this order, with the caret under the fault."""
    expected = (
        "mfa.yaml:12:3: error[duplicate-key]: `a` is already set at line 1\n"
        "  help: remove one of the two\n"
        "   12 |   key: value\n"
        "      |   ^^^\n"
        "  the first would be ignored"
    )
    assert render(FULL) == expected


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        (Problem("r", "m"), "error[r]: m"),
        (Problem("r", "m", file="f"), "f: error[r]: m"),
        (Problem("r", "m", severity="warning", file="f", position=Position(1, 2)),
         "f:1:2: warning[r]: m"),
    ],
)  # fmt: skip
def test_what_a_problem_lacks_is_left_out(problem, expected):
    """A problem without file, position or source line shows only what it has."""
    assert render(problem) == expected


@pytest.mark.parametrize(
    ("line", "start", "end", "shown", "caret"),
    [
        ("\tab", 2, 3, "\\tab", "  ^"),
        ("\x1bab", 2, 3, "\\x1bab", "    ^"),
        ("日本x", 3, 4, "日本x", "    ^"),
        ("ab", 3, 4, "ab", "  ^"),
        ("abcdef", 2, 5, "abcdef", " ^^^"),
    ],
)
def test_the_caret_stands_under_the_fault_as_it_is_shown(line, start, end, shown, caret):
    """Escapes and wide characters before the fault move the caret with them."""
    problem = Problem("r", "m", position=Position(1, start), end=Position(1, end), source_line=line)
    assert render(problem).split("\n")[1:] == [f"    1 | {shown}", f"      | {caret}"]


def test_a_fault_of_several_lines_is_marked_to_the_end_of_its_first():
    """Only the first line is shown, so the caret ends with it."""
    problem = Problem(
        "r", "m", position=Position(1, 2), end=Position(3, 1), source_line="abcd"
    )
    assert render(problem).split("\n")[-1] == "      |  ^^^"


def test_a_very_long_line_is_cut_around_the_caret():
    """A minified file shows a hundred characters, the caret still under the fault."""
    line = "a" * 5000 + "X" + "b" * 5000
    shown = render(Problem("r", "m", position=Position(1, 5001), source_line=line)).split("\n")
    column = shown[2].index("^")
    assert (shown[1][column], len(shown[1])) == ("X", 108)


def test_every_text_of_a_problem_is_made_safe():
    """An escape sequence in any text of a problem reaches no terminal."""
    evil = "\x1b]0;x\x07\u202e\n"
    problem = Problem(evil, evil, evil, evil, Position(1, 1), None, evil, evil)
    assert [c for c in render(problem) if c in "\x1b\x07\u202e"] == []


def test_line_breaks_in_texts_do_not_break_the_layout():
    """A line break inside a text stays on its line as an escape."""
    assert render(Problem("r", "a\nb", file="f\n")) == "f\\n: error[r]: a\\nb"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain é 😀 日本", "plain é 😀 日本"),
        ("\x00\x1b\x7f", "\\x00\\x1b\\x7f"),
        ("\x85\x9b", "\\x85\\x9b"),
        ("a\nb\tc\rd", "a\\nb\\tc\\rd"),
        ("\u202a\u202e\u2066\u2069", "\\u202a\\u202e\\u2066\\u2069"),
        ("\u200e\u200f\u061c", "\\u200e\\u200f\\u061c"),
        ("\u2028\u2029", "\\u2028\\u2029"),
        ("\ud800x\udfff", "\\ud800x\\udfff"),
    ],
)
def test_printable_shows_what_a_terminal_would_obey(text, expected):
    """Controls, bidirectional controls and lone surrogates become visible escapes."""
    assert printable(text) == expected


def test_printable_text_can_always_be_encoded():
    """After printable() any text goes into UTF-8, lone surrogates included."""
    assert printable("".join(map(chr, range(0xD7F0, 0xE010)))).encode()[:3] == b"\xed\x9f\xb0"


@pytest.mark.parametrize(
    ("word", "known", "expected"),
    [
        ("displayname", ["displayNames", "displayName"], "displayName"),
        ("isEnable", ["isEnabled", "isEnforced"], "isEnabled"),
        ("EXPECT", ["expect", "except"], "expect"),
        ("completely", ["path", "equals"], ""),
        ("x", [], ""),
        ("a" * 10_000, ["a" * 9_999], ""),
    ],
)
def test_did_you_mean_names_at_most_one_candidate(word, known, expected):
    """Another case counts as nearest; what is not close gives no suggestion."""
    assert did_you_mean(word, known) == expected


def test_problems_are_sorted_by_file_line_and_column():
    """Those without a position come first in their file."""
    unsorted = [
        Problem("e", "", file="b", position=Position(1, 1)),
        Problem("d", "", file="a", position=Position(10, 1)),
        Problem("c", "", file="a", position=Position(9, 5)),
        Problem("b", "", file="a", position=Position(9, 1)),
        Problem("a", "", file="a"),
    ]
    assert [problem.rule for problem in in_file_order(unsorted)] == ["a", "b", "c", "d", "e"]


@pytest.mark.parametrize("kind", [PolicyError, SnapshotError, UsageError])
def test_an_error_shows_all_its_problems(kind):
    """The text of an error is its problems, rendered, a blank line between them."""
    error = kind(iter([Problem("a", "x"), Problem("b", "y")]))
    assert (str(error), isinstance(error, TenantproofError)) == (
        "error[a]: x\n\nerror[b]: y", True,
    )  # fmt: skip


def test_an_error_without_a_problem_is_refused():
    """Whoever raises an error has something to say."""
    with pytest.raises(ValueError, match="at least one problem"):
        PolicyError([])


def test_an_error_survives_the_way_between_processes():
    """Pickling keeps kind and problems."""
    copy = pickle.loads(pickle.dumps(SnapshotError([FULL])))
    assert (type(copy), copy.problems) == (SnapshotError, (FULL,))


def test_quoted_text_is_cut():
    """A message carries at most sixty characters of the user's text."""
    assert (quoted("a"), quoted("a" * 61)) == ("`a`", f"`{'a' * 59}…`")
