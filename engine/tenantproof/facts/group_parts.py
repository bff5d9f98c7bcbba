"""Parts of a group: whether it exists, who owns it, who is in it, and lists of its members."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from msgspec.structs import replace

from tenantproof.collection import Collection
from tenantproof.facts.base import Inputs, doubt, fact, no_record, value_at, why_not
from tenantproof.facts.groups import Groups, Members
from tenantproof.facts.lists import Listed, listed, open_list
from tenantproof.shape import CollectionShape
from tenantproof.verdict import Truth, Unknown, Why, any_true, merged, unknown

DYNAMIC: Final = "dynamicmembership"
MOST_OWNERS: Final = 20  # Graph expands no more of them, and does not say that it left some out


class GroupRecords:
    """The records of groups by id, together with their members."""

    def __init__(self, inputs: Inputs, groups: Groups) -> None:
        collection = inputs.collection("groups")
        self._whole = doubt(collection)
        self._by_id = inputs.index("groups", "id")
        self.groups = groups

    def exists(self, group: str) -> Truth:
        """Tell whether the directory has a group, given by id in lower case."""
        if group in self._by_id:
            return True
        return False if self._whole is None else self._whole

    def value(self, group: str, name: str) -> Any:
        """Return a property of a group; an Unknown where there is no record of it."""
        found = self._by_id.get(group)
        if found:
            return value_at(found[0], name)
        return no_record(self._whole, "groups", name, f"the group `{group}`")

    def owners(self, group: str) -> Listed:
        """Return the owners as records; Graph shows at most twenty."""
        found = listed(self.value(group, "owners"))
        if len(found.items) < MOST_OWNERS:
            return found
        more = unknown(Why.TRUNCATED, "groups", "owners", "more than twenty are not shown")
        return Listed(found.items, found.odd, (*found.rest, more))

    def flag(self, group: str, name: str) -> Truth:
        """Return a flag of which null means that it was never set."""
        value = self.value(group, name)
        return False if value is None else value

    def is_dynamic(self, group: str) -> Truth:
        """Tell whether a rule fills a group: its types say so, or it has a rule."""
        rule = self.value(group, "membershipRule")
        types = listed(self.value(group, "groupTypes"))
        ruled = rule if isinstance(rule, Unknown) else bool(rule)
        return any_true([types.contains(DYNAMIC), ruled])

    def described(self, group: str) -> Mapping[str, Any]:
        """Return what every fact on groups says of one, by property."""
        members = self.groups.members(group)
        exists = self.exists(group)
        return {
            "id": group,
            "displayName": None if exists is False else self.value(group, "displayName"),
            "exists": exists,
            "isAssignableToRole": self.flag(group, "isAssignableToRole"),
            "isDynamic": self.is_dynamic(group),
            "onPremisesSyncEnabled": self.flag(group, "onPremisesSyncEnabled"),
            "ownerIds": owner_ids(self.owners(group)),
            "memberIds": open_list(sorted(members.found_in), members.doubts),
            "memberCount": count_of(members),
        }


def owner_ids(owners: Listed) -> Any:
    """Return the ids of owners, in lower case and sorted."""
    found = [value_at(one, "id") for one in owners.items]
    odd = [why_not(one, "groups", "owners.id") for one in found if not isinstance(one, str)]
    ids = {one.casefold() for one in found if isinstance(one, str)}
    return open_list(sorted(ids), [*odd, *owners.doubts])


def count_of(members: Members) -> Any:
    """Return how many users are members; an Unknown where there may be more."""
    return merged(members.doubts) if members.doubts else len(members.found_in)


def ids_where(ids: Iterable[str], test: Callable[[str], Truth], more: Iterable[Unknown]) -> Any:
    """Return those of which something is true, with every doubt; there may be `more` ids."""
    found: list[str] = []
    doubts: list[Unknown] = []
    for one in ids:
        truth = test(one)
        if truth is True:
            found.append(one)
        elif truth is not False:
            doubts.append(truth)
    return open_list(found, [*doubts, *more])


def is_true_of(value: Any, collection: str, path: str) -> Truth:
    """Return a flag as a truth; null is not known."""
    return value if isinstance(value, bool) else why_not(value, collection, path)


def eligible_for(eligibilities: Listed, groups: Groups) -> Listed:
    """Return who may become a member, groups and those in them, by id in lower case."""
    found: set[str] = set()
    doubts: list[Unknown] = []
    for record in eligibilities.items:
        who = value_at(record, "principalId")
        kind = groups.kind(who, None) if isinstance(who, str) else why_not(
            who, "groupEligibilityScheduleInstances", "principalId"
        )
        if isinstance(kind, Unknown):
            doubts.append(kind)
        if isinstance(who, str):
            found.add(who.casefold())
        if kind == "group":
            members = groups.members(who)
            found.update(members.found_in)
            doubts.extend(members.doubts)
    return Listed(tuple(sorted(found)), (), (*eligibilities.rest, *doubts))


def only_eligible(group: str, members: Members, eligible: Listed) -> Truth:
    """Tell whether nobody is a standing member of a group.

    A direct member who may also activate membership may have done so, or stand in the group
    beside it: the export does not say.
    """
    direct = [user for user, place in members.found_in.items() if place == group]
    nested = [inner for inner, place in members.parents.items() if place == group]
    standing = any_true([
        *(_stands(one, eligible) for one in (*sorted(direct), *sorted(nested))), *members.doubts,
    ])
    return standing if isinstance(standing, Unknown) else not standing


def _stands(who: str, eligible: Listed) -> Truth:
    may_activate = eligible.contains(who)
    if may_activate is False:
        return True
    return may_activate if isinstance(may_activate, Unknown) else unknown(
        Why.UNDETERMINED, "groupMembers", "members", f"`{who}` may have activated the membership"
    )


def open_fact(
    shape: CollectionShape,
    rows: Iterable[tuple[str, Mapping[str, Any]]],
    doubts: Iterable[Unknown],
    *sources: Collection,
) -> Collection:
    """Return a fact of which whole records may be missing for more reasons than its sources'."""
    found = fact(shape, rows, *sources)
    reasons = tuple(dict.fromkeys((*found.doubts(), *merged(doubts).reasons)))
    return replace(found, complete=not reasons, reasons=reasons)
