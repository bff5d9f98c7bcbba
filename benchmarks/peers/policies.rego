# The fourteen policies in Rego: the ids of what fails, by policy. The snapshot is `input`.
package bench

import rego.v1

failing := {
	"MFA-002": no_policy_for_all,
	"MFA-004": incapable,
	"MFA-007": left_out,
	"LEG-001": legacy_open,
	"SD-002": both_mechanisms,
	"LOG-001": single_factor,
	"PRV-004": served_holders,
	"PRV-005": odd_holders,
	"ISO-001": served,
	"GDAP-002": global_administrators,
	"GDAP-003": badly_assigned,
	"GDAP-004": unapproved,
	"GDAP-005": too_long,
	"GDAP-013": surplus,
}

approved := {
	"f023fd81-a637-4b56-95fd-791ac0226033", "4d6ac14f-3453-41d0-bef9-a3e0c569773a",
	"fdd7a751-b60b-444a-984c-02652fe8fa1c", "644ef478-e28f-4e28-b9dc-3fdde9aa0b1f",
	"88d8e3e3-8f55-4a1e-953a-9b9898b8876b", "95e79109-95c0-4d8e-aee3-d01accf2d47b",
	"790c1fb9-7f7d-4f88-86a1-ef1f95c05c1b",
}

global_administrator := "62e90394-69f5-4237-9190-012177145e10"

privileged := {global_administrator, "f2ef992c-3afb-46b9-b7cf-a126ee74c451"}

window_begins := "2026-11-13T06:00:00Z"

services := {"exchange", "Exchange", "SharePoint", "TeamspaceAPI"}

open_states := {
	"approvalPending", "approved", "activating", "active", "expiring", "terminationRequested",
	"terminating",
}

# --- Conditional Access ---

enabled := {p.id | some p in input.conditionalAccessPolicies; p.state == "enabled"}

for_everything(p) if {
	p.state == "enabled"
	c := p.conditions
	"All" in c.users.includeUsers
	"All" in c.applications.includeApplications
	lists := [
		c.users.excludeUsers, c.users.excludeGroups, c.users.excludeRoles,
		c.applications.excludeApplications, c.signInRiskLevels, c.userRiskLevels,
	]
	every one in lists { count(one) == 0 }
	objects := [
		c.users.excludeGuestsOrExternalUsers, c.applications.applicationFilter, c.locations,
		c.platforms, c.devices, c.insiderRiskLevels, c.authenticationFlows, c.clientApplications,
	]
	every one in objects { one == null }
}

mfa_for_all if {
	some p in input.conditionalAccessPolicies
	for_everything(p)
	"all" in p.conditions.clientAppTypes
	p.grantControls.builtInControls == ["mfa"]
}

no_policy_for_all := {id | some id in enabled; not mfa_for_all}

legacy_blocked if input.securityDefaults.isEnabled

legacy_blocked if {
	some p in input.conditionalAccessPolicies
	for_everything(p)
	"exchangeActiveSync" in p.conditions.clientAppTypes
	"other" in p.conditions.clientAppTypes
	"block" in p.grantControls.builtInControls
}

legacy_open := {id | some id in enabled; not legacy_blocked}

both_mechanisms := {id | some id in enabled; input.securityDefaults.isEnabled}

inhabited := {g.id | some g in input.groupMembers; count(g.members) > 0}

leaves_out(p) if count(p.conditions.users.excludeUsers) > 0

leaves_out(p) if {
	some group in p.conditions.users.excludeGroups
	group in inhabited
}

left_out := {p.id |
	some p in input.conditionalAccessPolicies
	p.state == "enabled"
	"All" in p.conditions.users.includeUsers
	"mfa" in p.grantControls.builtInControls
	leaves_out(p)
}

# --- accounts ---

disabled := {u.id | some u in input.users; u.accountEnabled == false}

incapable := {r.id |
	some r in input.userRegistrationDetails
	r.isMfaCapable != true
	not r.id in disabled
}

holders := {a.principalId |
	some a in input.roleAssignments
	a.roleDefinitionId in privileged
}

is_odd(u) if u.userType == "Guest"

is_odd(u) if contains(u.userPrincipalName, "#EXT#")

is_odd(u) if u.externalUserState != null

is_odd(u) if u.accountEnabled != true

odd_holders := {u.id | some u in input.users; u.id in holders; is_odd(u)}

served_holders := {u.id |
	some u in input.users
	u.id in holders
	u.accountEnabled != false
	some plan in u.assignedPlans
	plan.capabilityStatus == "Enabled"
	plan.service in services
}

served := {u.id |
	some u in input.users
	u.accountEnabled != false
	some plan in u.assignedPlans
	plan.capabilityStatus in {"Enabled", "Warning"}
	plan.servicePlanId != "113feb6c-3fe4-4440-bddc-54d774bf0318"
	plan.service in (services | {"MicrosoftCommunicationsOnline"})
}

# --- sign-ins ---

stronger(s) if {
	some step in s.authenticationDetails
	step.authenticationMethod != "Password"
}

single_factor := {id |
	some s in input.signIns
	s.isInteractive != false
	s.authenticationRequirement == "singleFactorAuthentication"
	s.status.errorCode == 0
	s.createdDateTime >= window_begins
	"interactiveUser" in s.signInEventTypes
	not stronger(s)
	not s.userId in disabled
	id := lower(sprintf("%s|%s|%s", [s.userId, s.appId, s.clientAppUsed]))
}

# --- GDAP ---

roles_of(record) := {r.roleDefinitionId | some r in record.accessDetails.unifiedRoles}

global_administrators := {r.id |
	some r in input.delegatedAdminRelationships
	r.status in open_states
	global_administrator in roles_of(r)
}

active := {r.id: roles_of(r) |
	some r in input.delegatedAdminRelationships
	r.status == "active"
	r.activatedDateTime <= window_begins
}

given[id] contains role if {
	some a in input.delegatedAdminAccessAssignments
	a.status == "active"
	id := a.delegatedAdminRelationshipId
	some role in roles_of(a)
}

refused contains a.delegatedAdminRelationshipId if {
	some a in input.delegatedAdminAccessAssignments
	a.status == "error"
}

refused contains a.delegatedAdminRelationshipId if {
	some a in input.delegatedAdminAccessAssignments
	a.status == "active"
	a.accessContainer.accessContainerType != "securityGroup"
}

badly_assigned contains id if {
	some id, _ in active
	not given[id]
}

badly_assigned contains id if {
	some id, roles in active
	count(given[id] - roles) > 0
}

badly_assigned contains id if {
	some id, _ in active
	id in refused
}

surplus contains id if {
	some id, roles in active
	count(roles - object.get(given, id, set())) > 0
}

unapproved := {r.id |
	some r in input.delegatedAdminRelationships
	r.status == "active"
	count(roles_of(r) - approved) > 0
}

too_long := {r.id |
	some r in input.delegatedAdminRelationships
	r.status == "active"
	to_number(trim(r.duration, "PD")) > 731
}
