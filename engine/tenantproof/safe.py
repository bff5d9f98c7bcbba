"""What makes untrusted text safe for the place it goes to; one function per place.

Display names come from strangers: an escape sequence in one must not reach a terminal.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_UNSAFE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff"
    "\ufffe\uffff]"
)
_STARTS_A_FORMULA: Final = frozenset("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
_MARKDOWN: Final = re.compile(r"[\\`*_{}\[\]()!|~$]")
_SHORT: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def printable(text: str) -> str:
    r"""Return one line of text that a terminal shows and does not obey.

    Control characters (C0, C1, DEL), bidirectional controls, line separators, noncharacters and
    lone surrogates become visible escapes: ``\x1b``, ``\u202e``, ``\n``.
    """
    return _UNSAFE.sub(_escape, text)


def columns(text: str) -> int:
    """Return how many terminal columns printable text takes."""
    return len(text) if text.isascii() else sum(map(_width, text))


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    if character in _SHORT:
        return _SHORT[character]
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def for_xml(text: str) -> str:
    """Return text that XML 1.0 can hold: what it forbids becomes a visible escape.

    The writer escapes ``<``, ``&`` and quotes; lines stay lines.
    """
    return "\n".join(printable(line) for line in text.split("\n"))


def for_csv(text: str) -> str:
    """Return a cell that a spreadsheet shows as text and does not calculate.

    https://owasp.org/www-community/attacks/CSV_Injection
    """
    cell = printable(text)
    return f"'{cell}" if cell[:1] in _STARTS_A_FORMULA else cell


def for_markdown(text: str) -> str:
    """Return one line of text that Markdown shows as it is: no markup, HTML, link or mention."""
    shown = printable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKDOWN.sub(r"\\\g<0>", shown).replace("@", "@\u200b").replace("://", ":\u200b//")

