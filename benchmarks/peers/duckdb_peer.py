"""DuckDB: the same policies in SQL, over tables whose columns are declared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from policies_judged import (
    APPROVED_ROLES,
    GLOBAL_ADMINISTRATOR,
    LONGEST_DAYS,
    PRIVILEGED_ROLES,
    WINDOW_BEGINS,
    Answers,
    answers_of,
)

from peers.reading import files_of

NEEDS = ("duckdb",)
ROLES: Final = "STRUCT(unifiedRoles STRUCT(roleDefinitionId VARCHAR)[])"
LARGEST_OBJECT: Final = 1 << 28
COLUMNS: Final = {
    "users": {
        "id": "VARCHAR", "userType": "VARCHAR", "userPrincipalName": "VARCHAR",
        "externalUserState": "VARCHAR", "accountEnabled": "BOOLEAN",
        "assignedPlans":
            "STRUCT(capabilityStatus VARCHAR, service VARCHAR, servicePlanId VARCHAR)[]",
    },
    "userRegistrationDetails": {"id": "VARCHAR", "isMfaCapable": "BOOLEAN"},
    "signIns": {
        "userId": "VARCHAR", "appId": "VARCHAR", "clientAppUsed": "VARCHAR",
        "isInteractive": "BOOLEAN", "createdDateTime": "VARCHAR",
        "authenticationRequirement": "VARCHAR", "signInEventTypes": "VARCHAR[]",
        "status": "STRUCT(errorCode BIGINT)",
        "authenticationDetails": "STRUCT(authenticationMethod VARCHAR)[]",
    },
    "conditionalAccessPolicies": {
        "id": "VARCHAR", "state": "VARCHAR",
        "conditions":
            "STRUCT(clientAppTypes VARCHAR[], locations JSON, platforms JSON, devices JSON,"
            " signInRiskLevels VARCHAR[], userRiskLevels VARCHAR[], insiderRiskLevels JSON,"
            " authenticationFlows JSON, clientApplications JSON,"
            " applications STRUCT(includeApplications VARCHAR[], excludeApplications VARCHAR[],"
            " applicationFilter JSON),"
            " users STRUCT(includeUsers VARCHAR[], excludeUsers VARCHAR[],"
            " excludeGroups VARCHAR[], excludeRoles VARCHAR[],"
            " excludeGuestsOrExternalUsers JSON))",
        "grantControls": "STRUCT(builtInControls VARCHAR[])",
    },
    "groupMembers": {"id": "VARCHAR", "members": "STRUCT(id VARCHAR)[]"},
    "delegatedAdminRelationships": {
        "id": "VARCHAR", "status": "VARCHAR", "duration": "VARCHAR",
        "activatedDateTime": "VARCHAR", "accessDetails": ROLES,
    },
    "delegatedAdminAccessAssignments": {
        "delegatedAdminRelationshipId": "VARCHAR", "status": "VARCHAR",
        "accessContainer": "STRUCT(accessContainerType VARCHAR)", "accessDetails": ROLES,
    },
    "roleAssignments": {"principalId": "VARCHAR", "roleDefinitionId": "VARCHAR"},
    "securityDefaults": {"isEnabled": "BOOLEAN"},
}


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{one}'" for one in values)


EVERYTHING: Final = """
    list_contains(c.users.includeUsers, 'All') AND len(c.users.excludeUsers) = 0
    AND len(c.users.excludeGroups) = 0 AND len(c.users.excludeRoles) = 0
    AND list_contains(c.applications.includeApplications, 'All')
    AND len(c.applications.excludeApplications) = 0
    AND len(c.signInRiskLevels) = 0 AND len(c.userRiskLevels) = 0
    AND NOT EXISTS (SELECT 1 FROM (SELECT unnest([
        c.users.excludeGuestsOrExternalUsers, c.applications.applicationFilter, c.locations,
        c.platforms, c.devices, c.insiderRiskLevels, c.authenticationFlows,
        c.clientApplications]) AS v) WHERE v IS NOT NULL AND v <> 'null')
"""
HOLDERS: Final = f"""id IN (SELECT principalId FROM roleAssignments
    WHERE roleDefinitionId IN ({_listed(PRIVILEGED_ROLES)}))"""
PREPARED: Final = f"""
CREATE VIEW enabled AS SELECT id, conditions AS c, grantControls.builtInControls AS controls
    FROM conditionalAccessPolicies WHERE state = 'enabled';
CREATE VIEW relationships AS
    SELECT id, list_transform(accessDetails.unifiedRoles, lambda r: r.roleDefinitionId) AS roles
    FROM delegatedAdminRelationships
    WHERE status = 'active' AND activatedDateTime <= '{WINDOW_BEGINS}';
CREATE VIEW assignments AS
    SELECT delegatedAdminRelationshipId AS of, status, accessContainer.accessContainerType AS kind,
    list_transform(accessDetails.unifiedRoles, lambda r: r.roleDefinitionId) AS roles
    FROM delegatedAdminAccessAssignments;
CREATE VIEW assigned AS SELECT r.id, any_value(r.roles) AS roles,
    coalesce(flatten(list(a.roles) FILTER (a.status = 'active')), []) AS given,
    count(*) FILTER (a.status = 'active') AS active,
    count(*) FILTER (a.status = 'error'
                     OR a.status = 'active' AND a.kind <> 'securityGroup') AS bad
    FROM relationships r LEFT JOIN assignments a ON a.of = r.id GROUP BY r.id;
"""
QUERIES: Final = {
    "MFA-002": f"""SELECT id FROM enabled WHERE NOT EXISTS (SELECT 1 FROM enabled WHERE {EVERYTHING}
        AND list_contains(c.clientAppTypes, 'all') AND controls = ['mfa'])""",
    "MFA-004": """SELECT id FROM users JOIN userRegistrationDetails USING (id)
        WHERE accountEnabled IS DISTINCT FROM false AND isMfaCapable IS DISTINCT FROM true""",
    "MFA-007": """SELECT id FROM enabled WHERE list_contains(c.users.includeUsers, 'All')
        AND list_contains(controls, 'mfa') AND (len(c.users.excludeUsers) > 0 OR EXISTS (
            SELECT 1 FROM groupMembers g
            WHERE list_contains(c.users.excludeGroups, g.id) AND len(g.members) > 0))""",
    "LEG-001": f"""SELECT id FROM enabled
        WHERE NOT EXISTS (SELECT 1 FROM securityDefaults WHERE isEnabled)
        AND NOT EXISTS (SELECT 1 FROM enabled WHERE {EVERYTHING}
            AND list_has_all(c.clientAppTypes, ['exchangeActiveSync', 'other'])
            AND list_contains(controls, 'block'))""",
    "SD-002": """SELECT id FROM enabled
        WHERE EXISTS (SELECT 1 FROM securityDefaults WHERE isEnabled)""",
    "LOG-001": f"""SELECT DISTINCT lower(userId || '|' || appId || '|' || clientAppUsed)
        FROM signIns WHERE isInteractive IS DISTINCT FROM false
        AND list_contains(signInEventTypes, 'interactiveUser')
        AND authenticationRequirement = 'singleFactorAuthentication' AND status.errorCode = 0
        AND createdDateTime >= '{WINDOW_BEGINS}'
        AND len(list_filter(authenticationDetails,
                            lambda d: d.authenticationMethod <> 'Password')) = 0
        AND userId NOT IN (SELECT id FROM users WHERE NOT accountEnabled)""",
    "PRV-004": f"""SELECT id FROM users WHERE {HOLDERS} AND accountEnabled IS DISTINCT FROM false
        AND len(list_filter(assignedPlans, lambda p: p.capabilityStatus = 'Enabled'
            AND p.service IN ('exchange', 'Exchange', 'SharePoint', 'TeamspaceAPI'))) > 0""",
    "PRV-005": f"""SELECT id FROM users WHERE {HOLDERS} AND (userType = 'Guest'
        OR contains(userPrincipalName, '#EXT#') OR externalUserState IS NOT NULL
        OR accountEnabled IS DISTINCT FROM true)""",
    "ISO-001": """SELECT id FROM users WHERE accountEnabled IS DISTINCT FROM false
        AND len(list_filter(assignedPlans, lambda p: p.capabilityStatus IN ('Enabled', 'Warning')
            AND p.servicePlanId <> '113feb6c-3fe4-4440-bddc-54d774bf0318'
            AND p.service IN ('exchange', 'Exchange', 'SharePoint', 'TeamspaceAPI',
                              'MicrosoftCommunicationsOnline'))) > 0""",
    "GDAP-002": f"""SELECT id FROM delegatedAdminRelationships
        WHERE status IN ('approvalPending', 'approved', 'activating', 'active', 'expiring',
                         'terminationRequested', 'terminating')
        AND list_contains(list_transform(accessDetails.unifiedRoles,
                                         lambda r: r.roleDefinitionId),
                          '{GLOBAL_ADMINISTRATOR}')""",
    "GDAP-003": """SELECT id FROM assigned
        WHERE active = 0 OR bad > 0 OR NOT list_has_all(roles, given)""",
    "GDAP-004": f"""SELECT id FROM delegatedAdminRelationships WHERE status = 'active'
        AND len(list_filter(accessDetails.unifiedRoles,
                lambda r: r.roleDefinitionId NOT IN ({_listed(APPROVED_ROLES)}))) > 0""",
    "GDAP-005": f"""SELECT id FROM delegatedAdminRelationships WHERE status = 'active'
        AND CAST(duration[2:-2] AS INTEGER) > {LONGEST_DAYS}""",
    "GDAP-013": "SELECT id FROM assigned WHERE NOT list_has_all(given, roles)",
}


def run(folder: Path, out: Path) -> Answers:
    """Judge a tenant by the fourteen policies."""
    import duckdb

    base = duckdb.connect(config={"autoinstall_known_extensions": False})
    files = files_of(folder)
    for name, columns in COLUMNS.items():
        base.execute(f"CREATE TABLE {name} AS SELECT * FROM read_json(?, columns = ?, "
                     f"maximum_object_size = {LARGEST_OBJECT}, format = ?)",
                     [str(files[name]), columns, _format(files[name])])
    base.execute(PREPARED)
    failing = {name: [row[0] for row in base.execute(query).fetchall()]
               for name, query in QUERIES.items()}
    answers = answers_of(failing)
    out.write_text(json.dumps(answers))
    return answers


def _format(path: Path) -> str:
    with path.open("rb") as file:
        array = file.read(1) == b"["
    return "array" if array else "newline_delimited"
