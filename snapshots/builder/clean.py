"""A partner that does everything right; the partial export is a copy of it that came home torn."""

from __future__ import annotations

from typing import Final

from builder import apps, policies, settings
from builder.clean_gdap import CUSTOMERS, RELATIONSHIPS
from builder.exports import Export, first_page, not_asked, paged, refused
from builder.groups import Group, people
from builder.names import Record, Tenant
from builder.people import (
    KEY,
    NOTHING,
    PREMIUM,
    SELECT,
    Person,
    guest,
    leaver,
    mailbox,
    staff,
    users,
)
from builder.policies import demand, demand_strength, policy, who
from builder.role_names import ROLES
from builder.roles import Holding
from builder.signins import ACTIVE_SYNC, PORTAL, SYNC, SignIn, ordinary, risky_user
from builder.world import World, directory, partner, premium

CONTOSO: Final = Tenant("contosocloud", "Contoso Cloud Services", "contoso.com")
LITWARE: Final = Tenant("litwarecloud", "Litware Cloud", "litwareinc.com")

STAFF: Final = staff("""
    ada.moss | Ada Moss
    bruno.keller | Bruno Keller
    chitra.rao | Chitra Rao
    daniel.osei | Daniel Osei
    elena.petrova | Elena Petrova
    farid.aziz | Farid Aziz
    grace.lindqvist | Grace Lindqvist
    hugo.marchetti | Hugo Marchetti
    ines.carvalho | Inês Carvalho
    jakub.nowak | Jakub Nowak
    kirsi.laine | Kirsi Laine
    liam.oconnor | Liam O'Connor
    mei.tanaka | Mei Tanaka
    nils.bergstrom | Nils Bergström
    olga.smirnova | Olga Smirnova
    pablo.ruiz | Pablo Ruiz
    quinn.adler | Quinn Adler
    rosa.delgado | Rosa Delgado
    samir.haddad | Samir Haddad
    tove.jensen | Tove Jensen
    usha.menon | Usha Menon
    viktor.horak | Viktor Horák
    wanda.kowalska | Wanda Kowalska
    yusuf.demir | Yusuf Demir
""")
ADMINS: Final = [
    Person(f"adm-{key}", f"{name} (admin)", "admin", skus=PREMIUM[1:], methods=KEY, seen=day)
    for day, (key, name) in enumerate([
        ("moss", "Ada Moss"), ("keller", "Bruno Keller"), ("rao", "Chitra Rao"),
        ("osei", "Daniel Osei"), ("petrova", "Elena Petrova"), ("aziz", "Farid Aziz"),
    ])
]
GUESTS: Final = [
    guest("alex.wilber", "Alex Wilber", "fabrikam.com"),
    guest("diego.siciliani", "Diego Siciliani", "fabrikam.com"),
    guest("isaiah.langer", "Isaiah Langer", "northwindtraders.com"),
    guest("joni.sherman", "Joni Sherman", "adatum.com", methods=KEY),
    guest("lynne.robbins", "Lynne Robbins", "adatum.com", member=True),
    guest("pradeep.gupta", "Pradeep Gupta", "wingtiptoys.com", enabled=False, methods=NOTHING,
          capable=False, state="PendingAcceptance", seen=None),
]
OTHERS: Final = [
    leaver("xenia.popov", "Xenia Popov", 33),
    leaver("zack.turner", "Zack Turner", 120),
    leaver("amira.saleh", "Amira Saleh", 290),
    mailbox("info", "Info"),
    mailbox("billing", "Billing"),
    mailbox("jobs", "Jobs"),
]


def _service(tenant: Tenant) -> list[Person]:
    return [
        Person("svc-sam-consent", "Secure application model consent", "service", skus=(),
               seen=3),
        Person("svc-monitoring", "Monitoring probe", "service", skus=(), seen=0),
        Person("Sync_DC01_4f0a9c2e7b1d", "On-Premises Directory Synchronization Service Account",
               "sync", skus=(), methods=NOTHING, capable=False, domain=tenant.initial, seen=0),
        *(Person(f"emergency-{number}", f"Emergency access {number}", "emergency", skus=(),
                 methods=KEY[:1], domain=tenant.initial, seen=70) for number in (1, 2)),
    ]


GROUPS: Final = [
    Group("AdminAgents", (*people("adm-moss", "adm-keller"), "group:Delegation engineers"),
          "Partner agents with administrative rights", owners=people("adm-moss")),
    Group("Delegation engineers", people("adm-rao", "adm-osei"), "Nested in AdminAgents"),
    Group("HelpdeskAgents", people("adm-petrova"), "Partner agents of the service desk"),
    Group("SalesAgents", people("kirsi.laine", "pablo.ruiz"), "Partner agents of sales"),
    Group("GDAP - Service desk", people("adm-petrova", "adm-aziz"), "Support requests",
          owners=people("adm-moss")),
    Group("GDAP - Licensing", people("adm-rao"), "Licences of customers",
          owners=people("adm-moss")),
    Group("GDAP - Directory readers", people("adm-osei", "adm-aziz", "svc-sam-consent"),
          "Read-only insight", owners=people("adm-moss")),
    Group("Privileged - Identity", people("adm-moss", "adm-keller"),
          "Holds roles of identity administrators", assignable=True),
    Group("Privileged - Readers", people("adm-petrova", "adm-aziz"),
          "Reads security reports", assignable=True),
    Group("All staff", people(*(person.key for person in STAFF)), types=("DynamicMembership",),
          rule='(user.userType -eq "Member") and (user.mail -ne null)'),
    Group("Projects", ("group:Projects north", *people("mei.tanaka")), mail=False),
    Group("Projects north", people("nils.bergstrom", "alex.wilber", "joni.sherman")),
    Group("Retired devices", (), "Empty on purpose"),
]
HOLDINGS: Final = [
    Holding("Global Administrator", "user:emergency-1"),
    Holding("Global Administrator", "user:emergency-2"),
    Holding("Global Administrator", "user:adm-moss", "eligible", until=160),
    Holding("Global Administrator", "user:adm-keller", "eligible", until=160),
    Holding("Privileged Role Administrator", "group:Privileged - Identity", "eligible",
            until=120),
    Holding("Conditional Access Administrator", "group:Privileged - Identity", "eligible",
            until=120),
    Holding("Conditional Access Administrator", "user:adm-moss", "activated", until=0.2),
    Holding("Security Reader", "group:Privileged - Readers"),
    Holding("User Administrator", "user:adm-rao", "eligible", until=90),
    Holding("License Administrator", "user:adm-rao"),
    Holding("Exchange Administrator", "user:adm-osei", "eligible", until=90),
    Holding("Service Support Administrator", "user:adm-petrova"),
    Holding("Directory Readers", "application:Partner Center Integration"),
    Holding("Directory Synchronization Accounts", "user:Sync_DC01_4f0a9c2e7b1d"),
]


def _policies(tenant: Tenant) -> list[Record]:
    first, second = (tenant.guid("user", f"emergency-{number}") for number in (1, 2))
    synchronisation = ROLES["Directory Synchronization Accounts"]
    highest = [ROLES[name] for name in (
        "Global Administrator", "Privileged Role Administrator",
        "Conditional Access Administrator", "User Administrator", "Security Reader",
    )]
    return [
        policy(tenant, "CA001 Require MFA for everybody",
               who(excludeRoles=[synchronisation]),
               demand_strength(policies.MFA), changed=120),
        policy(tenant, "CA002 Phishing-resistant MFA for emergency accounts",
               who(includeUsers=[first, second]),
               demand_strength(policies.PHISHING_RESISTANT), age=380),
        policy(tenant, "CA003 Block legacy authentication", who(), demand("block"),
               clientAppTypes=["exchangeActiveSync", "other"]),
        policy(tenant, "CA004 Phishing-resistant MFA for administrators",
               who(includeUsers=[], includeRoles=highest),
               demand_strength(policies.PHISHING_RESISTANT),
               session=policies.every_sign_in(8), age=350),
        policy(tenant, "CA005 Block device code flow", who(), demand("block"), age=200,
               authenticationFlows={"transferMethods": "deviceCodeFlow"}),
        policy(tenant, "CA006 Block risky sign-ins", who(), demand("block"), age=340,
               signInRiskLevels=["high"]),
        policy(tenant, "CA007 Compliant device for administrators",
               who(includeUsers=[], includeRoles=highest), demand("compliantDevice"),
               state="enabledForReportingButNotEnforced", age=20),
    ]


def _log(tenant: Tenant, everybody: list[Person]) -> list[SignIn]:
    name = "CA001 Require MFA for everybody"
    applied = ((tenant.guid("policy", name), name, "success"),)
    active = [person for person in [*STAFF, *ADMINS, *GUESTS[:5]] if person.enabled]
    sync = next(person for person in everybody if person.kind == "sync")
    return [
        *ordinary(active, 60, applied),
        *(SignIn(sync, SYNC, 900 + number, multifactor=False, address="203.0.113.5")
          for number in range(6)),
        *(SignIn(STAFF[number], ACTIVE_SYNC, 950 + number, multifactor=False, failed=True,
                 address="198.51.100.77") for number in range(3)),
        *(SignIn(ADMINS[4], PORTAL, 970 + number, applied=applied,
                 customer=customer.id) for number, customer in enumerate(CUSTOMERS[:4])),
    ]


def _settings(tenant: Tenant) -> dict[str, Record]:
    return {
        "organization": settings.organization(tenant),
        "securityDefaults": settings.security_defaults(enabled=False),
        "authenticationMethodsPolicy":
            settings.authentication_methods("disabled", "migrationComplete"),
        "authorizationPolicy": settings.authorization([], strict=True),
        "adminConsentRequestPolicy":
            settings.admin_consent([tenant.guid("user", "adm-moss")]),
        "crossTenantAccessPolicy": settings.cross_tenant(),
        "exchangeOrganizationConfig": settings.exchange_organization(tenant, modern=True),
        "exchangeTransportConfig": settings.exchange_transport(smtp_off=True),
    }


APPS: Final = [
    apps.App("Partner Center Integration", partner=True, certificate=240,
             owners=("user:adm-moss", "user:adm-keller")),
    apps.App("Ticket synchronisation", certificate=150, owners=("user:adm-rao",)),
]


def world(tenant: Tenant) -> World:
    """Return the well-kept partner under a name of one's choice."""
    everybody = [*STAFF, *ADMINS, *GUESTS, *OTHERS, *_service(tenant)]
    return World(
        tenant=tenant,
        people=everybody,
        groups=GROUPS,
        holdings=HOLDINGS,
        policies=_policies(tenant),
        locations=[
            policies.network(tenant, "Head office", "203.0.113.0/24", trusted=True),
            policies.countries(tenant, "Where we work", ["US", "CA", "SE"]),
        ],
        settings=_settings(tenant),
        domains=settings.domains(tenant),
        units={"SPB": 30, "AAD_PREMIUM_P2": 10},
        log=_log(tenant, everybody),
        risky=[risky_user(tenant, STAFF[7], "none", "remediated",
                          "userPerformedSecuredPasswordChange")],
        apps=APPS,
        principals=[apps.foreign_principal(tenant, "Fabrikam Ticketing")],
        grants=[
            apps.grant(tenant, "Partner Center Integration", "Microsoft Graph", "User.Read"),
            apps.grant(tenant, "Fabrikam Ticketing", "Microsoft Graph", "User.Read openid",
                       "mei.tanaka"),
        ],
        customers=CUSTOMERS,
        relationships=RELATIONSHIPS,
        points=100,
        requests=[(ADMINS[number % 3], True) for number in range(6)],
    )


def clean() -> list[Export]:
    """Return the complete export of a partner that does everything right."""
    whole = world(CONTOSO)
    return [*(directory(whole) | premium(whole) | partner(whole)).values()]


def partial() -> list[Export]:
    """Return an export of such a partner from which much is missing, each part differently."""
    torn = world(LITWARE)
    exports = directory(torn) | premium(torn) | partner(torn)
    pages = paged("users", users(LITWARE, torn.people), 20, SELECT)
    exports |= {
        "users": first_page(pages),
        "conditionalAccessPolicies": refused("conditionalAccessPolicies"),
        "roleAssignments": refused("roleAssignments"),
        "partnerCustomers": not_asked("partnerCustomers"),
        "dapRelationships": not_asked("dapRelationships"),
        "exchangeOrganizationConfig": not_asked("exchangeOrganizationConfig"),
    }
    del exports["delegatedAdminAccessAssignments"]
    return [*exports.values()]


def declarations() -> str:
    """Return what the well-kept partner declares about its own accounts, as YAML."""
    declared = {
        "emergency_accounts": ["emergency-1", "emergency-2"],
        "synchronisation_accounts": ["Sync_DC01_4f0a9c2e7b1d"],
        "service_accounts": ["svc-sam-consent", "svc-monitoring"],
    }
    lines = ["# Accounts that Contoso Cloud Services knows to be special.",
             "format: 1", "tenants:", f"  {CONTOSO.id}:"]
    for name, keys in declared.items():
        lines.append(f"    {name}:")
        lines += [f"      - {CONTOSO.guid('user', key)}  # {key}" for key in keys]
    return "\n".join(lines) + "\n"
