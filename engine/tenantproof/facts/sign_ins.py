"""The fact `signInSummary`: the sign-in log, folded in one pass.

Events of which different things are known are counted apart: a success that is proven to be
single-factor is not lost among those that nobody can tell of.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from tenantproof.collection import Collection
from tenantproof.facts.base import (
    Fact,
    Inputs,
    doubt,
    from_rows,
    no_record,
    value_at,
    why_not,
)
from tenantproof.facts.lists import Lookup, declared
from tenantproof.facts.sign_in_events import LOG, is_legacy
from tenantproof.facts.sign_in_tallies import ALL_READ, COUNTS, KEY, NAMES, Tally, folded
from tenantproof.verdict import Truth, Unknown, Why, any_true, unknown

SUMMARY: Final = "signInSummary"
FLAGS: Final = ("accountEnabled", "isSynchronisationAccount", "isServiceAccount")
ROW: Final = (
    "id", *KEY, *NAMES, "isLegacyClient", "isPartnerTraffic", "isInWindow", "total", *COUNTS,
    "firstSeen", "lastSeen", *FLAGS,
)
AGES: Final[dict[Truth, tuple[str, ...]]] = {True: (), False: ("earlier",)}


def build(inputs: Inputs) -> Collection:
    """Return one record per account, application, client and kind, in the log's order."""
    log = inputs.collection(LOG)
    people, traffic = People(inputs), Traffic(inputs.collection("organization"))
    known: dict[Any, Any] = {}
    ids = Ids()
    rows = (
        (f"/{LOG}/{tally.index}",
         (ids.of(key), *_row(key[0], tally, tally.counts(known), traffic, people)))
        for key, tally in inputs.shared(folded).tallies.items()
    )
    return from_rows(inputs.shape(SUMMARY), ROW, rows, log)


def _row(
    user: Any, tally: Tally, counts: Sequence[Any], traffic: Traffic, people: People
) -> tuple[Any, ...]:
    """Return a record's properties in the order of `ROW`, but its id."""
    told = tally.told
    _, _, client, _, access, resource, *_ = told
    return (
        *told, is_legacy(client), traffic.of(access, resource), tally.recent, tally.total,
        *counts, *tally.times(), *people.of(user),
    )


class Ids:
    """The ids of records; what stands behind the user is alike in many."""

    def __init__(self) -> None:
        self._behind: dict[tuple[Any, ...], str] = {}

    def of(self, key: tuple[Any, ...]) -> str:
        """Return the id of a tally by its key: its parts, and whether it is old."""
        behind = key[1:]
        text = self._behind.get(behind)
        if text is None:
            *parts, recent = behind
            text = self._behind[behind] = "|".join(
                [*map(_shown, parts), *AGES.get(recent, ("?",))])
        return f"{_shown(key[0])}|{text}"


def _shown(part: Any) -> str:
    if part.__class__ is str:
        return str(part)
    if isinstance(part, Unknown):
        return "?"
    return "" if part is None else str(part)


def _tenant(organization: Collection) -> str | Unknown:
    """Return the snapshot's own tenant id, in lower case."""
    if not organization.records:
        return no_record(doubt(organization), organization.name, "id", "the tenant")
    key = value_at(organization.records[0], "id")
    return key.casefold() if isinstance(key, str) else why_not(key, organization.name, "id")


class Traffic:
    """Which sign-ins are a partner's, in another tenant."""

    def __init__(self, organization: Collection) -> None:
        self._tenant = _tenant(organization)
        self._known: dict[tuple[Any, Any], Truth] = {}

    def of(self, kind: Any, resource: Any) -> Truth:
        """Tell it by the type of access and by the tenant of the resource."""
        key = (kind, resource)
        if key not in self._known:
            self._known[key] = _is_partner_traffic(kind, resource, self._tenant)
        return self._known[key]


def _is_partner_traffic(kind: Any, resource: Any, tenant: str | Unknown) -> Truth:
    if kind == "serviceProvider":
        return True
    at_provider = kind if isinstance(kind, Unknown) else False
    return any_true([_is_abroad(resource, kind, tenant), at_provider])


def _is_abroad(resource: Any, kind: Any, tenant: str | Unknown) -> Truth:
    """Tell whether the resource is another tenant's; without its tenant, `none` says it is not."""
    if isinstance(resource, str) and resource:
        return tenant if isinstance(tenant, Unknown) else resource.casefold() != tenant
    if isinstance(resource, Unknown):
        return resource
    return False if kind == "none" else unknown(Why.NULL, LOG, "resourceTenantId")


class People:
    """What the tenant's accounts, and its declarations, say of who signed in."""

    def __init__(self, inputs: Inputs) -> None:
        accounts = inputs.collection("accounts")
        self._accounts = inputs.index("accounts", "id")
        self._more = doubt(accounts)
        self._services = Lookup(declared(inputs, "service_accounts"))
        self._known: dict[Any, Sequence[Any]] = {}

    def of(self, user: Any) -> Sequence[Any]:
        """Return the `FLAGS` of an account by its id in lower case; a stranger has none."""
        if user not in self._known:
            self._known[user] = self._of(user)
        return self._known[user]

    def _of(self, user: Any) -> Sequence[Any]:
        if not isinstance(user, str):
            return [why_not(user, LOG, "userId")] * len(FLAGS)
        found = self._accounts.get(user)
        both = [value_at(found[0], name) for name in FLAGS[:2]] if found else [
            default if self._more is None else self._more for default in (None, False)
        ]
        return [*both, self._services.contains(user)]


FACT: Final = Fact(
    SUMMARY, (LOG, "organization", "accounts"), ("service_accounts", "sign_in_window"), build,
    {LOG: ALL_READ},
)
