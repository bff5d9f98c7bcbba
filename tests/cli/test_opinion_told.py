"""Reports show a second opinion beside the verdict that it contradicts."""

from __future__ import annotations

import json

import pytest
from small import manifest

OPINION = """\
second_opinion:
  source: Microsoft's score
  for: partnerSecurityRequirements
  where: { is about administrators: { path: requirementType, equals: mfaEnforcedForAdmins } }
  says: complianceStatus
  met_when: { is compliant: { path: complianceStatus, equals: compliant } }
tests:
"""
PLACE = "/partnerSecurityRequirements/0/complianceStatus"


@pytest.fixture
def opinionated(small):
    """The small pack with an opinion on SD-001."""
    file = small.path("pack/sd/SD-001-holds.yaml")
    text = file.read_text(encoding="utf-8").replace("tests:\n", OPINION)
    file.write_text(text, encoding="utf-8")
    return small


def checked(small, enabled, status, *more):
    """Run `check` on a tenant with security defaults on or off, and Microsoft's word on it."""
    value = manifest(enabled=enabled)
    record = {"id": "r1", "requirementType": "mfaEnforcedForAdmins", "complianceStatus": status}
    value["collections"]["partnerSecurityRequirements"] = {"complete": True, "data": [record]}
    return small.check(small.write("one.json", value), "--select", "SD-001", *more)


@pytest.mark.parametrize(("enabled", "status", "code", "words"), [
    (True, "nonCompliant", 0, "says nonCompliant of what passes here"),
    (False, "compliant", 1, "says compliant of what fails here"),
])  # fmt: skip
def test_a_contradiction_is_told(enabled, status, code, words, opinionated):
    """The text names who, what and where, and the exit code is that of the verdict."""
    ran = checked(opinionated, enabled, status)
    told = f"Second opinion: Microsoft's score {words} ({PLACE}); the verdict stands."
    assert (ran.code, told in " ".join(ran.out.split())) == (code, True)


@pytest.mark.parametrize(("enabled", "status"), [(True, "compliant"), (False, "nonCompliant")])
def test_agreement_is_not_told(enabled, status, opinionated):
    """Who comes to the same says nothing new."""
    assert "Second opinion" not in checked(opinionated, enabled, status).out


@pytest.mark.parametrize(("status", "second"), [
    ("nonCompliant", {"source": "Microsoft's score", "says": "nonCompliant", "pointer": PLACE}),
    ("compliant", None),
])  # fmt: skip
def test_json_has_it(status, second, opinionated):
    """The key is there always, and null where nobody contradicts."""
    report = json.loads(checked(opinionated, True, status, "--output", "json").out)
    assert report["tenants"][0]["findings"][0]["secondOpinion"] == second


def test_nothing_has_to_be_exported_for_it(opinionated):
    """Without the other's data the verdict is the same, and nothing is said to be missing."""
    ran = opinionated.check("good.json", "--select", "SD-001")
    assert (ran.code, "partnerSecurityRequirements" in ran.out) == (0, False)


def test_explain_reads_it_aloud(opinionated):
    """The page of a policy says with whom it is compared."""
    out = " ".join(opinionated.run("explain", "SD-001", "--pack", "pack").out.split())
    assert "The verdict is compared with what Microsoft's score says in `complianceStatus`" in out
    assert "A disagreement is shown, and changes nothing." in out
