"""The fact `gdapUse`: whether each GDAP relationship was made use of lately."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec import Struct

from tenantproof.collection import Collection
from tenantproof.facts.base import Fact, Inputs, doubt, fact, value_at, why_not
from tenantproof.language.instants import read_duration, read_instant
from tenantproof.records import POINTER_FIELD
from tenantproof.verdict import Truth, Unknown, Why, unknown

NAME: Final = "gdapUse"
LOG: Final = "signIns"
COPIED: Final = ("id", "displayName", "customerTenantId", "customerName", "isActive", "ageDays")


def build(inputs: Inputs) -> Collection:
    """Return one record per relationship, ended ones included, in the export's order."""
    relationships = inputs.collection("gdapRelationships")
    summary = inputs.collection("signInSummary")
    visits = inputs.index("signInSummary", "resourceTenantId")
    reach = _reach(inputs, summary)
    rows = [
        (str(getattr(one, POINTER_FIELD)), _row(one, visits, reach, inputs.as_of))
        for one in relationships.records
    ]
    return fact(inputs.shape(NAME), rows, relationships)


class Reach(Struct, frozen=True):
    """How long ago a use still counts, and why an absent one proves nothing (None: it does)."""

    span: timedelta | Unknown
    blind: Unknown | None


def _reach(inputs: Inputs, summary: Collection) -> Reach:
    written = inputs.parameter("unused_after")
    found = None if isinstance(written, Unknown) else read_duration(written)
    span = written if isinstance(written, Unknown) else (
        unknown(Why.WRONG_TYPE, "", "unused_after") if found is None else found)
    missing = doubt(summary)
    if missing is None:
        missing = _somewhere(summary)
    if missing is None and isinstance(span, timedelta):
        missing = _too_short(inputs.collection("signInWindow"), span, inputs.as_of)
    return Reach(span, missing)


def _somewhere(summary: Collection) -> Unknown | None:
    """A sign-in of which nobody knows where it led may have led to any customer."""
    places = (value_at(visit, "resourceTenantId") for visit in summary.records)
    return next((place for place in places if isinstance(place, Unknown)), None)


def _too_short(window: Collection, span: timedelta, as_of: datetime) -> Unknown | None:
    """A log that begins too late, or holds but one kind of sign-in, cannot show that none was."""
    if not window.records:
        missing = doubt(window)
        return unknown(Why.UNDETERMINED, LOG) if missing is None else missing
    begun = value_at(window.records[0], "from")
    start = read_instant(begun) if isinstance(begun, str) else None
    if start is None:
        return why_not(begun, LOG, "createdDateTime")
    if start > as_of - span:
        return unknown(Why.UNDETERMINED, LOG, "", f"the log begins only on {begun[:10]}")
    silent = value_at(window.records[0], "nonInteractiveSeen")
    return silent if isinstance(silent, Unknown) else None


def _row(
    one: Struct, visits: Mapping[str, list[Struct]], reach: Reach, as_of: datetime
) -> dict[str, Any]:
    customer = value_at(one, "customerTenantId")
    found = visits.get(customer.casefold(), []) if isinstance(customer, str) else []
    seen = [at for visit in found if isinstance(at := value_at(visit, "lastSeen"), str)]
    last = max(seen, key=lambda at: (read_instant(at) or as_of, at), default=None)
    return {
        **{name: value_at(one, name) for name in COPIED},
        "lastUse": last if last or reach.blind is None else reach.blind,
        "isUsed": _used(customer, last, reach, as_of),
    }


def _used(customer: Any, last: str | None, reach: Reach, as_of: datetime) -> Truth:
    if not isinstance(customer, str):
        return why_not(customer, "delegatedAdminRelationships", "customer.tenantId")
    if isinstance(reach.span, Unknown):
        return reach.span
    at = read_instant(last) if last else None
    if at is not None and at > as_of - reach.span:
        return True
    return False if reach.blind is None else reach.blind


FACT: Final = Fact(
    NAME, ("gdapRelationships", "signInSummary", "signInWindow"), ("unused_after",), build
)
