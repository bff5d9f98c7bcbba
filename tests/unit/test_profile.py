"""Profiles: what they select, what they set, what is wrong with them."""

from __future__ import annotations

import pytest

from tenantproof import schema
from tenantproof.document import load_yaml
from tenantproof.pack import all_parameters, levels_of
from tenantproof.problem import PolicyError
from tenantproof.profile import Stock, by_default, faults, in_force, read_profile

HEAD = "format: 1\nid: {id}\ntitle: A profile\n"


def profile(body="", name="ours", pack="partner-center"):
    """A profile of the bundled pack, whose file is right in its form."""
    document = load_yaml((HEAD.format(id=name) + body).encode(), f"profiles/{name}.yaml")
    assert [] == schema.check(document, "profile")
    return read_profile(document, pack)


@pytest.fixture(scope="module")
def stock(pack):
    """What profiles of the bundled pack choose from, without its own profiles."""
    own = all_parameters(pack.parameters, pack.policies.values())
    return Stock(pack.policies, levels_of(pack.requirements), own, {})


def among(stock, *profiles):
    """The same with these profiles."""
    return Stock(stock.policies, stock.levels, stock.parameters, {p.name: p for p in profiles})


def chosen(stock, body):
    """The ids that a profile selects."""
    return sorted(in_force(profile(body), stock).policies)


def problems(stock, *profiles):
    """What is wrong with profiles, by rule and line."""
    found = faults(profiles, among(stock, *profiles))
    return [(p.rule, p.position.line) for p in dict.fromkeys(found)]


def ids(stock, wanted):
    """The ids of the stable policies of which something is so."""
    return sorted(p.id for p in stock.policies.values() if p.status == "stable" and wanted(p))


SELECT = [
    ("ids: [MFA-001]", lambda p: p.id == "MFA-001"),
    ("ids: ['MFA-*']", lambda p: p.id.startswith("MFA-")),
    ("families: [GDAP]", lambda p: p.family == "GDAP"),
    ("severities: [low]", lambda p: p.severity == "low"),
    ("requirements: [PSR-MFA-01]", lambda p: "PSR-MFA-01" in p.requirements),
    ("requirements: ['PSR-SAM-*']",
     lambda p: any(r.startswith("PSR-SAM-") for r in p.requirements)),
    ("controls: ['cisa-scuba:*']", lambda p: "cisa-scuba" in p.controls),
    ("families: [SD, LEG], ids: [MFA-001]",
     lambda p: p.family in ("SD", "LEG") or p.id == "MFA-001"),
]


@pytest.mark.parametrize(("criteria", "wanted"), SELECT, ids=[c for c, _ in SELECT])
def test_criteria_name_policies(stock, criteria, wanted):
    """Each criterion does, and several of them add up."""
    assert ids(stock, wanted) == chosen(stock, f"select: {{ {criteria} }}\n")


def test_a_level_names_the_policies_that_test_such_a_requirement(stock):
    """One mandatory requirement suffices."""
    expected = ids(stock, lambda p: any(stock.levels[r] == "mandatory" for r in p.requirements))
    assert expected == chosen(stock, "select: { levels: [mandatory] }\n")


def test_without_a_selection_every_stable_policy_is_chosen(stock):
    """What is ignored is taken away from it."""
    assert ids(stock, lambda p: True) == chosen(stock, "")
    assert ids(stock, lambda p: p.family != "MFA") == chosen(stock, "ignore: { families: [MFA] }\n")
    assert sorted(by_default(stock).policies) == chosen(stock, "")


BASE = """\
select: { families: [SD] }
parameters: { unused_after: 60 days, GDAP-005.maximum_days: 500 }
severities: { SD-001: { severity: low, reason: Base. }, SD-002: { severity: low, reason: Base. } }
"""
ABOVE = """\
extends: base
select: { families: [LEG] }
ignore: { ids: [SD-003] }
parameters: { unused_after: 30 days }
severities: { SD-001: { severity: high, reason: Above. } }
"""


def test_a_profile_outranks_what_it_extends(stock):
    """It adds, takes away, and says of each value who set it."""
    base, above = profile(BASE, "base"), profile(ABOVE, "above")
    found = in_force(above, among(stock, base, above))
    assert ids(stock, lambda p: p.family in ("SD", "LEG") and p.id != "SD-003") == sorted(
        found.policies)
    assert {"unused_after": "30 days", "GDAP-005.maximum_days": 500} == found.parameters
    assert {"SD-001": "Above.", "SD-002": "Base."} == {
        name: graded.reason for name, graded in found.severities.items()}
    assert {"unused_after": "above", "GDAP-005.maximum_days": "base", "SD-001": "above",
            "SD-002": "base"} == found.set_by


WRONG = [
    ("select: { ids: ['MFX-*'] }\n", [("pattern-matches-nothing", 4)]),
    ("select: { families: [mfa] }\n", [("pattern-matches-nothing", 4)]),
    ("select: { requirements: [PSR-MFA-99] }\n", [("pattern-matches-nothing", 4)]),
    ("select: { controls: ['cis:*'] }\n", [("pattern-matches-nothing", 4)]),
    ("ignore: { ids: [MFA-999] }\n", [("pattern-matches-nothing", 4)]),
    ("ignore: { ids: ['*'] }\n", [("nothing-selected", 2)]),
    ("parameters: { unused_afer: 30 days }\n", [("unknown-parameter", 4)]),
    ("parameters: { GDAP-005.maximum_day: 3 }\n", [("unknown-parameter", 4)]),
    ("parameters: { maximum_days: 3 }\n", [("unknown-parameter", 4)]),
    ("parameters: { unused_after: soon }\n", [("parameter-value", 4)]),
    ("parameters: { unused_after: 1 day }\n", [("parameter-value", 4)]),
    ("parameters: { GDAP-005.maximum_days: 732 }\n", [("parameter-value", 4)]),
    ("severities: { MFA-999: { severity: low, reason: None. } }\n", [("unknown-policy", 4)]),
    ("extends: nobody\n", [("unknown-profile", 4)]),
    ("extends: ours\n", [("profile-cycle", 4)]),
    ("select: { ids: [A-001] }\nparameters: { nothing: 1 }\n",
     [("pattern-matches-nothing", 4), ("unknown-parameter", 5)]),
]


@pytest.mark.parametrize(("body", "expected"), WRONG, ids=[body.strip() for body, _ in WRONG])
def test_a_wrong_profile_is_told_with_its_lines(stock, body, expected):
    """All faults at once; and what is told of a pack is refused in a run."""
    ours = profile(body)
    assert expected == problems(stock, ours)
    with pytest.raises(PolicyError) as caught:
        in_force(ours, among(stock, ours))
    assert expected == [(p.rule, p.position.line) for p in caught.value.problems]


def test_a_circle_of_profiles_is_refused(stock):
    """However long it is."""
    circle = [profile(f"extends: {after}\n", name)
              for name, after in (("a", "b"), ("b", "c"), ("c", "a"))]
    assert {"profile-cycle"} == {rule for rule, _ in problems(stock, *circle)}
    with pytest.raises(PolicyError):
        in_force(circle[0], among(stock, *circle))


def test_a_profile_on_another_packs_waits_for_it(stock):
    """Alone it is not judged; in a run without that pack it is refused."""
    ours = profile("extends: elsewhere/base\nselect: { ids: ['XYZ-*'] }\n")
    assert [] == problems(stock, ours)
    with pytest.raises(PolicyError):
        in_force(ours, among(stock, ours))


@pytest.mark.parametrize(("body", "rule"), [
    ("select: {}\n", "empty"), ("select: { ids: [] }\n", "empty"), ("selct: { ids: [A] }\n",
     "unknown-key"), ("select: { ids: MFA-001 }\n", "wrong-type"),
    ("select: { levels: [must] }\n", "unknown-value"),
    ("severities: { MFA-001: { severity: low } }\n", "missing-key"),
    ("severities: { MFA-001: { severity: low, reason: '' } }\n", "empty"),
    ("extends: ../base\n", "wrong-form"), ("extends: /etc/passwd\n", "wrong-form"),
    ("parameters: { GDAP-005: 3 }\n", "wrong-form"),
])  # fmt: skip
def test_a_profile_of_the_wrong_form_is_refused(body, rule):
    """An empty list never means all, and a path is no name."""
    document = load_yaml((HEAD.format(id="ours") + body).encode(), "ours.yaml")
    assert [rule] == [problem.rule for problem in schema.check(document, "profile")]


def test_the_bundled_profiles_are_what_they_say(pack):
    """Mandatory is a part of recommended; strict has all; recommended is the default."""
    stock = Stock(pack.policies, levels_of(pack.requirements),
                  all_parameters(pack.parameters, pack.policies.values()), pack.profiles)
    found = {p.id: in_force(p, stock) for p in pack.profiles.values()}
    assert {"mandatory", "recommended", "strict"} == set(found)
    assert found["mandatory"].policies < found["recommended"].policies
    assert found["recommended"].policies <= found["strict"].policies
    assert "recommended" == pack.default_profile
    assert ({}, {}) == (found["mandatory"].parameters, found["recommended"].parameters)
