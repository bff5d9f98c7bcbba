"""Accounts: who they are, what they are licensed for, and how they prove themselves."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from builder.licences import assigned_plans
from builder.names import Record, Tenant, ago

PUSH: Final = ("microsoftAuthenticatorPush", "softwareOneTimePasscode")
KEY: Final = ("fido2", "microsoftAuthenticatorPush")
PHONE: Final = ("mobilePhone",)
NOTHING: Final = ()
BUSINESS: Final = ("SPB",)
P2: Final = ("AAD_PREMIUM_P2",)
PREMIUM: Final = (*BUSINESS, *P2)

SELECT: Final = (
    "id", "displayName", "userPrincipalName", "userType", "accountEnabled", "mail", "otherMails",
    "mobilePhone", "creationType", "externalUserState", "createdDateTime",
    "employeeLeaveDateTime", "onPremisesSyncEnabled", "onPremisesImmutableId",
    "lastPasswordChangeDateTime", "assignedLicenses", "assignedPlans", "signInActivity",
)


@dataclass(frozen=True, slots=True)
class Person:
    """One account; `key` names it in groups, roles and policies of the samples.

    `contact` is an address at which somebody without a mailbox reads; `{domain}` is the tenant's.
    """

    key: str
    name: str
    kind: str = "staff"
    skus: tuple[str, ...] = BUSINESS
    methods: tuple[str, ...] = PUSH
    capable: bool = True
    enabled: bool = True
    home: str = ""
    domain: str = ""
    state: str | None = None
    member: bool = False
    seen: int | None = 1
    left: int | None = None
    per_user: str = "disabled"
    registered: bool = True
    contact: str = ""

    @property
    def is_guest(self) -> bool:
        """Whether the account's user type is Guest."""
        return self.kind == "guest" and not self.member

    def upn(self, tenant: Tenant) -> str:
        """Return the user principal name; an invited account carries its home address in it."""
        if self.kind == "guest":
            return f"{self.key}_{self.home}#EXT#@{tenant.initial}"
        return f"{self.key}@{self.domain or tenant.domain}"


def staff(rows: str, **changes: object) -> list[Person]:
    """Return one employee per line `key | name`."""
    pairs = [line.split("|") for line in rows.strip().splitlines()]
    return [_varied(key.strip(), name.strip(), number, changes)
            for number, (key, name) in enumerate(pairs)]


def _varied(key: str, name: str, number: int, changes: dict[str, object]) -> Person:
    methods = (PUSH, KEY, PUSH, (*PUSH, "mobilePhone"))[number % 4]
    person = Person(key, name, methods=methods, seen=number % 6)
    return replace(person, **changes)  # type: ignore[arg-type]  # names are Person's own fields


def guest(key: str, name: str, home: str, **changes: object) -> Person:
    """Return an invited account of another organisation."""
    person = Person(key, name, "guest", skus=(), home=home, state="Accepted", seen=12)
    return replace(person, **changes)  # type: ignore[arg-type]  # names are Person's own fields


def leaver(key: str, name: str, days: int) -> Person:
    """Return a disabled account of somebody who left so many days ago."""
    return Person(key, name, "leaver", skus=(), enabled=False, seen=days + 1, left=days)


def mailbox(key: str, name: str) -> Person:
    """Return the disabled account behind a shared mailbox."""
    return Person(key, name, "mailbox", skus=(), methods=NOTHING, capable=False, enabled=False,
                  seen=None)


def users(tenant: Tenant, people: Iterable[Person]) -> list[Record]:
    """Return the records of `/users` with every property that `SELECT` names."""
    return [_user(tenant, person, number) for number, person in enumerate(people)]


def _user(tenant: Tenant, person: Person, number: int) -> Record:
    synchronised = tenant.synchronised and person.kind in ("staff", "leaver")
    record: Record = {
        "id": tenant.guid("user", person.key),
        "displayName": person.name,
        "userPrincipalName": person.upn(tenant),
        "userType": "Guest" if person.is_guest else "Member",
        "accountEnabled": person.enabled,
        "mail": _mail(tenant, person),
        "otherMails": _other_mails(tenant, person),
        "mobilePhone": f"+1 555 01{number:02d}" if "mobilePhone" in person.methods else None,
        "creationType": "Invitation" if person.kind == "guest" else None,
        "externalUserState": person.state,
        "createdDateTime": ago(1900 - 37 * number, 61 * number),
        "employeeLeaveDateTime": None if person.left is None else ago(person.left),
        "onPremisesSyncEnabled": True if synchronised else None,
        "onPremisesImmutableId": _anchor(person) if synchronised else None,
        "lastPasswordChangeDateTime": ago(40 + 11 * (number % 23), 97 * number),
    }
    return record | assigned_plans(person.skus) | {"signInActivity": _activity(person, number)}


def _mail(tenant: Tenant, person: Person) -> str | None:
    if person.kind == "guest":
        return f"{person.key}@{person.home}"
    has_mail = person.kind == "mailbox" or "SPB" in person.skus
    return person.upn(tenant) if has_mail else None


def _other_mails(tenant: Tenant, person: Person) -> list[str | None]:
    if person.kind == "guest":
        return [_mail(tenant, person)]
    return [person.contact.format(domain=tenant.domain)] if person.contact else []


def _anchor(person: Person) -> str:
    return base64.b64encode(person.key.encode("utf-8").ljust(16, b".")[:16]).decode("ascii")


def _activity(person: Person, number: int) -> Record | None:
    if person.seen is None:
        return None
    last = ago(person.seen, 1800 + 311 * number)
    return {
        "lastSignInDateTime": last,
        "lastNonInteractiveSignInDateTime": ago(person.seen, 60 + 7 * number),
        "lastSuccessfulSignInDateTime": last,
    }


def registrations(
    tenant: Tenant, people: Iterable[Person], admins: frozenset[str]
) -> list[Record]:
    """Return the registration report: one row per account that the report knows of."""
    return [_registration(tenant, person, person.key in admins)
            for person in people if person.registered]


def _registration(tenant: Tenant, person: Person, is_admin: bool) -> Record:
    strong = "fido2" in person.methods
    factor = bool(set(person.methods) - {"email", "securityQuestion"})
    return {
        "id": tenant.guid("user", person.key),
        "userPrincipalName": person.upn(tenant),
        "userDisplayName": person.name,
        "userType": "guest" if person.is_guest else "member",
        "isAdmin": is_admin,
        "isMfaRegistered": factor,
        "isMfaCapable": person.capable and factor,
        "isPasswordlessCapable": strong,
        "isSsprRegistered": bool(person.methods),
        "isSsprEnabled": True,
        "isSsprCapable": bool(person.methods),
        "isSystemPreferredAuthenticationMethodEnabled": True,
        "systemPreferredAuthenticationMethods": _preferred(person.methods),
        "userPreferredMethodForSecondaryAuthentication": _second(person.methods),
        "methodsRegistered": list(person.methods),
        "lastUpdatedDateTime": ago(1, 10800),
    }


PREFERENCES: Final = (
    ("fido2", "fido2", "none"),
    ("microsoftAuthenticatorPush", "push", "push"),
    ("softwareOneTimePasscode", "oath", "oath"),
    ("mobilePhone", "sms", "sms"),
)


def _preferred(methods: Sequence[str]) -> list[str]:
    return [name for method, name, _ in PREFERENCES if method in methods][:1]


def _second(methods: Sequence[str]) -> str:
    return next((word for method, _, word in PREFERENCES[1:] if method in methods), "none")


def per_user_states(tenant: Tenant, people: Iterable[Person]) -> list[Record]:
    """Return the per-user MFA state of each account, guests included."""
    return [{"id": tenant.guid("user", person.key), "perUserMfaState": person.per_user}
            for person in people]
