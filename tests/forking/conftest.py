"""Packs to merge: the bundled one as a release, a team's copy of it, and the next release."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACK = ROOT / "policies" / "partner-center"
SAMPLE = ROOT / "snapshots" / "partner-at-risk"


@dataclass(frozen=True)
class Ran:
    """What a process came to."""

    code: int
    out: str
    err: str


def run(folder: Path, *words: str) -> Ran:
    """Run tenantproof in a folder."""
    kept = {k: os.environ[k] for k in ("PATH", "PYTHONPATH") if k in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", "tenantproof", *words], cwd=folder, capture_output=True, timeout=120,
        env={**kept, "PYTHONUTF8": "1", "XDG_CACHE_HOME": str(folder / ".cache"),
             "SOURCE_DATE_EPOCH": "1795672800"}, check=False,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def policy_file(pack: Path, name: str) -> Path:
    """Return the file of a policy."""
    [found] = pack.rglob(f"{name}-*.yaml")
    return found


def change(file: Path, *pairs: tuple[str, str]) -> None:
    """Replace texts in a file, each of which has to stand there."""
    text = file.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text, (file.name, old)
        text = text.replace(old, new, 1)
    file.write_text(text, encoding="utf-8")


def with_line_after(file: Path, pattern: str, line: str) -> None:
    """Write a line behind the first one that matches."""
    text = file.read_text(encoding="utf-8")
    found = re.search(pattern, text, re.MULTILINE)
    assert found, (file.name, pattern)
    end = text.index("\n", found.start()) + 1
    file.write_text(f"{text[:end]}{line}\n{text[end:]}", encoding="utf-8")


def begun(folder: Path) -> Path:
    """Return a folder in which a team has begun with a copy."""
    ran = run(folder, "init", "--id", "contoso", "--copy")
    assert 0 == ran.code, ran.err
    return folder


def released(place: Path) -> Path:
    """Return the next release of the bundled pack, as the last one but for its version."""
    folder = place / "partner-center"
    shutil.copytree(PACK, folder)
    change(folder / "pack.yaml", ('version: "0.1.0"', 'version: "0.2.0"'))
    return folder


@pytest.fixture
def team(tmp_path: Path) -> Path:
    """A folder in which a team has begun with a copy."""
    return begun(tmp_path)


@pytest.fixture
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The next release."""
    return released(tmp_path_factory.mktemp("release"))
