"""The fact `exclusionGroups`: each group that an enabled Conditional Access policy leaves out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from msgspec import Struct, field

from tenantproof.collection import Collection
from tenantproof.facts.base import Fact, Inputs, value_at, why_not
from tenantproof.facts.group_parts import GroupRecords, open_fact
from tenantproof.facts.groups import INPUTS, Groups
from tenantproof.facts.lists import Listed, listed, open_list
from tenantproof.verdict import Truth, Unknown, merged

NAME: Final = "exclusionGroups"
POLICIES: Final = "conditionalAccessPolicies"


class Use(Struct):
    """Where a group is left out: the first policy's pointer, and the policies by name."""

    pointer: str
    names: list[str] = field(default_factory=list)
    doubts: list[Unknown] = field(default_factory=list)

    def add(self, policy: Struct) -> None:
        """Take in one more policy."""
        name = _name(policy)
        (self.doubts if isinstance(name, Unknown) else self.names).append(name)


def build(inputs: Inputs) -> Collection:
    """Return one record per group, in the order in which policies name them."""
    policies = inputs.collection(POLICIES)
    found: dict[str, Use] = {}
    unread: list[Unknown] = []
    for index, policy in enumerate(policies.records):
        for group in _left_out(policy, unread):
            found.setdefault(group, Use(policies.pointer(index))).add(policy)
    records = GroupRecords(inputs, inputs.shared(Groups))
    rows = ((use.pointer, _row(group, use, records)) for group, use in found.items())
    return open_fact(inputs.shape(NAME), rows, unread, policies)


def _left_out(policy: Struct, unread: list[Unknown]) -> Iterator[str]:
    """Yield the groups that a policy leaves out for certain, and note what is open."""
    groups = listed(value_at(policy, "conditions", "users", "excludeGroups"))
    enabled = _is_enabled(policy)
    if enabled is False:
        return
    if isinstance(enabled, Unknown):
        unread.extend([enabled] if groups.is_empty() is not True else [])
        return
    unread.extend(groups.doubts)
    yield from dict.fromkeys(groups.texts)


def _is_enabled(policy: Struct) -> Truth:
    state = value_at(policy, "state")
    return state == "enabled" if isinstance(state, str) else why_not(state, POLICIES, "state")


def _name(policy: Struct) -> Any:
    name, key = value_at(policy, "displayName"), value_at(policy, "id")
    return name if isinstance(name, str) else key


def _row(group: str, use: Use, records: GroupRecords) -> dict[str, Any]:
    return {
        **records.described(group),
        "ownerCount": _count(records.owners(group)),
        "policies": open_list(sorted(use.names), use.doubts),
    }


def _count(owners: Listed) -> Any:
    """Return how many owners are shown; twenty stands for twenty or more."""
    return merged(owners.rest) if owners.rest and not owners.items else (
        len(owners.items) + len(owners.odd)
    )


FACT: Final = Fact(NAME, (POLICIES, *INPUTS), (), build)
