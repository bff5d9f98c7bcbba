"""A source text as paragraphs: places, normalised texts and digests."""

from __future__ import annotations

import pytest

from tenantproof.source_text import digest_of, normalised, paragraphs

TEXT = """\
---
title: A page
---

# Guests

Guests MUST be
known.

<!-- A remark
over two lines. -->

- **First** item
  goes on.
- [Second](#second) item

## Guests

> [!IMPORTANT]
> Ask the *owner*
> first.

1. Step `one`
2. Step two

| a | b |
| - | - |
| c | d |

```sh
# no heading
- no item
```
"""


def texts(text):
    """Return the places and texts of a text's paragraphs."""
    return [(one.place, one.text) for one in paragraphs(text)]


def test_paragraphs_stand_below_their_heading():
    """Headings, paragraphs, items, lines of tables and fenced blocks are paragraphs."""
    assert texts(TEXT) == [
        ("guests/0", "Guests"),
        ("guests/1", "Guests MUST be known."),
        ("guests/2", "First item goes on."),
        ("guests/3", "Second item"),
        ("guests-1/0", "Guests"),
        ("guests-1/1", "Ask the owner first."),
        ("guests-1/2", "Step one"),
        ("guests-1/3", "Step two"),
        ("guests-1/4", "| a | b |"),
        ("guests-1/5", "| c | d |"),
        ("guests-1/6", "# no heading - no item"),
    ]


def test_a_digest_is_that_of_the_normalised_text():
    """The digest names its algorithm, and does not depend on the place."""
    [one] = paragraphs("Guests MUST be known.")
    assert one.digest == digest_of("Guests MUST be known.")
    assert one.digest.startswith("sha256:")
    assert (one.place, len(one.digest)) == ("/1", 71)


@pytest.mark.parametrize("same", [
    "Guests **MUST** be known.",
    "Guests __MUST__ be\n    known.",
    "Guests [MUST](/a_(b)) be known.",
    "Guests [MUST][must] be `known`.",
    "[![Guests](a.png) MUST](b) be known.",
    "Guests <b>MUST</b> be known.",
    "Guests&nbsp;MUST be known\\.",
    "> Guests MUST be known.",
    "\ufeffGuests MUST be\r\nknown.",
])  # fmt: skip
def test_markup_does_not_change_a_digest(same):
    """Emphasis, links, tags, entities, quotes of a block and line breaks are no part of a text."""
    assert [one.text for one in paragraphs(same)] == ["Guests MUST be known."]


@pytest.mark.parametrize(("one", "other"), [
    ("Guests MUST go.", "Guests must go."),
    ("Guests must go.", "Guests must not go."),
    ("In 30 days.", "In 60 days."),
    ("user_name is kept", "username is kept"),
])  # fmt: skip
def test_words_change_a_digest(one, other):
    """Capitals, words, numbers and underscores inside a word are part of a text."""
    assert digest_of(normalised(one)) != digest_of(normalised(other))


@pytest.mark.parametrize(("markdown", "plain"), [
    ("caf\u0065\u0301", "caf\u00e9"),
    ("\u201cit\u2019s\u201d", "\"it's\""),
    ("a &lt;b&gt; c", "a <b> c"),
])  # fmt: skip
def test_characters_are_made_one(markdown, plain):
    """Composed letters, straight quotes and characters for entities stand in a normalised text."""
    assert normalised(markdown) == plain


def test_nothing_is_no_paragraph():
    """A text without a word has no paragraphs."""
    assert texts("---\ntitle: x\n---\n\n<!-- x -->\n\n****\n") == []
