"""The progress line: on a terminal's standard error, and nowhere else."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from small import manifest

pty = pytest.importorskip("pty", reason="terminals are made by POSIX systems only")


def snapshots(small):
    """Write five snapshots with a tenant of its own each."""
    small.path("many").mkdir()
    for number in range(5):
        value = manifest()
        value["tenant"]["id"] = f"11111111-2222-4333-8444-{number:012}"
        small.path(f"many/{number}.json").write_text(json.dumps(value), encoding="utf-8")


def on_a_terminal(small, term, *names):
    """Run `check` with a terminal as standard error; returns what it showed."""
    ours, theirs = pty.openpty()
    subprocess.run(
        [sys.executable, "-m", "tenantproof", "check", *names, "--pack", "pack", "--output",
         "json=out.json"], cwd=small.folder, stderr=theirs, timeout=60, check=False,
        stdin=subprocess.DEVNULL, env=small.environment({"TERM": term}))
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 65536):
            shown += piece
    except OSError:
        pass  # this is how a terminal ends on Linux
    os.close(ours)
    return shown.decode()


def test_a_terminal_shows_how_far_it_is_and_wipes_it(small):
    """The line says how many snapshots are done, and is wiped before anything else is told."""
    snapshots(small)
    shown = on_a_terminal(small, "xterm", "many")
    assert "] 1 of 5 snapshots" in shown
    assert "snapshots\r\x1b[K" in shown
    assert "snapshots" not in shown.rpartition("\x1b[K")[2].replace("oldest of 5 snapshots", "")


@pytest.mark.parametrize(("term", "name"), [("dumb", "many"), ("xterm", "good.json")])
def test_a_dumb_terminal_and_one_snapshot_have_none(small, term, name):
    """Where a line cannot be wiped, or nothing takes long, there is none."""
    snapshots(small)
    shown = on_a_terminal(small, term, name)
    assert "\x1b" not in shown
    assert "note:" in shown


def test_a_pipe_has_none(small):
    """A log holds no progress."""
    snapshots(small)
    ran = small.check("many", "--output", "json=out.json")
    assert [] == [line for line in ran.err.splitlines() if not line.startswith("note:")]
