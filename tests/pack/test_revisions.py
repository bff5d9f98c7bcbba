"""A policy whose judged parts change without a new revision is noticed."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

JUDGED = ("applies_to", "parameters", "let", "check", "severity", "status", "waivable")


@pytest.fixture(scope="module")
def judged(pack):
    """Each policy's revision, and a digest of the parts that can change a verdict."""
    lines = []
    for name, document in sorted(pack.documents.items()):
        parts = {key: document.value.get(key) for key in JUDGED}
        text = json.dumps(parts, sort_keys=True, ensure_ascii=False)
        digest = hashlib.sha256(text.encode()).hexdigest()[:16]
        lines.append(f"{name} revision {document.value['revision']} {digest}\n")
    return "".join(lines)


def test_judged_parts_change_only_with_the_revision(judged, golden):
    """Where a digest changes, raise `revision`, tell it in CHANGELOG.md, then renew this file."""
    assert golden == judged


def test_the_changelog_names_every_raised_revision(pack):
    """A policy beyond its first revision stands in the changelog with that revision."""
    changelog = (Path(__file__).parents[2] / "CHANGELOG.md").read_text(encoding="utf-8")
    raised = [
        f"{name} revision {policy.revision}"
        for name, policy in sorted(pack.policies.items()) if policy.revision > 1
    ]
    assert [line for line in raised if line not in changelog] == []
