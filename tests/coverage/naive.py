"""Who is covered, asked of every account and every cell in turn, on plain JSON.

It shares no code with the engine. Truth is True, False, or None where it is not known.
"""

from __future__ import annotations

from itertools import chain, combinations, product

from naive_who import GONE, Who, is_list, k_and, k_not, k_or

ALONE = {"fido2", "windowsHelloForBusiness", "x509CertificateMultiFactor", "deviceBasedPush",
         "federatedMultiFactor", "temporaryAccessPassOneTime", "temporaryAccessPassMultiUse"}
BUILT_IN = {f"00000000-0000-0000-0000-00000000000{n}" for n in (2, 3, 4)}
RISKS = ("signInRiskLevels", "userRiskLevels")
SUITES = ("Office365", "MicrosoftAdminPortals")
MICROSOFT = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
MODERN, LEGACY = ("browser", "mobileAppsAndDesktopClients"), ("exchangeActiveSync", "other")
STATES = {"enabled": True, "disabled": False, "enabledForReportingButNotEnforced": False}
CONTROLS = {"mfa", "block", "compliantDevice", "domainJoinedDevice", "approvedApplication",
            "compliantApplication", "passwordChange", "riskRemediation"}
CONDITIONS = {*RISKS, "servicePrincipalRiskLevels", "insiderRiskLevels", "devices", "users",
              "authenticationFlows", "clientApplications", "clientAppTypes", "locations",
              "platforms", "applications"}


def subsets(values):
    """Every subset, the empty one first."""
    values = list(values)
    return [frozenset(one) for one in chain.from_iterable(
        combinations(values, n) for n in range(len(values) + 1))]


class Naive(Who):
    """One tenant: ``{name: {"data": [...], "complete": bool}}``."""

    def __init__(self, collections):
        super().__init__(collections)
        self.named = sorted({
            one for policy in self.policies
            for key in ("includeLocations", "excludeLocations")
            for one in self.words(policy["conditions"].get("locations"), key)
            if one not in ("All", "AllTrusted")
        })
        self.trust = {one["id"]: one.get("isTrusted", False)
                      for one in self.data("namedLocations")}

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
        return k_and([
            None if "unknownFutureValue" in one else "," in one or one in ALONE for one in combos])

    def controls(self, grant):
        """A policy's controls: what is MFA by name, what a device or the like may satisfy instead.

        With `mfa` and a strength at once, nobody knows which of them holds.
        """
        strength = grant.get("authenticationStrength", GONE)
        found = grant.get("builtInControls")
        words = [one if one in CONTROLS else "?" for one in found] if is_list(found) else ["?"]
        if "mfa" in words:
            mfa = [True if strength in (None, GONE) else None]
        elif strength is GONE:
            mfa = [None]
        else:
            mfa = [] if strength is None else [self.strength(strength)]
        others = [None if one == "?" else False for one in words if one != "mfa"]
        others += [None] if grant.get("novelty") is not None else []
        return words, mfa, others, strength not in (None, GONE)

    def demand(self, policy, legacy):
        """Whether a sign-in that the policy reaches is closed."""
        grant = policy["grantControls"]
        if grant is None:
            return False
        words, mfa, others, is_strong = self.controls(grant)
        soft = [*grant["termsOfUse"], *grant["customAuthenticationFactors"]]
        if "block" in words:
            alone = len(set(words)) == 1 and not soft and not is_strong
            return True if grant["operator"] == "AND" or alone else None
        if "mfa" in words and is_strong and not legacy:
            return None
        doubts = [one for one in others if one is None]
        if grant["operator"] == "AND" or len([*mfa, *others, *soft]) < 2:
            return k_or([*mfa, *doubts])
        if not legacy:
            return k_and([*mfa, *others, *(False for _ in soft)])
        return k_and([k_or([*(True for _ in mfa), *doubts]), *mfa, *others])

    def quiet(self, conditions):
        """Whether each condition that an ordinary sign-in does not meet is silent."""
        yield from (None for name, value in conditions.items()
                    if name not in CONDITIONS and value is not None)
        for name in RISKS:
            value = conditions.get(name, GONE)
            yield not value if value is None or is_list(value) else None
        value = conditions.get("insiderRiskLevels", GONE)
        known = value in (None, "none", "minor", "moderate", "elevated")
        yield value in (None, "none") if known else None
        for name, key in (("devices", "deviceFilter"), ("authenticationFlows", "transferMethods"),
                          ("clientApplications", "includeServicePrincipals")):
            value = conditions.get(name, GONE)
            if value is GONE or not isinstance(value, dict | None):
                yield None
            else:
                yield value is None or value[key] in (None, "none", [])

    def reaches(self, policy, cell, suites):
        """Whether a policy's conditions hold for a cell, in a world with such suites."""
        resource, places, platform, client = cell
        conditions = policy["conditions"]
        yield from self.quiet(conditions)
        yield self.takes_resource(conditions["applications"], resource, suites)
        clients = conditions.get("clientAppTypes")
        if is_list(clients):
            yield k_or(["all" in clients or client in clients,
                        *(None for one in clients if one == "unknownFutureValue")])
        else:
            yield None
        platforms = conditions.get("platforms", GONE)
        yield None if platforms is GONE else platforms is None or self.both(
            platforms, "Platforms", "all", lambda words: platform in words)
        locations = conditions.get("locations", GONE)
        yield None if locations is GONE else locations is None or self.both(
            locations, "Locations", "All", lambda words: self.place(words, places))

    def both(self, condition, name, every, holds):
        """Whether a pair of lists takes something in and does not leave it out."""
        if not isinstance(condition, dict):
            return None
        include, exclude = (condition.get(f"{verb}{name}") for verb in ("include", "exclude"))
        return k_and([
            None if not is_list(include) else every in include or holds(include),
            None if not is_list(exclude) else k_not(every in exclude or holds(exclude))])

    def takes_resource(self, applications, resource, suites):
        """Whether a policy is for a resource; a suite's word stands for what belongs to it."""
        if applications is None:
            return False
        words = {resource, *suites.get(resource, ())}
        chosen = applications["applicationFilter"]
        include = applications.get("includeApplications")
        taken = None if not is_list(include) else "All" in include or bool(words & set(include))
        if chosen is not None:
            if chosen["mode"] == "exclude":
                return False
            named = resource in self.ids()
            taken = None if named else False
        left = bool(words & set(applications["excludeApplications"])) or (
            "All" in applications["excludeApplications"])
        return k_and([taken, not left])

    def place(self, words, places):
        """Whether one of the words stands for one of the places."""
        answers = [word in places for word in words]
        if "AllTrusted" in words:
            answers += [True if one == "trusted addresses" else self.trust.get(one)
                        for one in places]
        return k_or(answers)

    def resources(self):
        """Every word for a resource that a policy uses."""
        return {one for policy in self.policies for key in (
            "includeApplications", "excludeApplications")
            for one in self.words(policy["conditions"]["applications"], key)} - {"All", "None"}

    def ids(self):
        """The applications that policies name."""
        return self.resources() - set(SUITES)

    def cells(self, clients):
        """Every cell that the policies cut the sign-ins into."""
        platforms = {one for policy in self.policies for key in (
            "includePlatforms", "excludePlatforms")
            for one in self.words(policy["conditions"].get("platforms"), key)} | {"any other"}
        named = set(SUITES) & self.resources()
        both = {" and ".join(sorted(named))} if len(named) == 2 else set()
        return list(product(sorted(self.resources() | {"any other"} | both),
                            subsets([*self.named, "trusted addresses"]), sorted(platforms),
                            clients))

    def worlds(self):
        """Every way in which the applications may belong to the suites that policies name."""
        suites = [one for one in SUITES if one in self.resources()]
        owners = {one["appId"]: one["appOwnerOrganizationId"]
                  for one in self.data("servicePrincipals")}
        ids = sorted(one for one in self.ids() if owners.get(one, MICROSOFT) == MICROSOFT)
        overlap = [{}, {" and ".join(sorted(suites)): suites}] if len(suites) == 2 else [{}]
        for chosen in product(subsets(suites), repeat=len(ids)):
            for more in overlap:
                yield {**dict(zip(ids, chosen, strict=True)), **more}

    # --- the answer -----------------------------------------------------------------------------

    def judge(self, legacy=False, eligible=False):
        """The answer for each account that is not switched off, by id."""
        found = [self.in_world(world, legacy, eligible) for world in self.worlds()]
        return {
            user["id"]: k_or([
                one if len({w[user["id"]] for w in found}) == 1 else None, self.defaults(
                    user, legacy)])
            for user in self.data("users") if user.get("accountEnabled") is not False
            for one in [found[0][user["id"]]]
        }

    def in_world(self, world, legacy, eligible):
        """What Conditional Access comes to for each account, in one world."""
        cells = [cell for cell in self.cells(LEGACY if legacy else MODERN)
                 if " and " not in cell[0] or cell[0] in world]
        rules = [p for p in self.policies if STATES.get(p["state"]) is not False]
        static = [
            [k_and([STATES.get(policy["state"]), demand, *self.reaches(policy, cell, world)])
             for cell in cells]
            for policy in rules for demand in [self.demand(policy, legacy)]
        ]
        more = [] if self.whole("conditionalAccessPolicies") else [None]
        answers = {}
        for user in self.data("users"):
            if user.get("accountEnabled") is False:
                continue
            who = [self.applies(policy, user, eligible)[0] for policy in rules]
            ways = [column for column, taken in zip(static, who, strict=True) if taken is True]
            perhaps = [column for column, taken in zip(static, who, strict=True) if taken is None]
            answers[user["id"]] = k_and(
                k_or([*(w[i] for w in ways), *(None if p[i] is not False else False
                                               for p in perhaps), *more])
                for i in range(len(cells)))
        return answers

    def excluded(self, legacy=False):
        """For each account the enabled policies that would close something, but leave it out."""
        rules = [p for p in self.policies if STATES.get(p["state"]) is not False
                 and self.demand(p, legacy) is not False]
        return {
            user["id"]: sorted(p["id"] for p in rules if self.applies(p, user, False)[1] is True)
            for user in self.data("users") if user.get("accountEnabled") is not False
        }

    def whole_by(self, legacy=False):
        """For each account the policies each of which closes every sign-in alone."""
        cells = self.cells(LEGACY if legacy else MODERN)
        worlds = list(self.worlds())
        rules = [p for p in self.policies if p["state"] == "enabled"
                 and self.demand(p, legacy) is True
                 and all(k_and(self.reaches(p, cell, world)) is True
                         for world in worlds for cell in cells)]
        return {
            user["id"]: sorted(p["id"] for p in rules if self.applies(p, user, False)[0] is True)
            for user in self.data("users") if user.get("accountEnabled") is not False
        }
