"""A snapshot's manifest, ``tenant.json``: whose it is, when it was exported, what is complete."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

import msgspec
from msgspec import UNSET, Struct, UnsetType

from tenantproof.document import json_problem
from tenantproof.language.instants import read_instant
from tenantproof.problem import Problem, SnapshotError, did_you_mean
from tenantproof.shape import TENANT
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


def read_manifest(data: bytes, label: str) -> Manifest:
    """Return a manifest; SnapshotError with what is wrong with it."""
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


def exported_at(manifest: Manifest, label: str) -> datetime:
    """Return when the snapshot was exported; SnapshotError where that is no instant."""
    instant = read_instant(manifest.exportedAt)
    if instant is None:
        raise SnapshotError([Problem(
            "manifest-date", f"`exportedAt` is `{manifest.exportedAt}`, which is not an instant",
            file=label,
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


def said_of(entry: Entry) -> Said:
    """Return what an entry says of its collection."""
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
