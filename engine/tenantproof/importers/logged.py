"""One sign-in as Azure Monitor writes it, put into Microsoft Graph's spelling and shape.

A diagnostic setting writes an envelope with Graph's own object under ``properties``; the export of
a Log Analytics workspace writes the columns of a table, capitalised, objects and lists as text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from tenantproof.importers.shaped import shaped
from tenantproof.shape import CollectionShape, Shape

Row = dict[str, Any]
INTERACTIVE: Final = "signinlogs"
UNATTENDED: Final = "noninteractiveusersigninlogs"
# Categories of a diagnostic setting and tables of a workspace, in lower case.
KINDS: Final = {
    INTERACTIVE: INTERACTIVE,
    UNATTENDED: UNATTENDED,
    "aadnoninteractiveusersigninlogs": UNATTENDED,
}
# Columns of the tables that are spelled otherwise than Graph's property, in lower case.
RENAMED: Final = {
    "conditionalaccesspolicies": "appliedConditionalAccessPolicies",
    "locationdetails": "location",
    "resourceidentity": "resourceId",
}
# Columns that bear the name of a Graph property and mean something else: the country alone, and
# the log's own resource.
MISLEADING: Final = frozenset({"location", "resourceid"})
TENANTS: Final = re.compile(r"/tenants/([^/]+)/", re.IGNORECASE)
TRUTH: Final = {"true": True, "false": False}


def kind_of(row: Mapping[str, Any]) -> str:
    """Return the category of a log's row in lower case, the tables' too; empty without one."""
    low = {key.casefold(): value for key, value in row.items()}
    for name in ("type", "category"):
        said = str(low.get(name) or "").casefold()
        if said:
            return KINDS.get(said, said)
    return ""


def tenant_in(row: Mapping[str, Any]) -> str:
    """Return the tenant's id in lower case; empty where the row does not say.

    A table's ``TenantId`` is that of the workspace.
    """
    low = {key.casefold(): value for key, value in row.items()}
    named = TENANTS.search(str(low.get("resourceid") or ""))
    own = low.get("tenantid") if "properties" in low else None
    return str(low.get("aadtenantid") or (named[1] if named else own) or "").casefold()


def sign_in(row: Mapping[str, Any], shape: CollectionShape) -> Row | None:
    """Return the sign-in in Graph's shape; None where the row holds none that can be told apart.

    Whether a person took part is the row's category, where the row itself does not say.
    """
    low = {key.casefold(): value for key, value in row.items()}
    inner = untexted(low["properties"], Shape("object")) if "properties" in low else _columns(low)
    if not isinstance(inner, dict):
        return None
    known = {name.casefold(): child for name, child in shape.record.properties.items()}
    read = {key: untexted(value, known.get(key.casefold(), ANYTHING))
            for key, value in inner.items()}
    found = {key: _scalars(value, shape.record.properties.get(key, ANYTHING))
             for key, value in shaped(_said(read), shape.record).items()}
    return _of_kind(found, kind_of(row)) if isinstance(found.get("id"), str) else None


ANYTHING: Final = Shape("any")


def _columns(low: Mapping[str, Any]) -> Row:
    """Return a table's columns under Graph's names; the outcome of old rows is in two columns."""
    found = {RENAMED.get(key, key): value for key, value in low.items() if key not in MISLEADING}
    found.setdefault("createdDateTime", low.get("createddatetime") or low.get("timegenerated"))
    found.pop("createddatetime", None)
    if not found.get("status") and str(low.get("resulttype") or "").isdecimal():
        found["status"] = {"errorCode": int(str(low["resulttype"])),
                           "failureReason": low.get("resultdescription")}
    return found


def _said(row: Row) -> Row:
    """Leave out a blank where an object or a list belongs: it says nothing."""
    return {key: value for key, value in row.items() if value is not BLANK}


BLANK: Final = object()


def untexted(value: Any, shape: Shape) -> Any:
    """Return an object or list that was written as text; what is no JSON stays text."""
    if not isinstance(value, str) or shape.kind not in ("object", "list"):
        return value
    if not value.strip():
        return BLANK
    try:
        return msgspec.json.decode(value)
    except (msgspec.DecodeError, RecursionError):
        return value


def _scalars(value: Any, shape: Shape) -> Any:
    """Return numbers and truth values that were written as text, at any depth."""
    if isinstance(value, dict):
        return {key: _scalars(child, shape.properties.get(key, ANYTHING))
                for key, child in value.items()}
    if isinstance(value, list):
        return [_scalars(child, shape.items or ANYTHING) for child in value]
    if isinstance(value, str) and shape.kind == "boolean":
        return TRUTH.get(value.casefold(), value)
    if isinstance(value, str) and shape.kind == "number" and re.fullmatch(r"-?\d{1,15}", value):
        return int(value)
    return value


def _of_kind(row: Row, kind: str) -> Row:
    if kind == UNATTENDED:
        return {"isInteractive": False, "signInEventTypes": ["nonInteractiveUser"], **row}
    return {"isInteractive": True, "signInEventTypes": ["interactiveUser"], **row}
