"""Waivers by real processes: what they accept, what they never do, and what is told of them."""

from __future__ import annotations

import csv
import io
import json

import pytest
from small import TENANT, manifest

BASE = {"tenants": [TENANT], "policy": "USR-001", "subjects": ["u2"],
        "reason": "Bob leaves in spring", "owner": "Service desk", "approver": "Ada Example",
        "ticket": "RISK-17", "expires": "2027-01-31"}
WHOLE = {"policy": "SD-001", "subjects": None}


def entry(**changes):
    """A waiver of the guest's failure, but for these changes; None takes a key out."""
    return {k: v for k, v in {**BASE, **changes}.items() if v is not None}


def waive(small, *entries, snapshot="guest.json", more=("--output", "json")):
    """Judge with a file of waivers."""
    small.write("waivers.yaml", {"format": 1, "waivers": list(entries)})
    return small.check(snapshot, "--waivers", "waivers.yaml", *more)


def finding(ran, policy="USR-001"):
    """One policy's finding."""
    [tenant] = json.loads(ran.out)["tenants"]
    [found] = [f for f in tenant["findings"] if f["policy"] == policy]
    return found


def two_guests(small):
    """A tenant in which two accounts fail."""
    value = manifest(guest=True)
    value["collections"]["users"]["data"].append(
        {"id": "u3", "displayName": "Eve", "userPrincipalName": "eve@contoso.example",
         "userType": "Guest", "accountEnabled": True})
    return small.write("two.json", value)


def unclear_guest(small):
    """A tenant in which one account fails and another cannot be told."""
    value = manifest(guest=True)
    value["collections"]["users"]["data"].append(
        {"id": "u3", "displayName": "Eve", "userPrincipalName": "eve@contoso.example",
         "accountEnabled": True})
    return small.write("unclear.json", value)


# --- what a waiver does -------------------------------------------------------------------------


def test_an_accepted_failure_is_told_and_counts_no_more(small):
    """The verdict is `waived`, the failing subject and who accepted it stand there, exit 0."""
    ran = waive(small, entry())
    found = finding(ran)
    assert (0, "waived", [("u2", "fail", True)]) == (
        ran.code, found["verdict"],
        [(s["id"], s["verdict"], s["waived"]) for s in found["subjects"]])
    assert {
        "verdict": "fail",
        "waivers": [{
            "reason": "Bob leaves in spring", "owner": "Service desk", "approver": "Ada Example",
            "ticket": "RISK-17", "expires": "2027-01-31",
            "location": {"file": "waivers.yaml", "line": 1}, "holds": True, "why": None,
            "tenant": False, "subjects": ["u2"], "idle": [],
        }],
    } == found["waiver"]
    assert "warning" not in ran.err


def test_without_a_waiver_there_is_none(small):
    """A finding of which no waiver speaks says null."""
    assert finding(small.check("guest.json", "--output", "json"))["waiver"] is None


def test_a_failure_of_the_tenant_as_a_whole_needs_no_subjects(small):
    """Security defaults are a matter of the tenant."""
    ran = waive(small, entry(**WHOLE), snapshot="bad.json")
    found = finding(ran, "SD-001")
    assert (0, "waived", True) == (ran.code, found["verdict"],
                                   found["waiver"]["waivers"][0]["tenant"])


def test_whom_no_waiver_names_fails_all_the_same(small):
    """Two guests, one accepted: the policy fails, and says which of the two is accepted."""
    ran = waive(small, entry(), snapshot=two_guests(small))
    found = finding(ran)
    assert (1, "fail", {"u2": True, "u3": False}) == (
        ran.code, found["verdict"], {s["id"]: s["waived"] for s in found["subjects"]})


def test_two_waivers_may_share_the_subjects(small):
    """Each accepts its own; together they accept all."""
    ran = waive(small, entry(), entry(subjects=["u3"], reason="Another"),
                snapshot=two_guests(small))
    assert (0, "waived") == (ran.code, finding(ran)["verdict"])


def test_behind_an_accepted_failure_what_is_unknown_comes_to_light(small):
    """A pass is not made of a failure: of the other account nobody knows anything."""
    ran = waive(small, entry(), snapshot=unclear_guest(small))
    found = finding(ran)
    assert (5, "unknown", "fail") == (ran.code, found["verdict"], found["waiver"]["verdict"])
    assert ["userType"] == [one["property"] for one in found["unknowns"]]
    assert {"u2": True, "u3": False} == {s["id"]: s["waived"] for s in found["subjects"]}


def test_an_answer_no_can_be_accepted(small):
    """A question that a person answered with no is a failure of the tenant."""
    small.write("answers.yaml", {"format": 1, "attestations": [{
        "tenants": [TENANT], "policy": "MAN-001", "by": "Ada", "on": "2026-11-02",
        "question": "Is the break-glass envelope in the safe?", "answer": "no"}]})
    ran = waive(small, entry(policy="MAN-001", subjects=None), snapshot="good.json", more=(
        "--select", "MAN-*", "--attestations", "answers.yaml", "--output", "json"))
    assert (0, "waived") == (ran.code, finding(ran, "MAN-001")["verdict"])


def test_an_open_question_is_no_failure(small):
    """What nobody answered cannot be accepted."""
    ran = waive(small, entry(policy="MAN-001", subjects=None), snapshot="good.json",
                more=("--select", "MAN-*", "--output", "json"))
    assert (5, "manual") == (ran.code, finding(ran, "MAN-001")["verdict"])


@pytest.mark.parametrize("subject", [
    "u2", "U2", {"Sign-in name": "bob@contoso.example"}, {"Sign-in name": "BOB@contoso.example"},
], ids=str)
def test_a_subject_is_named_by_its_id_or_by_its_evidence(small, subject):
    """What is stable in a tenant, or across tenants, in any case."""
    assert 0 == waive(small, entry(subjects=[subject])).code


@pytest.mark.parametrize("subject", [
    "u", "u*", "*", "u22", {"Sign-in name": "*"}, {"Sign-in name": "bob"},
    {"Sign-in name": "bob@*"}, {"Sign-in name": True}, {"Sign-in name": 2}, "/users/1", "Bob",
], ids=str)
def test_nothing_else_fits(small, subject):
    """No pattern, no part, no position, no name that somebody else may take."""
    ran = waive(small, entry(subjects=[subject]))
    assert (1, "fail", True) == (ran.code, finding(ran)["verdict"],
                                 "[unmatched-waiver]" in ran.err)


# --- what is refused, or has no effect ----------------------------------------------------------

# what is written -> exit code, rule that is told
REFUSED = {
    "expired": (entry(expires="2026-11-19"), 1, "refused-waiver"),
    "a day that does not exist": (entry(expires="2027-02-30"), 1, "refused-waiver"),
    "a day in another order": (entry(expires="31.01.2027"), 1, "refused-waiver"),
    "a day of two meanings": (entry(expires="01/02/2027"), 1, "refused-waiver"),
    "a year of two digits": (entry(expires="27-01-31"), 1, "refused-waiver"),
    "an instant": (entry(expires="2027-01-31T00:00:00Z"), 1, "refused-waiver"),
    "other digits": (entry(expires="\uff12\uff10\uff12\uff17-01-31"), 1, "refused-waiver"),
    "never": (entry(expires="never"), 1, "refused-waiver"),
    "a blank reason": (entry(reason=" "), 1, "refused-waiver"),
    "a blank approver": (entry(approver="\t"), 1, "refused-waiver"),
    "another subject": (entry(subjects=["u1"]), 1, "unneeded-waiver"),
    "no such subject": (entry(subjects=["u9"]), 1, "unmatched-waiver"),
    "another tenant": (entry(tenants=["somebody"]), 1, "tenant-not-in-run"),
    "another policy": (entry(**WHOLE), 1, "unneeded-waiver"),
    "no policy": (entry(policy="USR-002"), 2, "unknown-policy"),
    "a pattern of policies": (entry(policy="USR-*"), 2, "wrong-form"),
    "no subjects": (entry(subjects=[]), 2, "empty"),
    "subjects left out": (entry(subjects=None), 2, "waiver-without-subjects"),
    "all subjects": (entry(subjects="all"), 2, "wrong-type"),
    "evidence without a label": (entry(subjects=[{}]), 2, "empty"),
    "a label that is not there": (entry(subjects=[{"Sign in name": "x"}]), 2, "unknown-label"),
    "subjects of the tenant": (entry(policy="SD-001", subjects=["sd"]), 2, "waiver-subjects"),
    "no tenants": (entry(tenants=[]), 2, "empty"),
    "tenants missing": (entry(tenants=None), 2, "missing-key"),
    "no owner": (entry(owner=None), 2, "missing-key"),
    "no approver": (entry(approver=None), 2, "missing-key"),
    "no ticket": (entry(ticket=None), 2, "missing-key"),
    "no end": (entry(expires=None), 2, "missing-key"),
    "an end that is null": ({**entry(), "expires": None}, 2, "wrong-type"),
    "a day that is a number": (entry(expires=20270131), 2, "wrong-type"),
    "an unknown key": (entry(approved=True), 2, "unknown-key"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_hold_accepts_nothing_and_is_told(small, name):
    """The failure stands, or the file is refused, and the message says where."""
    written, code, rule = REFUSED[name]
    ran = waive(small, written)
    assert (code, True) == (ran.code, f"[{rule}]" in ran.err), ran.err
    assert "waivers.yaml:" in ran.err
    if ran.code == 1:
        assert "fail" == finding(ran)["verdict"]


def test_where_nothing_fails_a_waiver_is_unneeded_and_changes_nothing(small):
    """An exception that nobody needs does not count as one."""
    ran = waive(small, entry(), snapshot="good.json")
    found = finding(ran)
    assert (0, "pass", "pass") == (ran.code, found["verdict"], found["waiver"]["verdict"])
    assert "[unneeded-waiver]" in ran.err


def test_a_waiver_rescues_nothing_that_is_unknown(small):
    """Where the users were not exported, nothing is accepted and nothing is told of it."""
    ran = waive(small, entry(), snapshot="partial.json")
    assert (5, "unknown") == (ran.code, finding(ran)["verdict"])
    assert "waiver" not in ran.err


def test_the_last_day_counts_and_the_next_does_not(small):
    """Days are those of UTC."""
    held = waive(small, entry(), more=("--as-of", "2027-01-31T23:59:59Z", "--output", "json"))
    over = waive(small, entry(), more=("--as-of", "2027-02-01T00:00:00Z", "--output", "json"))
    assert ("waived", "fail") == (finding(held)["verdict"], finding(over)["verdict"])


def test_what_the_source_allows_no_exception_of_is_refused_with_its_sentence(small):
    """`waivable: false`: the file is refused, and says which obligation stands against it."""
    [policy] = (small.folder / "pack").rglob("USR-001*.yaml")
    text = policy.read_text().replace("status: stable", "status: stable\nwaivable: false")
    policy.write_text(text)
    ran = waive(small, entry())
    assert (2, "") == (ran.code, ran.out)
    assert "[not-waivable]: no failure of `USR-001` can be accepted" in ran.err
    assert "REQ-1 demands: Switch security defaults on." in ran.err


HOSTILE = {
    "a duplicate key": ("expires: 2026-01-01\n    expires: 2030-01-01", "duplicate-key"),
    "a timestamp tag": ("expires: !!timestamp 2030-01-01", "tag"),
    "an alias": ("expires: *never", "alias"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_two_readings_of_one_file_are_refused(small, name):
    """A key twice, a tag or an alias: exit code 2, with the place."""
    text, words = HOSTILE[name]
    small.path("waivers.yaml").write_text(
        f"format: 1\nwaivers:\n  - tenants: [{TENANT}]\n    policy: USR-001\n    subjects: [u2]\n"
        f"    reason: r\n    owner: o\n    approver: a\n    ticket: t\n    {text}\n")
    ran = small.check("guest.json", "--waivers", "waivers.yaml")
    assert (2, True, True) == (ran.code, "waivers.yaml:1" in ran.err, words in ran.err)


def test_the_list_twice_is_refused(small):
    """The second would have replaced the first."""
    small.path("waivers.yaml").write_text("format: 1\nwaivers: []\nwaivers: []\n")
    ran = small.check("guest.json", "--waivers", "waivers.yaml")
    assert (2, True) == (ran.code, "duplicate-key" in ran.err)


# --- every output format ------------------------------------------------------------------------

ACCEPTED = "Accepted: the failure of 1 subject"
SAID = "until 2027-01-31. Bob leaves in spring. Approved by Ada Example, owned by Service desk"


@pytest.mark.parametrize("form", ["text", "html", "markdown", "csv", "junit", "oscal", "sarif"])
def test_every_format_shows_what_was_accepted(small, form):
    """The failure, who accepted it, why and until when: nowhere is it left out."""
    ran = waive(small, entry(), more=("--output", form))
    told = " ".join(ran.out.replace("\\n", " ").split())
    assert (0, True, True) == (ran.code, ACCEPTED in told, SAID in told), ran.out
    assert "enabled accounts are guests" in told


@pytest.mark.parametrize("form", ["text", "html", "markdown", "csv", "junit", "sarif"])
def test_every_format_shows_what_no_longer_holds(small, form):
    """Beside the failure stands that it was accepted once."""
    ran = waive(small, entry(expires="2026-11-19"), more=("--output", form))
    told = " ".join(ran.out.replace("\\n", " ").split())
    assert "but it expired after 2026-11-19. It said: Bob leaves in spring." in told


def test_a_waived_result_is_suppressed_in_sarif(small):
    """Code scanning shows it as dismissed, with the reason."""
    ran = waive(small, entry(), more=("--output", "sarif"))
    [result] = json.loads(ran.out)["runs"][0]["results"]
    [suppression] = result["suppressions"]
    assert ("external", "accepted") == (suppression["kind"], suppression["status"])
    assert "waived" == result["properties"]["verdict"]


def test_junit_counts_it_as_skipped(small):
    """Neither a failure nor a success."""
    ran = waive(small, entry(), more=("--output", "junit"))
    assert 'failures="0" errors="0" skipped="1"' in ran.out


def test_csv_has_a_cell_for_each_subject(small):
    """A spreadsheet can be filtered by it."""
    ran = waive(small, entry(), snapshot=two_guests(small), more=("--output", "csv"))
    rows = [row for row in csv.DictReader(io.StringIO(ran.out)) if row["policy"] == "USR-001"]
    assert {"u2": "yes", "u3": ""} == {row["subjectId"]: row["waived"] for row in rows}


def test_the_report_fits_its_schema(small):
    """Waivers that hold, do not, and are not needed."""
    jsonschema = pytest.importorskip("jsonschema")
    from tenantproof import bundled

    schema = json.loads((bundled.schemas() / "report.schema.json").read_text())
    ran = waive(small, entry(), entry(expires="soon"), entry(**WHOLE), snapshot=two_guests(small))
    found = jsonschema.Draft202012Validator(schema).iter_errors(json.loads(ran.out))
    assert [] == [error.message for error in found]


def test_names_are_untrusted(small):
    """No escape of a reason reaches the terminal."""
    ran = waive(small, entry(reason="Eve \u001b[31m<b>"), more=())
    assert ("\u001b" in ran.out, "Eve" in ran.out) == (False, True)


def test_many_tenants_in_many_processes_are_accepted_alike(small):
    """One process or two: the same bytes."""
    small.path("many").mkdir()
    for number in range(6):
        value = manifest(guest=True)
        value["tenant"]["id"] = f"{number}{TENANT[1:]}"
        small.write(f"many/t{number}.json", value)
    written = entry(tenants=[f"{number}{TENANT[1:]}" for number in range(0, 6, 2)])
    one = waive(small, written, snapshot="many")
    two = waive(small, written, snapshot="many", more=("--jobs", "2", "--output", "json"))
    assert one == two
    assert 3 == one.out.count('"verdict": "waived"')


def test_a_later_run_does_not_call_an_accepted_failure_new(small):
    """With a baseline an accepted failure that is no longer accepted is new."""
    small.path("before.json").write_text(waive(small, entry()).out)
    ran = waive(small, entry(expires="2026-11-19"), more=("--baseline", "before.json"))
    assert 1 == ran.code


# --- one matching, whatever the command ---------------------------------------------------------


@pytest.mark.parametrize("name", [n for n, (_, code, _) in REFUSED.items() if code == 1])
def test_no_command_takes_a_waiver_for_good_that_check_does_not(small, name):
    """`check`, `explain` and `waivers check` agree on every waiver that accepts nothing."""
    waive(small, REFUSED[name][0])
    explained = small.run("explain", "USR-001", "guest.json", "--pack", "pack", "--waivers",
                          "waivers.yaml")
    checked = small.run("waivers", "check", "guest.json", "--pack", "pack", "--waivers",
                        "waivers.yaml", "--as-of", "2026-11-20T06:00:00Z")
    assert ("Verdict: fail" in explained.out, checked.code) == (True, 1)


def test_every_command_takes_the_same_waiver_for_good(small):
    """`check`, `explain`, `waivers list` and `waivers check` agree on one that holds."""
    ran = waive(small, entry())
    explained = small.run("explain", "USR-001", "guest.json", "--pack", "pack", "--waivers",
                          "waivers.yaml")
    at = ("--pack", "pack", "--as-of", "2026-11-20T06:00:00Z")
    checked = small.run("waivers", "check", "guest.json", *at)
    listed = json.loads(small.run("waivers", "list", *at, "--output", "json").out)
    assert (0, True, 0, [True]) == (ran.code, "Verdict: waived" in explained.out, checked.code,
                                    [one["holds"] for one in listed])


# --- waivers list, check, add -------------------------------------------------------------------


def test_the_list_shows_everything_that_was_written(small):
    """Whom, what, why, who, until when, and whether it still holds."""
    small.write("waivers.yaml", {"format": 1, "waivers": [
        entry(), entry(expires="2026-11-19"), entry(subjects=[{"Sign-in name": "x"}])]})
    ran = small.run("waivers", "list", "--pack", "pack", "--as-of", "2026-11-20")
    for words in ("holds until 2027-01-31", "does not count: it expired after 2026-11-19",
                  "Sign-in name: x", "Bob leaves in spring", "RISK-17", "3 waivers, of which 2"):
        assert words in ran.out
    assert 0 == ran.code


@pytest.mark.parametrize(("expires", "code", "rule"), [
    ("2027-01-31", 0, None), ("2026-12-01", 0, "ending-waiver"), ("2026-11-19", 1,
                                                                 "refused-waiver"),
])
def test_dates_are_looked_at_without_a_snapshot(small, expires, code, rule):
    """A pipeline that runs every night warns before a waiver ends, and fails after."""
    small.write("waivers.yaml", {"format": 1, "waivers": [entry(expires=expires)]})
    ran = small.run("waivers", "check", "--pack", "pack", "--as-of", "2026-11-20")
    assert code == ran.code
    assert rule is None or f"[{rule}]" in ran.err


def test_add_keeps_what_stands_there(small):
    """Comments and formatting stay byte for byte; the new waiver is heard."""
    before = ("# Ours.\nformat: 1\nwaivers:\n  # The printer.\n  - tenants: [" + TENANT + "]\n"
              "    policy:   SD-001   # odd blanks\n    reason: \"r\"\n    owner: o\n"
              "    approver: a\n    ticket: t\n    expires: '2030-01-01'\n")
    small.path("waivers.yaml").write_text(before)
    ran = small.run(
        "waivers", "add", "--pack", "pack", "--tenant", TENANT, "--policy", "USR-001",
        "--subject", "Sign-in name=bob@contoso.example", "--reason", "It: \"is\" so # yes",
        "--owner", "o", "--approver", "a", "--ticket", "https://t.example/1",
        "--expires", "2030-01-01")
    assert (0, True) == (ran.code, small.path("waivers.yaml").read_text().startswith(before))
    judged = small.check("guest.json", "--waivers", "waivers.yaml", "--output", "json")
    [told] = finding(judged)["waiver"]["waivers"]
    assert ("waived", "It: \"is\" so # yes") == (finding(judged)["verdict"], told["reason"])


ADD = ("waivers", "add", "--pack", "pack", "--tenant", TENANT, "--reason", "r", "--owner", "o",
       "--approver", "a", "--ticket", "t")
NOT_ADDED = {
    "an unknown policy": (("--policy", "USR-002", "--expires", "2030-01-01"), "unknown-policy"),
    "no subject": (("--policy", "USR-001", "--expires", "2030-01-01"), "waiver-without-subjects"),
    "a day that is over": (("--policy", "SD-001", "--expires", "2020-01-01"), "would not count"),
    "a day that is none": (("--policy", "SD-001", "--expires", "soon"), "would not count"),
}


@pytest.mark.parametrize("name", NOT_ADDED)
def test_what_could_not_be_heard_is_not_written(small, name):
    """Exit code 2, and no file."""
    more, words = NOT_ADDED[name]
    ran = small.run(*ADD, *more)
    assert (2, True, False) == (ran.code, words in ran.err, small.path("waivers.yaml").exists())


@pytest.mark.parametrize("before", [
    "format: 1\nwaivers: []\n", "format: 1\nwaivers: []   # none so far\n", "waivers: []\n\n\n",
    "format: 1\nwaivers:\n- tenants: [x]\n  policy: SD-001\n  reason: r\n  owner: o\n"
    "  approver: a\n  ticket: t\n  expires: 2030-01-01",
])
def test_add_fits_itself_to_the_file(small, before):
    """An empty list, a comment behind it, no line break at the end, no indent."""
    text = before if "format" in before else f"format: 1\n{before}"
    small.path("waivers.yaml").write_text(text)
    ran = small.run(*ADD, "--policy", "SD-001", "--expires", "2030-01-01")
    listed = small.run("waivers", "list", "--pack", "pack", "--output", "json")
    assert (0, text.count("policy") + 1) == (ran.code, len(json.loads(listed.out))), ran.err


@pytest.mark.parametrize("before", ["format: 1\n", "waivers: []\nformat: 1\n", "- 1\n",
                                    "format: 1\nwaivers: [{}]\n"])
def test_where_no_line_can_be_added_the_file_stays(small, before):
    """Exit code 2, and what to do."""
    small.path("waivers.yaml").write_text(before)
    ran = small.run(*ADD, "--policy", "SD-001", "--expires", "2030-01-01")
    assert (2, before) == (ran.code, small.path("waivers.yaml").read_text())


def test_without_a_file_there_is_nothing_to_list(small):
    """Exit code 3, and which file would have been read."""
    ran = small.run("waivers", "list", "--pack", "pack")
    assert (3, True) == (ran.code, "`waivers.yaml` cannot be read" in ran.err)


def test_a_label_that_holds_a_list_names_nobody(small):
    """It is refused at once, rather than never fitting."""
    [policy] = (small.folder / "pack").rglob("USR-001*.yaml")
    text = policy.read_text().replace("evidence: {", "evidence: { Mails: otherMails,")
    policy.write_text(text)
    ran = waive(small, entry(subjects=[{"Mails": "x"}]))
    assert (2, True) == (ran.code, "[list-label]: `Mails` of `USR-001` is a list" in ran.err)
