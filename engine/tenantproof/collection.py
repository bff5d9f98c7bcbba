"""One collection of a snapshot: its records, and whether they are all there.

What a file holds is told by its content: a JSON array, a Graph response (``value``), several such
pages, NDJSON, an error body, ``null`` or nothing at all. An incomplete collection is never an
empty one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

import msgspec
from msgspec import Struct, field

from tenantproof.contents import PAGES_IN_ONE_FILE, content_of
from tenantproof.document import json_problem
from tenantproof.long_lists import OddListError
from tenantproof.plain_records import from_plain
from tenantproof.problem import SnapshotError
from tenantproof.records import (
    RecordType,
    record_type,
    settle,
    suspicious_case,
)
from tenantproof.shape import CollectionShape, Shape
from tenantproof.twins import Distinct, distinct
from tenantproof.verdict import Reason, Why


class Said(Protocol):
    """What the manifest says of a collection."""

    @property
    def complete(self) -> bool: ...
    @property
    def why(self) -> Why: ...
    @property
    def detail(self) -> str: ...
    @property
    def endpoint(self) -> str: ...
    @property
    def permission(self) -> str: ...
    @property
    def select(self) -> frozenset[str] | None: ...
    @property
    def since(self) -> str: ...
    @property
    def until(self) -> str: ...


class Collection(Struct, frozen=True):
    """A collection's records; `why` says what is missing where it is not complete.

    Where records of the same key became one, `places` are those of the records that are left among
    all that were exported, and `twins` the keys.
    """

    shape: CollectionShape
    records: Sequence[Struct] = ()
    complete: bool = False
    why: Why = Why.NOT_EXPORTED
    detail: str = ""
    endpoint: str = ""
    permission: str = ""
    since: str = ""
    until: str = ""
    reasons: tuple[Reason, ...] = field(default=())
    places: Sequence[int] | None = None
    twins: Mapping[str, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The collection's name."""
        return self.shape.name

    def doubts(self) -> tuple[Reason, ...]:
        """Return why the collection is not complete; nothing where it is."""
        if self.complete:
            return ()
        return self.reasons or (Reason(self.name, "", self.why, self.detail),)

    def pointer(self, index: int) -> str:
        """Return the RFC 6901 pointer of a record."""
        if not self.shape.is_list:
            return f"/{self.name}"
        return f"/{self.name}/{index if self.places is None else self.places[index]}"


class Unread(Sequence[Struct]):
    """Records that nothing in this run reads: they are counted, and cannot be looked at."""

    def __init__(self, count: int) -> None:
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, int) and index >= self._count:
            raise IndexError(index)
        raise RuntimeError("a bug: these records were not meant to be read")


def missing(shape: CollectionShape, why: Why = Why.NOT_EXPORTED, detail: str = "") -> Collection:
    """Return a collection of which nothing was exported."""
    return Collection(
        shape, why=why, detail=detail, endpoint=shape.endpoint, permission=shape.permission
    )


Take = Callable[[bytes, CollectionShape, Said, str], Sequence[Struct]]


def read_pages(
    shape: CollectionShape,
    pages: Sequence[tuple[str, bytes]],
    said: Said,
    take: Take | None = None,
) -> Collection:
    """Return the collection that `pages` (name and bytes of each file) hold.

    What the data show outranks what the manifest says: a link to a further page, an error body, a
    blank file or ``null`` make the collection incomplete whatever ``complete`` is. `take` makes the
    records of the JSON text of a page; `read_records` unless `count_records` is given.

    Raises SnapshotError where a page is not JSON.
    """
    parts: list[Sequence[Struct]] = []
    faults: list[tuple[Why, str]] = []
    open_links = announced = 0
    for label, data in pages:
        content = content_of(label, data, shape)
        open_links += content.more_pages
        announced = max(announced, content.announced)
        if content.why is not None:
            faults.append((content.why, content.detail))
        parts.extend((take or read_records)(raw, shape, said, label) for raw in content.raw)
    found = distinct(shape, _joined_records(parts))
    records = found.records
    if open_links >= max(1, len(pages)) and not faults:
        faults.append((Why.TRUNCATED, "a further page is linked and was not exported"))
    if len(records) < announced and not faults:
        detail = f"`@odata.count` announces {announced} records and {len(records)} came"
        faults.append((Why.TRUNCATED, detail))
    if not shape.is_list and not records and not faults and pages:
        faults.append((Why.NOT_EXPORTED, "it holds no object"))
    if not pages:
        faults.append((said.why, said.detail))
    return collected(shape, found, said, *faults[:1])


def collected(
    shape: CollectionShape, found: Distinct, said: Said, fault: tuple[Why, str] | None = None
) -> Collection:
    """Return a collection that was read: complete where the manifest says so, without a `fault`.

    A streamed log or a plain list has none: neither can hold a link or an error.
    """
    why, detail = fault or (said.why, said.detail)
    return Collection(
        shape=shape, records=found.records, places=found.places, twins=found.twins,
        complete=said.complete and fault is None, why=why,
        detail=detail,
        endpoint=said.endpoint or shape.endpoint,
        permission=said.permission or shape.permission,
        since=said.since, until=said.until,
    )


def read_lists(
    parts: Iterable[memoryview], shape: CollectionShape, said: Said, record: Shape | None
) -> Sequence[Struct]:
    """Return the records of the parts of a long list; only their number where no `record` is read.

    Raises OddListError where something is odd, which only a look at the whole file can settle.
    """
    kind = record_type(record, said.select) if record else None
    records: list[Struct] = []
    count = 0
    try:
        for raw in parts:
            if PAGES_IN_ONE_FILE.match(raw):
                raise OddListError
            if kind is None:
                count += number_of(raw)
            else:
                records.extend(_settled(_decoded(raw, kind, shape), kind))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise OddListError from None
    return Unread(count) if kind is None else records


def _joined_records(parts: Sequence[Sequence[Struct]]) -> Sequence[Struct]:
    if any(isinstance(part, Unread) for part in parts):
        return Unread(sum(len(part) for part in parts))
    return parts[0] if len(parts) == 1 else [record for part in parts for record in part]


def count_records(raw: bytes, shape: CollectionShape, said: Said, label: str) -> Sequence[Struct]:
    """Return the number of records only; SnapshotError where the text is not JSON all the same."""
    try:
        return Unread(number_of(raw) if shape.is_list else 1)
    except msgspec.ValidationError:
        return read_records(raw, shape, said, label)
    except (msgspec.DecodeError, RecursionError) as error:
        raise SnapshotError([json_problem(error, raw, label)]) from None


class _Skipped(Struct):
    """A record of which no property is read."""


def number_of(raw: bytes | memoryview) -> int:
    """Return how many records a JSON list holds; ValidationError where it holds something else."""
    return len(msgspec.json.decode(raw, type=list[_Skipped]))


def read_records(
    raw: bytes, shape: CollectionShape, said: Said, label: str, record: Shape | None = None
) -> Sequence[Struct]:
    """Return the records of a page's JSON text; `record` is their shape as far as it is read."""
    return records_of(raw, record_type(record or shape.record, said.select), shape, label)


def records_of(
    raw: bytes, kind: RecordType, shape: CollectionShape, label: str
) -> list[Struct]:
    """Return the records of JSON text, as far as their type goes; SnapshotError for no JSON."""
    records: list[Struct] | None
    try:
        records = _decoded(raw, kind, shape)
    except msgspec.ValidationError:
        records = None
    except (msgspec.DecodeError, RecursionError) as error:
        raise SnapshotError([json_problem(error, raw, label)]) from None
    if records is None:
        plain = _plain(raw, label)
        items = plain if isinstance(plain, list) and shape.is_list else [plain]
        records = [from_plain(item, kind) for item in items]
    return _settled(records, kind)


def _settled(records: list[Struct], kind: RecordType) -> list[Struct]:
    if kind.any_checked:
        settle(records, kind)
    return records


def _decoded(
    raw: bytes | memoryview, kind: RecordType, shape: CollectionShape
) -> list[Struct]:
    if kind.watched or suspicious_case(raw, frozenset(kind.null_names())):
        raise msgspec.ValidationError("every property has to be looked at by name")
    if shape.is_list:
        return msgspec.json.decode(raw, type=list[kind.struct])  # type: ignore[name-defined]  # made at run time
    return [msgspec.json.decode(raw, type=kind.struct)]


def _plain(raw: bytes, label: str) -> Any:
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError) as error:
        raise SnapshotError([json_problem(error, raw, label)]) from None
