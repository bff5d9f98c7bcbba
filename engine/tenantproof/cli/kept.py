"""Tenants' reports as bytes: they travel between processes, and rest on disk, as such.

Policies and schemas are named in them, not copied, so neither the processes nor the memory of a run
hold more than a few tenants at once.
"""

from __future__ import annotations

import io
import os
import pickle
import tempfile
from collections.abc import Mapping, Sequence
from functools import partial
from typing import IO, Any, NoReturn, overload

from msgspec.structs import replace

from tenantproof.audit import TenantReport
from tenantproof.collection import Collection, Unread
from tenantproof.policy import Policy
from tenantproof.problem import Problem, SnapshotError, because
from tenantproof.shape import CollectionShape, Shapes, bundled_shapes
from tenantproof.snapshot import Snapshot


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
            return partial(_of_this_process, self._policies)
        return super().find_class(module, name)


def _of_this_process(policies: Mapping[str, Policy], kind: str, name: str) -> Any:
    """Return what a name stands for here.

    No method: what an unpickler has unpacked would hang on it, and it on itself.
    """
    if kind == "policy":
        return policies[name]
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
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  it lives as long as this object
        self._places: list[tuple[int, int]] = []
        self._policies = policies

    def add(self, report: bytes) -> None:
        """Keep one more; raises SnapshotError where the disk is full."""
        try:
            start = self._file.seek(0, os.SEEK_END)
            self._file.write(report)
        except OSError as error:
            raise SnapshotError([Problem(
                "temporary", f"findings cannot be kept on disk: {because(error)}",
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
