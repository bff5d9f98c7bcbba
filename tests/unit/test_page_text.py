"""Text of a pack in Markdown: shown as it is, with nothing but code spans for markup."""

from __future__ import annotations

import pytest

from tenantproof.authoring.page_text import block, code, link, marked, paragraph, rows


@pytest.mark.parametrize(("text", "shown"), [
    ("plain text", "plain text"),
    ("two\n  lines", "two lines"),
    ("a *b* _c_ [d](e) <f> g|h ~i~ &amp; $j$",
     r"a \*b\* \_c\_ \[d\](e) \<f> g\|h \~i\~ \&amp; \$j\$"),
    (r"a \* b", r"a \\\* b"),
    ("call `users[*].id` now", "call `users[*].id` now"),
    ("call `a|b` now", r"call `a\|b` now"),
    ("one ` alone", r"one \` alone"),
    ("nothing in `` it", "nothing in  it"),
    ("\x1b[31mred\u202e", r"\\x1b\[31mred\\u202e"),
])  # fmt: skip
def test_a_text_is_shown_as_it_is(text, shown):
    """Markup of every kind is escaped, but for backticks in pairs; controls become visible."""
    assert marked(text) == shown


@pytest.mark.parametrize(("text", "shown"), [
    ("# no heading", r"\# no heading"),
    ("> no quote", r"\> no quote"),
    ("- no item", r"\- no item"),
    ("+ no item", r"\+ no item"),
    ("12. no item", r"12\. no item"),
    ("12) no item", r"12\) no item"),
    ("=== no heading", r"\=== no heading"),
    ("2.5 hours", "2.5 hours"),
    ("-5 degrees", "-5 degrees"),
])  # fmt: skip
def test_a_paragraph_stays_a_paragraph(text, shown):
    """What begins a heading, quote or list is escaped at the beginning."""
    assert paragraph(text) == shown


@pytest.mark.parametrize(("text", "shown"), [
    ("a", "`a`"), ("a`b", "``a`b``"), ("`a``", "``` `a`` ```"), ("a|b", r"`a\|b`"), ("", ""),
])  # fmt: skip
def test_code_cannot_be_ended_by_its_text(text, shown):
    """The fence is longer than any run of backticks inside."""
    assert code(text) == shown


def test_a_link_cannot_be_ended_by_its_address():
    """Brackets, blanks and bars of an address are percent-encoded."""
    assert link("a] b", "https://x.example/a (b)|c") == (
        r"[a\] b](https://x.example/a%20%28b%29%7Cc)")


def test_a_block_cannot_be_ended_by_a_line():
    """A line of backticks stands in a longer fence."""
    assert list(block(["a", "```` b"])) == ["`````text", "a", "```` b", "`````\n"]


def test_a_table_without_a_line_is_none():
    """Heads alone are not shown."""
    assert list(rows(("a", "b"), [])) == []
    assert list(rows(("a", "b"), [("1", "2")])) == ["| a | b |", "| --- | --- |", "| 1 | 2 |", ""]
