"""What the careless partner declares; nobody there attests anything."""

from __future__ import annotations

from typing import Final

from builder.at_risk_gdap import CUSTOMERS
from builder.declared import Named, declarations, objects
from builder.names import Tenant

EMERGENCY: Final = ("breakglass", "breakglass2")


def declared(tenant: Tenant) -> str:
    """Return the partner's `declarations.yaml`."""
    return declarations(tenant, {
        "emergency_accounts": objects(tenant, "user", *EMERGENCY),
        "sam_consent_accounts": objects(tenant, "user", "svc-backup"),
        "approved_agents": objects(tenant, "user", "adm-roux", "adm-winther"),
        "managed_customers": [Named(customer.id, customer.key) for customer in CUSTOMERS],
        "federated_domains": [],
        "unused_after": "28 days",
        "GDAP-005.maximum_days": 365,
        "MFA-012.mobile_devices_barred": True,
        "SCP-001.linked_tenants": [Named(tenant.id, tenant.name)],
    })
