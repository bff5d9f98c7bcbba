"""Our verdicts on the cases of other tools' own tests, beside those tools' verdicts.

What we cannot tell is no agreement: it is left out of the share, and shown apart with its reason,
as a test that was skipped.
"""

from __future__ import annotations

import pytest
from comparing import DIFFERENCES, TABLE, asked, cases, compared, missing

from tenantproof import bundled, schema
from tenantproof.pack import load_pack

LEAST = {"partner-center": 0.95, "cisa-scuba-entra": 0.98}
MOST_ABSTENTIONS = 0.2
PACKS = sorted(LEAST)
COVERED = [pytest.param(name, case["id"], id=f"{name}: {case['id']}")
           for name in PACKS for case in cases() if asked(name, case)]


@pytest.fixture(scope="module")
def packs(shapes):
    """Both packs, by id."""
    folders = bundled.pack().parent
    return {name: load_pack(folders / name, name, shapes, schema.check) for name in PACKS}


@pytest.fixture(scope="module")
def verdicts(packs, shapes):
    """Each pack's verdicts on the cases that it covers, by case."""
    return {name: {one.case: one for one in compared(pack, shapes)}
            for name, pack in packs.items()}


@pytest.mark.parametrize(("name", "case"), COVERED)
def test_a_verdict_is_the_other_tools_or_a_named_difference(packs, verdicts, name, case):
    """Where we decide otherwise than another tool, the table of differences says why."""
    found, differs = verdicts[name].get(case), case in DIFFERENCES[name]
    if found is None:
        pytest.skip(f"not there yet: {', '.join(_absent(packs[name], case))}")
    if not found.decided and not differs:
        pytest.skip(f"abstention ({found.actual}): {found.words}")
    assert (found.decided, found.agrees) == (True, not differs), found.words


def _absent(pack, case):
    return sorted(name for name, left in missing(pack).items() if case in left)


@pytest.mark.parametrize("name", PACKS)
def test_the_share_of_agreement_is_high(packs, verdicts, name):
    """Nearly all verdicts are the other tool's, and most cases are decided."""
    if missing(packs[name]):
        pytest.skip(f"not there yet: {', '.join(sorted(missing(packs[name])))}")
    decided = [one for one in verdicts[name].values() if one.decided]
    agreed = [one for one in decided if one.agrees]
    assert len(agreed) >= LEAST[name] * len(decided)
    assert len(decided) >= (1 - MOST_ABSTENTIONS) * len(verdicts[name])


@pytest.mark.parametrize("name", PACKS)
def test_every_named_difference_is_a_case(name):
    """No difference is named for a case that is not there or not compared."""
    covered = {case["id"] for case in cases() if asked(name, case)}
    assert set() == set(DIFFERENCES[name]) - covered


def test_the_table_has_the_rules_of_the_cases():
    """Every rule of another tool is in the table, and no other."""
    assert {case["policy_id"] for case in cases()} == set(TABLE)


def test_a_pack_that_covers_nothing_says_why():
    """A rule without policies of ours has a reason in words."""
    silent = [rule for rule, row in TABLE.items()
              if not row["partner-center"] or "partner-center" not in row]
    assert [] == silent


def test_the_baseline_covers_every_rule_of_cisa():
    """The second pack answers each of the baseline's policies that a case speaks of."""
    rules = [rule for rule in TABLE if rule.startswith("MS.AAD.")]
    assert [] == [rule for rule in rules if not TABLE[rule].get("cisa-scuba-entra")]
