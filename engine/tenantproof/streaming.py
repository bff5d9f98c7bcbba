"""Long logs, run through in bounded memory: decoded piece by piece, as often as somebody reads.

Only NDJSON that lies in a file of its own is streamed, and only where nothing but facts reads it:
a fact runs through the records from the first to the last, a policy would have to hold them. When
the snapshot is loaded every line is looked at once, so that nothing later can turn out to be no
JSON.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator, Sequence
from typing import Any, BinaryIO, Final, NoReturn, cast

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from tenantproof.collection import number_of, records_of
from tenantproof.document import decode_bytes, json_problem
from tenantproof.problem import Position, Problem, SnapshotError
from tenantproof.records import RecordType
from tenantproof.shape import CollectionShape

LONG: Final = 4 * 2**20
"""Bytes from which on a log is streamed."""
PIECE: Final = 2**16
"""Bytes read at once: what is longer, the C library fetches from the system anew each time."""
BEGINNING: Final = 2**20
ENDINGS: Final = (".ndjson", ".jsonl", ".ndjson.gz", ".jsonl.gz")
MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

Open = Callable[[], BinaryIO]


class LogFile(Struct, frozen=True):
    """One file of a log: what messages call it, how it is opened, and how long it may grow.

    `has_blanks` tells that some lines are blank, or hold something else than a record.
    """

    label: str
    open: Open
    is_packed: bool
    most_bytes: int
    has_blanks: bool = False


def pieces(file: LogFile) -> Iterator[bytes]:
    """Yield whole lines of a file, piece by piece, without a byte-order mark.

    Raises SnapshotError where the file is damaged, or grows beyond all measure.
    """
    is_first, rest, size = True, b"", 0
    with file.open() as opened:
        stream = _unpacking(opened) if file.is_packed else opened
        while True:
            read = _read(stream, file)
            size += len(read)
            if size > file.most_bytes:
                raise SnapshotError([Problem(
                    "too-large", "this file grows beyond all measure when it is unpacked",
                    "export the file again, unpacked", file.label)])
            data = read.removeprefix(codecs.BOM_UTF8) if is_first else rest + read
            is_first = False
            cut = data.rfind(b"\n") + 1 if read else len(data)
            whole, rest = data[:cut], data[cut:]
            if whole:
                yield whole
            if not read:
                return


def _unpacking(packed: BinaryIO) -> BinaryIO:
    import gzip  # here: few snapshots hold anything that is packed

    return cast(BinaryIO, gzip.GzipFile(fileobj=packed))


def _read(stream: BinaryIO, file: LogFile) -> bytes:
    try:
        data = stream.read(PIECE)
    except (OSError, EOFError, ValueError) as error:
        raise SnapshotError([Problem(
            "damaged-archive", f"this is not whole gzip data: {error}", "export the file again",
            file.label)]) from None
    return data


def as_list(lines: bytes) -> bytes:
    """Return the JSON list of the values on these lines; each stays on its line."""
    written = [line if line.strip() else b"" for line in lines.split(b"\n")]
    first = next((n for n, line in enumerate(written) if line), None)
    if first is None:
        return b"[]"
    return b"[" + b"\n".join(
        b"," + line if line and n > first else line for n, line in enumerate(written)) + b"]"


def _joined(lines: bytes) -> bytes:
    """Return the JSON list of these lines at once; a blank line among them makes it no JSON."""
    return b"[" + lines.rstrip(b"\n").replace(b"\n", b",\n") + b"]"


class Stream(Sequence[Struct]):
    """The records of a log, decoded anew each time somebody runs through them.

    Nobody may ask for one by its place. `record` tells which properties are decoded.
    """

    def __init__(
        self, files: Sequence[LogFile], count: int, shape: CollectionShape, record: RecordType
    ) -> None:
        self._files = files
        self._count = count
        self._shape = shape
        self._record = record

    def __len__(self) -> int:
        """Return how many records there are; they were counted when the snapshot was loaded."""
        return self._count

    def __iter__(self) -> Iterator[Struct]:
        """Yield every record, in the order of the files and their lines."""
        for file in self._files:
            for lines in pieces(file):
                raw = as_list(lines) if file.has_blanks else _joined(lines)
                yield from records_of(raw, self._record, self._shape, file.label)

    def __getitem__(self, index: Any) -> NoReturn:
        """Refuse: who asks for one record was not meant to get a stream."""
        raise RuntimeError("a bug: a streamed log has no place for each record")


def looked_through(file: LogFile, seen: Callable[[bytes], None]) -> tuple[int, LogFile]:
    """Return how many records a file holds, and the file with what was found out about it.

    `seen` gets all its bytes, without a byte-order mark. Raises SnapshotError with the line where
    one is no JSON, or no UTF-8.
    """
    count, before, has_blanks = 0, 0, False
    for lines in pieces(file):
        seen(lines)
        try:
            clean = decode_bytes(lines, file.label)
            ends = lines.count(b"\n")
            number = _number(_joined(clean), ends + (not lines.endswith(b"\n")))
            has_blanks = has_blanks or number is None
            count += _counted(clean, file.label) if number is None else number
        except SnapshotError as error:
            raise SnapshotError(_moved(one, before) for one in error.problems) from None
        before += ends
    return count, replace(file, has_blanks=has_blanks)


def _number(raw: bytes, lines: int) -> int | None:
    """Return how many records JSON text holds, one a line; None where a closer look is needed."""
    try:
        found = number_of(raw)
    except (msgspec.DecodeError, RecursionError):
        return None
    return found if found == lines else None


def _counted(lines: bytes, label: str) -> int:
    """Return how many of these lines hold a value; SnapshotError for one that holds none."""
    count = 0
    for number, line in enumerate(lines.split(b"\n")):
        if line.strip():
            count += 1
            try:
                msgspec.json.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                raise SnapshotError([_moved(json_problem(error, line, label), number)]) from None
    return count


def _moved(problem: Problem, lines: int) -> Problem:
    place = problem.position
    if place is None:
        return problem
    return replace(problem, position=Position(place.line + lines, place.column), end=None)


def is_log(file: LogFile) -> bool:
    """Tell whether a file begins like lines of UTF-8: all else is read whole, as other files are.

    A single line may be the body of an error.
    """
    with file.open() as opened:
        try:
            head = (_unpacking(opened) if file.is_packed else opened).read(BEGINNING)
        except (OSError, EOFError, ValueError):
            return False
    plain = not head.startswith(MARKS) and b"\0" not in head[:4]
    return plain and b"\n" in head.strip()
