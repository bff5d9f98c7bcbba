"""Conditional Access of the well-kept partner."""

from __future__ import annotations

from typing import Any, Final

from builder import policies
from builder.names import Record, Tenant
from builder.policies import demand, demand_strength, policy, what, who
from builder.role_names import ROLES

EVERYBODY: Final = "CA001 Require MFA for everybody"
REGISTRATION: Final = "urn:user:registersecurityinfo"
PRIVILEGED: Final = (
    "Global Administrator", "Privileged Role Administrator", "Conditional Access Administrator",
    "User Administrator", "Authentication Administrator", "Security Reader",
)
REACHING: Final = (
    "AdminAgents", "HelpdeskAgents", "SalesAgents", "GDAP - Service desk", "GDAP - Licensing",
    "GDAP - Directory readers",
)


def conditional_access(tenant: Tenant) -> list[Record]:
    """Return the policies; only one of them asks for nothing yet."""
    return [*_for_all(tenant), *_for_administrators(tenant), *_against_risk(tenant)]


def _for_all(tenant: Tenant) -> list[Record]:
    synchronisation = ROLES["Directory Synchronization Accounts"]
    return [
        policy(tenant, EVERYBODY, who(excludeRoles=[synchronisation]),
               demand_strength(policies.MFA), changed=120),
        policy(tenant, "CA002 Phishing-resistant MFA for emergency accounts",
               who(includeUsers=_emergency(tenant)),
               demand_strength(policies.PHISHING_RESISTANT), age=380),
        policy(tenant, "CA003 Block legacy authentication", who(), demand("block"),
               clientAppTypes=["exchangeActiveSync", "other"]),
        policy(tenant, "CA005 Block device codes and transfers", who(), demand("block"), age=200,
               authenticationFlows={"transferMethods": "deviceCodeFlow,authenticationTransfer"}),
        policy(tenant, "CA010 MFA to register security information", who(), demand("mfa"),
               age=190, applications=what(
                   includeApplications=[], includeUserActions=[REGISTRATION])),
    ]


def _for_administrators(tenant: Tenant) -> list[Record]:
    groups = [tenant.guid("group", name) for name in REACHING]
    return [
        policy(tenant, "CA004 Phishing-resistant MFA for administrators",
               _administrators(), demand_strength(policies.PHISHING_RESISTANT),
               session=policies.every_sign_in(8), age=350),
        policy(tenant, "CA007 Compliant device for administrators and agents",
               _administrators(includeGroups=groups, excludeUsers=_emergency(tenant)),
               demand("compliantDevice"), age=150, changed=20),
        policy(tenant, "CA009 Compliant device for everybody",
               who(excludeUsers=_emergency(tenant)), demand("compliantDevice"),
               state="enabledForReportingButNotEnforced", age=20),
    ]


def _against_risk(tenant: Tenant) -> list[Record]:
    return [
        policy(tenant, "CA006 MFA on risky sign-ins", who(), demand("mfa"), age=340,
               signInRiskLevels=["medium", "high"], session=policies.every_time()),
        policy(tenant, "CA008 New password for users at high risk", who(),
               demand("mfa", "passwordChange", operator="AND"), age=340,
               userRiskLevels=["high"], session=policies.every_time()),
    ]


def _administrators(**changes: Any) -> Record:
    return who(includeUsers=[], includeRoles=[ROLES[name] for name in PRIVILEGED], **changes)


def _emergency(tenant: Tenant) -> list[str]:
    return [tenant.guid("user", f"emergency-{number}") for number in (1, 2)]
