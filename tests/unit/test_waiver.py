"""Waivers: when they hold, of whom they speak, and what a policy comes to with them."""

from __future__ import annotations

import ast
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

import tenantproof
from tenantproof import schema
from tenantproof.building import build_policy
from tenantproof.context import Context
from tenantproof.document import load_yaml
from tenantproof.judge import judge
from tenantproof.shape import bundled_shapes
from tenantproof.snapshot import load_value
from tenantproof.waiver import Selector, Waiver, Waivers, standing

SHAPES = bundled_shapes()
AS_OF = datetime(2026, 11, 20, 6, tzinfo=UTC)
ENGINE = Path(tenantproof.__file__).parent
SIGNED = {"reason": "r", "owner": "o", "approver": "a", "ticket": "t"}


def waiver(*subjects, expires="2027-01-31", **changes):
    """A waiver of T-001 on the tenant t1."""
    return Waiver(("t1",), "T-001", tuple(map(Selector, subjects)),
                  **{**SIGNED, "expires": expires, **changes})


# --- when it holds ------------------------------------------------------------------------------


@given(st.dates(), st.datetimes(timezones=st.just(UTC)))
def test_a_waiver_holds_through_its_last_day_and_no_longer(last, instant):
    """The calendar of the standard library says the same of every day and every instant."""
    held = standing(waiver(expires=last.isoformat()), instant).holds
    assert (instant.date() <= last) is held


@given(st.text(max_size=12))
def test_what_is_no_day_has_expired(text):
    """Whatever the text: it is a day of the form 2027-01-31, or it holds at no time."""
    state = standing(waiver(expires=text), datetime.min.replace(tzinfo=UTC))
    try:
        is_day = date.fromisoformat(text).isoformat() == text
    except ValueError:
        is_day = False
    assert is_day is state.holds


@pytest.mark.parametrize("name", SIGNED)
def test_what_nobody_answers_for_does_not_hold(name):
    """A blank is no reason, no owner, no approver, no ticket."""
    assert f"its `{name}` is blank" == standing(waiver(**{name: " \n"}), AS_OF).why


def test_soon_is_before_the_end_and_not_after():
    """Something that has ended is not about to end."""
    told = [standing(waiver(expires=day), AS_OF).is_ending(AS_OF, timedelta(days=30))
            for day in ("2026-11-19", "2026-11-20", "2026-12-19", "2026-12-20")]
    assert [False, True, True, False] == told


# --- of whom it speaks --------------------------------------------------------------------------


@pytest.mark.parametrize(("written", "found", "fits"), [
    ("x", "X", True), ("x", "xy", False), ("x*", "xy", False), ("x", None, False),
    ("x", ["x"], False), (1, 1.0, True), (1, True, False), (True, True, True),
    (True, 1, False), ("1", 1, False), (False, None, False),
])
def test_evidence_fits_by_its_value(written, found, fits):
    """A text in any case, a number by what it is worth, nothing by looking alike."""
    assert fits is Selector(evidence=(("L", written),)).means("id", {"L": found})


def test_all_labels_have_to_fit_and_none_fits_nobody():
    """Two labels narrow; a selector that says nothing means nobody."""
    both = Selector(evidence=(("L", "x"), ("M", "y")))
    assert [True, False, False] == [both.means("", {"L": "x", "M": "y"}),
                                    both.means("", {"L": "x", "M": "z"}),
                                    both.means("", {"L": "x"})]
    assert not Selector().means("", {})


def _calls(name):
    """The modules in which something of this name is called."""
    found = set()
    for file in ENGINE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if called == name:
                    found.add(file.relative_to(ENGINE).as_posix())
    return found


def test_there_is_one_matching_for_all_commands():
    """Subjects are matched in one place, dates are read in one; every command comes through them.

    `waivers list` and `waivers check` ask `standing` too; nobody else looks at a day or a subject.
    """
    assert {"accepting.py"} == _calls("means")
    assert {"accepting.py", "cli/waivers.py"} == _calls("standing")
    assert {"accepting.py"} == _calls("about")
    assert {"judge.py"} == _calls("accepted") - {"reports/text.py"}
    reads = {file.relative_to(ENGINE).as_posix() for file in ENGINE.rglob("*.py")
             if "read_day(" in file.read_text(encoding="utf-8")}
    assert {"attestation.py", "waiver.py"} == reads


# --- what a policy comes to ---------------------------------------------------------------------

HEAD = """\
format: 1
id: T-001
revision: 1
title: A policy
statement: Something MUST hold.
rationale: For tests.
requirements: [R-1]
severity: medium
status: stable
{body}
report: {{ pass: fine, fail: "{{subjects}} failed ({{count}} of {{total}}).", empty: nobody }}
remediation: {{ summary: Mend it., steps: [Mend it.] }}
tests: {{ tenant: {{ collections: {{}} }}, cases: [{{ it: passes, verdict: pass }}] }}
"""
CHECKS = {
    "every": "{{ for: users, expect: every, if_empty: {empty}, that: {{ is on: "
             "{{ path: accountEnabled, equals: true }} }} }}",
    "none": "{{ for: users, expect: none, if_empty: {empty}, that: {{ is off: "
            "{{ path: accountEnabled, equals: false }} }} }}",
    "one": "{{ for: users, expect: at_least_one, if_empty: {empty}, that: {{ is on: "
           "{{ path: accountEnabled, equals: true }} }} }}",
    "count": "{{ for: users, expect: {{ at_most: 0 }}, if_empty: {empty}, that: {{ is off: "
             "{{ path: accountEnabled, equals: false }} }} }}",
    "tenant": "{{ that: {{ defaults are on: {{ path: securityDefaults.isEnabled, "
              "equals: true }} }} }}",
}


def policy(check, waivable=True):
    """A policy with this check."""
    text = HEAD.format(body=f"waivable: {str(waivable).lower()}\ncheck: {check}")
    document = load_yaml(text.encode(), "T-001.yaml")
    assert [] == schema.check(document, "policy")
    return build_policy(document, SHAPES, {})


def check(*names, empty="fail", mode="all_of"):
    """One of the checks above, or several combined."""
    texts = [CHECKS[name].format(empty=empty) for name in names]
    if len(texts) == 1:
        return texts[0]
    branches = ", ".join(f"{name}: {text}" for name, text in zip(names, texts, strict=True))
    return f"{{ {mode}: {{ {branches} }} }}"


def judged(text, states, *waivers, defaults=False, complete=True, waivable=True):
    """The finding on a tenant whose users are on, off or (None) not known."""
    users = [{"id": name, "displayName": name, **({} if on is None else {"accountEnabled": on})}
             for name, on in states.items()]
    snapshot = load_value({
        "format": 1, "tenant": {"id": "T1", "kind": "partner"},
        "exportedAt": "2026-11-20T06:00:00Z",
        "collections": {
            "users": {"data": users, "complete": complete, "reason": "truncated"},
            "securityDefaults": {"data": {"id": "s", "isEnabled": defaults}, "complete": True},
        }}, "t", SHAPES)
    built = policy(text, waivable)
    return judge(built, Context(snapshot, {}, AS_OF, waivers=Waivers(waivers)), {"T-001": built})


def verdict(*arguments, **named):
    """The verdict alone."""
    return judged(*arguments, **named).verdict.value


STATES = st.dictionaries(st.sampled_from("abcd"), st.sampled_from([True, False, None]))


@given(st.sampled_from([("every",), ("none",), ("every", "tenant"), ("every", "none")]),
       st.sampled_from(["all_of", "any_of"]), st.sampled_from(["fail", "pass", "not_applicable"]),
       STATES, st.sets(st.sampled_from("abcd")), st.booleans(), st.booleans())
def test_accepting_is_judging_as_if_the_accepted_were_in_order(
    names, mode, empty, states, accepted, defaults, complete,
):
    """With the accepted accounts switched on the policy would come to the same, but for a pass.

    So nothing else is ever accepted, and what is unknown behind a failure stays unknown. A policy
    that does not fail is not touched.
    """
    text = check(*names, empty=empty, mode=mode)
    before = verdict(text, states, defaults=defaults, complete=complete)
    mended = {name: True if name in accepted and on is False else on
              for name, on in states.items()}
    there = verdict(text, mended, defaults=defaults, complete=complete)
    expected = before if before != "fail" else {"pass": "waived"}.get(there, there)
    waivers = [waiver(*sorted(accepted))] if accepted else []
    found = judged(text, states, *waivers, defaults=defaults, complete=complete)
    assert expected == found.verdict.value
    if waivers:
        assert before == found.waived.without.value


@given(STATES, st.sets(st.sampled_from("abcd"), min_size=1))
def test_two_waivers_accept_what_one_would(states, accepted):
    """Whether one file or two, one entry or one for each subject."""
    text = check("every")
    together = verdict(text, states, waiver(*sorted(accepted)))
    assert together == verdict(text, states, *(waiver(name) for name in sorted(accepted)))


@pytest.mark.parametrize(("name", "states"), [
    ("one", {"a": False}), ("count", {"a": False}), ("tenant", {}), ("every", {}),
])
def test_a_failure_of_the_tenant_is_accepted_without_subjects_only(name, states):
    """A candidate that is not enough, a number that is too high, nobody at all."""
    text = check(name)
    assert ["fail", "fail", "waived"] == [
        verdict(text, states), verdict(text, states, waiver("a")), verdict(text, states, waiver())]


def test_a_waiver_without_subjects_never_accepts_a_subject():
    """It speaks of the tenant as a whole."""
    assert "fail" == verdict(check("every"), {"a": False}, waiver())
    assert "fail" == verdict(check("every", "tenant"), {"a": False}, waiver())


def test_a_policy_that_must_not_be_waived_is_not():
    """Whatever the file says."""
    found = judged(check("every"), {"a": False}, waiver("a"), waivable=False)
    assert ("fail", False) == (found.verdict.value, found.outcome.subjects[0].waived)


def test_a_waiver_is_for_one_tenant_and_one_policy():
    """The tenant's id in any case; nothing else."""
    other = replace(waiver("a"), tenants=("t2",)), replace(waiver("a"), policy="T-002")
    assert "fail" == verdict(check("every"), {"a": False}, *other)
    assert "waived" == verdict(check("every"), {"a": False}, waiver("a"))


def test_the_uses_say_who_is_covered_who_is_not_and_who_is_not_there():
    """One fails, one is in order, one does not exist."""
    found = judged(check("every"), {"a": False, "b": True}, waiver("a", "b", "z"))
    [use] = found.waived.uses
    assert (("a",), ["b", "z"], ["z"]) == (
        use.covers, [str(s) for s in use.idle], [str(s) for s in use.strange])
