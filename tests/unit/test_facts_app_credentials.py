"""The facts `appCredentials` and `partnerApplications`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from tenantproof.context import Context
from tenantproof.facts.base import value_at
from tenantproof.parameters import Setting
from tenantproof.shape import bundled_shapes
from tenantproof.snapshot import load_value
from tenantproof.verdict import Unknown

PARTNER_CENTER = "fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd"
UNKNOWN = "?"
ABSENT = object()
START, END = "2026-06-03T06:00:00Z", "2026-11-30T06:00:00Z"
SECRET = {"keyId": "K", "displayName": "ci", "startDateTime": START, "endDateTime": END}
CERTIFICATE = {**SECRET, "keyId": "C", "displayName": "cert", "usage": "Verify"}
ASKED = [
    {"resourceAppId": PARTNER_CENTER.upper(), "resourceAccess": [{"id": "P", "type": "Scope"}]}
]
APPLICATION: Mapping[str, Any] = {
    "id": "APP", "appId": "ID", "displayName": "Portal", "signInAudience": "AzureADMyOrg",
    "isDisabled": None, "isFallbackPublicClient": None, "passwordCredentials": [SECRET],
    "keyCredentials": [], "federatedIdentityCredentials": [], "requiredResourceAccess": ASKED,
    "owners": [{"id": "o"}], "appManagementPolicies": [],
    "web": {"redirectUris": ["https://a.example"], "implicitGrantSettings": {
        "enableAccessTokenIssuance": False, "enableIdTokenIssuance": None}},
    "spa": {"redirectUris": []}, "publicClient": {"redirectUris": []},
    "servicePrincipalLockConfiguration": {"isEnabled": True, "allProperties": True},
    "verifiedPublisher": {"verifiedPublisherId": "7", "displayName": "Contoso"},
}
PRINCIPAL = {
    "id": "SP", "appId": "FOREIGN", "displayName": "Tool", "servicePrincipalType": "Application",
    "passwordCredentials": [], "keyCredentials": [CERTIFICATE], "owners": [],
}
CENTER = {"id": "PC", "appId": PARTNER_CENTER, "passwordCredentials": [], "keyCredentials": []}
EVENT = {"id": "e", "appId": "id", "createdDateTime": "2026-11-18T08:00:00Z",
         "status": {"errorCode": 0}}
EMPTY: Mapping[str, Any] = dict.fromkeys(
    ("applications", "servicePrincipals", "appRoleAssignments", "oauth2PermissionGrants",
     "signIns"), ()
)


def changed(record: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record with changes; what is ABSENT is left out."""
    return {name: value for name, value in {**record, **changes}.items() if value is not ABSENT}


def fact(
    name: str, parameters: Mapping[str, Any] | None = None, truncated: str = "", **given: Any
) -> Any:
    """Return a fact of a tenant; a collection that is None was not exported."""
    value = {
        "format": 1, "tenant": {"id": "t"}, "exportedAt": "2026-11-20T06:00:00Z",
        "collections": {n: {"data": list(d), "complete": n != truncated}
                        for n, d in {**EMPTY, **given}.items() if d is not None},
    }
    settings = {n: Setting(v, "declarations") for n, v in (parameters or {}).items()}
    snapshot = load_value(value, "t", bundled_shapes())
    return Context(snapshot, settings, datetime(2026, 11, 20, 6, tzinfo=UTC)).collection(name)


def shown(value: Any) -> Any:
    """Return a value with every Unknown as a question mark."""
    if isinstance(value, list):
        return [shown(one) for one in value]
    return UNKNOWN if isinstance(value, Unknown) else value


def rows(found: Any, *names: str) -> Any:
    """Return some properties of every record."""
    return [tuple(shown(value_at(one, name)) for name in names) for one in found.records]


# --- appCredentials ----------------------------------------------------------------------------


def test_a_credential_says_everything() -> None:
    """A credential is shown with its holder, its name and its dates."""
    found = fact("appCredentials", applications=[APPLICATION])

    assert rows(
        found, "id", "applicationId", "appId", "displayName", "ownerKind", "servicePrincipalType",
        "kind", "usage", "keyId", "credentialName", "startDateTime", "endDateTime", "ownerCount",
        "usesPartnerCenter", "permissionIds",
    ) == [(
        "application|APP|password|K", "APP", "ID", "Portal", "application", None, "password",
        None, "K", "ci", START, END, 1, True, ["p"],
    )]


def test_credentials_of_service_principals_stand_beside() -> None:
    """A service principal's own credentials are records too, and say what kind it is of."""
    found = fact("appCredentials", applications=[APPLICATION], servicePrincipals=[PRINCIPAL])

    assert rows(found, "ownerKind", "servicePrincipalType", "kind", "usage", "ownerCount") == [
        ("application", None, "password", None, 1),
        ("servicePrincipal", "Application", "certificate", "Verify", 0),
    ]


DAYS = ("lifetimeDays", "ageDays", "daysLeft", "isExpired")


@pytest.mark.parametrize(("changes", "expected"), [
    ({}, (180, 170, 10, False)),
    ({"endDateTime": "2026-11-20T05:59:59Z"}, (169, 170, -1, True)),
    ({"endDateTime": "2026-11-20T06:00:00Z"}, (170, 170, 0, False)),
    ({"endDateTime": "9999-12-31T23:59:59Z"}, (None, 170, None, False)),
    ({"endDateTime": None}, (None, 170, None, False)),
    ({"endDateTime": ABSENT}, (UNKNOWN, 170, UNKNOWN, UNKNOWN)),
    ({"endDateTime": "soon"}, (UNKNOWN, 170, UNKNOWN, UNKNOWN)),
    ({"startDateTime": None}, (UNKNOWN, UNKNOWN, 10, False)),
    ({"startDateTime": None, "endDateTime": None}, (None, UNKNOWN, None, False)),
    ({"startDateTime": ABSENT}, (UNKNOWN, UNKNOWN, 10, False)),
])  # fmt: skip
def test_dates(changes: Mapping[str, Any], expected: Any) -> None:
    """Lifetime, age and days left follow from the dates; what never ends has null."""
    application = {**APPLICATION, "passwordCredentials": [changed(SECRET, changes)]}

    assert rows(fact("appCredentials", applications=[application]), *DAYS) == [expected]


def test_ids_without_a_key_are_distinct() -> None:
    """Credentials without an id are told apart by their place."""
    application = {**APPLICATION, "passwordCredentials": [
        changed(SECRET, {"keyId": None}), changed(SECRET, {"keyId": ABSENT})]}

    assert rows(fact("appCredentials", applications=[application]), "id", "keyId") == [
        ("application|APP|password|#0", None), ("application|APP|password|#1", UNKNOWN)
    ]


@pytest.mark.parametrize(("changes", "given", "expected"), [
    ({}, {}, True),
    ({"passwordCredentials": []}, {}, True),
    ({"passwordCredentials": ABSENT}, {}, False),
    ({"keyCredentials": ABSENT}, {}, False),
    ({"keyCredentials": ["System.Object[]"]}, {}, False),
    ({"federatedIdentityCredentials": ABSENT}, {}, True),
    ({}, {"servicePrincipals": None}, False),
    ({}, {"servicePrincipals": [changed(PRINCIPAL, {"keyCredentials": ABSENT})]}, False),
    ({}, {"appRoleAssignments": None, "oauth2PermissionGrants": None}, True),
])  # fmt: skip
def test_unread_credentials_make_the_fact_incomplete(
    changes: Mapping[str, Any], given: Mapping[str, Any], expected: bool
) -> None:
    """Where a list of credentials is not known, there may be some that the fact lacks."""
    found = fact("appCredentials", applications=[changed(APPLICATION, changes)], **given)

    assert found.complete == expected


ROLE = {"id": "r", "principalId": "sp", "resourceId": "pc", "appRoleId": "ROLE"}
GRANT = {"id": "g", "clientId": "sp", "resourceId": "PC", "scope": "user_impersonation"}


@pytest.mark.parametrize(("principals", "given", "expected"), [
    ([CENTER], {}, (False, [])),
    ([CENTER], {"appRoleAssignments": [ROLE]}, (True, ["role"])),
    ([CENTER], {"oauth2PermissionGrants": [GRANT]}, (True, [])),
    ([CENTER], {"appRoleAssignments": [{**ROLE, "principalId": "x"}]}, (False, [])),
    ([CENTER], {"oauth2PermissionGrants": [{**GRANT, "resourceId": "x"}]}, (False, [])),
    ([], {"appRoleAssignments": [ROLE]}, (False, ["role"])),
    ([CENTER], {"appRoleAssignments": [{**ROLE, "resourceId": None}]}, (UNKNOWN, ["role"])),
    ([CENTER], {"appRoleAssignments": None}, (UNKNOWN, UNKNOWN)),
    ([CENTER], {"oauth2PermissionGrants": None}, (UNKNOWN, [])),
    ([CENTER], {"appRoleAssignments": [ROLE], "oauth2PermissionGrants": None}, (True, ["role"])),
    ([CENTER], {"applications": [{**APPLICATION, "appId": "Foreign", "passwordCredentials": []}]},
     (True, ["p"])),
    ([CENTER], {"applications": [{"id": "a", "appId": "foreign", "passwordCredentials": [],
                                  "keyCredentials": []}]}, (UNKNOWN, UNKNOWN)),
    ([CENTER], {"truncated": "applications"}, (UNKNOWN, UNKNOWN)),
])  # fmt: skip
def test_what_a_service_principal_may(principals: Any, given: Any, expected: Any) -> None:
    """It may what its registration asks for; without one here, what it was given."""
    found = fact("appCredentials", servicePrincipals=[PRINCIPAL, *principals], **given)

    assert rows(found, "usesPartnerCenter", "permissionIds") == [expected]


# --- partnerApplications -----------------------------------------------------------------------


def application(
    changes: Mapping[str, Any], *names: str, parameters: Mapping[str, Any] | None = None,
    log: Any = (), truncated: str = "",
) -> Any:
    """Return properties of the only application: one value, or several as a tuple."""
    found = fact("partnerApplications", parameters, truncated,
                 applications=[changed(APPLICATION, changes)], signIns=log)
    (row,) = rows(found, *names)
    return row[0] if len(names) == 1 else row


def test_an_application_says_everything() -> None:
    """An application is shown with its kind, flows, credentials, owners and locks."""
    assert application(
        {}, "id", "appId", "displayName", "signInAudience", "isDisabled", "usesPartnerCenter",
        "isFallbackPublicClient", "implicitAccessTokens", "implicitIdTokens", "publicRedirectUris",
        "redirectUris", "passwordCount", "certificateCount", "hasCredential", "ownerCount",
        "verifiedPublisher", "resourceAppIds", "permissionIds", "isPropertyLocked",
        "hasManagementPolicy",
    ) == (
        "APP", "ID", "Portal", "AzureADMyOrg", False, True, False, False, False, [],
        ["https://a.example"], 1, 0, True, 1, "Contoso", [PARTNER_CENTER], ["p"], True, False,
    )


IMPLICIT = {"implicitGrantSettings": {"enableAccessTokenIssuance": True,
                                      "enableIdTokenIssuance": True}}
EXPIRED = {**SECRET, "endDateTime": "2026-01-01T00:00:00Z"}
LOCK = "servicePrincipalLockConfiguration"


@pytest.mark.parametrize(("changes", "name", "expected"), [
    ({"isDisabled": True}, "isDisabled", True),
    ({"isDisabled": ABSENT}, "isDisabled", UNKNOWN),
    ({"isFallbackPublicClient": True}, "isFallbackPublicClient", True),
    ({"isFallbackPublicClient": ABSENT}, "isFallbackPublicClient", UNKNOWN),
    ({"isFallbackPublicClient": "True"}, "isFallbackPublicClient", UNKNOWN),
    ({"web": IMPLICIT}, "implicitAccessTokens", True),
    ({"web": IMPLICIT}, "implicitIdTokens", True),
    ({"web": None}, "implicitAccessTokens", False),
    ({"web": ABSENT}, "implicitIdTokens", UNKNOWN),
    ({"publicClient": {"redirectUris": ["http://localhost"]}}, "publicRedirectUris",
     ["http://localhost"]),
    ({"publicClient": None}, "publicRedirectUris", []),
    ({"publicClient": ABSENT}, "publicRedirectUris", UNKNOWN),
    ({"web": None}, "redirectUris", []),
    ({"spa": ABSENT}, "redirectUris", ["https://a.example", UNKNOWN]),
    ({"passwordCredentials": ABSENT}, "passwordCount", UNKNOWN),
    ({"keyCredentials": [CERTIFICATE]}, "certificateCount", 1),
    ({"passwordCredentials": []}, "hasCredential", False),
    ({"passwordCredentials": [EXPIRED]}, "hasCredential", False),
    ({"passwordCredentials": [EXPIRED, SECRET]}, "hasCredential", True),
    ({"passwordCredentials": [], "keyCredentials": [CERTIFICATE]}, "hasCredential", True),
    ({"passwordCredentials": [], "keyCredentials": [{**CERTIFICATE, "usage": "Sign"}]},
     "hasCredential", False),
    ({"passwordCredentials": [], "federatedIdentityCredentials": [{"id": "f"}]},
     "hasCredential", True),
    ({"passwordCredentials": [], "federatedIdentityCredentials": ABSENT}, "hasCredential", UNKNOWN),
    ({"federatedIdentityCredentials": ABSENT}, "hasCredential", True),
    ({"passwordCredentials": ABSENT}, "hasCredential", UNKNOWN),
    ({"owners": []}, "ownerCount", 0),
    ({"owners": ABSENT}, "ownerCount", UNKNOWN),
    ({"verifiedPublisher": {"verifiedPublisherId": None, "displayName": "?"}},
     "verifiedPublisher", None),
    ({"verifiedPublisher": {"verifiedPublisherId": "7"}}, "verifiedPublisher", "7"),
    ({"verifiedPublisher": None}, "verifiedPublisher", None),
    ({"verifiedPublisher": ABSENT}, "verifiedPublisher", UNKNOWN),
    ({"requiredResourceAccess": []}, "usesPartnerCenter", False),
    ({"requiredResourceAccess": ABSENT}, "usesPartnerCenter", UNKNOWN),
    ({"requiredResourceAccess": [{}]}, "usesPartnerCenter", UNKNOWN),
    ({"requiredResourceAccess": [*ASKED, {}]}, "usesPartnerCenter", True),
    ({"requiredResourceAccess": []}, "resourceAppIds", []),
    ({"requiredResourceAccess": [{"resourceAppId": "x"}]}, "permissionIds", UNKNOWN),
    ({LOCK: None}, "isPropertyLocked", False),
    ({LOCK: {"isEnabled": False, "allProperties": True}}, "isPropertyLocked", False),
    ({LOCK: {"isEnabled": True, "allProperties": False}}, "isPropertyLocked", False),
    ({LOCK: {"isEnabled": True}}, "isPropertyLocked", UNKNOWN),
    ({LOCK: ABSENT}, "isPropertyLocked", UNKNOWN),
    ({"appManagementPolicies": [{"id": "m", "isEnabled": True}]}, "hasManagementPolicy", True),
    ({"appManagementPolicies": [{"id": "m", "isEnabled": False}]}, "hasManagementPolicy", False),
    ({"appManagementPolicies": ABSENT}, "hasManagementPolicy", UNKNOWN),
])  # fmt: skip
def test_what_a_change_makes(changes: Mapping[str, Any], name: str, expected: Any) -> None:
    """Each property follows from the registration; null is off, absent is not known."""
    assert application(changes, name) == expected


@pytest.mark.parametrize(("parameters", "expected"), [
    ({"partner_applications": ["app"]}, True),
    ({"partner_applications": ["id"]}, True),
    ({"partner_applications": ["Portal"]}, False),
    ({"partner_applications": []}, False),
    ({}, UNKNOWN),
])  # fmt: skip
def test_declared_applications(parameters: Mapping[str, Any], expected: Any) -> None:
    """An application is declared by object id or application id; undeclared, nobody can tell."""
    assert application({}, "isDeclared", parameters=parameters) == expected


LATER = "2026-11-19T08:00:00Z"


@pytest.mark.parametrize(("log", "truncated", "expected"), [
    ([EVENT], "", EVENT["createdDateTime"]),
    ([EVENT, {**EVENT, "createdDateTime": LATER}, EVENT], "", LATER),
    ([{**EVENT, "status": {"errorCode": 50126}}], "", UNKNOWN),
    ([{**EVENT, "appId": "other"}], "", UNKNOWN),
    ([EVENT, {**EVENT, "appId": None}], "", EVENT["createdDateTime"]),
    ([EVENT, {**EVENT, "createdDateTime": None}], "", UNKNOWN),
    ([EVENT, changed(EVENT, {"appId": ABSENT})], "", UNKNOWN),
    ([EVENT, {**EVENT, "status": None}], "", UNKNOWN),
    ([], "", UNKNOWN),
    ([EVENT], "signIns", UNKNOWN),
    (None, "", UNKNOWN),
])  # fmt: skip
def test_last_sign_in(log: Any, truncated: str, expected: Any) -> None:
    """The last success in the log; that the log shows none says nothing of the time before."""
    assert application({}, "lastSignIn", log=log, truncated=truncated) == expected


def test_an_application_without_id() -> None:
    """Of an application whose id is not known the last sign-in is not known either."""
    assert application({"appId": None}, "lastSignIn", "isDeclared", log=[EVENT],
                       parameters={"partner_applications": ["app"]}) == (UNKNOWN, True)


def test_registrations_that_were_not_exported() -> None:
    """Without the registrations, or with a part of them, the fact is incomplete."""
    both = (fact("partnerApplications", applications=None).complete,
            fact("partnerApplications", truncated="applications").complete)

    assert both == (False, False)
