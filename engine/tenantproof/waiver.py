"""Waivers: failures that somebody has accepted, for a reason and until a day.

A waiver hides nothing: the policy is judged, the failure is told, and beside it stands who accepted
it. What cannot be read has expired, what nobody approved was never accepted. :func:`standing` is
the one place that says whether a waiver holds, and :meth:`Selector.fits` the one that says of whom
it speaks, for every command.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec import Struct

from tenantproof.attestation import A_MOMENT, END_OF_TIME, ONE_DAY, read_day

Scalar = str | int | float | bool
SOON: Final = timedelta(days=30)


class Selector(Struct, frozen=True):
    """Which subject a waiver means: one by its id, or those whose evidence has these values.

    `evidence` are pairs of a label and a value; all of them have to be there. Letters are the same
    in upper and lower case, and there are no patterns: what fits everybody cannot be written.
    """

    id: str = ""
    evidence: tuple[tuple[str, Scalar], ...] = ()

    def means(self, id: str, evidence: Mapping[str, Any]) -> bool:
        """Tell whether a subject with this id and this evidence is meant."""
        if self.id:
            return self.id.casefold() == id.casefold()
        return bool(self.evidence) and all(
            label in evidence and _is_same(value, evidence[label])
            for label, value in self.evidence
        )

    def __str__(self) -> str:
        """Return the selector as a message names it."""
        return self.id or ", ".join(f"{label}: {value}" for label, value in self.evidence)


def _is_same(wanted: Scalar, found: Any) -> bool:
    if isinstance(wanted, str) and isinstance(found, str):
        return wanted.casefold() == found.casefold()
    if isinstance(wanted, bool) or isinstance(found, bool):
        return wanted is found
    return isinstance(found, int | float) and wanted == found


class Waiver(Struct, frozen=True):
    """One waiver as it was written; `subjects` are empty where it is about the tenant as a whole.

    `line` and `column` are where it stands in `file`.
    """

    tenants: tuple[str, ...]
    policy: str
    subjects: tuple[Selector, ...] = ()
    reason: str = ""
    owner: str = ""
    approver: str = ""
    ticket: str = ""
    expires: str = ""
    file: str = ""
    line: int = 1
    column: int = 1


class Standing(Struct, frozen=True):
    """Whether a waiver holds at an instant, else why not.

    `until` is the first instant at which it no longer holds, None where its day is unreadable.
    """

    holds: bool
    why: str = ""
    until: datetime | None = None

    def is_ending(self, as_of: datetime, soon: timedelta = SOON) -> bool:
        """Tell whether it holds, and will not for longer than `soon`."""
        return self.holds and self.until is not None and self.until - as_of <= soon


def standing(waiver: Waiver, as_of: datetime) -> Standing:
    """Return whether a waiver holds at an instant; the day `expires` is the last on which it does.

    Days are those of UTC. A day that cannot be read has expired.
    """
    until = _until(waiver)
    why = next((words for refuses in REFUSALS if (words := refuses(waiver, until, as_of))), "")
    return Standing(not why, why, until)


def _until(waiver: Waiver) -> datetime | None:
    last = read_day(waiver.expires)
    if last is None:
        return None
    try:
        return last + ONE_DAY
    except OverflowError:
        return END_OF_TIME


def _unreasoned(waiver: Waiver, until: datetime | None, as_of: datetime) -> str:
    for name in ("reason", "owner", "approver", "ticket"):
        if not getattr(waiver, name).strip():
            return f"its `{name}` is blank"
    return ""


def _unreadable(waiver: Waiver, until: datetime | None, as_of: datetime) -> str:
    return f"its day `{waiver.expires}` cannot be read" if until is None else ""


def _expired(waiver: Waiver, until: datetime | None, as_of: datetime) -> str:
    if until is None or until > as_of:
        return ""
    return f"it expired after {(until - A_MOMENT).date().isoformat()}"


REFUSALS: Final[tuple[Callable[[Waiver, datetime | None, datetime], str], ...]] = (
    _unreasoned, _unreadable, _expired,
)


class Use(Struct, frozen=True):
    """What became of one waiver in one finding.

    `covers` are the ids of the failing subjects that it speaks of; `idle` are the selectors that
    fit no failing subject, and `strange` those of them that fit no subject at all. `on_tenant`
    tells that it covers a failure of the tenant as a whole.
    """

    waiver: Waiver
    standing: Standing
    covers: tuple[str, ...] = ()
    on_tenant: bool = False
    idle: tuple[Selector, ...] = ()
    strange: tuple[Selector, ...] = ()

    @property
    def is_needed(self) -> bool:
        """Whether something failed that it speaks of."""
        return bool(self.covers) or self.on_tenant


class Waivers:
    """All waivers of a run, found by tenant and policy."""

    def __init__(self, waivers: Iterable[Waiver] = ()) -> None:
        self.all = tuple(waivers)
        self._by_key: dict[tuple[str, str], list[Waiver]] = {}
        for one in self.all:
            for tenant in {name.casefold() for name in one.tenants}:
                self._by_key.setdefault((tenant, one.policy), []).append(one)

    def about(self, tenant: str, policy: str) -> tuple[Waiver, ...]:
        """Return what was written of one policy on one tenant, whether it holds or not."""
        return tuple(self._by_key.get((tenant.casefold(), policy), ()))


NO_WAIVERS: Final = Waivers()
