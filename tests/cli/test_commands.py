"""`list`, `explain`, `lint`, `test` and the help of all commands."""

from __future__ import annotations

import json

import click
import pytest
from small import CASES_GUESTS

from tenantproof.cli.app import COMMANDS, group


def commands(command=group, path=()):
    """Yield every command with the words that call it."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from commands(command.get_command(context, name), (*path, name))


@pytest.mark.parametrize("path", [path for path, _ in commands()])
def test_help_names_every_option(path, small):
    """The help of a command names each of its options and subcommands, and says what they do."""
    command = dict(commands())[path]
    ran = small.run(*path, "--help", env={"COLUMNS": "100"})
    assert ran.code == 0
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.opts[0] in ran.out
            assert parameter.help or parameter.name == "version"
    if isinstance(command, click.Group):
        assert all(name in ran.out for name in command.list_commands(click.Context(command)))


def test_help_tells_the_exit_codes(small):
    """The first help page lists every exit code."""
    out = " ".join(small.run("--help").out.split())
    assert all(f" {code} " in out for code in (0, 1, 2, 3, 4, 5))


def test_no_command_at_all(small):
    """Without a command the help is shown, as a usage error."""
    ran = small.run()
    assert (ran.code, ran.out, "Commands:" in ran.err) == (2, "", True)


@pytest.mark.parametrize(
    ("words", "help"),
    [
        (["chek"], "did you mean `check`?"),
        (["snapshot", "shwo", "x"], "did you mean `show`?"),
        (["zzz"], "see `tenantproof --help`"),
        (["check"], "see `tenantproof check --help`"),
    ],
)
def test_wrong_commands(words, help, small):
    """A misspelt or unfinished command is told in our words with one suggestion."""
    ran = small.run(*words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error[usage]: ")
    assert ran.err.endswith(f"  help: {help}\n")


def test_every_command_is_listed_in_order():
    """The commands stand in reading order."""
    assert list(COMMANDS) == [
        "check", "list", "explain", "coverage", "docs", "diff", "report", "waivers", "attest",
        "init", "pack", "lint", "test", "snapshot", "import",
    ]


# --- list ---------------------------------------------------------------------------------------


def test_list(small):
    """`list` shows each policy under its family."""
    assert small.run("list", "--pack", "pack").out == (
        "small 1.0.0: A small pack for tests\n"
        "3 policies in 3 families\n"
        "\nMAN\n  MAN-001  medium  The envelope is in the safe (draft)\n"
        "\nSD\n  SD-001  high  Security defaults are on\n"
        "\nUSR\n  USR-001  low  No guest is enabled\n"
    )


def test_list_as_json(small):
    """`list --output json` holds the same, and what each policy reads."""
    value = json.loads(small.run("list", "--pack", "pack", "--output", "json").out)
    assert [p["id"] for p in value["packs"][0]["policies"]] == ["MAN-001", "SD-001", "USR-001"]
    assert value["packs"][0]["policies"][2]["collections"] == ["users"]


# --- explain ------------------------------------------------------------------------------------


def test_explain_a_policy(small):
    """`explain ID` reads the policy aloud, with the data it needs and how to get them."""
    out = small.run("explain", "USR-001", "--pack", "pack").out
    for told in (
        "The tenant MUST be USR-001.",
        "For each of `users`\n  where it\n    - is enabled: `accountEnabled` equals true\n"
        "  every one must satisfy all of:\n    - is no guest: `userType` not equals `Guest`\n",
        "No subject at all means `pass`.",
        "GET /v1.0/users",
        "User.Read.All",
        "USR-001.grace: Guests that are forgiven (a number; default 0)",
        "REQ-1: Security defaults (mandatory)",
        "1. Open the portal.",
    ):
        assert told in out


def test_explain_a_verdict(small):
    """`explain ID SNAPSHOT` shows for each subject what each clause read, and the deciding rule."""
    out = small.run("explain", "USR-001", "guest.json", "--pack", "pack").out
    assert (
        "    not so  is no guest\n"
        "            asked: `userType` not equals `Guest`\n"
        "            read:  Guest  /users/1/userType\n"
    ) in out
    rule = "every subject has to satisfy all clauses, and one surely does not"
    assert f"so: fail, since {rule}\n" in out
    assert "Verdict: fail\n" in out


def test_explain_what_is_not_known(small):
    """`explain` names what was not seen and how to export it."""
    out = small.run("explain", "USR-001", "partial.json", "--pack", "pack").out
    assert "not everything was seen: `users` could not be read: access was denied" in out
    assert "Verdict: unknown\n" in out
    assert "To export:\n    users  GET /v1.0/users" in " ".join(out.split(" ")).replace(
        "GET\n           ", "GET "
    )


@pytest.mark.parametrize("name", ["u1", "Ada Lovelace", "ADA@contoso.example", "/users/0"])
def test_explain_one_subject(name, small):
    """A subject is found by id, name, sign-in name or pointer; the others are left out."""
    out = small.run("explain", "USR-001", "guest.json", "--pack", "pack", "--subject", name).out
    assert ("Ada Lovelace (u1)" in out, "Bob" in out.partition("Verdict")[0]) == (True, False)


@pytest.mark.parametrize(
    ("words", "help"),
    [
        (["USR-01"], "did you mean `USR-001`?"),
        (["USR-001", "--subject", "u1"], "name a snapshot after the policy's id"),
        (["USR-001", "good.json", "--subject", "Ada Lovelac"], "did you mean `Ada Lovelace`?"),
    ],
)
def test_explain_refuses(words, help, small):
    """An unknown policy, an unknown subject, or a subject without a snapshot: exit 2."""
    ran = small.run("explain", *words, "--pack", "pack")
    assert (ran.code, ran.out, help in ran.err) == (2, "", True)


# --- lint ---------------------------------------------------------------------------------------


def test_lint_finds_nothing(small):
    """A clean pack: exit 0, one line."""
    ran = small.run("lint", "pack")
    assert (ran.code, ran.out, ran.err) == (0, "1 pack, 3 policies: nothing is wrong\n", "")


def test_lint_tells_everything_at_once(small):
    """All faults of all files are told with file, line and column, and exit 2."""
    for name, old, new in (
        ("sd/SD-001", "severity: high", "severity: hihg"),
        ("usr/USR-001", "path: userType", "path: userTyp"),
    ):
        file = small.path(f"pack/{name}-holds.yaml")
        file.write_text(file.read_text().replace(old, new))
    ran = small.run("lint", "pack")
    assert ran.code == 2
    assert "pack/sd/SD-001-holds.yaml:8:11: error[" in ran.out
    assert "did you mean `high`?" in ran.out
    assert "pack/usr/USR-001-holds.yaml:" in ran.out
    assert "did you mean `userType`?" in ran.out
    assert ran.out.endswith("1 pack: 2 errors, 0 warnings\n")


def test_lint_as_json(small):
    """`lint --output json` gives each problem's place in numbers."""
    file = small.path("pack/sd/SD-001-holds.yaml")
    file.write_text(file.read_text().replace("severity: high", "severity: hihg"))
    ran = small.run("lint", "pack", "--output", "json")
    problem = json.loads(ran.out)["problems"][0]
    assert ran.code == 2
    assert (problem["file"], problem["line"], problem["column"], problem["severity"]) == (
        "pack/sd/SD-001-holds.yaml", 8, 11, "error"
    )


def test_lint_as_sarif(small):
    """`lint --output sarif` gives one result per problem, with its rule's title and its place."""
    file = small.path("pack/sd/SD-001-holds.yaml")
    file.write_text(file.read_text().replace("severity: high", "severity: hihg"))
    ran = small.run("lint", "pack", "--output", "sarif")
    (run,) = json.loads(ran.out)["runs"]
    (result,) = run["results"]
    assert (ran.code, ran.err) == (2, "")
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == [result["ruleId"]]
    assert "did you mean `high`?" in result["message"]["text"]
    assert result["locations"] == [{"physicalLocation": {
        "artifactLocation": {"uri": "pack/sd/SD-001-holds.yaml"},
        "region": {"startLine": 8, "startColumn": 11, "endLine": 8, "endColumn": 15},
    }}]


def test_a_sarif_fingerprint_survives_a_moved_line(small):
    """A problem is the same result when lines are put before it, and two alike are two."""
    file = small.path("pack/sd/SD-001-holds.yaml")
    wrong = file.read_text().replace("severity: high", "severity: hihg")
    prints = []
    for text in (wrong, f"# a remark\n{wrong}"):
        file.write_text(text)
        (run,) = json.loads(small.run("lint", "pack", "--output", "sarif").out)["runs"]
        prints.append([result["partialFingerprints"] for result in run["results"]])
    assert prints[0] == prints[1]


def test_lint_of_what_is_no_pack(small):
    """A folder without `pack.yaml` is no pack: exit 2."""
    ran = small.run("lint", "good")
    assert (ran.code, "`good` is not a pack" in ran.out) == (2, True)


# --- test ---------------------------------------------------------------------------------------


def test_cases_that_pass(small):
    """Cases that pass are counted; drafts are tested too."""
    ran = small.run("test", "pack")
    assert (ran.code, ran.out) == (0, "3 policies, 5 cases: 5 passed\n")


def test_a_case_that_fails(small):
    """A failing case is shown with its place, what was expected and what came; exit 1."""
    file = small.path("pack/usr/USR-001-holds.yaml")
    file.write_text(file.read_text().replace("missing: [is no guest]", "missing: [is a guest]"))
    line = 1 + file.read_text().splitlines().index("    - it: fails on a guest")
    ran = small.run("test", "pack", "--select", "USR-*")
    assert ran.code == 1
    assert ran.out.startswith(
        f"pack/usr/USR-001-holds.yaml:{line}: USR-001 fails on a guest\n"
        "  missing     expected is a guest\n"
        "              actual is no guest\n"
    )
    assert ran.out.endswith("1 policy, 2 cases: 1 passed, 1 failed\n")


def test_a_policy_without_cases(small):
    """A policy that no case proves is an error: exit 2."""
    file = small.path("pack/usr/USR-001-holds.yaml")
    text = file.read_text()
    assert CASES_GUESTS in text
    file.write_text(text.partition("  cases:")[0] + "  cases: []\n")
    ran = small.run("test", "pack")
    assert (ran.code, "USR-001-holds.yaml:" in ran.err) == (2, True)
