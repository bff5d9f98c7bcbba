"""What every importer takes and gives: the options, the snapshot to write, and what is missing.

An importer never decides alone what came in: the finished snapshot is loaded the way `check` loads
it, and the rows say what that loading found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec

from tenantproof.collection import Collection
from tenantproof.problem import Problem, SnapshotError
from tenantproof.shape import Shapes
from tenantproof.snapshot import Snapshot, load
from tenantproof.sources import MANIFEST

FROM_FILES: Final = "files"


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the source itself does not say.

    `exported_at` is RFC 3339, or ``files`` for the oldest modification time among the files that
    are taken in. An empty `tenant_id` or `tenant_name` is looked for in the source; `kind`,
    `partner_type` and `cloud` are the manifest's words, None where nobody says. `complete` names
    the lists of which the caller knows that they are whole, where the format cannot tell.
    """

    shapes: Shapes
    exported_at: str
    tenant_id: str = ""
    tenant_name: str = ""
    kind: str | None = None
    partner_type: str | None = None
    cloud: str | None = None
    complete: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Row:
    """One collection of an import: how much came, from how many files, or why it is not whole."""

    collection: str
    files: int
    records: int
    complete: bool
    why: str
    detail: str
    endpoint: str
    permission: str


@dataclass(frozen=True, slots=True)
class Imported:
    """A snapshot that is ready to be written.

    `files` are its files by name, the manifest among them; `streams` are further files, too long
    to be held, each at its beginning. `notes` are warnings about the source; `rows` has one row for
    every collection that a policy can read, by name.
    """

    manifest: Mapping[str, Any]
    files: Mapping[str, bytes]
    notes: tuple[Problem, ...]
    rows: tuple[Row, ...]
    streams: Mapping[str, BinaryIO] = field(default_factory=dict)


Importer = Callable[[Path, ImportOptions], Imported]


class MemorySource:
    """A snapshot's files before they are written."""

    def __init__(self, name: str, files: Mapping[str, bytes]) -> None:
        self.name = name
        self._files = files

    def read(self, file: str) -> bytes:
        """Return a file's bytes."""
        return self._files[file]

    def files(self) -> Iterator[str]:
        """Yield the names of all files, in order."""
        yield from sorted(self._files)

    def label(self, file: str) -> str:
        """Return the file's name in the snapshot to be."""
        return file


def finished(
    manifest: Mapping[str, Any],
    files: Mapping[str, bytes],
    notes: tuple[Problem, ...],
    shapes: Shapes,
    counts: Mapping[str, int],
) -> Imported:
    """Return the import, checked by loading it; `counts` are the source's files by collection.

    Raises SnapshotError where the snapshot could not be read.
    """
    everything = {**files, MANIFEST: manifest_bytes(manifest)}
    snapshot = load(MemorySource("the imported snapshot", everything), shapes)
    return Imported(
        manifest, everything, (*notes, *snapshot.warnings), tuple(_rows(snapshot, counts))
    )


def manifest_bytes(manifest: Mapping[str, Any]) -> bytes:
    """Return the manifest as JSON for people: indented, with a final line break."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"


def _rows(snapshot: Snapshot, counts: Mapping[str, int]) -> Iterator[Row]:
    for name in snapshot.shapes:
        if not snapshot.shapes[name].is_fact:
            yield _row(snapshot.collection(name), counts.get(name, 0))


def _row(collection: Collection, files: int) -> Row:
    doubts = collection.doubts()
    return Row(
        collection=collection.name,
        files=files,
        records=len(collection.records),
        complete=collection.complete,
        why=str(doubts[0].why) if doubts else "",
        detail=doubts[0].detail if doubts else "",
        endpoint=collection.endpoint,
        permission=collection.permission,
    )


def refuse(rule: str, message: str, file: str, remedy: str) -> SnapshotError:
    """Return the error for a source that cannot be imported."""
    return SnapshotError([Problem(rule, message, remedy, file)])


def warning(rule: str, message: str, file: str, remedy: str) -> Problem:
    """Return a note on something in the source that was not taken in, or not as a whole."""
    return Problem(rule, message, remedy, file, severity="warning")
