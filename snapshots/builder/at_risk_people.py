"""Accounts, groups and roles of the careless partner."""

from __future__ import annotations

from typing import Final

from builder.groups import Group, people
from builder.names import Tenant
from builder.people import (
    BUSINESS,
    KEY,
    NOTHING,
    PHONE,
    PREMIUM,
    Person,
    guest,
    leaver,
    mailbox,
    staff,
)
from builder.roles import Holding

TAILWIND: Final = Tenant("tailwindit", "Tailwind Traders IT", "tailwindtraders.com")
FEDERATED: Final = "corp.tailwindtraders.com"

STAFF: Final = staff("""
    abel.ferreira | Abel Ferreira
    brigitte.roux | Brigitte "Bibi" Roux
    conor.odwyer | Conor O'Dwyer
    dilnoza.karimova | Dilnoza Karimova
    edgar.winther | Edgar Winther
    maryam.haddad | مريم حداد
    gianna.conti | Gianna Conti 🚀
    cmd.calc | =cmd('calc')!A0
    ismail.kaya | İsmail Kaya
    june.park | June Park
    karel.vanloon | Karel van Loon
    leila.farouk | Leila Farouk
    marek.zielinski | Marek Zieliński
    noor.patel | Noor Patel
    otto.brandt | Otto Brandt
    petra.novakova | Petra Nováková
""")
UNREGISTERED: Final = [
    Person("rin.sato", "Rin Sato", methods=NOTHING, capable=False),
    Person("sofia.ricci", "Sofia Ricci", methods=("email",), capable=False, seen=4),
    Person("tariq.mansour", "Tariq Mansour", methods=PHONE, capable=False, seen=2),
    Person("una.byrne", "Una Byrne", methods=NOTHING, capable=False, registered=False, seen=0),
]
FEDERATED_STAFF: Final = [
    Person("vera.lang", "Vera Lang", domain=FEDERATED, methods=NOTHING, capable=False),
    Person("wim.dekker", "Wim Dekker", domain=FEDERATED, per_user="enforced"),
]
ADMINS: Final = [
    Person("admin", "Administrator", "admin", skus=PREMIUM, methods=NOTHING, capable=False,
           seen=0),
    Person("adm-roux", "Brigitte Roux (admin)", "admin", skus=PREMIUM, methods=KEY, seen=1),
    Person("adm-winther", "Edgar Winther (admin)", "admin", skus=BUSINESS, per_user="enabled"),
]
GUESTS: Final = [
    guest("megan.bowen", "Megan Bowen", "adatum.com", methods=NOTHING, capable=False),
    guest("lee.gu", "Lee Gu", "fabrikam.com"),
    guest("nestor.wilke", "Nestor Wilke", "relecloud.com", methods=NOTHING, capable=False,
          state="PendingAcceptance", seen=None),
    guest("henrietta.mueller", "Henrietta Müller", "fabrikam.com", member=True),
]
OTHERS: Final = [
    leaver("yara.costa", "Yara Costa", 15),
    leaver("zeno.bauer", "Zeno Bauer", 64),
    mailbox("orders", "Orders & Returns"),
    Person("frontdesk", "Front desk", "mailbox", skus=(), methods=NOTHING, capable=False),
    Person("svc-scanner", "Scanner, 2nd floor", "service", skus=BUSINESS, methods=NOTHING,
           capable=False, seen=0),
    Person("svc-backup", "Backup job", "service", skus=(), methods=NOTHING, capable=False),
    Person("Sync_SRV02_9b3d51aa07c4", "On-Premises Directory Synchronization Service Account",
           "sync", skus=(), methods=NOTHING, capable=False, domain=TAILWIND.initial, seen=0),
    Person("breakglass", "Break glass", "emergency", skus=(), methods=NOTHING, capable=False,
           domain=TAILWIND.initial, seen=400),
    Person("breakglass2", "Break glass 2", "emergency", skus=(), methods=KEY[:1], seen=380),
    Person("adm-costa", "Yara Costa (admin)", "admin", skus=(), seen=70, left=15),
]
EVERYBODY: Final = [*STAFF, *UNREGISTERED, *FEDERATED_STAFF, *ADMINS, *GUESTS, *OTHERS]

GROUPS: Final = [
    Group("AdminAgents", (*people("admin", "adm-roux", "svc-backup"), "group:Old projects"),
          "Partner agents with administrative rights"),
    Group("Old projects", people("otto.brandt", "lee.gu"), "Nobody remembers why"),
    Group("HelpdeskAgents", people("adm-winther", "noor.patel", "adm-costa")),
    Group("SalesAgents", people("june.park")),
    Group("MFA exceptions", ("group:MFA exceptions - devices", *people("otto.brandt", "lee.gu")),
          "Left out of MFA", owners=people("otto.brandt")),
    Group("MFA exceptions - devices", ("group:Scanners and printers",)),
    Group("Scanners and printers", people("svc-scanner", "svc-backup")),
    Group("GDAP - everything", people("admin", "adm-roux", "svc-backup", "lee.gu"),
          "One group for all customers", owners=people("otto.brandt")),
    Group("GDAP - helpdesk", people("adm-winther"), "Password resets"),
    Group("GDAP - nobody", (), "Emptied in spring"),
    Group("Identity operators", people("adm-winther", "abel.ferreira"), assignable=True),
    Group("Everyone 'else' 🙂", people(*(person.key for person in STAFF[:6])), mail=True,
          types=("Unified",)),
]
HOLDINGS: Final = [
    Holding("Global Administrator", "user:admin"),
    Holding("Global Administrator", "user:adm-roux"),
    Holding("Global Administrator", "user:breakglass"),
    Holding("Global Administrator", "user:breakglass2"),
    Holding("Global Administrator", "user:abel.ferreira", "outside"),
    Holding("Global Administrator", "user:svc-backup"),
    Holding("User Administrator", "group:Identity operators"),
    Holding("Helpdesk Administrator", "user:adm-winther"),
    Holding("Application Administrator", "user:lee.gu"),
    Holding("Exchange Administrator", "user:adm-winther", "eligible", until=12),
    Holding("Privileged Role Administrator", "group:Identity operators", "eligible", until=40),
    Holding("Billing Administrator", "user:june.park"),
    Holding("Security Reader", "user:yara.costa"),
    Holding("Directory Synchronization Accounts", "user:Sync_SRV02_9b3d51aa07c4"),
    Holding("Directory Synchronization Accounts", "user:adm-costa"),
    Holding("Application Administrator", "application:CRM connector"),
]
