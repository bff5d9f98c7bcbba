"""Where our own time goes: the stages of one `check` of the whole pack, each without those inside.

The clocks are put around the engine's functions while they are asked for, so they cost nothing
otherwise.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from measuring import once
from policies_judged import Answers

IMPORTS: Final = "imports and the rest"
SHOWN: Final = 0.01


class Clock:
    """Seconds by stage; while a stage runs inside another, the outer one's clock stands still."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self._stack = [IMPORTS]
        self._since = time.perf_counter()

    def _turn(self) -> None:
        now = time.perf_counter()
        self.seconds[self._stack[-1]] += now - self._since
        self._since = now

    def around(self, name: Callable[..., str], function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that is timed; `name` tells the stage from the arguments."""

        def timed(*given: Any, **named: Any) -> Any:
            self._turn()
            self._stack.append(name(*given))
            try:
                return function(*given, **named)
            finally:
                self._turn()
                self._stack.pop()

        return timed

    def finish(self) -> dict[str, float]:
        """Return the seconds of every stage."""
        self._turn()
        return dict(self.seconds)


def run(folder: Path, out: Path) -> Answers:
    """Judge by the whole pack with clocks; the answers are seconds by stage."""
    clock = Clock()
    _wind(clock)
    from peers import ours

    ours.whole(folder, out)
    return clock.finish()


def _wind(clock: Clock) -> None:
    from tenantproof import quantifying, sieve
    from tenantproof.cli import checking, request
    from tenantproof.context import Context

    def stage(where: Any, attribute: str, name: str) -> None:
        setattr(where, attribute, clock.around(lambda *_: name, getattr(where, attribute)))

    stage(request, "load_packs", "load the pack")
    stage(checking, "read_snapshot", "read and decode the files")
    stage(request, "audit", "judge the rest, evidence included")
    stage(checking, "deliver", "write the report")
    stage(sieve, "sieved", "generated loops")
    stage(quantifying, "telling_rows", "closer looks")
    Context.collection = clock.around(_collection, Context.collection)


def _collection(context: Any, name: str) -> str:
    from tenantproof.facts.table import FACTS

    return f"fact {name}" if name in FACTS else "judge the rest, evidence included"


def stages(folder: Path, out: Path, users: int) -> dict[str, Any]:
    """Print each stage's share of the time, the longest first."""
    found: dict[str, float] = once("stages:run", folder, out)["answers"]
    whole = sum(found.values())
    print(f"\nwhere our time goes, {users:,} users, whole pack: {whole:.2f} s")
    ordered = sorted(found.items(), key=lambda pair: -pair[1])
    told = [(name, seconds) for name, seconds in ordered if seconds >= SHOWN * whole]
    rest = whole - sum(seconds for _, seconds in told)
    for name, seconds in [*told, ("all others", rest)]:
        print(f"  {name:<36}{seconds:>8.2f} s{seconds / whole:>7.0%}")
    return found
