"""Hostile and damaged inputs end in a message, never in a traceback, a hang or a crash."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hostile import GOOD, MANIFEST, POLICIES, SNAPSHOTS, USERS

PACK = "format: 1\nid: test\nversion: 0.1.0\ntitle: A pack for tests\n"
REQUIREMENTS = """\
format: 1
source: { title: A page, url: "https://example.com/page", dated: "2026-01-01" }
requirements:
  - { id: R-1, title: Users, level: mandatory, section: One, obligation: Enable users. }
"""


@pytest.fixture
def pack(tmp_path):
    """A small pack with one policy; returns its folder and the policy's file."""
    folder = tmp_path / "pack"
    (folder / "t").mkdir(parents=True)
    (folder / "pack.yaml").write_text(PACK)
    (folder / "requirements.yaml").write_text(REQUIREMENTS)
    file = folder / "t" / "T-001-users-are-enabled.yaml"
    file.write_text(GOOD)
    return folder, file


def run(*words):
    """Run the command as a user would; 20 seconds are a hang."""
    return subprocess.run(
        [sys.executable, "-m", "tenantproof", *map(str, words)],
        capture_output=True, text=True, timeout=20, check=False, encoding="utf-8",
    )  # fmt: skip


def test_the_good_inputs_are_good(pack, tmp_path):
    """Undamaged, the pack is clean and the snapshot passes: what follows is the damage's doing."""
    folder, _ = pack
    assert (0, "") == (run("lint", folder).returncode, run("lint", folder).stderr)
    (tmp_path / "tenant.json").write_bytes(MANIFEST)
    (tmp_path / "users.json").write_bytes(USERS)
    assert run("check", tmp_path, "--pack", folder).returncode == 0


@pytest.mark.parametrize("name", POLICIES)
def test_a_damaged_policy_is_refused_with_its_place(name, pack):
    """A damaged policy file exits 2 with file, line and a help, and no traceback."""
    content, word, line = POLICIES[name]
    folder, file = pack
    file.write_bytes(content)
    ran = run("lint", folder)
    told = ran.stdout + ran.stderr
    assert (2, False) == (ran.returncode, "Traceback" in told), told
    assert word in told, told
    place = f"{file.name}:{line}:" if line else f"{file.name}"
    assert place in told, told


@pytest.mark.parametrize("name", SNAPSHOTS)
def test_a_damaged_snapshot_is_refused_or_unknown(name, pack, tmp_path):
    """A damaged snapshot exits 3 with the file's name, or leaves unknown what it hides."""
    file, content, code, word = SNAPSHOTS[name]
    folder, _ = pack
    export = tmp_path / "export"
    export.mkdir()
    (export / "users.json").write_bytes(USERS)
    manifest = json.loads(MANIFEST)
    if file.startswith("users"):
        manifest["collections"]["users"]["file"] = file
    (export / "tenant.json").write_text(json.dumps(manifest))
    (export / file).write_bytes(content)
    ran = run("check", export, "--pack", folder)
    told = ran.stdout + ran.stderr
    assert (code, False) == (ran.returncode, "Traceback" in told), told
    assert word.casefold() in told.casefold(), told


def test_there_are_sixty_and_more():
    """The collection of hostile inputs does not shrink."""
    assert len(POLICIES) + len(SNAPSHOTS) >= 60
