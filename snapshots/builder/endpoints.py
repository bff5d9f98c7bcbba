"""Where each collection comes from: the request without its options, and the permission."""

from __future__ import annotations

from typing import Final

ENDPOINTS: Final[dict[str, tuple[str, str]]] = {
    "organization": (
        "GET /v1.0/organization",
        "Organization.Read.All",
    ),
    "users": (
        "GET /v1.0/users",
        "User.Read.All, AuditLog.Read.All, User-LifeCycleInfo.Read.All",
    ),
    "userRegistrationDetails": (
        "GET /v1.0/reports/authenticationMethods/userRegistrationDetails",
        "AuditLog.Read.All",
    ),
    "perUserMfa": (
        "GET /beta/users/{id}/authentication/requirements",
        "Policy.Read.All",
    ),
    "groups": (
        "GET /v1.0/groups",
        "Group.Read.All",
    ),
    "groupMembers": (
        "GET /v1.0/groups/{id}/members",
        "GroupMember.Read.All",
    ),
    "conditionalAccessPolicies": (
        "GET /v1.0/identity/conditionalAccess/policies",
        "Policy.Read.All",
    ),
    "namedLocations": (
        "GET /v1.0/identity/conditionalAccess/namedLocations",
        "Policy.Read.All",
    ),
    "authenticationStrengthPolicies": (
        "GET /v1.0/policies/authenticationStrengthPolicies",
        "Policy.Read.All",
    ),
    "securityDefaults": (
        "GET /v1.0/policies/identitySecurityDefaultsEnforcementPolicy",
        "Policy.Read.All",
    ),
    "authenticationMethodsPolicy": (
        "GET /v1.0/policies/authenticationMethodsPolicy",
        "Policy.Read.All",
    ),
    "authorizationPolicy": (
        "GET /v1.0/policies/authorizationPolicy",
        "Policy.Read.All",
    ),
    "adminConsentRequestPolicy": (
        "GET /v1.0/policies/adminConsentRequestPolicy",
        "Policy.Read.All",
    ),
    "crossTenantAccessPolicy": (
        "GET /v1.0/policies/crossTenantAccessPolicy",
        "Policy.Read.All",
    ),
    "domains": (
        "GET /v1.0/domains",
        "Domain.Read.All",
    ),
    "domainFederation": (
        "GET /v1.0/domains/{id}/federationConfiguration",
        "Domain.Read.All",
    ),
    "roleDefinitions": (
        "GET /beta/roleManagement/directory/roleDefinitions",
        "RoleManagement.Read.Directory",
    ),
    "roleAssignments": (
        "GET /v1.0/roleManagement/directory/roleAssignments",
        "RoleManagement.Read.Directory",
    ),
    "roleAssignmentScheduleInstances": (
        "GET /v1.0/roleManagement/directory/roleAssignmentScheduleInstances",
        "RoleAssignmentSchedule.Read.Directory",
    ),
    "roleEligibilityScheduleInstances": (
        "GET /v1.0/roleManagement/directory/roleEligibilityScheduleInstances",
        "RoleEligibilitySchedule.Read.Directory",
    ),
    "riskyUsers": (
        "GET /v1.0/identityProtection/riskyUsers",
        "IdentityRiskyUser.Read.All",
    ),
    "signIns": (
        "GET /beta/auditLogs/signIns",
        "AuditLog.Read.All, Policy.Read.All",
    ),
    "applications": (
        "GET /v1.0/applications",
        "Application.Read.All",
    ),
    "servicePrincipals": (
        "GET /v1.0/servicePrincipals",
        "Application.Read.All",
    ),
    "oauth2PermissionGrants": (
        "GET /v1.0/oauth2PermissionGrants",
        "Directory.Read.All",
    ),
    "subscribedSkus": (
        "GET /v1.0/subscribedSkus",
        "Organization.Read.All",
    ),
    "delegatedAdminRelationships": (
        "GET /v1.0/tenantRelationships/delegatedAdminRelationships",
        "DelegatedAdminRelationship.Read.All",
    ),
    "delegatedAdminAccessAssignments": (
        "GET /v1.0/tenantRelationships/delegatedAdminRelationships/{id}/accessAssignments",
        "DelegatedAdminRelationship.Read.All",
    ),
    "delegatedAdminCustomers": (
        "GET /v1.0/tenantRelationships/delegatedAdminCustomers",
        "DelegatedAdminRelationship.Read.All",
    ),
    "partnerCustomers": (
        "GET https://api.partnercenter.microsoft.com/v1/customers/{id}",
        "Partner Center app+user or app-only token",
    ),
    "dapRelationships": (
        "Partner Center > Administrative relationships report (CSV)",
        "Admin agent in Partner Center",
    ),
    "partnerSecurityScore": (
        "GET /beta/security/partner/securityScore",
        "PartnerSecurity.Read.All",
    ),
    "partnerSecurityRequirements": (
        "GET /beta/security/partner/securityScore/requirements",
        "PartnerSecurity.Read.All",
    ),
    "exchangeOrganizationConfig": (
        "Get-OrganizationConfig",
        "View-Only Configuration role, or Exchange.ManageAsApp with Global Reader",
    ),
    "exchangeTransportConfig": (
        "Get-TransportConfig",
        "View-Only Configuration role, or Exchange.ManageAsApp with Global Reader",
    ),
    "nonMfaCompliantPartnerPrincipals": (
        "GET https://api.partnercenter.microsoft.com/v1/nonMfaCompliantPartnerPrincipals",
        "Partner Center user_impersonation (app+user token)",
    ),
    "partnerRequests": (
        "GET https://api.partnercenter.microsoft.com/v1/partnerRequests",
        "Partner Center user_impersonation (app+user token)",
    ),
    "appRoleAssignments": (
        "GET /v1.0/servicePrincipals/{id}/appRoleAssignments",
        "Application.Read.All",
    ),
    "azureRoleAssignments": (
        "GET https://management.azure.com/subscriptions/{id}/providers/Microsoft.Authorization/roleAssignments",
        "Microsoft.Authorization/roleAssignments/read (Reader role)",
    ),
    "partnerSecurityAlerts": (
        "GET /beta/security/partner/securityAlerts",
        "PartnerSecurity.Read.All",
    ),
    "fraudEvents": (
        "GET https://api.partnercenter.microsoft.com/v1/fraudEvents",
        "Partner Center user_impersonation (app+user token)",
    ),
    "usageBudgets": (
        "GET https://api.partnercenter.microsoft.com/v1/customers/{id}/usagebudget",
        "Partner Center user_impersonation (app+user token)",
    ),
    "partnerSecurityScoreHistory": (
        "GET /beta/security/partner/securityScore/history",
        "PartnerSecurity.Read.All",
    ),
    "partnerSecurityCustomerInsights": (
        "GET /beta/security/partner/securityScore/customerInsights",
        "PartnerSecurity.Read.All",
    ),
    "roleManagementPolicyAssignments": (
        "GET /v1.0/policies/roleManagementPolicyAssignments",
        "RoleManagementPolicy.Read.Directory",
    ),
    "groupEligibilityScheduleInstances": (
        "GET /v1.0/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances",
        "PrivilegedEligibilitySchedule.Read.AzureADGroup",
    ),
    "accessReviewDefinitions": (
        "GET /v1.0/identityGovernance/accessReviews/definitions",
        "AccessReview.Read.All",
    ),
    "diagnosticSettings": (
        "GET https://management.azure.com/providers/microsoft.aadiam/diagnosticSettings",
        "microsoft.aadiam/diagnosticSettings/read",
    ),
    "directoryAudits": (
        "GET /v1.0/auditLogs/directoryAudits",
        "AuditLog.Read.All",
    ),
    "exchangeAdminAuditLogConfig": (
        "Get-AdminAuditLogConfig",
        "View-Only Configuration role, or Exchange.ManageAsApp with Global Reader",
    ),
    "exchangeAuthenticationPolicies": (
        "Get-AuthenticationPolicy",
        "View-Only Configuration role, or Exchange.ManageAsApp with Global Reader",
    ),
    "exchangeCasMailboxes": (
        "Get-CASMailbox -ResultSize Unlimited",
        "View-Only Configuration role, or Exchange.ManageAsApp with Global Reader",
    ),
}

# Collections whose sample properties only the beta endpoint gives.
BETA: Final = frozenset(
    name for name, (endpoint, _) in ENDPOINTS.items() if "/beta/" in endpoint
)
