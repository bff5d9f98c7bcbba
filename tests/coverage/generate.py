"""Random tenants in which everything that coverage depends on occurs, and much of it at once."""

from __future__ import annotations

from naive import SYNC

GROUPS = [f"group-{n}" for n in range(5)]
ROLES = ["62e90394-69f5-4237-9190-012177145e10", "fe930be7-5e62-47db-91af-98c3a49a38b1", SYNC[0]]
LOCATIONS = ["loc-1", "loc-2"]
APPS = ["app-1", "app-2", "Office365"]
PLATFORMS = ["android", "windows"]
TYPES = ["internalGuest", "b2bCollaborationGuest", "b2bCollaborationMember", "serviceProvider"]
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
    if maybe(rng, 0.05):
        del found["userType"]
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
    return {"guestOrExternalUserTypes": ",".join(rng.sample(TYPES, rng.randint(1, 3))),
            "externalTenants": {"@odata.type": "x", "membershipKind": rng.choice(
                ["all", "all", "enumerated"]), "members": []}}


def users_of(rng, users):
    """Whom a policy takes in and leaves out."""
    ids = [one["id"] for one in users]
    everybody = maybe(rng, 0.6)
    return {
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


def grant(rng):
    """Controls of every kind, alone, under OR and under AND."""
    kind = rng.random()
    if kind < 0.06:
        return None
    controls = ["mfa"] if kind < 0.55 else ["block"] if kind < 0.75 else []
    strength = None
    if kind >= 0.75:
        strength = {"id": rng.choice(["00000000-0000-0000-0000-000000000004", "s-1", "s-2", "s-9"]),
                    "allowedCombinations": rng.choice([
                        None, None, ["fido2"], ["fido2", "password"], ["password,sms"]])}
        strength = {k: v for k, v in strength.items() if v is not None}
    extra = maybe(rng, 0.2) and controls != ["block"]
    return {
        "operator": rng.choice(["OR", "AND"]),
        "builtInControls": controls + (some(rng, [
            "compliantDevice", "passwordChange", "unknownFutureValue"], 1) if extra else []),
        "termsOfUse": ["t"] if extra and maybe(rng, 0.3) else [],
        "customAuthenticationFactors": ["c"] if extra and maybe(rng, 0.3) else [],
        "authenticationStrength": strength,
    }


def applications(rng):
    """Resources: all, all but some, some, none."""
    kind = rng.random()
    include = ["All"] if kind < 0.7 else some(rng, APPS, 2)
    exclude = some(rng, APPS, 1) if kind < 0.25 else []
    return {"includeApplications": include, "excludeApplications": exclude,
            "includeUserActions": ["urn:user:registersecurityinfo"] if not include else [],
            "includeAuthenticationContextClassReferences": [],
            "applicationFilter": {"mode": rng.choice(["include", "exclude"]), "rule": "x"}
            if maybe(rng, 0.03) else None}


def conditions(rng, users):
    """Conditions, most of them harmless, each of them narrowing or missing now and then."""
    found = {
        "clientAppTypes": rng.choice([["all"]] * 4 + [
            ["browser", "mobileAppsAndDesktopClients"], ["browser"],
            ["exchangeActiveSync", "other"], ["other"], ["easSupported", "other"],
            ["browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "other"]]),
        "locations": None, "platforms": None, "signInRiskLevels": [], "userRiskLevels": [],
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
    if maybe(rng, 0.06):
        del found[rng.choice(["locations", "platforms", "signInRiskLevels", "devices",
                              "authenticationFlows", "insiderRiskLevels"])]
    return found


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
        ("clientAppTypes", [["browser", "exchangeActiveSync"], rng.choice([
            ["mobileAppsAndDesktopClients", "other"], ["mobileAppsAndDesktopClients"]])]),
    ]
    name, halves = rng.choice(cuts)
    found = []
    for number, half in enumerate(halves):
        wanted = conditions(rng, users)
        wanted.update(clientAppTypes=["all"], locations=None, platforms=None, devices=None,
                      authenticationFlows=None, insiderRiskLevels=None, signInRiskLevels=[],
                      userRiskLevels=[])
        wanted["applications"].update(includeApplications=["All"], excludeApplications=[],
                                      applicationFilter=None)
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


def tenant(rng):
    """The collections of a tenant, by name, some of them incomplete or gone."""
    users = [user(rng, number) for number in range(rng.randint(2, 5))]
    policies = [
        {"id": f"policy-{number}", "displayName": f"Policy {number}",
         "state": rng.choice(["enabled"] * 6 + ["disabled", "enabledForReportingButNotEnforced"]),
         "conditions": conditions(rng, users), "grantControls": grant(rng),
         "sessionControls": None}
        for number in range(rng.randint(0, 5))
    ]
    if maybe(rng, 0.2):
        policies = [*policies[:2], *completing(rng, users)]
    holders = [one["id"] for one in users] + GROUPS[:2]
    roles = [{"id": f"role-{n}", "principalId": rng.choice(holders),
              "roleDefinitionId": rng.choice(ROLES),
              "directoryScopeId": rng.choice(["/", "/", "/", "/administrativeUnits/a"])}
             for n in range(rng.randint(0, 3))]
    eligible = [{**one, "id": f"e-{n}", "principalId": rng.choice(holders)}
                for n, one in enumerate(roles[:1])]
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
        "roleDefinitions": [], "servicePrincipals": [],
        "organization": {"id": "t", "onPremisesSyncEnabled": rng.choice([True, False, None])},
    }
    held = {name: {"data": value, "complete": True} for name, value in data.items()}
    if maybe(rng, 0.1):
        held["conditionalAccessPolicies"]["complete"] = False
    for name in ("conditionalAccessPolicies", "securityDefaults", "roleAssignments",
                 "roleEligibilityScheduleInstances", "groupMembers"):
        if maybe(rng, 0.04):
            del held[name]
    return held
