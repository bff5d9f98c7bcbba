"""Text of a pack as Markdown: what its author wrote is shown, and only backticks are markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from tenantproof.safe import printable

SPECIAL: Final = re.compile(r"[\\*_\[\]<|~&$]")
OPENING: Final = re.compile(r"^([#>]|[-+=](?!\w)|\d+(?=[.)](?:\s|$)))")
RUN: Final = re.compile(r"`+")


def marked(text: str) -> str:
    """Return one line of Markdown that shows a text; what stands in backticks becomes code.

    Without an even number of backticks they are text too. It may stand in a table's cell.
    """
    line = printable(" ".join(text.split()))
    parts = line.split("`")
    if len(parts) % 2 == 0:
        return _plain(line)
    return "".join(code(p) if i % 2 else _plain(p) for i, p in enumerate(parts))


def paragraph(text: str) -> str:
    """Return a text as a paragraph: its beginning makes no heading and no list."""
    return OPENING.sub(_escaped_opening, marked(text))


def code(text: str) -> str:
    """Return a text as a code span that may stand in a table's cell; nothing for no text."""
    line = printable(" ".join(text.split()))
    if not line:
        return ""
    fence = "`" * (1 + max((len(run) for run in RUN.findall(line)), default=0))
    gap = " " if line.startswith("`") or line.endswith("`") else ""
    inner = line.replace("|", "\\|")
    return f"{fence}{gap}{inner}{gap}{fence}"


def link(text: str, target: str) -> str:
    """Return a link; of an address, what would end it early is percent-encoded."""
    safe = re.sub(r"[\s<>()\\|]", lambda match: f"%{ord(match[0]):02X}", target)
    return f"[{marked(text)}]({safe})"


def block(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines of text as a fenced block that none of them ends."""
    held = [printable(line) for line in lines]
    longest = max((len(run) for line in held for run in RUN.findall(line)), default=0)
    fence = "`" * max(3, longest + 1)
    yield f"{fence}text"
    yield from held
    yield f"{fence}\n"


def rows(head: Sequence[str], lines: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield a table of cells that are Markdown already; nothing where it has no line."""
    held = [f"| {' | '.join(cells)} |" for cells in lines]
    if held:
        yield f"| {' | '.join(head)} |"
        yield f"| {' | '.join('---' for _ in head)} |"
        yield from held
        yield ""


def _plain(text: str) -> str:
    return SPECIAL.sub(r"\\\g<0>", text).replace("`", "\\`")


def _escaped_opening(match: re.Match[str]) -> str:
    return f"{match[0]}\\" if match[0].isdigit() else f"\\{match[0]}"
