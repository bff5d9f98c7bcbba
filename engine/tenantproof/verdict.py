"""The words of a judgement: truth values, verdicts, severities and reasons for not knowing.

Truth is three-valued (Kleene's strong logic): ``True``, ``False`` or :class:`Unknown`. An
``Unknown`` has no truth value of its own: testing it with ``if`` raises, so that no code can
take "we do not know" for "no".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NoReturn

from msgspec import Struct


class Verdict(StrEnum):
    """One policy's verdict on one tenant (XCCDF 1.2 result words, shortened)."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"
    MANUAL = "manual"
    WAIVED = "waived"
    ERROR = "error"


class Severity(StrEnum):
    """How much a failing policy matters; listed from the most severe."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


SEVERITY_RANK: Final = {severity: rank for rank, severity in enumerate(Severity)}


def most_severe(severities: Iterable[Severity]) -> Severity:
    """Return the most severe of at least one severity."""
    return min(severities, key=SEVERITY_RANK.__getitem__)


class Why(StrEnum):
    """Why something is not known."""

    NOT_EXPORTED = "not_exported"
    DENIED = "denied"
    TRUNCATED = "truncated"
    NOT_STATED = "not_stated"
    WRONG_TYPE = "wrong_type"
    WRONG_CASE = "wrong_case"
    UNKNOWN_VALUE = "unknown_value"
    UNDECLARED = "undeclared"
    UNDETERMINED = "undetermined"
    NULL = "null"
    EXPRESSION = "expression"
    STALE = "stale"


class Reason(Struct, frozen=True, order=True):
    """One thing that would have to be known.

    ``collection`` is the collection's name (empty for a parameter), ``property`` the path of the
    property inside a record (empty for the collection as a whole) or the parameter's name, and
    ``detail`` one clause of plain words, empty when ``why`` says it all.
    """

    collection: str
    property: str
    why: Why
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value or truth that the snapshot does not settle, with the reasons."""

    reasons: tuple[Reason, ...]

    def __bool__(self) -> NoReturn:
        raise TypeError("an unknown is neither true nor false: test it with `isinstance`")

    def __reduce__(self) -> tuple[type[Unknown], tuple[tuple[Reason, ...]]]:
        """Pickle in few steps: the report of a tenant may hold thousands."""
        return Unknown, (self.reasons,)


Truth = bool | Unknown


def unknown(
    why: Why, collection: str = "", property: str = "", detail: str = ""
) -> Unknown:
    """Return an Unknown with a single reason."""
    return Unknown((Reason(collection, property, why, detail),))


def merged(unknowns: Iterable[Unknown]) -> Unknown:
    """Return one Unknown with the reasons of all, in order and without repetition."""
    each = {id(one): one for one in unknowns}.values()  # many subjects share one Unknown
    return Unknown(tuple(dict.fromkeys([r for u in each for r in u.reasons])))


def all_true(truths: Iterable[Truth]) -> Truth:
    """Kleene conjunction: false if any is false, else unknown if any is unknown, else true."""
    doubts: list[Unknown] = []
    for truth in truths:
        if truth is False:
            return False
        if isinstance(truth, Unknown):
            doubts.append(truth)
    return merged(doubts) if doubts else True


def any_true(truths: Iterable[Truth]) -> Truth:
    """Kleene disjunction: true if any is true, else unknown if any is unknown, else false."""
    doubts: list[Unknown] = []
    for truth in truths:
        if truth is True:
            return True
        if isinstance(truth, Unknown):
            doubts.append(truth)
    return merged(doubts) if doubts else False


def negated(truth: Truth) -> Truth:
    """Kleene negation."""
    return truth if isinstance(truth, Unknown) else not truth
