"""Who is covered, asked of every account and every cell in turn, on plain JSON.

It shares no code with the engine. Truth is True, False, or None where it is not known.
"""

from __future__ import annotations

from itertools import chain, combinations, product

LOCAL = {"internalGuest", "b2bCollaborationGuest", "b2bCollaborationMember", "otherExternalUser"}
SYNC = ("d29b2b05-8046-44ba-8758-1e26182fcf32", "a92aed5d-d78a-4d16-b381-09adb37eb3b0")
ALONE = {"fido2", "windowsHelloForBusiness", "x509CertificateMultiFactor", "deviceBasedPush",
         "federatedMultiFactor", "temporaryAccessPassOneTime", "temporaryAccessPassMultiUse"}
BUILT_IN = {f"00000000-0000-0000-0000-00000000000{n}" for n in (2, 3, 4)}
NARROWING = ("signInRiskLevels", "userRiskLevels", "insiderRiskLevels", "devices",
             "authenticationFlows", "clientApplications")
MODERN, LEGACY = ("browser", "mobileAppsAndDesktopClients"), ("exchangeActiveSync", "other")
GONE = object()


def k_or(values):
    """Kleene's or."""
    values = list(values)
    return True if True in values else None if None in values else False


def k_and(values):
    """Kleene's and."""
    values = list(values)
    return False if False in values else None if None in values else True


def k_not(value):
    """Kleene's not."""
    return None if value is None else not value


class Naive:
    """One tenant: ``{name: {"data": [...], "complete": bool}}``."""

    def __init__(self, collections):
        self.held = collections
        self.policies = self.data("conditionalAccessPolicies")
        self.named = sorted({
            one for policy in self.policies
            for key in ("includeLocations", "excludeLocations")
            for one in ((policy["conditions"].get("locations") or {}).get(key) or ())
            if one not in ("All", "AllTrusted")
        })
        self.trust = {one["id"]: one.get("isTrusted", False)
                      for one in self.data("namedLocations")}

    def data(self, name):
        """A collection's records; none where it was not exported."""
        found = self.held.get(name, {}).get("data")
        return found if isinstance(found, list) else [] if found is None else [found]

    def whole(self, name):
        """Whether a collection is all there."""
        return self.held.get(name, {}).get("complete", False)

    # --- who ------------------------------------------------------------------------------------

    def in_group(self, user, group, seen=None):
        """Whether a user is in a group, directly or through others."""
        seen = set() if seen is None else seen
        seen.add(group)
        record = next((g for g in self.data("groupMembers") if g["id"] == group), None)
        if record is None:
            return None
        answers = [] if self.whole("groupMembers") else [None]
        for member in record["members"]:
            if member["@odata.type"].endswith("user"):
                answers.append(member["id"] == user)
            elif member["id"] not in seen:
                answers.append(self.in_group(user, member["id"], seen))
        return k_or(answers)

    def has_role(self, user, role, eligible):
        """Whether a user holds a built-in role for the whole tenant."""
        sources = [("roleAssignments",)] + ([("roleEligibilityScheduleInstances",)] if eligible
                                            else [])
        answers = []
        for (name,) in sources:
            if not self.whole(name):
                answers.append(None)
            for one in self.data(name):
                if one["roleDefinitionId"] == role and one["directoryScopeId"] == "/":
                    who = one["principalId"]
                    answers.append(True if who == user else self.in_group(user, who)
                                   if who.startswith("group") else False)
        return k_or(answers)

    def kind(self, user):
        """The guest type, GONE where it is none, None where nobody knows."""
        external = ("#EXT#" in user["userPrincipalName"] or user["externalUserState"] is not None
                    or user["creationType"] == "Invitation")
        if "userType" not in user:
            return None
        if external:
            return "b2bCollaborationGuest" if user["userType"] == "Guest" else (
                "b2bCollaborationMember")
        return "internalGuest" if user["userType"] == "Guest" else GONE

    def of_kind(self, user, types, tenants):
        """Whether a user is of one of the types, of one of the organisations."""
        if not types:
            return False
        kind = self.kind(user)
        if kind is None or kind is GONE:
            return None if kind is None else False
        if kind not in types:
            return False
        return None if tenants == "enumerated" and kind != "internalGuest" else True

    def side(self, policy, verb, user, eligible):
        """Whether one side of a policy's users names a user."""
        users = policy["conditions"]["users"]
        for key in ("Users", "Groups", "Roles"):
            if f"{verb}{key}" not in users:
                yield None
        named = users.get(f"{verb}Users", ())
        yield "All" in named
        yield user["id"] in named
        yield self.of_kind(user, LOCAL if "GuestsOrExternalUsers" in named else (), "all")
        yield from (self.in_group(user["id"], g) for g in users.get(f"{verb}Groups", ()))
        yield from (self.has_role(user["id"], r, eligible) for r in users.get(f"{verb}Roles", ()))
        guests = users.get(f"{verb}GuestsOrExternalUsers", GONE)
        if guests is GONE:
            yield None
        elif guests:
            types = set(guests["guestOrExternalUserTypes"].split(","))
            yield self.of_kind(user, types, guests["externalTenants"]["membershipKind"])

    def applies(self, policy, user, eligible):
        """Whether a policy is for a user; left out beats taken in."""
        return k_and([k_or(self.side(policy, "include", user, eligible)),
                      k_not(k_or(self.side(policy, "exclude", user, eligible)))])

    # --- what -----------------------------------------------------------------------------------

    def strength(self, found):
        """Whether every combination of a strength is multifactor."""
        combos = found.get("allowedCombinations")
        if combos is None:
            if found["id"] in BUILT_IN:
                return True
            record = next((s for s in self.data("authenticationStrengthPolicies")
                           if s["id"] == found["id"]), None)
            combos = record and record["allowedCombinations"]
        if not combos:
            return None
        return all("," in one or one in ALONE for one in combos)

    def demand(self, policy, legacy):
        """Whether a sign-in that the policy reaches is closed."""
        grant = policy["grantControls"]
        if grant is None:
            return False
        controls = grant["builtInControls"]
        if "block" in controls:
            return True
        strong = [self.strength(grant["authenticationStrength"])] if (
            grant["authenticationStrength"]) else []
        mfa = [True] * controls.count("mfa") + strong
        soft = [True] * (len(grant["termsOfUse"]) + len(grant["customAuthenticationFactors"]))
        hard = [None if one == "unknownFutureValue" else False
                for one in controls if one != "mfa"]
        if grant["operator"] == "AND" or len(mfa) + len(soft) + len(hard) < 2:
            return k_or([*mfa, *(one for one in hard if one is None)])
        if not legacy:
            return k_and([*mfa, *hard, *(False for _ in soft)])
        return k_and([k_or([True for _ in mfa] or [None] * (None in hard)), *mfa, *hard])

    def reaches(self, policy, cell):
        """Whether a policy's conditions hold for a cell."""
        resource, places, platform, client = cell
        conditions = policy["conditions"]
        for name in NARROWING:
            value = conditions.get(name, GONE)
            yield None if value is GONE else value in (None, [], {"transferMethods": None},
                                                       {"deviceFilter": None}, "none")
        applications = conditions["applications"]
        yield applications["applicationFilter"] is None
        include = applications["includeApplications"]
        yield "All" in include or resource in include
        yield resource not in applications["excludeApplications"]
        clients = conditions.get("clientAppTypes")
        yield None if clients is None else "all" in clients or client in clients
        platforms = conditions.get("platforms", GONE)
        yield None if platforms is GONE else platforms is None or (
            ("all" in platforms["includePlatforms"] or platform in platforms["includePlatforms"])
            and platform not in platforms["excludePlatforms"])
        yield self.in_places(conditions.get("locations", GONE), places)

    def in_places(self, locations, places):
        """Whether a policy's locations hold for a network that lies in `places`."""
        if locations is GONE or locations is None:
            return None if locations is GONE else True
        return k_and([self.place(locations["includeLocations"], places),
                      k_not(self.place(locations["excludeLocations"], places))])

    def place(self, words, places):
        """Whether one of the words stands for one of the places."""
        answers = ["All" in words, *(word in places for word in words)]
        if "AllTrusted" in words:
            answers += [True if one == "trusted addresses" else self.trust.get(one)
                        for one in places]
        return k_or(answers)

    def cells(self, clients):
        """Every cell that the policies cut the sign-ins into."""
        conditions = [policy["conditions"] for policy in self.policies]
        resources = {one for c in conditions for key in ("includeApplications",
                     "excludeApplications") for one in c["applications"][key]} | {"any other"}
        platforms = {one for c in conditions if c.get("platforms") for key in (
            "includePlatforms", "excludePlatforms") for one in c["platforms"][key]} | {"any other"}
        spots = [*self.named, "trusted addresses"]
        places = chain.from_iterable(combinations(spots, n) for n in range(len(spots) + 1))
        return product(sorted(resources), [frozenset(p) for p in places], sorted(platforms),
                       clients)

    # --- the answer -----------------------------------------------------------------------------

    def judge(self, legacy=False, eligible=False):
        """The answer for each account that is not switched off, by id."""
        cells = list(self.cells(LEGACY if legacy else MODERN))
        on = [p for p in self.policies if p["state"] == "enabled"]
        static = [
            [k_and([demand, *self.reaches(policy, cell)]) for cell in cells]
            for policy in on for demand in [self.demand(policy, legacy)]
        ]
        more = [] if self.whole("conditionalAccessPolicies") else [None]
        answers = {}
        for user in self.data("users"):
            if user["accountEnabled"] is False:
                continue
            who = [self.applies(policy, user, eligible) for policy in on]
            ways = [column for column, taken in zip(static, who, strict=True) if taken is True]
            perhaps = [column for column, taken in zip(static, who, strict=True) if taken is None]
            covered = k_and(
                k_or([*(w[i] for w in ways), *(None if p[i] is not False else False
                                               for p in perhaps), *more])
                for i in range(len(cells)))
            answers[user["id"]] = k_or([covered, self.defaults(user, legacy)])
        return answers

    def defaults(self, user, legacy):
        """Whether security defaults do it; of legacy sync accounts nobody says so."""
        found = self.data("securityDefaults")
        on = found[0]["isEnabled"] if self.whole("securityDefaults") and found else None
        if not legacy:
            return k_and([on, k_not(self.synchronises(user))])
        return on if on is not True or self.synchronises(user) is False else None

    def synchronises(self, user):
        """Whether an account synchronises directories."""
        roles = []
        for role in SYNC:
            for one in self.data("roleAssignments"):
                if one["roleDefinitionId"] == role:
                    who = one["principalId"]
                    roles.append(who == user["id"] or (who.startswith("group")
                                                       and self.in_group(user["id"], who)))
        if True in roles:
            return True
        doubtful = None in roles or not self.whole("roleAssignments")
        looks = user["userPrincipalName"].lower().startswith("sync_")
        organization = self.data("organization")
        synced = not organization or organization[0].get("onPremisesSyncEnabled") is not False
        return None if doubtful and looks and synced else False
