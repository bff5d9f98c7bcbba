"""Reading JSON reports back, to compare them and to put them together.

Only what is compared has a type; the rest is kept as it stands. Raises SnapshotError for what is no
report of this format.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct, field

from tenantproof.document import json_problem
from tenantproof.problem import Problem, SnapshotError
from tenantproof.reports.json_report import FORMAT

RIGHT_KIND = "name a report that `tenantproof check --output json=FILE` wrote"


class Value(Struct, frozen=True):
    """A parameter's value, and where it came from."""

    value: Any
    origin: str


class ToldSubject(Struct, frozen=True):
    """A subject as a report tells it."""

    id: str
    name: str
    verdict: str
    missing: list[str] = field(default_factory=list)


class ToldUnknown(Struct, frozen=True):
    """One thing that was not known."""

    collection: str
    property: str
    reason: str


class ToldFinding(Struct, frozen=True):
    """A finding as a report tells it."""

    policy: str
    revision: int
    title: str
    severity: str
    verdict: str
    message: str
    subjects: list[ToldSubject]
    unknowns: list[ToldUnknown]


class ToldTenant(Struct, frozen=True, rename="camel"):
    """Whose snapshot was judged."""

    id: str
    display_name: str | None = None


class ToldSnapshot(Struct, frozen=True):
    """The snapshot that was judged."""

    name: str
    tenant: ToldTenant
    digest: str


class TenantPart(Struct, frozen=True, rename="camel"):
    """One tenant of a report."""

    as_of: str
    snapshot: ToldSnapshot
    parameters: dict[str, Value]
    findings: list[ToldFinding]


class Named(Struct, frozen=True):
    """A pack, or the tool."""

    version: str
    id: str = ""
    digest: str = ""


class Told(Struct, frozen=True):
    """A whole report."""

    format: int
    tool: Named
    packs: list[Named]
    profile: str | None
    tenants: list[TenantPart]
    unreadable: list[dict[str, str]]


class Frame(Struct, frozen=True):
    """A report of which the tenants are kept as they stand."""

    format: int
    tool: dict[str, str]
    packs: list[dict[str, str]]
    profile: str | None
    parameters: dict[str, Value]
    tenants: list[msgspec.Raw]
    unreadable: list[dict[str, str]]


def read_told(data: bytes, label: str) -> Told:
    """Return a report's findings; `label` is what messages call the file."""
    told: Told = _decoded(data, label, Told)
    return told


def read_frame(data: bytes, label: str) -> Frame:
    """Return a report whose tenants are not looked into."""
    frame: Frame = _decoded(data, label, Frame)
    return frame


def _decoded(data: bytes, label: str, kind: Any) -> Any:
    try:
        found = msgspec.json.decode(data, type=kind)
    except msgspec.ValidationError as error:
        text, _, place = str(error).partition(" - at `$")
        where = place.rstrip("`").lstrip(".") or "the file"
        raise SnapshotError([Problem(
            "report", f"`{where}` is not what a report has there: {text.lower()}", RIGHT_KIND,
            file=label,
        )]) from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise SnapshotError([json_problem(error, data, label)]) from None
    if found.format != FORMAT:
        raise SnapshotError([Problem(
            "report", f"this report has format `{found.format}`",
            f"this version of tenantproof reads format {FORMAT}", file=label,
        )])
    return found
