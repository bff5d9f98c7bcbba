"""Exchange Online as its PowerShell shows it, and where the logs of Entra ID are sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from builder.names import Record, Tenant, guid
from builder.people import Person

PROTOCOLS: Final = (
    "ActiveSync", "Autodiscover", "Imap", "Mapi", "OfflineAddressBook", "OutlookService", "Pop",
    "Powershell", "ReportingWebServices", "Rest", "Rpc", "Smtp", "WebServices",
)
LOGS: Final = (
    "AuditLogs", "SignInLogs", "NonInteractiveUserSignInLogs", "ServicePrincipalSignInLogs",
    "ManagedIdentitySignInLogs", "RiskyUsers", "UserRiskEvents",
)
SMTP_CHOICE: Final = {True: False, False: None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """How open mail is: `basic` names protocols, `old` and `smtp` accounts that use old ones.

    `sent` names the logs of Entra ID that are sent on, none if there is no such setting.
    """

    audited: bool = True
    basic: tuple[str, ...] = ()
    old: frozenset[str] = frozenset()
    smtp: frozenset[str] = frozenset()
    sent: tuple[str, ...] = LOGS


def audit_log(exchange: Exchange) -> Record:
    """Return the setting of the unified audit log."""
    return {"UnifiedAuditLogIngestionEnabled": exchange.audited}


def authentication_policies(exchange: Exchange) -> list[Record]:
    """Return the one authentication policy that there is."""
    name = "Old devices" if exchange.basic else "Block Basic"
    allowed = {f"AllowBasicAuth{protocol}": protocol in exchange.basic for protocol in PROTOCOLS}
    return [{"Identity": name, "Name": name} | allowed]


def mailboxes(tenant: Tenant, people: Iterable[Person], exchange: Exchange) -> list[Record]:
    """Return the protocols of every mailbox, those of shared mailboxes included."""
    return [_mailbox(tenant, person, exchange) for person in people
            if person.kind == "mailbox" or "SPB" in person.skus]


def _mailbox(tenant: Tenant, person: Person, exchange: Exchange) -> Record:
    is_old = person.key in exchange.old
    return {
        "Identity": tenant.guid("user", person.key),
        "ExternalDirectoryObjectId": tenant.guid("user", person.key),
        "PrimarySmtpAddress": person.upn(tenant),
        "DisplayName": person.name,
        "SmtpClientAuthenticationDisabled": SMTP_CHOICE[person.key in exchange.smtp],
        "PopEnabled": is_old,
        "ImapEnabled": is_old,
        "ActiveSyncEnabled": is_old,
        "MAPIEnabled": True,
        "OWAEnabled": True,
        "EwsEnabled": None,
    }


def diagnostic_settings(tenant: Tenant, exchange: Exchange) -> list[Record]:
    """Return the setting that sends logs to a workspace, if there is one."""
    if not exchange.sent:
        return []
    group = f"/subscriptions/{guid('subscription', tenant.key)}/resourceGroups/security"
    return [{
        "id": "/providers/microsoft.aadiam/diagnosticSettings/to-the-workspace",
        "name": "to-the-workspace",
        "properties": {
            "logs": [{"category": name, "enabled": name in exchange.sent,
                      "retentionPolicy": {"enabled": False, "days": 0}} for name in LOGS],
            "workspaceId":
                f"{group}/providers/Microsoft.OperationalInsights/workspaces/{tenant.key}",
            "storageAccountId": None,
            "eventHubAuthorizationRuleId": None,
            "eventHubName": None,
        },
    }]
