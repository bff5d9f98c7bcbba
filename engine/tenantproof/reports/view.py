"""How a report is looked at: the colours, and what the run's exit code will be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct, field

from tenantproof.verdict import Severity

RESET: Final = "\x1b[0m"
COLOURS: Final[Mapping[str, str]] = {
    "strong": "\x1b[1m",
    "dim": "\x1b[2m",
    "bad": "\x1b[1;31m",
    "open": "\x1b[1;33m",
    "asked": "\x1b[1;36m",
    "good": "\x1b[32m",
}


class Palette(Struct, frozen=True):
    """The escape sequence of each role; a role without one is left as it is."""

    codes: Mapping[str, str] = field(default_factory=dict)

    def paint(self, role: str, text: str) -> str:
        """Return a text in the colour of its role."""
        code = self.codes.get(role, "")
        return f"{code}{text}{RESET}" if code and text else text


PLAIN: Final = Palette()
COLOURED: Final = Palette(COLOURS)


class View(Struct, frozen=True):
    """What a renderer has to know besides the report itself.

    `repository_files` are the policies' files that lie below the working folder, as the policies
    name them.
    """

    palette: Palette = PLAIN
    exit_code: int = 0
    fail_on: Severity = Severity.LOW
    repository_files: frozenset[str] = frozenset()
