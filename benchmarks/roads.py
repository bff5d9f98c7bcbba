"""Which road every check takes: the generated loop, or subject by subject.

The counting is put around the engine's own function while it is asked for, so it costs nothing
otherwise. Where the right side of a condition is not known (a parameter that nobody declared), the
loop leaves only those subjects open that it matters to. jmespath's interpreter has to visit none.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from measuring import BenchmarkError, once
from policies_judged import Answers


def run(folder: Path, out: Path) -> Answers:
    """Judge by the whole pack and count; the answers are the counts."""
    counts: Counter[str] = Counter()
    _watch_sieve(counts)
    _watch_interpreter(counts)
    _watch_facts(counts)
    from peers import ours

    ours.whole(folder, out)
    (tenant,) = json.loads(out.read_bytes())["tenants"]
    counts["policies"] = len(tenant["findings"])
    counts["errors"] = sum(one["verdict"] == "error" for one in tenant["findings"])
    return dict(counts)


def _watch_sieve(counts: Counter[str]) -> None:
    from tenantproof import sieve
    from tenantproof.verdict import Unknown

    through, sieve.FEW = sieve.sieved, 0  # so that small collections are told of, too

    def watched(check: Any, values: Any, scope: Any) -> Any:
        made = counts["loops"]
        codes = through(check, values, scope)
        counts["checks"] += 1
        counts["subjects"] += len(values)
        counts["looped" if counts["loops"] > made or not values else "uncompiled"] += 1
        counts["open"] += codes.count(sieve.OPEN)
        counts["rightSideUnknown"] += any(
            isinstance(one.right_side(scope), Unknown)
            for clause in (*check.where, *check.that) for one in clause.conditions)
        return codes

    loop = sieve._loop

    def made_loop(check: Any) -> Any:
        counts["loops"] += 1
        return loop(check)

    sieve.sieved, sieve._loop = watched, made_loop


def _watch_interpreter(counts: Counter[str]) -> None:
    from jmespath.visitor import TreeInterpreter

    visit = TreeInterpreter.visit

    def watched(self: Any, node: Any, *rest: Any, **more: Any) -> Any:
        counts["interpreted"] += 1
        return visit(self, node, *rest, **more)

    TreeInterpreter.visit = watched


def _watch_facts(counts: Counter[str]) -> None:
    from tenantproof.context import Context

    collection = Context.collection

    def watched(self: Any, name: str) -> Any:
        built = len(self._facts)
        found = collection(self, name)
        counts["facts"] += len(self._facts) > built
        return found

    Context.collection = watched


def roads(folder: Path, out: Path) -> dict[str, Any]:
    """Print how many checks ran through the generated loop; raise where one did not and could."""
    counts = Counter(once("roads:run", folder, out)["answers"])
    print(f"\nroads: {counts['policies']} policies, {counts['facts']} facts; "
          f"{counts['looped']} of {counts['checks']} checks ran through the generated loop, "
          f"{counts['rightSideUnknown']} had an unknown right side; "
          f"{counts['open']} of {counts['subjects']} subjects needed a closer look; "
          f"jmespath's interpreter visited {counts['interpreted']} nodes")
    if counts["uncompiled"] or counts["interpreted"] or counts["errors"] or not counts["looped"]:
        raise BenchmarkError(f"a bundled policy or fact ran uncompiled: {dict(counts)}")
    return dict(counts)
