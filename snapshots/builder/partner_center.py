"""What Partner Center itself says of a partner: score, requirements, requests without MFA."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from builder.names import Record, Tenant, ago
from builder.people import Person

BASE: Final = "#microsoft.graph.partner.security.securityRequirement"
ADMINS: Final = "#microsoft.graph.partner.security.adminsMfaEnforcedSecurityRequirement"


def score(tenant: Tenant, points: int) -> Record:
    """Return the security score."""
    return {
        "id": tenant.guid("partner", "score"),
        "currentScore": points,
        "maxScore": 100,
        "lastRefreshDateTime": ago(0, 7200),
        "updatedDateTime": ago(1),
    }


def requirements(tenant: Tenant, admins: int, without: int, people: int) -> list[Record]:
    """Return the requirements behind the score; `without` admins do not use MFA."""
    mfa = _requirement(tenant, "mfaEnforcedForAdmins", 0 if without else 20, 20) | {
        "@odata.type": ADMINS,
        "totalAdminsCount": admins,
        "adminsRequiredNotUsingMfaCount": without,
        "mfaEnabledAdminsCount": admins - without,
        "totalUsersCount": people,
        "usersRequiredNotUsingMfaCount": without,
        "mfaEnabledUsersCount": people - without,
        "securityDefaultsStatus": "disabled",
        "mfaConditionalAccessPolicyStatus": "disabled" if without else "enabled",
        "legacyPerUserMfaStatus": "disabled",
    }
    return [mfa, _requirement(tenant, "securityContactProvided", 20, 20)]


def _requirement(tenant: Tenant, kind: str, points: int, most: int) -> Record:
    return {
        "@odata.type": BASE,
        "id": tenant.guid("requirement", kind),
        "requirementType": kind,
        "complianceStatus": "compliant" if points == most else "noncomplaint",
        "score": points,
        "maxScore": most,
        "state": "active",
        "updatedDateTime": ago(1),
        "actionUrl": None,
        "helpUrl": None,
    }


def without_mfa(tenant: Tenant, people: Iterable[Person]) -> Record:
    """Return the principals that called Partner Center without MFA in the last days."""
    items = [{
        "objectId": tenant.guid("user", person.key),
        "tenantId": tenant.id,
        "upn": person.upn(tenant),
        "lastNonMfaCompliantRequestDateTime": ago(2),
    } for person in people]
    return {"totalCount": len(items), "items": items}


def requests(tenant: Tenant, rows: Iterable[tuple[Person, bool]]) -> Record:
    """Return requests to Partner Center; each row says who asked and whether with MFA."""
    items = [_request(tenant, person, compliant, number)
             for number, (person, compliant) in enumerate(rows)]
    return {"totalCount": len(items), "items": items}


def _request(tenant: Tenant, person: Person, compliant: bool, number: int) -> Record:
    return {
        "requestId": tenant.guid("request", str(number)),
        "correlationId": "",
        "operationName": "Get /v{version}/customers",
        "requestDateTime": ago(1, 600 * number),
        "ipAddress": "203.0.113.24",
        "objectId": tenant.guid("user", person.key),
        "tenantId": tenant.id,
        "upn": person.upn(tenant),
        "applicationId": tenant.guid("appId", "Partner Center Integration"),
        "mfaCompliant": compliant,
    }
