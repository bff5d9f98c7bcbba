"""What the user sees, whole: one golden file per command and outcome."""

from __future__ import annotations

import pytest

SHOWN = {
    "a-failing-tenant": ["check", "bad.json"],
    "a-guest-that-is-enabled": ["check", "guest.json", "--select", "*"],
    "a-partial-export": ["check", "partial.json"],
    "several-tenants-as-text": ["check", "good.json", "broken.json", "partial.json"],
    "several-tenants-as-json": ["check", "bad.json", "partial.json", "--output", "json"],
    "a-policy-explained": ["explain", "USR-001"],
    "a-verdict-explained": ["explain", "USR-001", "guest.json"],
    "an-unknown-explained": ["explain", "USR-001", "partial.json"],
}


@pytest.mark.parametrize("name", SHOWN)
def test_output(name, small, golden):
    """The whole output is as the golden file shows it."""
    command, *words = SHOWN[name]
    assert small.run(command, *words, "--pack", "pack").out == golden
