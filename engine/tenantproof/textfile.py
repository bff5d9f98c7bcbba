"""A text file held in memory: its lines, and the way from a character to line and column."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import Final, Literal

from msgspec import Struct

from tenantproof.problem import Position, Problem

LINE_BREAK: Final = re.compile(r"\r\n|\r|\n")
LONGEST_SHOWN_LINE: Final = 2000


class Source(Struct, frozen=True, dict=True):
    """The text of a file, as the user named it."""

    file: str
    text: str

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """The index of each line's first character."""
        return (0, *(match.end() for match in LINE_BREAK.finditer(self.text)))

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines without their breaks."""
        return tuple(LINE_BREAK.split(self.text))

    def at(self, index: int) -> Position:
        """Return the position of a character by its index, 0-based."""
        line = bisect_right(self.starts, index)
        return Position(line, index - self.starts[line - 1] + 1)

    def problem(
        self,
        start: int,
        end: int,
        rule: str,
        message: str,
        help: str = "",
        consequence: str = "",
        severity: Literal["error", "warning"] = "error",
    ) -> Problem:
        """Return a problem of the characters from ``start`` up to, not including, ``end``."""
        place = self.at(start)
        return Problem(
            rule=rule,
            message=message,
            help=help,
            file=self.file,
            position=place,
            end=self.at(max(end, start + 1)),
            source_line=self.lines[place.line - 1],
            consequence=consequence,
            severity=severity,
        )


def position_in(data: bytes, offset: int) -> Position:
    """Return the position of a byte of UTF-8 text; a broken character counts as one."""
    line_start = data.rfind(b"\n", 0, offset) + 1
    column = len(data[line_start:offset].decode("utf-8", "replace")) + 1
    return Position(data.count(b"\n", 0, line_start) + 1, column)


def problem_in(
    data: bytes, file: str, offset: int, rule: str, message: str, help: str
) -> Problem:
    """Return a problem of one byte of a UTF-8 file.

    A very long line is not quoted: a snapshot may well be one line of many megabytes.
    """
    start = data.rfind(b"\n", 0, offset) + 1
    line = data[start : start + LONGEST_SHOWN_LINE].split(b"\n", 1)[0].rstrip(b"\r")
    shown = line.decode("utf-8", "replace") if offset - start < LONGEST_SHOWN_LINE else ""
    place = position_in(data, offset)
    return Problem(rule, message, help, file, place, source_line=shown)


def not_utf8(data: bytes, file: str, error: UnicodeDecodeError) -> Problem:
    """Return the problem of a byte that is not UTF-8, at ``error.start``."""
    message = f"the byte 0x{data[error.start]:02x} is not UTF-8 text"
    remedy = "save the file with the encoding UTF-8"
    return problem_in(data, file, error.start, "not-utf8", message, remedy)
