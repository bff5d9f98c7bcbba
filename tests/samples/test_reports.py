"""The reports of the sample tenants, whole, in every format, and the same on every machine."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SAMPLES = {
    "partner-clean": 1,
    "partner-at-risk": 1,
    "partner-partial-export": 1,
    "partner-small": 1,
    "customer-security-defaults": 5,
    "customer-clean": 5,
    "customer-at-risk": 1,
}
FORMATS = ["text", "json"]


def check(sample, *options, **environment):
    """Judge a sample as a user would, from the checkout's root; returns the finished process."""
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "SYSTEMROOT", "HOME")}
    return subprocess.run(
        [sys.executable, "-m", "tenantproof", "check", str(sample), *options], cwd=ROOT,
        env={**kept, "PYTHONUTF8": "1", **environment}, capture_output=True, check=False,
        timeout=120,
    )  # fmt: skip


@pytest.mark.parametrize(("sample", "form"), [*product(SAMPLES, FORMATS)])
def test_a_report_reads_like_this(sample, form, golden):
    """What an auditor reads, and a pipeline gets, of each sample."""
    ran = check(f"snapshots/{sample}", "--output", form)
    assert SAMPLES[sample] == ran.returncode, ran.stderr
    assert ran.stdout.decode() == golden


def test_declared_accounts_are_shown():
    """The values that a tenant declared stand in the report, with where they came from."""
    declared = ROOT / "snapshots/partner-clean/declarations.yaml"
    ran = check("snapshots/partner-clean", "--declarations", str(declared))
    _, _, shown = " ".join(ran.stdout.decode().split()).partition(" emergency_accounts = ")
    assert shown.startswith(
        "f53dab49-9a70-5b8b-8cde-a072179c4b3f, e4f854c8-5e74-5466-a3b9-232bbfd6529f "
        "(from the declarations) ")


ENVIRONMENTS = list(product(["0", "1", "4242"], ["UTC", "Asia/Kathmandu"], ["C", "tr_TR.UTF-8"]))


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_bytes_everywhere(form):
    """Hash seed, time zone and locale change nothing."""
    reports = {
        check("snapshots/partner-at-risk", "--output", form, PYTHONHASHSEED=seed, TZ=zone,
              LC_ALL=locale, LANG=locale).stdout
        for seed, zone, locale in ENVIRONMENTS
    }  # fmt: skip
    assert len(ENVIRONMENTS) == 12
    assert len(reports) == 1


def shuffled(folder, seed):
    """Shuffle the records of every collection of a snapshot."""
    order = random.Random(seed)
    for file in sorted(folder.glob("*.json")):
        value = json.loads(file.read_text(encoding="utf-8"))
        records = value.get("value") if isinstance(value, dict) else value
        if file.name != "tenant.json" and isinstance(records, list):
            order.shuffle(records)
            file.write_text(json.dumps(value), encoding="utf-8")


def without_places(report):
    """A report without what may differ between exports in another order."""
    if isinstance(report, dict):
        return {k: without_places(v) for k, v in report.items()
                if k not in ("pointer", "digest", "name")}  # fmt: skip
    return [without_places(v) for v in report] if isinstance(report, list) else report


@pytest.mark.parametrize("sample", ["partner-at-risk", "partner-clean"])
def test_the_order_of_records_does_not_matter(sample, tmp_path):
    """Shuffled records give the same verdicts, ids, messages and order."""
    reports = []
    for seed in (None, 1, 2):
        folder = tmp_path / str(seed)
        shutil.copytree(ROOT / "snapshots" / sample, folder)
        if seed is not None:
            shuffled(folder, seed)
        ran = check(folder, "--output", "json")
        reports.append(without_places(json.loads(ran.stdout)))
    assert reports[0] == reports[1] == reports[2]


def test_the_readme_shows_the_true_report():
    """The transcript in the README is what the first command prints."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    _, _, after = readme.partition("<!-- transcript -->\n```text\n")
    transcript, _, _ = after.partition("\n```\n<!-- /transcript -->")
    report = check("snapshots/partner-at-risk", "--exit-zero").stdout.decode()
    parts = transcript.split("\n...\n")
    assert len(parts) == 3
    assert [part for part in parts if part not in report] == []
