"""The pieces of a SARIF log: places, fingerprints, and a shape that readers accept."""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator

from tenantproof.problem import Position, Problem
from tenantproof.reports.lint_sarif import lint_log
from tenantproof.reports.sarif import uri

TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string",
                                                                        "minLength": 1}}}
COUNT = {"type": "integer", "minimum": 1}
# What SARIF 2.1.0 (sections 3.13 to 3.30) and GitHub's code scanning ask of the parts in use.
SARIF = {
    "type": "object", "required": ["$schema", "version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {"type": "array", "minItems": 1, "items": {
            "type": "object", "required": ["tool", "results", "columnKind"],
            "properties": {
                "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                "tool": {"type": "object", "required": ["driver"], "properties": {"driver": {
                    "type": "object", "required": ["name", "rules"], "properties": {
                        "rules": {"type": "array", "uniqueItems": True, "items": {
                            "type": "object", "required": ["id", "shortDescription", "help"],
                            "properties": {"shortDescription": TEXT, "help": TEXT}}}}}}},
                "results": {"type": "array", "items": {
                    "type": "object",
                    "required": ["ruleId", "level", "message", "partialFingerprints"],
                    "properties": {
                        "level": {"enum": ["none", "note", "warning", "error"]},
                        "message": TEXT,
                        "partialFingerprints": {"type": "object", "minProperties": 1,
                                                "additionalProperties": {"type": "string"}},
                        "locations": {"type": "array", "items": {
                            "type": "object", "required": ["physicalLocation"],
                            "properties": {"physicalLocation": {
                                "type": "object", "required": ["artifactLocation"], "properties": {
                                    "artifactLocation": {"type": "object", "required": ["uri"]},
                                    "region": {"type": "object", "properties": {
                                        "startLine": COUNT, "startColumn": COUNT,
                                        "endLine": COUNT, "endColumn": COUNT}}}}}}},
                    }}},
            }}},
    },
}
HERE = Position(3, 7)
PROBLEMS = (
    Problem("unknown-key", "`serverity` is no key", "did you mean `severity`?", "p/a.yaml", HERE,
            Position(3, 16), "serverity: high", "it would have no effect"),
    Problem("unknown-key", "`serverity` is no key", "", "p/a.yaml", Position(9, 1)),
    Problem("no-pack", "`p` is not a pack", severity="warning"),
)


def test_a_log_has_the_shape_that_sarif_asks_for():
    """Problems with and without help, end and file all make valid results."""
    Draft202012Validator(SARIF).validate(lint_log("1.0", {"no-pack": "No pack"}, PROBLEMS))


def test_each_rule_stands_once():
    """Two problems of one rule share its descriptor; a rule without a title is named by its id."""
    (run,) = lint_log("1.0", {"no-pack": "No pack"}, PROBLEMS)["runs"]
    assert [(rule["id"], rule["shortDescription"]["text"])
            for rule in run["tool"]["driver"]["rules"]] == [
        ("no-pack", "No pack"), ("unknown-key", "unknown-key")]


def test_two_problems_alike_are_two_results():
    """The same words at two places of a file do not become one result."""
    (run,) = lint_log("1.0", {}, PROBLEMS)["runs"]
    prints = [result["partialFingerprints"]["tenantproof/v1"] for result in run["results"]]
    assert len(set(prints)) == len(PROBLEMS)


@pytest.mark.parametrize(("file", "expected"), [
    ("policies/a.yaml", "policies/a.yaml"),
    ("./policies/a b.yaml", "policies/a%20b.yaml"),
    ("/srv/a.yaml", "file:///srv/a.yaml"),
    (r"C:\packs\a.yaml", "file:///C:/packs/a.yaml"),
    ("ünï#1.yaml", "%C3%BCn%C3%AF%231.yaml"),
])
def test_a_file_becomes_a_uri(file, expected):
    """A relative name stays relative; what a URI cannot hold is escaped."""
    assert expected == uri(file)
