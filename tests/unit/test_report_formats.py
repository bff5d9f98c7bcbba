"""The formats that other tools read: each parses back, whatever a display name holds."""

from __future__ import annotations

import csv
import io
import json
import re
from xml.etree import ElementTree

import pytest
from canary import canary_report
from jsonschema import Draft202012Validator
from test_sarif import SARIF

from tenantproof.reports import check_sarif
from tenantproof.reports.csv_report import COLUMNS
from tenantproof.reports.oscal import control_id
from tenantproof.reports.table import RENDERERS
from tenantproof.reports.view import View
from tenantproof.safe import for_csv, for_markdown, for_xml


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """The report on hostile names."""
    return canary_report(tmp_path_factory.mktemp("canary"))


def rendered(report, form, view=None):
    """The whole text of a format, as it would be written to a file."""
    text = "".join(RENDERERS[form](report, view or View()))
    text.encode("utf-8")
    return text


@pytest.mark.parametrize("form", [name for name in RENDERERS if name != "json"])
def test_no_control_character_is_left(report, form):
    """No format holds a raw escape, null, direction mark or lone surrogate."""
    assert not re.findall("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202e\ud800-\udfff\ufffe]",
                          rendered(report, form))


def test_json_parses_back(report):
    """The JSON report holds the names untouched."""
    value = json.loads(rendered(report, "json"))
    assert [t["snapshot"]["tenant"]["id"] for t in value["tenants"]] == ["t0", "t1"]


def test_sarif_has_a_result_for_what_failed_and_what_is_unknown(report):
    """Passes are left out; the log has the shape that code scanning reads."""
    log = json.loads(rendered(report, "sarif"))
    Draft202012Validator(SARIF).validate(log)
    (run,) = log["runs"]
    assert [(r["ruleId"], r["level"], r["properties"]) for r in run["results"]] == [
        ("ACC-001", "error", {"verdict": "fail", "tenant": "t0"}),
        ("ACC-001", "warning", {"verdict": "unknown", "tenant": "t1"}),
        ("ACC-002", "warning", {"verdict": "unknown", "tenant": "t1"}),
    ]
    prints = {r["partialFingerprints"]["tenantproof/v1"] for r in run["results"]}
    assert len(prints) == len(run["results"])
    assert run["invocations"][0]["executionSuccessful"] is False


def test_sarif_points_at_the_policy_where_it_is_in_the_repository(report):
    """The location is the policy's file there, and else the snapshot's manifest."""
    def places(view):
        results = json.loads(rendered(report, "sarif", view))["runs"][0]["results"]
        return [r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in results]

    file = "pack/acc/ACC-001-hold.yaml"
    elsewhere = ["exports/t0/tenant.json", "exports/t1/tenant.json", "exports/t1/tenant.json"]
    assert elsewhere == places(View())
    assert [file, file, elsewhere[2]] == places(View(repository_files=frozenset({file})))


def test_sarif_says_what_it_left_out(report, monkeypatch):
    """Beyond GitHub's limit results are left out, and a notification tells how many."""
    monkeypatch.setattr(check_sarif, "MOST_RESULTS", 1)
    (run,) = json.loads(rendered(report, "sarif"))["runs"]
    notes = run["invocations"][0]["toolExecutionNotifications"]
    assert len(run["results"]) == 1
    assert notes[-1]["message"]["text"] == "2 results left out: a run may hold 1"


def test_junit_counts_what_it_holds(report):
    """The counters of each suite and of the whole equal the cases; unknown is an error."""
    root = ElementTree.fromstring(rendered(report, "junit"))
    for element in (root, *root.iter("testsuite")):
        cases = list(element.iter("testcase"))
        counted = {
            "tests": len(cases),
            "failures": sum(case.find("failure") is not None for case in cases),
            "errors": sum(case.find("error") is not None for case in cases),
            "skipped": sum(case.find("skipped") is not None for case in cases),
        }
        assert {name: str(number) for name, number in counted.items()} == {
            name: element.get(name) for name in counted}
    assert (root.get("failures"), root.get("errors")) == ("1", "3")


def test_junit_cases_are_known_by_stable_names(report):
    """Class name and name hold ids and titles, nothing that changes with the data."""
    root = ElementTree.fromstring(rendered(report, "junit"))
    assert [(c.get("classname"), c.get("name")) for c in root.iter("testcase")][:2] == [
        ("t0.ACC", "ACC-001 Accounts are enabled"), ("t0.ACC", "ACC-002 Accounts are enabled")]


def test_csv_has_a_row_for_each_subject(report):
    """Three failing subjects are three rows; a pass, an unknown and the unreadable are one each."""
    rows = list(csv.DictReader(io.StringIO(rendered(report, "csv"), newline="")))
    told = [(row["tenantId"], row["policy"], row["verdict"], row["subjectId"]) for row in rows]
    assert told == [
        ("t0", "ACC-001", "fail", "u0"), ("t0", "ACC-001", "fail", "u1"),
        ("t0", "ACC-001", "fail", "u2"), ("t0", "ACC-002", "pass", ""),
        ("t1", "ACC-001", "unknown", ""), ("t1", "ACC-002", "unknown", ""),
        ("", "", "unreadable", ""),
    ]
    assert set(rows[0]) == set(COLUMNS)
    assert not [cell for row in rows for cell in row.values() if cell[:1] in tuple("=+-@\uff1d")]


def test_markdown_shows_names_as_they_are(report):
    """No name makes a link, a mention, an image, a table's cell or a build server's command."""
    text = rendered(report, "markdown")
    assert [line for line in text.splitlines() if line.startswith(("::", "##vso"))] == []
    assert [word for word in ("<img", "</script>", "@team", "**b**", "http://") if word in text
            ] == []
    table = [line for line in text.splitlines() if line.startswith("| ") and "2026" in line]
    assert [len(re.split(r"(?<!\\)\|", line)) for line in table] == [7, 7]


UUID = {"type": "string", "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[45][0-9a-f]{3}-[89ab][0-9a-f]{3}-"
                                     "[0-9a-f]{12}$"}
TOKEN = {"type": "string", "pattern": r"^[A-Za-z_][A-Za-z0-9_.-]*$"}
LINE = {"type": "string", "pattern": r"^\S(.*\S)?$"}
INSTANT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT[\d:.]+Z$"}


def an_object(required, **optional):
    """A closed object; OSCAL's lists are never empty."""
    return {"type": "object", "required": list(required), "additionalProperties": False,
            "properties": required | optional}


def some(item):
    """A list of at least one."""
    return {"type": "array", "minItems": 1, "items": item}


PROSE = {"type": "string", "minLength": 1}
# The parts of NIST's oscal_assessment-results_schema.json (1.1.2) that are in use.
OSCAL = an_object({"assessment-results": an_object({
    "uuid": UUID,
    "metadata": an_object({"title": PROSE, "last-modified": INSTANT, "version": LINE,
                           "oscal-version": LINE}),
    "import-ap": an_object({"href": {"type": "string", "pattern": "^#"}}),
    "results": some(an_object(
        {"uuid": UUID, "title": PROSE, "description": PROSE, "start": INSTANT,
         "reviewed-controls": an_object({"control-selections": some(an_object(
             {}, **{"include-all": an_object({}),
                    "include-controls": some(an_object({"control-id": TOKEN}))}))})},
        observations=some(an_object(
            {"uuid": UUID, "description": PROSE, "collected": INSTANT,
             "methods": some({"enum": ["EXAMINE", "INTERVIEW", "TEST", "TEST-AUTOMATED",
                                       "UNKNOWN"]})},
            title=PROSE,
            props=some(an_object({"name": TOKEN, "value": LINE}, ns={"type": "string"})),
            **{"relevant-evidence": some(an_object({"description": PROSE}))})),
        findings=some(an_object(
            {"uuid": UUID, "title": PROSE, "description": PROSE, "target": an_object(
                {"type": {"enum": ["statement-id", "objective-id"]}, "target-id": TOKEN,
                 "status": an_object({"state": {"enum": ["satisfied", "not-satisfied"]}},
                                     reason=TOKEN)}, description=PROSE)},
            **{"related-observations": some(an_object({"observation-uuid": UUID}))})),
    )),
}, **{"back-matter": an_object({"resources": some(an_object(
    {"uuid": UUID}, title=PROSE, description=PROSE))})})})


def test_oscal_has_the_shape_that_nist_asks_for(report):
    """The document fits the model; each finding names an observation that is there."""
    document = json.loads(rendered(report, "oscal"))
    Draft202012Validator(OSCAL).validate(document)
    for result in document["assessment-results"]["results"]:
        observed = {one["uuid"] for one in result["observations"]}
        assert {o["observation-uuid"] for f in result.get("findings", ())
                for o in f["related-observations"]} <= observed
    plan = document["assessment-results"]["import-ap"]["href"].removeprefix("#")
    assert [r["uuid"] for r in document["assessment-results"]["back-matter"]["resources"]] == [plan]


def test_oscal_never_calls_unsatisfied_what_was_not_judged(report):
    """A fail is not satisfied, a pass is; what is unknown is an observation only."""
    results = json.loads(rendered(report, "oscal"))["assessment-results"]["results"]
    states = [[(f["target"]["target-id"], f["target"]["status"]["state"])
               for f in result.get("findings", ())] for result in results]
    assert states == [[("ACC-001", "not-satisfied"), ("ACC-002", "satisfied")], []]
    assert [len(result["observations"]) for result in results] == [2, 2]


def test_a_control_has_oscals_name():
    """An enhancement is a number behind a dot, the letter of a part is left out."""
    assert [control_id(c) for c in ("IA-2(1)", "AC-6", "IA-5(1)(c)", "AU-12c")] == [
        "ia-2.1", "ac-6", "ia-5.1", "au-12"]


@pytest.mark.parametrize(("text", "expected"), [
    ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"), ("\uff1d1", "'\uff1d1"),
    ("\tx", "\\tx"), ("plain = text", "plain = text"), ("", ""),
])
def test_a_cell_is_no_formula(text, expected):
    """What a spreadsheet would calculate is shown as text."""
    assert expected == for_csv(text)


@pytest.mark.parametrize(("text", "expected"), [
    ("a|b", r"a\|b"), ("<b>", "&lt;b&gt;"), ("a\nb", r"a\\nb"), ("x_y*z", r"x\_y\*z"),
])
def test_markdown_is_escaped(text, expected):
    """Markup in a name is shown, not obeyed."""
    assert expected == for_markdown(text)


def test_xml_keeps_lines():
    """Lines stay, what XML forbids becomes visible."""
    assert for_xml("a\nb\x00\uffff") == "a\nb\\x00\\uffff"
