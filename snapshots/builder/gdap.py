"""Customers, GDAP relationships and access assignments, and what is left of DAP."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from builder.names import EXPORTED, Record, Tenant, ago, guid, instant
from builder.role_names import ROLES

PLAIN: Final = "#microsoft.graph.delegatedAdminRelationship"
RESELLER: Final = "#microsoft.graph.resellerDelegatedAdminRelationship"
PENDING: Final = ("created", "approvalPending")


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer of a partner; `dap` says whether the old blanket privileges are still there.

    `idle` is the number of days since they were used, where that was lately.
    """

    key: str
    name: str
    dap: bool = False
    idle: int | None = None

    @property
    def id(self) -> str:
        """Tenant id of the customer."""
        return guid("tenant", self.key)


@dataclass(frozen=True, slots=True)
class Access:
    """An access assignment: a security group and the roles that it gets."""

    group: str
    roles: tuple[str, ...]
    status: str = "active"


@dataclass(frozen=True, slots=True)
class Relationship:
    """A GDAP relationship with a customer, activated so many days before the export."""

    name: str
    customer: Customer
    roles: tuple[str, ...]
    access: tuple[Access, ...] = ()
    status: str = "active"
    duration: str = "P365D"
    extends: str = "PT0S"
    age: int = 200
    provider: str = ""

    def id(self, tenant: Tenant) -> str:
        """Return the id of the relationship: two GUIDs in one."""
        return f"{tenant.guid('relationship', self.name)}-{tenant.id}"


def relationships(tenant: Tenant, rows: Iterable[Relationship]) -> list[Record]:
    """Return the relationships, ended and pending ones included."""
    return [_relationship(tenant, row) for row in rows]


def _relationship(tenant: Tenant, row: Relationship) -> Record:
    record: Record = {
        "@odata.type": RESELLER if row.provider else PLAIN,
        "id": row.id(tenant),
        "displayName": row.name,
        "status": row.status,
        "duration": row.duration,
        "autoExtendDuration": row.extends,
        "customer": {"tenantId": row.customer.id, "displayName": row.customer.name},
        "accessDetails": {"unifiedRoles": _roles(row.roles)},
        "createdDateTime": ago(row.age + 1),
        "activatedDateTime": None if row.status in PENDING else ago(row.age),
        "lastModifiedDateTime": ago(row.age),
        "endDateTime": None if row.status in PENDING else _end(row),
    }
    if row.provider:
        record |= {"indirectProviderTenantId": row.provider, "isPartnerConsentPending": False}
    return record


def _end(row: Relationship) -> str:
    start = EXPORTED - timedelta(days=row.age)
    if row.duration.endswith("Y"):
        return instant(start.replace(year=start.year + int(row.duration[1:-1])))
    return instant(start + timedelta(days=int(row.duration[1:-1])))


def _roles(names: Iterable[str]) -> list[Record]:
    return [{"roleDefinitionId": ROLES[name]} for name in names]


def access_assignments(tenant: Tenant, rows: Iterable[Relationship]) -> list[Record]:
    """Return the access assignments of all relationships, each with its relationship's id."""
    return [_assignment(tenant, row, access) for row in rows for access in row.access]


def _assignment(tenant: Tenant, row: Relationship, access: Access) -> Record:
    return {
        "id": tenant.guid("accessAssignment", f"{row.name}/{access.group}"),
        "delegatedAdminRelationshipId": row.id(tenant),
        "status": access.status,
        "createdDateTime": ago(row.age - 1),
        "lastModifiedDateTime": ago(row.age - 1),
        "accessContainer": {
            "accessContainerId": tenant.guid("group", access.group),
            "accessContainerType": "securityGroup",
        },
        "accessDetails": {"unifiedRoles": _roles(access.roles)},
    }


def managed_customers(rows: Iterable[Relationship]) -> list[Record]:
    """Return the customers with an active relationship, each once."""
    active = {row.customer.id: row.customer for row in rows if row.status == "active"}
    return [{"id": key, "tenantId": key, "displayName": customer.name}
            for key, customer in active.items()]


def partner_customers(customers: Iterable[Customer]) -> list[Record]:
    """Return the customers as Partner Center gives them one by one."""
    return [_customer(customer) for customer in customers]


def _customer(customer: Customer) -> Record:
    record: Record = {
        "id": customer.id,
        "commerceId": guid("commerce", customer.key),
        "companyProfile": {
            "tenantId": customer.id,
            "domain": f"{customer.key}.onmicrosoft.com",
            "companyName": customer.name,
        },
        "relationshipToPartner": "reseller",
        "allowDelegatedAccess": customer.dap,
        "associatedPartnerId": None,
    }
    if customer.dap:
        record["customDomains"] = [f"{customer.key}.example"]
    return record


def dap_relationships(customers: Iterable[Customer]) -> list[Record]:
    """Return the rows of the administrative relationships report."""
    return [_dap(customer) for customer in customers]


def _dap(customer: Customer) -> Record:
    return {
        "id": guid("dap", customer.key),
        "customerTenantId": customer.id,
        "organizationDisplayName": customer.name,
        "dapEnabled": customer.dap,
        "startDateTime": ago(1800),
        "endDateTime": None if customer.dap else ago(900),
        "lastSignInDateTime": None if customer.idle is None else ago(customer.idle),
        "partnerAgentCount": 0,
        "partnerSignInCount": 0,
        "globalAdminSignInCount": 0,
        "daysEnabled": "60+" if customer.dap else None,
        "daysInactive": _idle(customer),
        "recommendation": "Disable DAP" if customer.dap else None,
    }


def _idle(customer: Customer) -> str | None:
    if not customer.dap:
        return None
    return "90+" if customer.idle is None else str(customer.idle)
