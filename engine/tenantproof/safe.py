"""What makes untrusted text safe for the place it goes to; one function per place.

Display names come from strangers: an escape sequence in one must not reach a terminal.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_UNSAFE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_SHORT: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def printable(text: str) -> str:
    r"""Return one line of text that a terminal shows and does not obey.

    Control characters (C0, C1, DEL), bidirectional controls, line separators and lone
    surrogates become visible escapes: ``\x1b``, ``\u202e``, ``\n``.
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
