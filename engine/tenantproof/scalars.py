"""YAML scalars: what a plain one means, and where in the source each character of one stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

WORDS: Final[dict[str, bool | None]] = {"null": None, "true": True, "false": False}
JSON_INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)")
JSON_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
LONGEST_NUMBER: Final = 40

OTHER_WORDS: Final = re.compile(r"yes|no|on|off|true|false|null|~", re.IGNORECASE)
OTHER_NUMBERS: Final = re.compile(
    r"[-+]?(?:0x[0-9a-f_]+|0o[0-7_]+|0b[01_]+|[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"
    r"|(?:[0-9][0-9_]*)?\.?[0-9][0-9_]*\.?(?:e[-+]?[0-9]+)?|\.inf)|\.nan",
    re.IGNORECASE,
)

BREAK: Final = re.compile(r"\r\n|\r|\n")
FOLD: Final = re.compile(r"[ \t]*(?:\r\n|\r|\n)(?:[ \t]|\r\n|\r|\n)*")
AFTER_ESCAPED_BREAK: Final = re.compile(r"\\(?:\r\n|\r|\n)(?:[ \t]|\r\n|\r|\n)*")
ESCAPE: Final = re.compile(
    r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL
)
ESCAPED: Final = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f",
    "r": "\r", "e": "\x1b", " ": " ", '"': '"', "/": "/", "\\": "\\", "N": "\x85",
    "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip

Placed = tuple[str, int]


def is_number(text: str) -> bool:
    """Return whether a plain scalar is a number by JSON's grammar."""
    return JSON_NUMBER.fullmatch(text) is not None


def is_almost_a_number(text: str) -> bool:
    """Return whether some YAML reader, but not JSON's grammar, takes the text for a number."""
    return len(text) <= LONGEST_NUMBER and OTHER_NUMBERS.fullmatch(text) is not None


def number(text: str) -> int | float | None:
    """Return the number that JSON's grammar reads, or None where no float can hold it."""
    if len(text) > LONGEST_NUMBER:
        return None
    if JSON_INTEGER.fullmatch(text):
        return int(text)
    value = float(text)
    return value if abs(value) != float("inf") else None


def source_indexes(text: str, start: int, end: int, style: str, value: str) -> list[int] | None:
    """Return the index in ``text`` of each character of a scalar, and of where it ends.

    ``text[start:end]`` is the scalar as written, ``style`` is YAML's indicator (empty when plain)
    and ``value`` what it was read as. None if the source does not read back as that value.
    """
    for placed in _readings(text, start, end, style):
        kept = placed[: len(value)]
        if "".join(character for character, _ in kept) == value:
            return [*(index for _, index in kept), _end(kept, start, end, style)]
    return None


def _readings(text: str, start: int, end: int, style: str) -> Iterator[list[Placed]]:
    if style in ("|", ">"):
        yield from _block_readings(text, start, end, style)
        return
    inner = slice(start + 1, end - 1) if style else slice(start, end)
    yield list(_flow(text, inner.start, inner.stop, style))


def _end(kept: list[Placed], start: int, end: int, style: str) -> int:
    if style in ('"', "'"):
        return end - 1
    return kept[-1][1] + 1 if kept else start


def _flow(text: str, index: int, end: int, style: str) -> Iterator[Placed]:
    """Yield the characters of a plain or quoted scalar; its line breaks are folded."""
    while index < end:
        fold = FOLD.match(text, index, end)
        if fold:
            yield from _folded(text, fold.start(), fold.end())
            index = fold.end()
            continue
        characters, index = _step(text, index, end, style)
        yield from characters


def _step(text: str, index: int, end: int, style: str) -> tuple[list[Placed], int]:
    if style == '"' and text[index] == "\\":
        return _escape(text, index, end)
    if style == "'" and text.startswith("''", index):
        return [("'", index)], index + 2
    return [(text[index], index)], index + 1


def _escape(text: str, index: int, end: int) -> tuple[list[Placed], int]:
    skipped = AFTER_ESCAPED_BREAK.match(text, index, end)
    if skipped:
        breaks = list(BREAK.finditer(text, index, skipped.end()))
        return [("\n", match.start()) for match in breaks[1:]], skipped.end()
    match = ESCAPE.match(text, index, end)
    if match is None:
        return [], index + 1
    code = match.group(1) or match.group(2) or match.group(3)
    character = chr(int(code, 16)) if code else ESCAPED.get(match.group(4), "")
    return [(character, index)], match.end()


def _folded(text: str, start: int, end: int) -> Iterator[Placed]:
    """Yield what line folding leaves of a run of breaks: a space, or all breaks but the first."""
    breaks = [match.start() for match in BREAK.finditer(text, start, end)]
    if len(breaks) == 1:
        yield " ", breaks[0]
    for index in breaks[1:]:
        yield "\n", index


def _block_readings(text: str, start: int, end: int, style: str) -> Iterator[list[Placed]]:
    """Yield a reading for each indentation the block may have, the deepest first.

    The indentation written in a header counts from the parent's, which the scalar alone does not
    show; only one of the readings is the value.
    """
    header = BREAK.search(text, start, end)
    if header is None:
        yield []
        return
    lines = list(_lines(text, header.end(), end))
    indents = [_indent(text, *line) for line in lines if text[line[0] : line[1]].strip(" ")]
    for indent in range(indents[0] if indents else 0, -1, -1):
        yield list(_block(text, lines, indent, style))


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield start and end of each line, its break left out."""
    for match in BREAK.finditer(text, start, end):
        yield start, match.start()
        start = match.end()
    if start < end:
        yield start, end


def _indent(text: str, start: int, end: int) -> int:
    line = text[start:end]
    return len(line) - len(line.lstrip(" "))


def _block(
    text: str, lines: list[tuple[int, int]], indent: int, style: str
) -> Iterator[Placed]:
    """Yield the characters of a block, its last breaks unchomped."""
    held: list[int] = []
    after_text = False
    for start, end in lines:
        first = min(start + indent, end)
        if not text[start:end].strip(" ") and end - start <= indent:
            held.append(end)
            continue
        begins_text = text[first : first + 1] not in (" ", "\t")
        joined = _filled if style == ">" and after_text and begins_text else _kept
        yield from joined(held)
        for index in range(first, end):
            yield text[index], index
        held, after_text = [end], begins_text
    yield from _kept(held)


def _kept(breaks: list[int]) -> Iterator[Placed]:
    return (("\n", index) for index in breaks)


def _filled(breaks: list[int]) -> Iterator[Placed]:
    return _kept(breaks[1:]) if len(breaks) > 1 else ((" ", index) for index in breaks)
