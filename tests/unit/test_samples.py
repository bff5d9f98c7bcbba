"""The sample snapshots: as their script writes them, in shape, and without loose ends."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from tenantproof.snapshot import load
from tenantproof.sources import FolderSource

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "snapshots"
NAMES = ["customer-at-risk", "customer-clean", "customer-security-defaults", "partner-at-risk",
         "partner-clean", "partner-partial-export", "partner-small"]
# The account was deleted; the policy that leaves it out was not cleaned up.
DANGLING = {"partner-at-risk": {"excludeUsers": 1}}
WORDS = {"All", "None", "GuestsOrExternalUsers", "AllTrusted"}
KINDS = {"user": "users", "group": "groups", "servicePrincipal": "servicePrincipals"}


def manifest(sample: str) -> dict[str, Any]:
    return json.loads((SAMPLES / sample / "tenant.json").read_text("utf-8"))


def page(path: Path) -> list[Any]:
    text = path.read_text("utf-8")
    if path.suffix == ".ndjson":
        return [json.loads(line) for line in text.splitlines()]
    body = json.loads(text)
    if isinstance(body, dict):
        return body.get("value", [body])
    return body


def records(sample: str, name: str) -> list[Any]:
    """The records of a collection, all its pages joined; none where it was not exported."""
    files = manifest(sample)["collections"].get(name, {}).get("file", [])
    names = [files] if isinstance(files, str) else files
    return [record for file in names for record in page(SAMPLES / sample / file)]


def is_complete(sample: str, name: str) -> bool:
    return bool(manifest(sample)["collections"].get(name, {}).get("complete"))


def by_element(node: Any) -> Any:
    """The schema with delimited text judged word by word, and no properties but its own."""
    if isinstance(node, list):
        return [by_element(item) for item in node]
    if not isinstance(node, dict):
        return node
    plain = {key: by_element(value) for key, value in node.items()}
    if "x-separator" in node and "enum" in node:
        words = "|".join(word for word in node["enum"] if word is not None)
        mark = node["x-separator"]
        return {"type": node["type"], "pattern": f"^({words})({mark}({words}))*$"}
    return plain | ({"additionalProperties": False} if "properties" in node else {})


def validator(name: str) -> Draft202012Validator:
    text = (ROOT / "schemas" / "collections" / f"{name}.schema.json").read_text("utf-8")
    schema = by_element(json.loads(text))
    if schema["type"] == "array":
        schema = schema["items"] | {"$defs": schema.get("$defs", {})}
    return Draft202012Validator(schema)


def faults(sample: str, name: str) -> list[str]:
    check = validator(name)
    return [f"{name}/{number}{error.json_path[1:]}: {error.message}"
            for number, record in enumerate(records(sample, name))
            for error in check.iter_errors(record)]


@pytest.fixture(params=NAMES)
def sample(request) -> str:
    """The name of a sample, each in turn."""
    return request.param


def test_the_committed_files_are_what_the_script_writes():
    """`build.py --check` finds no difference."""
    done = subprocess.run(
        [sys.executable, "-B", str(SAMPLES / "build.py"), "--check"],
        capture_output=True, text=True, encoding="utf-8", check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_samples_are_those_that_are_described():
    """Each folder with a manifest has its paragraph in the README."""
    folders = sorted(path.parent.name for path in SAMPLES.glob("*/tenant.json"))
    text = (SAMPLES / "README.md").read_text("utf-8")
    assert folders == NAMES == [name for name in NAMES if f"**{name}**: " in text]


def test_every_record_fits_its_schema(sample):
    """Each record validates against its schema and has no property that the schema lacks."""
    names = manifest(sample)["collections"]
    assert [fault for name in names for fault in faults(sample, name)] == []


def test_selected_properties_are_those_of_the_records(sample):
    """Where the manifest says what was asked for, records hold exactly that."""
    entries = manifest(sample)["collections"].items()
    asked = {name: set(entry["select"]) for name, entry in entries if "select" in entry}
    held = {name: {key for record in records(sample, name) for key in record} for name in asked}
    assert held == asked
    assert sorted(asked) == ["groups", "users"]


def test_the_engine_reads_what_the_manifest_says(sample, shapes):
    """Loading a sample gives no warning, and its incomplete collections are those declared."""
    snapshot = load(FolderSource(SAMPLES / sample), shapes)
    entries = manifest(sample)["collections"].items()
    declared = {name: entry.get("reason", "") for name, entry in entries
                if not entry["complete"]}
    warnings = [problem for problem in snapshot.warnings if problem.file != "declarations.yaml"]
    found = {name: str(collection.why) for name, collection in snapshot.collections.items()
             if not collection.complete}
    counts = {name: len(snapshot.collections[name].records) for name, _ in entries}
    assert warnings == []
    assert found == declared
    assert counts == {name: len(records(sample, name)) for name, _ in entries}


def test_the_partial_export_misses_what_it_is_meant_to_miss():
    """Refused, broken off, not asked for and not listed at all are four different things."""
    entries = manifest("partner-partial-export")["collections"]
    assert {name: entry["reason"] for name, entry in entries.items()
            if not entry["complete"]} == {
        "conditionalAccessPolicies": "denied",
        "roleAssignments": "denied",
        "users": "truncated",
        "dapRelationships": "not_exported",
        "partnerCustomers": "not_exported",
        "exchangeOrganizationConfig": "not_exported",
    }
    assert "delegatedAdminAccessAssignments" not in entries


def ids(sample: str, name: str) -> set[str]:
    return {record["id"] for record in records(sample, name)}


def dead(sample: str, name: str, wanted: list[str]) -> list[str]:
    """The ids that no record of a completely exported collection has."""
    if not is_complete(sample, name):
        return []
    return sorted(set(wanted) - ids(sample, name))


def test_members_and_owners_of_groups_exist(sample):
    """Each member and owner of each group is a record of its kind, each group has members."""
    lists = [*(group["members"] for group in records(sample, "groupMembers")),
             *(group["owners"] for group in records(sample, "groups"))]
    found = [(KINDS[ref["@odata.type"].rpartition(".")[2]], ref["id"])
             for refs in lists for ref in refs]
    loose = {name: dead(sample, name, [key for kind, key in found if kind == name])
             for name in KINDS.values()}
    assert found
    assert loose == {name: [] for name in KINDS.values()}
    assert ids(sample, "groups") == ids(sample, "groupMembers")


def test_principals_and_roles_of_assignments_exist(sample):
    """Each role assignment names a known role and a known principal."""
    rows = [row for name in ("roleAssignments", "roleAssignmentScheduleInstances",
                             "roleEligibilityScheduleInstances")
            for row in records(sample, name)]
    people = set().union(*(ids(sample, name) for name in KINDS.values()))
    strangers = {row["principalId"] for row in rows} - people
    assert rows
    assert {row["roleDefinitionId"] for row in rows} - ids(sample, "roleDefinitions") == set()
    assert not (strangers and is_complete(sample, "users"))


REFERENCES = {"includeUsers": "users", "excludeUsers": "users", "includeGroups": "groups",
              "excludeGroups": "groups", "includeRoles": "roleDefinitions",
              "excludeRoles": "roleDefinitions"}


def test_conditional_access_names_only_what_exists(sample):
    """Users, groups and roles of policies resolve, but for the one deleted account."""
    users = [policy["conditions"]["users"]
             for policy in records(sample, "conditionalAccessPolicies")]
    loose = {key: len(dead(sample, name, [i for row in users for i in row[key] if i not in WORDS]))
             for key, name in REFERENCES.items()}
    assert {key: count for key, count in loose.items() if count} == DANGLING.get(sample, {})


def test_locations_of_policies_exist(sample):
    """Each named location of a policy is one that was exported."""
    places = [policy["conditions"]["locations"] or {}
              for policy in records(sample, "conditionalAccessPolicies")]
    wanted = [i for place in places for row in place.values() for i in row if i not in WORDS]
    assert dead(sample, "namedLocations", wanted) == []


@pytest.mark.parametrize("sample", ["partner-at-risk", "partner-clean"])
def test_delegated_access_hangs_together(sample):
    """Assignments belong to a relationship and a group; customers are Partner Center's."""
    given = records(sample, "delegatedAdminAccessAssignments")
    relations = records(sample, "delegatedAdminRelationships")
    roles = [role["roleDefinitionId"] for row in [*given, *relations]
             for role in row["accessDetails"]["unifiedRoles"]]
    assert given
    assert dead(sample, "delegatedAdminRelationships",
                [row["delegatedAdminRelationshipId"] for row in given]) == []
    assert dead(sample, "groups",
                [row["accessContainer"]["accessContainerId"] for row in given]) == []
    assert dead(sample, "roleDefinitions", roles) == []
    assert dead(sample, "partnerCustomers",
                [row["customer"]["tenantId"] for row in relations]) == []


@pytest.mark.parametrize("sample", ["partner-at-risk", "partner-clean"])
def test_logs_and_grants_name_only_what_exists(sample):
    """Sign-ins, risky users, requests and consents belong to exported accounts and apps."""
    grants = records(sample, "oauth2PermissionGrants")
    people = [*(row["userId"] for row in records(sample, "signIns")),
              *ids(sample, "riskyUsers"),
              *(row["objectId"] for row in records(sample, "partnerRequests")[0]["items"]),
              *(row["principalId"] for row in grants if row["principalId"])]
    apps = [row[end] for row in grants for end in ("clientId", "resourceId")]
    assert dead(sample, "users", people) == []
    assert dead(sample, "servicePrincipals", apps) == []


def values(sample: str) -> dict[str, Any]:
    """What a sample's tenant declares, by the parameter's name."""
    path = SAMPLES / sample / "declarations.yaml"
    if not path.is_file():
        return {}
    return yaml.safe_load(path.read_text("utf-8"))["tenants"][manifest(sample)["tenant"]["id"]]


DECLARED = {
    "partner-clean": {
        "emergency_accounts": "users", "synchronisation_accounts": "users",
        "service_accounts": "users", "sam_consent_accounts": "users",
        "approved_agents": "users", "managed_customers": "partnerCustomers",
    },
    "partner-at-risk": {
        "emergency_accounts": "users", "sam_consent_accounts": "users",
        "approved_agents": "users", "managed_customers": "partnerCustomers",
    },
    "partner-small": {"approved_agents": "users", "managed_customers": "partnerCustomers"},
    "customer-clean": {"CUS-002.own_administrators": "users"},
}


@pytest.mark.parametrize("sample", DECLARED)
def test_what_is_declared_exists(sample):
    """Each id that a tenant declares as an account or a customer is one of its records."""
    declared = values(sample)
    loose = {name: dead(sample, held, declared[name]) for name, held in DECLARED[sample].items()}
    assert [name for name in DECLARED[sample] if not declared[name]] == []
    assert loose == {name: [] for name in DECLARED[sample]}


@pytest.mark.parametrize("sample", NAMES)
def test_no_list_of_declared_objects_is_left_unlooked_at(sample):
    """A list of ids in a declaration is looked up above, or holds tenants and domains."""
    others = {"federated_domains", "trusted_tenants", "SCP-001.linked_tenants",
              "CUS-002.customers_refusing_mfa", "CUS-003.partner_domains"}
    filled = {name for name, value in values(sample).items() if isinstance(value, list) and value}
    assert filled - others == set(DECLARED.get(sample, {}))
