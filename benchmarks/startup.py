"""A cold `tenantproof check` of a sample, against importing three libraries.

Prints the median wall time of each in milliseconds, the ratio, and the goal. The two are run by
turns, so that a busy machine slows both.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
YARDSTICK = [sys.executable, "-c", "import click, yaml, jmespath"]
GOAL = 2.5


def wall(command: list[str]) -> float:
    """Run a command with its output thrown away; return the seconds it took."""
    # An installed package has its bytecode; a checkout keeps it from the first run on.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    begun = time.perf_counter()
    subprocess.run(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, env=environment
    )
    return time.perf_counter() - begun


def main() -> None:
    """Print one table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sample", default="partner-at-risk")
    options.add_argument("--runs", type=int, default=25)
    asked = options.parse_args()
    check = [sys.executable, "-m", "tenantproof", "check", str(ROOT / "snapshots" / asked.sample)]
    wall(check)
    times = [(wall(YARDSTICK), wall(check)) for _ in range(asked.runs)]
    yardstick, ours = (statistics.median(column) for column in zip(*times, strict=True))
    print(f"python {sys.version.split()[0]}, {os.cpu_count()} cores, median of {asked.runs} runs")
    print(f"  import click, yaml, jmespath   {yardstick * 1000:7.1f} ms")
    print(f"  check {asked.sample:<24} {ours * 1000:7.1f} ms")
    print(f"  ratio {ours / yardstick:.2f} (goal: at most {GOAL})")


if __name__ == "__main__":
    main()
