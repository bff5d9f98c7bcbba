"""Judging many snapshots: by a pool of processes, always in order."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Final

from msgspec import Struct

from tenantproof.audit import TenantReport
from tenantproof.cli.reading import STANDARD
from tenantproof.cli.usage import usage_error
from tenantproof.problem import Problem, SnapshotError

AHEAD: Final = 4  # snapshots given out for each process, so that none waits for the slowest
MOST_JOBS: Final = 256


class Judged(Struct, frozen=True):
    """What became of one snapshot: its report, or None and the problems that forbid reading it.

    `age` is when it was exported, and its name.
    """

    name: str
    report: bytes | TenantReport | None
    problems: tuple[Problem, ...]
    traces: tuple[str, ...] = ()
    age: tuple[datetime, str] | None = None


Judge = Callable[[str], Judged]


def read_jobs(text: str) -> int:
    """Return a number of processes; `auto` is the number of cores that this process may use."""
    if text == "auto":
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (
            os.cpu_count() or 1)
    if text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MOST_JOBS:
        return int(text)
    raise usage_error(f"`--jobs {text}` is no number of processes",
                      f"write `--jobs auto`, or a number from 1 to {MOST_JOBS}")


def in_order(
    names: Sequence[str], jobs: int, judge: Judge, prepare: Callable[[], Judge],
    method: str | None = None,
) -> Iterator[Judged]:
    """Yield what became of each snapshot, in the order of the names whatever the processes do.

    `prepare` makes the judge of a process that did not inherit one. Standard input is read here.
    """
    if jobs == 1 or len(names) < 2:
        yield from map(judge, names)
        return
    yield from _pooled(names, jobs, judge, prepare, method)


_JUDGE: list[Judge] = []


def _begin(prepare: Callable[[], Judge]) -> None:
    """Make a process ready: Ctrl-C is the parent's business, a pack is loaded once."""
    import signal  # here: most runs start no process

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if not _JUDGE:
        _JUDGE.append(prepare())


def _work(name: str) -> Judged:
    return _JUDGE[0](name)


def _pooled(
    names: Sequence[str], jobs: int, judge: Judge, prepare: Callable[[], Judge],
    method: str | None,
) -> Iterator[Judged]:
    import multiprocessing
    from concurrent.futures import Future, ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    _JUDGE[:] = [judge]  # a forked process finds it here
    pool = ProcessPoolExecutor(min(jobs, len(names)), multiprocessing.get_context(method),
                               _begin, (prepare,))

    def start(name: str) -> Future[Judged] | Judged:
        return judge(name) if name == STANDARD else pool.submit(_work, name)

    waiting = iter(names)
    begun = deque(map(start, islice(waiting, jobs * AHEAD)))
    try:
        while begun:
            one = begun.popleft()
            yield one if isinstance(one, Judged) else one.result()
            begun.extend(map(start, islice(waiting, 1)))
    except BrokenProcessPool:
        raise SnapshotError([Problem(
            "process", "a process that judged snapshots was ended from outside",
            "there may have been too little memory: use fewer `--jobs`",
        )]) from None
    except KeyboardInterrupt:
        for child in multiprocessing.active_children():
            child.terminate()  # it may be in the middle of a large snapshot
        raise
    finally:
        pool.shutdown(cancel_futures=True)
        _JUDGE.clear()
