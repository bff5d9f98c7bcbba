"""What pipelines use, run as far as no runner is needed: the action, the template, the hooks."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "pipelines.md").read_text(encoding="utf-8")
BASH = shutil.which("bash")
needs_bash = pytest.mark.skipif(BASH is None, reason="the steps are written for bash")


def loaded(name):
    """A YAML file of the repository."""
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def run_step(small, script, **variables):
    """Run a step's script as a runner does, with this tenantproof as the installed one."""
    tool = small.path("bin")
    tool.mkdir()
    (tool / "tenantproof").write_text(f'#!/bin/sh\nexec {sys.executable} -m tenantproof "$@"\n')
    (tool / "tenantproof").chmod(0o755)
    path = f"{tool}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        [BASH, "-e", "-o", "pipefail", "-c", script], cwd=small.folder, timeout=60, check=False,
        env=small.environment({**variables, "PATH": path}), capture_output=True, text=True)


@needs_bash
@pytest.mark.parametrize(("snapshot", "code"), [
    ("good.json", 0), ("bad.json", 1), ("broken.json", 3), ("partial.json", 5)])
def test_the_action_reports_and_ends_with_the_exit_code(small, snapshot, code):
    """The step writes every report and its summary, and fails as the command does."""
    (step,) = [one for one in loaded("action.yml")["runs"]["steps"] if one.get("id") == "check"]
    ran = run_step(small, step["run"], SNAPSHOTS=f"{snapshot}\n", ARGUMENTS="--pack=pack\n",
                   JSON="r.json", SARIF="r.sarif", GITHUB_STEP_SUMMARY="summary",
                   GITHUB_OUTPUT="output")
    assert code == ran.returncode
    assert f"exit-code={code}\n" == small.path("output").read_text()
    assert [] == [name for name in ("r.json", "r.sarif", "summary")
                  if not small.path(name).stat().st_size]


@needs_bash
def test_the_action_runs_nothing_that_an_input_says(small):
    """An input is an argument, never a command."""
    (step,) = [one for one in loaded("action.yml")["runs"]["steps"] if one.get("id") == "check"]
    run_step(small, step["run"], SNAPSHOTS="$(touch taken); touch taken\n--exit-zero\n",
             ARGUMENTS="", JSON="r.json", SARIF="r.sarif", GITHUB_STEP_SUMMARY="summary",
             GITHUB_OUTPUT="output")
    assert not small.path("taken").exists()
    assert [] == [one for one in loaded("action.yml")["runs"]["steps"]
                  if "inputs." in one.get("run", "")]


@needs_bash
def test_the_template_judges_and_writes_what_it_publishes(small):
    """The step of the Azure DevOps template ends with the exit code and leaves the results."""
    (step,) = [one for one in loaded("azure-pipelines/template.yml")["steps"]
               if one.get("displayName") == "Judge"]
    ran = run_step(small, step["bash"], SNAPSHOTS="bad.json", REPORTS="out")
    assert 1 == ran.returncode
    assert ["junit.xml", "report.html", "report.json"] == sorted(
        one.name for one in small.path("out").iterdir())


@pytest.mark.parametrize("hook", loaded(".pre-commit-hooks.yaml"), ids=lambda hook: hook["id"])
def test_a_hook_runs_on_a_pack(small, hook):
    """A hook's command is one of ours, and passes for a sound pack."""
    program, *arguments = hook["entry"].split()
    assert ("tenantproof", 0) == (program, small.run(*arguments, "pack").code)


def test_the_container_has_a_user_without_rights():
    """The last user that the Dockerfile names is neither root nor a name of it."""
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    last = [line.split()[1] for line in lines if line.startswith("USER ")][-1]
    assert int(last.partition(":")[0]) > 0


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_written_for_a_shell(small, shell):
    """The page's line makes a script for the shell."""
    assert f"_TENANTPROOF_COMPLETE={shell}_source tenantproof" in PAGE
    ran = subprocess.run(
        [Path(sys.executable).with_name("tenantproof")], capture_output=True, text=True,
        check=False, timeout=60,
        env=small.environment({"_TENANTPROOF_COMPLETE": f"{shell}_source"}))
    assert "_tenantproof_completion" in ran.stdout


def test_the_page_names_inputs_and_hooks_that_exist():
    """Every whole file of the page is YAML, and what it passes is known."""
    texts = re.findall(r"(?ms)^```text\n((?:name|trigger|repos):.*?)^```$", PAGE)
    action, azure, hooks = (yaml.safe_load(text) for text in texts)
    (step,) = [one for one in action["jobs"]["judge"]["steps"] if "tenantproof@" in one["uses"]]
    assert step["with"].keys() <= loaded("action.yml")["inputs"].keys()
    known = {one["name"] for one in loaded("azure-pipelines/template.yml")["parameters"]}
    assert azure["steps"][-1]["parameters"].keys() <= known
    assert {one["id"] for one in hooks["repos"][0]["hooks"]} == {
        one["id"] for one in loaded(".pre-commit-hooks.yaml")}
