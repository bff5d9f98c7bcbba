"""Members of groups in groups, with cycles and gaps."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tenantproof.context import Context
from tenantproof.facts.groups import Groups
from tenantproof.shape import bundled_shapes
from tenantproof.snapshot import load_value
from tenantproof.verdict import Unknown

DEEP = 5_000


def groups(records: list[dict[str, Any]], complete: bool = True) -> Groups:
    """Return the groups of a tenant with users `u1` to `u3` and a group `g9` without record."""
    collections = {
        "users": [{"id": f"u{number}"} for number in (1, 2, 3)],
        "groups": [{"id": "g9", "displayName": "Nine"}],
    }
    manifest = {
        "format": 1, "tenant": {"id": "t"}, "exportedAt": "2026-11-20T06:00:00Z",
        "collections": {
            **{n: {"complete": True, "data": d} for n, d in collections.items()},
            "groupMembers": {"complete": complete, "data": records},
        },
    }
    snapshot = load_value(manifest, "test", bundled_shapes())
    return Groups(Context(snapshot, {}, datetime(2026, 11, 20, tzinfo=UTC)))


def group(key: str, *members: str, typed: bool = True) -> dict[str, Any]:
    """Return a group's record; the first letter of a member's id is its kind."""
    kinds = {"u": "#microsoft.graph.user", "g": "#microsoft.graph.group",
             "d": "#microsoft.graph.device"}
    return {"id": key, "members": [
        {"id": one, "@odata.type": kinds[one[0].lower()]} if typed else {"id": one}
        for one in members
    ]}


@pytest.mark.parametrize(
    ("records", "complete", "chains", "doubtful"),
    [
        ([group("g1", "u1")], True, {"u1": ["g1"]}, False),
        ([group("G1", "U1")], True, {"u1": ["g1"]}, False),
        ([group("g1")], True, {}, False),
        ([group("g1", "d1")], True, {}, False),
        ([], True, {}, True),
        ([group("g1", "u1")], False, {"u1": ["g1"]}, True),
        ([group("g1", "g2", "u1"), group("g2", "g3"), group("g3", "g1", "u2", "u1")], True,
         {"u1": ["g1"], "u2": ["g1", "g2", "g3"]}, False),
        ([group("g1", "g1", "u1")], True, {"u1": ["g1"]}, False),
        ([group("g1", "g2", "g3"), group("g2", "g4"), group("g3", "g4"), group("g4", "u1")],
         True, {"u1": ["g1", "g2", "g4"]}, False),
        ([group("g1", "u1", "g9")], True, {"u1": ["g1"]}, True),
        ([group("g1", "u1", typed=False)], True, {"u1": ["g1"]}, False),
        ([group("g1", "g2", typed=False), group("g2", "u2")], True, {"u2": ["g1", "g2"]}, False),
        ([group("g1", "u1", "d1", typed=False)], True, {"u1": ["g1"]}, True),
        ([{"id": "g1"}], True, {}, True),
        ([{"id": "g1", "members": "System.Object[]"}], True, {}, True),
        ([{"id": "g1", "members": [{"@odata.type": "#microsoft.graph.user"}]}], True, {}, True),
    ],
)
def test_members(
    records: list[dict[str, Any]], complete: bool, chains: Any, doubtful: bool
) -> None:
    """Members come with the shortest chain of groups; what was not exported is in doubt."""
    found = groups(records, complete).members("g1")

    assert {user: found.chain(user) for user in found.found_in} == chains
    assert bool(found.doubts) is doubtful


@pytest.mark.parametrize(
    ("user", "members", "expected"),
    [("u1", ["u1", "g9"], True), ("u2", ["u1", "g9"], None), ("u2", ["u1"], False)],
)
def test_membership_is_three_valued(user: str, members: list[str], expected: bool | None) -> None:
    """A known member is one, and who is not known to be one may be where members are missing."""
    found = groups([group("g1", *members)]).members("G1").has(user)

    assert (None if isinstance(found, Unknown) else found) is expected


def test_order_of_records_does_not_matter() -> None:
    """The chain to a member is the same however records and members are ordered."""
    records = [group("g1", "g2", "g3"), group("g2", "u1"), group("g3", "u1")]
    shuffled = [group("g3", "u1"), group("g1", "g3", "g2"), group("g2", "u1")]

    chains = [groups(one).members("g1").chain("u1") for one in (records, shuffled)]
    assert chains == [["g1", "g2"], ["g1", "g2"]]


def test_depth_has_no_limit() -> None:
    """Groups nested thousands deep are followed to the end, and the chain names each of them."""
    records = [group(f"g{n}", f"g{n + 1}") for n in range(1, DEEP)] + [group(f"g{DEEP}", "u1")]

    assert len(groups(records).members("g1").chain("u1")) == DEEP


def test_ways_name_the_groups() -> None:
    """A chain is shown by the names of its groups, or by id where the name was not exported."""
    found = groups([group("G9", "g1"), group("g1", "u1")])

    assert list(found.ways(found.members("g9"))) == [("u1", "Nine > g1")]
