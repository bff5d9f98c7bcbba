"""Customers of the well-kept partner: few roles, short terms, every grant in use."""

from __future__ import annotations

from typing import Final

from builder.alerts import Alert
from builder.azure import CONTRIBUTOR, READER, Azure
from builder.gdap import Access, Customer, Relationship
from builder.names import guid
from builder.partner_center import Counted

ADATUM: Final = Customer("adatum", "Adatum Corporation")
FABRIKAM: Final = Customer("fabrikamresidences", "Fabrikam Residences")
NORTHWIND: Final = Customer("northwindtraders", "Northwind Traders")
PROSEWARE: Final = Customer("proseware", "Proseware, Inc.")
WINGTIP: Final = Customer("wingtiptoys", "Wingtip Toys")
LUCERNE: Final = Customer("lucernepublishing", "Lucerne Publishing")
MANAGED: Final = [ADATUM, FABRIKAM, NORTHWIND, PROSEWARE, WINGTIP]
CUSTOMERS: Final = [*MANAGED, LUCERNE]

DESK: Final = "Service Support Administrator"
READ: Final = "Directory Readers"
LICENCES: Final = "License Administrator"
NEWS: Final = "Message Center Reader"

SUPPORT: Final = Access("GDAP - Service desk", (DESK,))
READERS: Final = Access("GDAP - Directory readers", (READ,))
LICENSING: Final = Access("GDAP - Licensing", (LICENCES,))


def _standard(customer: Customer, duration: str, age: int) -> Relationship:
    return Relationship(
        f"GDAP-{customer.key}-standard", customer, (DESK, READ, LICENCES),
        (SUPPORT, READERS, LICENSING), duration=duration, age=age,
    )


RELATIONSHIPS: Final = [
    _standard(ADATUM, "P365D", 200),
    _standard(FABRIKAM, "P180D", 60),
    _standard(NORTHWIND, "P730D", 310),
    _standard(PROSEWARE, "P365D", 90),
    Relationship("GDAP-wingtiptoys-support", WINGTIP, (DESK, READ), (SUPPORT, READERS),
                 duration="P180D", age=45),
    Relationship("GDAP-wingtiptoys-migration", WINGTIP, (LICENCES,),
                 (Access("GDAP - Licensing", (LICENCES,), "deleted"),),
                 duration="P30D", age=400, status="expired"),
    Relationship("GDAP-adatum-2024", ADATUM, ("Global Administrator", READ),
                 (Access("GDAP - Directory readers", (READ,), "deleted"),),
                 duration="P365D", age=700, status="terminated"),
    Relationship("GDAP-proseware-news", PROSEWARE, (NEWS,), duration="P90D", age=2,
                 status="approvalPending"),
]

ALERTS: Final = [
    Alert("NetworkConnectionsToCryptoMiningPools", "Connections to mining pools", ADATUM, 41,
          "resolved", "fraud", "adm-keller", 40.8),
    Alert("PotentialAzureAbuse", "Many virtual machines in a new region", NORTHWIND, 12,
          "resolved", "legitimate", "adm-rao", 11.9, severity="medium"),
    Alert("NetworkConnectionsToCryptoMiningPools", "Test of the alert", WINGTIP, 9, test=True),
    Alert("PotentialAzureAbuse", "Unusual number of deployments", FABRIKAM, 0.3,
          "investigating", severity="low"),
]
BUDGETS: Final = {customer: 400.0 + 150 * number for number, customer in enumerate(CUSTOMERS)}
COUNTED: Final = Counted(
    hours=3.5, with_budget=len(CUSTOMERS), history=(60, 80, 80, 100, 100, 100),
    mfa={customer: "policies" if number % 2 else "defaults"
         for number, customer in enumerate(CUSTOMERS)},
)
AZURE: Final = [
    Azure(ADATUM.key, guid("group", "adatum", "Monitoring"), "Group", READER),
    Azure(ADATUM.key, guid("partnerGroup", "AdminAgents"), "ForeignGroup", READER),
    Azure(NORTHWIND.key, guid("application", "northwind", "Backup vault"), "ServicePrincipal",
          CONTRIBUTOR, "backup"),
]
