"""Both judges on the same random policies and snapshots."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
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
from tenantproof.problem import PolicyError
from tenantproof.shape import bundled_shapes
from tenantproof.snapshot import load_value
from tenantproof.verdict import Verdict

SHAPES = bundled_shapes()
PARAMETERS = {name: read_parameter(name, written) for name, written in SHARED.items()}
POLICIES, SNAPSHOTS = 10, 10


@dataclass
class Run:
    """What a run of pairs came to."""

    verdicts: Counter[str] = field(default_factory=Counter)
    offered: int = 0
    accepted: int = 0
    rules: Counter[str] = field(default_factory=Counter)


def build(written: dict[str, Any]) -> Policy:
    """Return the engine's policy; PolicyError where its static checks refuse it."""
    document = load_yaml(json.dumps(written).encode(), "policy.yaml")
    problems = schema.check(document, "policy")
    assert problems == []
    return build_policy(document, SHAPES, PARAMETERS)


def policies(rng: Random, run: Run) -> tuple[dict[str, dict[str, Any]], dict[str, Policy]]:
    """Return a pack of policies that the static checks accept, raw and built."""
    raw: dict[str, dict[str, Any]] = {}
    built: dict[str, Policy] = {}
    while len(raw) < POLICIES:
        written = policy(rng, f"T-{len(raw):03}", list(raw))
        run.offered += 1
        try:
            built[written["id"]] = build(written)
        except PolicyError as refused:
            run.rules.update(p.rule + ": " + p.message for p in refused.problems)
            continue
        raw[written["id"]] = written
    run.accepted += len(raw)
    return raw, built


def difference(answer: Answer, finding: Finding) -> str:
    """Return what the two judges see differently; nothing where they agree."""
    outcome = finding.outcome
    if answer.verdict != finding.verdict.value:
        return f"verdict: oracle {answer.verdict}, engine {finding.verdict.value}"
    if finding.verdict is not Verdict.FAIL:
        return ""
    failing = {(s.id, s.pointer) for s in outcome.subjects if s.verdict is Verdict.FAIL}
    pointers = {pointer for _, pointer in failing}
    if pointers != {p for _, p in answer.subjects}:
        return f"subjects: oracle {sorted(answer.subjects)}, engine {sorted(failing)}"
    if not {(key, pointer) for key, pointer in answer.subjects if key} <= failing:
        return f"ids: oracle {sorted(answer.subjects)}, engine {sorted(failing)}"
    closest = outcome.closest.pointer if outcome.closest else ""
    if closest not in (answer.closest or {""}):
        return f"closest: oracle {sorted(answer.closest)}, engine {closest}"
    if len(answer.closest) < 2 and answer.missing != set(outcome.missing):
        return f"missing: oracle {sorted(answer.missing)}, engine {outcome.missing}"
    return ""


def pairs(seed: int, count: int, run: Run) -> Iterator[tuple[str, Any]]:
    """Yield a difference, or nothing, for each pair, with what is needed to see it again."""
    rng = Random(seed)
    done = 0
    while done < count:
        raw, built = policies(rng, run)
        for _ in range(SNAPSHOTS):
            tenant, values = snapshot(rng), given(rng)
            loaded = load_value(tenant, "t", SHAPES)
            defaults = {n: p["default"] for n, p in SHARED.items() if "default" in p}
            oracle = Oracle(tenant, raw, {**defaults, **values})
            for name, one in built.items():
                declared = {**PARAMETERS, **one.parameters}
                settings = in_force(declared, ("declarations", values))
                found = judge(one, Context(loaded, settings, loaded.exported_at), built)
                answer = oracle.judge(raw[name])
                run.verdicts[found.verdict.value] += 1
                done += 1
                yield difference(answer, found), (raw[name], tenant, values, answer, found)
