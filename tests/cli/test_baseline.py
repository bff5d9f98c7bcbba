"""`check --baseline`: only what is new fails; and the places of policies in SARIF."""

from __future__ import annotations

import json

import pytest
from small import manifest

ALL = ("--allow-unknown", "--select", "*")


def report(small, snapshot):
    """Write a JSON report of a snapshot; returns the file's name."""
    small.check(snapshot, *ALL, "--output", "json=base.json")
    return "base.json"


@pytest.mark.parametrize(("before", "after", "code", "told"), [
    ("good.json", "good.json", 0, "0 failures new since `base.json`, 0 known"),
    ("bad.json", "bad.json", 0, "0 failures new since `base.json`, 1 known"),
    ("guest.json", "guest.json", 0, "0 failures new since `base.json`, 1 known"),
    ("good.json", "bad.json", 1, "1 failure new since `base.json`, 0 known"),
    ("guest.json", "bad.json", 1, "1 failure new since `base.json`, 0 known"),
    ("bad.json", "good.json", 0, "0 failures new since `base.json`, 0 known"),
    ("partial.json", "guest.json", 1, "1 failure new since `base.json`, 0 known"),
])
def test_only_what_is_new_fails(small, before, after, code, told):
    """The exit code is 1 where something fails that did not fail in the earlier report."""
    ran = small.check(after, *ALL, "--baseline", report(small, before), "--output", "json")
    assert (code, True) == (ran.code, told in ran.err)


def test_the_report_does_not_say_that_nothing_failed(small):
    """With a known failure and something unknown, the last lines tell both."""
    base = report(small, "guest.json")
    more = manifest(guest=True)
    del more["collections"]["securityDefaults"]
    ran = small.check(small.write("more.json", more), "--select", "*", "--baseline", base)
    assert 5 == ran.code
    assert "Exit code 5: whatever failed at or above severity `low` was known before" in ran.out


def test_a_further_subject_is_new(small):
    """A policy that failed already fails anew for a subject that it did not fail for."""
    more = manifest(guest=True)
    more["collections"]["users"]["data"][0]["userType"] = "Guest"
    ran = small.check(small.write("more.json", more), *ALL, "--baseline",
                      report(small, "guest.json"))
    assert 1 == ran.code
    assert "  new: USR-001 (11111111-2222-4333-8444-555555555555): Ada Lovelace\n" in ran.err


def test_another_tenant_is_new(small):
    """What failed for one tenant is no excuse for another."""
    other = manifest(enabled=False)
    other["tenant"]["id"] = "99999999-2222-4333-8444-555555555555"
    ran = small.check(small.write("other.json", other), *ALL, "--baseline",
                      report(small, "bad.json"))
    assert 1 == ran.code


def test_what_ended_with_an_error_was_not_known_to_fail(small):
    """An earlier bug hid the verdict; a failure that shows now is new."""
    told = json.loads(small.path(report(small, "bad.json")).read_bytes())
    for finding in told["tenants"][0]["findings"]:
        finding["verdict"] = "error" if finding["policy"] == "SD-001" else finding["verdict"]
    ran = small.check("bad.json", *ALL, "--baseline", small.write("base.json", told))
    assert 1 == ran.code


def test_the_report_still_shows_everything(small):
    """A baseline changes the exit code, not the report."""
    base = report(small, "bad.json")
    whole = small.check("bad.json", *ALL, "--output", "json")
    ran = small.check("bad.json", *ALL, "--baseline", base, "--output", "json")
    assert (1, 0, whole.out) == (whole.code, ran.code, ran.out)


def test_unknown_is_never_excused_by_a_baseline(small):
    """What could not be judged then and cannot be judged now still ends with 5."""
    base = report(small, "partial.json")
    ran = small.check("partial.json", "--baseline", base)
    assert 5 == ran.code


def test_a_baseline_that_is_no_report_stops_the_run(small):
    """Without its baseline a run would answer another question: exit code 3, no report."""
    ran = small.check("good.json", "--baseline", "broken.json")
    assert (3, "") == (ran.code, ran.out)


@pytest.mark.parametrize(("folder", "place"), [
    ("pack", "pack/sd/SD-001-holds.yaml"), ("../small/pack", "bad.json"),
])
def test_sarif_points_into_the_repository(small, folder, place):
    """A result lies in the policy's file where its name leads below the working folder."""
    ran = small.run("check", "bad.json", "--pack", folder, "--output", "sarif")
    (result,) = json.loads(ran.out)["runs"][0]["results"]
    assert place == result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
