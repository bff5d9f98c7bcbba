"""A log of sign-ins as NDJSON: our check of it against orjson and jmespath row by row."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from measuring import Measured, Peer, by_turns, compare
from peers import ours
from peers.jmespath_peer import SINGLE_FACTOR
from peers.reading import files_of, reader
from policies_judged import GOAL_STREAM_FACTOR, GOAL_STREAM_MB, Answers, answers_of

POLICY: Final = "LOG-001"
USERS: Final = 1_000
ROWS: Final = {
    "ours": Peer(f"tenantproof check --select {POLICY}", "streaming:judge"),
    "rows": Peer("orjson + jmespath, row by row", "streaming:row_by_row"),
}


def judge(folder: Path, out: Path) -> None:
    """Judge by the one policy that looks at every sign-in."""
    ours.check([str(folder), "--select", POLICY], out)


def answers(out: Path) -> Answers:
    """Return what the report says."""
    return ours.answers(out)


def row_by_row(folder: Path, out: Path) -> Answers:
    """Decide every row by one compiled expression, with nothing else kept."""
    import jmespath

    loads, files = reader(), files_of(folder)
    disabled = {one["id"] for one in loads(files["users"].read_bytes())
                if one["accountEnabled"] is False}
    search = jmespath.compile(f"({SINGLE_FACTOR}) && [userId, appId, clientAppUsed]").search
    found = set()
    with files["signIns"].open("rb") as file:
        for line in file:
            row = search(loads(line))
            if row and row[0] not in disabled:
                found.add("|".join(row).casefold())
    told = answers_of({POLICY: list(found)})
    out.write_text(json.dumps(told))
    return told


def streaming(folder: Path, out: Path, rows: int) -> dict[str, Any]:
    """Print rows a second and peak memory of both."""
    found = by_turns(ROWS, folder, out, 1)
    compare("row by row", found["rows"].answers, found["ours"].answers, [POLICY])
    size = (folder / "signIns.ndjson").stat().st_size / 1e6
    print(f"\n{rows:,} sign-ins as NDJSON, {size:.0f} MB, {USERS:,} users; answers equal")
    for name, peer in ROWS.items():
        one = found[name]
        print(f"  {peer.label:<36}{rows / one.seconds:>10,.0f} rows/s {one.megabytes:>7.0f} MB")
    factor = found["rows"].seconds / found["ours"].seconds
    print(f"  ours is {factor:.1f} times as fast (goal: at least {GOAL_STREAM_FACTOR}), in "
          f"{found['ours'].megabytes:.0f} MB (goal: at most {GOAL_STREAM_MB})")
    return {"rows": rows, "megabytes": size, "factor": factor,
            **{name: _told(one, rows) for name, one in found.items()}}


def _told(one: Measured, rows: int) -> dict[str, float]:
    return {"seconds": one.seconds, "rowsPerSecond": rows / one.seconds, "peakMB": one.megabytes}
