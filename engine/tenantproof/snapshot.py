"""A snapshot: what was exported from one tenant at one time, with what is missing from it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct, UnsetType

from tenantproof.collection import (
    Collection,
    Take,
    collected,
    count_records,
    missing,
    read_lists,
    read_pages,
    read_records,
)
from tenantproof.long_lists import OddListError, lists
from tenantproof.manifest import (
    Entry,
    Exporter,
    Manifest,
    Tenant,
    exported_at,
    read_manifest,
    said_of,
)
from tenantproof.problem import Problem, SnapshotError, did_you_mean
from tenantproof.records import record_type
from tenantproof.shape import CollectionShape, Shape, Shapes
from tenantproof.sources import MANIFEST, InlineSource, Source
from tenantproof.streaming import LogFile, Stream, looked_through
from tenantproof.twins import distinct

if TYPE_CHECKING:
    from hashlib import _Hash as Digest


class Snapshot(Struct, frozen=True):
    """One tenant's exported collections.

    `stale` is the age when it exceeds what the user allows: then nothing is known.
    """

    name: str
    tenant: Tenant
    exported_at: datetime
    exporter: Exporter | None
    collections: Mapping[str, Collection]
    digest: str
    shapes: Shapes
    warnings: tuple[Problem, ...] = ()
    stale: timedelta | None = None

    def collection(self, name: str) -> Collection:
        """Return a collection; one that the manifest does not list was not exported."""
        return self.collections.get(name) or missing(self.shapes[name])

    def is_streamed(self) -> bool:
        """Tell whether a log is so long that it is run through piece by piece, to save memory."""
        return any(isinstance(one.records, Stream) for one in self.collections.values())


def load(
    source: Source, shapes: Shapes, needed: Mapping[str, Shape] | None = None
) -> Snapshot:
    """Read a snapshot from a folder, an archive or one JSON file.

    `needed` gives the shape of the records of each collection that is read; of all others the
    records are only counted. None needs them all.

    Raises SnapshotError for what cannot be read at all: no manifest, a listed file that is not
    there, a file that is not JSON. What is merely incomplete becomes an incomplete collection.
    """
    data = source.read(MANIFEST)
    manifest = read_manifest(data, source.label(MANIFEST))
    instant = exported_at(manifest, source.label(MANIFEST))
    digest = hashlib.sha256(data)
    problems: list[Problem] = []
    collections: dict[str, Collection] = {}
    for name, entry in sorted(manifest.collections.items()):
        if name not in shapes or shapes[name].is_fact:
            problems.append(_unknown_collection(name, shapes, source))
            continue
        try:
            records: Sequence[Struct] | None = _streamed(
                shapes[name], entry, source, needed, digest.update)
            if records is None:
                records, digest = _listed(shapes[name], entry, source, needed, digest)
            if records is not None:
                found = distinct(shapes[name], records)
                collections[name] = collected(shapes[name], found, said_of(entry))
                continue
            pages = list(_pages(name, entry, source))
            for _, page in pages:
                digest.update(page)
            collections[name] = read_pages(
                shapes[name], pages, said_of(entry), _taking(name, needed))
        except SnapshotError as error:
            problems.extend(error.problems)
    errors = [p for p in problems if p.severity == "error"]
    if errors:
        raise SnapshotError(errors)
    problems.extend(_unlisted(manifest, source))
    return Snapshot(
        name=source.name,
        tenant=manifest.tenant,
        exported_at=instant,
        exporter=manifest.exporter,
        collections=collections,
        digest=f"sha256:{digest.hexdigest()}",
        warnings=tuple(problems),
        shapes=shapes,
    )


def _streamed(
    shape: CollectionShape, entry: Entry, source: Source, needed: Mapping[str, Shape] | None,
    seen: Callable[[bytes], None],
) -> Stream | None:
    """Return a long log that only facts read, every line looked at once; None for all else."""
    if needed is None or needed.get(shape.name, shape.record) is shape.record:
        return None
    files = [entry.file] if isinstance(entry.file, str) else entry.file
    opened = getattr(source, "log_file", None)
    if isinstance(files, UnsetType) or opened is None or not shape.is_list:
        return None
    logs: list[LogFile | None] = [opened(file) for file in files]
    held = [log for log in logs if log is not None]
    if not held or len(held) < len(logs):
        return None
    looked = [looked_through(log, seen) for log in held]
    kind = record_type(needed[shape.name], said_of(entry).select)
    return Stream([log for _, log in looked], sum(n for n, _ in looked), shape, kind)


def _listed(
    shape: CollectionShape, entry: Entry, source: Source, needed: Mapping[str, Shape] | None,
    digest: Digest,
) -> tuple[Sequence[Struct] | None, Digest]:
    """Return the records of one long list that is plain, and the digest with it; else None."""
    opened = getattr(source, "long_list", None)
    if not isinstance(entry.file, str) or opened is None or not shape.is_list:
        return None, digest
    record = shape.record if needed is None else needed.get(shape.name)
    trial = digest.copy()
    try:
        with opened(entry.file) as stream:
            return read_lists(lists(stream, trial.update), shape, said_of(entry), record), trial
    except (OddListError, OSError):
        return None, digest


def _taking(name: str, needed: Mapping[str, Shape] | None) -> Take:
    if needed is None:
        return read_records
    return partial(read_records, record=needed[name]) if name in needed else count_records


def load_value(value: Mapping[str, Any], name: str, shapes: Shapes) -> Snapshot:
    """Read a snapshot from the one-file form as decoded JSON (a policy's test tenant)."""
    return load(InlineSource(name, msgspec.json.encode(value)), shapes)


def _pages(name: str, entry: Entry, source: Source) -> Iterator[tuple[str, bytes]]:
    if isinstance(entry.data, msgspec.Raw):
        yield f"{source.name}#/collections/{name}/data", bytes(entry.data)
        return
    if isinstance(entry.file, UnsetType):
        if entry.complete is True:
            raise SnapshotError([Problem(
                "manifest", f"`{name}` is said to be complete but has no file",
                file=source.label(MANIFEST),
                help="name its `file`, or say `complete: false` and the `reason`",
            )])
        return
    for file in [entry.file] if isinstance(entry.file, str) else entry.file:
        yield source.label(file), source.read(file)


def _unknown_collection(name: str, shapes: Shapes, source: Source) -> Problem:
    known = [n for n in shapes if not shapes[n].is_fact]
    better = did_you_mean(name, known)
    return Problem(
        "unknown-collection", f"no policy can read `{name}`", file=source.label(MANIFEST),
        help=f"did you mean `{better}`?" if better else "it is not one of the known collections",
        severity="warning",
    )


def _unlisted(manifest: Manifest, source: Source) -> Iterator[Problem]:
    listed = {MANIFEST}
    for entry in manifest.collections.values():
        if not isinstance(entry.file, UnsetType):
            listed.update([entry.file] if isinstance(entry.file, str) else entry.file)
    for file in source.files():
        if file not in listed and file.endswith((".json", ".ndjson", ".ndjson.gz", ".jsonl")):
            yield Problem(
                "unlisted-file", f"`{file}` is not listed in the manifest and was not read",
                file=source.label(MANIFEST), severity="warning",
                help="list it under `collections`, or remove it",
            )
