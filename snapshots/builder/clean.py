"""A partner that does everything right; the partial export is a copy of it that came home torn."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from builder import apps, policies, settings
from builder.clean_gdap import ALERTS, AZURE, BUDGETS, COUNTED, CUSTOMERS, RELATIONSHIPS
from builder.clean_people import (
    ADMINS,
    ELIGIBLE,
    GROUPS,
    GUESTS,
    HOLDINGS,
    REVIEWS,
    STAFF,
    everybody,
)
from builder.clean_policies import EVERYBODY, conditional_access
from builder.exports import Export, first_page, not_asked, paged, refused
from builder.governance import POWERFUL, Activation
from builder.names import Record, Tenant
from builder.people import SELECT, users
from builder.signins import ACTIVE_SYNC, PORTAL, SYNC, SignIn, ordinary, risky_user
from builder.world import World, directory, partner, premium

CONTOSO: Final = Tenant("contosocloud", "Contoso Cloud Services", "contoso.com")
# A recent synchronisation no longer hands over its account's password.
BY_TOKEN: Final = replace(SYNC, protocol="none")
LITWARE: Final = Tenant("litwarecloud", "Litware Cloud", "litwareinc.com")

def _log(tenant: Tenant) -> list[SignIn]:
    applied = ((tenant.guid("policy", EVERYBODY), EVERYBODY, "success"),)
    active = [person for person in [*STAFF, *ADMINS, *GUESTS[:5]] if person.enabled]
    sync = next(person for person in everybody(tenant) if person.kind == "sync")
    return [
        *ordinary(active, 60, applied),
        *(SignIn(sync, BY_TOKEN, 900 + number, multifactor=False, address="203.0.113.5")
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


def _activation(tenant: Tenant) -> Activation:
    return Activation(demands=("MultiFactorAuthentication", "Justification"), longest="PT4H",
                      approver="Privileged - Identity", told=f"soc@{tenant.domain}")


def world(tenant: Tenant) -> World:
    """Return the well-kept partner under a name of one's choice."""
    return World(
        tenant=tenant,
        people=everybody(tenant),
        groups=GROUPS,
        holdings=HOLDINGS,
        policies=conditional_access(tenant),
        locations=[
            policies.network(tenant, "Head office", "203.0.113.0/24", trusted=True),
            policies.countries(tenant, "Where we work", ["US", "CA", "SE"]),
        ],
        settings=_settings(tenant),
        domains=settings.domains(tenant),
        units={"SPB": 45, "AAD_PREMIUM_P2": 15},
        log=_log(tenant),
        risky=[risky_user(tenant, STAFF[7], "none", "remediated",
                          "userPerformedSecuredPasswordChange")],
        apps=APPS,
        principals=[apps.foreign_principal(tenant, "Fabrikam Ticketing", "Fabrikam, Inc.")],
        grants=[
            apps.grant(tenant, "Partner Center Integration", "Microsoft Graph", "User.Read"),
            apps.grant(tenant, "Fabrikam Ticketing", "Microsoft Graph", "User.Read openid",
                       "mei.tanaka"),
        ],
        customers=CUSTOMERS,
        relationships=RELATIONSHIPS,
        given=[apps.given(tenant, "Ticket synchronisation", "User.Read.All")],
        activations=dict.fromkeys(POWERFUL, _activation(tenant)),
        eligible=ELIGIBLE,
        reviews=REVIEWS,
        alerts=ALERTS,
        budgets=BUDGETS,
        azure=AZURE,
        counted=COUNTED,
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
