"""Attestations: what a person has stated, dated and signed, on a question that no export answers.

An attestation counts while it holds: from its day on for as long as the policy says, and no longer
than the day that it names itself. What cannot be read has expired, what nobody signed was never
said, and two answers that contradict each other are none. :meth:`Attestations.answer` is the one
place that decides this, for every command.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import Struct

from tenantproof.language.instants import DATE, read_duration, read_instant
from tenantproof.verdict import Verdict

ANSWERS: Final = {"yes": Verdict.PASS, "no": Verdict.FAIL}
END_OF_TIME: Final = datetime.max.replace(tzinfo=UTC)
ONE_DAY: Final = timedelta(days=1)
REPLACED: Final = "a later one took its place"
A_MOMENT: Final = timedelta(microseconds=1)
Key = tuple[str, str, str, str | None]


class Proof(Struct, frozen=True):
    """What an attestation rests on: a file and its digest, or a link."""

    file: str = ""
    sha256: str = ""
    link: str = ""


class Attestation(Struct, frozen=True):
    """One statement, as it was written: dates are texts, an empty text is what was left open.

    `tenants` are ids, `subject` is the id of one subject where the policy asks for each; `line`
    and `column` are where it stands in `file`.
    """

    tenants: tuple[str, ...]
    policy: str
    question: str
    answer: str = ""
    by: str = ""
    on: str = ""
    valid_until: str | None = None
    subject: str | None = None
    evidence: Proof | None = None
    remark: str = ""
    file: str = ""
    line: int = 1
    column: int = 1

    @property
    def is_blank(self) -> bool:
        """Whether nobody has begun to fill it in."""
        return not (self.answer or self.by.strip() or self.on)


class Question(Struct, frozen=True):
    """One question, put to one tenant (or one of its subjects) by a policy."""

    tenant: str
    policy: str
    text: str
    valid_for: str
    subject: str | None = None


class Considered(Struct, frozen=True):
    """An attestation that answers a question: whether it counts, else why not.

    `until` is the first instant at which it no longer holds, None where its dates cannot be read.
    """

    attestation: Attestation
    counts: bool
    why: str = ""
    until: datetime | None = None

    @property
    def last_day(self) -> str:
        """The last day on which it holds, ``YYYY-MM-DD``; empty where its dates are unreadable."""
        return "" if self.until is None else _last_day(self.until)


class Answer(Struct, frozen=True):
    """What a question came to: pass (yes), fail (no) or manual, and what was considered for it."""

    verdict: Verdict
    considered: tuple[Considered, ...] = ()


class Attestations:
    """All attestations of a run, found by tenant, policy, question and subject."""

    def __init__(self, attestations: Iterable[Attestation] = ()) -> None:
        self.all = tuple(attestations)
        self._by_key: dict[Key, list[Attestation]] = {}
        for one in self.all:
            for tenant in {name.casefold() for name in one.tenants}:
                key = _key(tenant, one.policy, one.question, one.subject)
                self._by_key.setdefault(key, []).append(one)

    def answer(self, question: Question, as_of: datetime) -> Answer:
        """Return what is attested at an instant; without a valid answer the verdict is manual."""
        key = _key(question.tenant, question.policy, question.text, question.subject)
        considered = [_considered(a, question, as_of) for a in self._by_key.get(key, ())]
        return _settled(considered)


NONE: Final = Attestations()


def _key(tenant: str, policy: str, question: str, subject: str | None) -> Key:
    named = None if subject is None else subject.casefold()
    return tenant.casefold(), policy, plain(question), named


def plain(text: str) -> str:
    """Return a question as it is compared: a line break is a blank."""
    return " ".join(text.split())


# --- one attestation ----------------------------------------------------------------------------


def _considered(one: Attestation, question: Question, as_of: datetime) -> Considered:
    until = _until(one, question.valid_for)
    why = next((words for refuses in REFUSALS if (words := refuses(one, until, as_of))), "")
    return Considered(one, not why, why, until)


def _until(one: Attestation, valid_for: str) -> datetime | None:
    begins, span = read_day(one.on), read_duration(valid_for)
    if begins is None or span is None:
        return None
    ends = _later(begins, span)
    if one.valid_until is None:
        return ends
    last = read_day(one.valid_until)
    return None if last is None else min(ends, _later(last, ONE_DAY))


def read_day(text: str) -> datetime | None:
    """Return the first moment in UTC of a day ``YYYY-MM-DD``; None for everything else."""
    return read_instant(f"{text}T00:00:00Z") if DATE.fullmatch(text) else None


def _later(instant: datetime, span: timedelta) -> datetime:
    try:
        return instant + span
    except OverflowError:
        return END_OF_TIME


def _last_day(until: datetime) -> str:
    return (until - A_MOMENT).date().isoformat()


def _unanswered(one: Attestation, until: datetime | None, as_of: datetime) -> str:
    return "" if one.answer in ANSWERS else "it says neither yes nor no"


def _unsigned(one: Attestation, until: datetime | None, as_of: datetime) -> str:
    return "" if one.by.strip() else "nobody has signed it"


def _unreadable(one: Attestation, until: datetime | None, as_of: datetime) -> str:
    for text in (one.on, one.valid_until):
        if text is not None and read_day(text) is None:
            return f"its date `{text}` cannot be read" if text else "it has no date"
    return "how long it holds cannot be read" if until is None else ""


def _too_early(one: Attestation, until: datetime | None, as_of: datetime) -> str:
    begins = read_day(one.on)
    is_later = begins is not None and begins > as_of
    return f"it is dated {one.on}, after the instant of judging" if is_later else ""


def _expired(one: Attestation, until: datetime | None, as_of: datetime) -> str:
    is_over = until is not None and until <= as_of
    return f"it held until {_last_day(until)}" if until is not None and is_over else ""


REFUSALS: Final[tuple[Callable[[Attestation, datetime | None, datetime], str], ...]] = (
    _unanswered, _unsigned, _unreadable, _too_early, _expired,
)


# --- all that answer one question ---------------------------------------------------------------


def _settled(considered: Sequence[Considered]) -> Answer:
    valid = [c for c in considered if c.counts]
    if not valid:
        return Answer(Verdict.MANUAL, tuple(considered))
    if len({c.attestation.answer for c in valid}) > 1:
        return Answer(Verdict.MANUAL, tuple(map(_contradicted, considered)))
    latest = max(valid, key=lambda c: (c.attestation.on, c.attestation.line))
    others = (Considered(c.attestation, False, c.why or REPLACED, c.until) for c in considered
              if c is not latest)
    return Answer(ANSWERS[latest.attestation.answer], (latest, *others))


def _contradicted(one: Considered) -> Considered:
    if not one.counts:
        return one
    why = f"it says {one.attestation.answer}, and another that still holds says the opposite"
    return Considered(one.attestation, False, why, one.until)


def refused_in_vain(considered: Iterable[Considered]) -> list[Considered]:
    """Return those that do not count where no other one answers the same question either."""
    every = list(considered)
    answered = {_asked_by(c) for c in every if c.counts}
    return [c for c in every if not c.counts and _asked_by(c) not in answered]


def _asked_by(considered: Considered) -> Key:
    one = considered.attestation
    return _key("", one.policy, one.question, one.subject)
