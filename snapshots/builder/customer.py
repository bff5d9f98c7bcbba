"""A small customer without premium licences, protected by security defaults alone."""

from __future__ import annotations

from typing import Final

from builder import settings
from builder.exports import NO_PREMIUM, Export, graph, refused
from builder.groups import Group, people
from builder.names import Record, Tenant
from builder.people import NOTHING, PUSH, SELECT, Person, leaver, staff, users
from builder.roles import Holding
from builder.world import World, directory

TENANT: Final = Tenant(
    "fourthcoffee", "Fourth Coffee", "fourthcoffee.com", kind="customer", partner_type=None,
    synchronised=False,
)
STAFF: Final = staff("""
    bea.lund | Bea Lund
    carlos.vega | Carlos Vega
    dana.friedman | Dana Friedman
    emeka.obi | Emeka Obi
    fatima.nasser | Fatima Nasser
    gustav.holm | Gustav Holm
    hana.suzuki | Hana Suzuki
""", skus=("O365_BUSINESS_PREMIUM",), methods=PUSH)
ADMIN: Final = Person("owner", "Bea Lund (owner)", "admin", skus=())
EVERYBODY: Final = [
    *STAFF, ADMIN, leaver("ivo.marsic", "Ivo Marsic", 80),
    Person("roaster", "Roaster terminal", "service", skus=(), methods=NOTHING, capable=False),
]


def _settings() -> dict[str, Record]:
    methods = settings.authentication_methods("enabled", "preMigration")
    consent = ["ManagePermissionGrantsForSelf.microsoft-user-default-legacy"]
    return {
        "organization": settings.organization(TENANT, premium=False),
        "securityDefaults": settings.security_defaults(enabled=True),
        "authenticationMethodsPolicy": methods,
        "authorizationPolicy": settings.authorization(consent, strict=False),
        "adminConsentRequestPolicy": settings.admin_consent([]),
        "crossTenantAccessPolicy": settings.cross_tenant(),
        "exchangeOrganizationConfig": settings.exchange_organization(TENANT, modern=True),
        "exchangeTransportConfig": settings.exchange_transport(smtp_off=False),
    }


def world() -> World:
    """Return the customer."""
    return World(
        tenant=TENANT,
        people=EVERYBODY,
        groups=[Group("Shop floor", people("emeka.obi", "hana.suzuki", "roaster"))],
        holdings=[Holding("Global Administrator", "user:owner"),
                  Holding("License Administrator", "user:bea.lund")],
        settings=_settings(),
        domains=settings.domains(TENANT),
        units={"O365_BUSINESS_PREMIUM": 10},
    )


def security_defaults() -> list[Export]:
    """Return the customer's export; what needs a premium licence was refused."""
    shop = world()
    exports = directory(shop)
    plain = tuple(name for name in SELECT if name != "signInActivity")
    records = [{name: record[name] for name in plain} for record in users(TENANT, shop.people)]
    exports["users"] = graph("users", records, plain)
    del exports["perUserMfa"]
    refusals = [refused(name, NO_PREMIUM) for name in ("signIns", "riskyUsers")]
    return [*exports.values(), *refusals]
