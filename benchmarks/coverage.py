"""Who is covered in a large tenant: the two coverage facts against reading the same data.

Prints seconds for each step and ratios to decoding the same bytes with orjson (msgspec where orjson
is not installed). The tenant has many kinds of accounts: every group is named by some policy.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
from tenant_records import TENANT, Record, admins, conditions, guid
from tenant_records import users as users_of
from tenants import EMPTY, EXPORTED_AT, SINGLE

from tenantproof.context import Context
from tenantproof.facts.base import value_at
from tenantproof.parameters import Setting
from tenantproof.shape import bundled_shapes
from tenantproof.snapshot import load_value
from tenantproof.verdict import Unknown

FACTS = {"mfaCoverage": "enforced", "legacyAuthCoverage": "blocked"}
PARAMETERS = ("emergency_accounts", "service_accounts", "synchronisation_accounts")
NESTED = 0.15


def policies(count: int, groups: int, draw: random.Random) -> Iterator[Record]:
    """Yield policies of which each names its share of the groups, a few of them left out."""
    share = -(-groups // count)
    for number in range(count):
        wanted = conditions()
        mine = [guid(5, one % groups) for one in range(number * share, (number + 1) * share)]
        wanted["users"].update(includeUsers=[], includeGroups=mine)
        if number % 50 == 0:
            wanted["users"].update(includeUsers=["All"], includeGroups=[], excludeGroups=mine)
        if number % 3 == 0 or number % 50 == 0:
            wanted["locations"] = {"includeLocations": ["All"],
                                   "excludeLocations": [guid(8, number % 12), "AllTrusted"]}
        if number % 4 == 1:
            wanted["applications"]["excludeApplications"] = [guid(3, draw.randrange(40))]
        if number % 5 == 2:
            wanted["clientAppTypes"] = ["browser", "mobileAppsAndDesktopClients"]
        if number % 20 == 7:
            wanted["users"]["includeRoles"] = ["62e90394-69f5-4237-9190-012177145e10"]
        yield {
            "id": guid(6, number), "displayName": f"Policy {number}", "state": "enabled",
            "sessionControls": None, "conditions": wanted,
            "grantControls": {
                "operator": "OR", "builtInControls": [draw.choice(["mfa", "mfa", "mfa", "block"])],
                "customAuthenticationFactors": [], "termsOfUse": [],
                "authenticationStrength": None,
            },
        }


def members(groups: int, people: int, each: int, draw: random.Random) -> Iterator[Record]:
    """Yield each group's direct members: users, and sometimes a later group."""
    for number in range(groups):
        inside = [{"@odata.type": "#microsoft.graph.user", "id": guid(1, draw.randrange(people))}
                  for _ in range(each)]
        if draw.random() < NESTED and number + 1 < groups:
            inside.append({"@odata.type": "#microsoft.graph.group",
                           "id": guid(5, draw.randrange(number + 1, groups))})
        yield {"id": guid(5, number), "members": inside}


def tenant(people: int, access: int, groups: int, each: int, seed: int) -> dict[str, Any]:
    """Return a tenant's snapshot in one value."""
    draw = random.Random(seed)
    data: dict[str, Any] = {
        **{name: [] for name in (*EMPTY, "perUserMfa")}, **SINGLE,
        "users": list(users_of(people, draw)),
        "conditionalAccessPolicies": list(policies(access, groups, draw)),
        "groups": [{"id": guid(5, one), "displayName": f"Group {one}"} for one in range(groups)],
        "groupMembers": list(members(groups, people, each, draw)),
        "roleAssignments": list(admins(people)),
        "namedLocations": [
            {"@odata.type": "#microsoft.graph.ipNamedLocation", "id": guid(8, one),
             "displayName": f"Site {one}", "isTrusted": one % 2 == 0} for one in range(12)],
    }
    return {"format": 1, "tenant": {"id": TENANT, "kind": "partner"}, "exportedAt": EXPORTED_AT,
            "collections": {n: {"data": v, "complete": True} for n, v in data.items()}}


def decoder() -> tuple[str, Callable[[bytes], Any]]:
    """Return the yardstick: a general decoder, and its name."""
    try:
        import orjson
    except ImportError:
        return "msgspec.json.decode", msgspec.json.decode
    return "orjson.loads", orjson.loads


def timed(what: Callable[[], Any]) -> tuple[float, Any]:
    """Return the seconds that a call took, and its result."""
    begun = time.perf_counter()
    found = what()
    return time.perf_counter() - begun, found


def main() -> None:
    """Print one table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--users", type=int, default=100_000)
    options.add_argument("--policies", type=int, default=200)
    options.add_argument("--groups", type=int, default=5_000)
    options.add_argument("--members", type=int, default=60, help="users of each group")
    options.add_argument("--seed", type=int, default=7)
    asked = options.parse_args()
    gc.set_threshold(100_000, 20, 20)  # as the command line does
    whole = tenant(asked.users, asked.policies, asked.groups, asked.members, asked.seed)
    data = json.dumps(whole).encode()
    name, decode = decoder()
    yardstick, _ = timed(lambda: decode(data))
    _, snapshot = timed(lambda: load_value(whole, "benchmark", bundled_shapes()))
    settings = {one: Setting([], "pack") for one in PARAMETERS}
    context = Context(snapshot, settings, datetime(2026, 11, 20, 6, tzinfo=UTC))
    print(f"python {sys.version.split()[0]}, {os.cpu_count()} cores; {asked.users} accounts, "
          f"{asked.policies} policies, {asked.groups} groups, {len(data) / 1e6:.0f} MB")
    print(f"  {name:<22} {yardstick:7.2f} s")
    accounts, _ = timed(lambda: context.collection("accounts"))
    print(f"  {'accounts':<22} {accounts:7.2f} s   (what both are made of)")
    total = 0.0
    for fact, judged in FACTS.items():
        seconds, found = timed(lambda fact=fact: context.collection(fact))
        total += seconds
        answers = [value_at(one, judged) for one in found.records]
        covered = sum(one is True for one in answers)
        unsure = sum(isinstance(one, Unknown) for one in answers)
        print(f"  {fact:<22} {seconds:7.2f} s   {covered} covered, "
              f"{len(answers) - covered - unsure} not, {unsure} not known")
    print(f"  ratio {total / yardstick:.2f} for both facts")


if __name__ == "__main__":
    main()
