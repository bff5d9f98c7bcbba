"""Tables that Partner Center saves as CSV: rows under the names and nesting of a collection.

The headers are matched without regard to case, blanks and punctuation: against the names in the
collection's schema (``customer.tenantId``) and the few that Partner Center uses besides.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tenantproof.shape import CollectionShape, Shape

Path = tuple[str, ...]
# Headers besides the schema's own names, as `plain` writes them. The report's header row is not
# documented: a header that is not known here is told, and its column left out.
HEADERS: Final[Mapping[str, Mapping[str, tuple[Path, ...]]]] = {
    "dapRelationships": {
        "customer": (("organizationDisplayName",),),
        "customername": (("organizationDisplayName",),),
        "companyname": (("organizationDisplayName",),),
        "microsoftid": (("customerTenantId",),),
        "tenantid": (("customerTenantId",),),
        "dapstatus": (("dapEnabled",),),
        "dap": (("dapEnabled",),),
        "lastsignin": (("lastSignInDateTime",),),
    },
    "partnerCustomers": {
        "microsoftid": (("id",), ("companyProfile", "tenantId")),
        "tenantid": (("id",), ("companyProfile", "tenantId")),
        "customertenantid": (("id",), ("companyProfile", "tenantId")),
        "companyname": (("companyProfile", "companyName"),),
        "customername": (("companyProfile", "companyName"),),
        "domain": (("companyProfile", "domain"),),
        "primarydomainname": (("companyProfile", "domain"),),
        "relationship": (("relationshipToPartner",),),
    },
}
# What tells a table: all of these headers stand in it.
SIGNS: Final = (
    ("dapRelationships", frozenset({"dapenabled"})),
    ("dapRelationships", frozenset({"dapstatus"})),
    ("dapRelationships", frozenset({"daysinactive"})),
    ("delegatedAdminRelationships", frozenset({"duration", "status", "displayname"})),
    ("partnerCustomers", frozenset({"microsoftid", "companyname"})),
)
HISTORY: Final = frozenset({"datetime", "affectedcustomer", "action", "performedby"})
TRUTH: Final = {"true": True, "yes": True, "enabled": True, "active": True,
                "false": False, "no": False, "disabled": False}
BLANK_SAYS: Final = frozenset({"daysInactive"})  # a blank there means: never used


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table's rows as cells; `damaged` is the first line that has too many or too few, or 0."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    damaged: int = 0

    def collection(self) -> str | None:
        """Return the collection that the headers tell."""
        plainly = {plain(header) for header in self.headers}
        return next((name for name, signs in SIGNS if signs <= plainly), None)

    def is_history(self) -> bool:
        """Whether it is Partner Center's activity log, which says what was, not what is."""
        return {plain(header) for header in self.headers} >= HISTORY


def plain(header: str) -> str:
    """Return a header without blanks and punctuation, in lower case."""
    return re.sub(r"[^0-9a-z@]", "", header.casefold())


def read_sheet(text: str) -> Sheet | None:
    """Return the table of a CSV file, None for what has no two columns."""
    first = text.lstrip().partition("\n")[0]
    lines = csv.reader(text.lstrip().splitlines(keepends=True), strict=True,
                       delimiter=max(",;\t", key=first.count))
    try:
        headers = tuple(next(lines, ()))
        if len(headers) < 2:
            return None
        return _sheet(headers, lines)
    except csv.Error:
        return Sheet(headers, (), lines.line_num)


def _sheet(headers: tuple[str, ...], lines: Any) -> Sheet:
    rows: list[tuple[str, ...]] = []
    try:
        for cells in lines:
            if cells and len(cells) != len(headers):
                return Sheet(headers, tuple(rows), lines.line_num)
            if cells:
                rows.append(tuple(cells))
    except csv.Error:
        return Sheet(headers, tuple(rows), lines.line_num)
    return Sheet(headers, tuple(rows))


def records(sheet: Sheet, shape: CollectionShape) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the table's rows as records, and the headers that no property has."""
    known = dict(_paths(shape.record, ()))
    extra = HEADERS.get(shape.name, {})
    places = [extra.get(plain(header)) or known.get(plain(header), ()) for header in sheet.headers]
    unknown = [header for header, paths in zip(sheet.headers, places, strict=True) if not paths]
    found: list[dict[str, Any]] = []
    for row in sheet.rows:
        record: dict[str, Any] = {}
        for cell, paths in zip(row, places, strict=True):
            for path in paths:
                _put(record, path, cell.strip(), shape.record)
        found.append(record)
    return found, unknown


def _paths(shape: Shape, above: Path) -> Iterator[tuple[str, tuple[Path, ...]]]:
    for name, child in shape.properties.items():
        path = (*above, name)
        if child.kind == "object" and child.properties:
            yield from _paths(child, path)
        elif child.kind != "list":
            yield plain("".join(path)), (path,)


def _put(record: dict[str, Any], path: Path, cell: str, shape: Shape) -> None:
    """Put a cell at its place; a blank one says nothing."""
    if not cell and path[-1] not in BLANK_SAYS:
        return
    for name in path[:-1]:
        record = record.setdefault(name, {})
        shape = shape.properties[name]
    record[path[-1]] = _typed(cell, shape.properties[path[-1]])


def _typed(cell: str, shape: Shape) -> Any:
    if shape.kind == "boolean":
        return TRUTH.get(cell.casefold(), cell)
    if shape.kind == "number" and re.fullmatch(r"\d{1,15}", cell):
        return int(cell)
    return cell
