"""Properties that nothing reads are not decoded: the same findings, and never a silent null."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenantproof.audit import audit
from tenantproof.facts.base import value_at
from tenantproof.facts.table import FACTS
from tenantproof.parameters import Setting
from tenantproof.pruning import pruned, records_read
from tenantproof.records import record_type
from tenantproof.shape import bundled_shapes
from tenantproof.snapshot import load
from tenantproof.sources import open_source

SHAPES = bundled_shapes()
SAMPLES = sorted(Path(__file__).parents[2].glob("snapshots/*/tenant.json"))
SETTINGS = {
    name: Setting(value, "declarations") for name, value in {
        "emergency_accounts": [], "service_accounts": [], "synchronisation_accounts": [],
        "sign_in_window": "30 days", "unused_after": "90 days", "partner_applications": [],
    }.items()
}


def findings(file, policies, needed):
    """What is told of each policy when only what is `needed` is read."""
    snapshot = load(open_source(str(file.parent)), SHAPES, needed)
    told = audit(snapshot, list(policies.values()), policies, SETTINGS)
    assert not told.crashes
    return [(f.policy.id, f.verdict, f.severity, f.message, f.outcome, f.unknowns, f.second)
            for f in told.findings]


@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: file.parent.name)
def test_pruned_records_lead_to_the_same_findings(file, pack):
    """Verdicts, subjects, evidence and reasons are those of a run that decodes everything."""
    needed = records_read(pack.policies.values(), SHAPES)

    whole, some = (findings(file, pack.policies, one) for one in (None, needed))

    assert whole == some


def test_a_collection_that_a_policy_names_is_kept_whole(pack):
    """Only what facts alone read is pruned: a policy may show any property."""
    needed = records_read(pack.policies.values(), SHAPES)

    assert needed["users"] is SHAPES["users"].record
    assert "userAgent" in needed["signIns"].unread


def test_a_pruned_property_raises_when_it_is_looked_at():
    """What was not decoded must never be taken for null or for not exported."""
    shape = pruned(SHAPES["signIns"].record, frozenset({("status", "errorCode"), ("id",)}))
    record = record_type(shape).struct(id="e")

    assert list(shape.properties) == ["id", "status"]
    assert list(shape.properties["status"].properties) == ["errorCode"]
    with pytest.raises(RuntimeError):
        value_at(record, "userAgent")


@pytest.mark.parametrize("fact", [one for one in FACTS.values() if one.reads], ids=lambda f: f.name)
def test_what_a_fact_reads_is_in_the_schema(fact):
    """A misspelt path would leave out a property that the fact reads."""
    for name, paths in fact.reads.items():
        assert name in fact.collections
        for path in paths:
            shape = SHAPES[name].record
            for step in path.split("."):
                shape = shape.properties[step].items or shape.properties[step]
