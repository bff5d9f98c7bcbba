"""Which attestations count: dates, signatures, questions, subjects, contradictions."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tenantproof.attestation import Attestation, Attestations, Question, read_day, refused_in_vain

AS_OF = datetime(2026, 11, 20, 6, tzinfo=UTC)
TENANT = "11111111-2222-4333-8444-55555555abcd"
ASKED = Question(TENANT, "ATT-001", "Is it so?", "90 days")
BASE = {"tenants": (TENANT,), "policy": "ATT-001", "question": "Is it so?", "answer": "yes",
        "by": "Ada", "on": "2026-11-01"}


def said(**changes):
    """An attestation that counts, but for these changes."""
    return Attestation(**{**BASE, **changes})


def verdict(*attestations, question=ASKED, as_of=AS_OF):
    """What a question comes to."""
    return Attestations(attestations).answer(question, as_of).verdict.value


def whys(*attestations):
    """Why each attestation does not count; empty where it does."""
    found = Attestations(attestations).answer(ASKED, AS_OF)
    return [one.why for one in found.considered]


def test_yes_passes_and_no_fails():
    """An answer that counts decides."""
    assert ["pass", "fail"] == [verdict(said()), verdict(said(answer="no"))]


def test_nothing_attested_is_manual():
    """Silence is no answer."""
    assert "manual" == verdict()


# what was written -> the last day on which it holds, and why it does not count
DATES = [
    ({"on": "2026-11-20"}, "2027-02-17", ""),
    ({"on": "2026-08-23"}, "2026-11-20", ""),
    ({"on": "2026-08-22"}, "2026-11-19", "it held until 2026-11-19"),
    ({"on": "2026-11-21"}, "2027-02-18", "it is dated 2026-11-21, after the instant of judging"),
    ({"valid_until": "2026-11-20"}, "2026-11-20", ""),
    ({"valid_until": "2026-11-19"}, "2026-11-19", "it held until 2026-11-19"),
    ({"valid_until": "2030-01-01"}, "2027-01-29", ""),
    ({"valid_until": "9999-12-31"}, "2027-01-29", ""),
    ({"on": "0001-01-01"}, "0001-03-31", "it held until 0001-03-31"),
    ({"on": "9999-12-31"}, "9999-12-31", "it is dated 9999-12-31, after the instant of judging"),
    ({"on": ""}, "", "it has no date"),
    ({"valid_until": ""}, "", "it has no date"),
    *(({"on": text}, "", f"its date `{text}` cannot be read") for text in (
        "2026-13-01", "2026-02-30", "2026-1-2", "01/11/2026", "11.01.2026", "2026-11-01T00:00:00Z",
        "20261101", "2026-W45-1", "today", "2026-11-01 ", "\u0662026-11-01",
    )),
    ({"valid_until": "2027-02-30"}, "", "its date `2027-02-30` cannot be read"),
    ({"valid_until": "never"}, "", "its date `never` cannot be read"),
    ({"by": ""}, "2027-01-29", "nobody has signed it"),
    ({"by": " \t"}, "2027-01-29", "nobody has signed it"),
    ({"answer": ""}, "2027-01-29", "it says neither yes nor no"),
]


@pytest.mark.parametrize(("changes", "last_day", "why"), DATES)
def test_an_answer_counts_while_it_holds(changes, last_day, why):
    """From its day on, for as long as the policy says and no longer than it says itself."""
    [one] = Attestations([said(**changes)]).answer(ASKED, AS_OF).considered
    assert (last_day, why, not why) == (one.last_day, one.why, one.counts)
    assert ("manual" if why else "pass") == verdict(said(**changes))


@pytest.mark.parametrize(("valid_for", "expected"), [
    ("1 day", "manual"), ("20 days", "pass"), ("P20D", "pass"), ("19 days", "manual"),
    ("0 days", "manual"), ("999999 years", "pass"), ("soon", "manual"), ("", "manual"),
])  # fmt: skip
def test_the_policy_says_how_long(valid_for, expected):
    """Made on the first of the month, judged on the morning of the twentieth."""
    question = Question(TENANT, "ATT-001", "Is it so?", valid_for)
    assert expected == verdict(said(), question=question)


MATCHES = [
    ({}, "pass"),
    ({"tenants": ("another", TENANT)}, "pass"),
    ({"tenants": (TENANT.upper(),)}, "pass"),
    ({"tenants": ()}, "manual"),
    ({"tenants": ("another",)}, "manual"),
    ({"tenants": ("*",)}, "manual"),
    ({"policy": "ATT-002"}, "manual"),
    ({"policy": "ATT-*"}, "manual"),
    ({"question": "Is it\n  so?"}, "pass"),
    ({"question": "Is it so"}, "manual"),
    ({"question": "is it so?"}, "manual"),
    ({"subject": TENANT}, "manual"),
]


@pytest.mark.parametrize(("changes", "expected"), MATCHES)
def test_an_answer_is_to_one_question_of_one_policy_on_named_tenants(changes, expected):
    """Nothing stands for all; a question that was worded anew is another."""
    assert expected == verdict(said(**changes))


@pytest.mark.parametrize(("subject", "expected"), [
    ("g-1", "pass"), ("G-1", "pass"), ("g-2", "manual"), (None, "manual"), ("", "manual"),
])  # fmt: skip
def test_an_answer_on_a_subject_is_on_that_subject_only(subject, expected):
    """Where each subject is asked about, an answer on the whole tenant says nothing."""
    question = Question(TENANT, "ATT-001", "Is it so?", "90 days", "g-1")
    assert expected == verdict(said(subject=subject), question=question)


def test_contradiction_is_no_answer():
    """Two that still hold and say the opposite: neither counts, and both are named."""
    pair = (said(), said(answer="no", by="Bob", on="2026-11-10"))
    assert ("manual", [
        "it says yes, and another that still holds says the opposite",
        "it says no, and another that still holds says the opposite",
    ]) == (verdict(*pair), whys(*pair))


@pytest.mark.parametrize("over", [
    {"on": "2026-01-01"}, {"valid_until": "2026-11-05"}, {"by": ""}, {"on": "2026-02-30"},
])  # fmt: skip
def test_what_does_not_count_contradicts_nothing(over):
    """An answer that is over leaves the other one standing."""
    assert "fail" == verdict(said(**over), said(answer="no"))


def test_the_latest_answer_is_told():
    """A renewal takes the place of what it renews, in whatever order they stand."""
    older, newer = said(on="2026-10-01"), said(on="2026-11-10", by="Bob")
    for pair in ((older, newer), (newer, older)):
        first, second = Attestations(pair).answer(ASKED, AS_OF).considered
        assert (newer, True) == (first.attestation, first.counts)
        assert ("a later one took its place", False) == (second.why, second.counts)


def test_only_what_leaves_a_question_open_is_refused_in_vain():
    """An expired answer beside one that counts needs no telling."""
    expired = said(on="2026-01-01")
    both = Attestations([expired, said()]).answer(ASKED, AS_OF).considered
    alone = Attestations([expired]).answer(ASKED, AS_OF).considered
    assert ([], [expired]) == (
        refused_in_vain(both), [one.attestation for one in refused_in_vain(alone)]
    )


def test_a_day_begins_at_midnight_utc():
    """A day is an instant, and nothing else is a day."""
    assert datetime(2026, 11, 1, tzinfo=UTC) == read_day("2026-11-01")
    assert [None, None] == [read_day("2026-11-01T10:00:00Z"), read_day("")]
