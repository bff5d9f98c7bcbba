"""The fast road through a check's subjects and the slow one: the same finding, to the last word."""

from __future__ import annotations

from functools import partial
from random import Random

import pytest
from both_judges import PARAMETERS, SHAPES, Run, a_pack
from generate import given, snapshot

from tenantproof import rows, sieve
from tenantproof.context import Context
from tenantproof.judge import judge
from tenantproof.language import expression
from tenantproof.parameters import in_force
from tenantproof.snapshot import load_value

PACKS, TENANTS = 25, 8


def findings(built, loaded, values):
    """All that is told of each policy: verdict, message, subjects, evidence, what to export."""
    told = {}
    for name, policy in built.items():
        settings = in_force({**PARAMETERS, **policy.parameters}, ("declarations", values))
        found = judge(policy, Context(loaded, settings, loaded.exported_at), built)
        told[name] = (found.verdict, found.severity, found.message, found.outcome, found.unknowns)
    return told


def nothing_certain(check, values, scope):
    """A sieve that leaves every subject to the slow road."""
    return bytes([sieve.OPEN]) * len(values)


def each_for_itself(clauses, record, scope):
    """Provers that remember nothing: each subject is asked about anew."""
    return [(one, partial(one.truth, scope=scope)) for one in clauses]


@pytest.mark.parametrize("seed", range(900, 904))
def test_both_roads_lead_to_the_same_finding(seed, monkeypatch):
    """What generated loops and expressions leave out changes nothing that a report shows."""
    rng, sieved = Random(seed), sieve.sieved
    for _ in range(PACKS):
        _, built = a_pack(rng, Run())
        for _ in range(TENANTS):
            loaded, values = load_value(snapshot(rng), "tenant", SHAPES), given(rng)
            with monkeypatch.context() as patch:
                patch.setattr(expression, "MANY", 0)
                patch.setattr(sieve, "FEW", 0)
                fast = findings(built, loaded, values)
            with monkeypatch.context() as patch:
                patch.setattr(expression, "MANY", float("inf"))
                patch.setattr(sieve, "sieved", nothing_certain)
                patch.setattr(rows, "provers", each_for_itself)
                assert findings(built, loaded, values) == fast
    assert sieve.sieved is sieved


def test_the_fast_road_is_taken(monkeypatch):
    """Most checks are answered by a generated loop, and most of its answers are certain."""
    seen = []
    original = sieve.sieved

    def watched(*asked):
        codes = original(*asked)
        seen.append(codes)
        return codes

    monkeypatch.setattr(sieve, "FEW", 0)
    monkeypatch.setattr(sieve, "sieved", watched)
    rng = Random(7)
    for _ in range(10):
        _, built = a_pack(rng, Run())
        findings(built, load_value(snapshot(rng), "tenant", SHAPES), given(rng))
    certain = [code != sieve.OPEN for codes in seen for code in codes]
    assert sum(certain) > len(certain) / 2


def test_a_loop_is_made_only_for_many_subjects(monkeypatch):
    """Each of few subjects gets a closer look; what they were counts for the next tenants."""
    made = []
    loop = sieve._loop
    monkeypatch.setattr(sieve, "_loop", lambda check: made.append(check) or loop(check))
    rng = Random(11)
    _, built = a_pack(rng, Run())
    tenants = [(load_value(snapshot(rng), "tenant", SHAPES), given(rng)) for _ in range(12)]
    findings(built, *tenants[0])
    few = len(made)
    for one in tenants:
        findings(built, *one)
    assert few < len(made)
