"""CISA's baseline as a second pack: its own cases, and nothing of the baseline left out."""

from __future__ import annotations

import re

import pytest

from tenantproof import bundled, schema
from tenantproof.authoring.trial import run_cases
from tenantproof.document import load_yaml
from tenantproof.pack import load_pack

FOLDER = bundled.pack().parent / "cisa-scuba-entra"
FILES = sorted(FOLDER.glob("aad/*.yaml"))
BASELINE = re.compile(r"MS\.AAD\.\d\.\dv\d")


@pytest.fixture(scope="module")
def baseline(shapes):
    """The pack of the baseline."""
    return load_pack(FOLDER, "policies/cisa-scuba-entra", shapes, schema.check)


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_a_policy_answers_its_own_cases(baseline, shapes, path):
    """The verdicts, and what else the cases state, come out as written."""
    policy = baseline.policies["-".join(path.stem.split("-")[:2])]
    results = list(run_cases(baseline, policy, shapes))
    assert [] == [(one.it, one.differences) for one in results if one.differences]


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_every_clause_is_killed_by_a_case(baseline, path):
    """Each clause of a policy is missing in at least one of its failing cases."""
    policy = baseline.policies["-".join(path.stem.split("-")[:2])]
    named = {label for case in policy.tests["cases"] for label in case.get("missing", ())}
    assert set() == set(_labels(policy.check)) - named


def _labels(check):
    yield from (clause.label for clause in getattr(check, "that", ()))
    for branch in getattr(check, "branches", ()):
        yield from _labels(branch.check)


def test_the_pack_has_nothing_that_lint_minds(baseline):
    """The pack is read without a warning."""
    assert () == baseline.warnings


def test_every_policy_of_the_baseline_is_one_policy(baseline):
    """Requirements, policies and ids of the baseline correspond one to one."""
    asked = [policy.requirements for policy in baseline.policies.values()]
    assert sorted((name,) for name in baseline.requirements) == sorted(map(tuple, asked))


def test_a_policys_id_is_its_number_in_the_baseline(baseline):
    """AAD-032 is MS.AAD.3.2, in whatever version."""
    for path in FILES:
        value = load_yaml(path.read_bytes(), path.name).value
        (control,) = value["controls"]["cisa-scuba"]
        assert BASELINE.fullmatch(control)
        digits = "".join(control.removeprefix("MS.AAD.").partition("v")[0].split("."))
        assert (value["id"], value["requirements"]) == (
            f"AAD-0{digits}", [control.upper().replace(".", "-")])
