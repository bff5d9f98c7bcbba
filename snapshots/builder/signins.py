"""Sign-ins as the beta endpoint gives them, and users at risk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from builder.names import Record, Tenant, ago
from builder.people import Person


@dataclass(frozen=True, slots=True)
class Client:
    """What somebody signs in with and to: an application, a resource, a kind of client."""

    app: str
    app_id: str
    resource: str
    resource_id: str
    used: str = "Browser"
    protocol: str = "none"
    interactive: bool = True


GRAPH: Final = ("Microsoft Graph", "00000003-0000-0000-c000-000000000000")
MAIL: Final = ("Office 365 Exchange Online", "00000002-0000-0ff1-ce00-000000000000")
AZURE: Final = (
    "Windows Azure Service Management API", "797f4846-ba00-4fd7-ba43-dac1f8f63013",
)
PORTAL: Final = Client("Azure Portal", "c44b4083-3bb0-49c1-b47d-974e53cbdf3c", *AZURE)
HOME: Final = Client("OfficeHome", "4765445b-32c6-49b0-83e6-1d93765276ca", *GRAPH)
TEAMS: Final = Client(
    "Microsoft Teams", "1fec8e78-bce4-4aaf-ab1b-5451cc387264", *GRAPH,
    used="Mobile Apps and Desktop clients", interactive=False,
)
OUTLOOK: Final = Client(
    "Microsoft Office", "d3590ed6-52b3-4102-aeff-aad2292ab01c", *MAIL,
    used="Mobile Apps and Desktop clients",
)
SYNC: Final = Client(
    "Microsoft Azure Active Directory Connect", "cb1056e2-e479-49de-ae31-7812af012ed8", *GRAPH,
    used="Mobile Apps and Desktop clients", protocol="ropc", interactive=False,
)
IMAP: Final = Client(
    MAIL[0], MAIL[1], *MAIL, used="IMAP4", protocol="ropc", interactive=False,
)
SMTP: Final = Client(
    MAIL[0], MAIL[1], *MAIL, used="Authenticated SMTP", protocol="ropc", interactive=False,
)
ACTIVE_SYNC: Final = Client(
    MAIL[0], MAIL[1], *MAIL, used="Exchange ActiveSync", protocol="ropc", interactive=False,
)
MODERN: Final = (PORTAL, OUTLOOK, TEAMS, HOME)

OK: Final = {"errorCode": 0, "failureReason": "Other.", "additionalDetails": None}
WRONG_PASSWORD: Final = {
    "errorCode": 50126,
    "failureReason": "Error validating credentials due to invalid username or password.",
    "additionalDetails": None,
}


@dataclass(frozen=True, slots=True)
class SignIn:
    """One sign-in; `applied` holds the policies that the log names, with their results."""

    person: Person
    client: Client
    number: int
    multifactor: bool = True
    failed: bool = False
    applied: tuple[tuple[str, str, str], ...] = ()
    address: str = "203.0.113.24"
    customer: str = ""


def ordinary(
    people: Sequence[Person], count: int, applied: tuple[tuple[str, str, str], ...]
) -> list[SignIn]:
    """Return everyday sign-ins with MFA, spread over people, clients and addresses."""
    return [
        SignIn(people[number % len(people)], MODERN[number % len(MODERN)], number,
               applied=applied, address=f"203.0.113.{10 + 7 * number % 90}")
        for number in range(count)
    ]


def sign_ins(tenant: Tenant, rows: Sequence[SignIn], days: int) -> list[Record]:
    """Return the log, newest first, spread evenly over so many days."""
    step = days * 86_400 // (len(rows) + 1)
    return [_sign_in(tenant, row, ago(0, step * (place + 1))) for place, row in enumerate(rows)]


def _sign_in(tenant: Tenant, row: SignIn, when: str) -> Record:
    return (
        _about(tenant, row, when) | _where_to(tenant, row) | _proof(row, when) | _outcome(row)
    )


def _about(tenant: Tenant, row: SignIn, when: str) -> Record:
    label = f"{row.person.key}/{row.client.app}/{row.client.used}/{row.number}"
    return {
        "id": tenant.guid("signIn", label),
        "createdDateTime": when,
        "userId": tenant.guid("user", row.person.key),
        "userPrincipalName": row.person.upn(tenant).lower(),
        "userDisplayName": row.person.name,
        "userType": "guest" if row.person.is_guest else "member",
        "correlationId": tenant.guid("correlation", label),
        "ipAddress": row.address,
    }


def _where_to(tenant: Tenant, row: SignIn) -> Record:
    client = row.client
    guest = row.person.kind == "guest"
    crossing = "serviceProvider" if row.customer else "b2bCollaboration" if guest else "none"
    return {
        "appId": client.app_id,
        "appDisplayName": client.app,
        "resourceId": client.resource_id,
        "resourceDisplayName": client.resource,
        "clientAppUsed": client.used,
        "isInteractive": client.interactive,
        "signInEventTypes": ["interactiveUser" if client.interactive else "nonInteractiveUser"],
        "homeTenantId": tenant.guid("home", row.person.home) if guest else tenant.id,
        "resourceTenantId": row.customer or tenant.id,
        "crossTenantAccessType": crossing,
        "authenticationProtocol": client.protocol,
        "incomingTokenType": "none" if client.interactive else "primaryRefreshToken",
    }


def _proof(row: SignIn, when: str) -> Record:
    steps = [_step(when, "Password", not row.failed, "Primary authentication")]
    if row.multifactor and not row.failed:
        steps.append(_step(when, _second_factor(row), True, "Multifactor authentication"))
    many = "multiFactorAuthentication" if row.multifactor else "singleFactorAuthentication"
    demanded = [{"requirementProvider": "multiConditionalAccess",
                 "detail": "Conditional Access"}]
    return {
        "authenticationRequirement": many,
        "authenticationRequirementPolicies": demanded if row.multifactor else [],
        "authenticationDetails": steps,
    }


def _second_factor(row: SignIn) -> str:
    if not row.client.interactive:
        return "Previously satisfied"
    return "FIDO2 security key" if "fido2" in row.person.methods else (
        "Authenticator App"
    )


def _step(when: str, method: str, succeeded: bool, requirement: str) -> Record:
    return {
        "authenticationStepDateTime": when,
        "authenticationMethod": method,
        "authenticationMethodDetail": None,
        "succeeded": succeeded,
        "authenticationStepResultDetail": (
            "MFA successfully completed" if requirement.startswith("Multi") else
            "Correct password" if succeeded else "Incorrect password"
        ),
        "authenticationStepRequirement": requirement,
    }


def _outcome(row: SignIn) -> Record:
    enforced = any(result == "success" for *_, result in row.applied) and not row.failed
    return {
        "conditionalAccessStatus": "success" if enforced else "notApplied",
        "appliedConditionalAccessPolicies": [
            {"id": key, "displayName": name, "result": "notApplied" if row.failed else result,
             "enforcedGrantControls": ["Mfa"], "enforcedSessionControls": []}
            for key, name, result in row.applied
        ],
        "status": WRONG_PASSWORD if row.failed else OK,
        "riskLevelDuringSignIn": "none",
        "riskLevelAggregated": "none",
        "riskState": "none",
        "deviceDetail": {"deviceId": "", "operatingSystem": "Windows 11", "browser": None,
                         "isCompliant": False, "isManaged": False, "trustType": ""},
        "location": {"city": None, "state": None, "countryOrRegion": "US"},
    }


def risky_user(tenant: Tenant, person: Person, level: str, state: str, detail: str) -> Record:
    """Return a user that Entra ID Protection has seen at risk."""
    return {
        "id": tenant.guid("user", person.key),
        "userPrincipalName": person.upn(tenant),
        "userDisplayName": person.name,
        "riskLevel": level,
        "riskState": state,
        "riskDetail": detail,
        "riskLastUpdatedDateTime": ago(9),
        "isDeleted": False,
        "isProcessing": False,
    }
