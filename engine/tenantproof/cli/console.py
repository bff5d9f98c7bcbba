"""Standard output and standard error, whatever they are: a terminal, a pipe, full or closed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from typing import TextIO

from tenantproof.problem import Problem, SnapshotError, because, render
from tenantproof.reports.view import COLOURED, PLAIN, Palette
from tenantproof.safe import printable

DUMB = "dumb"


def palette(stream: TextIO | None, environment: Mapping[str, str]) -> Palette:
    """Return the colours for a stream: none with NO_COLOR, some with FORCE_COLOR or a terminal."""
    if environment.get("NO_COLOR"):
        return PLAIN
    if environment.get("FORCE_COLOR", "0") not in ("", "0", "false"):
        return COLOURED
    terminal = stream is not None and not stream.closed and stream.isatty()
    return COLOURED if terminal and environment.get("TERM") != DUMB else PLAIN


def standard_palette() -> Palette:
    """Return the colours for standard output."""
    return palette(sys.stdout, os.environ)


def write(pieces: Iterable[str]) -> None:
    """Write text to standard output in the console's own encoding.

    A character that the console cannot show becomes a visible escape. Raises SnapshotError (exit
    code 3) where standard output is closed, full or gone: what was asked for was not delivered.
    """
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    _write(piece.encode(encoding, "backslashreplace") for piece in pieces)


def write_utf8(pieces: Iterable[str]) -> None:
    """Write a machine's format to standard output in UTF-8; raises as `write` does."""
    _write(piece.encode("utf-8", "replace") for piece in pieces)


def _write(pieces: Iterable[bytes]) -> None:
    if sys.stdout is None or sys.stdout.closed:
        raise _undelivered("it is closed")
    chunks = _chunks(pieces)
    try:
        for chunk in chunks:
            sys.stdout.buffer.write(chunk)
        sys.stdout.buffer.flush()
    except OSError as error:
        _give_up_stdout()
        raise _undelivered(because(error)) from None


def _chunks(pieces: Iterable[bytes], size: int = 2**16) -> Iterable[bytes]:
    """Join small pieces, and make the first ones before anything is written."""
    held: list[bytes] = []
    length = 0
    for piece in pieces:
        held.append(piece)
        length += len(piece)
        if length >= size:
            yield b"".join(held)
            held, length = [], 0
    yield b"".join(held)


def _give_up_stdout() -> None:
    """Let the interpreter's last flush go nowhere: it would end in a traceback of its own."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        sys.stdout = None


def _undelivered(why: str) -> SnapshotError:
    return SnapshotError([Problem(
        "output", f"standard output cannot be written: {why}",
        "name a file, such as `--output json=report.json`",
    )])


def tell(line: str) -> None:
    """Write one line of our own words to standard error, if there is one."""
    try:
        if sys.stderr is not None:
            encoding = sys.stderr.encoding or "utf-8"
            sys.stderr.buffer.write(f"{line}\n".encode(encoding, "backslashreplace"))
            sys.stderr.buffer.flush()
    except (OSError, ValueError):
        # Nobody is there to be told, and the exit code says it too.
        return


def tell_problems(problems: Iterable[Problem]) -> None:
    """Write problems to standard error, one after the other."""
    for problem in problems:
        tell(render(problem))


def tell_bug(error: BaseException) -> None:
    """Write our own bug to standard error with everything needed to mend it."""
    import traceback  # here: it is hoped never to be needed

    tell_traceback("".join(traceback.format_exception(error)))


def tell_traceback(text: str) -> None:
    """Write a traceback; text of a snapshot that stands in it must not reach the terminal raw."""
    for line in text.splitlines():
        tell(printable(line))
    tell("error[bug]: this is a bug of tenantproof")
    tell("  help: report it with the lines above; remove names that must not become public")
