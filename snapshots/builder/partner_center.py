"""What Partner Center itself says of a partner: score, requirements, requests without MFA."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from builder.gdap import Customer
from builder.names import Record, Tenant, ago
from builder.people import Person

BASE: Final = "#microsoft.graph.partner.security.securityRequirement"
ADMINS: Final = "#microsoft.graph.partner.security.adminsMfaEnforcedSecurityRequirement"
MOST: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What Partner Center counts beside MFA of administrators: of `customers`, so many.

    `mfa` gives for each customer what demands MFA there: `defaults`, `policies`, `users`, or ``.
    """

    contact: bool = True
    hours: float = 0
    mfa: Mapping[Customer, str] = field(default_factory=dict)
    with_budget: int = 0
    history: Sequence[int] = ()

    def safe(self) -> int:
        """Return how many customers demand MFA."""
        return sum(bool(how) for how in self.mfa.values())


def score(tenant: Tenant, points: int) -> Record:
    """Return the security score."""
    return {
        "id": tenant.guid("partner", "score"),
        "currentScore": points,
        "maxScore": 100,
        "lastRefreshDateTime": ago(0, 7200),
        "updatedDateTime": ago(1),
    }


def history(tenant: Tenant, points: Sequence[int]) -> list[Record]:
    """Return past scores, one for each month, the oldest first."""
    ages = range(30 * len(points), 0, -30)
    return [{
        "id": tenant.guid("score", str(age)), "createdDateTime": ago(age), "score": score,
        "compliantRequirementsCount": score // MOST, "totalRequirementsCount": 5,
    } for age, score in zip(ages, points, strict=True)]


def customer_insights(how: Mapping[Customer, str]) -> list[Record]:
    """Return for each customer what demands MFA of its people."""
    return [{"tenantId": customer.id, "mfa": _insight(word)} for customer, word in how.items()]


def _insight(word: str) -> Record:
    return {
        "compliantAdminsCount": 2 if word else 0,
        "compliantNonAdminsCount": 30 if word else 4,
        "totalUsersCount": 32,
        "securityDefaultsStatus": _switch(word == "defaults"),
        "mfaConditionalAccessPolicyStatus": _switch(word == "policies"),
        "legacyPerUserMfaStatus": _switch(word == "users"),
    }


def _switch(is_on: bool) -> str:
    return "enabled" if is_on else "disabled"


def requirements(tenant: Tenant, counted: Counted) -> list[Record]:
    """Return the requirements behind the score but that on administrators."""
    customers, safe = len(counted.mfa), counted.safe()
    return [
        _requirement(tenant, "securityContactProvided", counted.contact),
        _requirement(tenant, "securityAlertsPromptlyResolved", counted.hours <= 24) | {
            "averageResponseTimeInHours": counted.hours},
        _requirement(tenant, "mfaEnforcedForAdminsOfCustomers", safe == customers) | {
            "compliantTenantCount": safe, "totalTenantCount": customers},
        _requirement(tenant, "spendingBudgetSetForCustomerAzureSubscriptions",
                     counted.with_budget == customers) | {
            "customersWithSpendBudgetCount": counted.with_budget,
            "totalCustomersCount": customers},
    ]


def administrators(tenant: Tenant, admins: int, without: int, people: int) -> Record:
    """Return the requirement on administrators, of whom `without` do not use MFA."""
    return _requirement(tenant, "mfaEnforcedForAdmins", not without) | {
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


def _requirement(tenant: Tenant, kind: str, is_met: bool) -> Record:
    return {
        "@odata.type": BASE,
        "id": tenant.guid("requirement", kind),
        "requirementType": kind,
        "complianceStatus": "compliant" if is_met else "noncomplaint",
        "score": MOST if is_met else 0,
        "maxScore": MOST,
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
