"""``import partner-center``: what Partner Center's service answers, and the tables that it saves.

JSON is an answer of its REST service (``items`` with ``totalCount``), of Graph's security score
(``value``), or the list of the retired DAP service; CSV is a table that the portal saved. A file is
known by its name, that of the collection or of the request, and a table by its headers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, Final

import msgspec

from tenantproof.contents import DENIED
from tenantproof.document import decode_bytes, json_problem
from tenantproof.importers.answers import SavedFile, source_files
from tenantproof.importers.base import Imported, ImportOptions, warning
from tenantproof.importers.collected import Found, snapshot_of
from tenantproof.importers.shaped import shaped
from tenantproof.importers.sheet import read_sheet, records
from tenantproof.problem import Problem, SnapshotError
from tenantproof.shape import CollectionShape, Shapes
from tenantproof.verdict import Why

# Names of requests and reports besides those of the collections, in lower case.
NAMES: Final = {
    "customers": "partnerCustomers",
    "usagebudget": "usageBudgets",
    "securityscore": "partnerSecurityScore",
    "securityscore/requirements": "partnerSecurityRequirements",
    "securityscore/customerinsights": "partnerSecurityCustomerInsights",
    "securityscore/history": "partnerSecurityScoreHistory",
    "securityalerts": "partnerSecurityAlerts",
    "administrativerelationships": "dapRelationships",
}
OWN: Final = frozenset({
    "organization", "partnerCustomers", "partnerRequests", "nonMfaCompliantPartnerPrincipals",
    "fraudEvents", "usageBudgets", "dapRelationships", "delegatedAdminRelationships",
    "delegatedAdminAccessAssignments", "delegatedAdminCustomers", "partnerSecurityScore",
    "partnerSecurityScoreHistory", "partnerSecurityRequirements", "partnerSecurityAlerts",
    "partnerSecurityCustomerInsights",
})
OF_CUSTOMER: Final = re.compile(r"(?:.*/)?customers/([^/]+)(/usagebudget)?", re.IGNORECASE)
NOT_SAID: Final = "nothing tells whether all of them were exported"
HISTORY: Final = "it is the activity log: a history, from which the present does not follow"
ALONE: Final = "leave it out, or name the file after its collection"
Part = tuple[SavedFile, list[Any], str]


def import_partner_center(source: Path, options: ImportOptions) -> Imported:
    """Return the snapshot that a folder of such files, or one of them, holds.

    Raises SnapshotError with all files that cannot be read, or where nothing is recognised;
    UsageError where the tenant or the date of the export is not known.
    """
    parts: dict[str, list[Part]] = {}
    notes: list[Problem] = []
    problems: list[Problem] = []
    for file in source_files(source):
        try:
            name, part = _part(file, options.shapes, notes)
        except SnapshotError as error:
            problems.extend(error.problems)
            continue
        if name:
            parts.setdefault(name, []).append(part)
    problems.extend(_mixed(parts, options.shapes))
    if problems:
        raise SnapshotError(problems)
    found = {name: _found(options.shapes[name], held, options.complete)
             for name, held in parts.items()}
    return snapshot_of(found, "partner-center", str(source), options, notes)


def _part(file: SavedFile, shapes: Shapes, notes: list[Problem]) -> tuple[str, Part]:
    """Return a file's collection (empty where it is not known), its records and what is amiss."""
    text = decode_bytes(file.data, file.label).strip()
    name = _named(file, shapes)
    if PurePosixPath(file.name).suffix.casefold() == ".csv":
        return _table(file, text, name, shapes, notes)
    if not file.name.casefold().endswith(".json"):
        notes.append(_unrecognised(file, "it is neither JSON nor CSV"))
        return "", (file, [], "")
    try:
        value = msgspec.json.decode(text) if text else None
    except (msgspec.DecodeError, RecursionError) as error:
        raise SnapshotError([json_problem(error, text, file.label)]) from None
    rows = value.get("value") if isinstance(value, dict) else value
    if isinstance(rows, list) and rows and isinstance(rows[0], dict) and "dapEnabled" in rows[0]:
        name = "dapRelationships"
    if not name:
        notes.append(_unrecognised(file, "its name is that of no collection and no request"))
        return "", (file, [], "")
    return name, (file, *_answer(value, shapes[name], _customer(file, name)))


def _named(file: SavedFile, shapes: Shapes) -> str:
    stem = re.sub(r"\.csv$", "", file.stem, flags=re.IGNORECASE).casefold()
    last = stem.rsplit("/", 2)
    own = {name.casefold(): name for name in shapes if name in OWN}
    for key in ("/".join(last[-2:]), last[-1]):
        if NAMES.get(key) or own.get(key):
            return NAMES.get(key) or own[key]
    return "partnerCustomers" if OF_CUSTOMER.fullmatch(stem) else ""


def _customer(file: SavedFile, name: str) -> Mapping[str, str]:
    """Return what a customer's answer does not say itself: whose budget it is."""
    of = OF_CUSTOMER.fullmatch(file.stem)
    return {"customerId": of[1]} if of and name == "usageBudgets" else {}


def _answer(
    value: Any, shape: CollectionShape, besides: Mapping[str, str]
) -> tuple[list[Any], str]:
    """Return an answer's records (its one object), and why they are not whole."""
    if value is None:
        return [], str(Why.NOT_EXPORTED)
    if isinstance(value, list):
        return value, NOT_SAID if shape.is_list else str(Why.WRONG_TYPE)
    if not isinstance(value, dict):
        return [], str(Why.WRONG_TYPE)
    if _is_error(value):
        return [], str(Why.DENIED if DENIED.search(str(value)) else Why.NOT_EXPORTED)
    key = "items" if isinstance(value.get("items"), list) else "value"
    rows = value.get(key)
    cut = str(Why.TRUNCATED) if isinstance(rows, list) and _is_cut(value, rows) else ""
    if not shape.is_list:
        return [rows if key == "value" and isinstance(rows, dict) else value], cut
    if isinstance(rows, list):
        return rows, cut
    return [{**besides, **value}], NOT_SAID


def _is_error(value: Mapping[str, Any]) -> bool:
    """Graph's error body, and Partner Center's: a code with a description in the records' place."""
    return "error" in value or {"code", "description"} <= value.keys()


def _is_cut(value: Mapping[str, Any], rows: list[Any]) -> bool:
    links = value.get("links")
    total = value.get("totalCount")
    return bool(
        value.get("@odata.nextLink") or value.get("nextLink")
        or (isinstance(links, dict) and links.get("next"))
        or (isinstance(total, int) and total > len(rows))
    )


def _table(
    file: SavedFile, text: bytes, name: str, shapes: Shapes, notes: list[Problem]
) -> tuple[str, Part]:
    sheet = read_sheet(text.decode("utf-8", "replace"))
    name = name or (sheet.collection() or "" if sheet else "")
    if sheet is None or not name or not shapes[name].is_list:
        why = HISTORY if sheet and sheet.is_history() else "its headers are those of no collection"
        notes.append(_unrecognised(file, why))
        return "", (file, [], "")
    rows, unknown = records(sheet, shapes[name])
    if unknown:
        notes.append(warning("unknown-column", "these columns were not taken in: "
                             + ", ".join(f"`{header}`" for header in unknown), file.label,
                             f"rename a column to the property of `{name}` that it holds"))
    if sheet.damaged:
        notes.append(warning("unreadable-line", f"line {sheet.damaged} has not as many cells as "
                             "the header, so that the rest was not taken in", file.label,
                             "save the table again"))
    return name, (file, rows, str(Why.TRUNCATED) if sheet.damaged else NOT_SAID)


def _unrecognised(file: SavedFile, why: str) -> Problem:
    return warning("unrecognised-file", f"this file was not taken in: {why}", file.label, ALONE)


def _mixed(parts: Mapping[str, Sequence[Part]], shapes: Shapes) -> Iterator[Problem]:
    """Several answers make one list only where each is about one customer."""
    for name, held in parts.items():
        if len(held) > 1 and not (shapes[name].is_list and all(
                OF_CUSTOMER.fullmatch(file.stem) for file, _, _ in held)):
            for file, _, _ in held[1:]:
                yield Problem("copy", f"another file holds `{name}` too", ALONE, file.label)


def _found(shape: CollectionShape, held: Sequence[Part], complete: frozenset[str]) -> Found:
    files = tuple(file for file, _, _ in held)
    rows = [row for _, own, _ in held for row in own]
    whys = [why for _, _, why in held if why]
    why = min(whys, key=lambda one: one == NOT_SAID) if whys else ""
    if why == NOT_SAID and shape.name in complete:
        why = ""
    if not rows and why:
        return Found(None, why, files)
    if shape.is_list:
        return Found(shaped(rows, shape.shape), why, files)
    return Found(shaped(rows[0], shape.shape), why, files)
