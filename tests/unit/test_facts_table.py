"""All facts: their schemas, what they read, and that each record says everything."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from msgspec import UNSET, Struct

from tenantproof import bundled
from tenantproof.context import Context
from tenantproof.facts.roles import built_in
from tenantproof.facts.table import FACTS
from tenantproof.records import attribute, shape_of
from tenantproof.shape import bundled_shapes
from tenantproof.snapshot import load_value

# Records that say nothing but who they are, with one nested object each where there are any.
BARE = {
    "users": [{"id": "u"}],
    "conditionalAccessPolicies": [
        {"id": "p"}, {"id": "q", "conditions": {}},
        {"id": "e", "state": "enabled", "conditions": {"users": {"excludeGroups": ["h"]}}},
    ],
    "delegatedAdminRelationships": [
        {"id": "r"},
        {"id": "s", "status": "active",
         "accessDetails": {"unifiedRoles": [{"roleDefinitionId": "y"}]}},
    ],
    "delegatedAdminAccessAssignments": [
        {"id": "a", "delegatedAdminRelationshipId": "r"},
        {"id": "b", "delegatedAdminRelationshipId": "s", "status": "active",
         "accessContainer": {"accessContainerId": "h"}},
    ],
    "accessReviewDefinitions": [{"id": "d"}, {"id": "e", "scope": {}, "settings": {}}],
    "partnerCustomers": [{}],
    "roleAssignments": [
        {"id": "x", "principalId": "u", "roleDefinitionId": "y"},
        {"id": "z", "principalId": "nobody", "roleDefinitionId": "y"},
    ],
    "subscribedSkus": [{"id": "s", "servicePlans": [{"servicePlanId": "p"}]}],
    "signIns": [{"id": "e"}],
    "oauth2PermissionGrants": [{"id": "g"}],
    "applications": [{"id": "a", "passwordCredentials": [{}]}],
    "servicePrincipals": [{"id": "b", "keyCredentials": [{}]}],
}


def schema(name: str) -> dict[str, Any]:
    """Return a fact's schema as it stands in its file."""
    path = bundled.schemas() / "collections" / f"{name}.schema.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def nodes(node: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every node below a schema's top with its path."""
    children = {**node.get("properties", {}), **({"[]": node["items"]} if "items" in node else {})}
    for name, child in children.items():
        yield f"{path}.{name}", child
        yield from nodes(child, f"{path}.{name}")


def context(collections: dict[str, Any]) -> Context:
    """Return a tenant without any parameter."""
    manifest = {
        "format": 1, "tenant": {"id": "t"}, "exportedAt": "2026-11-20T06:00:00Z",
        "collections": {n: {"complete": True, "data": d} for n, d in collections.items()},
    }
    snapshot = load_value(manifest, "test", bundled_shapes())
    return Context(snapshot, {}, datetime(2026, 11, 20, tzinfo=UTC))


def unsaid(record: Struct) -> Iterator[str]:
    """Yield every property of a fact's record, and of the records in it, that was left out."""
    for name in shape_of(record).properties:
        value = getattr(record, attribute(name))
        if value is UNSET:
            yield f"{shape_of(record).path}.{name}"
        for one in value if isinstance(value, list) else ():
            if isinstance(one, Struct):
                yield from unsaid(one)


@pytest.mark.parametrize("name", FACTS)
def test_schema_is_that_of_a_fact(name: str) -> None:
    """A fact's schema is valid, marked as a fact, and names the collections that it reads."""
    document = schema(name)
    Draft202012Validator.check_schema(document)

    found = (document["title"], document["x-fact"], document["x-closed"],
             sorted(document["x-inputs"]))
    assert found == (name, True, True, sorted(FACTS[name].collections))


@pytest.mark.parametrize("name", FACTS)
def test_inputs_exist(name: str) -> None:
    """A fact reads collections that have a schema, each named once."""
    inputs = FACTS[name].collections

    assert [one for one in inputs if one not in bundled_shapes()] == []
    assert len(set(inputs)) == len(inputs)


@pytest.mark.parametrize("name", FACTS)
def test_properties_are_described(name: str) -> None:
    """Every property has a description of one line, and every enumeration allows its null."""
    bare = [
        path for path, node in nodes(schema(name)["items"])
        if (not path.endswith("[]") and not node.get("description"))
        or "\n" in node.get("description", "")
        or ("enum" in node and (None in node["enum"]) != ("null" in node["type"]))
    ]

    assert bare == []


@pytest.mark.parametrize("name", FACTS)
def test_records_say_everything(name: str) -> None:
    """Of a record of which nothing was exported every property is stated, if only as unknown."""
    records = context(BARE).collection(name).records

    assert (len(records) > 0, [p for one in records for p in unsaid(one)]) == (True, [])


@pytest.mark.parametrize("name", FACTS)
def test_nothing_exported_is_incomplete(name: str) -> None:
    """A fact of which the subjects were not exported is incomplete, not empty."""
    found = context({}).collection(name)

    assert (found.complete, list(found.records)) == (False, [])


def test_built_in_roles() -> None:
    """The table of built-in roles is whole: 145 roles, 35 of them privileged."""
    table = built_in()

    assert (len(table), sum(privileged for _, privileged in table.values())) == (145, 35)
