"""The fact `signInSummary`: the sign-in log, folded in one pass.

Events of which different things are known are counted apart: a success that is proven to be
single-factor is not lost among those that nobody can tell of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from tenantproof.collection import Collection
from tenantproof.facts.base import (
    Columns,
    Fact,
    Inputs,
    doubt,
    from_columns,
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
KEYS, TOLD = Columns(*KEY), Columns(*KEY, *NAMES)
FLAGS: Final = ("accountEnabled", "isSynchronisationAccount", "isServiceAccount")
COUNTS: Final = (
    "successful", "singleFactor", "mfaByClaim", "multiFactor", "ropc", "deviceCode",
)
ROW: Final = (
    "id", *KEY, *NAMES, "isLegacyClient", "isPartnerTraffic", "isInWindow", "total", *COUNTS,
    "firstSeen", "lastSeen", *FLAGS,
)
AGES: Final[dict[Truth, tuple[str, ...]]] = {True: (), False: ("earlier",)}
Time = tuple[datetime, str]


class Kind(Struct, frozen=True, eq=False):
    """Events that are seen alike: what is true of each, and the counts of one alone.

    `marks` tells which of it is not known.
    """

    seen: Seen
    marks: str
    counts: Sequence[Any]


class Tally:
    """The events that agree in `KEY` and in what is known of them."""

    __slots__ = ("first", "high", "index", "kinds", "low", "no_time", "recent", "total")

    def __init__(self, index: int, first: Any, recent: Truth) -> None:
        self.index = index
        self.first = first
        self.recent = recent
        self.total = 0
        self.kinds: list[Kind] = []
        self.low: Time | None = None
        self.high: Time | None = None
        self.no_time: list[Unknown] = []

    def add(self, event: Any, kind: Kind) -> None:
        """Count an event."""
        self.total += 1
        if kind.seen is NOTHING:
            return
        self.kinds.append(kind)
        if kind.seen.successful is True:
            self._see(event)

    def _see(self, event: Any) -> None:
        at = happened(event)
        if isinstance(at, Unknown):
            self.no_time.append(at)
            return
        time = (at, event.createdDateTime)
        if self.low is None or time < self.low:
            self.low = time
        if self.high is None or time > self.high:
            self.high = time

    def counts(self) -> Sequence[Any]:
        """Return how many events there are of each sort; an Unknown where one may be of it."""
        if len(self.kinds) == 1:
            return self.kinds[0].counts
        return _counts(Counter([kind.seen for kind in self.kinds]))

    def times(self) -> tuple[Any, Any]:
        """Return the texts of the first and last success; null where there is none."""
        doubts = [success for one in self.kinds
                  if isinstance(success := one.seen.successful, Unknown)]
        if doubts or self.no_time:
            open_ = merged([*doubts, *self.no_time])
            return open_, open_
        return self.low and self.low[1], self.high and self.high[1]


def _counts(seen: Mapping[Seen, int]) -> tuple[Any, ...]:
    return tuple([_count(at, seen) for at in range(len(COUNTS))])


def _count(at: int, seen: Mapping[Seen, int]) -> Any:
    doubts = [truth for one in seen if isinstance(truth := one[at], Unknown)]
    return merged(doubts) if doubts else sum(n for one, n in seen.items() if one[at] is True)


class Kinds:
    """The kinds of events, each looked at once."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], Kind] = {}

    def of(self, event: Any) -> Kind:
        """Return the kind of an event."""
        alike = signature(event)
        found = self._known.get(alike)
        if found is None:
            one = seen(event)
            found = self._known[alike] = Kind(one, _doubtful(one), _counts({one: 1}))
        return found


def build(inputs: Inputs) -> Collection:
    """Return one record per account, application, client and kind, in the log's order."""
    log = inputs.collection(LOG)
    kinds, window = Kinds(), Window(inputs)
    tallies: dict[tuple[Any, ...], Tally] = {}
    folded = Folded()
    for index, event in enumerate(log.records):
        if is_by_user(event):
            kind, recent = kinds.of(event), window.holds(event)
            own = [folded[v] if v.__class__ is str else v for v in KEYS.values(event)]
            key = (*own, kind.marks, recent)
            tally = tallies.get(key)
            if tally is None:
                tally = tallies[key] = Tally(index, event, recent)
            tally.add(event, kind)
    people, traffic = People(inputs), Traffic(inputs.collection("organization"))
    rows = (
        (log.pointer(tally.index), _row(key, tally, traffic, people))
        for key, tally in tallies.items()
    )
    return from_columns(inputs.shape(SUMMARY), ROW, rows, log)


class Folded(dict[str, str]):
    """Texts in lower case; the same text is kept but once."""

    def __missing__(self, text: str) -> str:
        folded = text.casefold()
        self[text] = folded = text if folded == text else folded
        return folded


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


def _row(
    key: tuple[Any, ...], tally: Tally, traffic: Traffic, people: People
) -> tuple[Any, ...]:
    """Return a record's properties in the order of `ROW`."""
    told = TOLD.values(tally.first)
    _, _, client, _, access, resource, *_ = told
    return (
        "|".join([
            *[part if part.__class__ is str else _shown(part) for part in key[:-1]],
            *AGES.get(tally.recent, ("?",)),
        ]),
        *told, is_legacy(client), traffic.of(access, resource), tally.recent, tally.total,
        *tally.counts(), *tally.times(), *people.of(key[0]),
    )


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
        self._services = declared(inputs, "service_accounts")
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
    {LOG: (*KEY, *NAMES, *READ)},
)
