"""What an exporter receives for one collection: pages, statuses, and how it stores them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from builder.endpoints import BETA
from builder.names import Record

GRAPH: Final = "https://graph.microsoft.com"
DENIED: Final = {
    "error": {
        "code": "Authorization_RequestDenied",
        "message": "Insufficient privileges to complete the operation.",
    }
}
NO_PREMIUM: Final = {
    "error": {
        "code": "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
        "message": "Neither tenant is B2C or tenant doesn't have premium license",
    }
}


@dataclass(frozen=True, slots=True)
class Response:
    """One answer of a service: its HTTP status and its decoded body."""

    status: int
    body: Any


@dataclass(frozen=True, slots=True)
class Export:
    """All answers for one collection; `form` is how the exporter writes them to disk."""

    name: str
    responses: tuple[Response, ...]
    form: str = "graph"
    select: tuple[str, ...] = ()
    since: str = ""
    until: str = ""


def graph(name: str, records: Sequence[Record], select: tuple[str, ...] = ()) -> Export:
    """Return a list that came as one Graph response."""
    return paged(name, records, max(1, len(records)), select)


def paged(
    name: str, records: Sequence[Record], size: int, select: tuple[str, ...] = ()
) -> Export:
    """Return a list that came in pages of `size` records, each kept in its own file."""
    starts = range(0, max(1, len(records)), size)
    bodies = [_page(name, records[start:start + size], start + size < len(records), number)
              for number, start in enumerate(starts, start=1)]
    return Export(name, tuple(Response(200, body) for body in bodies), select=select)


def first_page(export: Export) -> Export:
    """Return the same export, broken off after its first page."""
    return replace(export, responses=export.responses[:1])


def array(name: str, records: Iterable[Record]) -> Export:
    """Return records that the exporter gathered itself and wrote as a plain list."""
    return Export(name, (Response(200, list(records)),), form="array")


def entity(name: str, record: Record) -> Export:
    """Return a single object, such as a tenant-wide policy."""
    return Export(name, (Response(200, record),), form="entity")


def lines(name: str, records: Sequence[Record], size: int, since: str, until: str) -> Export:
    """Return a log that came in pages and was written as one record per line."""
    pages = paged(name, records, size).responses
    return Export(name, pages, form="lines", since=since, until=until)


def refused(name: str, body: Record | None = None) -> Export:
    """Return a collection that the service did not let the exporter read."""
    return Export(name, (Response(403, body or DENIED),))


def not_asked(name: str) -> Export:
    """Return a collection that the exporter knows of and did not ask for."""
    return Export(name, ())


def _page(name: str, records: Sequence[Record], more: bool, number: int) -> Record:
    version = "beta" if name in BETA else "v1.0"
    page: Record = {"@odata.context": f"{GRAPH}/{version}/$metadata#{name}"}
    if more:
        page["@odata.nextLink"] = f"{GRAPH}/{version}/{name}?$skiptoken=sample-page-{number + 1}"
    return page | {"value": list(records)}
