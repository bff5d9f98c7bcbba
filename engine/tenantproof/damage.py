"""What is incomplete or damaged in a snapshot that can nevertheless be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
from msgspec import Struct, UnsetType

from tenantproof.collection import Collection
from tenantproof.facts.base import value_at
from tenantproof.json_keys import duplicate_keys
from tenantproof.manifest import Manifest
from tenantproof.problem import Problem, quoted
from tenantproof.records import shape_of
from tenantproof.snapshot import Snapshot
from tenantproof.sources import MANIFEST, Source
from tenantproof.verdict import Reason, Unknown, Why
from tenantproof.wording import WHY, in_words

MOST_PLACES: Final = 3
EXPORT_AGAIN: Final = "export the collection again"
REMEDIES: Final = {
    Why.WRONG_TYPE: "export it again, in PowerShell with `ConvertTo-Json -Depth 20`",
    Why.WRONG_CASE: "keep Microsoft Graph's own names: property names begin in lower case",
    Why.UNKNOWN_VALUE: "the schema may be older than the service: see the collection's page",
}


@dataclass(slots=True)
class _Places:
    """Where one kind of damage stands: the first pointers, and how many there are."""

    count: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, pointer: str) -> None:
        self.count += 1
        if len(self.first) < MOST_PLACES:
            self.first.append(pointer)

    def told(self) -> str:
        more = self.count - len(self.first)
        return ", ".join(self.first) + (f" and {more} more" if more else "")


def damages(snapshot: Snapshot, source: Source) -> Iterator[Problem]:
    """Yield what is incomplete or damaged, collection by collection, then file by file."""
    label = source.label(MANIFEST)
    yield from snapshot.warnings
    for name in sorted(snapshot.collections):
        collection = snapshot.collections[name]
        yield from _incomplete(collection, label)
        yield from _unfit(collection, label)
        yield from _twins(collection, label)
    yield from _duplicate_keys(source)


def _incomplete(collection: Collection, label: str) -> Iterator[Problem]:
    if collection.complete:
        return
    detail = f" ({collection.detail})" if collection.detail else ""
    asked = ", with ".join(filter(None, (collection.endpoint, collection.permission)))
    yield _warning(
        "incomplete", f"`{collection.name}` {WHY[collection.why]}{detail}",
        f"export it from {asked}" if asked else EXPORT_AGAIN, label,
    )


def _unfit(collection: Collection, label: str) -> Iterator[Problem]:
    found: dict[Reason, _Places] = {}
    for index, record in enumerate(collection.records):
        for reason, pointer in _unknowns(record, collection.pointer(index)):
            found.setdefault(reason, _Places()).add(pointer)
    for reason in sorted(found):
        yield _warning(
            reason.why.value.replace("_", "-"), f"{in_words(reason)}: {found[reason].told()}",
            REMEDIES.get(reason.why, EXPORT_AGAIN), label,
        )


def _unknowns(value: Any, pointer: str) -> Iterator[tuple[Reason, str]]:
    """Yield every Unknown that a record holds; what was not exported is none."""
    if isinstance(value, Unknown):
        for reason in value.reasons:
            yield reason, pointer
    elif isinstance(value, Struct):
        for name in shape_of(value).properties:
            found = value_at(value, name)
            if not _is_absent(found):
                yield from _unknowns(found, f"{pointer}/{name}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _unknowns(item, f"{pointer}/{index}")


def _is_absent(value: Any) -> bool:
    return isinstance(value, Unknown) and value.reasons[0].why is Why.NOT_EXPORTED


def _twins(collection: Collection, label: str) -> Iterator[Problem]:
    key = collection.shape.key
    if not key:
        return
    values = (value_at(record, key) for record in collection.records)
    counts = Counter(v.casefold() for v in values if isinstance(v, str))
    counts.update({value: count - 1 for value, count in collection.twins.items()})
    for value, count in sorted(counts.items()):
        if count > 1:
            yield _warning(
                "duplicate-id",
                f"{count} records of `{collection.name}` have the `{key}` {quoted(value)}",
                "export the collection again: a page may have been saved twice", label,
            )


def _duplicate_keys(source: Source) -> Iterator[Problem]:
    for file in _files(source):
        for pointer, key, position in duplicate_keys(source.read(file)):
            place = f"`{pointer}`" if pointer else "the outermost object"
            yield Problem(
                "duplicate-key", f"{quoted(key)} is set twice in {place}",
                "every reader takes the last one without a word: keep the right one",
                source.label(file), position, severity="warning",
            )


def _files(source: Source) -> Iterable[str]:
    manifest = msgspec.json.decode(source.read(MANIFEST), type=Manifest)
    yield MANIFEST
    for entry in manifest.collections.values():
        if isinstance(entry.file, str):
            yield entry.file
        elif not isinstance(entry.file, UnsetType):
            yield from entry.file


def _warning(rule: str, message: str, help: str, label: str) -> Problem:
    return Problem(rule, message, help, label, severity="warning")
