"""The collection schemas against Microsoft's own examples, and against their own rules."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError, validators

from tenantproof import bundled

EXAMPLES = Path(__file__).parents[1] / "data" / "graph_examples"
SCHEMAS = bundled.schemas() / "collections"

INSIGHTS = "beta__partner-security-partnersecurityscore-list-customerinsights"
FIDO2 = "v1.0__fido2authenticationmethodconfiguration-get"
# Example -> collection, or the property of a single object whose elements it shows.
SHOWS = {
    "beta__authenticationmethodspolicy-get": "authenticationMethodsPolicy",
    "beta__partner-security-partnersecurityalert-get": "partnerSecurityAlerts",
    INSIGHTS: "partnerSecurityCustomerInsights",
    "beta__partner-security-partnersecurityscore-list-requirements": "partnerSecurityRequirements",
    "beta__serviceprincipal-get": "servicePrincipals",
    "beta__signin-get": "signIns",
    "beta__signin-list": "signIns",
    "v1.0__adminconsentrequestpolicy-get": "adminConsentRequestPolicy",
    "v1.0__application-get": "applications",
    "v1.0__application-list": "applications",
    "v1.0__authenticationmethodsroot-list-userregistrationdetails": "userRegistrationDetails",
    "v1.0__authenticationstrengthroot-list-policies": "authenticationStrengthPolicies",
    "v1.0__authorizationpolicy-get": "authorizationPolicy",
    "v1.0__conditionalaccesspolicy-get": "conditionalAccessPolicies",
    "v1.0__conditionalaccessroot-list-namedlocations": "namedLocations",
    "v1.0__conditionalaccessroot-list-policies": "conditionalAccessPolicies",
    "v1.0__conditionalaccessroot-post-policies": "conditionalAccessPolicies",
    "v1.0__delegatedadminrelationship-list-accessassignments": "delegatedAdminAccessAssignments",
    "v1.0__directoryaudit-get": "directoryAudits",
    "v1.0__directoryaudit-list": "directoryAudits",
    FIDO2: "authenticationMethodsPolicy.authenticationMethodConfigurations",
    "v1.0__group-get": "groups",
    "v1.0__group-list": "groups",
    "v1.0__identitysecuritydefaultsenforcementpolicy-get": "securityDefaults",
    "v1.0__namedlocation-get": "namedLocations",
    "v1.0__organization-get": "organization",
    "v1.0__organization-list": "organization",
    "v1.0__serviceprincipal-get": "servicePrincipals",
    "v1.0__serviceprincipal-list": "servicePrincipals",
    "v1.0__serviceprincipal-list-approleassignedto": "appRoleAssignments",
    "v1.0__serviceprincipal-list-approleassignments": "appRoleAssignments",
    "v1.0__signin-get": "signIns",
    "v1.0__signin-list": "signIns",
    "v1.0__subscribedsku-get": "subscribedSkus",
    "v1.0__subscribedsku-list": "subscribedSkus",
    "v1.0__tenantrelationship-list-delegatedadmincustomers": "delegatedAdminCustomers",
    "v1.0__tenantrelationship-list-delegatedadminrelationships": "delegatedAdminRelationships",
    "v1.0__user-get": "users",
    "v1.0__user-list": "users",
}
PLACEHOLDER = "its values are placeholders such as `consentType-value` or `String`"
NO_COLLECTION = "no collection has this type"
LEFT_OUT = {
    "v1.0__domain-get": PLACEHOLDER,
    "v1.0__domain-list": PLACEHOLDER,
    "v1.0__microsoftauthenticatorauthenticationmethodconfiguration-get": PLACEHOLDER,
    "v1.0__oauth2permissiongrant-get": PLACEHOLDER,
    "v1.0__oauth2permissiongrant-list": PLACEHOLDER,
    "v1.0__riskyuser-get": PLACEHOLDER,
    "v1.0__alert-get": NO_COLLECTION,
    "v1.0__alert-list": NO_COLLECTION,
    "v1.0__authentication-list-methods": NO_COLLECTION,
    "v1.0__claimsmappingpolicy-get": NO_COLLECTION,
    "v1.0__contract-get": NO_COLLECTION,
    "v1.0__contract-list": NO_COLLECTION,
    "v1.0__device-list": NO_COLLECTION,
    "v1.0__directoryrole-get": NO_COLLECTION,
    "v1.0__directoryrole-list": NO_COLLECTION,
    "v1.0__directoryrole-list-members": NO_COLLECTION,
    "v1.0__directoryroletemplate-list": NO_COLLECTION,
    "v1.0__groupsetting-get": NO_COLLECTION,
    "v1.0__groupsetting-list": NO_COLLECTION,
    "v1.0__permissiongrantpolicy-get": NO_COLLECTION,
    "v1.0__permissiongrantpolicy-list": NO_COLLECTION,
    "v1.0__serviceprincipal-list-delegatedpermissionclassifications": NO_COLLECTION,
}
WORDS = {"type", "properties", "items", "enum", "format", "description", "title", "$ref"}
MARKS = {
    "x-absent",
    "x-absent-source",
    "x-key",
    "x-separator",
    "x-fold",
    "x-unknown",
    "x-personal",
    "x-watch",
    "x-from",
}
TOP = {
    "$schema",
    "$defs",
    "x-endpoint",
    "x-permission",
    "x-command",
    "x-source",
    "x-beta",
    "x-log",
    "x-unique",
    "x-closed",
}
TOP_REQUIRED = {
    "$schema",
    "title",
    "description",
    "type",
    "x-endpoint",
    "x-permission",
    "x-source",
    "x-closed",
}


def load(path: Path) -> Any:
    """Return the decoded JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))


def schema(name: str) -> Any:
    """Return the schema of a collection."""
    return load(SCHEMAS / f"{name}.schema.json")


COLLECTIONS = [
    name
    for name in sorted(p.name.removesuffix(".schema.json") for p in SCHEMAS.glob("*.schema.json"))
    if not schema(name).get("x-fact", False)
]


def known_values(
    validator: Any, values: list[Any], instance: Any, node: dict[str, Any]
) -> Iterator[ValidationError]:
    """Check an enumeration as snapshots are read: part by part, and without case if so marked."""
    separator = node.get("x-separator")
    is_list = separator is not None and isinstance(instance, str)
    parts = [p.strip() for p in instance.split(separator)] if is_list else [instance]
    fold = node.get("x-fold") == "case"
    known = [v.casefold() if fold and isinstance(v, str) else v for v in values]
    for part in parts:
        if (part.casefold() if fold and isinstance(part, str) else part) not in known:
            yield ValidationError(f"{part!r} is not one of {values!r}")


Reader = validators.extend(Draft202012Validator, {"enum": known_values})


def record_schema(name: str) -> dict[str, Any]:
    """Return the schema of one record of a collection, or of a named list inside one."""
    collection, _, inner = name.partition(".")
    document = schema(collection)
    record = document.get("items", document)
    if inner:
        record = record["properties"][inner]["items"]
    return {**record, "$defs": document.get("$defs", {})}


def records(document: Any) -> list[Any]:
    """Return the records of a Graph response: its `value`, one or many, or itself."""
    value = document.get("value", document)
    return value if isinstance(value, list) else [value]


def faults(name: str, found: list[Any]) -> list[str]:
    """Return what a collection's schema finds wrong in records, each with its path."""
    reader = Reader(record_schema(name))
    return [
        f"[{number}]{error.json_path[1:]}: {error.message}"
        for number, record in enumerate(found)
        for error in reader.iter_errors(record)
    ]


def nodes(node: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every schema node with its path, the definitions included."""
    yield path, node
    for group in ("properties", "$defs"):
        for name, child in node.get(group, {}).items():
            yield from nodes(child, f"{path}/{group}/{name}")
    if "items" in node:
        yield from nodes(node["items"], f"{path}/items")


def is_nullable(node: dict[str, Any]) -> bool:
    """Tell whether a node's type allows null."""
    return "null" in node.get("type", [])


def test_examples_are_all_placed() -> None:
    """Every example shows a collection or is left out for a stated reason."""
    files = {p.stem for p in EXAMPLES.glob("*.json")} - {"index"}

    assert sorted([*SHOWS, *LEFT_OUT]) == sorted(files)


def test_examples_have_a_source() -> None:
    """The index names the source and licence of every example."""
    index = {Path(e["file"]).stem: e for e in load(EXAMPLES / "index.json")}

    unsourced = [f for f in [*SHOWS, *LEFT_OUT] if not index.get(f, {}).get("source")]
    assert unsourced == []


@pytest.mark.parametrize("example", sorted(SHOWS))
def test_example_fits_its_schema(example: str) -> None:
    """Microsoft's own example of a record is valid in our schema."""
    found = records(load(EXAMPLES / f"{example}.json"))

    assert [f"{example}.json {fault}" for fault in faults(SHOWS[example], found)] == []


@pytest.mark.parametrize("example", sorted(SHOWS))
def test_example_is_described(example: str) -> None:
    """The schema knows at least one property of every record of the example."""
    known = record_schema(SHOWS[example])["properties"]
    found = records(load(EXAMPLES / f"{example}.json"))

    assert [r for r in found if not set(r) & set(known)] == []


@pytest.mark.parametrize(
    ("name", "record", "expected"),
    [
        ("users", {"accountEnabled": "True"}, ["[0].accountEnabled"]),
        ("users", {"assignedLicenses": "System.Object[]"}, ["[0].assignedLicenses"]),
        ("users", {"id": None}, ["[0].id"]),
        ("users", {"userType": "guest", "somethingElse": 1}, []),
        ("conditionalAccessPolicies", {"state": "on"}, ["[0].state"]),
        ("conditionalAccessPolicies", {"conditions": {"locations": None}}, []),
        ("authenticationStrengthPolicies", {"allowedCombinations": ["password, sms"]}, []),
        (
            "authenticationStrengthPolicies",
            {"allowedCombinations": ["password,pigeon"]},
            ["[0].allowedCombinations[0]"],
        ),
        ("partnerSecurityRequirements", {"complianceStatus": "NONCOMPLIANT"}, []),
    ],
)
def test_damage_is_found(name: str, record: dict[str, Any], expected: list[str]) -> None:
    """A value of the wrong type or outside its enumeration is refused, any other is accepted."""
    assert [fault.partition(": ")[0] for fault in faults(name, [record])] == expected


@pytest.mark.parametrize("name", COLLECTIONS)
def test_schema_is_draft_2020_12(name: str) -> None:
    """Every schema file is itself valid draft 2020-12."""
    Draft202012Validator.check_schema(schema(name))

    assert schema(name)["$schema"] == Draft202012Validator.META_SCHEMA["$id"]


@pytest.mark.parametrize("name", COLLECTIONS)
def test_schema_keeps_to_the_subset(name: str) -> None:
    """A schema uses only the words and marks that the engine understands."""
    strange = [
        f"{path}: {word}"
        for path, node in nodes(schema(name))
        for word in set(node) - WORDS - (TOP if path == "" else MARKS)
    ]

    assert strange == []


@pytest.mark.parametrize("name", COLLECTIONS)
def test_schema_head_is_complete(name: str) -> None:
    """A schema bears its own name and says how the collection is exported and where that stands."""
    document = schema(name)

    assert TOP_REQUIRED - {key for key, value in document.items() if value} == set()
    assert document["title"] == name


@pytest.mark.parametrize("name", COLLECTIONS)
def test_properties_are_described(name: str) -> None:
    """Every property has a type and one line of description."""
    bare = [
        f"{path}/{prop}"
        for path, node in nodes(schema(name))
        for prop, child in node.get("properties", {}).items()
        if "\n" in child.get("description", "\n") or not {"type", "$ref"} & set(child)
    ]

    assert bare == []


def contradictions(node: dict[str, Any], defs: dict[str, Any]) -> Iterator[str]:
    """Yield what in one node contradicts itself."""
    enum = node.get("enum")
    if enum is not None and (None in enum) != is_nullable(node):
        yield "null stands in the enumeration exactly where the type allows it"
    if set(node.get("x-unknown", [])) - set(enum or []):
        yield "values that mean unknown stand in the enumeration"
    if node.get("x-key") and is_nullable(node):
        yield "a key is never null"
    if ("x-absent" in node) != ("x-absent-source" in node):
        yield "a reading of absence has its source"
    if "array" in node.get("type", []) and "items" not in node:
        yield "a list says what it holds"
    if "$ref" in node and node["$ref"].removeprefix("#/$defs/") not in defs:
        yield "a reference leads to a definition"


@pytest.mark.parametrize("name", COLLECTIONS)
def test_marks_are_consistent(name: str) -> None:
    """Types, enumerations, keys and marks of a node agree with each other."""
    document = schema(name)
    found = [
        f"{path}: {fault}"
        for path, node in nodes(document)
        for fault in contradictions(node, document.get("$defs", {}))
    ]

    assert found == []
