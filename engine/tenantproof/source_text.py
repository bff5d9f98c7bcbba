"""A source text in Markdown as paragraphs with places and digests.

A paragraph is a heading, a paragraph, one item of a list, one line of a table or one fenced block.
Its place is the heading above it and its number below that heading, as in
``security-defaults/2``; the heading itself has the number 0. Front matter and comments are not
read. The digest is that of the normalised text, so that it stays the same where only markup, link
targets or line breaks change.
"""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

FRONT_MATTER: Final = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
COMMENT: Final = re.compile(r"<!--.*?-->", re.DOTALL)
HEADING: Final = re.compile(r" {0,3}#{1,6}\s+(.*?)\s*#*\s*$")
ITEM: Final = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+")
FENCE: Final = re.compile(r"\s*(```|~~~)")
QUOTE: Final = re.compile(r"\s*>\s?")
ALERT: Final = re.compile(r"\[!(NOTE|TIP|IMPORTANT|CAUTION|WARNING)\]\s*$", re.IGNORECASE)
LINK: Final = re.compile(r"!?\[([^\[\]]*)\](?:\((?:[^()]|\([^()]*\))*\)|\[[^\[\]]*\])")
TAG: Final = re.compile(r"</?[A-Za-z][^<>]*>")
MARK: Final = re.compile(r"\*+|`+|~~|(?<!\w)_+|_+(?!\w)")
QUOTES: Final = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"'})
ESCAPE: Final = re.compile(r"\\([!-/:-@\[-`{-~])")
WORD: Final = re.compile(r"\w")
NOT_OF_AN_ANCHOR: Final = re.compile(r"[^\w\- ]")


class Paragraph(Struct, frozen=True):
    """One paragraph: its `place` as `anchor/number`, its normalised text, the digest of that."""

    place: str
    text: str
    digest: str


def paragraphs(text: str) -> list[Paragraph]:
    """Return the paragraphs of a source text in order; those without a word are left out."""
    anchors: Counter[str] = Counter()
    anchor, number, found = "", 0, []
    for is_heading, raw in _blocks(_body(text)):
        plain = normalised(raw)
        if not WORD.search(plain):
            continue
        anchor, number = (_anchor(plain, anchors), 0) if is_heading else (anchor, number + 1)
        found.append(Paragraph(f"{anchor}/{number}", plain, digest_of(plain)))
    return found


def normalised(markdown: str) -> str:
    """Return Markdown as plain text in one line.

    Links and images become their text; emphasis, code marks, HTML tags and backslashes before
    punctuation go; entities and typographic quotes are resolved; white space is one blank; the
    result is in Unicode's form NFC. Capitals stay: MUST is not must.
    """
    text = TAG.sub("", markdown)
    while (shorter := LINK.sub(r"\1", text)) != text:
        text = shorter
    text = ESCAPE.sub(r"\1", MARK.sub("", text))
    text = html.unescape(text).translate(QUOTES)
    return unicodedata.normalize("NFC", " ".join(text.split()))


def digest_of(plain: str) -> str:
    """Return the digest of a normalised text, as `sha256:` and 64 hexadecimal digits."""
    return f"sha256:{hashlib.sha256(plain.encode()).hexdigest()}"


def _body(text: str) -> str:
    unix = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return COMMENT.sub("", FRONT_MATTER.sub("", unix, count=1))


def _anchor(heading: str, seen: Counter[str]) -> str:
    plain = NOT_OF_AN_ANCHOR.sub("", heading.lower()).replace(" ", "-")
    seen[plain] += 1
    return plain if seen[plain] == 1 else f"{plain}-{seen[plain] - 1}"


# --- blocks -------------------------------------------------------------------------------------


def _blocks(body: str) -> Iterator[tuple[bool, str]]:
    """Yield the blocks of a text, each with whether it is a heading."""
    held: list[str] = []
    lines = iter(body.split("\n"))
    for written in lines:
        line = _unquoted(written)
        heading = HEADING.match(line)
        if heading or _begins(line):
            yield False, "\n".join(held)
            held = []
        if heading:
            yield True, heading[1]
        elif FENCE.match(line):
            yield False, "\n".join(_fenced(line, lines))
        else:
            held.append(ITEM.sub("", line, count=1) if ITEM.match(line) else line)
    yield False, "\n".join(held)


def _begins(line: str) -> bool:
    """Tell whether a line cannot belong to the block before it."""
    return not line.strip() or bool(
        ITEM.match(line) or FENCE.match(line) or line.lstrip().startswith("|")
    )


def _unquoted(line: str) -> str:
    """Return a line without quote marks; the word of an alert ends the block before it."""
    while match := QUOTE.match(line):
        line = line[match.end() :]
    return ALERT.sub("", line)


def _fenced(opening: str, lines: Iterator[str]) -> Iterator[str]:
    mark = opening.strip()[:3]
    for line in lines:
        if line.strip().startswith(mark):
            return
        yield line
