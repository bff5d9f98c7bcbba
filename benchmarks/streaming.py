"""A log of sign-ins as NDJSON: our check of it against orjson and jmespath row by row."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from measuring import Measured, Peer, by_turns, compare
from peers import ours
from peers.jmespath_peer import SINGLE_FACTOR
from peers.reading import READER, files_of, reader
from policies_judged import (
    GOAL_STREAM_FACTOR,
    GOAL_STREAM_MB,
    WINDOW_BEGINS,
    Answers,
    answers_of,
)

MODERN: Final = "['Browser', 'Mobile Apps and Desktop clients']"
SUCCEEDED: Final = f"""status.errorCode == `0`
    && max([createdDateTime, '{WINDOW_BEGINS}']) == createdDateTime"""
EXPRESSIONS: Final = {
    "LOG-001": SINGLE_FACTOR,
    "LEG-002": f"{SUCCEEDED} && !contains({MODERN}, clientAppUsed)",
    "SAM-001": f"{SUCCEEDED} && authenticationProtocol == 'ropc'",
}
USERS: Final = 1_000
ROWS: Final = {
    "ours": Peer("tenantproof check", "streaming:judge"),
    "rows": Peer(f"{READER} + jmespath, row by row", "streaming:row_by_row"),
}


def judge(folder: Path, out: Path) -> None:
    """Judge by three policies that look at every sign-in."""
    ours.check([str(folder), *ours.selection(list(EXPRESSIONS))], out)


def answers(out: Path) -> Answers:
    """Return what the report says."""
    return ours.answers(out)


def row_by_row(folder: Path, out: Path) -> Answers:
    """Decide every row by one compiled expression for each policy, with nothing else kept."""
    import jmespath

    loads, files = reader(), files_of(folder)
    disabled = {one["id"] for one in loads(files["users"].read_bytes())
                if one["accountEnabled"] is False}
    searches = {name: jmespath.compile(text).search for name, text in EXPRESSIONS.items()}
    found: dict[str, set[str]] = {name: set() for name in searches}
    with files["signIns"].open("rb") as file:
        for line in file:
            row = loads(line)
            for name, search in searches.items():
                if search(row) and (name != "LOG-001" or row["userId"] not in disabled):
                    found[name].add(_summary(row))
    told = answers_of({name: list(ids) for name, ids in found.items()})
    out.write_text(json.dumps(told))
    return told


def _summary(row: dict[str, Any]) -> str:
    return "|".join(row[name] for name in ("userId", "appId", "clientAppUsed")).casefold()


def streaming(folder: Path, out: Path, rows: int) -> dict[str, Any]:
    """Print rows a second and peak memory of both."""
    found = by_turns(ROWS, folder, out, 1)
    compare("row by row", found["rows"].answers, found["ours"].answers, EXPRESSIONS)
    size = (folder / "signIns.ndjson").stat().st_size / 1e6
    print(f"\n{rows:,} sign-ins as NDJSON, {size:.0f} MB, {USERS:,} users, {len(EXPRESSIONS)} "
          "policies; answers equal")
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
