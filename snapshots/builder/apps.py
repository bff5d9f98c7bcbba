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
OLD_GRAPH: Final = "00000002-0000-0000-c000-000000000000"
OLD_READ: Final = "311a71cc-e848-46a1-bdf8-97ff7156d8e6"
IMPERSONATION: Final = "1cebfa2a-fb4d-419e-b5f9-839b4383e05a"
PERMISSIONS: Final = {
    "User.Read.All": "df021288-bdef-4463-88db-98f22de89214",
    "Application.Read.All": "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30",
    "RoleManagement.ReadWrite.Directory": "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8",
}


@dataclass(frozen=True, slots=True)
class App:
    """An application of the tenant's own; `secret` is the number of days left, if it has one."""

    name: str
    partner: bool = False
    certificate: float | None = None
    secret: float | None = None
    owners: tuple[str, ...] = ()
    locked: bool = True
    restricted: bool = True
    implicit: bool = False
    old_graph: bool = False


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
        "isDisabled": None,
        "disabledByMicrosoftStatus": None,
        "web": {"homePageUrl": None, "logoutUrl": None,
                "redirectUris": [f"https://portal.{tenant.domain}/signin"],
                "implicitGrantSettings": {"enableAccessTokenIssuance": app.implicit,
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
        "appManagementPolicies": [_restriction(tenant)] if app.restricted else [],
        "owners": [reference(tenant, owner) for owner in app.owners],
    }


def _restriction(tenant: Tenant) -> Record:
    name = "Certificates only, for a year at most"
    return {"id": tenant.guid("appManagementPolicy", name), "displayName": name,
            "isEnabled": True}


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
    needs = [(GRAPH, USER_READ), *([(PARTNER_CENTER, IMPERSONATION)] if app.partner else []),
             *([(OLD_GRAPH, OLD_READ)] if app.old_graph else [])]
    return [{"resourceAppId": resource, "resourceAccess": [{"id": scope, "type": "Scope"}]}
            for resource, scope in needs]


def service_principals(tenant: Tenant, apps: Iterable[App]) -> list[Record]:
    """Return the principals of Microsoft's own resources and of the tenant's applications."""
    return [
        _principal(tenant, "Microsoft Graph", GRAPH, MICROSOFT) | {"appRoles": _offers()},
        _principal(tenant, "Microsoft Partner Center", PARTNER_CENTER, MICROSOFT),
        *(_principal(tenant, app.name, tenant.guid("appId", app.name), tenant.id)
          for app in apps),
    ]


def _offers() -> list[Record]:
    return [{"id": key, "value": name, "displayName": name, "isEnabled": True}
            for name, key in PERMISSIONS.items()]


def foreign_principal(tenant: Tenant, name: str, publisher: str = "") -> Record:
    """Return the principal of an application of another organisation, verified if it is named."""
    verified = {"verifiedPublisherId": str(int(guid("publisher", publisher)[:6], 16)),
                "displayName": publisher, "addedDateTime": ago(600)}
    record = _principal(tenant, name, guid("appId", name), guid("tenant", name))
    return record | ({"verifiedPublisher": verified} if publisher else {})


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


def given(tenant: Tenant, client: str, permission: str) -> Record:
    """Return an application permission of Microsoft Graph that a client holds."""
    return {
        "id": tenant.guid("appRoleAssignment", f"{client}/{permission}"),
        "principalId": tenant.guid("application", client),
        "principalType": "ServicePrincipal",
        "principalDisplayName": client,
        "resourceId": tenant.guid("application", "Microsoft Graph"),
        "resourceDisplayName": "Microsoft Graph",
        "appRoleId": PERMISSIONS[permission],
        "createdDateTime": ago(280),
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
