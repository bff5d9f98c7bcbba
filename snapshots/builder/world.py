"""A whole tenant, and the exports that an exporter would bring home from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from builder import (
    alerts,
    apps,
    azure,
    exchange,
    gdap,
    governance,
    groups,
    licences,
    partner_center,
    people,
    policies,
    roles,
)
from builder.exports import Export, array, entity, graph, lines
from builder.names import EXPORTED, Record, Tenant, ago, instant
from builder.people import Person
from builder.signins import SignIn, sign_ins

LOG_DAYS: Final = 30
SHAPES: Final = (
    "organization", "securityDefaults", "authenticationMethodsPolicy", "authorizationPolicy",
    "adminConsentRequestPolicy", "crossTenantAccessPolicy", "exchangeOrganizationConfig",
    "exchangeTransportConfig",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything there is in one tenant; `settings` holds single objects by collection."""

    tenant: Tenant
    people: Sequence[Person]
    groups: Sequence[groups.Group]
    holdings: Sequence[roles.Holding]
    policies: Sequence[Record] = ()
    locations: Sequence[Record] = ()
    settings: Mapping[str, Record]
    domains: Sequence[Record]
    federation: Sequence[Record] = ()
    units: Mapping[str, int]
    log: Sequence[SignIn] = ()
    log_days: int = LOG_DAYS
    risky: Sequence[Record] = ()
    apps: Sequence[apps.App] = ()
    principals: Sequence[Record] = ()
    grants: Sequence[Record] = ()
    customers: Sequence[gdap.Customer] = ()
    relationships: Sequence[gdap.Relationship] = ()
    given: Sequence[Record] = ()
    activations: Mapping[str, governance.Activation] = field(default_factory=dict)
    eligible: Sequence[tuple[str, Sequence[str]]] = ()
    reviews: Sequence[governance.Review] = ()
    alerts: Sequence[alerts.Alert] = ()
    budgets: Mapping[gdap.Customer, float] = field(default_factory=dict)
    azure: Sequence[azure.Azure] = ()
    exchange: exchange.Exchange = field(default_factory=exchange.Exchange)
    counted: partner_center.Counted = field(default_factory=partner_center.Counted)
    points: int = 0
    without_mfa: Sequence[Person] = ()
    requests: Sequence[tuple[Person, bool]] = field(default=())

    def person(self, key: str) -> Person:
        """Return the account with that key."""
        return next(person for person in self.people if person.key == key)

    def admins(self) -> frozenset[str]:
        """Return the keys of accounts that hold a role, now or on request, also by a group."""
        members = {f"group:{group.name}": group.members for group in self.groups}
        holders = [ref for holding in self.holdings
                   for ref in members.get(holding.principal, (holding.principal,))]
        return frozenset(ref.removeprefix("user:") for ref in holders)


def directory(world: World) -> dict[str, Export]:
    """Return what every tenant has: its settings, accounts, groups and roles."""
    tenant = world.tenant
    single = [entity(name, world.settings[name]) for name in SHAPES]
    lists = [
        graph("users", people.users(tenant, world.people), people.SELECT),
        graph("userRegistrationDetails",
              people.registrations(tenant, world.people, world.admins())),
        array("perUserMfa", people.per_user_states(tenant, world.people)),
        graph("groups", groups.groups(tenant, world.groups), groups.SELECT),
        array("groupMembers", groups.group_members(tenant, world.groups)),
        graph("conditionalAccessPolicies", world.policies),
        graph("namedLocations", world.locations),
        graph("authenticationStrengthPolicies", policies.strengths()),
        graph("domains", world.domains),
        graph("subscribedSkus", licences.subscribed_skus(tenant, _units(world))),
    ]
    exports = _by_name([*single, *lists, *_roles(world)])
    federation = array("domainFederation", world.federation)
    return exports | ({"domainFederation": federation} if world.federation else {})


def _roles(world: World) -> list[Export]:
    tenant, holdings = world.tenant, world.holdings
    return [
        graph("roleDefinitions", roles.definitions()),
        graph("roleAssignments", roles.assignments(tenant, holdings)),
        graph("roleAssignmentScheduleInstances", roles.assignment_instances(tenant, holdings)),
        graph("roleEligibilityScheduleInstances",
              roles.eligibility_instances(tenant, holdings)),
    ]


def premium(world: World) -> dict[str, Export]:
    """Return what only a tenant with premium licences can export: logs and risk."""
    records = sign_ins(world.tenant, world.log, world.log_days)
    log = lines("signIns", records, 100, ago(world.log_days), instant(EXPORTED))
    return _by_name([log, graph("riskyUsers", world.risky), *_governance(world)])


def _governance(world: World) -> list[Export]:
    tenant = world.tenant
    return [
        graph("roleManagementPolicyAssignments",
              governance.role_settings(tenant, world.activations)),
        array("groupEligibilityScheduleInstances",
              governance.eligible_members(tenant, world.eligible)),
        graph("accessReviewDefinitions", governance.access_reviews(tenant, world.reviews)),
    ]


def partner(world: World) -> dict[str, Export]:
    """Return what a partner has on top: applications, customers, Partner Center's view."""
    return _by_name([
        *_apps(world), *_customers(world), *_partner_center(world), *_alerts(world),
        *_exchange(world), subscriptions(world),
    ])


def subscriptions(world: World) -> Export:
    """Return who holds which role on the Azure subscriptions of a tenant."""
    return array("azureRoleAssignments", azure.role_assignments(world.azure))


def _apps(world: World) -> list[Export]:
    principals = [*apps.service_principals(world.tenant, world.apps), *world.principals]
    return [
        graph("applications", apps.applications(world.tenant, world.apps)),
        graph("servicePrincipals", principals),
        graph("oauth2PermissionGrants", world.grants),
        array("appRoleAssignments", world.given),
    ]


def _customers(world: World) -> list[Export]:
    tenant, rows = world.tenant, world.relationships
    return [
        graph("delegatedAdminRelationships", gdap.relationships(tenant, rows)),
        array("delegatedAdminAccessAssignments", gdap.access_assignments(tenant, rows)),
        graph("delegatedAdminCustomers", gdap.managed_customers(rows)),
        array("partnerCustomers", gdap.partner_customers(world.customers)),
        array("dapRelationships", gdap.dap_relationships(world.customers)),
    ]


def _partner_center(world: World) -> list[Export]:
    tenant = world.tenant
    admins = partner_center.administrators(
        tenant, len(world.admins()), len(world.without_mfa), len(world.people)
    )
    rows = [admins, *partner_center.requirements(tenant, world.counted)]
    return [
        graph("partnerSecurityScoreHistory",
              partner_center.history(tenant, world.counted.history)),
        graph("partnerSecurityCustomerInsights",
              partner_center.customer_insights(world.counted.mfa)),
        entity("partnerSecurityScore", partner_center.score(tenant, world.points)),
        graph("partnerSecurityRequirements", rows),
        entity("nonMfaCompliantPartnerPrincipals",
               partner_center.without_mfa(tenant, world.without_mfa)),
        entity("partnerRequests", partner_center.requests(tenant, world.requests)),
    ]


def _alerts(world: World) -> list[Export]:
    tenant = world.tenant
    return [
        graph("partnerSecurityAlerts", alerts.security_alerts(tenant, world.alerts)),
        array("fraudEvents", alerts.fraud_events(tenant, world.alerts)),
        array("usageBudgets", alerts.budgets(world.budgets)),
    ]


def _exchange(world: World) -> list[Export]:
    tenant, mail = world.tenant, world.exchange
    return [
        entity("exchangeAdminAuditLogConfig", exchange.audit_log(mail)),
        array("exchangeAuthenticationPolicies", exchange.authentication_policies(mail)),
        array("exchangeCasMailboxes", exchange.mailboxes(tenant, world.people, mail)),
        array("diagnosticSettings", exchange.diagnostic_settings(tenant, mail)),
    ]


def _units(world: World) -> dict[str, tuple[int, int]]:
    return {sku: (bought, sum(sku in person.skus for person in world.people))
            for sku, bought in world.units.items()}


def _by_name(exports: Iterable[Export]) -> dict[str, Export]:
    return {export.name: export for export in exports}
