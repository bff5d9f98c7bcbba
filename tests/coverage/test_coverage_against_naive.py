"""The coverage facts against a naive judge of every account and cell, on random tenants."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from random import Random

import naive
import naive_who
import pytest
from generate_tenants import tenant
from naive import Naive

from tenantproof.context import Context
from tenantproof.facts import (
    coverage_accounts,
    coverage_cover,
    coverage_demands,
    coverage_gap,
    coverage_reach,
    coverage_rules,
    coverage_view,
)
from tenantproof.facts.base import value_at
from tenantproof.facts.lists import listed
from tenantproof.facts.roles import Catalogue, Holdings
from tenantproof.parameters import Setting
from tenantproof.shape import bundled_shapes
from tenantproof.snapshot import load_value
from tenantproof.verdict import Unknown

SEEDS, TENANTS = range(10), 500
BUG_TENANTS = 1_500
AT = datetime(2026, 11, 20, 6, tzinfo=UTC)
SETTINGS = {name: Setting([], "pack") for name in (
    "emergency_accounts", "service_accounts", "synchronisation_accounts")}
ASKED = {
    ("mfaCoverage", "enforced"): {},
    ("mfaCoverage", "whenActivated"): {"eligible": True},
    ("legacyAuthCoverage", "blocked"): {"legacy": True},
}


FACTS = {"mfaCoverage": ("enforced", False), "legacyAuthCoverage": ("blocked", True)}


def context_of(held):
    """A tenant as the facts see it."""
    snapshot = load_value(
        {"format": 1, "tenant": {"id": "t", "kind": "partner"},
         "exportedAt": "2026-11-20T06:00:00Z", "collections": held}, "t", bundled_shapes())
    return Context(snapshot, SETTINGS, AT)


def ours(held):
    """The engine's answers, by fact and property, then by account."""
    context = context_of(held)
    return {
        (fact, name): {
            value_at(one, "id"): None if isinstance(value_at(one, name), Unknown)
            else value_at(one, name) for one in context.collection(fact).records
        }
        for fact, name in ASKED
    }


def differing(seed, count, seen=None):
    """Yield each answer on which the two differ."""
    rng = Random(seed)
    for number in range(count):
        held = tenant(rng)
        judge, found = Naive(held), ours(held)
        for key, how in ASKED.items():
            expected = judge.judge(**how)
            if seen is not None:
                seen.update((key[1], answer) for answer in expected.values())
            if expected != found[key]:
                yield number, key, expected, found[key], held


@pytest.mark.parametrize("seed", SEEDS)
def test_the_facts_and_the_naive_judge_agree(seed):
    """Enforced, with eligible roles activated, and blocked: the same for every account."""
    seen = Counter()
    assert next(differing(seed, TENANTS, seen), None) is None
    for name in ("enforced", "whenActivated", "blocked"):
        whole = sum(n for (one, _), n in seen.items() if one == name)
        assert [a for a in (True, False, None) if seen[name, a] < whole * 0.05] == []


def reasons(held, fact):
    """By account: the policies that close all, those that leave it out, and whether all is closed.

    The policies that close all are shown where the answer needs no security defaults.
    """
    return {
        value_at(one, "id"): (
            sorted(set(one.by) - {"securityDefaults"}), [x.policy for x in one.excludedFrom],
            value_at(one, FACTS[fact][0]) is True)
        for one in context_of(held).collection(fact).records
    }


@pytest.mark.parametrize("fact", FACTS)
def test_the_reasons_and_the_naive_judge_agree(fact):
    """Each policy that is enough alone is named, and each that leaves the account out."""
    rng = Random(5)
    for _ in range(TENANTS):
        held = tenant(rng)
        judge, legacy = Naive(held), FACTS[fact][1]
        alone, out = judge.whole_by(legacy), judge.excluded(legacy)
        for account, (by, excluded, closed) in reasons(held, fact).items():
            assert out[account] == excluded
            assert alone[account] == (by if alone[account] else [])
            assert not by or closed


@pytest.mark.parametrize("fact", FACTS)
def test_an_open_account_has_a_gap_and_a_covered_one_has_none(fact):
    """Where not all is closed, one sign-in is named, unless only the policies are in doubt."""
    rng = Random(6)
    for _ in range(TENANTS):
        for one in context_of(tenant(rng)).collection(fact).records:
            answer = value_at(one, FACTS[fact][0])
            assert (answer is True) == (one.gap is None)
            assert (one.closest is None) or answer is not True


def test_the_answer_does_not_depend_on_other_accounts():
    """Accounts that are judged together get what each would get alone."""
    rng = Random(7)
    for _ in range(100):
        held = tenant(rng)
        together = ours(held)
        for user in held["users"]["data"]:
            others = {one["id"] for one in held["users"]["data"]} - {user["id"]}
            alone = ours({**held, "users": {"data": [user], "complete": True}})
            found = {key: {k: v for k, v in answers.items() if k not in others}
                     for key, answers in together.items()}
            assert found == alone


def test_the_naive_judge_shares_no_code_with_the_engine():
    """A judge that called the engine would repeat its mistakes."""
    assert not [value for module in (naive, naive_who) for value in vars(module).values()
                if (getattr(value, "__module__", None) or "").startswith("tenantproof")]


# --- bugs put into the facts --------------------------------------------------------------------


def _report_only_counts(patch):
    original = coverage_rules._is_on

    def wrong(policy):
        return value_at(policy, "state") == "enabledForReportingButNotEnforced" or original(policy)

    patch.setattr(coverage_rules, "_is_on", wrong)


def _inclusion_beats_exclusion(patch):
    patch.setattr(coverage_cover, "applies", lambda taken, left: (taken, False))


def _one_place_at_a_time(patch):
    def wrong(networks):
        spans = list(networks)
        words = sorted({word for taken, left in spans for word in (*(taken or ()), *left)})
        places = [frozenset(), *(frozenset({word}) for word in words)]
        return next((here for here in places if all(
            here & left or (taken is not None and not here & taken)
            for taken, left in spans)), None)

    patch.setattr(coverage_gap, "escape", wrong)


def _trusted_is_named_only(patch):
    patch.setattr(coverage_reach, "TRUSTED_ADDRESSES", "loc-1")


def _mfa_or_device_is_mfa(patch):
    patch.setattr(coverage_demands, "requires_mfa", lambda policy, strengths: (
        "mfa" in listed(value_at(policy, "grantControls", "builtInControls")).texts))


def _block_is_nothing(patch):
    patch.setattr(coverage_demands, "blocks", lambda policy: False)


def _risk_is_ignored(patch):
    patch.setattr(coverage_reach, "ORDINARY", coverage_reach.ORDINARY - {
        "signInRiskLevels", "userRiskLevels"})


def _absent_conditions_are_null(patch):
    patch.setattr(coverage_reach, "_unsure", lambda truths: False)


def _other_resources_are_forgotten(patch):
    original = coverage_gap._words
    patch.setattr(coverage_gap, "_words", lambda spans: (
        [w for w in original(spans) if w != coverage_gap.OTHER] or [coverage_gap.OTHER]))


def _one_client_is_enough(patch):
    patch.setattr(coverage_gap, "_spans_all", lambda span, words: any(
        coverage_gap._spans(span, word) for word in words))


def _missing_policies_are_no_policies(patch):
    patch.setattr(coverage_rules, "doubt", lambda collection: None)


def _suites_hold_no_other_application(patch):
    original = coverage_gap._kinds
    patch.setattr(coverage_gap, "_kinds", lambda *a: list(original(*a))[:1])


def _custom_roles_are_reached(patch):
    patch.setattr(Catalogue, "is_built_in", lambda self, key: True)


def _eligible_roles_are_forgotten(patch):
    patch.setattr(coverage_view, "eligible", lambda *a: Holdings({}, {}, ()))


def _members_of_groups_are_plain_accounts(patch):
    patch.setattr(coverage_accounts, "_touched", lambda sides: {})


BUGS = (
    _report_only_counts, _inclusion_beats_exclusion, _one_place_at_a_time, _trusted_is_named_only,
    _mfa_or_device_is_mfa, _block_is_nothing, _risk_is_ignored, _absent_conditions_are_null,
    _other_resources_are_forgotten, _one_client_is_enough, _missing_policies_are_no_policies,
    _suites_hold_no_other_application, _custom_roles_are_reached, _eligible_roles_are_forgotten,
    _members_of_groups_are_plain_accounts,
)


@pytest.mark.parametrize("bug", BUGS)
def test_a_bug_in_the_facts_is_found(bug, monkeypatch):
    """A small wrong change shows as a difference."""
    bug(monkeypatch)
    assert next(differing(77, BUG_TENANTS), None) is not None
