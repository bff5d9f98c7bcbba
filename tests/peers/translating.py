"""Another tool's small tenant, in Microsoft Graph's shapes: nothing is added, nothing is judged."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tenantproof.facts.roles import built_in

Records = dict[str, Any]
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
LOG_TIME = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)\.(\d{1,9})")
TEMPLATES = {name: template for template, (name, _) in built_in().items()}


def translate(graph: Mapping[str, Any], assumed: Mapping[str, Any]) -> Records:
    """Return a case's responses by collection, without their envelopes."""
    found: Records = {}
    for place, response in with_real_names(graph, assumed["names"]["plans"]).items():
        name = assumed["endpoints"]["value"].get(place)
        if name in SHAPES:
            found.update(SHAPES[name](content(response)))
        elif name:
            found[name] = content(response)
        else:
            found.update(FOREIGN.get(place, nothing)(content(response)))
    return found


def content(response: Any) -> Any:
    """Return what a response holds; an object that came as a list of one stays what it is."""
    return response["value"] if isinstance(response, dict) and "value" in response else response


def nothing(_: Any) -> Records:
    """What no collection holds is not exported."""
    return {}


def with_real_names(graph: Mapping[str, Any], plans: Mapping[str, str]) -> Any:
    """Put Microsoft's ids in the place of those that the case made up for roles and plans."""
    skus = graph.get("subscribedSkus", {}).get("value", [])
    made_up = {
        role["id"]: TEMPLATES[role["displayName"]]
        for role in graph.get("roleManagement/directory/roleDefinitions", {}).get("value", [])
        if not GUID.fullmatch(role["id"]) and role["displayName"] in TEMPLATES
    } | {
        plan["servicePlanId"]: plans[plan["servicePlanName"]]
        for sku in skus for plan in sku["servicePlans"] if plan["servicePlanName"] in plans
    }
    return replaced(graph, made_up) if made_up else graph


def replaced(value: Any, names: Mapping[str, str]) -> Any:
    """Return the value with every text that is one of the names replaced."""
    if isinstance(value, dict):
        return {key: replaced(child, names) for key, child in value.items()}
    if isinstance(value, list):
        return [replaced(child, names) for child in value]
    return names.get(value, value) if isinstance(value, str) else value


# --- shapes that are nearly Graph's ---------------------------------------------------------------


def role_assignments(rows: list[Records]) -> Records:
    """A role that is given by name only gets the id of Microsoft's role of that name."""
    return {"roleAssignments": [
        {"id": f"assignment-{index}", "roleDefinitionId": TEMPLATES.get(
            row.get("roleDefinitionDisplayName", ""), row.get("roleDefinitionId")), **row}
        for index, row in enumerate(rows)
    ]}


def management_policies(rules: list[Records]) -> Records:
    """Rules that stand side by side, each with its role, are put into one policy per role."""
    roles = dict.fromkeys(rule["_roleDefinitionId"] for rule in rules)
    return {"roleManagementPolicyAssignments": [
        {"id": f"policy-of-{role}", "policyId": role, "roleDefinitionId": role, "scopeId": "/",
         "scopeType": "DirectoryRole",
         "policy": {"id": role, "rules": [r for r in rules if r["_roleDefinitionId"] == role]}}
        for role in roles
    ]}


def sign_ins(events: list[Records]) -> Records:
    """A time as a log store writes it is written as RFC 3339."""
    return {"signIns": [
        event | {"createdDateTime": LOG_TIME.sub(r"\1T\2.\3Z", event["createdDateTime"])}
        if event.get("createdDateTime") else event
        for event in events
    ]}


def authorization(value: Any) -> Records:
    """The policy; of several, which Graph never gives, nobody can tell which is in force."""
    if isinstance(value, list):
        return {"authorizationPolicy": value[0]} if len(value) == 1 else {}
    return {"authorizationPolicy": value}


def conditional_access(policies: list[Records]) -> Records:
    """A list that came as null, and no kind of client at all, are what Graph leaves at all."""
    return {"conditionalAccessPolicies": [_without_nulls(policy) for policy in policies]}


def _without_nulls(policy: Records) -> Records:
    conditions = dict(policy["conditions"])
    if not conditions.get("clientAppTypes", ["all"]):
        del conditions["clientAppTypes"]
    for part in ("users", "applications"):
        inner = conditions.get(part) or {}
        conditions[part] = {key: value for key, value in inner.items() if value is not None}
    return policy | {"conditions": conditions}


SHAPES: dict[str, Callable[[Any], Records]] = {
    "roleAssignments": role_assignments,
    "roleManagementPolicyAssignments": management_policies,
    "signIns": sign_ins,
    "authorizationPolicy": authorization,
    "conditionalAccessPolicies": conditional_access,
}


# --- shapes of another tool -----------------------------------------------------------------------


def applications(rows: list[Records]) -> Records:
    """Applications whose credentials stand in one list, each with its kind."""
    return {"applications": [
        {"id": row["id"], "appId": row.get("appId", row["id"]), "displayName": row["name"],
         "passwordCredentials": row.get("passwordCredentials", list(of_kind(row, "password"))),
         "keyCredentials": row.get("keyCredentials", list(of_kind(row, "certificate")))}
        for row in rows
    ]}


def of_kind(row: Records, kind: str) -> Iterator[Records]:
    """Yield the credentials of a kind in the one list of an application."""
    for index, one in enumerate(row.get("credentials", ())):
        if one["credentialType"] == kind:
            shape = {"type": "AsymmetricX509Cert", "usage": "Verify"} if kind != "password" else {}
            yield {"keyId": f"key-{index}", "displayName": one["displayName"],
                   "startDateTime": one.get("startDateTime"),
                   "endDateTime": one["endDateTime"], **shape}


def service_principals(rows: list[Records]) -> Records:
    """Service principals that carry the roles that they hold and their owners' ids."""
    kept = ("id", "appId", "appOwnerOrganizationId", "accountEnabled", "servicePrincipalType",
            "passwordCredentials", "keyCredentials")
    principals = [
        {name: row[name] for name in kept}
        | {"displayName": row["name"], "owners": [{"id": i} for i in row["spOwnerIds"]]}
        for row in rows
    ]
    held = [
        {"id": f"{row['id']}-{role}", "principalId": row["id"], "roleDefinitionId": role}
        for row in rows for role in row["directoryRoleTemplateIds"]
    ]
    return {"servicePrincipals": principals, "roleAssignments": held}


def directory_roles(rows: list[Records]) -> Records:
    """Roles with their members, by name."""
    held = [
        {"id": f"{row['id']}-{member['id']}", "principalId": member["id"],
         "roleDefinitionId": TEMPLATES[row.get("name", row.get("displayName"))]}
        for row in rows for member in row["members"]
    ]
    return {"roleAssignments": held}


def members_and_roles(rows: list[Records]) -> Records:
    """Roles with their members, where the case has no other account."""
    people = [{"id": m["id"], "displayName": m["name"]} for row in rows for m in row["members"]]
    return {"users": people, **directory_roles(rows)}


def group_settings(rows: list[Records]) -> Records:
    """The switch of the consent workflow, as the older settings object has it."""
    named = {one["name"]: one["value"] for row in rows for one in row["values"]}
    if "EnableAdminConsentRequests" not in named:
        return {}
    switched_on = named["EnableAdminConsentRequests"] == "true"
    return {"adminConsentRequestPolicy": {"isEnabled": switched_on}}


FOREIGN: dict[str, Callable[[Any], Records]] = {
    "applications(prowler shape, camelCased)": applications,
    "servicePrincipals(prowler shape, camelCased)": service_principals,
    "directoryRoles(prowler shape, camelCased)": members_and_roles,
    "directoryRoles": directory_roles,
    "groupSettings": group_settings,
}
