"""What the sample tenants pass and fail: every automated policy both ways, with reasons."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tenantproof.policy import manuals

ROOT = Path(__file__).parents[2]
SAMPLES = sorted(path.parent.name for path in ROOT.glob("snapshots/*/tenant.json"))
FILES = ("declarations", "attestations")
# What the well-kept partner has not got, so that the question does not arise.
NOT_AT_CLEAN = {
    "CUS-001": "is for customers",
    "CUS-002": "is for customers",
    "CUS-003": "is for customers",
    "CUS-004": "is for customers",
    "CUS-005": "is for customers",
    "DAP-002": "no delegated admin privilege is left",
    "ENF-003": "no other provider performs MFA",
    "MFA-012": "phones are allowed at work",
    "MFA-017": "no policy leaves a group out",
    "SD-001": "Conditional Access is in use",
}
# What the careless partner does not fail, and where the failure is to be seen.
NOT_AT_RISK = {
    "CUS-001": "customer-at-risk",
    "CUS-002": "customer-at-risk",
    "CUS-003": "customer-at-risk",
    "CUS-004": "customer-at-risk",
    "LOG-002": "partner-small",
    "P2-001": "partner-small",
    "SD-001": "customer-at-risk",
    "SD-002": "partner-small",
}


def judged(sample):
    """Judge a sample with the files that it ships; returns exit code and verdicts by policy."""
    folder = ROOT / "snapshots" / sample
    files = [(f"--{name}", str(folder / f"{name}.yaml")) for name in FILES
             if (folder / f"{name}.yaml").is_file()]
    ran = subprocess.run(
        [sys.executable, "-m", "tenantproof", "check", str(folder), "--output", "json",
         *(word for pair in files for word in pair)],
        capture_output=True, check=False, timeout=120,
    )  # fmt: skip
    (tenant,) = json.loads(ran.stdout)["tenants"]
    return ran.returncode, {found["policy"]: found["verdict"] for found in tenant["findings"]}


@pytest.fixture(scope="module")
def verdicts():
    """Exit code and verdicts of every sample by its name."""
    return {sample: judged(sample) for sample in SAMPLES}


def is_automated(policy):
    """Whether no part of a policy asks a person."""
    return not [*manuals(policy.check)]


def test_each_automated_policy_passes_somewhere_and_fails_somewhere(pack, verdicts):
    """A policy that asks nobody has a pass and a fail among the samples, without exception."""
    automated = [name for name, policy in pack.policies.items() if is_automated(policy)]
    never = {name: {"pass", "fail"} - {held[name] for _, held in verdicts.values()}
             for name in automated}
    assert len(automated) > 90
    assert {name: missing for name, missing in never.items() if missing} == {}


def test_the_well_kept_partner_is_in_order_with_its_files(verdicts):
    """With what it declares and attests `partner-clean` exits 0, and all that applies passes."""
    code, held = verdicts["partner-clean"]
    others = {policy: verdict for policy, verdict in held.items() if verdict != "pass"}
    assert code == 0
    assert others == dict.fromkeys(NOT_AT_CLEAN, "not_applicable")


def test_the_careless_partner_fails_what_it_can_fail(pack, verdicts):
    """`partner-at-risk` fails each automated policy but those that another sample fails."""
    _, held = verdicts["partner-at-risk"]
    others = {policy for policy, verdict in held.items()
              if verdict != "fail" and is_automated(pack.policies[policy])}
    assert others == set(NOT_AT_RISK)
    assert {policy: verdicts[sample][1][policy] for policy, sample in NOT_AT_RISK.items()} == (
        dict.fromkeys(NOT_AT_RISK, "fail"))
