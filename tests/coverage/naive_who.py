"""Whom a policy is for, asked of one account after the other, on plain JSON.

It shares no code with the engine. Truth is True, False, or None where it is not known.
"""

from __future__ import annotations

from itertools import chain

LOCAL = {"internalGuest", "b2bCollaborationGuest", "b2bCollaborationMember", "otherExternalUser"}
SYNC = ("d29b2b05-8046-44ba-8758-1e26182fcf32", "a92aed5d-d78a-4d16-b381-09adb37eb3b0")
PUBLISHED = {"62e90394-69f5-4237-9190-012177145e10", "fe930be7-5e62-47db-91af-98c3a49a38b1", *SYNC}
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


def is_list(value):
    """Whether a property is a list, and not absent or of another type."""
    return isinstance(value, list)


class Who:
    """One tenant: ``{name: {"data": [...], "complete": bool}}``."""

    def __init__(self, collections):
        self.held = collections
        self.policies = self.data("conditionalAccessPolicies")

    @staticmethod
    def words(condition, key):
        """The words of a list in a condition, none where there is no such list."""
        found = condition.get(key) if isinstance(condition, dict) else None
        return found if is_list(found) else []

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
        if not is_list(record.get("members")):
            return None
        for member in record["members"]:
            if member["@odata.type"].endswith("user"):
                answers.append(member["id"] == user)
            elif member["id"] not in seen:
                answers.append(self.in_group(user, member["id"], seen))
        return k_or(answers)

    def built_in(self, role):
        """Whether a role is Microsoft's own."""
        record = next((r for r in self.data("roleDefinitions") if r["id"] == role), None)
        if record is not None:
            return record["isBuiltIn"]
        return True if role in PUBLISHED else None

    def assigned(self, user, role, names):
        """Whether one of the records gives a user a role for the whole tenant."""
        for name in names:
            for one in self.data(name):
                if one["roleDefinitionId"] != role:
                    continue
                scope = one.get("directoryScopeId")
                who = one["principalId"]
                held = True if who == user else self.in_group(user, who) if (
                    who.startswith("group")) else False
                yield k_and([held, None if scope is None else scope == "/"])

    def has_role(self, user, role, eligible):
        """Whether a user holds a built-in role for the whole tenant."""
        now = ("roleAssignments", "roleAssignmentScheduleInstances")
        answers = list(self.assigned(user, role, now))
        if not any(self.whole(name) for name in now):
            answers.append(None)
        if eligible:
            later = "roleEligibilityScheduleInstances"
            answers += [*self.assigned(user, role, [later]),
                        *([] if self.whole(later) else [None])]
        return k_and([self.built_in(role), k_or(answers)])

    def kind(self, user):
        """The guest type, GONE where it is none, None where nobody knows."""
        marks = [name in user for name in (
            "userPrincipalName", "externalUserState", "creationType")]
        external = ("#EXT#" in user.get("userPrincipalName", "")
                    or user.get("externalUserState") is not None
                    or user.get("creationType") == "Invitation")
        if "userType" not in user or not any(marks):
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
            if not is_list(users.get(f"{verb}{key}")):
                yield None
        named = self.words(users, f"{verb}Users")
        yield "All" in named
        yield user["id"] in named
        yield self.of_kind(user, LOCAL if "GuestsOrExternalUsers" in named else (), "all")
        yield from (self.in_group(user["id"], g) for g in self.words(users, f"{verb}Groups"))
        yield from (self.has_role(user["id"], r, eligible)
                    for r in self.words(users, f"{verb}Roles"))
        guests = users.get(f"{verb}GuestsOrExternalUsers", GONE)
        if guests is GONE:
            yield None
        elif guests:
            types = set(guests["guestOrExternalUserTypes"].split(","))
            if "unknownFutureValue" in types:
                yield None
            else:
                yield self.of_kind(user, types, guests["externalTenants"]["membershipKind"])
        if users.get("novelty") is not None:
            yield None

    def applies(self, policy, user, eligible):
        """Whether a policy is for a user, and whether it leaves one out whom it takes in."""
        taken = k_or(self.side(policy, "include", user, eligible))
        left = k_or(self.side(policy, "exclude", user, eligible))
        return k_and([taken, k_not(left)]), k_and([taken, left])

    def defaults(self, user, legacy):
        """Whether security defaults do it; of legacy sync accounts nobody says so."""
        found = self.data("securityDefaults")
        on = found[0]["isEnabled"] if found else None
        if not legacy:
            return k_and([on, k_not(self.synchronises(user))])
        return on if on is not True or self.synchronises(user) is False else None

    def synchronises(self, user):
        """Whether an account synchronises directories, at whatever scope."""
        now = ("roleAssignments", "roleAssignmentScheduleInstances")
        roles = []
        for one in chain.from_iterable(self.data(name) for name in now):
            if one["roleDefinitionId"] in SYNC:
                who = one["principalId"]
                roles.append(who == user["id"] or (who.startswith("group")
                                                   and self.in_group(user["id"], who)))
        if True in roles:
            return True
        doubtful = None in roles or not any(self.whole(name) for name in now)
        looks = user.get("userPrincipalName", "").lower().startswith("sync_")
        organization = self.data("organization")
        synced = not organization or organization[0].get("onPremisesSyncEnabled") is not False
        return None if doubtful and looks and synced else False
