"""Customers of the careless partner: too many roles, for too long, and some of them unused."""

from __future__ import annotations

from typing import Final

from builder.gdap import Access, Customer, Relationship
from builder.names import guid

PROVIDER: Final = guid("tenant", "relecloud")

BAKERY: Final = Customer("obrienbakery", "O'Brien & Söhne \"Bäckerei\"", dap=True)
CONSOLIDATED: Final = Customer("consolidatedmessenger", "Consolidated Messenger", dap=True)
SCHOOL: Final = Customer("schooloffineart", "School of Fine Art 🎨")
VINEYARD: Final = Customer("coho", "Coho Vineyard")
GRAPHIC: Final = Customer("graphicdesign", "Graphic Design Institute")
ARABIC: Final = Customer("alpineski", "متجر ألباين")
FORMULA: Final = Customer("sumofall", "=SUM(1+1) Trading")
BLUE: Final = Customer("blueyonder", "Blue Yonder Airlines")
CUSTOMERS: Final = [BAKERY, CONSOLIDATED, SCHOOL, VINEYARD, GRAPHIC, ARABIC, FORMULA, BLUE]

GLOBAL: Final = "Global Administrator"
USERS: Final = "User Administrator"
READ: Final = "Directory Readers"
HELP: Final = "Helpdesk Administrator"
DESK: Final = "Service Support Administrator"
EVERYTHING: Final = "GDAP - everything"
HELPDESK: Final = "GDAP - helpdesk"

RELATIONSHIPS: Final = [
    Relationship("Tailwind-OBrien-all", BAKERY, (GLOBAL, USERS, READ),
                 (Access(EVERYTHING, (GLOBAL, USERS, READ)),), duration="P730D", age=500),
    Relationship("Tailwind-Messenger-ops", CONSOLIDATED,
                 ("Privileged Role Administrator", "Privileged Authentication Administrator",
                  "Directory Writers", DESK),
                 (Access(EVERYTHING, ("Privileged Role Administrator", "Directory Writers")),
                  Access(HELPDESK, (DESK,))),
                 duration="P2Y", extends="P180D", age=290),
    Relationship("Tailwind-FineArt-helpdesk", SCHOOL, (HELP, DESK),
                 (Access(HELPDESK, (HELP, DESK, "Exchange Administrator")),),
                 duration="P365D", age=120),
    Relationship("Tailwind-Coho-unused", VINEYARD, (READ, "License Administrator"),
                 duration="P365D", age=150),
    Relationship("MLT_Tailwind_Graphic", GRAPHIC,
                 (READ, "Directory Writers", "Global Reader", USERS, "License Administrator",
                  DESK, HELP),
                 (Access("GDAP - nobody", (READ, DESK)),), duration="P730D", extends="P180D",
                 age=600),
    Relationship("Tailwind-Alpine-عقد", ARABIC, ("Application Administrator", READ),
                 (Access(EVERYTHING, ("Application Administrator",), "error"),),
                 duration="P180D", age=170),
    Relationship("Tailwind-Sum-request", FORMULA, (GLOBAL, "Security Administrator"),
                 duration="P730D", age=100, status="approvalPending"),
    Relationship("Tailwind-BlueYonder-support", BLUE, (DESK, READ),
                 (Access(HELPDESK, (DESK,)), Access(EVERYTHING, (READ,))),
                 duration="P365D", age=210, provider=PROVIDER),
    Relationship("Tailwind-BlueYonder-new", BLUE, ("Reports Reader",), duration="P90D", age=3),
    Relationship("Tailwind-Coho-old", VINEYARD, (GLOBAL,),
                 (Access(EVERYTHING, (GLOBAL,), "deleted"),), duration="P365D", age=800,
                 status="expired"),
    Relationship("Tailwind-OBrien-first", BAKERY, (GLOBAL, "Hybrid Identity Administrator"),
                 duration="P730D", age=900, status="terminated"),
]
