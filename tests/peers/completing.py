"""A case of another tool, completed into a whole snapshot from one file of neutral assumptions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from translating import translate

from tenantproof.language.instants import read_instant

HERE = Path(__file__).parent
ASSUMED: dict[str, Any] = json.loads((HERE / "assumptions.json").read_text(encoding="utf-8"))
Records = dict[str, Any]
LEFT_OUT = ("excludeUsers", "excludeGroups", "excludeRoles")
WORDS = {"All", "None", "GuestsOrExternalUsers"}
LOGS_LAST = timedelta(days=30)


def complete(case: Mapping[str, Any]) -> Records:
    """Return a case as a whole snapshot in the one-file form."""
    held = translate(case["graph"], ASSUMED)
    exported_at = _exported_at(held)
    entries = {name: {"data": _filled(name, data), "complete": True}
               for name, data in _found(case, held).items()}
    if "signIns" in entries:
        entries["signIns"] |= {"from": _text(exported_at - LOGS_LAST), "to": _text(exported_at)}
    return {"format": 1, "tenant": ASSUMED["tenant"]["value"], "exportedAt": _text(exported_at),
            "collections": entries}


def _found(case: Mapping[str, Any], held: Records) -> Records:
    """Return what the case holds and what the tenant has besides."""
    found = {**_assumed_for(case["policy_id"]), **_people(held), **held}
    _add_somebody(found)
    if case["topic"] in ASSUMED["guests"]["topics"]:
        found["users"] = [*found["users"], ASSUMED["guests"]["user"]]
    if case["topic"] in ASSUMED["agents"]["topics"]:
        _add_agents(found)
    found["conditionalAccessPolicies"] = [
        *found["conditionalAccessPolicies"], *_companions(case["topic"])]
    _add_active_roles(found)
    _add_the_named(found)
    return found


def _exported_at(held: Records) -> Any:
    times = [read_instant(event.get("createdDateTime", "")) for event in held.get("signIns", ())]
    if any(times):
        return max(filter(None, times)) + timedelta(hours=1)
    return read_instant(ASSUMED["exported_at"]["value"])


def _text(instant: Any) -> str:
    return str(instant.strftime("%Y-%m-%dT%H:%M:%SZ"))


def _assumed_for(rule: str) -> Records:
    left = ASSUMED["not_assumed"]["value"].get(rule, ())
    return {n: data for n, data in ASSUMED["collections"]["value"].items() if n not in left}


def _companions(topic: str) -> Iterator[Records]:
    assumed = ASSUMED["companions"]
    for name in assumed["value"].get(topic, ()):
        policy = assumed["policies"][name]
        conditions = {**assumed["for_all"], **policy["conditions"]}
        yield {"id": name, "displayName": f"Companion: {name}", "state": "enabled",
               **policy, "conditions": conditions}


def _people(held: Records) -> Records:
    names = ("users", "roleAssignments", "roleAssignmentScheduleInstances")
    alone = not any(name in held for name in names)
    return {name: ASSUMED["people"][name] if alone and name in ASSUMED["people"] else []
            for name in names}


def _add_somebody(found: Records) -> None:
    """Where everybody in a case is switched off, the administrator is there as well."""
    if found["users"] and all(user.get("accountEnabled") is False for user in found["users"]):
        found["users"] = found["users"] + ASSUMED["people"]["users"]
        found["userRegistrationDetails"] = (
            found.get("userRegistrationDetails", []) + ASSUMED["people"]["userRegistrationDetails"])


def _add_agents(found: Records) -> None:
    """Everybody belongs to the group whose members work in Partner Center."""
    group = ASSUMED["agents"]["group"]
    members = [{"@odata.type": "#microsoft.graph.user", "id": u["id"]} for u in found["users"]]
    found["groups"] = [*found["groups"], group]
    found["groupMembers"] = [*found["groupMembers"], {"id": group["id"], "members": members}]


def _add_active_roles(found: Records) -> None:
    """Every assignment that Privileged Identity Management knows is an assignment as well."""
    found["roleAssignments"] = found["roleAssignments"] + [
        {"id": f"of-instance-{index}", "principalId": one["principalId"],
         "roleDefinitionId": one["roleDefinitionId"]}
        for index, one in enumerate(found["roleAssignmentScheduleInstances"])
    ]


# --- who is named ---------------------------------------------------------------------------------


def _add_the_named(found: Records) -> None:
    users, groups, roles = (list(dict.fromkeys(_named(found, key))) for key in LEFT_OUT)
    assigned = [one["principalId"] for one in found["roleAssignments"]]
    principals = {one["id"] for one in found["servicePrincipals"]}
    members = {group: f"member-of-{group}" for group in groups}
    holders = {role: f"holder-of-{role}" for role in roles}
    people = [*users, *(p for p in assigned if p not in principals),
              *members.values(), *holders.values()]
    found["users"] = _with(found["users"], "user", people)
    found["groups"] = _with(found["groups"], "group", groups)
    found["groupMembers"] = [
        *found["groupMembers"],
        *({"id": group, "members": [{"@odata.type": "#microsoft.graph.user", "id": member}]}
          for group, member in members.items()),
    ]
    found["roleAssignments"] = [
        *found["roleAssignments"],
        *({"id": holder, "principalId": holder, "roleDefinitionId": role}
          for role, holder in holders.items()),
    ]


def _named(found: Records, key: str) -> Iterator[str]:
    for policy in found["conditionalAccessPolicies"]:
        users = policy["conditions"].get("users") or {}
        yield from (name for name in users.get(key) or () if name not in WORDS)


def _with(records: list[Records], kind: str, ids: list[str]) -> list[Records]:
    known = {one["id"] for one in records}
    new = [i for i in dict.fromkeys(ids) if i not in known]
    return [*records, *({"id": i, **ASSUMED["named"][kind]} for i in new)]


# --- what a record lacks --------------------------------------------------------------------------


def _filled(name: str, data: Any) -> Any:
    defaults = ASSUMED["records"]["value"].get(name, {})
    if not isinstance(data, list):
        return SPECIAL.get(name, _same)(_over(defaults, data))
    return [
        SPECIAL.get(name, _same)(_over({"id": f"{name}-{index}", **defaults}, record))
        for index, record in enumerate(data)
    ]


def _over(defaults: Any, value: Any) -> Any:
    """Return the value with what only the defaults have; what is there, null too, stands."""
    if not isinstance(defaults, dict) or not isinstance(value, dict):
        return value
    return {**defaults, **{key: _over(defaults.get(key), child) for key, child in value.items()}}


def _same(record: Records) -> Records:
    return record


def _policy(record: Records) -> Records:
    """A strength that stands in a policy without an id is one of the tenant's own."""
    strength = (record["grantControls"] or {}).get("authenticationStrength")
    if strength is not None:
        controls = record["grantControls"] | {"authenticationStrength": {
            "id": "a-strength", "combinationConfigurations": [], **strength}}
        return record | {"grantControls": controls}
    return record


def _subscription(record: Records) -> Records:
    plan = ASSUMED["records"]["value"]["servicePlans"]
    return record | {"servicePlans": [{**plan, **one} for one in record["servicePlans"]]}


def _methods(record: Records) -> Records:
    held = record.get("authenticationMethodConfigurations") or []
    known = {one["id"] for one in held}
    off = [{"id": name, "state": "disabled"} for name in ASSUMED["methods"]["value"]
           if name not in known]
    return record | {"authenticationMethodConfigurations": [*map(_method, held), *off]}


def _method(record: Records) -> Records:
    targets = ASSUMED["authenticator"]["value"]
    settings = record.get("featureSettings")
    if not settings:
        return record
    return record | {"featureSettings": {
        name: _over(targets, one) for name, one in settings.items()
    }}


SPECIAL = {
    "conditionalAccessPolicies": _policy,
    "subscribedSkus": _subscription,
    "authenticationMethodsPolicy": _methods,
}
