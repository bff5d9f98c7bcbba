"""Every policy's own cases, one test each."""

from __future__ import annotations

import pytest

from tenantproof import bundled
from tenantproof.authoring.trial import run_cases
from tenantproof.document import load_yaml
from tenantproof.policy import Combined, Manual, manuals

PACK = bundled.pack()
POLICIES = "*/[A-Z]*-[0-9][0-9][0-9]-*.yaml"


def case_ids():
    """Each case of each policy, by policy and place."""
    for path in sorted(PACK.glob(POLICIES)):
        document = load_yaml(path.read_bytes(), path.name)
        for index, case in enumerate(document.value["tests"]["cases"]):
            name = document.value["id"]
            yield pytest.param(name, index, id=f"{name}: {case['it']}")


@pytest.fixture(scope="module")
def results(pack, shapes):
    """All cases, run once."""
    return {
        name: list(run_cases(pack, policy, shapes)) for name, policy in pack.policies.items()
    }


@pytest.mark.parametrize(("name", "index"), list(case_ids()))
def test_a_policy_answers_its_own_case(results, name, index):
    """The verdict, and what else the case states, come out as written."""
    assert () == results[name][index].differences


# Clauses that known data cannot fail, with the reason; an unknown case shows each at work.
SILENT = "what a log does not show is unknown, never false"
BOTH_KINDS = ("LEG-002", "SAM-001", "SAM-006")
NEVER_FALSE = {
    "GDAP-003": {
        "assigns to security groups only": "Graph knows one kind of container; others are unknown",
    },
    **{name: {
        "covers the window": SILENT, "holds sign-ins by people": SILENT,
        **({"holds sign-ins by clients for people": SILENT} if name in BOTH_KINDS else {}),
    } for name in ("LEG-002", "LOG-001", "LOG-003", "SAM-001", "SAM-006")},
    **{name: {"covers the window with sign-ins of both kinds": SILENT}
       for name in ("EMG-003", "SYNC-002")},
}


def test_every_clause_is_killed_by_a_case(pack, policy_id):
    """Each clause of a policy is missing in at least one of its failing cases."""
    policy = pack.policies[policy_id]
    named = {label for case in policy.tests["cases"] for label in case.get("missing", ())}
    assert set(NEVER_FALSE.get(policy_id, {})) == clauses(policy.check) - named


def clauses(check):
    """The labels of the clauses that a failing subject can lack."""
    if getattr(check, "expect", None) == "none":
        return set()
    labels = {clause.label for clause in getattr(check, "that", ())}
    for branch in getattr(check, "branches", ()):
        labels |= clauses(branch.check)
    return labels


def test_every_policy_has_the_cases_that_the_style_asks_for(pack, policy_id):
    """One case passes, one fails, and one cannot tell: not known, or for a person to answer."""
    policy = pack.policies[policy_id]
    verdicts = {case["verdict"] for case in policy.tests["cases"]}
    assert set() == {"pass", "fail", *undecided(policy.check)} - verdicts


def undecided(check):
    """The verdicts with which a check can leave its tenant undecided."""
    found = {"manual"} if list(manuals(check)) else set()
    return found if not reads_anything(check) else {*found, "unknown"}


def reads_anything(check):
    """Tell whether a check, or a branch of it, looks at the snapshot."""
    if isinstance(check, Manual):
        return check.subjects is not None
    return not isinstance(check, Combined) or any(reads_anything(b.check) for b in check.branches)


def test_every_exemption_has_a_case(pack, policy_id):
    """Where a policy may not apply, one of its cases shows it."""
    policy = pack.policies[policy_id]
    if not policy.unless and len(policy.tenants) != 1:
        pytest.skip("the policy applies to every tenant")
    verdicts = [case["verdict"] for case in policy.tests["cases"]]
    assert "not_applicable" in verdicts


def test_the_file_is_short_above_its_tests(policy_id):
    """A policy is read in one sitting: at most 60 lines before its tests."""
    (path,) = PACK.glob(f"*/{policy_id}-*.yaml")
    lines = path.read_text().splitlines()
    assert lines.index("tests:") <= 60


def test_the_pack_is_found_by_name():
    """The bundled pack is where `bundled` says, and its policies are there."""
    assert (bundled.pack() / "pack.yaml").is_file()
    assert sorted(PACK.glob(POLICIES))
