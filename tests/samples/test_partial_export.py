"""No pass of a torn export rests on what is missing from it."""

from __future__ import annotations

import importlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tenantproof.reach import collections_read, with_asked

ROOT = Path(__file__).parents[2]
SAMPLE = "partner-partial-export"
MISSING = {"conditionalAccessPolicies", "dapRelationships", "delegatedAdminAccessAssignments",
           "domainFederation", "exchangeOrganizationConfig", "partnerCustomers",
           "roleAssignments", "users"}
GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"
# These passes can be had without the missing part, although the policies look at it:
# an `any_of` is decided by its other branch, a fact is read in the columns that are whole,
# or all records pass whomever they belong to.
LOOK_AT_IT = {
    "GDAP-002", "GDAP-004", "GDAP-005", "GDAP-006", "GDAP-007", "GDAP-008", "GDAP-009",
    "LEG-002", "LEG-009", "LOG-001", "LOG-002", "P2-001", "P2-005", "P2-006", "SAM-001",
    "SD-002",
}
UNKNOWN = {
    "DAP-001", "DAP-002", "DEV-001", "EMG-001", "EMG-002", "EMG-003", "ENF-003", "FRD-004",
    "FRD-005", "GDAP-001", "GDAP-003", "GDAP-010", "GDAP-011", "GDAP-013", "GDAP-014", "LEG-001",
    "LEG-004", "LOG-006", "MFA-001", "MFA-002", "MFA-003", "MFA-004", "MFA-005", "MFA-006",
    "MFA-007", "MFA-008", "MFA-009", "MFA-010", "MFA-011", "MFA-012", "MFA-013", "MFA-015",
    "MFA-017", "MFA-018", "MFA-019", "P2-002", "P2-003", "P2-004", "P2-007", "P2-008", "P2-009",
    "PRV-001", "PRV-002", "PRV-003", "PRV-004", "PRV-005", "PRV-006", "PRV-007", "PRV-009",
    "PRV-010", "SAM-004", "SCP-001", "SD-001", "SD-003", "SD-004", "SYNC-001", "SYNC-002",
}
NAMED = [*sorted(MISSING - {"domainFederation"}), "Policy.Read.All", "User.Read.All",
         "RoleManagement.Read.Directory"]


def check(folder, form):
    """Judge an export; returns what it says on standard output."""
    ran = subprocess.run(
        [sys.executable, "-m", "tenantproof", "check", str(folder), "--output", form],
        capture_output=True, check=False, timeout=120,
    )  # fmt: skip
    return ran.stdout.decode()


def findings(folder):
    """The findings on an export."""
    (tenant,) = json.loads(check(folder, "json"))["tenants"]
    return tenant["findings"]


def verdicts(found):
    """The verdicts of findings by policy."""
    return {finding["policy"]: finding["verdict"] for finding in found}


@pytest.fixture(scope="module")
def torn():
    """The verdicts of the torn export."""
    return verdicts(findings(ROOT / "snapshots" / SAMPLE))


def passed(held):
    """The policies that passed."""
    return {policy for policy, verdict in held.items() if verdict == "pass"}


def test_the_missing_parts_are_those_that_the_manifest_tells():
    """What is incomplete or not listed is what the completions below fill in."""
    entries = json.loads((ROOT / "snapshots" / SAMPLE / "tenant.json").read_text("utf-8"))
    whole = {name for name, entry in entries["collections"].items() if entry["complete"]}
    complete = json.loads((ROOT / "snapshots/partner-clean/tenant.json").read_text("utf-8"))
    assert set(complete["collections"]) | {"domainFederation"} == whole | MISSING


def test_what_is_unknown_is_known_by_name(torn):
    """The policies that cannot be told without the missing parts, and no others, are unknown."""
    assert {policy for policy, verdict in torn.items() if verdict == "unknown"} == UNKNOWN


def test_most_passes_look_at_nothing_that_is_missing(torn, pack):
    """The policies that pass although they look at a missing part are listed."""
    read = {policy: set(collections_read(with_asked([pack.policies[policy]], pack.policies)))
            for policy in passed(torn)}
    assert {policy for policy, names in read.items() if names & MISSING} == LOOK_AT_IT


def for_nobody(policy, everybody):
    """A Conditional Access policy that leaves all accounts out."""
    conditions = policy["conditions"]
    users = conditions["users"] | {"excludeUsers": everybody}
    return policy | {"conditions": conditions | {"users": users}}


def worst(whole):
    """The missing parts at their worst: everybody rules, nothing is demanded, all doors open."""
    users = [user | {"accountEnabled": True, "signInActivity": None} for user in whole["users"]]
    return {
        "users": users,
        "roleAssignments": [
            {"id": f"ruler-{number}", "principalId": user["id"], "directoryScopeId": "/",
             "roleDefinitionId": GLOBAL_ADMINISTRATOR, "appScopeId": None,
             "principal": {"@odata.type": "#microsoft.graph.user", "id": user["id"]}}
            for number, user in enumerate(users)
        ],
        "conditionalAccessPolicies": [
            for_nobody(policy, [user["id"] for user in users])
            for policy in whole["conditionalAccessPolicies"]
        ],
        "delegatedAdminAccessAssignments": [
            given | {"status": "active", "accessDetails": {"unifiedRoles": [
                {"roleDefinitionId": GLOBAL_ADMINISTRATOR}]}}
            for given in whole["delegatedAdminAccessAssignments"]
        ],
        "partnerCustomers": [customer | {"allowDelegatedAccess": True}
                             for customer in whole["partnerCustomers"]],
        "dapRelationships": [row | {"dapEnabled": True, "daysInactive": "90+"}
                             for row in whole["dapRelationships"]],
        "exchangeOrganizationConfig": whole["exchangeOrganizationConfig"] | {
            "OAuth2ClientProfileEnabled": False, "AuditDisabled": True},
        "domainFederation": [
            {"id": domain["id"], "domainId": domain["id"],
             "federatedIdpMfaBehavior": "acceptIfMfaDoneByFederatedIdp"}
            for domain in whole["domains"]
        ],
    }


def nothing(whole):
    """The missing parts as if there were no record in any of them."""
    return {name: [] for name in MISSING} | {
        "exchangeOrganizationConfig": whole["exchangeOrganizationConfig"]}


def truth(whole):
    """The missing parts as they are in the tenant."""
    return {name: whole.get(name, []) for name in MISSING}


@pytest.fixture(params=[truth, nothing, worst])
def completed(request, tmp_path, monkeypatch):
    """The torn export with its missing parts filled in, in one way after the other."""
    monkeypatch.syspath_prepend(str(ROOT / "snapshots"))
    build = importlib.import_module("builder.clean")
    world = importlib.import_module("builder.world")
    tenant = build.world(build.LITWARE)
    exports = world.directory(tenant) | world.premium(tenant) | world.partner(tenant)
    whole = {name: contents(export) for name, export in exports.items()}
    shutil.copytree(ROOT / "snapshots" / SAMPLE, tmp_path, dirs_exist_ok=True)
    manifest = json.loads((tmp_path / "tenant.json").read_text("utf-8"))
    for name, value in request.param(whole).items():
        (tmp_path / f"{name}.json").write_text(json.dumps(value), "utf-8")
        manifest["collections"][name] = {"file": f"{name}.json", "complete": True}
    (tmp_path / "tenant.json").write_text(json.dumps(manifest), "utf-8")
    return tmp_path


def contents(export):
    """The records of an export whose answer came in one piece, or its single object."""
    (response,) = export.responses[:1]
    return response.body["value"] if export.form == "graph" else response.body


def test_no_pass_changes_whatever_the_missing_parts_hold(torn, completed):
    """Each pass stays one when the missing parts are filled in, whatever they are filled with."""
    found = findings(completed)
    held = verdicts(found)
    reasons = {doubt["collection"] for finding in found for doubt in finding["unknowns"]}
    assert reasons & MISSING == set()
    assert {policy: held[policy] for policy in passed(torn) if held[policy] != "pass"} == {}


def test_the_report_names_what_is_missing():
    """A reader is told each missing part, and the permission that it needs."""
    text = check(ROOT / "snapshots" / SAMPLE, "text")
    assert [name for name in NAMED if name not in text] == []
