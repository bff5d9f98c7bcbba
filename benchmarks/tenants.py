"""Synthetic tenants for the benchmarks: the same seed gives the same bytes.

A tenant of N users has N registration rows, 3 N sign-ins, N / 20 groups, 200 Conditional Access
policies at most, N / 50 GDAP relationships with their access assignments, and roles. Records are
written one by one, so a tenant of a million users needs no memory, but 6 GB of disk.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tenant_records import (
    TENANT,
    Record,
    access_policies,
    admins,
    grants,
    groups_of,
    members_of,
    per_user_mfa,
    registrations,
    relationships,
    sign_ins,
    users,
)

EXPORTED_AT = "2026-11-20T06:00:00Z"


def collections(
    count: int, seed: int = 7, rows: int | None = None
) -> dict[str, Iterator[Record]]:
    """Return the collections of a tenant of `count` users, record by record."""
    def draw(name: str) -> random.Random:
        return random.Random(f"{seed} {name}")

    groups, customers = max(5, count // 20), max(5, count // 50)
    return {
        "users": users(count, draw("users")),
        "userRegistrationDetails": registrations(count, draw("registrations")),
        "perUserMfa": per_user_mfa(count),
        "signIns": sign_ins(count, draw("signIns"), rows),
        "conditionalAccessPolicies": access_policies(min(200, 5 + count // 50), groups,
                                                     draw("policies")),
        "groups": groups_of(groups),
        "groupMembers": members_of(groups, count, draw("members")),
        "delegatedAdminRelationships": relationships(customers, draw("relationships")),
        "delegatedAdminAccessAssignments": grants(customers, groups, draw("grants")),
        "roleAssignments": admins(count),
    }


SINGLE: dict[str, Any] = {
    "organization": {
        "id": TENANT, "displayName": "Contoso", "tenantType": "AAD",
        "createdDateTime": "2018-02-15T06:00:00Z", "onPremisesSyncEnabled": None,
        "verifiedDomains": [{"name": "contoso.example", "isInitial": True, "isDefault": True,
                             "type": "Managed", "capabilities": "Email"}],
    },
    "domains": [{"id": "contoso.example", "authenticationType": "Managed", "isVerified": True,
                 "isDefault": True, "isInitial": True, "isRoot": True, "isAdminManaged": True,
                 "supportedServices": ["Email"]}],
    "securityDefaults": {"id": "00000000-0000-0000-0000-000000000005",
                         "displayName": "Security Defaults", "isEnabled": False},
    "crossTenantAccessPolicy": {
        "id": "crossTenantAccessPolicy", "displayName": "CrossTenantAccessPolicy",
        "allowedCloudEndpoints": [], "partners": [],
        "default": {"isServiceDefault": True, "inboundTrust": {
            "isMfaAccepted": False, "isCompliantDeviceAccepted": False,
            "isHybridAzureADJoinedDeviceAccepted": False}},
    },
}
EMPTY = (
    "authenticationStrengthPolicies", "namedLocations", "roleAssignmentScheduleInstances",
    "roleEligibilityScheduleInstances", "roleDefinitions", "dapRelationships", "domainFederation",
)


def write_tenant(
    folder: Path, count: int, *, lines: bool = False, seed: int = 7, tenant: str = TENANT,
    rows: int | None = None,
) -> None:
    """Write the snapshot of a tenant of `count` users to `folder`; logs as NDJSON with `lines`.

    `rows` is the number of sign-ins, three for each user where it is not given.
    """
    folder.mkdir(parents=True, exist_ok=True)
    entries: dict[str, Record] = {}
    for name, records in collections(count, seed, rows).items():
        by_line = lines and name == "signIns"
        file = f"{name}.ndjson" if by_line else f"{name}.json"
        _write_records(folder / file, records, by_line)
        entries[name] = {"file": file, "complete": True}
    for name in EMPTY:
        (folder / f"{name}.json").write_text("[]\n")
        entries[name] = {"file": f"{name}.json", "complete": True}
    for name, value in SINGLE.items():
        (folder / f"{name}.json").write_text(json.dumps(value))
        entries[name] = {"file": f"{name}.json", "complete": True}
    write_manifest(folder, entries, tenant)


def write_manifest(folder: Path, entries: dict[str, Record], tenant: str = TENANT) -> None:
    """Write `tenant.json`, which names a snapshot's files."""
    (folder / "tenant.json").write_text(json.dumps({
        "format": 1,
        "tenant": {"id": tenant, "displayName": "Contoso", "kind": "partner",
                   "partnerType": "direct-bill", "cloud": "global"},
        "exportedAt": EXPORTED_AT,
        "collections": entries,
    }, indent=2))


def _write_records(path: Path, records: Iterator[Record], by_line: bool) -> None:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "wt", encoding="utf-8") as file:
        file.write("" if by_line else "[")
        for index, record in enumerate(records):
            file.write("" if by_line or not index else ",\n")
            json.dump(record, file, separators=(",", ":"))
            file.write("\n" if by_line else "")
        file.write("" if by_line else "]\n")


def main() -> None:
    """Write one tenant."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--users", type=int, default=1000)
    options.add_argument("--ndjson", action="store_true")
    options.add_argument("--seed", type=int, default=7)
    asked = options.parse_args()
    write_tenant(asked.folder, asked.users, lines=asked.ndjson, seed=asked.seed)


if __name__ == "__main__":
    main()
