"""The snapshots that a command is given: folders, archives, JSON files, standard input."""

from __future__ import annotations

import sys
from collections.abc import Container, Iterator, Sequence
from pathlib import Path
from typing import Final

from tenantproof.cli.usage import usage_error
from tenantproof.problem import Problem, SnapshotError, quoted
from tenantproof.shape import bundled_shapes
from tenantproof.snapshot import Snapshot, load
from tenantproof.sources import Source, open_source

STANDARD: Final = "-"
Read = Snapshot | tuple[Problem, ...]


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
        why = (error.strerror or str(error)).lower()
        raise SnapshotError([Problem("no-snapshot", f"standard input cannot be read: {why}",
                                     "name a snapshot instead of `-`")]) from None


def file_content(file: str, help: str) -> bytes:
    """Return the bytes of a file that the caller names; raises SnapshotError with this help."""
    try:
        return Path(file).read_bytes()
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise SnapshotError([Problem(
            "unreadable-file", f"{quoted(file)} cannot be read: {why.lower()}", help, file,
        )]) from None


def read_snapshot(name: str, needed: Container[str] | None = None) -> Snapshot:
    """Return one snapshot, of which only the `needed` collections are read; see `load`."""
    return load(source_of(name), bundled_shapes(), needed)


def read_all(
    names: Sequence[str], needed: Container[str] | None = None
) -> Iterator[tuple[str, Read]]:
    """Yield each snapshot, or the problems that forbid reading it."""
    if names.count(STANDARD) > 1:
        raise usage_error("standard input can be read once only", "name `-` once")
    for name in names:
        try:
            yield name, read_snapshot(name, needed)
        except SnapshotError as error:
            yield name, error.problems
