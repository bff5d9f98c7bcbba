"""`tenantproof.yaml`, the environment and options: which outranks which, and what is refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

PROFILE = {"format": 1, "id": "ours", "title": "Ours", "select": {"ids": ["SD-*"]}}
USERS = {"format": 1, "id": "users", "title": "Users", "select": {"ids": ["USR-*"]}}
ALL = {"format": 1, "id": "all", "title": "All", "select": {"ids": ["SD-*", "USR-*"]}}


@pytest.fixture
def team(small):
    """A folder with a configuration, two profiles and a folder below it."""
    (small.folder / "below" / "deep").mkdir(parents=True)
    for one in (PROFILE, USERS, ALL):
        small.write(f"{one['id']}.yaml", one)
    small.write("tenantproof.yaml", {"format": 1, "packs": ["pack"], "profile": "ours.yaml"})
    return small


def judged(small, *words, folder=".", env=None):
    """The ids of the policies that a run judges."""
    up = "../" * (0 if folder == "." else folder.count("/") + 1)
    ran = subprocess.run(
        [sys.executable, "-m", "tenantproof", *words[:0], "check", f"{up}good.json", "--output",
         "json", *words], cwd=small.folder / folder, capture_output=True, text=True,
        env=small.environment(env), timeout=60, check=False)
    [tenant] = json.loads(ran.stdout)["tenants"]
    return {f["policy"] for f in tenant["findings"]}


@pytest.mark.parametrize("folder", [".", "below", "below/deep"])
def test_the_configuration_is_found_upward(team, folder):
    """From every folder below it; its files lie beside it."""
    assert {"SD-001"} == judged(team, folder=folder)


def test_a_nearer_one_takes_the_place_of_a_farther_one(team):
    """They are not mixed: one file says it all."""
    team.write("below/tenantproof.yaml", {"format": 1, "packs": ["../pack"]})
    assert {"SD-001", "USR-001"} == judged(team, folder="below/deep")


def test_the_environment_outranks_the_file_and_an_option_the_environment(team):
    """Three ranks, one at a time."""
    env = {"TENANTPROOF_PROFILE": "users.yaml"}
    assert [{"SD-001"}, {"USR-001"}, {"SD-001", "USR-001"}] == [
        judged(team), judged(team, env=env), judged(team, "--profile", "all.yaml", env=env)]


def test_standard_error_says_that_a_file_has_settings(team):
    """Nobody wonders why a run is as it is."""
    assert "note: settings of `tenantproof.yaml`\n" in team.run("check", "good.json").err


@pytest.mark.parametrize("how", [("--config", "none"), None])
def test_a_run_may_do_without(team, how):
    """By the option, or by the environment."""
    env = None if how else {"TENANTPROOF_CONFIG": "none"}
    ran = team.run(*(how or ()), "check", "good.json", "--pack", "pack", "--output", "json",
                   env=env)
    assert 2 == len(json.loads(ran.out)["tenants"][0]["findings"])


def test_another_file_may_be_named(team):
    """Wherever it lies."""
    team.write("below/other.yaml", {"format": 1, "packs": ["../pack"], "profile": "../users.yaml"})
    ran = team.run("--config", "below/other.yaml", "check", "good.json", "--output", "json")
    assert ["USR-001"] == [f["policy"] for f in json.loads(ran.out)["tenants"][0]["findings"]]


def test_waivers_attestations_and_the_least_severity_may_stand_there(team):
    """What `check` would be given every time."""
    team.write("tenantproof.yaml", {"format": 1, "packs": ["pack"], "fail_on": "high"})
    assert 0 == team.run("check", "guest.json").code
    assert 1 == team.run("check", "guest.json", "--fail-on", "low").code
    assert 1 == team.run("check", "guest.json", env={"TENANTPROOF_FAIL_ON": "low"}).code


def test_several_packs_in_the_environment_are_separated_as_in_path(team):
    """Two folders, two packs."""
    team.write("tenantproof.yaml", {"format": 1})
    env = {"TENANTPROOF_PACK": os.pathsep.join(["pack", "cisa-scuba-entra"])}
    assert "small 1.0.0" in (out := team.run("list", env=env).out)
    assert "cisa-scuba-entra" in out


def test_a_pack_may_be_named_that_is_bundled(team):
    """Without a folder: by its name."""
    assert "cisa-scuba-entra" in team.run("--config", "none", "list", "--pack",
                                          "cisa-scuba-entra").out


def test_a_pack_may_come_from_an_installed_package(team):
    """By an entry point; no code of the package is run."""
    site = team.folder / "site"
    package = site / "contoso_rules"
    (team.folder / "pack").rename(team.folder / "kept")
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise SystemExit('this was run')\n")
    (team.folder / "kept").rename(package / "policies")
    info = site / "contoso_rules-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: contoso-rules\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[tenantproof.packs]\ncontoso = contoso_rules:policies\n")
    ran = team.run("--config", "none", "check", "good.json", "--pack", "contoso",
                   env={"PYTHONPATH": str(site)})
    assert (0, True) == (ran.code, "small 1.0.0" in ran.out), ran.err


WRONG = {
    "an unknown key": ({"format": 1, "pack": "x"}, 2, "unknown-key"),
    "another format": ({"format": 2}, 2, "tenantproof.yaml:1"),
    "no packs": ({"format": 1, "packs": []}, 2, "empty"),
    "a pack that is not there": ({"format": 1, "packs": ["nowhere"]}, 2, "nowhere"),
    "a profile that is not there": ({"format": 1, "packs": ["pack"], "profile": "x.yaml"}, 3,
                                    "x.yaml"),
    "a severity that is none": ({"format": 1, "fail_on": "medum"}, 2, "unknown-value"),
    "a list": ([], 2, "tenantproof.yaml:1"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told_with_its_place(team, name):
    """A configuration that would not be heard ends the run."""
    value, code, words = WRONG[name]
    team.write("tenantproof.yaml", value)
    ran = team.run("check", "good.json")
    assert (code, "", True) == (ran.code, ran.out, words in ran.err), ran.err


def test_a_configuration_that_is_named_has_to_be_there(team):
    """Exit code 3: silently doing without would be another run."""
    ran = team.run("--config", "missing.yaml", "check", "good.json")
    assert (3, True) == (ran.code, "missing.yaml" in ran.err)


def test_commands_that_judge_nothing_do_not_read_it(team):
    """A broken configuration stops no `diff`, `import` or `snapshot`."""
    team.path("tenantproof.yaml").write_text("{")
    assert 0 == team.run("snapshot", "show", "good.json").code
