"""orjson and jmespath: one hand-written expression per policy, compiled once.

What JMESPath cannot say is Python: a join by a dictionary (its own joins are quadratic), and the
number in a duration.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from policies_judged import (
    APPROVED_ROLES,
    FOURTEEN,
    GLOBAL_ADMINISTRATOR,
    LONGEST_DAYS,
    PRIVILEGED_ROLES,
    WINDOW_BEGINS,
    Answers,
    answers_of,
)

from peers.reading import loaded

NEEDS = ("jmespath",)
Found = Mapping[str, Any]


def _listed(values: Iterable[str]) -> str:
    return "[" + ", ".join(f"'{one}'" for one in values) + "]"


EVERYTHING: Final = """
    !(conditions.users.excludeUsers) && !(conditions.users.excludeGroups)
    && !(conditions.users.excludeRoles) && !(conditions.users.excludeGuestsOrExternalUsers)
    && contains(conditions.users.includeUsers, 'All')
    && contains(conditions.applications.includeApplications, 'All')
    && !(conditions.applications.excludeApplications)
    && !(conditions.applications.applicationFilter)
    && !(conditions.locations) && !(conditions.platforms) && !(conditions.devices)
    && !(conditions.signInRiskLevels) && !(conditions.userRiskLevels)
    && !(conditions.insiderRiskLevels) && !(conditions.authenticationFlows)
    && !(conditions.clientApplications)
"""
ENABLED: Final = "conditionalAccessPolicies[?state == 'enabled'].id"
HOLDERS: Final = f"roleAssignments[?contains({_listed(PRIVILEGED_ROLES)}, roleDefinitionId)]"
ACTIVE: Final = f"""delegatedAdminRelationships[?status == 'active'
    && min([activatedDateTime, '{WINDOW_BEGINS}']) == activatedDateTime]
    .{{id: id, roles: accessDetails.unifiedRoles[].roleDefinitionId}}"""
ASSIGNED: Final = """delegatedAdminAccessAssignments[].{of: delegatedAdminRelationshipId,
    status: status, kind: accessContainer.accessContainerType,
    roles: accessDetails.unifiedRoles[].roleDefinitionId}"""
SINGLE_FACTOR: Final = f"""isInteractive != `false` && contains(signInEventTypes, 'interactiveUser')
    && authenticationRequirement == 'singleFactorAuthentication' && status.errorCode == `0`
    && max([createdDateTime, '{WINDOW_BEGINS}']) == createdDateTime
    && !(authenticationDetails[?authenticationMethod != 'Password'])"""
OPEN: Final = ("approvalPending", "approved", "activating", "active", "expiring",
               "terminationRequested", "terminating")

EXPRESSIONS: Final = {
    "MFA-002": f"""{{candidates: {ENABLED}, hits: conditionalAccessPolicies[?state == 'enabled'
        && {EVERYTHING} && contains(conditions.clientAppTypes, 'all')
        && grantControls.builtInControls == ['mfa']].id}}""",
    "MFA-004": """{enabled: users[?accountEnabled != `false`].id,
        incapable: userRegistrationDetails[?isMfaCapable != `true`].id}""",
    "MFA-007": """{policies: conditionalAccessPolicies[?state == 'enabled'
        && contains(conditions.users.includeUsers, 'All')
        && contains(grantControls.builtInControls, 'mfa')]
        .{id: id, users: conditions.users.excludeUsers, groups: conditions.users.excludeGroups},
        members: groupMembers[].[id, members[].id]}""",
    "LEG-001": f"""{{defaults: securityDefaults.isEnabled, candidates: {ENABLED},
        hits: conditionalAccessPolicies[?state == 'enabled' && {EVERYTHING}
        && contains(conditions.clientAppTypes, 'exchangeActiveSync')
        && contains(conditions.clientAppTypes, 'other')
        && contains(grantControls.builtInControls, 'block')].id}}""",
    "SD-002": f"{{defaults: securityDefaults.isEnabled, enabled: {ENABLED}}}",
    "LOG-001": f"""{{disabled: users[?accountEnabled == `false`].id,
        single: signIns[?{SINGLE_FACTOR}].[userId, appId, clientAppUsed]}}""",
    "PRV-004": f"""{{holders: {HOLDERS}.principalId, served: users[?accountEnabled != `false`
        && assignedPlans[?capabilityStatus == 'Enabled'
        && contains(['exchange', 'Exchange', 'SharePoint', 'TeamspaceAPI'], service)]].id}}""",
    "PRV-005": f"""{{holders: {HOLDERS}.principalId, odd: users[?userType == 'Guest'
        || contains(userPrincipalName, '#EXT#') || externalUserState
        || accountEnabled != `true`].id}}""",
    "ISO-001": """users[?accountEnabled != `false` && assignedPlans[?
        contains(['Enabled', 'Warning'], capabilityStatus)
        && servicePlanId != '113feb6c-3fe4-4440-bddc-54d774bf0318'
        && contains(['exchange', 'Exchange', 'SharePoint', 'TeamspaceAPI',
                     'MicrosoftCommunicationsOnline'], service)]].id""",
    "GDAP-002": f"""delegatedAdminRelationships[?contains({_listed(OPEN)}, status)
        && contains(accessDetails.unifiedRoles[].roleDefinitionId,
                    '{GLOBAL_ADMINISTRATOR}')].id""",
    "GDAP-003": f"{{active: {ACTIVE}, assigned: {ASSIGNED}}}",
    "GDAP-004": f"""delegatedAdminRelationships[?status == 'active'
        && accessDetails.unifiedRoles[?!contains({_listed(APPROVED_ROLES)}, roleDefinitionId)]]
        .id""",
    "GDAP-005": "delegatedAdminRelationships[?status == 'active'].[id, duration]",
    "GDAP-013": f"{{active: {ACTIVE}, assigned: {ASSIGNED}}}",
}


# --- what JMESPath cannot say -------------------------------------------------------------------


def _as_found(found: list[str]) -> list[str]:
    return found


def _at_least_one(found: Found) -> list[str]:
    return [] if found.get("defaults") or found["hits"] else found["candidates"]


def _both(left: str, right: str) -> Callable[[Found], list[str]]:
    return lambda found: list(set(found[left]) & set(found[right]))


def _left_out(found: Found) -> list[str]:
    members = dict(found["members"])
    return [one["id"] for one in found["policies"]
            if one["users"] or any(members.get(group) for group in one["groups"])]


def _summaries(found: Found) -> list[str]:
    disabled = set(found["disabled"])
    return [f"{user}|{app}|{client}".casefold() for user, app, client in found["single"]
            if user not in disabled]


def _assignments(found: Found) -> dict[str, list[Any]]:
    by: dict[str, list[Any]] = {}
    for one in found["assigned"]:
        by.setdefault(one["of"], []).append(one)
    return by


def _badly_assigned(found: Found) -> list[str]:
    by = _assignments(found)
    return [one["id"] for one in found["active"] if _is_bad(one, by.get(one["id"], []))]


def _is_bad(relationship: Any, assigned: list[Any]) -> bool:
    active = [one for one in assigned if one["status"] == "active"]
    return not active or any(one["status"] == "error" for one in assigned) or any(
        one["kind"] != "securityGroup" or set(one["roles"]) - set(relationship["roles"])
        for one in active)


def _surplus(found: Found) -> list[str]:
    by = _assignments(found)
    return [one["id"] for one in found["active"] if set(one["roles"]) - {
        role for other in by.get(one["id"], []) if other["status"] == "active"
        for role in other["roles"]}]


def _too_long(found: list[list[str]]) -> list[str]:
    return [key for key, duration in found if int(duration[1:-1]) > LONGEST_DAYS]


REST: Final[dict[str, Callable[[Any], list[str]]]] = {
    **dict.fromkeys(("ISO-001", "GDAP-002", "GDAP-004"), _as_found),
    **dict.fromkeys(("MFA-002", "LEG-001"), _at_least_one),
    "MFA-004": _both("enabled", "incapable"),
    "MFA-007": _left_out,
    "SD-002": lambda found: found["enabled"] if found["defaults"] else [],
    "LOG-001": _summaries,
    "PRV-004": _both("holders", "served"),
    "PRV-005": _both("holders", "odd"),
    "GDAP-003": _badly_assigned,
    "GDAP-005": _too_long,
    "GDAP-013": _surplus,
}


def run(folder: Path, out: Path) -> Answers:
    """Judge a tenant by the fourteen policies."""
    import json

    import jmespath

    expressions = {name: jmespath.compile(EXPRESSIONS[name]) for name in FOURTEEN}
    tenant = loaded(folder)
    failing = {name: REST[name](one.search(tenant)) for name, one in expressions.items()}
    answers = answers_of(failing)
    out.write_text(json.dumps(answers))
    return answers
