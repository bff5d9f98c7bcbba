"""The coverage facts on tenants whose answers are known: who is covered, and who is not."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tenantproof.context import Context
from tenantproof.facts.base import value_at
from tenantproof.parameters import Setting
from tenantproof.shape import bundled_shapes
from tenantproof.snapshot import load_value
from tenantproof.verdict import Unknown

VECTORS = json.loads(
    (Path(__file__).parents[1] / "data/coverage_vectors.json").read_text(encoding="utf-8"))
WORDS = {"mfa": ("mfaCoverage", "enforced", {True: "enforced", False: "not_enforced"}),
         "legacyAuth": ("legacyAuthCoverage", "blocked", {True: "blocked", False: "not_blocked"})}


def tenant_of(given):
    """A vector's tenant as a context; `groupMembers` names its group `groupId` there."""
    said = given.get("manifest", {}).get("collections", {})
    collections = {}
    for name, data in given.items():
        if name == "manifest":
            continue
        if name == "groupMembers":
            data = [{"id": one["groupId"], "members": one["members"]} for one in data]
        if not bundled_shapes()[name].is_list and isinstance(data, list):
            data = data[0]
        collections[name] = {"data": data, "complete": said.get(name, {}).get("complete", True)}
    snapshot = load_value(
        {"format": 1, "tenant": {"id": "t", "kind": "partner"},
         "exportedAt": "2026-11-20T06:00:00Z", "collections": collections},
        "vector", bundled_shapes())
    settings = {name: Setting([], "pack") for name in (
        "emergency_accounts", "service_accounts", "synchronisation_accounts")}
    return Context(snapshot, settings, datetime(2026, 11, 20, 6, tzinfo=UTC))


def answers(context, name, judged, words):
    """The answer for each account by id."""
    records = context.collection(name).records
    found = {value_at(one, "id"): value_at(one, judged) for one in records}
    return {key: "unknown" if isinstance(value, Unknown) else words[value]
            for key, value in found.items()}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_each_account_is_judged_as_expected(vector):
    """MFA and legacy clients, for every account of the tenant; a disabled one has no record."""
    context = tenant_of(vector["given"])
    for key, (name, judged, words) in WORDS.items():
        found = answers(context, name, judged, words)
        expected = {
            account: None if wanted is None else wanted[key]
            for account, wanted in vector["expected"].items() if wanted is None or key in wanted
        }
        assert expected == {account: found.get(account) for account in expected}, (
            key, vector["expected"])
