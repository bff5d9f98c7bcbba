"""Attestations by real processes: what they decide, what is refused, what is told."""

from __future__ import annotations

import json

import pytest
from small import TENANT

QUESTION = "Is the break-glass envelope in the safe?"
BASE = {"tenants": [TENANT], "policy": "MAN-001", "question": QUESTION, "answer": "yes",
        "by": "Ada Example", "on": "2026-11-02"}


def said(**changes):
    """An attestation that counts, but for these changes; None takes a key out."""
    return {k: v for k, v in {**BASE, **changes}.items() if v is not None}


def attest(small, *entries, snapshot="good.json", more=()):
    """Judge with a file of attestations."""
    small.write("answers.yaml", {"format": 1, "attestations": list(entries)})
    return small.check(snapshot, "--select", "*", "--attestations", "answers.yaml", *more)


def finding(ran):
    """The finding of the policy that asks."""
    [tenant] = json.loads(ran.out)["tenants"]
    [found] = [f for f in tenant["findings"] if f["policy"] == "MAN-001"]
    return found


@pytest.mark.parametrize(("answer", "code", "verdict"), [("yes", 0, "pass"), ("no", 1, "fail")])
def test_an_answer_decides(small, answer, code, verdict):
    """*Yes* is a pass and *no* a fail, and the exit code follows."""
    ran = attest(small, said(answer=answer), more=("--output", "json"))
    assert (code, verdict, []) == (ran.code, finding(ran)["verdict"], finding(ran)["questions"])


def test_without_an_answer_the_question_stays_open(small):
    """Nobody answered: exit code 5."""
    ran = attest(small, more=("--output", "json"))
    assert (5, "manual", []) == (ran.code, finding(ran)["verdict"], finding(ran)["attestations"])


def test_the_json_report_says_who_attested_what(small):
    """Who, when, until when, and on what evidence."""
    digest = "0123456789abcdef" * 4
    ran = attest(small, said(evidence={"file": "minutes.pdf", "sha256": digest}, remark="Seen."),
                 more=("--output", "json"))
    assert [{
        "policy": "MAN-001", "question": QUESTION, "subject": None, "answer": "yes",
        "by": "Ada Example", "on": "2026-11-02", "validUntil": "2027-01-30",
        "evidence": {"file": "minutes.pdf", "sha256": digest, "link": None}, "remark": "Seen.",
        "counts": True, "why": None,
    }] == finding(ran)["attestations"]


def test_the_report_with_attestations_fits_its_schema(small):
    """What counts and what does not, in the form that the schema gives them."""
    jsonschema = pytest.importorskip("jsonschema")
    from tenantproof import bundled

    schema = json.loads((bundled.schemas() / "report.schema.json").read_text())
    ran = attest(small, said(evidence={"link": "https://contoso.example/1"}), said(by=None),
                 said(on="soon"), more=("--output", "json"))
    found = jsonschema.Draft202012Validator(schema).iter_errors(json.loads(ran.out))
    assert [] == [error.message for error in found]


@pytest.mark.parametrize("form", ["text", "html"])
def test_people_read_who_attested_it(small, form):
    """The reports for people have the signature beside the verdict."""
    ran = attest(small, said(), more=("--output", form))
    told = "Attested: yes, by Ada Example on 2026-11-02, holds until 2027-01-30"
    assert told in " ".join(ran.out.split())


@pytest.mark.parametrize("form", ["text", "html", "sarif"])
def test_a_no_is_a_failure_with_a_signature_in_every_format(small, form):
    """Who says so stands beside it; the JSON report has it field by field."""
    ran = attest(small, said(answer="no"), more=("--output", form))
    told = " ".join(ran.out.replace("\\n", " ").split())
    assert (1, True) == (ran.code, "Attested: no, by Ada Example on 2026-11-02" in told)


@pytest.mark.parametrize("form", ["text", "json", "html", "sarif"])
@pytest.mark.parametrize(("entry", "why"), [
    ({"on": "2026-01-01"}, "it held until 2026-03-31"), ({"by": ""}, "nobody has signed it"),
    ({"on": "2026-02-30"}, "its date `2026-02-30` cannot be read"),
])
def test_every_format_says_why_an_answer_does_not_count(small, form, entry, why):
    """The question is still open, with the reason beside it."""
    ran = attest(small, said(**entry), more=("--output", form))
    told = " ".join(ran.out.replace("\\n", " ").split())
    assert (5, True) == (ran.code, f"does not count: {why}." in told), told


def test_a_stranger_signs(small):
    """Names are untrusted: no escape reaches the terminal."""
    ran = attest(small, said(by="Eve \u001b[31m<b>"))
    assert ("\u001b" in ran.out, "Eve" in ran.out) == (False, True)


# what is written -> exit code, rule that is told
REFUSED = {
    "expired": (said(on="2026-01-01"), 5, "refused-attestation"),
    "dated later than the snapshot": (said(on="2026-11-21"), 5, "refused-attestation"),
    "a day that does not exist": (said(on="2026-02-30"), 5, "refused-attestation"),
    "a day in another order": (said(on="02.11.2026"), 5, "refused-attestation"),
    "no day": (said(on=None), 5, "refused-attestation"),
    "unsigned": (said(by=""), 5, "refused-attestation"),
    "signed by nobody": (said(by=None), 5, "refused-attestation"),
    "left open": (said(answer=None), 5, "refused-attestation"),
    "over before its time": (said(valid_until="2026-11-19"), 5, "refused-attestation"),
    "another question": (said(question="Is it?"), 5, "changed-question"),
    "another subject": (said(subject="u1"), 5, "attestation-subject"),
    "another tenant": (said(tenants=["somebody"]), 5, "tenant-not-in-run"),
    "no policy": (said(policy="MAN-002"), 2, "unknown-policy"),
    "a policy that asks nothing": (said(policy="SD-001"), 5, "changed-question"),
    "a pattern of policies": (said(policy="MAN-*"), 2, "wrong-form"),
    "no tenants": (said(tenants=[]), 2, "empty"),
    "tenants missing": (said(tenants=None), 2, "missing-key"),
    "a tenant that is no list": (said(tenants=TENANT), 2, "wrong-type"),
    "perhaps": (said(answer="perhaps"), 2, "unknown-value"),
    "a truth value": (said(answer=True), 2, "wrong-type"),
    "a day that is a number": (said(on=20261102), 2, "wrong-type"),
    "an unknown key": (said(approved=True), 2, "unknown-key"),
    "a file without its digest": (said(evidence={"file": "a.pdf"}), 2, "missing-key"),
    "a digest of another kind": (said(evidence={"file": "a", "sha256": "12"}), 2, "wrong-form"),
    "a link to a file": (said(evidence={"link": "file:///etc/passwd"}), 2, "wrong-form"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_count_never_passes_and_is_told(small, name):
    """Every refused answer leaves the question open or the file refused, and says where."""
    entry, code, rule = REFUSED[name]
    ran = attest(small, entry)
    assert (code, True) == (ran.code, f"[{rule}]" in ran.err), ran.err
    assert "answers.yaml:" in ran.err


HOSTILE = {
    "a duplicate key": f"""\
format: 1
attestations:
  - tenants: [{TENANT}]
    policy: MAN-001
    question: {QUESTION}
    answer: no
    answer: yes
    by: Ada
    on: 2026-11-02
""",
    "the list twice": "format: 1\nattestations: []\nattestations: []\n",
    "an alias": f"""\
format: 1
attestations:
  - &a {{ tenants: [{TENANT}], policy: MAN-001, question: x }}
  - *a
""",
    "a timestamp tag": "format: 1\nattestations: !!timestamp 2026-11-02\n",
    "another format": "format: 2\nattestations: []\n",
    "an empty file": "",
    "a list at the top": "- 1\n",
    "30,000 brackets": "a: " + "[" * 30_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused(small, name):
    """The file is wrong as a whole: exit code 2, and no verdict."""
    small.path("answers.yaml").write_text(HOSTILE[name], encoding="utf-8")
    ran = small.check("good.json", "--select", "*", "--attestations", "answers.yaml")
    assert (2, "", False) == (ran.code, ran.out, "Traceback" in ran.err)


def test_words_and_days_as_yaml_has_them(small):
    """`yes`, and a day without quotes, are read as they stand."""
    small.path("answers.yaml").write_text(f"""\
format: 1
attestations:
  - tenants: [{TENANT}]
    policy: MAN-001
    question: >-
      Is the break-glass envelope
      in the safe?
    answer: yes
    by: Ada Example
    on: 2026-11-02
""", encoding="utf-8")
    ran = small.check("good.json", "--select", "*", "--attestations", "answers.yaml")
    assert (0, False) == (ran.code, "warning" in ran.err), ran.err


def test_contradictory_answers_leave_the_question_open(small):
    """Both are named in the report and on standard error."""
    ran = attest(small, said(), said(answer="no", by="Bob Example"))
    assert 5 == ran.code
    assert ran.err.count("says the opposite") == 2
    assert "The answer of Bob Example does not count: it says no" in " ".join(ran.out.split())


def test_an_answer_that_is_told_twice_is_noticed(small):
    """It makes no difference, and is told with its line."""
    ran = attest(small, said(), said())
    assert (0, True) == (ran.code, "warning[duplicate-attestation]" in ran.err)


def test_a_tenants_answer_is_not_anothers(small):
    """Of two tenants only the one that was spoken of passes."""
    other = json.loads(small.path("good.json").read_text())
    other["tenant"]["id"] = "another"
    small.write("other.json", other)
    ran = attest(small, said(), more=("other.json", "--output", "json"))
    verdicts = {
        t["snapshot"]["tenant"]["id"]: f["verdict"]
        for t in json.loads(ran.out)["tenants"] for f in t["findings"] if f["policy"] == "MAN-001"
    }
    assert {TENANT: "pass", "another": "manual"} == verdicts


def test_the_instant_of_judging_decides(small):
    """The same file passes today and asks anew next year."""
    codes = [attest(small, said(), more=("--as-of", day)).code
             for day in ("2026-11-01", "2026-11-02", "2027-01-30", "2027-01-31")]
    assert [5, 0, 0, 5] == codes


def test_files_add_up(small):
    """`--attestations` may be repeated."""
    small.write("empty.yaml", {"format": 1, "attestations": []})
    assert 0 == attest(small, said(), more=("--attestations", "empty.yaml")).code


def test_a_file_that_is_not_there(small):
    """Exit code 3, with the file's name."""
    ran = small.check("good.json", "--attestations", "nowhere.yaml")
    assert (3, True) == (ran.code, "`nowhere.yaml` cannot be read" in ran.err)


def test_explain_tells_whose_word_it_is(small):
    """The walk through a verdict ends with the signature."""
    attest(small, said())
    ran = small.run("explain", "MAN-001", "good.json", "--pack", "pack", "--attestations",
                    "answers.yaml")
    assert "since it is attested" in ran.out
    assert "Attested: yes, by Ada Example on 2026-11-02" in ran.out
    alone = small.run("explain", "MAN-001", "--pack", "pack", "--attestations", "answers.yaml")
    assert (2, True) == (alone.code, "`--attestations` needs a snapshot" in alone.err)


EACH = ("    valid_for: 90 days\n", "    valid_for: 90 days\n    for: users\n")


def of_each(small, *entries):
    """Judge with a question that is put for each user."""
    file = small.path("pack/man/MAN-001-holds.yaml")
    file.write_text(file.read_text().replace(*EACH))
    return attest(small, *entries, more=("--output", "json"))


@pytest.mark.parametrize(("answers", "verdict", "names"), [
    ({"u1": "yes", "u2": "yes"}, "pass", []),
    ({"u1": "yes"}, "manual", ["u2"]),
    ({"u1": "yes", "u2": "no"}, "fail", ["u2"]),
    ({"u1": "no"}, "fail", ["u1", "u2"]),
])  # fmt: skip
def test_each_subject_has_its_answer(small, answers, verdict, names):
    """One no fails, one silence leaves it open, and the subjects are named."""
    ran = of_each(small, *(said(subject=s, answer=a) for s, a in answers.items()))
    found = finding(ran)
    assert (verdict, names) == (found["verdict"], [s["id"] for s in found["subjects"]])


def test_an_answer_on_a_stranger_is_told(small):
    """The policy met no such subject; the one that is meant is proposed."""
    ran = of_each(small, said(subject="u11"))
    assert "`MAN-001` met no subject `u11`" in ran.err
    assert "did you mean `u1`?" in ran.err


def test_an_answer_on_nobody_is_told(small):
    """Where each subject is asked about, an answer has to name one."""
    ran = of_each(small, said())
    assert (5, True) == (ran.code, "warning[attestation-subject]" in ran.err)
