"""Tenant-wide settings: the organisation, its domains, its policies, Exchange Online."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from builder.licences import EXCHANGE, INTUNE, PREMIUM_P1, TEAMS, plan_record
from builder.names import Record, Tenant, ago, guid

RESTRICTED_GUEST: Final = "2af84b1e-32c8-42b7-82bc-daa82404023b"
GUEST: Final = "10dae51f-b6af-4016-8d66-8c2a99b929b3"
MAIL: Final = "Email, OfficeCommunicationsOnline"
PILOT: Final = guid("group", "security key pilot")
NOBODY: Final = {"targetType": "group", "id": "00000000-0000-0000-0000-000000000000"}
EVERYONE: Final = {"targetType": "group", "id": "all_users"}


def organization(tenant: Tenant, premium: bool = True) -> Record:
    """Return the organisation with the plans that it owns."""
    plans = (EXCHANGE, TEAMS, INTUNE, PREMIUM_P1) if premium else (EXCHANGE, TEAMS)
    partner = tenant.kind == "partner"
    return {
        "id": tenant.id,
        "displayName": tenant.name,
        "tenantType": "AAD",
        "partnerTenantType": "resellerPartnerDelegatedAdmin" if partner else None,
        "createdDateTime": ago(3200),
        "countryLetterCode": "US",
        "onPremisesSyncEnabled": True if tenant.synchronised else None,
        "onPremisesLastSyncDateTime": ago(0, 1260) if tenant.synchronised else None,
        "securityComplianceNotificationMails": [f"soc@{tenant.domain}"],
        "technicalNotificationMails": [f"it@{tenant.domain}"],
        "verifiedDomains": [_verified(tenant.initial, True), _verified(tenant.domain, False)],
        "assignedPlans": [plan_record(plan) for plan in plans],
    }


def _verified(name: str, initial: bool) -> Record:
    return {"name": name, "isInitial": initial, "isDefault": not initial, "type": "Managed",
            "capabilities": MAIL}


def domains(tenant: Tenant, federated: Iterable[str] = ()) -> list[Record]:
    """Return the domains of a tenant; `federated` ones are further names."""
    return [
        _domain(tenant.initial, isInitial=True),
        _domain(tenant.domain, isDefault=True),
        *(_domain(name, authenticationType="Federated", isRoot=False) for name in federated),
    ]


def _domain(name: str, **changes: Any) -> Record:
    return {
        "id": name, "authenticationType": "Managed", "isVerified": True, "isDefault": False,
        "isInitial": False, "isRoot": True, "isAdminManaged": True,
        "supportedServices": ["Email", "OfficeCommunicationsOnline"],
    } | changes


def federation(tenant: Tenant, domain: str, behaviour: str) -> Record:
    """Return the federation settings of a domain, with the domain's name."""
    host = f"https://sts.{tenant.domain}"
    return {
        "id": tenant.guid("federation", domain),
        "domainId": domain,
        "displayName": "On-premises identity provider",
        "issuerUri": f"http://{domain}/adfs/services/trust/",
        "passiveSignInUri": f"{host}/adfs/ls/",
        "activeSignInUri": f"{host}/adfs/services/trust/2005/usernamemixed",
        "metadataExchangeUri": f"{host}/adfs/services/trust/mex",
        "preferredAuthenticationProtocol": "wsFed",
        "federatedIdpMfaBehavior": behaviour,
        "promptLoginBehavior": "nativeSupport",
        "isSignedAuthenticationRequestRequired": False,
        "signingCertificate": "c2FtcGxlIGNlcnRpZmljYXRlLCBub3QgYSByZWFsIG9uZQ==",
        "nextSigningCertificate": None,
        "signingCertificateUpdateStatus": None,
    }


def security_defaults(enabled: bool) -> Record:
    """Return the security defaults policy."""
    return {
        "id": "00000000-0000-0000-0000-000000000005",
        "displayName": "Security Defaults",
        "description": "Preconfigured identity security settings.",
        "isEnabled": enabled,
    }


def authorization(consent: list[str], strict: bool) -> Record:
    """Return the authorization policy; `consent` lists what users may consent to."""
    return {
        "id": "authorizationPolicy",
        "displayName": "Authorization Policy",
        "allowInvitesFrom": "adminsAndGuestInviters" if strict else "everyone",
        "guestUserRoleId": RESTRICTED_GUEST if strict else GUEST,
        "allowedToSignUpEmailBasedSubscriptions": not strict,
        "allowEmailVerifiedUsersToJoinOrganization": False,
        "allowedToUseSSPR": True,
        "allowUserConsentForRiskyApps": False if strict else None,
        "blockMsolPowerShell": strict,
        "defaultUserRolePermissions": {
            "allowedToCreateApps": not strict,
            "allowedToCreateSecurityGroups": not strict,
            "allowedToCreateTenants": not strict,
            "allowedToReadBitlockerKeysForOwnedDevice": True,
            "allowedToReadOtherUsers": True,
            "permissionGrantPoliciesAssigned": consent,
        },
    }


def admin_consent(reviewers: list[str]) -> Record:
    """Return the admin consent workflow: on where somebody reviews requests."""
    return {
        "isEnabled": bool(reviewers),
        "notifyReviewers": bool(reviewers),
        "remindersEnabled": bool(reviewers),
        "requestDurationInDays": 30,
        "reviewers": [{"query": f"/users/{reviewer}", "queryType": "MicrosoftGraph",
                       "queryRoot": None} for reviewer in reviewers],
        "version": 0,
    }


def cross_tenant(trusting: bool = False) -> Record:
    """Return cross-tenant access settings: by default nobody else's MFA is trusted."""
    trust = {"isMfaAccepted": trusting, "isCompliantDeviceAccepted": False,
             "isHybridAzureADJoinedDeviceAccepted": False}
    return {
        "id": "crossTenantAccessPolicy",
        "displayName": "CrossTenantAccessPolicy",
        "allowedCloudEndpoints": [],
        "default": {"isServiceDefault": not trusting, "inboundTrust": trust},
        "partners": [],
    }


def authentication_methods(phone: str, migration: str, plain: str = "enabled") -> Record:
    """Return the methods policy: `phone` is the state of SMS and voice, `plain` that of codes.

    Where codes are not on, security keys are for one group only.
    """
    return {
        "id": "authenticationMethodsPolicy",
        "displayName": "Authentication Methods Policy",
        "lastModifiedDateTime": ago(210),
        "policyVersion": "1.5",
        "policyMigrationState": migration,
        "reconfirmationInDays": None,
        "registrationEnforcement": {"authenticationMethodsRegistrationCampaign": {
            "state": "default", "snoozeDurationInDays": 1, "includeTargets": [],
            "excludeTargets": [],
        }},
        "authenticationMethodConfigurations": [
            _method("SoftwareOath", "softwareOath", plain),
            _authenticator(phone),
            _method("Fido2", "fido2", "enabled", isAttestationEnforced=True) | _keys(plain),
            _method("TemporaryAccessPass", "temporaryAccessPass", "enabled", isUsableOnce=True),
            _method("Sms", "sms", phone),
            _method("Voice", "voice", phone),
            _method("Email", "email", phone),
        ],
    }


def _keys(plain: str) -> Record:
    if plain == "enabled":
        return {}
    return {"includeTargets": [{"targetType": "group", "id": PILOT}]}


def _method(name: str, kind: str, state: str, **more: Any) -> Record:
    return {
        "@odata.type": f"#microsoft.graph.{kind}AuthenticationMethodConfiguration",
        "id": name,
        "state": state,
        "includeTargets": [EVERYONE | {"isRegistrationRequired": False}],
        "excludeTargets": [],
    } | more


def _authenticator(phone: str) -> Record:
    shown = {"state": "default" if phone == "enabled" else "enabled", "includeTarget": EVERYONE,
             "excludeTarget": NOBODY}
    features = {"displayAppInformationRequiredState": shown,
                "displayLocationInformationRequiredState": shown}
    return _method("MicrosoftAuthenticator", "microsoftAuthenticator", "enabled",
                   isSoftwareOathEnabled=True, featureSettings=features)


def exchange_organization(tenant: Tenant, modern: bool, audited: bool = True) -> Record:
    """Return Exchange Online's organisation settings."""
    return {
        "Identity": tenant.initial,
        "Name": tenant.initial,
        "OAuth2ClientProfileEnabled": modern,
        "DefaultAuthenticationPolicy": "Block Basic" if modern else None,
        "AuditDisabled": not audited,
    }


def exchange_transport(smtp_off: bool) -> Record:
    """Return Exchange Online's transport settings."""
    return {"SmtpClientAuthenticationDisabled": smtp_off}
