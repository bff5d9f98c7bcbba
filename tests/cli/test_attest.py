"""``attest`` by real processes: the open questions are written down, and nothing is lost."""

from __future__ import annotations

import json

from small import TENANT, manifest

QUESTION = "Is the break-glass envelope in the safe?"
ASK = ("attest", "good.json", "--pack", "pack", "--select", "*")
FILLED = (("answer: null", 'answer: "yes"'), ("by: null", "by: Ada"),
          ("on: null", "on: 2026-11-10"))


def text(small):
    """What stands in the file."""
    return small.path("attestations.yaml").read_text(encoding="utf-8")


def fill_in(small):
    """Answer the first question of the file."""
    whole = text(small)
    for old, new in FILLED:
        whole = whole.replace(old, new, 1)
    small.path("attestations.yaml").write_text(whole, encoding="utf-8")


def test_an_open_question_is_written_down_to_be_filled_in(small):
    """Who is asked, of which tenant, for how long an answer holds; the form counts for nothing."""
    ran = small.run(*ASK)
    assert (0, "1 question to be answered, written to attestations.yaml\n") == (ran.code, ran.out)
    for words in ("# MAN-001 (medium): The envelope is in the safe",
                  "# Contoso. To be answered by the security officer; an answer holds for 90 days.",
                  f'- tenants: ["{TENANT}"]', QUESTION, "answer: null  # yes or no"):
        assert words in text(small)
    judged = small.check("good.json", "--select", "*", "--attestations", "attestations.yaml")
    assert (5, True) == (judged.code, "1 attestation still to be filled in" in judged.err)


def test_once_it_is_filled_in_it_counts(small):
    """The file is what `check` reads; then nothing is open."""
    small.run(*ASK)
    fill_in(small)
    judged = small.check("good.json", "--select", "*", "--attestations", "attestations.yaml")
    again = small.run(*ASK)
    assert (0, 0, "no further question is open\n") == (judged.code, again.code, again.out)


def test_nothing_is_asked_twice_and_what_stands_there_stays(small):
    """The same run again leaves the file byte for byte; another tenant's question is added."""
    small.run(*ASK)
    small.path("attestations.yaml").write_text("# Ours.\n" + text(small), encoding="utf-8")
    before = text(small)
    again = small.run(*ASK)
    assert (before, True) == (text(small), "1 question stood in the file already" in again.err)
    other = manifest()
    other["tenant"].update(id="t2", displayName="Fabrikam \u001b[31m\n- x")
    small.write("other.json", other)
    ran = small.run("attest", "other.json", "--pack", "pack", "--select", "*")
    assert (0, True) == (ran.code, text(small).startswith(before.rstrip()))
    assert ("\u001b" in text(small), text(small).count("- tenants:")) == (False, 2)


def test_an_answer_that_no_longer_counts_is_asked_for_anew(small):
    """And it says why."""
    small.write("old.yaml", {"format": 1, "attestations": [{
        "tenants": [TENANT], "policy": "MAN-001", "question": QUESTION, "answer": "yes",
        "by": "Ada", "on": "2026-01-01"}]})
    ran = small.run(*ASK, "--attestations", "old.yaml")
    assert (0, True) == (ran.code, "# An earlier answer does not count: it held until 2026-03-31."
                         in text(small))


def test_a_policy_that_asks_of_each_subject_asks_of_each(small):
    """One entry for each, with its id."""
    [policy] = (small.folder / "pack").rglob("MAN-001*.yaml")
    policy.write_text(policy.read_text().replace(
        "check:\n  manual:\n", "check:\n  manual:\n    for: users\n"), encoding="utf-8")
    ran = small.run(*ASK)
    assert ("2 questions to be answered, written to attestations.yaml\n") == ran.out, ran.err
    assert ["subject: u1", "subject: u2"] == sorted(
        line.strip() for line in text(small).splitlines() if "subject:" in line)
    fill_in(small)
    report = small.check("good.json", "--select", "*", "--attestations", "attestations.yaml",
                         "--output", "json")
    [tenant] = json.loads(report.out)["tenants"]
    [asked] = [f for f in tenant["findings"] if f["policy"] == "MAN-001"]
    assert ("manual", 1) == (asked["verdict"], len(asked["subjects"]))


def test_a_file_to_which_nothing_can_be_added_stays(small):
    """Exit code 2, and the file as it was."""
    small.path("attestations.yaml").write_text("attestations: []\nformat: 1\n")
    ran = small.run(*ASK)
    assert (2, "attestations: []\nformat: 1\n") == (ran.code, text(small))
