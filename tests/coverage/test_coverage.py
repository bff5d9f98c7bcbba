"""The coverage facts against a naive judge of every account and cell, on random tenants."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from random import Random

import pytest
from generate import tenant
from naive import Naive

from tenantproof.context import Context
from tenantproof.facts import coverage_demands, coverage_gap, coverage_reach, coverage_rules
from tenantproof.facts.base import value_at
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


def ours(held):
    """The engine's answers, by fact and property, then by account."""
    snapshot = load_value(
        {"format": 1, "tenant": {"id": "t", "kind": "partner"},
         "exportedAt": "2026-11-20T06:00:00Z", "collections": held}, "t", bundled_shapes())
    context = Context(snapshot, SETTINGS, AT)
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
        naive, found = Naive(held), ours(held)
        for key, how in ASKED.items():
            expected = naive.judge(**how)
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


def test_the_naive_judge_shares_no_code_with_the_engine():
    """A judge that called the engine would repeat its mistakes."""
    import naive

    assert not [value for value in vars(naive).values()
                if getattr(value, "__module__", "").startswith("tenantproof")]


# --- bugs put into the facts --------------------------------------------------------------------


def _report_only_counts(patch):
    original = coverage_rules._rule

    def wrong(policy, *more):
        if value_at(policy, "state") == "enabledForReportingButNotEnforced":
            policy.state = "enabled"
        return original(policy, *more)

    patch.setattr(coverage_rules, "_rule", wrong)


def _inclusion_beats_exclusion(patch):
    original = coverage_rules.applies
    patch.setattr(coverage_rules, "applies", lambda *a: (
        True if original(*a)[1] is True else original(*a)[0], False))


def _one_place_at_a_time(patch):
    original = coverage_gap._escape
    patch.setattr(coverage_gap, "_escape", lambda spans, inside, barred: original(
        spans, inside, barred) if len(inside) < 1 else (
            inside if all(inside & left or (t is not None and not inside & t)
                          for t, left in spans) else None))


def _trusted_is_named_only(patch):
    patch.setattr(coverage_reach, "TRUSTED_ADDRESSES", "loc-1")


def _mfa_or_device_is_mfa(patch):
    patch.setattr(coverage_demands, "requires_mfa", lambda policy, strengths: (
        "mfa" in (value_at(policy, "grantControls", "builtInControls") or [])))


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


BUGS = (
    _report_only_counts, _inclusion_beats_exclusion, _one_place_at_a_time, _trusted_is_named_only,
    _mfa_or_device_is_mfa, _block_is_nothing, _risk_is_ignored, _absent_conditions_are_null,
    _other_resources_are_forgotten, _one_client_is_enough, _missing_policies_are_no_policies,
)


@pytest.mark.parametrize("bug", BUGS)
def test_a_bug_in_the_facts_is_found(bug, monkeypatch):
    """A small wrong change shows as a difference."""
    bug(monkeypatch)
    assert next(differing(77, BUG_TENANTS), None) is not None
