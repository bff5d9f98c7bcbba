"""The table: us and the peers on one tenant, from the files to the answers."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from measuring import BenchmarkError, Measured, Peer, by_turns, compare, lacking, size_of, too_large
from peers.reading import LOADS, READER
from policies_judged import FOURTEEN, GOAL_FOURTEEN, GOAL_MEMORY, GOAL_WHOLE

YARDSTICK: Final = "orjson"
OURS: Final = {
    "whole": Peer("tenantproof, whole pack", "peers.ours:whole"),
    "fourteen": Peer("tenantproof, fourteen policies", "peers.ours:run"),
    "first": Peer("tenantproof, the first fourteen", "peers.ours:first"),
}
PEERS: Final = {
    YARDSTICK: Peer(f"{LOADS} alone", "peers.orjson_alone:run", appetite=6.5),
    "jmespath": Peer(f"{READER} + jmespath", "peers.jmespath_peer:run", ("jmespath",),
                     appetite=6.5),
    "duckdb": Peer("DuckDB", "peers.duckdb_peer:run", ("duckdb",)),
    "regorus": Peer("regorus", "peers.rego:run", ("regorus",), appetite=12.0),
    "opa": Peer("OPA (Go)", "peers.rego:run_opa", program="opa", appetite=20.0),
}
GOALS_HOLD_FROM: Final = 100_000
GOALS: Final = {
    "whole": {"goal": GOAL_WHOLE, "memoryGoal": GOAL_MEMORY},
    "fourteen": {"goal": GOAL_FOURTEEN}, "first": {"goal": GOAL_FOURTEEN},
}


def contest(folder: Path, out: Path, users: int, wanted: Iterable[str], runs: int) -> list[Any]:
    """Measure us and the peers on one tenant; print the table once all answers agree."""
    chosen, skipped = _present(wanted, folder)
    found = by_turns({**chosen, **OURS}, folder, out, runs)
    _agree({name: found[name] for name in chosen if name != YARDSTICK}, found)
    megabytes = size_of(folder) / 1e6
    print(f"\n{users:,} users, {megabytes:.0f} MB of JSON; best of {runs}; {len(FOURTEEN)} "
          "policies for all, verdicts and failing subjects equal")
    for name, why in skipped.items():
        print(f"  {PEERS[name].label}: skipped, {why}")
    if YARDSTICK not in found:
        print("  without the yardstick there are no ratios, and nothing is shown")
        return []
    goals = GOALS if users >= GOALS_HOLD_FROM else {}
    rows = [{**_row(name, found[name], found[YARDSTICK]), **goals.get(name, {})} for name in [
        YARDSTICK, *OURS, *(name for name in chosen if name != YARDSTICK)]]
    _show(rows)
    return [{"users": users, "megabytes": megabytes, "runs": runs, **row} for row in rows]


def _present(wanted: Iterable[str], folder: Path) -> tuple[dict[str, Peer], dict[str, str]]:
    chosen: dict[str, Peer] = {}
    skipped: dict[str, str] = {}
    for name in dict.fromkeys([YARDSTICK, *wanted]):
        why = lacking(PEERS[name]) or too_large(PEERS[name], folder)
        if why:
            skipped[name] = why
        else:
            chosen[name] = PEERS[name]
    return chosen, skipped


def _agree(peers: dict[str, Measured], found: dict[str, Measured]) -> None:
    ours = found["fourteen"].answers
    compare("the whole pack", found["whole"].answers, ours, FOURTEEN)
    for name, measured in peers.items():
        compare(PEERS[name].label, measured.answers, ours, FOURTEEN)
    if not any(one["failing"] for one in ours.values()):
        raise BenchmarkError("nothing fails in this tenant, so equal answers would prove nothing")


def _row(name: str, measured: Measured, yardstick: Measured) -> dict[str, Any]:
    return {
        "name": name, "label": {**PEERS, **OURS}[name].label,
        "seconds": measured.seconds, "ratio": measured.seconds / yardstick.seconds,
        "allSeconds": measured.all_seconds, "cpu": measured.cpu, "peakMB": measured.megabytes,
        "memoryRatio": measured.megabytes / yardstick.megabytes,
    }


def _show(rows: list[dict[str, Any]]) -> None:
    print(f"  {'':<33}{'wall s':>8}{'ratio':>8}{'goal':>7}{'CPU s':>8}{'peak MB':>9}"
          f"{'ratio':>7}{'goal':>7}")
    for row in rows:
        print(f"  {row['label']:<33}{row['seconds']:>8.2f}{row['ratio']:>8.2f}"
              f"{_goal(row.get('goal'))}{row['cpu']:>8.2f}{row['peakMB']:>9.0f}"
              f"{row['memoryRatio']:>7.2f}{_goal(row.get('memoryGoal'))}")


def _goal(value: float | None) -> str:
    return f"{value:>7.2f}" if value is not None else " " * 7
