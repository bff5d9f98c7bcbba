"""A snapshot: what was exported from one tenant at one time, with what is missing from it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

import msgspec
from msgspec import UNSET, Struct, UnsetType

from tenantproof.collection import (
    Collection,
    Take,
    count_records,
    missing,
    read_pages,
    read_records,
    read_stream,
)
from tenantproof.document import json_problem
from tenantproof.language.instants import read_instant
from tenantproof.problem import Problem, SnapshotError, did_you_mean
from tenantproof.records import record_type
from tenantproof.shape import TENANT, CollectionShape, Shape, Shapes
from tenantproof.sources import MANIFEST, InlineSource, Source
from tenantproof.streaming import LogFile, Stream, looked_through
from tenantproof.verdict import Why

FORMAT: Final = 1
WORDS: Final = {name: TENANT.properties[name].values or () for name in
                ("kind", "partnerType", "cloud")}


class Tenant(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Whose snapshot it is. A policy may read every property (`tenant.kind`)."""

    id: str
    displayName: str | None = None
    kind: str | None = None
    partnerType: str | None = None
    cloud: str | None = None


class Exporter(Struct, forbid_unknown_fields=True, frozen=True):
    """What made the export."""

    name: str
    version: str | None = None


class Entry(Struct, forbid_unknown_fields=True, kw_only=True):
    """What the manifest says of one collection."""

    file: str | list[str] | UnsetType = UNSET
    data: msgspec.Raw | UnsetType = UNSET
    endpoint: str | None = None
    permission: str | None = None
    complete: bool | UnsetType = UNSET
    reason: str | None = None
    select: list[str] | UnsetType = UNSET
    from_: str | None = msgspec.field(name="from", default=None)
    to: str | None = None


class Manifest(Struct, forbid_unknown_fields=True, kw_only=True):
    """The manifest, `tenant.json` (`schemas/snapshot.schema.json`)."""

    schema: str | None = msgspec.field(name="$schema", default=None)
    format: int
    tenant: Tenant
    exportedAt: str
    exporter: Exporter | None = None
    collections: dict[str, Entry]


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
    manifest = _manifest(data, source.label(MANIFEST))
    exported_at = _exported_at(manifest, source)
    digest = hashlib.sha256(data)
    problems: list[Problem] = []
    collections: dict[str, Collection] = {}
    for name, entry in sorted(manifest.collections.items()):
        if name not in shapes or shapes[name].is_fact:
            problems.append(_unknown_collection(name, shapes, source))
            continue
        try:
            stream = _streamed(shapes[name], entry, source, needed, digest.update)
            if stream is not None:
                collections[name] = read_stream(shapes[name], stream, _said(entry))
                continue
            pages = list(_pages(name, entry, source))
            for _, page in pages:
                digest.update(page)
            collections[name] = read_pages(
                shapes[name], pages, _said(entry), _taking(name, needed))
        except SnapshotError as error:
            problems.extend(error.problems)
    errors = [p for p in problems if p.severity == "error"]
    if errors:
        raise SnapshotError(errors)
    problems.extend(_unlisted(manifest, source))
    return Snapshot(
        name=source.name,
        tenant=manifest.tenant,
        exported_at=exported_at,
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
    kind = record_type(needed[shape.name], _said(entry).select)
    return Stream([log for _, log in looked], sum(n for n, _ in looked), shape, kind)


def _taking(name: str, needed: Mapping[str, Shape] | None) -> Take:
    if needed is None:
        return read_records
    return partial(read_records, record=needed[name]) if name in needed else count_records


def load_value(value: Mapping[str, Any], name: str, shapes: Shapes) -> Snapshot:
    """Read a snapshot from the one-file form as decoded JSON (a policy's test tenant)."""
    return load(InlineSource(name, msgspec.json.encode(value)), shapes)


def _manifest(data: bytes, label: str) -> Manifest:
    try:
        manifest = msgspec.json.decode(data, type=Manifest)
    except msgspec.ValidationError as error:
        raise SnapshotError([_manifest_problem(error, data, label)]) from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise SnapshotError([json_problem(error, data, label)]) from None
    if manifest.format != FORMAT:
        raise SnapshotError([Problem(
            "snapshot-format", f"this snapshot has format `{manifest.format}`", file=label,
            help=f"this version of tenantproof reads format {FORMAT}: use one that fits",
        )])
    faults = list(_unknown_words(manifest.tenant, label))
    if faults:
        raise SnapshotError(faults)
    return manifest


def _unknown_words(tenant: Tenant, label: str) -> Iterator[Problem]:
    for name, known in WORDS.items():
        value = getattr(tenant, name)
        if value not in known and value is not None:
            choices = [word for word in known if word is not None]
            better = did_you_mean(value, choices)
            yield Problem(
                "manifest", f"`tenant.{name}` is `{value}`", file=label,
                help=f"did you mean `{better}`?" if better else (
                    "it is one of " + ", ".join(f"`{word}`" for word in choices)
                ),
            )


PLAIN_TYPES: Final = {
    "str": "text", "int": "a number", "bool": "true or false", "object": "an object",
    "array": "a list", "null": "null", "float": "a number",
}


def _manifest_problem(error: msgspec.ValidationError, data: bytes, label: str) -> Problem:
    try:
        msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError) as syntax:
        return json_problem(syntax, data, label)
    text, _, place = str(error).partition(" - at `$")
    for plain, words in PLAIN_TYPES.items():
        text = text.replace(f"`{plain}`", f"`{words}`")
    where = place.rstrip("`").lstrip(".") or "the manifest"
    return Problem(
        "manifest", f"`{where}`: {text[0].lower()}{text[1:]}", file=label,
        help="compare with `docs/exporting.md`, or write a new one with `tenantproof snapshot "
        "init`",
    )


def _exported_at(manifest: Manifest, source: Source) -> datetime:
    instant = read_instant(manifest.exportedAt)
    if instant is None:
        raise SnapshotError([Problem(
            "manifest-date", f"`exportedAt` is `{manifest.exportedAt}`, which is not an instant",
            file=source.label(MANIFEST),
            help="write RFC 3339 with a time zone, such as `2026-11-20T06:00:00Z`",
        )])
    return instant


class Said(Struct, frozen=True):
    """What the manifest says of a collection's completeness, and how it was asked for."""

    complete: bool
    why: Why
    detail: str
    endpoint: str
    permission: str
    select: frozenset[str] | None
    since: str
    until: str


def _said(entry: Entry) -> Said:
    why, detail = _why(entry)
    return Said(
        complete=entry.complete is True,
        why=why,
        detail=detail,
        endpoint=entry.endpoint or "",
        permission=entry.permission or "",
        select=None if isinstance(entry.select, UnsetType) else frozenset(entry.select),
        since=entry.from_ or "",
        until=entry.to or "",
    )


def _why(entry: Entry) -> tuple[Why, str]:
    if entry.complete is UNSET and (entry.file is not UNSET or entry.data is not UNSET):
        return Why.NOT_STATED, "the manifest does not say whether it is complete"
    if entry.reason is None:
        return (
            Why.NOT_EXPORTED if entry.file is UNSET and entry.data is UNSET else Why.TRUNCATED
        ), ""
    try:
        return Why(entry.reason), ""
    except ValueError:
        return Why.NOT_EXPORTED, entry.reason


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
