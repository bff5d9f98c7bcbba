"""Who is in a group: nested groups, cycles, and members that were not exported."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec import Struct, field

from tenantproof.collection import Collection
from tenantproof.facts.base import Inputs, doubt, no_record, value_at, why_not
from tenantproof.facts.lists import listed
from tenantproof.verdict import Truth, Unknown, merged

KINDS: Final = {"microsoft.graph.user": "user", "microsoft.graph.group": "group"}
INPUTS: Final = ("groupMembers", "groups", "users")


class Direct(Struct):
    """A group's own members by kind, as ids in lower case, and what is not known of them."""

    users: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    doubts: list[Unknown] = field(default_factory=list)


class Members(Struct, frozen=True):
    """The transitive members of a group; all ids are in lower case.

    `found_in` gives for each user the group that the shortest way leads to, `parents` for each
    nested group the one it was reached from. Where there are `doubts` there may be more members.
    """

    found_in: Mapping[str, str]
    parents: Mapping[str, str]
    doubts: tuple[Unknown, ...]

    def has(self, user: str) -> Truth:
        """Tell whether a user, given by id in lower case, is a member."""
        if user in self.found_in:
            return True
        return merged(self.doubts) if self.doubts else False

    def chain(self, user: str) -> list[str]:
        """Return the groups from the one that was asked for down to the one that holds the user."""
        chain = [self.found_in[user]]
        while chain[-1] in self.parents:
            chain.append(self.parents[chain[-1]])
        return chain[::-1]


class Groups:
    """The groups of a tenant; each is expanded once, in time linear in what lies below it.

    `doubts` say why an id that is neither a known user nor a known group may yet be one.
    """

    def __init__(self, inputs: Inputs) -> None:
        self._collection = inputs.collection("groupMembers")
        self._whole = doubt(self._collection)
        users, groups = inputs.collection("users"), inputs.collection("groups")
        self._users = inputs.index("users", "id")
        self.names = dict(_names(groups))
        self.doubts = [found for found in map(doubt, (users, groups)) if found is not None]
        self._known = frozenset({*ids(groups), *ids(self._collection)})
        self._direct = self._read()
        self._expanded: dict[str, Members] = {}

    def _read(self) -> dict[str, Direct]:
        direct: dict[str, Direct] = {}
        for record in self._collection.records:
            group = value_at(record, "id")
            if isinstance(group, str):
                self._note(record, direct.setdefault(group.casefold(), Direct()))
        return direct

    def _note(self, record: Struct, direct: Direct) -> None:
        members = listed(value_at(record, "members"))
        direct.doubts.extend(members.doubts)
        for member in members.items:
            self._place(member, direct)

    def _place(self, member: Any, direct: Direct) -> None:
        who = value_at(member, "id")
        kind = self.kind(who, value_at(member, "@odata.type"))
        if isinstance(kind, Unknown):
            direct.doubts.append(kind)
        elif kind == "user":
            direct.users.add(who.casefold())
        elif kind == "group":
            direct.groups.add(who.casefold())

    def kind(self, who: Any, odata_type: Any) -> str | Unknown:
        """Return ``user``, ``group`` or ``other`` for an object, or an Unknown."""
        if not isinstance(who, str):
            return why_not(who, "groupMembers", "members[].id")
        if who.casefold() in self._users:
            return "user"  # an id is one object's in the whole directory, whatever is said of it
        if isinstance(odata_type, str):
            return KINDS.get(odata_type.lstrip("#").casefold(), "other")
        if who.casefold() in self._known:
            return "group"
        return why_not(odata_type, "groupMembers", "members[].@odata.type")

    def members(self, group: str) -> Members:
        """Return a group's transitive members; `group` is an id in any case."""
        start = group.casefold()
        if start not in self._expanded:
            self._expanded[start] = self._expand(start)
        return self._expanded[start]

    def _expand(self, start: str) -> Members:
        found_in: dict[str, str] = {}
        parents: dict[str, str] = {}
        doubts: list[Unknown] = [] if self._whole is None else [self._whole]
        queue = deque([start])
        while queue:
            group = queue.popleft()
            direct = self._direct.get(group)
            if direct is None:
                doubts.extend(self._without_record(group))
                continue
            doubts.extend(direct.doubts)
            for user in direct.users:
                found_in.setdefault(user, group)
            for nested in sorted(direct.groups):
                if nested != start and nested not in parents:
                    parents[nested] = group
                    queue.append(nested)
        return Members(found_in, parents, tuple(dict.fromkeys(doubts)))

    def _without_record(self, group: str) -> Iterator[Unknown]:
        if self._whole is None:
            yield no_record(None, "groupMembers", "members", f"the group `{self.name(group)}`")

    def name(self, group: str) -> str:
        """Return a group's name, or its id where the name was not exported."""
        return self.names.get(group.casefold(), group)

    def ways(self, members: Members) -> Iterator[tuple[str, str]]:
        """Yield each member with the chain of groups by name, the outermost first."""
        words: dict[str, str] = {}
        for user, group in members.found_in.items():
            if group not in words:
                words[group] = " > ".join(self.name(one) for one in members.chain(user))
            yield user, words[group]


def ids(collection: Collection) -> Iterator[str]:
    """Yield the ids of a collection's records in lower case."""
    for record in collection.records:
        key = getattr(record, "id", None)
        if isinstance(key, str):
            yield key.casefold()


def _names(groups: Collection) -> Iterator[tuple[str, str]]:
    for record in groups.records:
        key, name = value_at(record, "id"), value_at(record, "displayName")
        if isinstance(key, str) and isinstance(name, str):
            yield key.casefold(), name
