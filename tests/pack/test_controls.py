"""The catalogues of controls and the policies name the same controls."""

from __future__ import annotations

import pytest
import yaml

from tenantproof import bundled
from tenantproof.authoring import linted
from tenantproof.authoring.rule import BASE, REQUIREMENTS

CATALOGUES = ("cis-m365-v7", "cisa-scuba", "nist-800-53-r5")


def test_the_catalogues_are_those_that_policies_may_name(pack):
    """There is a catalogue for CIS, CISA and NIST, and no other."""
    assert tuple(sorted(pack.catalogues)) == CATALOGUES


@pytest.mark.parametrize("name", CATALOGUES)
def test_a_control_stands_once(name):
    """No id is listed twice."""
    file = bundled.pack() / "controls" / f"{name}.yaml"
    ids = [c["id"] for c in yaml.safe_load(file.read_text(encoding="utf-8"))["controls"]]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", CATALOGUES)
def test_every_control_that_is_listed_is_used(name, pack):
    """A catalogue lists what some policy serves, and nothing else."""
    used = {one for policy in pack.policies.values() for one in policy.controls.get(name, ())}
    assert [one for one in pack.catalogues[name].controls if one not in used] == []


@pytest.mark.parametrize(("written", "told"), [
    ('{ handbook: ["7.2"] }', []),
    ('{ handbook: ["7.2", "7.20"] }',
     [("unknown-control", "`controls/handbook.yaml` has no `7.20`", "did you mean `7.2`?")]),
    ("{ handbook: [XYZ] }",
     [("unknown-control", "`controls/handbook.yaml` has no `XYZ`", "add it there")]),
    ('{ handbok: ["7.2"] }',
     [("unknown-catalogue", "there is no catalogue `handbok`", "did you mean `handbook`?")]),
    ('{ quite-other: ["7.2"] }',
     [("unknown-catalogue", "there is no catalogue `quite-other`",
       "add `controls/quite-other.yaml`")]),
])  # fmt: skip
def test_a_control_that_no_catalogue_lists_is_refused(written, told):
    """Each unknown name is told with what was probably meant."""
    text = BASE.replace(REQUIREMENTS, f"{REQUIREMENTS}\ncontrols: {written}")
    problems = linted.problems(text.encode())
    assert [(one.rule, one.message, one.help) for one in problems] == told
