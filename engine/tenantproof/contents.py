"""What a file of a collection holds, told by its content.

A JSON array, a Graph response (``value``), several such pages, NDJSON, an error body, ``null`` or
nothing at all.
"""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec
from msgspec import UNSET, Struct, UnsetType, field

from tenantproof.document import json_problem
from tenantproof.problem import SnapshotError
from tenantproof.shape import CollectionShape
from tenantproof.verdict import Why

PAGES_IN_ONE_FILE: Final = re.compile(rb'\[\s*\{\s*"(@odata\.(context|nextLink)|value)"')
DENIED: Final = re.compile(
    r"denied|forbidden|unauthor|premium|licen[cs]e|insufficient|permission|\b40[13]\b",
    re.IGNORECASE,
)


class Content(Struct):
    """What a file turned out to hold: the JSON text of its records, or why there are none."""

    raw: list[bytes] = field(default_factory=list)
    more_pages: int = 0
    announced: int = 0
    why: Why | None = None
    detail: str = ""


class Envelope(Struct, rename={"next_link": "@odata.nextLink", "count": "@odata.count"}):
    """A Graph response around its records, or an error body in its place."""

    value: msgspec.Raw | UnsetType = UNSET
    error: msgspec.Raw | UnsetType = UNSET
    next_link: Any = UNSET
    count: Any = UNSET


class ErrorBody(Struct):
    """The body that Graph, ARM and Partner Center send in the place of data."""

    code: Any = ""
    message: Any = ""


def content_of(label: str, data: bytes, shape: CollectionShape) -> Content:
    """Return what a file holds; SnapshotError where it is not JSON."""
    try:
        return _content(label, data, shape)
    except msgspec.ValidationError:
        raise
    except (msgspec.DecodeError, RecursionError) as error:
        raise SnapshotError([json_problem(error, data, label)]) from None


def _content(label: str, data: bytes, shape: CollectionShape) -> Content:
    stripped = data.strip() if len(data) < 4096 else data.lstrip()
    if not stripped:
        return Content(why=Why.NOT_EXPORTED, detail="its file is blank")
    if stripped == b"null":
        return Content(why=Why.NOT_EXPORTED, detail="its file holds `null`")
    if label.removesuffix(".gz").endswith((".ndjson", ".jsonl")):
        return _lines(stripped)
    if stripped.startswith(b"["):
        return _array(stripped, shape)
    if stripped.startswith(b"{"):
        return _object(stripped, shape)
    msgspec.json.decode(stripped)
    return Content(why=Why.WRONG_TYPE, detail="neither records nor a response stand in its file")


def _lines(data: bytes) -> Content:
    lines = [line for line in data.splitlines() if line.strip()]
    if len(lines) == 1:
        envelope = msgspec.json.decode(lines[0], type=Envelope) if lines[0][:1] == b"{" else None
        if envelope is not None and not isinstance(envelope.error, UnsetType):
            return _refused(envelope.error)
    return Content(raw=[b"[" + b"\n,".join(lines) + b"]"])


def _array(data: bytes, shape: CollectionShape) -> Content:
    if PAGES_IN_ONE_FILE.match(data):
        return _joined([_object(bytes(raw), shape) for raw in _raw_list(data)])
    if shape.is_list:
        return Content(raw=[data])
    items = _raw_list(data)
    if len(items) == 1:
        return Content(raw=[bytes(items[0])])
    return Content(why=Why.WRONG_TYPE, detail=f"one object was expected and {len(items)} came")


def _raw_list(data: bytes) -> list[msgspec.Raw]:
    return msgspec.json.decode(data, type=list[msgspec.Raw])


def _joined(pages: list[Content]) -> Content:
    fault = next((page for page in pages if page.why is not None), None)
    links = sum(page.more_pages for page in pages)
    return Content(
        raw=[raw for page in pages for raw in page.raw],
        more_pages=1 if links >= len(pages) else 0,
        announced=max((page.announced for page in pages), default=0),
        why=fault.why if fault else None,
        detail=fault.detail if fault else "",
    )


def _object(data: bytes, shape: CollectionShape) -> Content:
    envelope = msgspec.json.decode(data, type=Envelope)
    if not isinstance(envelope.error, UnsetType):
        return _refused(envelope.error)
    links = 0 if envelope.next_link in (UNSET, None) else 1
    if isinstance(envelope.value, UnsetType):
        return _bare(data, shape, links)
    inner = bytes(envelope.value).strip()
    if inner == b"null":
        return Content(why=Why.NOT_EXPORTED, detail="its `value` is null")
    if inner.startswith(b"["):
        content = _array(inner, shape)
        content.more_pages = max(links, content.more_pages)
        content.announced = envelope.count if isinstance(envelope.count, int) else 0
        return content
    if inner.startswith(b"{") and not shape.is_list:
        return Content(raw=[inner], more_pages=links)
    return Content(why=Why.WRONG_TYPE, detail="its `value` is not a list")


def _bare(data: bytes, shape: CollectionShape, links: int) -> Content:
    if not shape.is_list:
        return Content(raw=[data], more_pages=links)
    return Content(
        why=Why.WRONG_TYPE,
        detail="one object stands where a list was expected; a list of one that an exporter "
        "unrolled has to be put back between `[` and `]`",
    )


def _refused(error: msgspec.Raw) -> Content:
    try:
        body = msgspec.json.decode(error, type=ErrorBody)
    except msgspec.ValidationError:
        body = ErrorBody()
    code = body.code if isinstance(body.code, str) else ""
    text = f"{code} {body.message}"
    why = Why.DENIED if DENIED.search(text) else Why.NOT_EXPORTED
    return Content(why=why, detail=f"the service answered `{code or 'an error'}`")
