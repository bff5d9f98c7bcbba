"""From what a source's files turned out to hold to a snapshot: one entry for each collection.

For sources whose objects stand in files without an envelope: the format says what is whole, or
nobody does. What is not there was not exported, with the reason that the format gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from tenantproof import __version__
from tenantproof.importers.answers import SavedFile
from tenantproof.importers.base import Imported, ImportOptions, finished, refuse
from tenantproof.importers.tenant import Organization, exported_at, tenant_of_organization
from tenantproof.problem import Problem
from tenantproof.shape import Shapes
from tenantproof.verdict import Why


@dataclass(frozen=True, slots=True)
class Found:
    """What came of one collection: its records (or its one object), and why it is not whole.

    `value` is None where nothing came; `why` is a word of :class:`Why` or a sentence, empty where
    the collection is whole; `files` are the source's files.
    """

    value: Any
    why: str
    files: tuple[SavedFile, ...] = ()


def snapshot_of(
    found: Mapping[str, Found], name: str, source: str, options: ImportOptions,
    notes: Sequence[Problem],
) -> Imported:
    """Return the snapshot of what was found; `name` is that of the importer.

    Raises SnapshotError where nothing was found, UsageError where the tenant or the date is not
    known.
    """
    files = [file for one in found.values() for file in one.files]
    if not files:
        raise refuse("nothing-recognised", f"nothing that `{name}` knows was found", source,
                     "`docs/exporting.md` says what this importer reads")
    written = {
        f"{collection}.json": msgspec.json.encode(one.value)
        for collection, one in sorted(found.items()) if one.value is not None
    }
    manifest = {
        "format": 1,
        "tenant": tenant_of_organization(_organization(found), options),
        "exportedAt": exported_at(options, files),
        "exporter": {"name": f"tenantproof import {name}", "version": __version__},
        "collections": dict(_entries(found, options.shapes)),
    }
    counts = {collection: len({file.name for file in one.files})
              for collection, one in found.items()}
    return finished(manifest, written, tuple(notes), options.shapes, counts)


def _organization(found: Mapping[str, Found]) -> Organization:
    one = found.get("organization")
    value = one.value if one is not None else None
    first = value[0] if isinstance(value, list) and len(value) == 1 else value
    try:
        return msgspec.convert(first, Organization)
    except msgspec.ValidationError:
        return Organization()


def _entries(found: Mapping[str, Found], shapes: Shapes) -> Iterator[tuple[str, dict[str, Any]]]:
    for name in shapes:
        shape = shapes[name]
        if shape.is_fact:
            continue
        one = found.get(name)
        if one is None or one.value is None:
            yield name, {"endpoint": shape.endpoint, "permission": shape.permission,
                         "complete": False,
                         "reason": str(one.why or Why.NOT_EXPORTED) if one else "not_exported"}
        elif one.why:
            yield name, {"file": f"{name}.json", "complete": False, "reason": str(one.why)}
        else:
            yield name, {"file": f"{name}.json", "complete": True}
