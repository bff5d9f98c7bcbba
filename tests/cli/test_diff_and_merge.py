"""`diff` and `report merge`, as real processes on reports that real runs wrote."""

from __future__ import annotations

import json

import pytest


def report(small, name, *arguments):
    """Write a JSON report of some snapshots; returns the file's name."""
    small.run("check", *arguments, "--pack", "pack", "--exit-zero", "--output", f"json={name}")
    return name


def changed(small, old, new):
    """The changes between two reports."""
    ran = small.run("diff", old, new, "--output", "json")
    assert (ran.code, ran.err) == (0, "")
    return json.loads(ran.out)["changes"]


def test_nothing_changed(small):
    """A report compared with itself: one line."""
    name = report(small, "a.json", "good.json")
    ran = small.run("diff", name, name)
    assert (ran.code, ran.out) == (0, "Nothing changed between the two reports.\n")


def test_a_new_failure_comes_first_and_says_why(small):
    """A setting that was switched off is a new failure, because the data are different."""
    good, bad = report(small, "a.json", "good.json"), report(small, "b.json", "bad.json")
    ran = small.run("diff", good, bad)
    assert ran.out.startswith("New failures: 1\n  SD-001 ")
    assert "pass -> fail" in ran.out
    assert "because the data are different" in ran.out
    (back,) = [one for one in changed(small, bad, good) if one["policy"] == "SD-001"]
    assert (back["kind"], back["before"], back["after"]) == ("fixed", "fail", "pass")


def test_subjects_that_appear_are_named(small):
    """A guest that fails now is named as a new subject."""
    changes = changed(small, report(small, "a.json", "good.json"),
                      report(small, "b.json", "guest.json"))
    assert [(c["policy"], c["kind"], len(c["appeared"])) for c in changes] == [
        ("USR-001", "new", 1)]


def test_what_is_no_longer_known_is_told(small):
    """A verdict that became unknown says what is missing now."""
    changes = changed(small, report(small, "a.json", "good.json"),
                      report(small, "b.json", "partial.json"))
    assert {c["kind"] for c in changes} == {"changed"}
    assert all(c["newly_unknown"] for c in changes if c["after"] == "unknown")
    assert "unknown" in {c["after"] for c in changes}


def test_a_raised_revision_is_a_cause(small):
    """What the policy, not the data, changed is told as such."""
    before = report(small, "a.json", "guest.json")
    file = small.path("pack/usr/USR-001-holds.yaml")
    file.write_text(file.read_text().replace("revision: 1", "revision: 2")
                    .replace("not_equals: Guest", "not_equals: Member"))
    after = report(small, "b.json", "guest.json")
    causes = [one["because"] for one in changed(small, before, after)]
    assert causes == [["the policy's revision rose from 1 to 2"]]


@pytest.mark.parametrize(("content", "words"), [
    ("{", "JSON"), ("[]", "is not what a report has there"), ('{"format": 2}', "report"),
])
def test_what_is_no_report_is_told(small, content, words):
    """A file that is no report: exit 3, with its name and what to name instead."""
    small.path("x.json").write_text(content)
    ran = small.run("diff", "x.json", "x.json")
    assert (ran.code, ran.out, words in ran.err, "x.json" in ran.err) == (3, "", True, True)


def test_a_report_that_is_not_there(small):
    """A missing file: exit 3."""
    ran = small.run("diff", "no.json", "no.json")
    assert (ran.code, "no.json: error[report]: it cannot be read" in ran.err) == (3, True)


# --- report merge -------------------------------------------------------------------------------


def test_merged_parts_are_the_whole_byte_for_byte(small):
    """The reports of two runs give the report of the one run on everything."""
    other = small.path("good.json").read_text().replace("11111111-2222", "99999999-2222")
    small.path("other.json").write_text(other)
    whole = report(small, "whole.json", "bad.json", "other.json")
    parts = report(small, "1.json", "bad.json"), report(small, "2.json", "other.json")
    ran = small.run("report", "merge", *parts, "--output", "json=merged.json")
    assert (ran.code, ran.err) == (0, "")
    assert small.path("merged.json").read_bytes() == small.path(whole).read_bytes()


def test_reports_of_different_packs_are_not_merged(small):
    """Two packs are two standards: exit 2, nothing is written."""
    one = report(small, "1.json", "good.json")
    file = small.path("pack/pack.yaml")
    file.write_text(file.read_text().replace("version: 1.0.0", "version: 1.0.1"))
    ran = small.run("report", "merge", one, report(small, "2.json", "bad.json"))
    assert (ran.code, ran.out, "2.json: error[report]: its packs differ" in ran.err) == (
        2, "", True)


def test_a_tenant_is_not_counted_twice(small):
    """The same report twice is refused."""
    one = report(small, "1.json", "good.json")
    ran = small.run("report", "merge", one, one)
    assert (ran.code, "is in `1.json` too" in ran.err) == (2, True)
