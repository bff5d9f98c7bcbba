"""A small partner whose export was put together from parts of different days."""

from __future__ import annotations

from typing import Final

from builder import policies, settings
from builder.declared import Named, declarations, objects
from builder.exports import NO_PREMIUM, Export, refused
from builder.gdap import Access, Customer, Relationship
from builder.groups import Group, people
from builder.names import Record, Tenant, guid
from builder.partner_center import Counted
from builder.people import BUSINESS, KEY, Person, staff
from builder.policies import demand, demand_strength, policy, who
from builder.roles import Holding
from builder.signins import SignIn, ordinary
from builder.world import World, directory, partner, premium

FIRST_UP: Final = Tenant(
    "firstup", "First Up Consultants", "firstupconsultants.com",
    partner_type="indirect-reseller", synchronised=False,
)
PROVIDER: Final = guid("tenant", "relecloud")
EVERYBODY: Final = "MFA for everybody"
DAYS: Final = 4
PREMIUM_ONLY: Final = (
    "riskyUsers", "roleManagementPolicyAssignments", "groupEligibilityScheduleInstances",
    "accessReviewDefinitions",
)
DESK: Final = "Service Support Administrator"
PICKLES: Final = Customer("munsons", "Munson's Pickles and Preserves Farm", dap=True, idle=12)
MUSEUM: Final = Customer("bellows", "Bellows College")
CUSTOMERS: Final = [PICKLES, MUSEUM]
RELATIONSHIPS: Final = [
    Relationship("FirstUp-Bellows-support", MUSEUM, (DESK,),
                 (Access("Support of customers", (DESK,)),), duration="P365D", age=40,
                 provider=PROVIDER),
]

STAFF: Final = staff("""
    anik.basu | Anik Basu
    berta.lopes | Berta Lopes
    carl.eriksen | Carl Eriksen
    dora.fekete | Dora Fekete
    ewan.mckay | Ewan McKay
""", methods=("softwareOneTimePasscode",))
ADMINS: Final = [
    Person("adm-basu", "Anik Basu (admin)", "admin", skus=(), methods=KEY[:1], seen=0),
    Person("adm-lopes", "Berta Lopes (admin)", "admin", skus=BUSINESS, methods=KEY[:1], seen=2),
]


def _policies() -> list[Record]:
    return [
        policy(FIRST_UP, EVERYBODY, who(), demand_strength(policies.MFA), age=2),
        policy(FIRST_UP, "Block legacy authentication", who(), demand("block"), age=2,
               clientAppTypes=["exchangeActiveSync", "other"]),
    ]


def _settings() -> dict[str, Record]:
    return {
        "organization": settings.organization(FIRST_UP),
        "securityDefaults": settings.security_defaults(enabled=True),
        "authenticationMethodsPolicy":
            settings.authentication_methods("disabled", "migrationComplete"),
        "authorizationPolicy": settings.authorization([], strict=True),
        "adminConsentRequestPolicy":
            settings.admin_consent([FIRST_UP.guid("user", "adm-basu")]),
        "crossTenantAccessPolicy": settings.cross_tenant(),
        "exchangeOrganizationConfig": settings.exchange_organization(FIRST_UP, modern=True),
        "exchangeTransportConfig": settings.exchange_transport(smtp_off=True),
    }


def _log() -> list[SignIn]:
    applied = ((FIRST_UP.guid("policy", EVERYBODY), EVERYBODY, "success"),)
    return [*ordinary([*STAFF, *ADMINS], 21, applied)]


def world() -> World:
    """Return the small partner."""
    return World(
        tenant=FIRST_UP,
        people=[*STAFF, *ADMINS],
        groups=[
            Group("AdminAgents", people("adm-basu"), "Partner agents"),
            Group("Support of customers", people("adm-lopes"), assignable=True),
        ],
        holdings=[Holding("Global Administrator", "user:adm-basu"),
                  Holding("Global Administrator", "user:adm-lopes")],
        policies=_policies(),
        settings=_settings(),
        domains=settings.domains(FIRST_UP),
        units={"SPB": 6},
        log=_log(),
        log_days=DAYS,
        customers=CUSTOMERS,
        relationships=RELATIONSHIPS,
        budgets={MUSEUM: 300.0, PICKLES: 120.0},
        counted=Counted(mfa={MUSEUM: "defaults", PICKLES: "defaults"}, with_budget=2),
        points=80,
        requests=[(ADMINS[0], True)],
    )


def small() -> list[Export]:
    """Return the partner's export; what needs Entra ID P2 was refused."""
    office = world()
    refusals = {name: refused(name, NO_PREMIUM) for name in PREMIUM_ONLY}
    return [*(directory(office) | premium(office) | partner(office) | refusals).values()]


def declared() -> str:
    """Return the partner's `declarations.yaml`."""
    return declarations(FIRST_UP, {
        "approved_agents": objects(FIRST_UP, "user", "adm-basu"),
        "managed_customers": [Named(MUSEUM.id, MUSEUM.name)],
        "federated_domains": [],
        "MFA-012.mobile_devices_barred": True,
    })
