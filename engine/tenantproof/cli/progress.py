"""How far a run on many snapshots is: one line on a terminal's standard error, gone at the end."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

from tenantproof.cli.console import DUMB

Thing = TypeVar("Thing")
PAUSE: Final = 0.1  # seconds between two drawings
WIDTH: Final = 30


def shown(things: Iterable[Thing], total: int) -> Iterator[Thing]:
    """Pass things on; between two of them a terminal's standard error says how many are done.

    The line is wiped before each thing is passed on, so that what is told of it stands alone.
    """
    if total < 2 or not _is_terminal():
        yield from things
        return
    drawn, last = False, 0.0
    for count, thing in enumerate(things, 1):
        if drawn:
            _draw("\r\x1b[K")
        yield thing
        drawn = count < total and (drawn or time.monotonic() - last > PAUSE)
        if drawn:
            last = time.monotonic()
            _draw(_line(count, total))


def _is_terminal() -> bool:
    return (sys.stderr is not None and not sys.stderr.closed and sys.stderr.isatty()
            and os.environ.get("TERM") != DUMB)


def _line(count: int, total: int) -> str:
    done = WIDTH * count // total
    return f"[{'#' * done}{'.' * (WIDTH - done)}] {count} of {total} snapshots"


def _draw(text: str) -> None:
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        return  # a terminal that went away needs no picture
