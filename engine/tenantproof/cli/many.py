"""Judging many snapshots: by a pool of processes, the findings kept on disk, always in order.

A tenant's findings travel and rest as bytes in which policies and schemas are named, not copied,
so neither the processes nor the memory of the run hold more than a few tenants at once.
"""

from __future__ import annotations

import io
import os
import pickle
import signal
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import IO, Any, Final, NoReturn, overload

from msgspec import Struct
from msgspec.structs import replace

from tenantproof.audit import TenantReport
from tenantproof.cli.reading import STANDARD
from tenantproof.cli.usage import usage_error
from tenantproof.collection import Collection, Unread
from tenantproof.policy import Policy
from tenantproof.problem import Problem, SnapshotError
from tenantproof.shape import CollectionShape, Shapes, bundled_shapes
from tenantproof.snapshot import Snapshot

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


# --- bytes --------------------------------------------------------------------------------------


class _Pickler(pickle.Pickler):
    """Names policies and schemas: every process has its own."""

    def reducer_override(self, obj: Any) -> Any:
        """Return how an object that every process has is named; unlike `persistent_id` this is
        not asked of every text and number.
        """
        if type(obj) is Policy:
            return named, ("policy", obj.id)
        if type(obj) is Shapes:
            return named, ("shapes", "")
        if type(obj) is CollectionShape and obj.name in bundled_shapes():
            return named, ("shape", obj.name)
        return NotImplemented


def named(kind: str, name: str) -> NoReturn:
    """Stand for what every process has of its own; an `_Unpickler` puts that in its place."""
    raise RuntimeError(f"a bug: the {kind} `{name}` was unpacked by something else")


class _Unpickler(pickle.Unpickler):
    def __init__(self, stream: IO[bytes], policies: Mapping[str, Policy]) -> None:
        super().__init__(stream)
        self._policies = policies

    def find_class(self, module: str, name: str) -> Any:
        """Return what `named` stands for, and any other function or class as it is."""
        if (module, name) == (named.__module__, named.__name__):
            return self._named
        return super().find_class(module, name)

    def _named(self, kind: str, name: str) -> Any:
        if kind == "policy":
            return self._policies[name]
        return bundled_shapes()[name] if kind == "shape" else bundled_shapes()


def packed(tenant: TenantReport) -> bytes:
    """Return a tenant's report as bytes; of its records only the number is kept."""
    stream = io.BytesIO()
    _Pickler(stream, pickle.HIGHEST_PROTOCOL).dump(
        replace(tenant, snapshot=_counted(tenant.snapshot)))
    return stream.getvalue()


def _counted(snapshot: Snapshot) -> Snapshot:
    return replace(snapshot, collections={
        name: _without_records(one) for name, one in snapshot.collections.items()})


def _without_records(collection: Collection) -> Collection:
    return replace(collection, records=Unread(len(collection.records)))


class Kept(Sequence[TenantReport]):
    """The tenants' reports on disk, unpacked one by one and as often as somebody asks."""

    def __init__(self, policies: Mapping[str, Policy]) -> None:
        import tempfile  # here: a run on one snapshot keeps nothing on disk

        self._file = tempfile.TemporaryFile()  # noqa: SIM115  it lives as long as this object
        self._places: list[tuple[int, int]] = []
        self._policies = policies

    def add(self, report: bytes) -> None:
        """Keep one more; raises SnapshotError where the disk is full."""
        try:
            start = self._file.seek(0, os.SEEK_END)
            self._file.write(report)
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            raise SnapshotError([Problem(
                "temporary", f"findings cannot be kept on disk: {why}",
                "let TMPDIR name a folder with room, or judge fewer snapshots with `--shard`",
            )]) from None
        self._places.append((start, len(report)))

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, index: int) -> TenantReport: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[TenantReport]: ...
    def __getitem__(self, index: int | slice) -> TenantReport | Sequence[TenantReport]:
        if isinstance(index, slice):
            return [self._at(place) for place in self._places[index]]
        return self._at(self._places[index])

    def _at(self, place: tuple[int, int]) -> TenantReport:
        self._file.seek(place[0])
        stream = io.BytesIO(self._file.read(place[1]))
        tenant: TenantReport = _Unpickler(stream, self._policies).load()
        return tenant


# --- processes ----------------------------------------------------------------------------------


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
