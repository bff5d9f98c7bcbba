"""Applications of a partner, their service principals, and what was consented to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from builder.groups import reference
from builder.names import Record, Tenant, ago, ahead, guid

GRAPH: Final = "00000003-0000-0000-c000-000000000000"
PARTNER_CENTER: Final = "fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd"
MICROSOFT: Final = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
USER_READ: Final = "e1fe6dd8-ba31-4d61-89e7-88639da4683d"
IMPERSONATION: Final = "1cebfa2a-fb4d-419e-b5f9-839b4383e05a"


@dataclass(frozen=True, slots=True)
class App:
    """An application of the tenant's own; `secret` is the number of days left, if it has one."""

    name: str
    partner: bool = False
    certificate: float | None = None
    secret: float | None = None
    owners: tuple[str, ...] = ()
    locked: bool = True


def applications(tenant: Tenant, apps: Iterable[App]) -> list[Record]:
    """Return the tenant's own applications."""
    return [_application(tenant, app, number) for number, app in enumerate(apps)]


def _application(tenant: Tenant, app: App, number: int) -> Record:
    return {
        "id": tenant.guid("applicationObject", app.name),
        "appId": tenant.guid("appId", app.name),
        "displayName": app.name,
        "createdDateTime": ago(900 - 90 * number),
        "signInAudience": "AzureADMultipleOrgs" if app.partner else "AzureADMyOrg",
        "publisherDomain": tenant.domain,
        "identifierUris": [],
        "tags": [],
        "isFallbackPublicClient": False,
        "disabledByMicrosoftStatus": None,
        "web": {"homePageUrl": None, "logoutUrl": None,
                "redirectUris": [f"https://portal.{tenant.domain}/signin"],
                "implicitGrantSettings": {"enableAccessTokenIssuance": False,
                                          "enableIdTokenIssuance": False}},
        "spa": {"redirectUris": []},
        "publicClient": {"redirectUris": []},
        "passwordCredentials": _secrets(tenant, app),
        "keyCredentials": _certificates(tenant, app),
        "requiredResourceAccess": _needs(app),
        "authenticationBehaviors": None,
        "servicePrincipalLockConfiguration": {"isEnabled": app.locked, "allProperties": True},
        "verifiedPublisher": {"verifiedPublisherId": None, "displayName": None,
                              "addedDateTime": None},
        "owners": [reference(tenant, owner) for owner in app.owners],
    }


def _secrets(tenant: Tenant, app: App) -> list[Record]:
    if app.secret is None:
        return []
    return [{"keyId": tenant.guid("secret", app.name), "displayName": "secret", "hint": "s4m",
             "startDateTime": ago(400), "endDateTime": ahead(app.secret)}]


def _certificates(tenant: Tenant, app: App) -> list[Record]:
    if app.certificate is None:
        return []
    return [{"keyId": tenant.guid("certificate", app.name),
             "displayName": f"CN={app.name}", "type": "AsymmetricX509Cert", "usage": "Verify",
             "startDateTime": ago(60), "endDateTime": ahead(app.certificate)}]


def _needs(app: App) -> list[Record]:
    needs = [(GRAPH, USER_READ), *([(PARTNER_CENTER, IMPERSONATION)] if app.partner else [])]
    return [{"resourceAppId": resource, "resourceAccess": [{"id": scope, "type": "Scope"}]}
            for resource, scope in needs]


def service_principals(tenant: Tenant, apps: Iterable[App]) -> list[Record]:
    """Return the principals of Microsoft's own resources and of the tenant's applications."""
    return [
        _principal(tenant, "Microsoft Graph", GRAPH, MICROSOFT),
        _principal(tenant, "Microsoft Partner Center", PARTNER_CENTER, MICROSOFT),
        *(_principal(tenant, app.name, tenant.guid("appId", app.name), tenant.id)
          for app in apps),
    ]


def foreign_principal(tenant: Tenant, name: str) -> Record:
    """Return the principal of an application that another organisation publishes."""
    return _principal(tenant, name, guid("appId", name), guid("tenant", name))


def _principal(tenant: Tenant, name: str, app: str, owner: str) -> Record:
    return {
        "id": tenant.guid("application", name),
        "appId": app,
        "displayName": name,
        "appDisplayName": name,
        "appOwnerOrganizationId": owner,
        "accountEnabled": True,
        "servicePrincipalType": "Application",
        "appRoleAssignmentRequired": False,
        "signInAudience": "AzureADMultipleOrgs",
        "tags": ["WindowsAzureActiveDirectoryIntegratedApp"],
        "passwordCredentials": [],
        "keyCredentials": [],
        "verifiedPublisher": {"verifiedPublisherId": None, "displayName": None,
                              "addedDateTime": None},
        "appRoles": [],
        "owners": [],
    }


def grant(tenant: Tenant, client: str, resource: str, scope: str, user: str = "") -> Record:
    """Return a delegated permission grant: for one user, or for everybody."""
    return {
        "id": tenant.guid("grant", f"{client}/{resource}/{user}"),
        "clientId": tenant.guid("application", client),
        "consentType": "Principal" if user else "AllPrincipals",
        "principalId": tenant.guid("user", user) if user else None,
        "resourceId": tenant.guid("application", resource),
        "scope": scope,
    }
