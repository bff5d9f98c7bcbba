"""Us against the peers: one command, one table of ratios to `orjson.loads` alone.

Tenants are made from a seed, every measurement is a fresh process, and nothing is printed of a
tenant before all verdicts and all failing subjects are equal. Ends with 1 where they are not, or
where a bundled policy ran uncompiled. Missing a goal fails nothing.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from contest import PEERS, YARDSTICK, contest
from evaluation import evaluation
from many import many, write_tenants
from measuring import ENGINE, BenchmarkError, machine
from roads import roads
from stages import stages
from startup import startup
from streaming import USERS as STREAM_USERS
from streaming import streaming
from tenants import write_tenant

SIZES: Final = (100, 10_000, 100_000)
EVALUATED: Final = 10_000
SAMPLE: Final = ENGINE.parent / "snapshots" / "partner-at-risk"


class Bench:
    """One run: what was asked for, where tenants are written, and what was found."""

    def __init__(self, asked: argparse.Namespace, work: Path) -> None:
        self.asked = asked
        self.work = work
        self.out = work / "report.json"

    def tenant(self, name: str, write: Callable[[Path], None]) -> Path:
        """Return a tenant's folder; one that is there whole from an earlier run is kept."""
        folder = self.work / f"{name}-seed-{self.asked.seed}"
        if not folder.exists():
            unfinished = folder.with_name(f"{folder.name}.unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir(parents=True)
            write(unfinished)
            unfinished.rename(folder)
        return folder

    def of_users(self, users: int) -> Path:
        """Return the tenant of so many users."""
        return self.tenant(f"users-{users}", lambda at: write_tenant(
            at, users, seed=self.asked.seed))

    # --- the sections -----------------------------------------------------------------------

    def roads(self) -> Any:
        """Tell which road the checks of the smallest tenant take."""
        return roads(self.of_users(min(self.asked.users)), self.out)

    def table(self) -> Any:
        """Measure us and the peers on a tenant of each size."""
        rows = []
        for users in self.asked.users:
            rows += contest(
                self.of_users(users), self.out, users, self.asked.peers, self.asked.runs)
        return rows

    def stages(self) -> Any:
        """Tell where our time goes, on the largest tenant."""
        users = max(self.asked.users)
        return stages(self.of_users(users), self.out, users)

    def evaluation(self) -> Any:
        """Measure evaluation alone, on the largest tenant that the interpreter can stand."""
        users = max([one for one in self.asked.users if one <= EVALUATED], default=EVALUATED)
        return evaluation(self.of_users(users), self.out, users)

    def startup(self) -> Any:
        """Measure a cold start."""
        return startup(SAMPLE, self.asked.starts)

    def stream(self) -> Any:
        """Measure a log of sign-ins as NDJSON."""
        rows = self.asked.rows
        folder = self.tenant(f"rows-{rows}", lambda at: write_tenant(
            at, STREAM_USERS, lines=True, seed=self.asked.seed, rows=rows))
        return streaming(folder, self.out, rows)

    def many(self) -> Any:
        """Measure many small tenants."""
        count = self.asked.tenants
        folder = self.tenant(f"tenants-{count}", lambda at: write_tenants(
            at, count, self.asked.seed))
        return many(folder, self.out, count)


SECTIONS: Final[dict[str, Callable[[Bench], Any]]] = {
    "roads": Bench.roads,
    "table": Bench.table,
    "stages": Bench.stages,
    "evaluation": Bench.evaluation,
    "startup": Bench.startup,
    "stream": Bench.stream,
    "many": Bench.many,
}


def _asked() -> argparse.Namespace:
    options = argparse.ArgumentParser(description=__doc__)
    others = [name for name in PEERS if name != YARDSTICK]
    options.add_argument("--users", type=int, nargs="+", default=list(SIZES))
    options.add_argument("--peers", nargs="*", choices=others, default=others)
    options.add_argument("--sections", nargs="+", choices=list(SECTIONS), default=list(SECTIONS))
    options.add_argument("--runs", type=int, default=3, help="runs of each; the fastest counts")
    options.add_argument("--rows", type=int, default=300_000, help="sign-ins of the NDJSON log")
    options.add_argument("--tenants", type=int, default=200, help="tenants of 300 users")
    options.add_argument("--starts", type=int, default=15, help="cold starts")
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--work", type=Path, help="keep the tenants in this folder")
    options.add_argument("--json", type=Path, help="write the figures to this file")
    return options.parse_args()


def main() -> int:
    """Run the sections that were asked for, and return the exit code."""
    asked = _asked()
    about = machine()
    packages = ", ".join(f"{name} {found}" for name, found in about["packages"].items())
    print(f"{about['cores']} cores, {about['memoryGB']} GB, {about['system']}, "
          f"Python {about['python']}, {packages}")
    found: dict[str, Any] = {"machine": about}
    with ExitStack() as stack:
        work = asked.work or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        work.mkdir(parents=True, exist_ok=True)
        bench = Bench(asked, work)
        try:
            for name in asked.sections:
                found[name] = SECTIONS[name](bench)
                sys.stdout.flush()
        except BenchmarkError as error:
            print(f"\nfailed: {error}", file=sys.stderr)
            return 1
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
