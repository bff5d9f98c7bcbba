"""Measuring in fresh processes, one after the other."""

from __future__ import annotations

import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final, NamedTuple

HERE: Final = Path(__file__).parent
ENGINE: Final = HERE.parent / "engine"
PACKAGES: Final = ("msgspec", "orjson", "jmespath", "duckdb", "celine-regorus")


class BenchmarkError(Exception):
    """A benchmark cannot be trusted: answers differ, or something ran on the wrong road."""


class Peer(NamedTuple):
    """Who is measured: its name in the table, where its code is, and what has to be there."""

    label: str
    function: str
    modules: tuple[str, ...] = ()
    program: str = ""
    appetite: float = 2.0
    """Peak memory for each byte of the tenant's files, roughly; no process is begun without it."""


class Measured(NamedTuple):
    """What one peer took: its fastest run, the wall time of each, and its answers."""

    seconds: float
    cpu: float
    megabytes: float
    answers: dict[str, Any]
    all_seconds: tuple[float, ...]


def lacking(peer: Peer) -> str:
    """Return what a peer lacks to be measured here, or an empty text."""
    absent = [name for name in peer.modules if importlib.util.find_spec(name) is None]
    if absent:
        return f"{', '.join(absent)} is not installed (`pip install -e '.[bench]'`)"
    if peer.program and shutil.which(peer.program) is None:
        return f"no program `{peer.program}` is on the PATH"
    return ""


def too_large(peer: Peer, folder: Path) -> str:
    """Return why a tenant is too large for a peer on this machine, or an empty text."""
    wanted = peer.appetite * size_of(folder)
    there = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if wanted <= 0.9 * there:
        return ""
    return f"needs about {wanted / 1e9:.0f} GB of memory, and the machine has {there / 1e9:.0f}"


def size_of(folder: Path) -> int:
    """Return the bytes of a snapshot's files."""
    return sum(path.stat().st_size for path in folder.iterdir() if path.is_file())


def environment() -> dict[str, str]:
    """Return the environment of a measured process: this checkout's engine comes first."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    paths = [str(ENGINE), *filter(None, [kept.get("PYTHONPATH")])]
    return {**kept, "PYTHONPATH": os.pathsep.join(paths)}


def once(function: str, folder: Path, out: Path) -> dict[str, Any]:
    """Run one function in a fresh process and return what the worker told."""
    told = subprocess.run(
        [sys.executable, str(HERE / "worker.py"), function, str(folder), str(out)],
        capture_output=True, check=False, env=environment(), text=True)
    if told.returncode:
        raise BenchmarkError(f"{function} ended with {told.returncode}:\n{told.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(told.stdout.splitlines()[-1])
    return found


def by_turns(peers: dict[str, Peer], folder: Path, out: Path, runs: int) -> dict[str, Measured]:
    """Measure all peers, each `runs` times and by turns, so that a busy machine slows them all.

    The first peer runs once more before that, uncounted: a machine that has to fetch gigabytes of
    memory for the first time takes twice as long.
    """
    once(next(iter(peers.values())).function, folder, out)
    told: dict[str, list[dict[str, Any]]] = {name: [] for name in peers}
    for _ in range(runs):
        for name, peer in peers.items():
            told[name].append(once(peer.function, folder, out))
    return {name: _measured(found) for name, found in told.items()}


def _measured(found: Sequence[dict[str, Any]]) -> Measured:
    answers = found[0]["answers"]
    if any(one["answers"] != answers for one in found):
        raise BenchmarkError("two runs over the same files gave different answers")
    best = min(found, key=lambda one: one["seconds"])
    return Measured(best["seconds"], best["cpu"], best["megabytes"], answers,
                    tuple(one["seconds"] for one in found))


def compare(name: str, theirs: dict[str, Any], ours: dict[str, Any],
            policies: Iterable[str]) -> None:
    """Raise where a peer's verdict or failing subjects are not ours."""
    for policy in policies:
        here, there = ours.get(policy), theirs.get(policy)
        if here is None or there is None or here != there:
            raise BenchmarkError(
                f"{name} does not agree on {policy}: {_short(there)}; ours: {_short(here)}")


def _short(answer: dict[str, Any] | None) -> str:
    if answer is None:
        return "no answer"
    failing = answer["failing"]
    return f"{answer['verdict']} with {len(failing)} subjects {failing[:3]}"


def machine() -> dict[str, Any]:
    """Return what has to be known of a machine to read its figures."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cores": len(os.sched_getaffinity(0)), "memoryGB": round(memory / 1e9),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "packages": {name: found for name in PACKAGES if (found := _version(name))},
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
