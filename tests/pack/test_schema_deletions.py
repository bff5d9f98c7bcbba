"""A schema and the policies that read it cannot drift apart: what is gone is missed by name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tenantproof import bundled
from tenantproof.building import build_policy
from tenantproof.policy import Policy
from tenantproof.problem import PolicyError
from tenantproof.shape import CollectionShape, Shapes, bundled_shapes, read_collection

FOLDER = bundled.schemas() / "collections"
RULES = {"unknown-property", "unknown-collection"}
Path = tuple[str, ...]


class Changed(Shapes):
    """The bundled schemas, but one: that one has another document, or is not there at all."""

    def __init__(self, name: str, document: Any = None) -> None:
        super().__init__(FOLDER)
        self.name = name
        self.changed = read_collection(name, document) if document else None

    def __getitem__(self, name: str) -> CollectionShape:
        if name != self.name:
            return bundled_shapes()[name]
        if self.changed is None:
            raise KeyError(name)
        return self.changed

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) and (name != self.name or self.changed is not None)

    def __iter__(self) -> Iterator[str]:
        return (name for name in super().__iter__() if name in self)


def names() -> list[str]:
    """The names of all collections and facts."""
    return list(bundled_shapes())


def written_out(node: Any, definitions: Any) -> Any:
    """A schema with what it refers to in the place of the references."""
    if isinstance(node, list):
        return [written_out(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        node = {**definitions[node["$ref"].rpartition("/")[2]], **node}
    return {k: written_out(v, definitions) for k, v in node.items() if k not in ("$ref", "$defs")}


def properties(node: Any, path: str = "") -> Iterator[tuple[str, Any, str]]:
    """Each property of a schema as policies name it, with the mapping and the key that hold it."""
    for name, child in node.get("properties", {}).items():
        place = f"{path}.{name}" if path else name
        yield place, node["properties"], name
        yield from properties(child, place)
    if "items" in node:
        yield from properties(node["items"], f"{path}[]" if path else "")


def complaining(pack, shapes: Shapes, candidates: set[str]) -> set[str]:
    """The policies that miss something in the changed schemas."""
    found = set()
    for name in candidates:
        try:
            build_policy(pack.documents[name], shapes, pack.parameters)
        except PolicyError as error:
            if RULES & {problem.rule for problem in error.problems}:
                found.add(name)
    return found


def read_by(policy: Policy) -> set[str]:
    """The collections that a policy judges, and the one that it quotes a second opinion from."""
    opinion = policy.second_opinion
    return {*policy.collections(), *([opinion.subjects.collection] if opinion else [])}


@pytest.mark.parametrize("collection", names())
def test_a_schema_that_is_gone_is_missed_by_exactly_its_readers(collection, pack):
    """Without the schema, the policies that read the collection or fact are wrong, no others."""
    readers = {name for name, p in pack.policies.items() if collection in read_by(p)}
    assert readers == complaining(pack, Changed(collection), set(pack.policies))


@pytest.mark.parametrize("collection", names())
def test_a_property_that_is_gone_is_missed_by_exactly_its_readers(collection, pack):
    """Under another name, a property is missed by the policies that read it, no others.

    It is renamed and not deleted: an object of which the schema knows no property may hold any.
    """
    schema = json.loads((FOLDER / f"{collection}.schema.json").read_text(encoding="utf-8"))
    document = written_out(schema, schema.get("$defs", {}))
    candidates = {name for name, p in pack.policies.items() if collection in p.collections()}
    wrong = {}
    for place, holder, name in list(properties(document)) if candidates else []:
        readers = {n for n in candidates if (collection, place) in pack.policies[n].reads}
        kept = dict(holder)
        holder[f"former_{name}"] = holder.pop(name)
        found = complaining(pack, Changed(collection, document), candidates)
        holder.clear()
        holder.update(kept)
        if found != readers:
            wrong[place] = (readers, found)
    assert {} == wrong
