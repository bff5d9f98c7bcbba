"""Customers of the well-kept partner: few roles, short terms, every grant in use."""

from __future__ import annotations

from typing import Final

from builder.gdap import Access, Customer, Relationship

ADATUM: Final = Customer("adatum", "Adatum Corporation")
FABRIKAM: Final = Customer("fabrikamresidences", "Fabrikam Residences")
NORTHWIND: Final = Customer("northwindtraders", "Northwind Traders")
PROSEWARE: Final = Customer("proseware", "Proseware, Inc.")
WINGTIP: Final = Customer("wingtiptoys", "Wingtip Toys")
LUCERNE: Final = Customer("lucernepublishing", "Lucerne Publishing")
CUSTOMERS: Final = [ADATUM, FABRIKAM, NORTHWIND, PROSEWARE, WINGTIP, LUCERNE]

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
