"""Random snapshots, whole and damaged, and the pools of words that snapshots and policies share.

Names, ids and instants come from small pools, so that things meet.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

SCHEMAS = Path(__file__).parents[2] / "schemas" / "collections"
Raw = dict[str, Any]
AS_OF = "2026-06-30T00:00:00Z"

PROPERTIES = {
    "users": "id displayName userPrincipalName userType accountEnabled otherMails createdDateTime"
    " assignedLicenses.skuId assignedLicenses.disabledPlans signInActivity.lastSignInDateTime",
    "groups": "id displayName securityEnabled groupTypes visibility owners.id owners.displayName",
    "conditionalAccessPolicies": "id displayName state conditions.users.includeUsers"
    " conditions.users.excludeGuestsOrExternalUsers.guestOrExternalUserTypes"
    " conditions.clientAppTypes conditions.signInRiskLevels grantControls.operator"
    " conditions.authenticationFlows.transferMethods grantControls.builtInControls"
    " sessionControls.signInFrequency.value sessionControls.signInFrequency.isEnabled",
    "delegatedAdminRelationships": "id status duration endDateTime customer.tenantId"
    " accessDetails.unifiedRoles.roleDefinitionId",
    "securityDefaults": "id isEnabled",
    "authorizationPolicy": "id allowInvitesFrom guestUserRoleId blockMsolPowerShell"
    " defaultUserRolePermissions.allowedToCreateApps"
    " defaultUserRolePermissions.permissionGrantPoliciesAssigned",
    "signIns": "id createdDateTime userId isInteractive authenticationRequirement clientAppUsed"
    " status.errorCode appliedConditionalAccessPolicies.id signInEventTypes"
    " appliedConditionalAccessPolicies.result",
}
WORDS = ("u0", "U0", "u1", "g0", "a", "A")
INSTANTS = (
    AS_OF, "2026-06-30T02:00:00+02:00", "2026-05-01T00:00:00Z", "2026-07-15T12:00:00.1234567Z",
    "2026-05-31T00:00:00Z", "2026-05-30T23:59:59.9999999Z", "2027-01-01T00:00:00Z",
    "2026-07-30T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-06-01",
    "2026-06-29T22:00:00-02:00", "2020-01-01T00:00:00Z",
)
SPANS = ("30 days", "P30D", "P1M", "2 years", "P730D", "P2Y", "90 days", "PT8H", "P4W", "5 weeks")
GIVEN = {
    "emergency": [[], ["u1"], ["A", "g0"]], "owner": ["u0", "b"], "most": [0, 1, 3],
    "span": ["P90D", "1 day"], "since": ["2026-06-01", AS_OF], "wanted": [False, True],
}


# --- schemas ----------------------------------------------------------------------------------


@cache
def shape(name: str) -> Raw:
    """Return a collection's schema with only the properties that the tests use."""
    raw = json.loads((SCHEMAS / f"{name}.schema.json").read_bytes())
    paths = [path.split(".") for path in PROPERTIES[name].split()]
    return _pruned(raw, paths, raw.get("$defs", {}))


def _pruned(node: Raw, paths: list[list[str]], defs: Raw) -> Raw:
    node = {**defs.get(node.get("$ref", "").rpartition("/")[2], {}), **node}
    if "items" in node:
        return {**node, "items": _pruned(node["items"], paths, defs)}
    if "properties" not in node:
        return node
    names = dict.fromkeys(path[0] for path in paths)
    below = {n: [path[1:] for path in paths if path[0] == n and path[1:]] for n in names}
    kept = {n: _pruned(node["properties"][n], below[n], defs) for n in names}
    return {**node, "properties": kept}


def kind(node: Raw) -> str:
    """Return the JSON type of a schema, null left out."""
    kinds = node["type"] if isinstance(node["type"], list) else [node["type"]]
    return next(k for k in kinds if k != "null").replace("integer", "number")


def nullable(node: Raw) -> bool:
    """Tell whether a schema allows null."""
    return "null" in node["type"]


# --- snapshots --------------------------------------------------------------------------------


def snapshot(rng: Random) -> Raw:
    """Return a snapshot in the one-file form, whole or damaged."""
    whose = rng.choices(["partner", "customer", None], [16, 3, 1])[0]
    tenant = {"id": "t1", "displayName": "Contoso", "kind": whose}
    if rng.random() < 0.5:
        tenant["partnerType"] = rng.choice(["direct-bill", "advisor", None])
    health = rng.choice([0.0, 0.02, 0.05, 0.12])
    entries = {name: _entry(rng, name, health) for name in PROPERTIES if rng.random() > health}
    return {"format": 1, "tenant": tenant, "exportedAt": AS_OF, "collections": entries}


def _entry(rng: Random, name: str, damage: float) -> Raw:
    node = shape(name)
    single = "items" not in node
    count = rng.choices(range(5), [2, 3, 4, 4, 2])[0]
    records = [
        _record(rng, node.get("items", node), damage / 3, f"{name[0]}{index}")
        for index in range(1 if single else count)
    ]
    entry: Raw = {"data": records[0] if single else records, "complete": True}
    if rng.random() < 0.08:
        names = list(node.get("items", node)["properties"])
        entry["select"] = rng.sample(names, rng.randint(1, len(names)))
    if rng.random() < damage * 2:
        rng.choice(SPOILT)(entry)
    return entry


SPOILT = (
    lambda entry: entry.update(complete=False, reason="truncated"),
    lambda entry: entry.pop("complete"),
    lambda entry: entry.update(data=None),
    lambda entry: entry.update(data={"error": {"code": "Forbidden", "message": "no"}}),
    lambda entry: entry.update(data={"value": entry["data"]}),
    lambda entry: entry.update(data={"value": entry["data"], "@odata.nextLink": "more"}),
    lambda entry: entry.update(data={"id": "x9"}),
    lambda entry: entry.update(data=[]),
    lambda entry: entry.update(data=[entry["data"]]),
)


def _record(rng: Random, node: Raw, damage: float, key: str) -> Raw:
    found = {}
    for name, child in node["properties"].items():
        luck = rng.random()
        if luck < damage:
            continue
        written = name.capitalize() if luck < damage * 1.2 else name
        found[written] = _value(rng, child, damage, key if child.get("x-key") else "")
    return found


def _value(rng: Random, node: Raw, damage: float, key: str = "") -> Any:
    if rng.random() < damage:
        return rng.choice([None, "False", 1, [], {}, True, ["x"]])
    if nullable(node) and rng.random() < 0.15:
        return None
    form = kind(node)
    if form == "object":
        return _record(rng, node, damage, key)
    if form == "array":
        return [_value(rng, node["items"], damage) for _ in range(rng.choice([0, 1, 1, 2, 3]))]
    if form == "string":
        return key or _text(rng, node, damage)
    return rng.random() < 0.6 if form == "boolean" else rng.randint(0, 3)


def _text(rng: Random, node: Raw, damage: float) -> str:
    if "enum" in node and rng.random() < damage:
        return rng.choice([*node.get("x-unknown", []), "surprise"])
    if node.get("x-separator"):
        return ", ".join(rng.sample(known(node), rng.randint(0, 2)))
    return rng.choice(pool(node))


def known(node: Raw) -> list[str]:
    """Return some values of an enumeration."""
    words = [w for w in node["enum"] if w is not None and w not in node.get("x-unknown", [])][:4]
    return [*words, words[0].upper()] if node.get("x-fold") else words


def pool(node: Raw) -> tuple[str, ...] | list[str]:
    """Return texts that may stand where a schema asks for text."""
    if "enum" in node:
        return known(node)
    return {"date-time": INSTANTS, "duration": (*SPANS, "soon")}.get(node.get("format", ""), WORDS)


def given(rng: Random) -> Raw:
    """Return the parameters that a tenant declares."""
    return {name: rng.choice(values) for name, values in GIVEN.items() if rng.random() < 0.4}
