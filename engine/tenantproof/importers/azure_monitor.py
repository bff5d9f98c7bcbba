"""``import azure-monitor``: sign-in logs that were exported to a storage account.

A folder tree of ``PT1H.json`` (a diagnostic setting) or ``PT05M.json`` (a workspace's export), one
record a line. The log is read line by line and kept on disk, so that its length does not matter.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec

from tenantproof import __version__
from tenantproof.contents import DENIED
from tenantproof.importers.answers import SavedFile, source_paths, written_at
from tenantproof.importers.base import (
    Imported,
    ImportOptions,
    finished,
    manifest_bytes,
    refuse,
    warning,
)
from tenantproof.importers.logged import INTERACTIVE, KINDS, UNATTENDED, kind_of, sign_in, tenant_in
from tenantproof.importers.tenant import Organization, exported_at, tenant_of_organization
from tenantproof.language.instants import read_instant, write_instant
from tenantproof.problem import Problem, because
from tenantproof.sources import MANIFEST
from tenantproof.verdict import Why

NAME: Final = "signIns"
FILE: Final = "signIns.ndjson"
LONGEST: Final = 16 * 1024 * 1024
BOM: Final = b"\xef\xbb\xbf"
NOT_SAID: Final = "nothing in a log tells whether hours of it are missing"
CATEGORIES: Final = {INTERACTIVE: "SignInLogs", UNATTENDED: "NonInteractiveUserSignInLogs"}
DAMAGED: Final = "download the blob again, and import the whole folder"


@dataclass(slots=True)
class _Work:
    """What grows while the logs are read: nothing of it grows with their length."""

    options: ImportOptions
    out: BinaryIO
    files: list[SavedFile] = field(default_factory=list)
    tenants: set[str] = field(default_factory=set)
    kinds: Counter[str] = field(default_factory=Counter)
    records: int = 0
    first: datetime | None = None
    last: datetime | None = None
    why: str = ""
    notes: list[Problem] = field(default_factory=list)


def import_azure_monitor(source: Path, options: ImportOptions) -> Imported:
    """Return the snapshot that a container's folder, or one of its files, holds.

    Raises SnapshotError where nothing is recognised, or where several tenants are mixed;
    UsageError where the tenant or the date of the export is not known.
    """
    # Without a name, so that nothing of it stays behind whatever happens.
    work = _Work(options, tempfile.TemporaryFile())  # noqa: SIM115  the importer's result owns it
    try:
        return _imported(source, work)
    except BaseException:
        work.out.close()
        raise


def _imported(source: Path, work: _Work) -> Imported:
    options = work.options
    for path, name in source_paths(source):
        _read(work, path, name)
    if not work.kinds or not any(work.kinds[kind] for kind in CATEGORIES):
        raise refuse("nothing-recognised", "no sign-in log of Azure Monitor was found", str(source),
                     "name the folder of the container `insights-logs-signinlogs`, or of both")
    tenant = tenant_of_organization(Organization(id=_tenant(work, source)), options)
    entry = _entry(work)
    manifest = {
        "format": 1, "tenant": tenant, "exportedAt": exported_at(options, work.files),
        "exporter": {"name": "tenantproof import azure-monitor", "version": __version__},
        "collections": {NAME: entry},
    }
    return _streamed(manifest, work)


def _streamed(manifest: Mapping[str, Any], work: _Work) -> Imported:
    """Return the import; the log is not loaded, and its row says what was counted."""
    work.out.seek(0)
    without = {**manifest, "collections": {NAME: {
        "complete": False, "reason": manifest["collections"][NAME].get("reason", NOT_SAID)}}}
    empty = finished(without, {}, tuple(work.notes), work.options.shapes, {})
    whole = manifest["collections"][NAME]["complete"]
    rows = tuple(
        replace(row, files=len(work.files), records=work.records, complete=whole,
                why="" if whole else row.why, detail="" if whole else row.detail)
        if row.collection == NAME else row for row in empty.rows
    )
    files = {**empty.files, MANIFEST: manifest_bytes(manifest)}
    return replace(empty, manifest=manifest, files=files, rows=rows, streams={FILE: work.out})


def _entry(work: _Work) -> dict[str, Any]:
    why = work.why or _category_missing(work) or (
        "" if NAME in work.options.complete else NOT_SAID)
    entry: dict[str, Any] = {"file": FILE, "complete": not why}
    if why:
        entry["reason"] = why
    if work.first is not None and work.last is not None:
        entry |= {"from": write_instant(work.first), "to": write_instant(work.last)}
    return entry


def _category_missing(work: _Work) -> str:
    missing = [name for kind, name in CATEGORIES.items() if not work.kinds[kind]]
    return f"the category `{missing[0]}` is not among the files" if missing else ""


def _tenant(work: _Work, source: Path) -> str:
    if len(work.tenants) > 1:
        raise refuse("several-tenants", "the logs are of several tenants: "
                     + ", ".join(f"`{one}`" for one in sorted(work.tenants)), str(source),
                     "import the folder of one tenant at a time")
    return next(iter(work.tenants), "")


def _read(work: _Work, path: Path, name: str) -> None:
    if path.suffix.casefold() != ".json":
        work.notes.append(warning("unrecognised-file", "this file was not taken in: it is not JSON",
                                  str(path), "nothing, unless it is a log"))
        return
    before = work.kinds.copy()
    unread = first = 0
    for number, row in _rows(path, work):
        if row is None or not _take(work, row):
            unread += 1
            first = first or number
    if unread:
        work.notes.append(_damaged(unread, first, path))
        work.why = work.why or str(Why.TRUNCATED)
    if unread or work.kinds != before:
        work.files.append(SavedFile(name, str(path), b"", written_at(path)))
    for kind in sorted(work.kinds.keys() - before.keys() - CATEGORIES.keys()):
        work.notes.append(warning(
            "other-log", f"its rows of the category `{kind or 'none'}` were not taken in",
            str(path), "nothing: no policy reads them"))


def _damaged(unread: int, first: int, path: Path) -> Problem:
    count = "1 record" if unread == 1 else f"{unread} records"
    return warning("unreadable-line", f"{count} of this log cannot be read, the first in line "
                   f"{first}", str(path), DAMAGED)


def _rows(path: Path, work: _Work) -> Iterator[tuple[int, Any]]:
    """Yield the number and row of every line that is not blank; None for what is no object."""
    try:
        with path.open("rb") as stream:
            number = 0
            while line := stream.readline(LONGEST):
                number += 1
                text = line.removeprefix(BOM).strip()
                if text:
                    yield from ((number, row) for row in _objects(text, work))
    except OSError as error:
        raise refuse("no-source", f"`{path}` cannot be read: {because(error)}", str(path),
                     "name a folder of logs that you may read") from None


def _objects(text: bytes, work: _Work) -> list[Any]:
    """Return the rows of a line: one, or those that an event hub put into ``records``."""
    try:
        value = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        if text.startswith(b"<") and DENIED.search(text.decode("utf-8", "replace")):
            work.why = str(Why.DENIED)
        return [None]
    if not isinstance(value, dict):
        return [None]
    inner = value.get("records")
    return [row if isinstance(row, dict) else None for row in inner] if isinstance(
        inner, list) else [value]


def _take(work: _Work, row: Mapping[str, Any]) -> bool:
    """Write a row's sign-in; False where it should hold one and does not."""
    kind = kind_of(row)
    if kind not in KINDS.values():
        work.kinds[kind] += 1
        return bool(kind)
    found = sign_in(row, work.options.shapes[NAME])
    if found is None:
        return False
    work.kinds[kind] += 1
    work.records += 1
    tenant = tenant_in(row)
    if tenant:
        work.tenants.add(tenant)
    _span(work, found)
    work.out.write(msgspec.json.encode(found) + b"\n")
    return True


def _span(work: _Work, found: Mapping[str, Any]) -> None:
    when = read_instant(str(found.get("createdDateTime")))
    if when is not None:
        work.first = when if work.first is None else min(work.first, when)
        work.last = when if work.last is None else max(work.last, when)
