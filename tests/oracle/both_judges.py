"""The engine and the oracle on the same random policies and snapshots, in batches."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from generate import SHARED, given, policy, snapshot
from oracle import Answer, Oracle

from tenantproof import schema
from tenantproof.building import build_policy, read_parameter
from tenantproof.context import Context
from tenantproof.document import load_yaml
from tenantproof.finding import Finding
from tenantproof.judge import judge
from tenantproof.parameters import in_force
from tenantproof.policy import Policy
from tenantproof.problem import PolicyError, SnapshotError
from tenantproof.shape import bundled_shapes
from tenantproof.snapshot import Snapshot, load_value
from tenantproof.verdict import Verdict

Raw = dict[str, Any]
SHAPES = bundled_shapes()
PARAMETERS = {name: read_parameter(name, written) for name, written in SHARED.items()}
DEFAULTS = {name: one["default"] for name, one in SHARED.items() if "default" in one}
POLICIES, SNAPSHOTS = 10, 5


@dataclass
class Run:
    """What a run of pairs came to: verdicts, and how many policies the static checks took."""

    verdicts: Counter[str] = field(default_factory=Counter)
    offered: int = 0
    accepted: int = 0

    def share(self, verdict: str) -> float:
        """Return how often a verdict was given, from 0 to 1."""
        return self.verdicts[verdict] / max(1, self.verdicts.total())


@dataclass(frozen=True)
class Pair:
    """One policy, among those that it may name, and one tenant with what it declared."""

    name: str
    policies: Mapping[str, Raw]
    tenant: Raw
    values: Raw


def build(written: Raw) -> Policy:
    """Return the engine's policy; PolicyError where its checks refuse the document."""
    document = load_yaml(json.dumps(written).encode(), "policy.yaml")
    problems = schema.check(document, "policy")
    if problems:
        raise PolicyError(problems)
    return build_policy(document, SHAPES, PARAMETERS)


def a_pack(rng: Random, run: Run) -> tuple[dict[str, Raw], dict[str, Policy]]:
    """Return policies that the static checks accept, raw and built."""
    raw: dict[str, Raw] = {}
    built: dict[str, Policy] = {}
    while len(raw) < POLICIES:
        written = policy(rng, f"T-{len(raw):03}", list(raw))
        run.offered += 1
        try:
            built[written["id"]] = build(written)
        except PolicyError:
            continue
        raw[written["id"]] = written
    run.accepted += len(raw)
    return raw, built


def differing(seed: int, count: int, run: Run) -> Iterator[tuple[str, Pair]]:
    """Judge `count` pairs with both judges, and yield those on which they differ."""
    rng = Random(seed)
    for _ in range(count // (POLICIES * SNAPSHOTS)):
        raw, built = a_pack(rng, run)
        for _ in range(SNAPSHOTS):
            yield from _of_tenant(raw, built, snapshot(rng), given(rng), run)


def _of_tenant(
    raw: dict[str, Raw], built: dict[str, Policy], tenant: Raw, values: Raw, run: Run
) -> Iterator[tuple[str, Pair]]:
    loaded = load_value(tenant, "tenant", SHAPES)
    oracle = Oracle(tenant, raw, {**DEFAULTS, **values})
    for name in built:
        found = _judged(name, built, loaded, values)
        run.verdicts[found.verdict.value] += 1
        told = difference(oracle.judge(raw[name]), found)
        if told:
            yield told, Pair(name, raw, tenant, values)


def _judged(name: str, built: Mapping[str, Policy], loaded: Snapshot, values: Raw) -> Finding:
    declared = {**PARAMETERS, **built[name].parameters}
    settings = in_force(declared, ("declarations", values))
    return judge(built[name], Context(loaded, settings, loaded.exported_at), built)


def difference(answer: Answer, finding: Finding) -> str:
    """Return what the oracle and the engine see differently; nothing where they agree."""
    if answer.verdict != finding.verdict.value:
        return f"verdict: oracle {answer.verdict}, engine {finding.verdict.value}"
    if finding.verdict is not Verdict.FAIL:
        return ""
    outcome = finding.outcome
    failing = {(s.id, s.pointer) for s in outcome.subjects if s.verdict is Verdict.FAIL}
    if {pointer for _, pointer in failing} != {pointer for _, pointer in answer.subjects}:
        return f"subjects: oracle {sorted(answer.subjects)}, engine {sorted(failing)}"
    if not {(key, pointer) for key, pointer in answer.subjects if key} <= failing:
        return f"ids: oracle {sorted(answer.subjects)}, engine {sorted(failing)}"
    closest = outcome.closest.pointer if outcome.closest else ""
    if closest not in (answer.closest or {""}):
        return f"closest: oracle {sorted(answer.closest)}, engine {closest}"
    if not answer.missing <= set(outcome.missing) <= answer.missing | answer.perhaps:
        return f"missing: oracle {sorted(answer.missing)}, engine {sorted(outcome.missing)}"
    return ""


# --- the smallest pair that still shows a difference ------------------------------------------


def compared(pair: Pair) -> str:
    """Return the difference on one pair; nothing where it is refused."""
    try:
        built = {name: build(written) for name, written in pair.policies.items()}
        loaded = load_value(pair.tenant, "tenant", SHAPES)
    except (PolicyError, SnapshotError):
        return ""
    oracle = Oracle(pair.tenant, pair.policies, {**DEFAULTS, **pair.values})
    found = _judged(pair.name, built, loaded, pair.values)
    return difference(oracle.judge(pair.policies[pair.name]), found)


def shrunk(pair: Pair) -> Pair:
    """Take away what is not needed for the difference, one property or element at a time."""
    if "T-" not in json.dumps(pair.policies[pair.name]["check"]):
        pair = Pair(pair.name, {pair.name: pair.policies[pair.name]}, pair.tenant, pair.values)
    while True:
        smaller = next((less for less in _smaller(pair) if compared(less)), None)
        if smaller is None:
            return pair
        pair = smaller


def _smaller(pair: Pair) -> Iterator[Pair]:
    written = pair.policies[pair.name]
    for tenant in _without_one(pair.tenant):
        yield Pair(pair.name, pair.policies, tenant, pair.values)
    for key in ("let", "parameters", "applies_to", "check"):
        for less in _without_one(written.get(key, {})):
            policies = {**pair.policies, pair.name: {**written, key: less}}
            yield Pair(pair.name, policies, pair.tenant, pair.values)
    if "applies_to" in written:
        whole = {key: value for key, value in written.items() if key != "applies_to"}
        yield Pair(pair.name, {**pair.policies, pair.name: whole}, pair.tenant, pair.values)


def _without_one(value: Any) -> Iterator[Any]:
    keys = list(value) if isinstance(value, dict) else range(len(value))
    for key in keys:
        less = copy.copy(value)
        del less[key]
        yield less
    for key in keys:
        if isinstance(value[key], dict | list):
            for less in _without_one(value[key]):
                whole = copy.copy(value)
                whole[key] = less
                yield whole


def told(difference_: str, pair: Pair) -> str:
    """Return a difference with its smallest pair, to be read by a person."""
    small = shrunk(pair)
    written = small.policies[small.name]
    parts = {key: written[key] for key in ("applies_to", "parameters", "let", "check")
             if key in written}
    return "\n".join([
        f"{difference_}; in small: {compared(small)}", json.dumps(parts),
        json.dumps({**small.tenant, "declared": small.values}),
    ])
