"""A cold `tenantproof check` of a sample, against importing three libraries.

Prints the median wall time of each in milliseconds, the ratios, and the goals: once with the user's
cache as it is after a first run, once with an empty one each time. All are run by turns, so that a
busy machine slows all.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from measuring import ENGINE, BenchmarkError, environment
from policies_judged import GOAL_COLD, GOAL_COLD_WARM_CACHE

ROOT = ENGINE.parent
YARDSTICK = [sys.executable, "-c", "import click, yaml, jmespath"]
JUDGED = (0, 1, 5)
"""Exit codes of a `check` that came to a report."""


def wall(command: list[str], cache: str) -> float:
    """Run a command with its output thrown away; return the seconds it took.

    Raises BenchmarkError where it failed: a program that gives up at once is quick.
    """
    # An installed package has its bytecode; a checkout keeps it from the first run on.
    begun = time.perf_counter()
    told = subprocess.run(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False, text=True,
        env={**environment(), "XDG_CACHE_HOME": cache},
    )
    seconds = time.perf_counter() - begun
    if told.returncode not in JUDGED or "Traceback" in told.stderr:
        raise BenchmarkError(f"{' '.join(command)} ended with {told.returncode}:\n{told.stderr}")
    return seconds


def startup(snapshot: Path, runs: int) -> dict[str, Any]:
    """Print one table."""
    check = [sys.executable, "-m", "tenantproof", "check", str(snapshot)]
    with tempfile.TemporaryDirectory() as folder:
        warm = str(Path(folder, "warm"))
        wall(check, warm)
        times = [(wall(YARDSTICK, warm), wall(check, warm),
                  wall(check, str(Path(folder, str(number))))) for number in range(runs)]
    yardstick, cached, cold = (statistics.median(column) for column in zip(*times, strict=True))
    print(f"\na cold check of {snapshot.name}, median of {runs} runs")
    print(f"  import click, yaml, jmespath   {yardstick * 1000:7.1f} ms")
    print(f"  check, cache kept              {cached * 1000:7.1f} ms, ratio "
          f"{cached / yardstick:.2f} (goal: at most {GOAL_COLD_WARM_CACHE})")
    print(f"  check, cache empty             {cold * 1000:7.1f} ms, ratio "
          f"{cold / yardstick:.2f} (goal: at most {GOAL_COLD})")
    return {"yardstickMs": yardstick * 1000, "cachedMs": cached * 1000, "coldMs": cold * 1000,
            "cachedRatio": cached / yardstick, "coldRatio": cold / yardstick}


def main() -> None:
    """Print the table of one sample."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sample", default="partner-at-risk")
    options.add_argument("--runs", type=int, default=25)
    asked = options.parse_args()
    print(f"python {sys.version.split()[0]}, {os.cpu_count()} cores")
    startup(ROOT / "snapshots" / asked.sample, asked.runs)


if __name__ == "__main__":
    main()
