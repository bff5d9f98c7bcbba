"""Alerts, subscriptions and Partner Center's figures of the careless partner."""

from __future__ import annotations

from typing import Final

from builder.alerts import Alert
from builder.at_risk_gdap import BAKERY, BLUE, CUSTOMERS, GRAPHIC, SCHOOL, VINEYARD
from builder.azure import OWNER, READER, Azure
from builder.exchange import Exchange
from builder.governance import Activation
from builder.names import guid
from builder.partner_center import Counted

MINING: Final = "NetworkConnectionsToCryptoMiningPools"
ALERTS: Final = [
    Alert(MINING, "Connections to mining pools", BAKERY, 6),
    Alert("PotentialAzureAbuse", "Many virtual machines in a new region", SCHOOL, 2.5,
          "investigating"),
    Alert(MINING, "Connections to mining pools", BLUE, 80, "resolved", "", "", 71),
    Alert(MINING, "Test of the alert", VINEYARD, 30, test=True),
]
AZURE: Final = [
    Azure(BAKERY.key, guid("partnerGroup", "AdminAgents"), "ForeignGroup", OWNER),
    Azure(SCHOOL.key, guid("partnerGroup", "AdminAgents"), "ForeignGroup", READER),
]
COUNTED: Final = Counted(
    contact=False, hours=218.5, with_budget=2, history=(60, 60, 55, 40, 40, 35),
    mfa={customer: ("", "users", "defaults", "policies")[number % 4]
         for number, customer in enumerate(CUSTOMERS)},
)
BUDGETS: Final = {GRAPHIC: 900.0, BLUE: 250.0, VINEYARD: 0}
MAIL: Final = Exchange(
    audited=False, basic=("ActiveSync", "Imap", "Smtp"), sent=("AuditLogs",),
    old=frozenset({"admin", "adm-winther", "otto.brandt", "orders"}),
    smtp=frozenset({"svc-scanner"}),
)
ACTIVATIONS: Final = {
    "Global Administrator": Activation(demands=()),
    "Privileged Role Administrator": Activation(),
    "Exchange Administrator": Activation(longest="PT24H"),
}
