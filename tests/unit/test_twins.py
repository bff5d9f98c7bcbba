"""Two records of the same key are one thing; where they differ, nobody knows."""

from __future__ import annotations

import json

import pytest

from tenantproof.collection import read_pages
from tenantproof.facts.base import value_at
from tenantproof.manifest import read_manifest, said_of
from tenantproof.pruning import records_read
from tenantproof.shape import bundled_shapes
from tenantproof.snapshot import load, load_value
from tenantproof.sources import open_source
from tenantproof.verdict import Reason, Why

SHAPES = bundled_shapes()
ANA = {"id": "u1", "displayName": "Ana", "accountEnabled": True,
       "assignedPlans": [{"service": "exchange", "capabilityStatus": "Enabled"}]}
BO = {"id": "u2", "displayName": "Bo", "accountEnabled": False}
MANIFEST = {"format": 1, "tenant": {"id": "t", "kind": "partner"},
            "exportedAt": "2026-01-01T00:00:00Z"}


def users(*records, name="users"):
    """The collection of these records."""
    entry = {"data": list(records), "complete": True}
    return load_value({**MANIFEST, "collections": {name: entry}}, "x", SHAPES).collection(name)


def ids(collection):
    """The ids of a collection's records, in order."""
    return [value_at(record, "id") for record in collection.records]


def test_the_same_record_twice_is_one():
    """A page that was saved twice makes no second account of anybody."""
    found = users(ANA, ANA, BO)
    assert ids(found) == ["u1", "u2"]
    assert value_at(found.records[0], "accountEnabled") is True


def test_a_record_keeps_the_place_that_it_has_in_the_export():
    """Who looks it up there finds it."""
    found = users(ANA, BO, ANA, {**BO, "id": "u3"})
    assert [found.pointer(n) for n in range(3)] == ["/users/0", "/users/1", "/users/3"]


@pytest.mark.parametrize(("change", "name"), [
    ({"accountEnabled": False}, "accountEnabled"),
    ({"accountEnabled": None}, "accountEnabled"),
    ({"accountEnabled": "true"}, "accountEnabled"),
    ({"assignedPlans": []}, "assignedPlans"),
    ({"assignedPlans": [{"service": "exchange", "capabilityStatus": "Deleted"}]},
     "assignedPlans"),
])
@pytest.mark.parametrize("turned", [False, True])
def test_what_they_contradict_each_other_in_is_not_known(change, name, turned):
    """Whichever comes first; what they agree in stays known."""
    pair = [ANA, {**ANA, "id": "U1", **change}]
    found = users(*(reversed(pair) if turned else pair))
    reasons = value_at(found.records[0], name).reasons
    assert [Why.UNDETERMINED] == [reason.why for reason in reasons]
    assert reasons == (Reason("users", name, Why.UNDETERMINED,
                              "two records of the same key differ"),)
    assert value_at(found.records[0], "displayName") == "Ana"
    assert len(found.records) == 1


@pytest.mark.parametrize("turned", [False, True])
def test_what_only_one_of_them_says_is_known(turned):
    """Two exports with different properties of the same accounts complete each other."""
    pair = [ANA, {"id": "u1", "mail": "ana@contoso.example"}]
    found = users(*(reversed(pair) if turned else pair)).records[0]
    assert (value_at(found, "mail"), value_at(found, "displayName")) == (
        "ana@contoso.example", "Ana")


def test_records_without_a_key_are_no_twins():
    """Nothing says that they are the same."""
    nameless = {"displayName": "Nobody"}
    assert len(users(nameless, nameless, {"id": None}, {"id": None}).records) == 4


def test_where_a_key_is_not_one_things_nothing_becomes_one():
    """A group may have a record for each page of its members."""
    halves = [{"id": "g", "members": [{"id": "a"}]}, {"id": "g", "members": [{"id": "b"}]}]
    assert len(users(*halves, name="groupMembers").records) == 2


def test_a_list_with_twins_lacks_somebody():
    """Who moved to a page that was saved before is on none; the service's own count tells."""
    page = {"@odata.count": 3, "value": [ANA, BO, BO]}
    manifest = {**MANIFEST, "collections": {"users": {"file": "u.json", "complete": True}}}
    entry = read_manifest(json.dumps(manifest).encode(), "tenant.json").collections["users"]
    found = read_pages(SHAPES["users"], [("u.json", json.dumps(page).encode())], said_of(entry))
    assert [Why.TRUNCATED] == [reason.why for reason in found.doubts()]


def test_twins_are_found_whatever_is_read_of_them(tmp_path, pack):
    """Pruned or whole, in a list of any length: the same records, at the same places."""
    entries = {}
    for name in ("users", "userRegistrationDetails", "perUserMfa", "riskyUsers", "groups"):
        records = [{"id": f"u{n % 2_000}", "displayName": "x" * 400} for n in range(2_500)]
        (tmp_path / f"{name}.json").write_text(json.dumps(records))
        entries[name] = {"file": f"{name}.json", "complete": True}
    (tmp_path / "tenant.json").write_text(json.dumps({**MANIFEST, "collections": entries}))
    needed = records_read(pack.policies.values(), SHAPES)
    whole, some = (load(open_source(str(tmp_path)), SHAPES, one) for one in (None, needed))
    for name in entries:
        found, also = whole.collection(name), some.collection(name)
        assert len(found.records) == len(also.records) == 2_000
        assert found.places == also.places
