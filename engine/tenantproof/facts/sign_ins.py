"""The fact `signInSummary`: the sign-in log, folded in one pass.

Events of which different things are known are counted apart: a success that is proven to be
single-factor is not lost among those that nobody can tell of.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from tenantproof.collection import Collection
from tenantproof.facts.base import (
    Fact,
    Inputs,
    by_key,
    doubt,
    fact,
    no_record,
    value_at,
    why_not,
)
from tenantproof.facts.lists import declared
from tenantproof.facts.sign_in_events import (
    LOG,
    NOTHING,
    READ,
    Seen,
    happened,
    is_by_user,
    is_legacy,
    read,
    seen,
    signature,
)
from tenantproof.language.instants import read_duration
from tenantproof.verdict import Truth, Unknown, Why, any_true, merged, unknown

SUMMARY: Final = "signInSummary"
KEY: Final = (
    "userId", "appId", "clientAppUsed", "isInteractive", "crossTenantAccessType",
    "resourceTenantId", "homeTenantId",
)
NAMES: Final = ("userPrincipalName", "userDisplayName", "appDisplayName")
FLAGS: Final = ("accountEnabled", "isSynchronisationAccount", "isServiceAccount")
AGES: Final[dict[Truth, tuple[str, ...]]] = {True: (), False: ("earlier",)}
COUNTS: Final = (
    "successful", "singleFactor", "mfaByClaim", "multiFactor", "ropc", "deviceCode",
)


class Tally:
    """The events that agree in `KEY` and in what is known of them."""

    def __init__(self, index: int, first: Any, recent: Truth) -> None:
        self.index = index
        self.first = first
        self.recent = recent
        self.total = 0
        self.counts = [0] * len(COUNTS)
        self.doubts: list[dict[Unknown, None]] = [{} for _ in COUNTS]
        self.times: list[tuple[datetime, str]] = []
        self.no_time: list[Unknown] = []

    def add(self, event: Any, found: Seen) -> None:
        """Count an event."""
        self.total += 1
        if found is NOTHING:
            return
        for at, truth in enumerate(found):
            if isinstance(truth, Unknown):
                self.doubts[at][truth] = None
            else:
                self.counts[at] += truth
        if found.successful is True:
            self._see(event)

    def _see(self, event: Any) -> None:
        at = happened(event)
        if isinstance(at, Unknown):
            self.no_time.append(at)
            return
        times = [*self.times, (at, read(event, "createdDateTime"))]
        self.times = [min(times), max(times)]

    def count(self, at: int) -> Any:
        """Return a count; an Unknown where an event may belong to it."""
        return merged(self.doubts[at]) if self.doubts[at] else self.counts[at]

    def time(self, at: int) -> Any:
        """Return the first (0) or last (-1) success; null where there is none."""
        doubts = [*self.doubts[0], *self.no_time]
        if doubts:
            return merged(doubts)
        return self.times[at][1] if self.times else None


def build(inputs: Inputs) -> Collection:
    """Return one record per account, application, client and kind, in the log's order."""
    log = inputs.collection(LOG)
    tenant, people = _tenant(inputs.collection("organization")), People(inputs)
    tallies: dict[tuple[Any, ...], Tally] = {}
    known: dict[tuple[Any, ...], Seen] = {}
    window = Window(inputs)
    for index, event in enumerate(log.records):
        if not is_by_user(event):
            continue
        alike = signature(event)
        found = known.get(alike) or known.setdefault(alike, seen(event))
        recent = window.holds(event)
        key = (*map(_folded, (read(event, name) for name in KEY)), _doubtful(found), recent)
        tally = tallies.get(key)
        if tally is None:
            tally = tallies[key] = Tally(index, event, recent)
        tally.add(event, found)
    rows = (
        (log.pointer(tally.index), {**_row(key, tally, tenant), **people.of(key[0])})
        for key, tally in tallies.items()
    )
    return fact(inputs.shape(SUMMARY), rows, log)


class Window:
    """The days before the judgement that `sign_in_window` asks for."""

    def __init__(self, inputs: Inputs) -> None:
        wanted = inputs.parameter("sign_in_window")
        span = read_duration(wanted) if isinstance(wanted, str) else None
        self._first = inputs.as_of if span is None else inputs.as_of - span
        self._day = self._first.date().isoformat()
        self._doubt = None if span is not None else why_not(wanted, "", "sign_in_window")

    def holds(self, event: Any) -> Truth:
        """Tell whether an event is recent enough; its day alone tells it of most."""
        if self._doubt is not None:
            return self._doubt
        text = read(event, "createdDateTime")
        if isinstance(text, str) and self._day < text[:10] < "9999" and text[10:11] == "T":
            return True
        at = happened(event)
        return at if isinstance(at, Unknown) else at >= self._first


def _doubtful(found: Seen) -> str:
    return "".join("?" if isinstance(truth, Unknown) else "-" for truth in found)


def _folded(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


def _row(key: tuple[Any, ...], tally: Tally, tenant: str | Unknown) -> Mapping[str, Any]:
    return {
        "id": "|".join([*map(_shown, key[:-1]), *AGES.get(tally.recent, ("?",))]),
        **{name: read(tally.first, name) for name in (*KEY, *NAMES)},
        "isLegacyClient": is_legacy(read(tally.first, "clientAppUsed")),
        "isPartnerTraffic": _is_partner_traffic(tally.first, tenant),
        "isInWindow": tally.recent,
        "total": tally.total,
        **{name: tally.count(at) for at, name in enumerate(COUNTS)},
        "firstSeen": tally.time(0),
        "lastSeen": tally.time(-1),
    }


def _shown(part: Any) -> str:
    if isinstance(part, Unknown):
        return "?"
    return "" if part is None else str(part)


def _tenant(organization: Collection) -> str | Unknown:
    """Return the snapshot's own tenant id, in lower case."""
    if not organization.records:
        return no_record(doubt(organization), organization.name, "id", "the tenant")
    key = value_at(organization.records[0], "id")
    return key.casefold() if isinstance(key, str) else why_not(key, organization.name, "id")


def _is_partner_traffic(event: Any, tenant: str | Unknown) -> Truth:
    kind = read(event, "crossTenantAccessType")
    if kind == "serviceProvider":
        return True
    at_provider = kind if isinstance(kind, Unknown) else False
    return any_true([_is_abroad(read(event, "resourceTenantId"), kind, tenant), at_provider])


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
        self._accounts = by_key(accounts, "id")
        self._more = doubt(accounts)
        self._services = declared(inputs, "service_accounts")

    def of(self, user: Any) -> Mapping[str, Any]:
        """Return the flags of an account by its id in lower case; a stranger has none."""
        if not isinstance(user, str):
            return dict.fromkeys(FLAGS, why_not(user, LOG, "userId"))
        found = self._accounts.get(user)
        both = [value_at(found[0], name) for name in FLAGS[:2]] if found else [
            default if self._more is None else self._more for default in (None, False)
        ]
        return dict(zip(FLAGS, [*both, self._services.contains(user)], strict=True))


FACT: Final = Fact(
    SUMMARY, (LOG, "organization", "accounts"), ("service_accounts", "sign_in_window"), build,
    {LOG: (*KEY, *NAMES, *READ)},
)
