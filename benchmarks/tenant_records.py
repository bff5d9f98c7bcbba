"""Records of synthetic tenants, collection by collection: the same seed gives the same records.

5 % of the accounts fail what the policies ask, and so do 5 % of the sign-ins and relationships.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

TENANT = "11111111-1111-4111-8111-111111111111"
FAILING = 0.05
RARE = 0.002
SIGN_INS = 3
P2_PLAN = "eec0eb4f-6444-4f95-aba0-50c24d67f998"
GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"
GLOBAL_READER = "f2ef992c-3afb-46b9-b7cf-a126ee74c451"
SERVICE_SUPPORT = "f023fd81-a637-4b56-95fd-791ac0226033"
DIRECTORY_READERS = "88d8e3e3-8f55-4a1e-953a-9b9898b8876b"

Record = dict[str, Any]


def guid(kind: int, number: int) -> str:
    """Return an object id that tells its kind and number."""
    return f"{kind:08x}-0000-4000-8000-{number:012x}"


def users(count: int, draw: random.Random) -> Iterator[Record]:
    """Yield users with the properties that an export selects, and some that nothing reads."""
    for number in range(count):
        guest = number % 10 == 9
        name = f"user{number}"
        yield {
            "id": guid(1, number),
            "displayName": f"User {number}",
            "userPrincipalName": f"{name}_fabrikam.example#EXT#@contoso.example" if guest else
            f"{name}@contoso.example",
            "userType": "Guest" if guest else "Member",
            "accountEnabled": draw.random() > 0.02,
            "mail": f"{name}@contoso.example",
            "otherMails": [],
            "onPremisesSyncEnabled": None,
            "onPremisesImmutableId": None,
            "externalUserState": "Accepted" if guest else None,
            "creationType": "Invitation" if guest else None,
            "createdDateTime": "2024-05-02T09:00:00Z",
            "employeeLeaveDateTime": None,
            "givenName": "User",
            "surname": str(number),
            "jobTitle": "Consultant",
            "officeLocation": "Main street 1",
            "mobilePhone": None,
            "businessPhones": ["+49 30 1234567"],
            "preferredLanguage": "de-DE",
            "assignedLicenses": [
                {"skuId": "06ebc4ee-1bb5-47dd-8120-11324bc54e06", "disabledPlans": []},
            ],
            "assignedPlans": [
                {"assignedDateTime": "2025-02-01T00:00:00Z", "capabilityStatus": "Enabled",
                 "service": "AADPremiumService", "servicePlanId": P2_PLAN},
            ],
            "signInActivity": {
                "lastSignInDateTime": "2026-11-19T08:00:00Z",
                "lastNonInteractiveSignInDateTime": "2026-11-19T09:00:00Z",
                "lastSuccessfulSignInDateTime": "2026-11-19T08:00:00Z",
            },
        }


def registrations(count: int, draw: random.Random) -> Iterator[Record]:
    """Yield a registration row for each user; 5 % cannot perform MFA."""
    for number in range(count):
        capable = draw.random() >= FAILING
        yield {
            "id": guid(1, number),
            "userPrincipalName": f"user{number}@contoso.example",
            "userDisplayName": f"User {number}",
            "userType": "guest" if number % 10 == 9 else "member",
            "isAdmin": number < 50,
            "isSsprRegistered": capable,
            "isSsprEnabled": capable,
            "isSsprCapable": capable,
            "isMfaRegistered": capable,
            "isMfaCapable": capable,
            "isPasswordlessCapable": False,
            "methodsRegistered": ["microsoftAuthenticatorPush", "softwareOneTimePasscode"]
            if capable else ["email"],
            "isSystemPreferredAuthenticationMethodEnabled": True,
            "systemPreferredAuthenticationMethods": ["push"],
            "userPreferredMethodForSecondaryAuthentication": "push",
            "lastUpdatedDateTime": "2026-11-19T22:00:00Z",
        }


def per_user_mfa(count: int) -> Iterator[Record]:
    """Yield the state of per-user MFA of each user: off, as it should be."""
    for number in range(count):
        yield {"id": guid(1, number), "perUserMfaState": "disabled"}


def sign_ins(count: int, draw: random.Random, rows: int | None = None) -> Iterator[Record]:
    """Yield three sign-ins per user, or `rows` in all.

    5 % of them are without MFA, one in ten is by a client for a user, a few are by legacy clients
    and a few hand over the password.
    """
    for number in range(count * SIGN_INS if rows is None else rows):
        user = number % count
        single, by_client = draw.random() < FAILING, number % 10 == 3
        client = "Browser" if number % 3 else "Mobile Apps and Desktop clients"
        yield {
            "id": guid(2, number),
            "createdDateTime": f"2026-11-{13 + number % 7:02d}T{number % 24:02d}:00:00Z",
            "userId": guid(1, user),
            "userPrincipalName": f"user{user}@contoso.example",
            "userDisplayName": f"User {user}",
            "appId": guid(3, number % 40),
            "appDisplayName": f"App {number % 40}",
            "ipAddress": "203.0.113.7",
            "clientAppUsed": "IMAP4" if draw.random() < RARE else client,
            "userAgent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36",
            "correlationId": guid(4, number),
            "conditionalAccessStatus": "success",
            "isInteractive": not by_client,
            "signInEventTypes": ["nonInteractiveUser" if by_client else "interactiveUser"],
            "riskDetail": "none",
            "riskLevelAggregated": "none",
            "riskState": "none",
            "resourceDisplayName": "Microsoft Graph",
            "resourceId": "00000003-0000-0000-c000-000000000000",
            "resourceTenantId": TENANT,
            "homeTenantId": TENANT,
            "crossTenantAccessType": "none",
            "authenticationProtocol": "ropc" if draw.random() < RARE else "none",
            "authenticationRequirement": "singleFactorAuthentication" if single else
            "multiFactorAuthentication",
            "authenticationDetails": [
                {"authenticationMethod": "Password", "authenticationStepResultDetail": "",
                 "authenticationStepRequirement": "", "succeeded": True,
                 "authenticationStepDateTime": "2026-11-19T08:00:00Z",
                 "authenticationMethodDetail": "Password in the cloud"},
            ],
            "status": {"errorCode": 0, "failureReason": "Other.", "additionalDetails": None},
            "deviceDetail": {"deviceId": "", "displayName": None, "operatingSystem": "Windows10",
                             "browser": "Edge 130", "isCompliant": False, "isManaged": False,
                             "trustType": None},
            "location": {"city": "Berlin", "state": "Berlin", "countryOrRegion": "DE",
                         "geoCoordinates": {"altitude": None, "latitude": 52.5,
                                            "longitude": 13.4}},
            "appliedConditionalAccessPolicies": [],
        }


def conditions(**more: Any) -> Record:
    """Return the conditions of a Conditional Access policy for all users and resources."""
    return {
        "clientAppTypes": ["all"], "locations": None, "platforms": None, "devices": None,
        "signInRiskLevels": [], "userRiskLevels": [], "servicePrincipalRiskLevels": [],
        "insiderRiskLevels": None, "authenticationFlows": None, "clientApplications": None,
        "applications": {
            "includeApplications": ["All"], "excludeApplications": [], "includeUserActions": [],
            "includeAuthenticationContextClassReferences": [], "applicationFilter": None,
        },
        "users": {
            "includeUsers": ["All"], "excludeUsers": [], "includeGroups": [], "excludeGroups": [],
            "includeRoles": [], "excludeRoles": [], "includeGuestsOrExternalUsers": None,
            "excludeGuestsOrExternalUsers": None,
        },
    } | more


def access_policies(count: int, groups: int, draw: random.Random) -> Iterator[Record]:
    """Yield policies: one for all but a group, one against legacy clients, many for groups."""
    for number in range(count):
        wanted = conditions()
        controls = ["mfa"]
        if number == 0:
            wanted["users"]["excludeGroups"] = [guid(5, 0)]
        elif number == 1:
            wanted["clientAppTypes"] = ["exchangeActiveSync", "other"]
            controls = ["block"]
        else:
            wanted["users"]["includeUsers"] = []
            wanted["users"]["includeGroups"] = [guid(5, draw.randrange(groups))]
        yield {
            "id": guid(6, number), "displayName": f"Policy {number}", "templateId": None,
            "createdDateTime": "2025-01-01T00:00:00Z", "modifiedDateTime": None,
            "state": "enabled" if number % 4 != 3 else "enabledForReportingButNotEnforced",
            "sessionControls": None, "conditions": wanted,
            "grantControls": {
                "operator": "OR", "builtInControls": controls, "customAuthenticationFactors": [],
                "termsOfUse": [], "authenticationStrength": None,
            },
        }


def groups_of(count: int) -> Iterator[Record]:
    """Yield plain security groups."""
    for number in range(count):
        yield {
            "id": guid(5, number), "displayName": f"Group {number}", "securityEnabled": True,
            "mailEnabled": False, "groupTypes": [], "membershipRule": None,
            "isAssignableToRole": None, "onPremisesSyncEnabled": None, "visibility": "Private",
        }


def members_of(groups: int, people: int, draw: random.Random) -> Iterator[Record]:
    """Yield each group's direct members: twenty users, and sometimes another group."""
    for number in range(groups):
        inside = [{"@odata.type": "#microsoft.graph.user", "id": guid(1, draw.randrange(people))}
                  for _ in range(20)]
        if number % 7 == 3:
            inside.append({"@odata.type": "#microsoft.graph.group",
                           "id": guid(5, draw.randrange(groups))})
        yield {"id": guid(5, number), "members": inside}


def relationships(count: int, draw: random.Random) -> Iterator[Record]:
    """Yield GDAP relationships; 5 % last too long, 5 % grant Global Administrator."""
    for number in range(count):
        roles = [SERVICE_SUPPORT, DIRECTORY_READERS]
        if draw.random() < FAILING:
            roles = [SERVICE_SUPPORT, GLOBAL_ADMINISTRATOR]
        yield {
            "@odata.type": "#microsoft.graph.delegatedAdminRelationship",
            "id": f"relationship-{number}", "displayName": f"Customer {number}",
            "status": "active", "duration": "P1095D" if draw.random() < FAILING else "P365D",
            "autoExtendDuration": "PT0S",
            "customer": {"tenantId": guid(7, number), "displayName": f"Customer {number}"},
            "accessDetails": {"unifiedRoles": [{"roleDefinitionId": one} for one in roles]},
            "createdDateTime": "2026-01-10T08:00:00Z",
            "activatedDateTime": "2026-01-11T08:00:00Z",
            "lastModifiedDateTime": "2026-01-11T08:00:00Z",
            "endDateTime": "2027-01-11T08:00:00Z",
        }


def grants(count: int, groups: int, draw: random.Random) -> Iterator[Record]:
    """Yield the access assignment of each GDAP relationship; 5 % have none."""
    for number in range(count):
        if draw.random() < FAILING:
            continue
        yield {
            "id": f"assignment-{number}", "delegatedAdminRelationshipId": f"relationship-{number}",
            "status": "active", "createdDateTime": "2026-01-12T08:00:00Z",
            "lastModifiedDateTime": "2026-01-12T08:00:00Z",
            "accessContainer": {"accessContainerId": guid(5, number % groups),
                                "accessContainerType": "securityGroup"},
            "accessDetails": {"unifiedRoles": [
                {"roleDefinitionId": SERVICE_SUPPORT}, {"roleDefinitionId": DIRECTORY_READERS}]},
        }


def admins(count: int) -> Iterator[Record]:
    """Yield active role assignments of some users."""
    for number in range(max(3, min(200, count // 50))):
        yield {
            "id": f"role-{number}", "principalId": guid(1, number), "directoryScopeId": "/",
            "roleDefinitionId": GLOBAL_READER,
        }
