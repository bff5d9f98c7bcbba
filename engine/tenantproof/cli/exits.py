"""The exit codes, and which one stands where several are due (``docs/exit-codes.md``)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

DONE: Final = 0
FAILED: Final = 1
WRONG: Final = 2
UNREADABLE: Final = 3
BUG: Final = 4
OPEN: Final = 5

PRECEDENCE: Final = (BUG, UNREADABLE, WRONG, FAILED, OPEN, DONE)
EXCUSED: Final = {
    FAILED: "something failed",
    OPEN: "something could not be judged",
}


def worst(codes: Iterable[int]) -> int:
    """Return the code that outranks the others; a run without any is done."""
    return min(codes, key=PRECEDENCE.index, default=DONE)
