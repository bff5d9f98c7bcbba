"""Random tenants in which everything that coverage depends on occurs, and much of it at once."""

from __future__ import annotations

from naive_who import SYNC

GROUPS = [f"group-{n}" for n in range(5)]
ROLES = ["62e90394-69f5-4237-9190-012177145e10", "fe930be7-5e62-47db-91af-98c3a49a38b1", SYNC[0],
         "role-of-our-own"]
LOCATIONS = ["loc-1", "loc-2"]
APPS = ["app-1", "app-2", "Office365", "MicrosoftAdminPortals"]
OWNERS = ["f8cdef31-a31e-4b4a-93e4-5f571e91255a", "t"]
PLATFORMS = ["android", "windows"]
TYPES = ["internalGuest", "b2bCollaborationGuest", "b2bCollaborationMember", "serviceProvider",
         "otherExternalUser", "b2bDirectConnectUser"]
USER, GROUP = "#microsoft.graph.user", "#microsoft.graph.group"


def some(rng, values, most=2):
    """Up to `most` of the values."""
    return rng.sample(values, rng.randint(0, min(most, len(values))))


def maybe(rng, chance):
    """True now and then."""
    return rng.random() < chance


def user(rng, number):
    """An account: member, guest or external, switched on or off."""
    found = {
        "id": f"user-{number}", "displayName": f"User {number}",
        "userPrincipalName": f"user{number}@contoso.example",
        "userType": rng.choice(["Member", "Member", "Guest"]),
        "accountEnabled": not maybe(rng, 0.1), "externalUserState": None, "creationType": None,
        "onPremisesSyncEnabled": None,
    }
    if maybe(rng, 0.25):
        found["externalUserState"] = "Accepted"
    if maybe(rng, 0.1):
        found["userPrincipalName"] = f"user{number}_x.example#EXT#@contoso.example"
    if maybe(rng, 0.1):
        found["userPrincipalName"] = f"Sync_{number}@contoso.example"
    for gone in ("userType", "accountEnabled", "externalUserState"):
        if maybe(rng, 0.04):
            del found[gone]
    if maybe(rng, 0.03):
        for gone in ("userPrincipalName", "externalUserState", "creationType"):
            found.pop(gone, None)
    return found


def members(rng, users):
    """Direct members of most groups, nested and in cycles; some groups have no record."""
    return [
        {"id": group, "members": [
            *({"@odata.type": USER, "id": one["id"]} for one in some(rng, users, 3)),
            *({"@odata.type": GROUP, "id": one} for one in some(rng, GROUPS, 1)),
        ]}
        for group in GROUPS if not maybe(rng, 0.12)
    ]


def guests(rng):
    """Guest types of a policy."""
    if maybe(rng, 0.8):
        return None
    types = TYPES if maybe(rng, 0.9) else ["unknownFutureValue", "internalGuest"]
    return {"guestOrExternalUserTypes": ",".join(rng.sample(types, rng.randint(1, 2))),
            "externalTenants": {"@odata.type": "x", "membershipKind": rng.choice(
                ["all", "all", "enumerated"]), "members": []}}


def users_of(rng, users):
    """Whom a policy takes in and leaves out."""
    ids = [one["id"] for one in users]
    everybody = maybe(rng, 0.6)
    found = {
        "includeUsers": ["All"] if everybody else [
            *some(rng, ids, 2), *(["GuestsOrExternalUsers"] if maybe(rng, 0.15) else [])],
        "excludeUsers": [*(some(rng, ids, 1) if maybe(rng, 0.25) else []),
                         *(["GuestsOrExternalUsers"] if maybe(rng, 0.08) else [])],
        "includeGroups": [] if everybody else some(rng, GROUPS, 2),
        "excludeGroups": some(rng, GROUPS, 1) if maybe(rng, 0.3) else [],
        "includeRoles": [] if everybody or maybe(rng, 0.6) else some(rng, ROLES, 2),
        "excludeRoles": some(rng, ROLES, 1) if maybe(rng, 0.12) else [],
        "includeGuestsOrExternalUsers": None if everybody else guests(rng),
        "excludeGuestsOrExternalUsers": guests(rng) if maybe(rng, 0.4) else None,
    }
    if maybe(rng, 0.05):
        damage(rng, found, rng.choice(list(found)))
    return found


def damage(rng, found, name):
    """Drop a property, give it another type, or put one beside it that nobody knows."""
    kind = rng.randrange(3)
    if kind == 0:
        del found[name]
    elif kind == 1 and "Guests" not in name:
        found[name] = "damaged"
    else:
        found["novelty"] = ["x"]


def grant(rng):
    """Controls of every kind, alone, under OR and under AND."""
    kind = rng.random()
    if kind < 0.06:
        return None
    controls = ["mfa"] if kind < 0.55 else ["block"] if kind < 0.75 else (
        ["mfa"] if kind > 0.98 else [])
    strength = None
    if kind >= 0.75:
        strength = {"id": rng.choice(["00000000-0000-0000-0000-000000000004", "s-1", "s-2", "s-9"]),
                    "allowedCombinations": rng.choice([
                        None, None, ["fido2"], ["fido2", "password"], ["password,sms"],
                        ["x509CertificateSingleFactor"], ["fido2", "unknownFutureValue"]])}
        strength = {k: v for k, v in strength.items() if v is not None}
    extra = maybe(rng, 0.2) and (controls != ["block"] or maybe(rng, 0.2))
    found = {
        "operator": rng.choice(["OR", "AND"]),
        "builtInControls": controls + (some(rng, [
            "compliantDevice", "passwordChange", "unknownFutureValue"], 1) if extra else []),
        "termsOfUse": ["t"] if extra and maybe(rng, 0.3) else [],
        "customAuthenticationFactors": ["c"] if extra and maybe(rng, 0.3) else [],
        "authenticationStrength": strength,
    }
    if maybe(rng, 0.04):
        damage(rng, found, "builtInControls")
    if maybe(rng, 0.04):
        del found["authenticationStrength"]
    return found


def applications(rng):
    """Resources: all, all but some, some, none."""
    kind = rng.random()
    include = ["All"] if kind < 0.8 else ["None"] if kind < 0.82 else some(rng, APPS, 2)
    exclude = some(rng, APPS, 2) if kind < 0.25 else []
    return {"includeApplications": include, "excludeApplications": exclude,
            "includeUserActions": ["urn:user:registersecurityinfo"] if not include else [],
            "includeAuthenticationContextClassReferences": [],
            "applicationFilter": {"mode": rng.choice(["include", "exclude"]), "rule": "x"}
            if maybe(rng, 0.04) else None}


def conditions(rng, users):
    """Conditions, most of them harmless, each of them narrowing or missing now and then."""
    found = {
        "clientAppTypes": rng.choice([["all"]] * 4 + [
            ["browser", "mobileAppsAndDesktopClients"], ["browser"], [],
            ["browser", "unknownFutureValue"],
            ["exchangeActiveSync", "other"], ["other"], ["easSupported", "other"],
            ["browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "other"]]),
        "locations": None, "platforms": None, "signInRiskLevels": rng.choice([[], [], None]),
        "userRiskLevels": [],
        "servicePrincipalRiskLevels": [], "insiderRiskLevels": None, "clientApplications": None,
        "devices": rng.choice([None, {"deviceFilter": None}]),
        "authenticationFlows": rng.choice([None, {"transferMethods": None}]),
        "applications": applications(rng), "users": users_of(rng, users),
    }
    if maybe(rng, 0.3):
        found["locations"] = {
            "includeLocations": rng.choice([["All"], ["All"], ["AllTrusted"], ["loc-1"]]),
            "excludeLocations": rng.choice([[], ["AllTrusted"], ["loc-1"], ["loc-2"]])}
    if maybe(rng, 0.15):
        found["platforms"] = {
            "includePlatforms": rng.choice([["all"], ["android", "windows"], ["android"]]),
            "excludePlatforms": rng.choice([[], [], ["android"]])}
    if maybe(rng, 0.06):
        found[rng.choice(["signInRiskLevels", "userRiskLevels"])] = ["high"]
    if maybe(rng, 0.03):
        found["devices"] = {"deviceFilter": {"mode": "exclude", "rule": "x"}}
    if maybe(rng, 0.03):
        found["insiderRiskLevels"] = "elevated"
    for name in ("locations", "platforms"):
        if found[name] and maybe(rng, 0.08):
            del found[name][rng.choice(list(found[name]))]
    if maybe(rng, 0.06):
        damage(rng, found, rng.choice([
            "locations", "platforms", "signInRiskLevels", "devices", "clientAppTypes",
            "authenticationFlows", "insiderRiskLevels"]))
    return found


def resources(include, exclude=()):
    """Resources of a policy, by words."""
    return {"includeApplications": list(include), "excludeApplications": list(exclude),
            "includeUserActions": [], "includeAuthenticationContextClassReferences": [],
            "applicationFilter": None}


def completing(rng, users):
    """Policies for everybody that only together, or just not, close every sign-in."""
    cuts = [
        ("locations", [{"includeLocations": ["All"], "excludeLocations": ["loc-1"]},
                       {"includeLocations": ["loc-1"],
                        "excludeLocations": rng.choice([[], [], ["loc-2"], ["AllTrusted"]])}]),
        ("locations", [{"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]},
                       {"includeLocations": rng.choice([["AllTrusted"], ["loc-1", "loc-2"]]),
                        "excludeLocations": rng.choice([[], [], ["loc-2"]])}]),
        ("platforms", [{"includePlatforms": ["all"], "excludePlatforms": ["android"]},
                       {"includePlatforms": rng.choice([["android"], ["windows"]]),
                        "excludePlatforms": []}]),
        ("applications", rng.choice([
            [resources(["All"], ["app-1"]), resources(rng.choice([["app-1"], ["Office365"]]))],
            [resources(["All"], ["Office365"]), resources(["Office365"])],
            [resources(["All"], ["Office365"]),
             resources(["All"], rng.choice([["app-1"], ["MicrosoftAdminPortals"]]))]])),
        ("clientAppTypes", [["browser", "exchangeActiveSync"], rng.choice([
            ["mobileAppsAndDesktopClients", "other"], ["mobileAppsAndDesktopClients"]])]),
    ]
    name, halves = rng.choice(cuts)
    found = []
    for number, half in enumerate(halves):
        wanted = conditions(rng, users)
        wanted.update(clientAppTypes=["all"], locations=None, platforms=None, devices=None,
                      authenticationFlows=None, insiderRiskLevels=None, signInRiskLevels=[],
                      userRiskLevels=[], applications=resources(["All"]))
        wanted.pop("novelty", None)
        wanted["users"].update(includeUsers=["All"], excludeGroups=[], excludeRoles=[],
                               excludeUsers=[], excludeGuestsOrExternalUsers=None)
        wanted[name] = half
        found.append({
            "id": f"half-{number}", "displayName": f"Half {number}", "state": "enabled",
            "conditions": wanted, "sessionControls": None,
            "grantControls": {"operator": "OR", "builtInControls": [rng.choice(["mfa", "block"])],
                              "termsOfUse": [], "customAuthenticationFactors": [],
                              "authenticationStrength": None}})
    return found


def assignment(rng, key, holders):
    """An assignment of a role, to the whole tenant or less."""
    found = {"id": key, "principalId": rng.choice(holders), "roleDefinitionId": rng.choice(ROLES),
             "directoryScopeId": rng.choice(["/", "/", "/", "/administrativeUnits/a"])}
    if maybe(rng, 0.05):
        del found["directoryScopeId"]
    return found


def tenant(rng):
    """The collections of a tenant, by name, some of them incomplete or gone."""
    users = [user(rng, number) for number in range(rng.randint(2, 5))]
    policies = [
        {"id": f"policy-{number}", "displayName": f"Policy {number}",
         "state": rng.choice(["enabled"] * 12 + ["disabled", "enabledForReportingButNotEnforced",
                                                 "Enabled"]),
         "conditions": conditions(rng, users), "grantControls": grant(rng),
         "sessionControls": None}
        for number in range(rng.randint(0, 5))
    ]
    if maybe(rng, 0.2):
        policies = [*policies[:2], *completing(rng, users)]
    holders = [one["id"] for one in users] + GROUPS[:2]
    roles, instances, eligible = (
        [assignment(rng, f"{name}-{n}", holders) for n in range(rng.randint(0, most))]
        for name, most in (("role", 3), ("instance", 1), ("eligible", 2)))
    data = {
        "users": users, "groups": [{"id": g, "displayName": g} for g in GROUPS],
        "groupMembers": members(rng, users), "conditionalAccessPolicies": policies,
        "namedLocations": [
            {"@odata.type": "#microsoft.graph.ipNamedLocation", "id": one, "displayName": one,
             "isTrusted": maybe(rng, 0.6)} for one in LOCATIONS if not maybe(rng, 0.15)],
        "authenticationStrengthPolicies": [
            {"id": "s-1", "displayName": "Good", "allowedCombinations": ["fido2", "password,sms"]},
            {"id": "s-2", "displayName": "Bad", "allowedCombinations": ["fido2", "sms"]}],
        "securityDefaults": {"id": "d", "isEnabled": maybe(rng, 0.12)},
        "roleAssignments": roles, "roleEligibilityScheduleInstances": eligible,
        "roleAssignmentScheduleInstances": instances,
        "roleDefinitions": [{"id": "role-of-our-own", "templateId": "role-of-our-own",
                             "displayName": "Own", "isBuiltIn": False, "isPrivileged": False}]
        if maybe(rng, 0.5) else [],
        "servicePrincipals": [
            {"id": f"sp-{one}", "appId": one, "displayName": one,
             "appOwnerOrganizationId": rng.choice(OWNERS)}
            for one in APPS[:2] if maybe(rng, 0.7)],
        "organization": {"id": "t", "onPremisesSyncEnabled": rng.choice([True, False, None])},
    }
    held = {name: {"data": value, "complete": True} for name, value in data.items()}
    for name, chance in (("conditionalAccessPolicies", 0.08), ("groupMembers", 0.03),
                         ("roleAssignments", 0.05), ("roleAssignmentScheduleInstances", 0.5)):
        if maybe(rng, chance):
            held[name]["complete"] = False
    for name in ("conditionalAccessPolicies", "securityDefaults", "roleAssignments",
                 "roleEligibilityScheduleInstances", "groupMembers"):
        if maybe(rng, 0.04):
            del held[name]
    return held
