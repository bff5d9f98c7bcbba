"""Accounts, groups and roles of the well-kept partner."""

from __future__ import annotations

from typing import Final

from builder.governance import Review
from builder.groups import Group, people
from builder.names import Tenant
from builder.people import KEY, NOTHING, P2, Person, guest, leaver, mailbox, staff
from builder.roles import Holding

STAFF: Final = staff("""
    ada.moss | Ada Moss
    bruno.keller | Bruno Keller
    chitra.rao | Chitra Rao
    daniel.osei | Daniel Osei
    elena.petrova | Elena Petrova
    farid.aziz | Farid Aziz
    grace.lindqvist | Grace Lindqvist
    hugo.marchetti | Hugo Marchetti
    ines.carvalho | Inês Carvalho
    jakub.nowak | Jakub Nowak
    kirsi.laine | Kirsi Laine
    liam.oconnor | Liam O'Connor
    mei.tanaka | Mei Tanaka
    nils.bergstrom | Nils Bergström
    olga.smirnova | Olga Smirnova
    pablo.ruiz | Pablo Ruiz
    quinn.adler | Quinn Adler
    rosa.delgado | Rosa Delgado
    samir.haddad | Samir Haddad
    tove.jensen | Tove Jensen
    usha.menon | Usha Menon
    viktor.horak | Viktor Horák
    wanda.kowalska | Wanda Kowalska
    yusuf.demir | Yusuf Demir
""")
ADMINS: Final = [
    Person(f"adm-{key}", f"{name} (admin)", "admin", skus=P2, methods=KEY, seen=day,
           contact=f"{name.lower().replace(' ', '.')}@{{domain}}")
    for day, (key, name) in enumerate([
        ("moss", "Ada Moss"), ("keller", "Bruno Keller"), ("rao", "Chitra Rao"),
        ("osei", "Daniel Osei"), ("petrova", "Elena Petrova"), ("aziz", "Farid Aziz"),
        ("laine", "Kirsi Laine"), ("ruiz", "Pablo Ruiz"),
    ])
]
GUESTS: Final = [
    guest("alex.wilber", "Alex Wilber", "fabrikam.com"),
    guest("diego.siciliani", "Diego Siciliani", "fabrikam.com"),
    guest("isaiah.langer", "Isaiah Langer", "northwindtraders.com"),
    guest("joni.sherman", "Joni Sherman", "adatum.com", methods=KEY),
    guest("lynne.robbins", "Lynne Robbins", "adatum.com", member=True, skus=P2),
    guest("pradeep.gupta", "Pradeep Gupta", "wingtiptoys.com", enabled=False, methods=NOTHING,
          capable=False, state="PendingAcceptance", seen=None),
]
OTHERS: Final = [
    leaver("xenia.popov", "Xenia Popov", 33),
    leaver("zack.turner", "Zack Turner", 120),
    leaver("amira.saleh", "Amira Saleh", 290),
    mailbox("info", "Info"),
    mailbox("billing", "Billing"),
    mailbox("jobs", "Jobs"),
]


def everybody(tenant: Tenant) -> list[Person]:
    """Return all accounts, those whose names depend on the tenant included."""
    return [*STAFF, *ADMINS, *GUESTS, *OTHERS, *_service(tenant)]


def _service(tenant: Tenant) -> list[Person]:
    return [
        Person("svc-sam-consent", "Secure application model consent", "service", skus=P2,
               seen=3),
        Person("svc-monitoring", "Monitoring probe", "service", skus=P2, seen=0),
        Person("Sync_DC01_4f0a9c2e7b1d", "On-Premises Directory Synchronization Service Account",
               "sync", skus=(), methods=NOTHING, capable=False, domain=tenant.initial, seen=0),
        *(Person(f"emergency-{number}", f"Emergency access {number}", "emergency", skus=P2,
                 methods=KEY[:1], domain=tenant.initial, seen=70) for number in (1, 2)),
    ]


GROUPS: Final = [
    Group("AdminAgents", people("adm-moss", "adm-keller", "adm-rao", "adm-osei"),
          "Partner agents with administrative rights", owners=people("adm-moss")),
    Group("HelpdeskAgents", people("adm-petrova"), "Partner agents of the service desk"),
    Group("SalesAgents", people("adm-laine", "adm-ruiz"), "Partner agents of sales"),
    Group("GDAP - Service desk", people("adm-petrova", "adm-aziz"), "Support requests",
          owners=people("adm-moss")),
    Group("GDAP - Licensing", people("adm-rao"), "Licences of customers",
          owners=people("adm-moss")),
    Group("GDAP - Directory readers", people("adm-osei", "adm-aziz", "svc-sam-consent"),
          "Read-only insight", owners=people("adm-moss")),
    Group("Privileged - Identity", people("adm-moss", "adm-keller"),
          "Holds roles of identity administrators", assignable=True),
    Group("Privileged - Readers", people("adm-petrova", "adm-aziz"),
          "Reads security reports", assignable=True),
    Group("All staff", people(*(person.key for person in STAFF)), types=("DynamicMembership",),
          rule='(user.userType -eq "Member") and (user.mail -ne null)'),
    Group("Projects", ("group:Projects north", *people("mei.tanaka")), mail=False),
    Group("Projects north", people("nils.bergstrom", "alex.wilber", "joni.sherman")),
    Group("Retired devices", (), "Empty on purpose"),
]
HOLDINGS: Final = [
    Holding("Global Administrator", "user:emergency-1"),
    Holding("Global Administrator", "user:emergency-2"),
    Holding("Global Administrator", "user:adm-moss", "eligible", until=160),
    Holding("Global Administrator", "user:adm-keller", "eligible", until=160),
    Holding("Privileged Role Administrator", "group:Privileged - Identity", "eligible",
            until=120),
    Holding("Conditional Access Administrator", "group:Privileged - Identity", "eligible",
            until=120),
    Holding("Conditional Access Administrator", "user:adm-moss", "activated", until=0.2),
    Holding("Security Reader", "group:Privileged - Readers", "eligible", until=150),
    Holding("User Administrator", "user:adm-rao", "eligible", until=90),
    Holding("License Administrator", "user:adm-rao"),
    Holding("Exchange Administrator", "user:adm-osei", "eligible", until=90),
    Holding("Authentication Administrator", "user:adm-osei", "eligible", until=90),
    Holding("Service Support Administrator", "user:adm-petrova"),
    Holding("Directory Readers", "application:Partner Center Integration"),
    Holding("Directory Synchronization Accounts", "user:Sync_DC01_4f0a9c2e7b1d"),
]


ELIGIBLE: Final = [
    ("AdminAgents", people("adm-petrova")),
    ("GDAP - Service desk", people("adm-rao")),
    ("GDAP - Licensing", people("adm-petrova")),
    ("GDAP - Directory readers", people("adm-rao")),
]
REVIEWS: Final = [
    *(Review(f"Quarterly: {name}", f"role:{name}")
      for name in ("Global Administrator", "Privileged Role Administrator")),
    *(Review(f"Quarterly: {name}", f"group:{name}", months)
      for name, months in (("GDAP - Service desk", 1), ("GDAP - Licensing", 3),
                           ("GDAP - Directory readers", 3))),
    Review("Guests, 2025", "group:Projects", 12, "Completed"),
]
