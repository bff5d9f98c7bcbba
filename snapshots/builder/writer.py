"""Turns responses into files and a manifest that says what is there and what is missing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from builder.endpoints import ENDPOINTS
from builder.exports import Export
from builder.names import EXPORTED, Record, Tenant, instant

Files = dict[str, str]


def snapshot(tenant: Tenant, exports: Iterable[Export]) -> Files:
    """Return the files of one snapshot by name: the manifest, and those of its collections."""
    files: Files = {}
    collections: Record = {}
    for export in exports:
        written = dict(_files(export)) if _state(export).get("reason") != "denied" else {}
        files.update(written)
        collections[export.name] = _entry(export, list(written))
    return {"tenant.json": _text(_manifest(tenant, collections))} | files


def _manifest(tenant: Tenant, collections: Record) -> Record:
    return {
        "format": 1,
        "tenant": {
            "id": tenant.id,
            "displayName": tenant.name,
            "kind": tenant.kind,
            "partnerType": tenant.partner_type,
            "cloud": "global",
        },
        "exportedAt": instant(EXPORTED),
        "exporter": {"name": "sample-builder", "version": "1"},
        "collections": collections,
    }


def _entry(export: Export, names: list[str]) -> Record:
    endpoint, permission = ENDPOINTS[export.name]
    entry: Record = {}
    if names:
        entry["file"] = names[0] if len(names) == 1 else names
    entry |= {"endpoint": endpoint, "permission": permission} | _state(export)
    if export.select:
        entry["select"] = list(export.select)
    if export.since:
        entry |= {"from": export.since, "to": export.until}
    return entry


def _state(export: Export) -> Record:
    """Say what statuses and links say: refused, broken off, never asked for, or all there."""
    if not export.responses:
        return {"complete": False, "reason": "not_exported"}
    if any(response.status in (401, 403) for response in export.responses):
        return {"complete": False, "reason": "denied"}
    if "@odata.nextLink" in export.responses[-1].body:
        return {"complete": False, "reason": "truncated"}
    return {"complete": True}


def _files(export: Export) -> Iterator[tuple[str, str]]:
    bodies = [response.body for response in export.responses]
    if export.form == "lines":
        yield f"{export.name}.ndjson", _lines(bodies)
        return
    if len(bodies) == 1:
        yield f"{export.name}.json", _text(bodies[0])
        return
    for number, body in enumerate(bodies, start=1):
        yield f"{export.name}-{number}.json", _text(body)


def _lines(pages: list[Record]) -> str:
    records = [record for page in pages for record in page["value"]]
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def _text(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"
