"""The snapshots that a command is given: folders, archives, JSON files, standard input."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tenantproof.problem import Problem, SnapshotError, because, quoted
from tenantproof.shape import Shape, bundled_shapes
from tenantproof.snapshot import Snapshot, load
from tenantproof.sources import MANIFEST, Source, open_source

STANDARD: Final = "-"
HEAD: Final = 2**16  # bytes of a JSON file that tell whether it is a whole snapshot


def source_of(name: str) -> Source:
    """Return where a snapshot's files come from; raises SnapshotError where there is nothing."""
    return open_source(name, _standard_input() if name == STANDARD else None)


def _standard_input() -> bytes:
    if sys.stdin is None:
        raise SnapshotError([Problem("no-snapshot", "standard input is closed",
                                     "name a snapshot instead of `-`")])
    try:
        return sys.stdin.buffer.read()
    except OSError as error:
        raise SnapshotError([Problem(
            "no-snapshot", f"standard input cannot be read: {because(error)}",
            "name a snapshot instead of `-`",
        )]) from None


def file_content(file: str, help: str) -> bytes:
    """Return the bytes of a file that the caller names; raises SnapshotError with this help."""
    try:
        return Path(file).read_bytes()
    except (OSError, ValueError) as error:
        raise SnapshotError([Problem(
            "unreadable-file", f"{quoted(file)} cannot be read: {because(error)}", help, file,
        )]) from None


def read_snapshot(name: str, needed: Mapping[str, Shape] | None = None) -> Snapshot:
    """Return one snapshot, of which only what is `needed` is read; see `load`.

    Another tool's export that can be recognised is read as its importer reads it.
    """
    return load(_foreign(name) or source_of(name), bundled_shapes(), needed)


def _foreign(name: str) -> Source | None:
    path = Path(name)
    if name == STANDARD or (path / MANIFEST).exists() or looks_whole(path):
        return None
    # Here, since a snapshot needs none of the importers.
    from tenantproof.cli.recognising import imported_source

    return imported_source(name)


def looks_whole(file: Path) -> bool:
    """Tell whether a JSON file is a whole snapshot, by its beginning."""
    try:
        with file.open("rb") as stream:
            head = stream.read(HEAD).replace(b"\0", b"")
    except OSError:
        return False
    return b'"tenant"' in head and b'"collections"' in head
