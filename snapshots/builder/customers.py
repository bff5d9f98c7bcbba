"""Two more customers: one that does what it should, and one that does nothing of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from builder import policies, settings
from builder.azure import CONTRIBUTOR, OWNER, READER, Azure
from builder.declared import Named, declarations, objects
from builder.exports import NO_PREMIUM, Export, refused
from builder.groups import Group, people
from builder.names import Record, Tenant, guid
from builder.people import NOTHING, Person, guest, staff
from builder.policies import demand, demand_strength, policy, who
from builder.roles import Holding
from builder.signins import PORTAL, SignIn, ordinary
from builder.world import World, directory, premium, subscriptions

TREY: Final = Tenant("treyresearch", "Trey Research", "treyresearch.net", kind="customer",
                     partner_type=None, synchronised=False)
MARGIE: Final = Tenant("margiestravel", "Margie's Travel", "margiestravel.com", kind="customer",
                       partner_type=None, synchronised=False)
PARTNER: Final = "contoso.com"
AGENTS: Final = guid("partnerGroup", "AdminAgents")
MFA_FOR_ALL: Final = "MFA for all users and service providers"

RESEARCHERS: Final = staff("""
    lena.fischer | Lena Fischer
    milan.kovac | Milan Kovač
    nadia.rahimi | Nadia Rahimi
    oskar.lund | Oskar Lund
""")
OWNER_OF_TREY: Final = Person("it-lund", "Oskar Lund (administrator)", "admin", skus=())
VISITOR: Final = guest("ada.moss", "Ada Moss", PARTNER)
AGENTS_OF_MARGIE: Final = staff("""
    paula.reis | Paula Reis
    remy.blanc | Rémy Blanc
    selma.aydin | Selma Aydin
""", methods=NOTHING, capable=False)
SHARED: Final = Person("partner-support", "Contoso support", "admin", skus=(), methods=NOTHING,
                       capable=False, contact=f"support@{PARTNER}")


@dataclass(frozen=True, slots=True)
class Rules:
    """What a customer has switched on, and to whom its subscription is given."""

    policies: tuple[Record, ...]
    azure: tuple[Azure, ...]


def _settings(tenant: Tenant, consent: list[str]) -> dict[str, Record]:
    return {
        "organization": settings.organization(tenant),
        "securityDefaults": settings.security_defaults(enabled=False),
        "authenticationMethodsPolicy":
            settings.authentication_methods("enabled", "migrationComplete"),
        "authorizationPolicy": settings.authorization(consent, strict=not consent),
        "adminConsentRequestPolicy": settings.admin_consent([]),
        "crossTenantAccessPolicy": settings.cross_tenant(),
        "exchangeOrganizationConfig": settings.exchange_organization(tenant, modern=True),
        "exchangeTransportConfig": settings.exchange_transport(smtp_off=not consent),
    }


CAREFUL: Final = Rules(
    policies=(
        policy(TREY, MFA_FOR_ALL, who(), demand_strength(policies.MFA)),
        policy(TREY, "Block legacy authentication", who(), demand("block"),
               clientAppTypes=["exchangeActiveSync", "other"]),
    ),
    azure=(
        Azure(TREY.key, TREY.guid("user", "nadia.rahimi"), "User", READER),
        Azure(TREY.key, AGENTS, "ForeignGroup", CONTRIBUTOR),
    ),
)
CARELESS: Final = Rules(
    policies=(
        policy(MARGIE, "MFA, but not for our partner",
               who(excludeGuestsOrExternalUsers={
                   "guestOrExternalUserTypes": "serviceProvider",
                   "externalTenants": {
                       "@odata.type": "#microsoft.graph.conditionalAccessAllExternalTenants",
                       "membershipKind": "all"}}),
               demand("mfa"), state="enabledForReportingButNotEnforced", age=90),
    ),
    azure=(
        Azure(MARGIE.key, MARGIE.guid("user", "remy.blanc"), "User", CONTRIBUTOR),
        Azure(MARGIE.key, AGENTS, "ForeignGroup", OWNER),
    ),
)


def _world(tenant: Tenant, members: list[Person], rules: Rules, log: list[SignIn]) -> World:
    admin = next(person for person in members if person.kind == "admin")
    consent = [] if rules is CAREFUL else [
        "ManagePermissionGrantsForSelf.microsoft-user-default-legacy"]
    return World(
        tenant=tenant,
        people=members,
        groups=[Group("Everyone", people(*(person.key for person in members)))],
        holdings=[Holding("Global Administrator", f"user:{admin.key}")],
        policies=rules.policies,
        settings=_settings(tenant, consent),
        domains=settings.domains(tenant),
        units={"SPB": 5},
        log=log,
        azure=rules.azure,
    )


def _exports(world: World) -> list[Export]:
    found = directory(world) | premium(world) | {"azureRoleAssignments": subscriptions(world)}
    names = ("riskyUsers", "roleManagementPolicyAssignments",
             "groupEligibilityScheduleInstances", "accessReviewDefinitions")
    return [*(found | {name: refused(name, NO_PREMIUM) for name in names}).values()]


def careful() -> list[Export]:
    """Return the customer whose policies reach everybody, its partner's people included."""
    members = [*RESEARCHERS, OWNER_OF_TREY, VISITOR]
    applied = ((TREY.guid("policy", MFA_FOR_ALL), MFA_FOR_ALL, "success"),)
    return _exports(_world(TREY, members, CAREFUL, ordinary(members, 24, applied)))


def careless() -> list[Export]:
    """Return the customer that refuses MFA and lets its partner do as it likes."""
    members = [*AGENTS_OF_MARGIE, SHARED]
    log = [replace(one, multifactor=False) for one in ordinary(members, 12, ())]
    portal = [SignIn(SHARED, PORTAL, 90, multifactor=False, address="198.51.100.31")]
    return _exports(_world(MARGIE, members, CARELESS, [*log, *portal]))


def declared(tenant: Tenant) -> str:
    """Return what its partner declares about one of the two: both have refused MFA."""
    own = objects(TREY, "user", OWNER_OF_TREY.key) if tenant == TREY else []
    return declarations(tenant, {
        "CUS-002.customers_refusing_mfa": [Named(tenant.id, tenant.name)],
        "CUS-002.own_administrators": own,
        "CUS-003.partner_domains": [Named(PARTNER, "")],
    })
