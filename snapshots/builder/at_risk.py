"""A partner whose settings look fine at a glance and protect almost nobody."""

from __future__ import annotations

from typing import Final

from builder import apps, policies, settings
from builder.at_risk_alerts import ACTIVATIONS, ALERTS, AZURE, BUDGETS, COUNTED, MAIL
from builder.at_risk_gdap import CUSTOMERS, RELATIONSHIPS
from builder.at_risk_people import (
    ADMINS,
    EVERYBODY,
    FEDERATED,
    FEDERATED_STAFF,
    GROUPS,
    GUESTS,
    HOLDINGS,
    STAFF,
    TAILWIND,
    UNREGISTERED,
)
from builder.exports import Export, paged
from builder.names import Record
from builder.people import SELECT, Person, users
from builder.policies import demand, demand_strength, policy, what, who
from builder.role_names import ROLES
from builder.signins import ACTIVE_SYNC, IMAP, PORTAL, SMTP, SYNC, SignIn, ordinary, risky_user
from builder.world import World, directory, partner, premium

SPREAD: Final = 5
REPORTED: Final = "MFA for everyone (\"all\" users) 🔒"
RISKY: Final = "MFA on risky sign-ins"
SOFT: Final = "MFA or a company's device"
EXCEPTED: Final = "MFA - all users except exceptions"
PERSON: Final = {person.key: person for person in EVERYBODY}
PAGE: Final = 25


def _policies() -> list[Record]:
    return [*_mfa_policies(), *_other_policies()]


def _mfa_policies() -> list[Record]:
    exceptions = TAILWIND.guid("group", "MFA exceptions")
    gone = TAILWIND.guid("user", "somebody.deleted")
    synchronisation = ROLES["Directory Synchronization Accounts"]
    return [
        policy(TAILWIND, REPORTED, who(excludeRoles=[synchronisation]),
               demand_strength(policies.MFA), state="enabledForReportingButNotEnforced",
               age=600),
        policy(TAILWIND, RISKY, who(), demand("mfa"), signInRiskLevels=["medium", "high"]),
        policy(TAILWIND, SOFT, who(), demand("mfa", "compliantDevice"), age=390),
        policy(TAILWIND, EXCEPTED,
               who(excludeGroups=[exceptions], excludeUsers=[gone]), demand("mfa"), age=380,
               changed=31),
    ]


def _other_policies() -> list[Record]:
    office = TAILWIND.guid("location", "Office")
    guests = {
        "guestOrExternalUserTypes": "b2bCollaborationGuest,b2bCollaborationMember",
        "externalTenants": {"@odata.type": "#microsoft.graph.conditionalAccessAllExternalTenants",
                            "membershipKind": "all"},
    }
    return [
        policy(TAILWIND, "Block legacy mail", who(), demand("block"), age=700,
               clientAppTypes=["exchangeActiveSync"]),
        policy(TAILWIND, "Baseline policy: Require MFA for admins",
               who(includeUsers=[], includeRoles=[ROLES["Global Administrator"]]),
               demand("mfa"), state="disabled", age=2500),
        policy(TAILWIND, "Admins' portals outside the office",
               who(includeUsers=[], includeRoles=[ROLES["Global Administrator"],
                                                  ROLES["User Administrator"]]),
               demand("mfa"), age=300,
               applications=what(includeApplications=["MicrosoftAdminPortals"]),
               locations={"includeLocations": ["All"], "excludeLocations": [office]}),
        policy(TAILWIND, "Guests: terms and MFA",
               who(includeUsers=[], includeGuestsOrExternalUsers=guests),
               demand("mfa"), state="disabled", age=250),
        policy(TAILWIND, "Daily sign-in", who(), None, age=240,
               session=policies.every_sign_in(24)),
    ]


def _log() -> list[SignIn]:
    """Sign-ins of every kind, in turn: what is wrong happened last week and before it too."""
    report = (TAILWIND.guid("policy", REPORTED), REPORTED, "reportOnlyFailure")
    excepted = (TAILWIND.guid("policy", EXCEPTED), EXCEPTED, "success")
    with_mfa = [person for person in [*STAFF, *ADMINS[1:]] if person.capable]
    without = [*UNREGISTERED, *FEDERATED_STAFF, ADMINS[0], GUESTS[0], PERSON["svc-backup"]]
    rows = [
        *ordinary(with_mfa, 36, (excepted, report)),
        *(SignIn(person, PORTAL, 300 + number, multifactor=False, applied=(report,),
                 address="198.51.100.14") for number, person in enumerate(without)),
        *_legacy(),
        *(SignIn(ADMINS[0], PORTAL, 500 + number, multifactor=False, customer=customer.id,
                 address="198.51.100.14") for number, customer in enumerate(CUSTOMERS[:3])),
        *(SignIn(ADMINS[0], PORTAL, 600 + number, multifactor=False, failed=True,
                 address=f"198.51.100.{200 + number}") for number in range(8)),
    ]
    return [rows[at] for start in range(SPREAD) for at in range(start, len(rows), SPREAD)]


def _legacy() -> list[SignIn]:
    rows = (
        (PERSON["svc-scanner"], SMTP, 6), (PERSON["otto.brandt"], IMAP, 4),
        (PERSON["orders"], IMAP, 2), (PERSON["frontdesk"], ACTIVE_SYNC, 2),
        (PERSON["Sync_SRV02_9b3d51aa07c4"], SYNC, 4),
    )
    return [
        SignIn(person, client, 400 + number, multifactor=False, address="203.0.113.200",
               failed=not person.enabled)
        for person, client, count in rows for number in range(count)
    ]


def _settings() -> dict[str, Record]:
    methods = settings.authentication_methods(
        "enabled", "migrationInProgress", plain="disabled")
    consent = [
        "ManagePermissionGrantsForSelf.microsoft-user-default-legacy",
        "ManagePermissionGrantsForOwnedResource.microsoft-all-application-permissions-for-chat",
    ]
    return {
        "organization": settings.organization(TAILWIND),
        "securityDefaults": settings.security_defaults(enabled=False),
        "authenticationMethodsPolicy": methods,
        "authorizationPolicy": settings.authorization(consent, strict=False),
        "adminConsentRequestPolicy": settings.admin_consent([]),
        "crossTenantAccessPolicy": settings.cross_tenant(trusting=True),
        "exchangeOrganizationConfig":
            settings.exchange_organization(TAILWIND, modern=False, audited=False),
        "exchangeTransportConfig": settings.exchange_transport(smtp_off=False),
    }


APPS: Final = [
    apps.App("CRM connector", secret=-20, locked=False, old_graph=True),
    apps.App("Partner Center Integration", partner=True, secret=300, locked=False, implicit=True),
    apps.App("Invoice \"robot\"", secret=9000, owners=("user:abel.ferreira",), locked=False),
]


def _risky() -> list[Record]:
    return [
        risky_user(TAILWIND, PERSON["admin"], "high", "atRisk", "none"),
        risky_user(TAILWIND, PERSON["noor.patel"], "medium", "dismissed",
                   "adminDismissedAllRiskForUser"),
    ]


def _requests() -> list[tuple[Person, bool]]:
    names = ("admin", "adm-roux", "svc-backup", "adm-winther")
    return [(PERSON[name], name.startswith("adm-")) for name in names * 2]


def world() -> World:
    """Return the careless partner."""
    return World(
        tenant=TAILWIND,
        people=EVERYBODY,
        groups=GROUPS,
        holdings=HOLDINGS,
        policies=_policies(),
        locations=[policies.network(TAILWIND, "Office", "203.0.113.0/25", trusted=True),
                   policies.network(TAILWIND, "Anywhere", "198.51.100.0/24", trusted=True)],
        settings=_settings(),
        domains=settings.domains(TAILWIND, [FEDERATED]),
        federation=[settings.federation(TAILWIND, FEDERATED, "acceptIfMfaDoneByFederatedIdp")],
        units={"SPB": 30, "AAD_PREMIUM_P2": 2},
        log=_log(),
        risky=_risky(),
        apps=APPS,
        principals=[apps.foreign_principal(TAILWIND, "Free PDF Converter <best>")],
        grants=[apps.grant(TAILWIND, "Free PDF Converter <best>", "Microsoft Graph",
                           "User.Read Mail.ReadWrite Directory.ReadWrite.All")],
        given=[apps.given(TAILWIND, "CRM connector", "RoleManagement.ReadWrite.Directory")],
        customers=CUSTOMERS,
        relationships=RELATIONSHIPS,
        activations=ACTIVATIONS,
        alerts=ALERTS,
        budgets=BUDGETS,
        azure=AZURE,
        exchange=MAIL,
        counted=COUNTED,
        points=35,
        without_mfa=[PERSON["admin"], PERSON["svc-backup"]],
        requests=_requests(),
    )


def at_risk() -> list[Export]:
    """Return the complete export of the careless partner, its accounts in several pages."""
    whole = world()
    exports = directory(whole) | premium(whole) | partner(whole)
    exports["users"] = paged("users", users(TAILWIND, whole.people), PAGE, SELECT)
    return [*exports.values()]
