"""How two documents, or two packs, differ: field by field, entries of lists by their names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from msgspec import Struct

from tenantproof.forking.files import Files
from tenantproof.forking.merging import MISSING, Path, fields_of, same

WHOLE: Final = "the whole file"


class Difference(Struct, frozen=True):
    """One field that differs: what one side says, and the other; MISSING where it says nothing."""

    file: str
    path: Path
    one: Any
    other: Any

    @property
    def field(self) -> str:
        """The field in words."""
        return in_words(self.path)


def in_words(path: Path) -> str:
    """Return a path as a reader writes it: ``check.that.is on``, ``tests.cases.passes.verdict``."""
    if not path:
        return WHOLE
    return ".".join(str(step) for step in path)


def differences(one: Any, other: Any, file: str = "", path: Path = ()) -> Iterator[Difference]:
    """Yield what differs between two values, as deep as it can be told."""
    if same(one, other):
        return
    fields = None if one is MISSING or other is MISSING else fields_of(one, other)
    if fields is None:
        yield Difference(file, path, one, other)
        return
    for name in dict.fromkeys((*fields[0], *fields[1])):
        yield from differences(fields[0].get(name, MISSING), fields[1].get(name, MISSING), file,
                               (*path, name))


def pack_differences(one: Files, other: Files) -> Iterator[Difference]:
    """Yield what differs between two packs, file by file; a file that only one has as a whole."""
    for key in sorted({*one, *other}):
        mine, theirs = one.get(key), other.get(key)
        if mine is not None and theirs is not None:
            yield from differences(mine.value, theirs.value, theirs.name)
        elif mine is not None:
            yield Difference(mine.name, (), mine.value, MISSING)
        elif theirs is not None:
            yield Difference(theirs.name, (), MISSING, theirs.value)
