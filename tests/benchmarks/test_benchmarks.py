"""The benchmark runs, agrees with its peers and fails where they disagree; nothing is timed."""

from __future__ import annotations

import importlib
import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HERE = ROOT / "benchmarks"
RUN = HERE / "run.py"
SMALL = ["--users", "30", "--runs", "1", "--rows", "90", "--tenants", "2", "--starts", "1"]
MODULES = {"jmespath": "jmespath", "duckdb": "duckdb", "regorus": "regorus"}


def bench(*options: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a fresh process."""
    return subprocess.run(
        [sys.executable, str(RUN), *options], capture_output=True, check=False, text=True)


def installed(peer: str) -> bool:
    """Tell whether a peer's package is there."""
    return importlib.util.find_spec(MODULES[peer]) is not None


@pytest.fixture(scope="module")
def work(tmp_path_factory) -> Path:
    """Where the tests keep their tenants."""
    return tmp_path_factory.mktemp("tenants")


@pytest.fixture
def modules(monkeypatch):
    """Import a module of the benchmarks."""
    monkeypatch.syspath_prepend(str(HERE))
    yield importlib.import_module
    for name in list(sys.modules):
        path = getattr(sys.modules[name], "__file__", None)
        if path and Path(path).is_relative_to(HERE):
            del sys.modules[name]


def test_the_command_prints_every_section(work):
    """One command runs all sections and writes what it found."""
    figures = work / "figures.json"
    done = bench(*SMALL, "--peers", "jmespath", "--work", str(work), "--json", str(figures))
    assert (0, "") == (done.returncode, done.stderr)
    found = json.loads(figures.read_text())
    assert ["machine", "roads", "table", "stages", "evaluation", "startup", "stream", "many"] == [
        *found]
    assert ["orjson", "whole", "fourteen", "first", "jmespath"] == [
        row["name"] for row in found["table"]]
    assert 0 == found["roads"].get("uncompiled", 0) + found["roads"].get("interpreted", 0)


@pytest.mark.parametrize("peer", MODULES)
def test_a_peer_agrees(peer, work):
    """A peer that is installed comes to our verdicts and failing subjects."""
    if not installed(peer):
        pytest.skip(f"{peer} is not installed")
    done = bench(*SMALL, "--sections", "table", "--peers", peer, "--work", str(work))
    assert (0, "") == (done.returncode, done.stderr)
    assert "verdicts and failing subjects equal" in done.stdout
    assert "skipped" not in done.stdout


def test_a_peer_that_is_not_there_is_skipped(modules):
    """What a peer lacks is said, and how to get it."""
    measuring = modules("measuring")
    peer = measuring.Peer("nobody", "peers.nobody:run", ("no_such_package",))
    assert "no_such_package is not installed (`pip install -e '.[bench]'`)" == measuring.lacking(
        peer)


def test_a_peer_with_another_answer_fails_the_run(modules):
    """A verdict or a failing subject that is not ours raises, and so does a missing answer."""
    measuring = modules("measuring")
    ours = {"MFA-004": {"verdict": "fail", "failing": ["a", "b"]}}
    measuring.compare("a peer", ours, ours, ["MFA-004"])
    others = ({"verdict": "pass", "failing": []}, {"verdict": "fail", "failing": ["a"]}, None)
    for other in others:
        with pytest.raises(measuring.BenchmarkError, match="a peer does not agree on MFA-004"):
            measuring.compare("a peer", {"MFA-004": other}, ours, ["MFA-004"])


def test_a_check_on_the_slow_road_fails_the_run(modules, monkeypatch, tmp_path):
    """A check that could have run through the generated loop and did not raises."""
    roads, measuring = modules("roads"), modules("measuring")
    counts = {"policies": 1, "checks": 2, "looped": 1, "uncompiled": 1}
    monkeypatch.setattr(roads, "once", lambda *_: {"answers": counts})
    with pytest.raises(measuring.BenchmarkError, match="ran uncompiled"):
        roads.roads(tmp_path, tmp_path / "report.json")


@pytest.mark.parametrize("end", ["raise SystemExit(2)", "raise ValueError"])
def test_a_start_that_fails_is_never_a_quick_one(end, modules, tmp_path):
    """A program that gives up at once has no time that could be printed."""
    startup, measuring = modules("startup"), modules("measuring")
    assert startup.wall([sys.executable, "-c", "raise SystemExit(5)"], str(tmp_path)) > 0
    with pytest.raises(measuring.BenchmarkError, match="ended with"):
        startup.wall([sys.executable, "-c", end], str(tmp_path))


def test_the_same_seed_gives_the_same_bytes(modules, tmp_path):
    """A tenant is the same each time it is made, and another with another seed."""
    tenants = modules("tenants")
    for name, seed in (("one", 7), ("again", 7), ("other", 8)):
        tenants.write_tenant(tmp_path / name, 30, lines=True, seed=seed)

    def content(name: str) -> list[bytes]:
        return [path.read_bytes() for path in sorted((tmp_path / name).iterdir())]

    assert content("one") == content("again") != content("other")


def test_every_policy_that_is_named_exists(modules, pack):
    """The fixed lists of policies name bundled policies, fourteen each."""
    judged = modules("policies_judged")
    for names in (judged.FOURTEEN, judged.FIRST):
        assert 14 == len(set(names) & set(pack.policies))


def test_the_goals_of_the_page_are_those_of_the_benchmark(modules):
    """`docs/performance.md` names the policies that are judged."""
    judged = modules("policies_judged")
    page = (ROOT / "docs" / "performance.md").read_text()
    named = set(re.findall(r"[A-Z]+-\d{3}", page))
    assert {*judged.FOURTEEN, *judged.FIRST} <= named
