"""Alerts on customers' Azure subscriptions: Microsoft Graph and Partner Center tell them both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from builder.gdap import Customer
from builder.names import Record, Tenant, ago, guid

NOT_YET: Final = "9999-12-31T23:59:59.9970000"
STATUSES: Final = {"active": "Active", "investigating": "Investigating", "resolved": "Resolved"}
REASONS: Final = {"legitimate": "Ignore", "ignore": "Ignore", "fraud": "Fraud", "": "None"}


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert, so many days old; `closed` is the number of days since it was closed."""

    kind: str
    title: str
    customer: Customer
    age: float
    status: str = "active"
    reason: str = ""
    by: str = ""
    closed: float | None = None
    severity: str = "high"
    test: bool = False

    def key(self) -> str:
        """Return what tells the alert from others."""
        return f"{self.kind}/{self.customer.key}/{self.age}"

    def subscription(self) -> str:
        """Return the id of the customer's subscription."""
        return guid("subscription", self.customer.key)

    def resource(self) -> str:
        """Return the Azure resource concerned."""
        return (f"/subscriptions/{self.subscription()}/resourceGroups/production"
                "/providers/Microsoft.Compute/virtualMachines/vm-01")


def security_alerts(tenant: Tenant, alerts: Iterable[Alert]) -> list[Record]:
    """Return the alerts as Graph gives them."""
    return [_alert(tenant, alert) for alert in alerts]


def _alert(tenant: Tenant, alert: Alert) -> Record:
    closed = None if alert.closed is None else ago(alert.closed)
    return {
        "id": tenant.guid("alert", alert.key()),
        "displayName": alert.title,
        "description": f"{alert.title}, seen in a subscription of {alert.customer.name}.",
        "alertType": alert.kind,
        "status": alert.status,
        "severity": alert.severity,
        "confidenceLevel": "high",
        "customerTenantId": alert.customer.id,
        "subscriptionId": alert.subscription(),
        "valueAddedResellerTenantId": None,
        "catalogOfferId": "MS-AZR-0017G",
        "detectedDateTime": ago(alert.age),
        "firstObservedDateTime": ago(alert.age, 5400),
        "lastObservedDateTime": ago(alert.age, 900),
        "isTest": alert.test,
        "resolvedReason": alert.reason or None,
        "resolvedBy": _by(tenant, alert) or None,
        "resolvedOnDateTime": closed,
        "affectedResources": [{"resourceId": alert.resource(),
                               "resourceType": "Microsoft.Compute/virtualMachines"}],
        "activityLogs": [] if closed is None else [
            {"statusFrom": "active", "statusTo": "resolved", "updatedDateTime": closed,
             "updatedBy": _by(tenant, alert) or None},
        ],
    }


def _by(tenant: Tenant, alert: Alert) -> str:
    return f"{alert.by}@{tenant.domain}" if alert.by else ""


def fraud_events(tenant: Tenant, alerts: Iterable[Alert]) -> list[Record]:
    """Return the same as Partner Center gives it: no time zone, numbers and flags as text."""
    return [_event(tenant, alert) for alert in alerts]


def _event(tenant: Tenant, alert: Alert) -> Record:
    closed = NOT_YET if alert.closed is None else _plain(alert.closed)
    return {
        "eventId": tenant.guid("fraudEvent", alert.key()),
        "eventTime": _plain(alert.age),
        "eventType": alert.kind,
        "eventStatus": STATUSES[alert.status],
        "severity": alert.severity.capitalize(),
        "confidenceLevel": "high",
        "partnerTenantId": tenant.id,
        "customerTenantId": alert.customer.id,
        "customerFriendlyName": alert.customer.name,
        "subscriptionId": alert.subscription(),
        "subscriptionName": f"{alert.customer.key} production",
        "subscriptionType": "modern",
        "firstObserved": _plain(alert.age, 5400),
        "lastObserved": _plain(alert.age, 900),
        "resolvedReason": REASONS[alert.reason],
        "resolvedOn": closed,
        "resolvedBy": _by(tenant, alert),
        "hitCount": "14",
        "isTest": str(alert.test).lower(),
        "affectedResources": [{"azureResourceId": alert.resource(),
                               "type": "Microsoft.Compute/virtualMachines"}],
    }


def _plain(days: float, seconds: int = 0) -> str:
    return ago(days, seconds).removesuffix("Z")


def budgets(amounts: Mapping[Customer, float]) -> list[Record]:
    """Return the monthly spending budgets of customers; 0 stands for none."""
    return [{"customerId": customer.id, "amount": amount or None}
            for customer, amount in amounts.items()]
