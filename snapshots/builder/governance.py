"""How roles and groups are activated, and who reviews their holders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from builder.groups import object_id
from builder.names import Record, Tenant, ago, ahead
from builder.role_names import ROLES

POWERFUL: Final = (
    "Global Administrator", "Privileged Role Administrator", "User Administrator",
    "SharePoint Administrator", "Exchange Administrator", "Hybrid Identity Administrator",
    "Application Administrator", "Cloud Application Administrator",
)
TYPES: Final = {
    "Approval": "#microsoft.graph.unifiedRoleManagementPolicyApprovalRule",
    "Enablement": "#microsoft.graph.unifiedRoleManagementPolicyEnablementRule",
    "Expiration": "#microsoft.graph.unifiedRoleManagementPolicyExpirationRule",
    "Notification": "#microsoft.graph.unifiedRoleManagementPolicyNotificationRule",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """What activating a role asks for; `approver` is a group and `told` an address, if any."""

    demands: tuple[str, ...] = ("Justification",)
    longest: str = "PT8H"
    approver: str = ""
    told: str = ""


def role_settings(tenant: Tenant, settings: Mapping[str, Activation]) -> list[Record]:
    """Return the settings of Privileged Identity Management by role name."""
    return [_settings(tenant, role, activation) for role, activation in settings.items()]


def _settings(tenant: Tenant, role: str, activation: Activation) -> Record:
    policy = f"DirectoryRole_{tenant.id}_{tenant.guid('rolePolicy', role)}"
    return {
        "id": f"{policy}_{ROLES[role]}",
        "policyId": policy,
        "roleDefinitionId": ROLES[role],
        "scopeId": "/",
        "scopeType": "DirectoryRole",
        "policy": {
            "id": policy, "displayName": "DirectoryRole", "isOrganizationDefault": False,
            "lastModifiedDateTime": ago(160), "rules": _rules(tenant, activation),
        },
    }


def _rules(tenant: Tenant, activation: Activation) -> list[Record]:
    return [
        _rule("Approval", "EndUser_Assignment", setting=_approval(tenant, activation)),
        _rule("Enablement", "EndUser_Assignment", enabledRules=list(activation.demands)),
        _rule("Expiration", "EndUser_Assignment", isExpirationRequired=True,
              maximumDuration=activation.longest),
        *(_rule("Notification", f"Admin_Admin_{what}", notificationType="Email",
                recipientType="Admin", notificationLevel="All", isDefaultRecipientsEnabled=True,
                notificationRecipients=[activation.told] if activation.told else [])
          for what in ("Assignment", "Eligibility")),
    ]


def _rule(kind: str, target: str, **content: object) -> Record:
    return {"@odata.type": TYPES[kind], "id": f"{kind}_{target}"} | content


def _approval(tenant: Tenant, activation: Activation) -> Record:
    approvers = [{"@odata.type": "#microsoft.graph.groupMembers",
                  "groupId": tenant.guid("group", activation.approver),
                  "description": activation.approver}] if activation.approver else []
    return {
        "isApprovalRequired": bool(approvers),
        "isApprovalRequiredForExtension": False,
        "isRequestorJustificationRequired": True,
        "approvalMode": "SingleStage",
        "approvalStages": [{
            "isApproverJustificationRequired": True, "isEscalationEnabled": False,
            "primaryApprovers": approvers, "escalationApprovers": [],
        }],
    }


def eligible_members(
    tenant: Tenant, rows: Iterable[tuple[str, Iterable[str]]]
) -> list[Record]:
    """Return who may activate membership of which group; principals are references."""
    return [_eligible(tenant, group, who) for group, principals in rows for who in principals]


def _eligible(tenant: Tenant, group: str, principal: str) -> Record:
    label = f"{group}/{principal}"
    return {
        "id": tenant.guid("groupEligibility", label),
        "groupId": tenant.guid("group", group),
        "principalId": object_id(tenant, principal),
        "accessId": "member",
        "memberType": "direct",
        "eligibilityScheduleId": tenant.guid("groupEligibilitySchedule", label),
        "startDateTime": ago(100),
        "endDateTime": ahead(80),
    }


@dataclass(frozen=True, slots=True)
class Review:
    """A review of a role's holders or of a group's members, every so many months."""

    name: str
    target: str
    months: int = 3
    status: str = "InProgress"


def access_reviews(tenant: Tenant, reviews: Iterable[Review]) -> list[Record]:
    """Return the definitions of access reviews; targets are `role:...` or `group:...`."""
    return [_review(tenant, review) for review in reviews]


def _review(tenant: Tenant, review: Review) -> Record:
    return {
        "id": tenant.guid("review", review.name),
        "displayName": review.name,
        "descriptionForAdmins": None,
        "status": review.status,
        "createdDateTime": ago(420),
        "lastModifiedDateTime": ago(30),
        "scope": _scope(tenant, review.target),
        "instanceEnumerationScope": None,
        "reviewers": [_query(f"/users/{tenant.guid('user', 'adm-moss')}")],
        "settings": {
            "instanceDurationInDays": 14, "justificationRequiredOnApproval": True,
            "defaultDecisionEnabled": True, "defaultDecision": "Deny",
            "autoApplyDecisionsEnabled": True,
            "recurrence": {
                "pattern": {"type": "absoluteMonthly", "interval": review.months, "month": 0,
                            "dayOfMonth": 5, "daysOfWeek": []},
                "range": {"type": "noEnd", "startDate": ago(420)[:10], "endDate": None,
                          "numberOfOccurrences": 0},
            },
        },
    }


def _scope(tenant: Tenant, target: str) -> Record:
    kind, _, name = target.partition(":")
    if kind == "group":
        group = tenant.guid("group", name)
        return {"@odata.type": "#microsoft.graph.accessReviewQueryScope"} | _query(
            f"/groups/{group}/transitiveMembers")
    return {
        "@odata.type": "#microsoft.graph.principalResourceMembershipsScope",
        "principalScopes": [_query("/users")],
        "resourceScopes": [
            _query(f"/roleManagement/directory/roleDefinitions/{ROLES[name]}"),
        ],
    }


def _query(text: str) -> Record:
    return {"query": text, "queryType": "MicrosoftGraph", "queryRoot": None}
