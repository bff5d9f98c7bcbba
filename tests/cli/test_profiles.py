"""Profiles by real processes: by name, by file, by default; what outranks what."""

from __future__ import annotations

import json

import pytest

TIGHT = """\
format: 1
id: tight
title: Tighter
extends: plain
ignore: { ids: [SD-001] }
parameters: { allowed_guests: [u1], USR-001.grace: 3 }
severities: { USR-001: { severity: critical, reason: Guests did harm here. } }
"""
PLAIN = "format: 1\nid: plain\ntitle: Plain\n"
ASKING = "format: 1\nid: asking\ntitle: Questions too\nselect: { ids: ['*'] }\n"
PROFILES = {"tight": TIGHT, "plain": PLAIN, "asking": ASKING}


@pytest.fixture
def graded(small):
    """The small pack with profiles."""
    small.path("pack/profiles").mkdir()
    for name, text in PROFILES.items():
        small.path(f"pack/profiles/{name}.yaml").write_text(text)
    return small


def by_default(small, name):
    """Let the pack name its default profile."""
    file = small.path("pack/pack.yaml")
    file.write_text(file.read_text() + f"default_profile: {name}\n")
    return small


def report(ran):
    """The JSON report."""
    return json.loads(ran.out)


def verdicts(ran):
    """The verdicts by policy."""
    [tenant] = report(ran)["tenants"]
    return {f["policy"]: f["verdict"] for f in tenant["findings"]}


def settings(ran):
    """The parameters in force, and where each came from."""
    [tenant] = report(ran)["tenants"]
    return {n: (p["value"], p["origin"]) for n, p in tenant["parameters"].items()}


JSON = ("--output", "json")


def test_a_profile_chooses_and_grades(graded):
    """What it ignores is not judged; its severity comes with its reason."""
    ran = graded.check("guest.json", "--profile", "tight", *JSON)
    [found] = report(ran)["tenants"][0]["findings"]
    assert ("tight", "USR-001", "critical", "Guests did harm here.") == (
        report(ran)["profile"], found["policy"], found["severity"], found["severityReason"])


def test_without_a_profile_policies_have_their_own_severity(graded):
    """No profile, no reason."""
    ran = graded.check("guest.json", *JSON)
    assert (None, {("SD-001", "high", None), ("USR-001", "low", None)}) == (
        report(ran)["profile"],
        {(f["policy"], f["severity"], f["severityReason"])
         for f in report(ran)["tenants"][0]["findings"]})


def test_the_exit_code_counts_the_profiles_severity(graded):
    """A low failure that the profile calls critical counts."""
    codes = [graded.check("guest.json", "--fail-on", "critical", *more).code
             for more in ((), ("--profile", "tight"))]
    assert [0, 1] == codes


def test_precedence(graded):
    """Pack default, profile, declarations, command line: later outranks earlier."""
    tenant = report(graded.check("good.json", *JSON))["tenants"][0]["snapshot"]["tenant"]["id"]
    graded.write("d.yaml", {"format": 1, "tenants": {tenant: {"allowed_guests": ["d"]}}})
    steps = [(), ("--profile", "tight"), ("--declarations", "d.yaml"),
             ("--param", "allowed_guests=c")]
    given, seen = (), []
    for step in steps:
        given += step
        seen.append(settings(graded.check("good.json", *given, *JSON))["allowed_guests"])
    assert [([], "pack"), (["u1"], "profile"), (["d"], "declarations"), (["c"], "command line")
            ] == seen


def test_the_text_report_names_profile_origin_and_reason(graded):
    """An auditor sees what was chosen, and why a severity differs."""
    ran = graded.check("guest.json", "--profile", "tight")
    for told in ("Profile       tight", "allowed_guests = u1 (from the profile)",
                 "Severity set by the profile: Guests did harm here."):
        assert told in ran.out


def test_the_packs_default_counts(graded):
    """`default_profile` is taken where the caller names none, and gives way where one is named."""
    by_default(graded, "asking")
    assert {"SD-001", "USR-001", "MAN-001"} == set(verdicts(graded.check("good.json", *JSON)))
    plain = graded.check("good.json", "--profile", "plain", *JSON)
    assert {"SD-001", "USR-001"} == set(verdicts(plain))


def test_select_takes_the_place_of_the_profiles_choice(graded):
    """And its parameters still count."""
    ran = graded.check("good.json", "--profile", "tight", "--select", "SD-*", *JSON)
    assert {"SD-001"} == set(verdicts(ran))
    assert (["u1"], "profile") == settings(ran)["allowed_guests"]


def test_ignore_takes_away_from_the_profiles_choice(graded):
    """What is left of it is judged."""
    ran = graded.check("good.json", "--profile", "asking", "--ignore", "SD-*", *JSON)
    assert {"USR-001", "MAN-001"} == set(verdicts(ran))


def test_a_profile_in_a_file_of_its_own(graded):
    """It may build on a profile of the pack."""
    graded.path("ours.yaml").write_text(
        "format: 1\nid: ours\ntitle: Ours\nextends: small/tight\nselect: { ids: [MAN-001] }\n")
    ran = graded.check("good.json", "--profile", "ours.yaml", *JSON)
    assert ("ours", {"USR-001", "MAN-001"}) == (report(ran)["profile"], set(verdicts(ran)))


REFUSED = {
    "a name that is not there": (("--profile", "tigth"), 2, "did you mean `tight`?"),
    "a file that is not there": (("--profile", "nowhere.yaml"), 3, "`nowhere.yaml` cannot be read"),
    "no name": (("--profile", ""), 2, "there is no profile ``"),
    "a path": (("--profile", "../pack/profiles/tight"), 2, "there is no profile"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_profile_that_is_not_there(graded, name):
    """Nothing is judged by something else instead."""
    arguments, code, told = REFUSED[name]
    ran = graded.check("good.json", *arguments)
    assert (code, "", True) == (ran.code, ran.out, told in ran.err), ran.err


WRONG = {
    "selects nothing": (PLAIN + "ignore: { ids: ['*'] }\n", "nothing-selected"),
    "a pattern without a match": (PLAIN + "select: { ids: [XX-001] }\n", "pattern-matches-nothing"),
    "a parameter misspelt": (PLAIN + "parameters: { alowed_guests: [] }\n", "unknown-parameter"),
    "a parameter of the wrong type": (PLAIN + "parameters: { allowed_guests: u1 }\n",
                                      "parameter-value"),
    "a circle": (PLAIN + "extends: plain\n", "profile-cycle"),
    "nobody to build on": (PLAIN + "extends: base\n", "unknown-profile"),
    "another's name": (PLAIN.replace("plain", "other"), "file-name"),
    "a key twice": (PLAIN + "title: Again\n", "duplicate-key"),
    "an alias": (PLAIN + "select: &a { ids: ['*'] }\nignore: *a\n", "anchor"),
    "an empty list": (PLAIN + "select: { ids: [] }\n", "empty"),
}


@pytest.mark.parametrize("name", WRONG)
def test_lint_and_check_refuse_a_wrong_profile_of_a_pack(graded, name):
    """Exit code 2, with the rule and the file's name, even where another profile is asked for."""
    text, rule = WRONG[name]
    graded.path("pack/profiles/plain.yaml").write_text(text)
    lint = graded.run("lint", "pack")
    ran = graded.check("good.json", "--profile", "asking")
    assert [2, 2] == [lint.code, ran.code]
    assert all(f"[{rule}]" in told and "plain.yaml" in told for told in (lint.out, ran.err))


def test_a_default_that_does_not_exist(graded):
    """`pack.yaml` is refused at the line."""
    by_default(graded, "tigth")
    ran = graded.run("lint", "pack")
    assert (2, True, True) == (
        ran.code, "[unknown-profile]" in ran.out, "did you mean `tight`?" in ran.out)


def test_a_profile_that_stands_alone_is_checked(graded):
    """With line, column and remedy."""
    graded.path("ours.yaml").write_text(PLAIN + "select: { families: [USX] }\n")
    ran = graded.check("good.json", "--profile", "ours.yaml")
    assert 2 == ran.code
    assert "ours.yaml:4:22: error[pattern-matches-nothing]: `USX` matches no policy" in ran.err
    assert "did you mean `USR`?" in ran.err


def test_two_packs_with_a_profile_of_one_name(graded):
    """The caller has to say which; each pack's default decides on its own policies."""
    source = graded.path("pack")
    for file in ("pack.yaml", "requirements.yaml", "sd/SD-001-holds.yaml", "profiles/plain.yaml"):
        target = graded.path("second") / file.replace("SD-001", "SD-002")
        target.parent.mkdir(parents=True, exist_ok=True)
        text = (source / file).read_text()
        target.write_text(text.replace("id: small", "id: second").replace("SD-001", "SD-002"))
    both = ("--pack", "second")
    ran = graded.check("good.json", *both, "--profile", "plain")
    assert (2, True) == (ran.code, "`small/plain` or `second/plain`" in ran.err)
    named = graded.check("good.json", *both, "--profile", "second/plain", *JSON)
    assert {"SD-001", "SD-002", "USR-001"} == set(verdicts(named))
    by_default(graded, "tight")
    ran = graded.check("good.json", *both, *JSON)
    assert ({"SD-002", "USR-001"}, "tight") == (set(verdicts(ran)), report(ran)["profile"])


def test_explain_says_where_each_value_comes_from(graded):
    """The page tells what the profile selects, sets and grades."""
    ran = graded.run("explain", "USR-001", "--pack", "pack", "--profile", "tight")
    told = " ".join(ran.out.split())
    assert "critical severity" in told
    assert "The profile `tight` selects it." in told
    assert "Its severity is set by the profile `tight`: Guests did harm here." in told
    assert "default 0; 3 by the profile `tight`" in told
    other = graded.run("explain", "SD-001", "--pack", "pack", "--profile", "tight")
    assert "The profile `tight` does not select it." in other.out


def test_explain_judges_by_the_profile(graded):
    """The walk through a verdict uses the profile's severity."""
    ran = graded.run("explain", "USR-001", "guest.json", "--pack", "pack", "--profile", "tight")
    assert (0, True) == (ran.code, "critical severity" in ran.out)


def test_list_shows_profiles_and_what_one_selects(graded):
    """All policies without a profile, the selected ones with one."""
    by_default(graded, "plain")
    every = graded.run("list", "--pack", "pack", *JSON)
    some = graded.run("list", "--pack", "pack", "--profile", "tight", *JSON)
    [pack], [part] = json.loads(every.out)["packs"], json.loads(some.out)["packs"]
    assert (["MAN-001", "SD-001", "USR-001"], [("USR-001", "critical")]) == (
        [p["id"] for p in pack["policies"]],
        [(p["id"], p["severity"]) for p in part["policies"]])
    assert [("asking", False), ("plain", True), ("tight", False)] == [
        (p["id"], p["default"]) for p in pack["profiles"]]
    assert "plain   Plain (taken unless said)" in graded.run("list", "--pack", "pack").out
