"""The maintenance of digests: who knows a paragraph, and how a changed text is followed."""

from __future__ import annotations

from tenantproof.authoring.requirement_digests import told, updated
from tenantproof.source_text import paragraphs

TEXT = "# Guests\n\nGuests are known.\n\nGuests leave.\n"
HEADING, KNOWN, LEAVE = paragraphs(TEXT)
REQUIREMENTS = f"""\
format: 1
source:
  title: A text
  url: https://example.com/
  dated: "2026-01-01"
  without_obligation:
    - {{ paragraph: {HEADING.place}, digest: {HEADING.digest} }}
requirements:
  - id: R-1
    title: Known
    level: mandatory
    paragraph: {KNOWN.place}
    digest: {KNOWN.digest}
    further:
      - {{ paragraph: {LEAVE.place}, digest: {LEAVE.digest} }}
  - id: R-2
    title: Leaving
    level: mandatory
    paragraph: {LEAVE.place}
    digest: {LEAVE.digest}
"""


def test_every_paragraph_is_told_with_who_knows_it():
    """A line per paragraph names the requirements, or nobody."""
    new = paragraphs(f"{TEXT}\nGuests return.\n")[-1]
    assert list(told(REQUIREMENTS.encode(), f"{TEXT}\nGuests return.\n")) == [
        f"guests/0  {HEADING.digest}  (asks nothing)",
        f"guests/1  {KNOWN.digest}  R-1",
        f"guests/2  {LEAVE.digest}  R-1, R-2",
        f"guests/3  {new.digest}  (nobody)",
    ]


def test_a_paragraph_that_is_gone_is_told():
    """What a requirement was read from, and the text lacks, stands at the end."""
    lines = list(told(REQUIREMENTS.encode(), TEXT.replace("Guests are known.\n\n", "")))
    assert lines[-1:] == [f"gone: guests/1  {KNOWN.digest}  R-1"]


def test_the_same_text_changes_nothing():
    """Digests and places that are right stay as they are."""
    assert updated(REQUIREMENTS, TEXT) == REQUIREMENTS


def test_a_changed_paragraph_gets_its_new_digest():
    """Everybody who was read from it gets the digest of what stands there now."""
    text = TEXT.replace("Guests leave.", "Guests go.")
    new = paragraphs(text)[-1]
    assert updated(REQUIREMENTS, text) == REQUIREMENTS.replace(LEAVE.digest, new.digest)


def test_a_moved_paragraph_gets_its_new_place():
    """A new paragraph above moves those below it, and takes the digest of none."""
    text = TEXT.replace("Guests are known.", "Welcome.\n\nGuests are known.")
    moved = REQUIREMENTS.replace("guests/2", "guests/3").replace("guests/1", "guests/2")
    assert updated(REQUIREMENTS, text) == moved


def test_a_paragraph_that_is_gone_stays_as_it_was_read():
    """Nothing is invented where neither the text nor the place is there any more."""
    assert updated(REQUIREMENTS, "# Hosts\n") == REQUIREMENTS
