"""The false-pass drill: damage what a passing tenant shows, and look whether the pass may stand.

A pass may remain only where no content of the damaged part would change it. What contents are
possible is taken from the policy's own cases: every collection and every value that stands in any
of them is tried in the place of the damaged part.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tenantproof.attestation import Attestations
from tenantproof.authoring.trial import CaseError, attestations_of, put, remove, tenant_of
from tenantproof.context import Context
from tenantproof.facts.table import FACTS
from tenantproof.finding import Finding
from tenantproof.judge import judge
from tenantproof.pack import Pack
from tenantproof.parameters import in_force
from tenantproof.policy import Policy, references
from tenantproof.problem import SnapshotError
from tenantproof.shape import CollectionShape, Shape, Shapes
from tenantproof.snapshot import load_value

Tenant = dict[str, Any]
Entry = dict[str, Any]


@dataclass(frozen=True)
class Damaged:
    """One damage to one place of a passing tenant."""

    damage: str
    place: str
    tenant: Tenant
    others: tuple[Tenant, ...]


def tenants(pack: Pack, policy: Policy) -> Iterator[tuple[dict[str, Any], Tenant]]:
    """The tenant of every case of a policy, with the case."""
    for case in policy.tests["cases"]:
        value = tenant_of(pack, policy.tests["tenant"])
        try:
            for pointer, new in case.get("set", {}).items():
                put(value, pointer, new)
            for pointer in case.get("unset", ()):
                remove(value, pointer)
        except CaseError:
            continue
        if "incomplete" not in case:
            yield case, value


def verdict(
    pack: Pack, policy: Policy, case: dict[str, Any], value: Tenant, shapes: Shapes
) -> Finding | None:
    """The finding on a tenant with a case's declarations; None where it cannot be read at all."""
    try:
        snapshot = load_value(value, "drill", shapes)
    except SnapshotError:
        return None
    declared = {**pack.parameters, **policy.parameters}
    given = {**policy.tests["tenant"].get("declarations", {}), **case.get("declarations", {}),
             **case.get("parameters", {})}
    settings = in_force(declared, ("declarations", given))
    attested = Attestations(attestations_of(pack, policy, case, snapshot.tenant.id))
    context = Context(snapshot, settings, snapshot.exported_at, attested)
    return judge(policy, context, pack.policies)


def sources(pack: Pack, policy: Policy, shapes: Shapes) -> list[str]:
    """The collections that a policy reads, also through facts and other policies."""
    waiting, found = list(_named(pack, policy, set())), set()
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        if name in FACTS:
            waiting.extend(FACTS[name].collections)
    return sorted(name for name in found if name not in FACTS)


def _named(pack: Pack, policy: Policy, seen: set[str]) -> Iterator[str]:
    seen.add(policy.id)
    yield from policy.collections()
    for target in references(policy.check):
        if target not in seen:
            yield from _named(pack, pack.policies[target], seen)


# --- damages to a whole collection ----------------------------------------------------------------


def _gone(entry: Entry) -> Entry | None:
    return None


def _null(entry: Entry) -> Entry | None:
    return {"data": None, "complete": True}


def _empty(entry: Entry) -> Entry | None:
    return {"data": [] if isinstance(entry["data"], list) else {}, "complete": False,
            "reason": "truncated"}


def _denied(entry: Entry) -> Entry | None:
    return {"data": {"error": {"code": "Authorization_RequestDenied"}}, "complete": True}


def _first_page(entry: Entry) -> Entry | None:
    data = entry["data"] if isinstance(entry["data"], list) else [entry["data"]]
    return {"data": {"@odata.nextLink": "https://x", "value": data[:1]}, "complete": True}


def _unrolled(entry: Entry) -> Entry | None:
    data = entry["data"]
    return {"data": data[0], "complete": True} if isinstance(data, list) and data else entry


def _as_text(entry: Entry) -> Entry | None:
    return {"data": "System.Object[]", "complete": True}


def _silent(entry: Entry) -> Entry | None:
    return {"data": entry["data"]}


WHOLE: dict[str, Callable[[Entry], Entry | None]] = {
    "missing": _gone,
    "null": _null,
    "emptied": _empty,
    "error body": _denied,
    "first page only": _first_page,
    "unrolled to one object": _unrolled,
    "depth-2 text": _as_text,
    "completeness not stated": _silent,
}


def damaged_collections(
    value: Tenant, names: list[str], everything: list[Tenant], shapes: Shapes
) -> Iterator[Damaged]:
    """Damage each collection in each way; the others are the contents it may have had."""
    for name in names:
        if name not in value["collections"] or "data" not in value["collections"][name]:
            continue
        contents = [t["collections"][name] for t in everything if "data" in
                    t["collections"].get(name, {})]
        for damage, change in WHOLE.items():
            mine = copy.deepcopy(value)
            entry = change(mine["collections"][name])
            if entry is None:
                del mine["collections"][name]
            else:
                mine["collections"][name] = entry
            if mine == value:
                continue
            others = tuple(_swapped(value, shapes[name], contents, damage))
            yield Damaged(damage, name, mine, others)


# How many of the records a damage leaves; the others it may hide.
STILL_THERE = {
    "first page only": 1,
    "unrolled to one object": 1,
    "completeness not stated": None,
}


def _swapped(
    value: Tenant, shape: CollectionShape, contents: list[Entry], damage: str
) -> Iterator[Tenant]:
    name = shape.name
    own = value["collections"][name]["data"]
    for entry in contents:
        data = copy.deepcopy(entry["data"])
        if damage in STILL_THERE:
            if not isinstance(own, list) or not isinstance(data, list):
                continue
            kept = own[: STILL_THERE[damage]]
            data = [*kept, *_beside(kept, data, shape)]
        yield {**value, "collections": {**value["collections"], name: {"data": data,
                                                                      "complete": True}}}


def _beside(kept: list[Any], data: list[Any], shape: CollectionShape) -> list[Any]:
    """The records that may stand beside those: none of them a second time, saying other things."""
    taken = {_key(record, shape) for record in kept} - {None} if shape.is_unique else set()
    return [r for r in data if r not in kept and _key(r, shape) not in taken]


def _key(record: Any, shape: CollectionShape) -> Any:
    return record.get(shape.key) if isinstance(record, dict) else None


# --- damages to one property ----------------------------------------------------------------------


def _text_of(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, list):
        return " ".join(v if isinstance(v, str) else "@{}" for v in value)
    return "@{x=}" if isinstance(value, dict) else value


def damaged_properties(
    value: Tenant, names: list[str], everything: list[Tenant], shapes: Shapes
) -> Iterator[Damaged]:
    """Damage each property of a collection's records in each way."""
    for name in names:
        entry = value["collections"].get(name, {})
        if "data" not in entry:
            continue
        for path in sorted(_paths(entry["data"], shapes[name].record)):
            seen = [v for t in everything for v in _at(t["collections"].get(name, {}).get("data"),
                                                       path)]
            values = _different([*seen, *_others(shapes[name].record, path)])
            others = tuple(_with(value, shapes[name], path, v) for v in values)
            for damage, change in PROPERTY.items():
                mine = copy.deepcopy(value)
                _change(mine["collections"][name]["data"], path, change)
                if mine != value:
                    place = f"{name}/{'/'.join(path)}"
                    yield Damaged(damage, place, mine, others)


def _different(values: list[Any]) -> list[Any]:
    kept: list[Any] = []
    for v in values:
        if not any(v == k and type(v) is type(k) for k in kept):
            kept.append(v)
    return kept


def _others(shape: Shape, path: tuple[str, ...]) -> list[Any]:
    for step in path:
        shape = shape.items or shape
        child = shape.properties.get(step)
        if child is None:
            return []
        shape = child
    if shape.kind == "boolean":
        return [True, False]
    if shape.values and not shape.separator:
        return [v for v in shape.values if v not in shape.unknown_values]
    return []


def _paths(data: Any, shape: Shape, depth: int = 0) -> set[tuple[str, ...]]:
    found: set[tuple[str, ...]] = set()
    for record in data if isinstance(data, list) else [data]:
        if not isinstance(record, dict):
            continue
        for key, child in record.items():
            known = shape.properties.get(key)
            if known is None:
                continue
            found.add((key,))
            inner = known.items if known.items is not None else known
            found |= {(key, *rest) for rest in _paths(child, inner, depth + 1)}
    return found


def _records(data: Any) -> list[Any]:
    return data if isinstance(data, list) else [data]


def _at(data: Any, path: tuple[str, ...]) -> Iterator[Any]:
    for record in _records(data):
        if isinstance(record, dict) and path[0] in record:
            if len(path) == 1:
                yield record[path[0]]
            else:
                yield from _at(record[path[0]], path[1:])


def _with(value: Tenant, shape: CollectionShape, path: tuple[str, ...], new: Any) -> Tenant:
    """The tenant in which a property has this value everywhere; a key, which only one may have."""
    mine = copy.deepcopy(value)
    data = mine["collections"][shape.name]["data"]
    if shape.is_unique and path == (shape.key,):
        data = [] if any(_key(record, shape) == new for record in data) else data[:1]

    def put_new(record: dict[str, Any], key: str) -> None:
        record[key] = copy.deepcopy(new)

    _change(data, path, put_new)
    return mine


Change = Callable[[dict[str, Any], str], None]


def _change(data: Any, path: tuple[str, ...], change: Change) -> None:
    for record in _records(data):
        if isinstance(record, dict) and path[0] in record:
            if len(path) == 1:
                change(record, path[0])
            else:
                _change(record[path[0]], path[1:], change)


# An account comes from elsewhere if any of these says so, and not if one of them says no: they are
# written together by the directory, and a single one cannot hide what the others show.
MARKS = ("userPrincipalName", "externalUserState", "creationType")


def _drop(record: dict[str, Any], key: str) -> None:
    for name in MARKS if key in MARKS else (key,):
        record.pop(name, None)


def _recase(record: dict[str, Any], key: str) -> None:
    for name in MARKS if key in MARKS else (key,):
        if name in record:
            record[name[0].upper() + name[1:]] = record.pop(name)


def _stringify(record: dict[str, Any], key: str) -> None:
    record[key] = _text_of(record[key])


def _unroll(record: dict[str, Any], key: str) -> None:
    if isinstance(record[key], list) and record[key]:
        record[key] = record[key][0]


PROPERTY: dict[str, Change] = {
    "property missing": _drop,
    "wrong case": _recase,
    "as text": _stringify,
    "list of one unrolled": _unroll,
}
