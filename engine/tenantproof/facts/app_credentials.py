"""The fact `appCredentials`: each secret and certificate of applications and service principals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from tenantproof.collection import Collection
from tenantproof.facts.app_parts import (
    APPLICATIONS,
    ASSIGNMENTS,
    GRANTS,
    KINDS,
    PRINCIPALS,
    Given,
    credentials,
    is_expired,
    moment,
    owner_count,
    permissions,
    uses_partner_center,
)
from tenantproof.facts.base import Fact, Inputs, by_key, doubt, fact, value_at, why_not
from tenantproof.facts.spans import days_between
from tenantproof.verdict import Truth, Unknown, merged

NAME: Final = "appCredentials"
DATES: Final = ("startDateTime", "endDateTime")


class Holder(NamedTuple):
    """An application or service principal with what it asks for or was given."""

    record: Struct
    pointer: str
    kind: str
    partner_center: Truth
    permissions: Any


def build(inputs: Inputs) -> Collection:
    """Return one record per credential, those of applications first, in the export's order."""
    applications, principals = inputs.collection(APPLICATIONS), inputs.collection(PRINCIPALS)
    holders = [*_applications(applications), *_principals(inputs, applications, principals)]
    rows = [row for one in holders for row in _rows(one, inputs.as_of)]
    unread = [
        missing for one in holders for kind in KINDS
        for missing in credentials(one.record, kind).doubts
    ]
    found = fact(inputs.shape(NAME), rows, applications, principals)
    return _without(unread, found) if unread else found


def _without(unread: list[Unknown], found: Collection) -> Collection:
    """Return the fact as incomplete: some credentials could not be read."""
    reasons = tuple(dict.fromkeys((*found.doubts(), *merged(unread).reasons)))
    return replace(found, complete=False, reasons=reasons)


# --- holders -----------------------------------------------------------------------------------


def _applications(applications: Collection) -> Iterator[Holder]:
    for index, one in enumerate(applications.records):
        yield Holder(
            one, applications.pointer(index), "application",
            uses_partner_center(one), permissions(one).as_property(),
        )


def _principals(
    inputs: Inputs, applications: Collection, principals: Collection
) -> Iterator[Holder]:
    registered, more = by_key(applications, "appId"), doubt(applications)
    given = Given(inputs)
    for index, one in enumerate(principals.records):
        held = _of_principal(one, registered, more, given)
        yield Holder(one, principals.pointer(index), "servicePrincipal", *held)


def _of_principal(
    principal: Struct, registered: Mapping[str, list[Struct]], more: Unknown | None, given: Given
) -> tuple[Truth, Any]:
    """Return what the registration asks for; without one here, what the principal was given."""
    app, key = value_at(principal, "appId"), value_at(principal, "id")
    same = registered.get(app.casefold(), []) if isinstance(app, str) else []
    if same:
        return uses_partner_center(same[0]), permissions(same[0]).as_property()
    doubts = [one for one in (app, key, more) if isinstance(one, Unknown)]
    if doubts or not isinstance(key, str):
        why = merged(doubts) if doubts else why_not(key, PRINCIPALS, "id")
        return why, why
    holder = key.casefold()
    return given.reaches_partner_center(holder), given.permissions(holder).as_property()


# --- credentials -------------------------------------------------------------------------------


def _rows(holder: Holder, as_of: datetime) -> Iterator[tuple[str, Mapping[str, Any]]]:
    common = _common(holder)
    for source, kind in KINDS.items():
        for index, one in enumerate(credentials(holder.record, source).items):
            key = value_at(one, "keyId")
            row = {
                **common,
                "id": "|".join([
                    holder.kind, _shown(value_at(holder.record, "id")), kind,
                    key if isinstance(key, str) else f"#{index}",
                ]),
                "kind": kind,
                "usage": value_at(one, "usage") if kind == "certificate" else None,
                "keyId": key,
                "credentialName": value_at(one, "displayName"),
                **_dates(one, as_of),
            }
            yield f"{holder.pointer}/{source}/{index}", row


def _shown(key: Any) -> str:
    return key if isinstance(key, str) else "?"


def _common(holder: Holder) -> dict[str, Any]:
    record = holder.record
    is_principal = holder.kind == "servicePrincipal"
    return {
        "applicationId": value_at(record, "id"),
        "appId": value_at(record, "appId"),
        "displayName": value_at(record, "displayName"),
        "ownerKind": holder.kind,
        "servicePrincipalType": value_at(record, "servicePrincipalType") if is_principal else None,
        "ownerCount": owner_count(record),
        "usesPartnerCenter": holder.partner_center,
        "permissionIds": holder.permissions,
    }


def _dates(credential: Any, as_of: datetime) -> dict[str, Any]:
    start, end = (moment(credential, name) for name in DATES)
    began = why_not(None, APPLICATIONS, "startDateTime") if start is None else start
    return {
        **{name: value_at(credential, name) for name in DATES},
        "lifetimeDays": None if end is None else days_between(began, end),
        "ageDays": days_between(began, as_of),
        "daysLeft": days_between(as_of, end),
        "isExpired": is_expired(credential, as_of),
    }


FACT: Final = Fact(NAME, (APPLICATIONS, PRINCIPALS, ASSIGNMENTS, GRANTS), (), build)
