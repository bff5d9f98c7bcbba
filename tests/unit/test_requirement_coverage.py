"""Who judges a policy, what answers for a requirement, and what a changed text touches."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tenantproof.policy import Branch, Combined, Manual, Quantified, Reference, Shown, TenantWide
from tenantproof.requirement import Passage, Requirement, SourceText
from tenantproof.requirement_coverage import Kind, Status, Touched, changes, coverage, kind_of
from tenantproof.source_text import paragraphs
from tenantproof.verdict import Verdict

ASKED = Manual("X-001", "Is it so?", "somebody", "90 days", None, Shown())
DATA = TenantWide((), Shown())
EACH = Quantified(None, (), "every", Verdict.PASS, (), Shown())
TEXT = """\
# Guests

Guests are known.

Guests leave.

# Hosts

Hosts stay.
"""
KNOWN, LEAVE, STAY = (p for p in paragraphs(TEXT) if not p.place.endswith("/0"))
HEADINGS = tuple(Passage(p.place, p.digest) for p in paragraphs(TEXT) if p.place.endswith("/0"))


def either(*checks):
    """Return a combined check of these branches."""
    return Combined("any_of", tuple(Branch(str(i), check) for i, check in enumerate(checks)))


def policy(check, *requirements):
    """Return as much of a policy as coverage looks at."""
    return SimpleNamespace(check=check, requirements=requirements)


def requirement(name, level="mandatory", *passages):
    """Return a requirement that was read from these paragraphs."""
    read = tuple(Passage(one.place, one.digest) for one in passages)
    return Requirement(name, name, level, passages=read)


def pack(requirements, policies=None, others=HEADINGS):
    """Return as much of a pack as coverage looks at."""
    return SimpleNamespace(
        requirements={one.id: one for one in requirements}, policies=policies or {},
        source=SourceText(without_obligation=others),
    )


@pytest.mark.parametrize(("check", "kind"), [
    (DATA, Kind.AUTOMATED),
    (EACH, Kind.AUTOMATED),
    (ASKED, Kind.MANUAL),
    (either(DATA, EACH), Kind.AUTOMATED),
    (either(ASKED, ASKED), Kind.MANUAL),
    (either(DATA, ASKED), Kind.PARTLY),
    (either(DATA, either(DATA, ASKED)), Kind.PARTLY),
    (Reference("ASK-001", Verdict.UNKNOWN), Kind.MANUAL),
    (either(DATA, Reference("ASK-001", Verdict.UNKNOWN)), Kind.PARTLY),
    (Reference("MIX-001", Verdict.UNKNOWN), Kind.PARTLY),
    (either(DATA, Reference("MIX-001", Verdict.UNKNOWN)), Kind.PARTLY),
])  # fmt: skip
def test_a_policy_is_of_the_kind_of_its_parts(check, kind):
    """Any question, also one of a policy that is asked, makes a policy partly or wholly manual."""
    asked = {"ASK-001": policy(ASKED), "MIX-001": policy(either(DATA, ASKED))}
    assert kind_of(policy(check), asked) is kind


@pytest.mark.parametrize(("level", "checks", "status"), [
    ("mandatory", [], Status.UNCOVERED),
    ("strongly_recommended", [], Status.UNCOVERED),
    ("recommended", [], Status.UNCOVERED),
    ("informational", [], Status.INFORMATIONAL),
    ("informational", [DATA], Status.AUTOMATED),
    ("mandatory", [DATA, EACH], Status.AUTOMATED),
    ("mandatory", [ASKED], Status.MANUAL),
    ("mandatory", [DATA, ASKED], Status.PARTLY),
    ("mandatory", [either(DATA, ASKED)], Status.PARTLY),
])  # fmt: skip
def test_a_requirement_has_the_status_of_its_policies(level, checks, status):
    """Without a policy only what asks nothing is not a gap."""
    policies = {f"X-{i}": policy(check, "R-1") for i, check in enumerate(checks)}
    [row] = coverage(pack([requirement("R-1", level)], policies), policies).rows
    assert row.status is status


def test_only_the_chosen_policies_count():
    """A policy that was not chosen answers for nothing, and is not counted."""
    policies = {"X-1": policy(DATA, "R-1"), "X-2": policy(ASKED, "R-1")}
    found = coverage(pack([requirement("R-1")], policies), ["X-1", "ELSEWHERE-1"])
    assert [one.kind for one in found.rows[0].policies] == [Kind.AUTOMATED]
    assert found.kinds == {"X-1": Kind.AUTOMATED}
    assert [found.policies(kind) for kind in Kind] == [1, 0, 0]


def test_counts_are_by_status_and_level():
    """Requirements are counted of one level, or of all."""
    rows = [requirement("R-1"), requirement("R-2"), requirement("R-3", "recommended")]
    found = coverage(pack(rows), [])
    assert (found.count(Status.UNCOVERED), found.count(Status.UNCOVERED, "mandatory")) == (3, 2)


# --- a changed text -----------------------------------------------------------------------------


ROWS = [requirement("R-1", "mandatory", KNOWN, LEAVE), requirement("R-2", "mandatory", KNOWN),
        requirement("R-3", "mandatory", STAY), requirement("R-4")]


def changed(text):
    """Return what a text changes, as ids with what stands there now, and as unknown texts."""
    found = changes(pack(ROWS), paragraphs(text))
    touched = {row.id: [one.now for one in gone] for row, gone in found.touched}
    return touched, [one.text for one in found.unknown]


def test_the_same_text_touches_nothing():
    """No requirement is touched, and no paragraph unknown."""
    assert changed(TEXT) == ({}, [])


@pytest.mark.parametrize(("old", "new", "touched", "unknown"), [
    ("Guests are known.", "Guests are *known*.", {}, []),
    ("Guests are known.\n\nGuests leave.", "Guests leave.\n\nGuests are known.", {}, []),
    ("Guests are known.", "Guests are few.", {"R-1": ["Guests are few."],
     "R-2": ["Guests are few."]}, ["Guests are few."]),
    ("Hosts stay.", "", {"R-3": [""]}, []),
    ("Guests leave.", "Guests leave.\n\nGuests return.", {}, ["Guests return."]),
    ("Guests are known.\n\n", "", {"R-1": [""], "R-2": [""]}, []),
    ("# Hosts", "# Landlords", {}, ["Landlords"]),
])  # fmt: skip
def test_a_changed_text_touches_what_was_read_from_it(old, new, touched, unknown):
    """A paragraph that moved, or whose markup changed, is the same; a known one replaces none."""
    assert TEXT.count(old) == 1
    assert changed(TEXT.replace(old, new)) == (touched, unknown)


def test_a_touched_row_names_the_paragraph():
    """The place and the digest that were read are kept."""
    found = changes(pack(ROWS), paragraphs(TEXT.replace("Hosts stay.", "")))
    [(row, gone)] = found.touched
    assert (row.id, gone) == ("R-3", (Touched(Passage(STAY.place, STAY.digest), ""),))
