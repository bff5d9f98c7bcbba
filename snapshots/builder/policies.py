"""Conditional Access: conditions with every key spelled out, controls, strengths, locations."""

from __future__ import annotations

from typing import Any, Final

from builder.names import Record, Tenant, ago

MFA: Final = "00000000-0000-0000-0000-000000000002"
PASSWORDLESS: Final = "00000000-0000-0000-0000-000000000003"
PHISHING_RESISTANT: Final = "00000000-0000-0000-0000-000000000004"

STRONG: Final = ["windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor"]
ANY_FACTOR: Final = [
    *STRONG, "deviceBasedPush", "temporaryAccessPassOneTime", "temporaryAccessPassMultiUse",
    "password,microsoftAuthenticatorPush", "password,softwareOath", "password,hardwareOath",
    "password,sms", "password,voice", "federatedMultiFactor",
]
STRENGTHS: Final = {
    MFA: ("Multifactor authentication", ANY_FACTOR),
    PASSWORDLESS: ("Passwordless MFA", [*STRONG, "deviceBasedPush"]),
    PHISHING_RESISTANT: ("Phishing-resistant MFA", STRONG),
}


def strengths() -> list[Record]:
    """Return the three built-in authentication strengths."""
    return [strength(key) | {"description": None, "createdDateTime": "2021-12-01T00:00:00Z",
                             "modifiedDateTime": "2021-12-01T00:00:00Z",
                             "combinationConfigurations": []}
            for key in STRENGTHS]


def strength(key: str) -> Record:
    """Return one built-in authentication strength as a policy carries it."""
    name, combinations = STRENGTHS[key]
    return {
        "id": key,
        "displayName": name,
        "policyType": "builtIn",
        "requirementsSatisfied": "mfa",
        "allowedCombinations": list(combinations),
    }


def demand_strength(key: str) -> Record:
    """Return grant controls that demand an authentication strength."""
    return demand() | {"authenticationStrength": strength(key)}


def demand(*controls: str, operator: str = "OR") -> Record:
    """Return grant controls made of built-in controls such as `mfa` or `block`."""
    return {
        "operator": operator,
        "builtInControls": list(controls),
        "customAuthenticationFactors": [],
        "termsOfUse": [],
        "authenticationStrength": None,
    }


def who(**changes: Any) -> Record:
    """Return the users condition: everybody, unless a change says otherwise."""
    return {
        "includeUsers": ["All"], "excludeUsers": [],
        "includeGroups": [], "excludeGroups": [],
        "includeRoles": [], "excludeRoles": [],
        "includeGuestsOrExternalUsers": None, "excludeGuestsOrExternalUsers": None,
    } | changes


def what(**changes: Any) -> Record:
    """Return the applications condition: every resource, unless a change says otherwise."""
    return {
        "includeApplications": ["All"], "excludeApplications": [], "includeUserActions": [],
        "includeAuthenticationContextClassReferences": [], "applicationFilter": None,
    } | changes


def policy(
    tenant: Tenant,
    name: str,
    users: Record,
    grant: Record | None,
    *,
    state: str = "enabled",
    age: int = 400,
    changed: int | None = None,
    session: Record | None = None,
    **conditions: Any,
) -> Record:
    """Return one Conditional Access policy; `conditions` replaces neutral ones."""
    return {
        "id": tenant.guid("policy", name),
        "displayName": name,
        "state": state,
        "templateId": None,
        "createdDateTime": ago(age),
        "modifiedDateTime": None if changed is None else ago(changed),
        "conditions": _neutral() | {"users": users} | conditions,
        "grantControls": grant,
        "sessionControls": session,
    }


def _neutral() -> Record:
    return {
        "clientAppTypes": ["all"],
        "signInRiskLevels": [],
        "userRiskLevels": [],
        "servicePrincipalRiskLevels": [],
        "insiderRiskLevels": None,
        "platforms": None,
        "locations": None,
        "devices": None,
        "clientApplications": None,
        "authenticationFlows": None,
        "applications": what(),
        "users": who(),
    }


def every_sign_in(hours: int) -> Record:
    """Return session controls with a sign-in frequency in hours and no persistent browser."""
    never = {"isEnabled": True, "mode": "never"}
    return _session(value=hours, type="hours", frequencyInterval="timeBased") | {
        "persistentBrowser": never,
    }


def every_time() -> Record:
    """Return session controls that ask anew at each sign-in."""
    return _session(value=None, type=None, frequencyInterval="everyTime")


def _session(**frequency: Any) -> Record:
    proof = {"authenticationType": "primaryAndSecondaryAuthentication"}
    return {
        "applicationEnforcedRestrictions": None,
        "cloudAppSecurity": None,
        "persistentBrowser": None,
        "signInFrequency": {"isEnabled": True} | frequency | proof,
        "secureSignInSession": None,
        "disableResilienceDefaults": None,
    }


def network(tenant: Tenant, name: str, cidr: str, trusted: bool) -> Record:
    """Return a named location made of one address range."""
    return {
        "@odata.type": "#microsoft.graph.ipNamedLocation",
        "id": tenant.guid("location", name),
        "displayName": name,
        "createdDateTime": ago(800),
        "modifiedDateTime": ago(800),
        "isTrusted": trusted,
        "ipRanges": [{"@odata.type": "#microsoft.graph.iPv4CidrRange", "cidrAddress": cidr}],
    }


def countries(tenant: Tenant, name: str, codes: list[str]) -> Record:
    """Return a named location made of countries."""
    return {
        "@odata.type": "#microsoft.graph.countryNamedLocation",
        "id": tenant.guid("location", name),
        "displayName": name,
        "createdDateTime": ago(500),
        "modifiedDateTime": ago(120),
        "countriesAndRegions": codes,
        "includeUnknownCountriesAndRegions": False,
        "countryLookupMethod": "clientIpAddress",
    }
