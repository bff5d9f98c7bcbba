"""Long JSON lists, read piece by piece: their text is never held whole, nor fetched at once.

A piece ends where a record does. Where that is, is guessed from how the first record begins, and
proven by the decoder: what broke off within a record or a text would be no JSON list. All that is
odd, from another encoding to one wrong type, is left to the ordinary road, which reads the file
whole and says what is wrong with it.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

PIECE: Final = 2**19
LONG: Final = 2**20
"""Bytes from which on a list is read by pieces."""
GAP: Final = 2**8
"""More than any export puts between two records."""
NAME: Final = rb'"[^"\\]+"'
SCALAR: Final = rb'(?:"(?:[^"\\]|\\.)*"|[-+.\w]+)'
FIRST: Final = re.compile(rb"\[\s*\{\s*(%b)\s*:\s*%b\s*,\s*(%b)\s*:" % (NAME, SCALAR, NAME))
BETWEEN: Final = re.compile(rb"\}\s*(,)\s*\{\s*\Z")
OPEN, CLOSE = b"[]"
Seen = Callable[[memoryview], None]


class OddListError(Exception):
    """A file is not a plain list of records that begin alike: it has to be read whole."""


class Beginning:
    """How each record of a list begins: by the names of its first two properties.

    One would not do: records within records often begin with an `id`, too.
    """

    def __init__(self, data: bytearray) -> None:
        found = FIRST.match(data)
        if found is None:
            raise OddListError
        self._name = found[1]
        self._behind = re.compile(
            rb"%b\s*:\s*%b\s*,\s*%b\s*:" % (re.escape(found[1]), SCALAR, re.escape(found[2])))

    def last(self, data: bytearray, end: int) -> int:
        """Return the offset of the comma before the last record that begins; 0 for the first."""
        at = data.rfind(self._name, 0, end)
        while at > 0:
            before = max(0, at - GAP)
            comma = BETWEEN.search(data[before:at])
            if comma is not None and self._behind.match(data, at, end):
                return before + comma.start(1)
            at = data.rfind(self._name, 0, at)
        return 0


def lists(stream: BinaryIO, seen: Seen) -> Iterator[memoryview]:
    """Yield JSON lists that hold a file's records one after the other; `seen` gets all its bytes.

    A list is to be decoded before the next is asked for: the memory is used again. A decoder that
    refuses one means the same as OddListError, which is raised for what is not cut.
    """
    data = bytearray(2 * PIECE)
    view = memoryview(data)
    held, beginning = 0, None
    while read := stream.readinto(view[held:held + PIECE]):  # type: ignore[attr-defined]  # files have it
        seen(view[held:held + read])
        held += read
        beginning = beginning or Beginning(data)
        cut = beginning.last(data, held)
        if cut:
            data[0], data[cut] = OPEN, CLOSE  # in the place of the commas before and behind
            yield _text(data, view[:cut + 1])
            data[:held - cut] = data[cut:held]
            held -= cut
        if held > PIECE:
            raise OddListError
    if beginning is None:
        raise OddListError
    data[0] = OPEN
    yield _text(data, view[:held])


def _text(data: bytearray, piece: memoryview) -> memoryview:
    """Return a piece that is UTF-8; a decoder does not look at texts that it skips."""
    if not data.isascii():
        try:
            codecs.utf_8_decode(piece, "strict", True)
        except UnicodeDecodeError:
            raise OddListError from None
    return piece
