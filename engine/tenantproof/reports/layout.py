"""Lines of a fixed width from texts of any kind; the gate through which all of them go.

Nothing reaches a line but through :func:`~tenantproof.safe.printable`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from tenantproof.reports.view import Palette
from tenantproof.safe import columns, printable

WIDTH: Final = 100
AFTER_COMMA: Final = re.compile(r"(?<=,)")


def prose(text: str) -> str:
    """Return text in which every white space is one blank: lines of the source do not matter."""
    return printable(" ".join(text.split()))


def wrapped(text: str, indent: str = "", first: str | None = None) -> Iterator[str]:
    """Yield lines of at most WIDTH columns; what cannot be broken at a comma may be longer.

    `first` begins the first line, `indent` all others; neither is made safe here.
    """
    line, empty = (indent if first is None else first), True
    shown = printable(text)
    if shown.isascii() and columns(line) + len(shown) <= WIDTH and " ".join(shown.split()) == shown:
        yield f"{line}{shown}" if shown else line.rstrip()
        return
    for gap, word in _words(shown, WIDTH - columns(indent)):
        gap = "" if empty else gap
        if not empty and columns(line) + len(gap) + columns(word) > WIDTH:
            yield line
            line, gap = indent, ""
        line, empty = f"{line}{gap}{word}", False
    yield line.rstrip() if empty else line


def _words(text: str, width: int) -> Iterator[tuple[str, str]]:
    """Yield each word with the blank before it; one wider than a line in parts without blanks."""
    for word in filter(None, text.split(" ")):
        parts = AFTER_COMMA.split(word) if columns(word) > width else [word]
        yield " ", parts[0]
        yield from (("", part) for part in parts[1:])


def with_pointer(line: str, pointer: str, palette: Palette) -> Iterator[str]:
    """Yield a line with the pointer that it is about: behind it, or below it if it is too long."""
    where = palette.paint("dim", printable(pointer))
    if not pointer:
        yield line
    elif columns(line) + 2 + columns(printable(pointer)) <= WIDTH:
        yield f"{line}  {where}"
    else:
        yield line
        yield f"{' ' * (len(line) - len(line.lstrip()) + 2)}{where}"


def padded(text: str, width: int) -> str:
    """Return printable text with blanks behind it, up to a number of columns."""
    return text + " " * max(0, width - columns(text))


def labelled(label: str, text: str, width: int = 14) -> Iterator[str]:
    """Yield `text` behind a label, wrapped under itself."""
    yield from wrapped(text, " " * width, padded(label, width))


def bullets(texts: Iterable[str], indent: str, mark: str = "- ") -> Iterator[str]:
    """Yield each text as an item of a list."""
    for text in texts:
        yield from wrapped(text, indent + " " * len(mark), indent + mark)


def numbered(texts: Iterable[str], indent: str) -> Iterator[str]:
    """Yield each text behind its number."""
    for number, text in enumerate(texts, 1):
        mark = f"{number}. "
        yield from wrapped(prose(text), indent + " " * len(mark), indent + mark)


def table(rows: Iterable[tuple[str, ...]], indent: str = "", gap: str = "  ") -> Iterator[str]:
    """Yield rows of printable cells in columns as wide as they need to be; the last is wrapped."""
    cells = [tuple(printable(cell) for cell in row) for row in rows]
    if not cells:
        return
    widths = [max(columns(row[i]) for row in cells) for i in range(len(cells[0]) - 1)]
    lead = indent + " " * sum(w + len(gap) for w in widths)
    for row in cells:
        head = indent + "".join(padded(c, w) + gap for c, w in zip(row, widths, strict=False))
        yield from wrapped(row[-1], lead, head)


def count_of(number: int, word: str, plural: str = "") -> str:
    """Return a number and its noun: ``1 policy``, ``3 policies``."""
    return f"{number} {word if number == 1 else plural or f'{word}s'}"


def text_of(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines with their breaks."""
    for line in lines:
        yield f"{line}\n"
