"""Starting is cheap: what is heavy is imported when it is needed, what was checked is not again."""

from __future__ import annotations

import subprocess
import sys

from tenantproof import bundled
from tenantproof.authoring.seal import sealed

HEAVY = ("jsonschema", "jinja2", "rich", "referencing", "asyncio", "email", "urllib.request")
PROBE = """\
import sys
from tenantproof.cli import main
code = main()
print(sorted(set({heavy!r}) & set(sys.modules)), code, file=sys.stderr)
"""


def heavy(small, *arguments):
    """Return what a run imported of what is heavy, and its exit code."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE.format(heavy=HEAVY), *arguments], cwd=small.folder,
        env=small.environment(), capture_output=True, text=True, check=False, timeout=60,
    )
    return done.stderr.splitlines()[-1]


def test_the_bundled_pack_needs_nothing_heavy(small):
    """`check` with the bundled pack neither validates it again nor imports what could."""
    told = heavy(small, "check", "good.json")
    assert told in ("[] 0", "[] 1", "[] 5")


def test_a_pack_is_checked_once(small):
    """A user's own pack is checked against the schemas the first time only."""
    arguments = ("check", "good.json", "--pack", "pack")
    assert "jsonschema" in heavy(small, *arguments)
    assert heavy(small, *arguments) == "[] 0"


def test_a_changed_pack_is_checked_again(small):
    """A pack that was changed is a different one."""
    arguments = ("check", "good.json", "--pack", "pack")
    heavy(small, *arguments)
    file = small.path("pack/sd/SD-001-holds.yaml")
    file.write_text(file.read_text() + "nonsense: 1\n")
    ran = small.run(*arguments)
    assert (ran.code, "there is no key `nonsense`" in ran.err) == (2, True)


def test_a_cache_that_cannot_be_used_does_not_matter(small):
    """Where there is no place for the cache, packs are checked every time."""
    small.path("cache").write_text("a file")
    arguments = ("check", "good.json", "--pack", "pack")
    assert small.run(*arguments).code == 0
    assert small.run(*arguments, env={"XDG_CACHE_HOME": "", "HOME": "/nowhere"}).code == 0


def test_the_seal_is_current():
    """The sealed files hold the bundled packs as they are now."""
    kept = {file.name: file.read_bytes() for file in bundled.sealed().glob("*.json")}
    assert sealed() == kept, "run `python -m tenantproof.authoring.seal`"


def test_a_run_ends_at_once_but_under_a_profiler(small):
    """Everything is flushed before the end; who profiles a run gets the profile."""
    command = [sys.executable, "-m", "tenantproof", "check", "good.json", "--pack", "pack",
               "--output", "json"]
    ended = subprocess.run(command, cwd=small.folder, env=small.environment(), check=False,
                           capture_output=True, timeout=60)
    assert (ended.returncode, ended.stdout[-2:]) == (0, b"}\n")
    profiled = subprocess.run(
        [sys.executable, "-m", "cProfile", *command[1:]], cwd=small.folder,
        env=small.environment(), check=False, capture_output=True, timeout=60)
    assert profiled.stdout.startswith(ended.stdout)
    assert b"function calls" in profiled.stdout
