"""What the well-kept partner declares, and what its people attest."""

from __future__ import annotations

from typing import Final

from builder.clean_gdap import MANAGED
from builder.clean_people import GROUPS
from builder.declared import Answer, Named, attestations, declarations, objects
from builder.names import Tenant

AGENTS: Final = ("AdminAgents", "HelpdeskAgents", "SalesAgents")
TICKETS: Final = "https://tickets.contoso.example/"
SECURITY: Final = "Bruno Keller"
APPLICATIONS: Final = "Chitra Rao"
ANSWERS: Final = {
    "APP-005": Answer(APPLICATIONS, 18, link=f"{TICKETS}4655"),
    "ATT-001": Answer(SECURITY, 66, link=f"{TICKETS}4102"),
    "DAP-003": Answer(SECURITY, 7, link=f"{TICKETS}4711"),
    "EMG-003": Answer(SECURITY, 70, link=f"{TICKETS}4088",
                      remark="The drill of September; the alert came after two minutes."),
    "FRD-004": Answer(SECURITY, 21, link=f"{TICKETS}4640"),
    "FED-001": Answer(SECURITY, 11, link=f"{TICKETS}4697"),
    "GDAP-012": Answer("Elena Petrova", 45, link="https://register.contoso.example/gdap"),
    "ISO-001": Answer(SECURITY, 130,
                      remark="Mailboxes here serve the partner business; the company's own mail, "
                             "files and collaboration are in another tenant."),
    "LEG-003": Answer(APPLICATIONS, 30, remark="The list is empty since the last scanner went."),
    "LEG-006": Answer(SECURITY, 75),
    "LEG-008": Answer("Daniel Osei", 110),
    "LOG-003": Answer(SECURITY, 4, link=f"{TICKETS}4718"),
    "LOG-005": Answer(SECURITY, 60, link=f"{TICKETS}4131"),
    "LOG-007": Answer(SECURITY, 70, link=f"{TICKETS}4089"),
    "MFA-005": Answer(APPLICATIONS, 33),
    "MFA-016": Answer(SECURITY, 27, link=f"{TICKETS}4622"),
    "PRV-006": Answer(SECURITY, 26, link=f"{TICKETS}4629"),
    "PRV-008": Answer("Ada Moss", 88),
    "PRV-010": Answer(SECURITY, 26, link=f"{TICKETS}4629"),
    "SAM-005": Answer(APPLICATIONS, 33, link="https://vault.contoso.example/partner"),
    "SAM-006": Answer(APPLICATIONS, 33),
    "SCO-005": Answer(SECURITY, 14, link=f"{TICKETS}4690"),
    "SCP-001": Answer("Ada Moss", 40),
    "SYNC-002": Answer("Daniel Osei", 52),
}


def declared(tenant: Tenant) -> str:
    """Return the partner's `declarations.yaml`."""
    agents = [member.removeprefix("user:") for group in GROUPS if group.name in AGENTS
              for member in group.members]
    return declarations(tenant, {
        "emergency_accounts": objects(tenant, "user", "emergency-1", "emergency-2"),
        "synchronisation_accounts": objects(tenant, "user", "Sync_DC01_4f0a9c2e7b1d"),
        "service_accounts": objects(tenant, "user", "svc-sam-consent", "svc-monitoring"),
        "sam_consent_accounts": objects(tenant, "user", "svc-sam-consent"),
        "approved_agents": objects(tenant, "user", *agents),
        "managed_customers": [Named(customer.id, customer.name) for customer in MANAGED],
        "MFA-012.mobile_devices_barred": False,
        "federated_domains": [],
        "trusted_tenants": [],
        "SCP-001.linked_tenants": [Named(tenant.id, tenant.name)],
    })


def attested(tenant: Tenant) -> str:
    """Return the partner's `attestations.yaml`."""
    return attestations(tenant, ANSWERS)
