"""Every obligation of the source text is accounted for, and every policy answers for one."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest
import yaml

from tenantproof import bundled
from tenantproof.requirement_coverage import Kind, Status, coverage

OF_THE_PAGE = "PSR-"
ROWS = 153
ROWS_OF_THE_PAGE = 71
LEAST_AUTOMATED = 60


@pytest.fixture(scope="module")
def covered(pack):
    """The coverage by all stable policies."""
    return coverage(pack, [one.id for one in pack.policies.values() if one.status == "stable"])


def test_every_row_is_there_once(pack):
    """The catalogue has its 153 rows, 71 of them from the page itself; no id stands twice."""
    written = yaml.safe_load((bundled.pack() / "requirements.yaml").read_text(encoding="utf-8"))
    ids = [row["id"] for row in written["requirements"]]
    of_the_page = [name for name in ids if name.startswith(OF_THE_PAGE)]
    assert (len(ids), len(set(ids)), len(of_the_page)) == (ROWS, ROWS, ROWS_OF_THE_PAGE)
    assert list(pack.requirements) == ids


def test_every_row_says_what_is_asked_and_where(pack):
    """Each has an obligation in our own words, a section and a source."""
    rows = pack.requirements.values()
    assert [r.id for r in rows if not (r.obligation and r.section and r.source)] == []


def test_the_rows_of_the_page_and_no_others_have_digests(pack):
    """What was read from the page itself is known by its paragraph."""
    rows = pack.requirements.values()
    wrong = [r.id for r in rows if bool(r.passages) is not r.id.startswith(OF_THE_PAGE)]
    assert wrong == []


def test_a_paragraph_has_one_digest(pack):
    """Rows that were read from the same paragraph agree on its digest."""
    digests = defaultdict(set)
    passages = [p for row in pack.requirements.values() for p in row.passages]
    for one in (*passages, *pack.source.without_obligation):
        digests[one.paragraph].add(one.digest)
    assert {place for place, found in digests.items() if len(found) > 1} == set()
    assert all(re.fullmatch(r"[\w-]+/\d+", place) for place in digests)


def test_a_paragraph_asks_something_or_nothing(pack):
    """What stands under `without_obligation` belongs to no row."""
    read = {p.digest for row in pack.requirements.values() for p in row.passages}
    assert {p.digest for p in pack.source.without_obligation} & read == set()


def test_every_mandatory_row_has_a_policy(covered):
    """An obligation that nobody answers for is a gap in the pack."""
    gaps = [row.requirement.id for row in covered.rows
            if row.requirement.level == "mandatory" and not row.policies]
    assert gaps == []


def test_every_row_that_asks_something_has_a_policy(covered):
    """Recommendations are answered for too."""
    assert [row.requirement.id for row in covered.rows if row.status is Status.UNCOVERED] == []


def test_every_policy_answers_for_a_requirement(pack):
    """A policy without a row of the catalogue has no source."""
    rows = set(pack.requirements)
    assert [p.id for p in pack.policies.values() if not set(p.requirements) & rows] == []


def test_enough_policies_are_judged_from_data_alone(covered):
    """At least sixty policies ask nobody."""
    assert covered.policies(Kind.AUTOMATED) >= LEAST_AUTOMATED
