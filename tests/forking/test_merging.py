"""Merging by field and by entry: tables of small cases, and two hundred random pairs of edits."""

from __future__ import annotations

import random
from pathlib import Path

import editing
import pytest

from tenantproof.forking.differing import differences
from tenantproof.forking.merging import MISSING, merge, same
from tenantproof.forking.splicing import UnfitError, spliced
from tenantproof.forking.yaml_text import comments

POLICIES = sorted((Path(__file__).parents[2] / "policies").glob("*/*/*-0*.yaml"))
PAIRS = 200


# --- values -------------------------------------------------------------------------------------

# old, ours, new -> merged, fields that clash
TABLE = {
    "nobody changed anything": (1, 1, 1, 1, []),
    "we did": (1, 2, 1, 2, []),
    "they did": (1, 1, 2, 2, []),
    "both, alike": (1, 2, 2, 2, []),
    "both, differently": (1, 2, 3, 2, [()]),
    "true is not 1": (True, True, 1, 1, []),
    "two fields": ({"a": 1, "b": 1}, {"a": 2, "b": 1}, {"a": 1, "b": 2}, {"a": 2, "b": 2}, []),
    "one of two fields clashes": ({"a": 1, "b": 1}, {"a": 2, "b": 2}, {"a": 3, "b": 1},
                                  {"a": 2, "b": 2}, [("a",)]),
    "a field that each added": ({}, {"a": 1}, {"b": 1}, {"a": 1, "b": 1}, []),
    "a field that both added": ({}, {"a": 1}, {"a": 2}, {"a": 1}, [("a",)]),
    "we took it out": ({"a": 1, "b": 1}, {"b": 1}, {"a": 1, "b": 2}, {"b": 2}, []),
    "they took it out": ({"a": 1, "b": 1}, {"a": 1, "b": 2}, {"b": 1}, {"b": 2}, []),
    "we took out what they changed": ({"a": 1, "b": 1}, {"b": 1}, {"a": 2, "b": 1}, {"b": 1},
                                      [("a",)]),
    "they took out what we changed": ({"a": 1, "b": 1}, {"a": 2, "b": 1}, {"b": 1},
                                      {"a": 2, "b": 1}, [("a",)]),
    "another kind of value": ({"a": 1}, {"a": {"b": 1}}, {"a": [1]}, {"a": {"b": 1}}, [("a",)]),
    "lists without names": ([1, 2], [1, 2, 3], [0, 1, 2], [1, 2, 3], [()]),
    "cases by their names": (
        [{"it": "a", "v": 1}, {"it": "b", "v": 1}],
        [{"it": "a", "v": 2}, {"it": "b", "v": 1}, {"it": "ours"}],
        [{"it": "new"}, {"it": "a", "v": 1}],
        [{"it": "a", "v": 2}, {"it": "ours"}, {"it": "new"}], []),
    "a condition of which each changed a part": (
        {"path": "a", "equals": 1}, {"path": "b", "equals": 1}, {"path": "a", "equals": 2},
        {"path": "b", "equals": 1}, [()]),
    "a case that both changed": (
        [{"it": "a", "v": 1}], [{"it": "a", "v": 2}], [{"it": "a", "v": 3}],
        [{"it": "a", "v": 2}], [("a", "v")]),
}


@pytest.mark.parametrize("name", TABLE)
def test_a_merge_by_the_table(name):
    """What one side changed is taken, what both changed differently is ours and a clash."""
    old, ours, new, merged, clashes = TABLE[name]
    found = merge(old, ours, new)
    assert (True, clashes) == (same(merged, found.value), [c.path for c in found.conflicts])


@pytest.mark.parametrize("name", TABLE)
def test_a_merge_with_the_sides_changed_clashes_in_the_same_places(name):
    """Only which value is kept is another."""
    old, ours, new, _, clashes = TABLE[name]
    assert clashes == [c.path for c in merge(old, new, ours).conflicts]


def test_differences_are_told_as_deep_as_they_go():
    """By field, by the name of an entry; what only one side has as a whole."""
    one = {"a": {"b": 1, "c": [1]}, "cases": [{"it": "x", "v": 1}]}
    other = {"a": {"b": 2, "c": [1]}, "cases": [{"it": "x", "v": 2}, {"it": "y"}], "d": 1}
    found = {(d.path, repr(d.one), repr(d.other)) for d in differences(one, other)}
    assert {(("a", "b"), "1", "2"), (("cases", "x", "v"), "1", "2"),
            (("cases", "y"), repr(MISSING), "{'it': 'y'}"), (("d",), repr(MISSING), "1")} == found


# --- text ---------------------------------------------------------------------------------------

# our text, upstream's change of it -> the merged text, with the base derived from ours
OLD = """\
id: A-1   # the first
title: One
steps:
  - first
  - second   # why
deep:
  a: { x: 1, y: [1, 2] }   # flow
  b: >-
    folded
    text
  c:
    d: 1
cases:
  - it: passes
    verdict: pass
  # between
  - { it: fails, verdict: fail }
"""
TEXTS = {
    "a scalar": (("title: One", "title: Two"), "title: Two\nsteps"),
    "in a flow mapping": (("x: 1", "x: 7"), "a: { x: 7, y: [1, 2] }   # flow"),
    "a key more in a flow mapping": (("x: 1,", "x: 1, z: 3,"),
                                     "{ x: 1, z: 3, y: [1, 2] }   # flow"),
    "a key less in a flow mapping": (("x: 1, ", ""), "a: { y: [1, 2] }   # flow"),
    "the last key of a flow mapping": ((", y: [1, 2]", ""), "a: { x: 1 }   # flow"),
    "a folded text": (("    folded\n    text", "    another\n    one"), "    another\n    one\n"),
    "a folded text that becomes short": ((">-\n    folded\n    text", "short"), "  b: short\n  c:"),
    "a short text that becomes folded": (("title: One", "title: >-\n  One\n  of two"),
                                         "title: >-\n  One\n  of two\nsteps"),
    "an item more": (("  - second   # why\n", "  - second   # why\n  - third\n"),
                     "second   # why\n  - third\n"),
    "an item more in the beginning": (("  - first\n", "  - zeroth\n  - first\n"),
                                      "  - zeroth\n  - first\n"),
    "an item that changed": (("second", "other"), "  - other   # why\n"),
    "an item less": (("  - first\n", ""), "steps:\n  - second   # why\n"),
    "a key more in a block": (("    d: 1\n", "    d: 1\n    e: [1]\n"), "    d: 1\n    e: [1]\n"),
    "a block more": (("cases:", "more:\n  f:\n    g: 1\ncases:"), "more:\n  f:\n    g: 1\ncases:"),
    "a block less": (("  c:\n    d: 1\n", ""), "    text\ncases:"),
    "a case more": (("  # between\n", "  - it: new\n    verdict: pass\n  # between\n"),
                    "  - it: new\n    verdict: pass\n  # between\n"),
    "a case less": (("  - it: passes\n    verdict: pass\n", ""), "cases:\n  # between\n"),
    "a key of a case": (("    verdict: pass\n", "    verdict: pass\n    missing: [x]\n"),
                        "    missing: [x]\n  # between"),
    "a key of a case in braces": (("verdict: fail }", "verdict: unknown, why: \"x: y\" }"),
                                  '{ it: fails, verdict: unknown, why: "x: y" }'),
    "a mapping that becomes a text": (("  c:\n    d: 1\n", "  c: none\n"), "  c: none\ncases"),
    "a text that becomes a mapping": (("title: One\n", "title:\n  en: One\n  de: Eins\n"),
                                      "title:\n  en: One\n  de: Eins\nsteps"),
    "a text with marks of YAML in a flow": (("x: 1", 'x: "a, b: {c}"'), 'x: "a, b: {c}"'),
}
OURS = (("id: A-1   # the first", "id: A-1   # OUR first\nours: kept"),)


@pytest.mark.parametrize("name", TEXTS)
def test_upstreams_change_is_written_into_our_text(name):
    """Only the changed place is another: our comments, order and blanks stay."""
    (before, after), words = TEXTS[name]
    assert before in OLD
    new = editing.loaded(OLD.replace(before, after, 1))
    ours = editing.loaded(OLD.replace(*OURS[0], 1))
    merged = merge(editing.loaded(OLD).value, ours.value, new.value)
    text = spliced(ours, merged.value, new)
    assert (words in text, merged.conflicts) == (True, ()), text
    assert "id: A-1   # OUR first\nours: kept\n" in text
    assert comments(ours) == comments(editing.loaded(text))


def test_a_comment_that_would_be_lost_is_no_merge():
    """Upstream removed the case in which ours stands."""
    ours = editing.loaded(OLD.replace("    verdict: pass\n", "    # OURS\n    verdict: pass\n"))
    new = editing.loaded(OLD.replace("  - it: passes\n    verdict: pass\n", ""))
    merged = merge(editing.loaded(OLD).value, ours.value, new.value)
    with pytest.raises(UnfitError, match="a comment"):
        spliced(ours, merged.value, new)


# --- two hundred random pairs -------------------------------------------------------------------


def by_name(value):
    """A policy with its cases in the order of their names: an order that means nothing."""
    cases = sorted(value["tests"]["cases"], key=lambda case: case["it"])
    return {**value, "tests": {**value["tests"], "cases": cases}}


def _loses_a_comment(ours, merged, new):
    try:
        spliced(ours, merged.value, new)
    except UnfitError as error:
        return "a comment" in str(error)
    return False


@pytest.mark.parametrize("seed", range(PAIRS))
def test_both_sides_edits_are_kept_or_clash(seed):
    """Edits of other places: all of both sides stand, comments byte for byte. Of the same: a clash.

    Only where upstream took out a case in which a comment of ours stands is there nothing to keep.
    """
    draw = random.Random(seed)
    old = draw.choice(POLICIES).read_text(encoding="utf-8")
    base = editing.loaded(old)
    mine = editing.some_edits(base, draw, draw.randint(1, 5), "ours")
    theirs = editing.some_edits(base, draw, draw.randint(1, 5), "new")
    our_text = editing.with_comments(old, draw, draw.randint(0, 4))
    new_text = old
    for edit in mine:
        our_text = editing.in_text(our_text, edit)
    for edit in theirs:
        new_text = editing.in_text(new_text, edit)
    ours, new = editing.loaded(our_text), editing.loaded(new_text)
    merged = merge(base.value, ours.value, new.value)
    meet = {edit.path for edit in mine} & {edit.path for edit in theirs if edit.kind != "add case"}
    if merged.conflicts:
        assert meet or any(edit.kind == "drop case" for edit in (*mine, *theirs))
        return
    expected = base.value
    for edit in (*mine, *(one for one in theirs if one not in mine)):
        expected = editing.in_value(expected, edit)
    assert same(by_name(expected), by_name(merged.value))
    if any(edit.kind == "drop case" for edit in theirs) and _loses_a_comment(ours, merged, new):
        return
    text = spliced(ours, merged.value, new)
    written = editing.loaded(text)
    assert same(merged.value, written.value)
    kept = iter(comments(written))
    assert all(comment in kept for comment in comments(ours))
