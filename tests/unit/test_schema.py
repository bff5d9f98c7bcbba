"""The document schemas, and the words in which a document's shape is found wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator

from tenantproof import bundled
from tenantproof.authoring.editor_names import with_names
from tenantproof.authoring.trial import COMPARED
from tenantproof.document import load_yaml
from tenantproof.language.operators import OPERATORS
from tenantproof.manifest import Entry, Exporter, Manifest, Tenant
from tenantproof.parameters import TYPES
from tenantproof.problem import Problem
from tenantproof.schema import TELLERS, check
from tenantproof.shape import bundled_shapes
from tenantproof.verdict import Severity, Verdict, Why

NAMES = ("attestations", "config", "controls", "declarations", "fixture", "merge", "pack", "policy",
         "profile", "report", "requirements", "snapshot", "waivers")
ROOT = Path(__file__).parents[2]

POLICY = """\
format: 1
id: MFA-002
revision: 1
title: Conditional Access requires MFA of every user
statement: A policy MUST require MFA of every user.
rationale: Partner Center looks for it.
requirements: [PSR-MFA-01]
severity: critical
status: stable
waivable: false
applies_to:
  tenants: [partner]
  unless:
    security defaults enforce MFA: { path: securityDefaults.isEnabled, equals: true }
parameters:
  minimum: { type: number, title: Least number of policies, default: 2, at_least: 1 }
let:
  sync_accounts: accounts[].id
check:
  for: conditionalAccessAnalysis
  where:
    is switched on: { path: enforced, equals: true }
  expect: at_least_one
  if_empty: fail
  that:
    includes all users: { path: includesAllUsers, equals: true }
    excludes nobody: { path: excluded, only: [$sync_accounts], severity: high }
    is narrow: { any: [{ path: a, is_empty: true }, { path: b, at_most: 3, if_null: true }] }
    is hard: { is_true: "a && b" }
report:
  subject: displayName
  evidence: { Policy: id }
  pass: "{subjects} requires MFA."
  fail: "None does."
remediation: { summary: Create one., steps: [Open the admin center.], effort: low, impact: None. }
references:
  - { title: Security requirements, url: "https://learn.microsoft.com/partner-center/security/" }
controls: { nist-800-53-r5: [IA-2] }
tests:
  tenant:
    from: neutral-tenant
    declarations: { emergency_accounts: [a] }
    collections: { users: { data: [{ id: a }], select: [id] }, signIns: { complete: false } }
  cases:
    - it: fails when the users were not exported
      set: { /users/0/id: b }
      unset: [/securityDefaults]
      incomplete: { users: denied }
      verdict: unknown
"""
CHECK = POLICY[POLICY.index("check:") : POLICY.index("report:")]
PACK = """\
format: 1
id: partner-center
version: 0.1.0
title: Partner Center
description: What partners have to do.
parameters:
  emergency_accounts: { type: list, title: Emergency accounts, default: [] }
"""
REQUIREMENTS = """\
format: 1
source: { title: Requirements, url: "https://learn.microsoft.com/", dated: 2026-11-20 }
requirements:
  - id: PSR-MFA-01
    title: MFA for everyone
    level: mandatory
    section: MFA
    obligation: Require MFA.
    source: Security requirements
"""
FIXTURE = """\
format: 1
description: A tenant in which all is well.
tenant: { kind: partner }
exportedAt: 2026-11-20T06:00:00Z
collections: { users: { data: [] } }
"""
DECLARATIONS = """\
format: 1
tenants:
  11111111-1111-4111-8111-111111111111: { emergency_accounts: [a, b] }
"""
SNAPSHOT = """\
{ "format": 1, "tenant": { "id": "t", "displayName": null, "kind": "partner" },
  "exportedAt": "2026-11-20T06:00:00Z", "exporter": { "name": "x" },
  "collections": {
    "users": { "file": ["users-1.json", "users-2.json"], "complete": true },
    "signIns": { "file": "signIns.ndjson", "from": "2026-11-01T00:00:00Z" },
    "riskyUsers": { "complete": false, "reason": "denied" } } }
"""
GOOD = {
    "policy": POLICY, "pack": PACK, "requirements": REQUIREMENTS, "fixture": FIXTURE,
    "declarations": DECLARATIONS, "snapshot": SNAPSHOT,
}  # fmt: skip
CHECKS = {
    "tenant-wide": "check: { that: { is on: { path: a.b, equals: null } }, report: "
    "{ evidence: { A: a } } }",
    "either": "check: { any_of: { one: { policy: SD-001, if_not_applicable: fail }, other: "
    "{ all_of: { one: { that: { is on: { path: a, exists: true } } } } } } }",
    "manual": "check: { manual: { question: Is it?, answered_by: the owner, valid_for: 90 days, "
    "for: users } }",
    "ISO duration": "check: { manual: { question: Is it?, answered_by: a, valid_for: P1Y } }",
    "counted": "check: { for: users, expect: { at_least: 2, at_most: $most, distinct: id } }",
}
ALL_OPERATORS = (
    "there are " + ", ".join(f"`{name}`" for name in list(OPERATORS)[:-1]) + " and `is_true`"
)


def problems(name: str, text: str) -> list[Problem]:
    """Return what is wrong with a text's shape."""
    return check(load_yaml(text.encode(), f"{name}.yaml"), name)


def told(found: list[Problem]) -> list[tuple[str, int, int, str, str]]:
    """Return rule, line, column, message and help of each problem."""
    return [
        (p.rule, p.position.line, p.position.column, p.message, p.help)
        for p in found
        if p.position
    ]


@pytest.mark.parametrize("name", GOOD)
def test_good_documents(name: str) -> None:
    """A document of the right shape has no problem."""
    assert problems(name, GOOD[name]) == []


@pytest.mark.parametrize("name", CHECKS)
def test_forms_of_check(name: str) -> None:
    """Every form of a check is taken."""
    assert problems("policy", POLICY.replace(CHECK, f"{CHECKS[name]}\n")) == []


# what stands in the policy, what is written in its place, and the one problem that comes of it
WRONG_POLICY = {
    "unknown key": (
        "status: stable", "status: stable\nowner: me",
        "unknown-key", 10, 1, "there is no key `owner` here",
        "there are `format`, `id`, `revision`, `title`, `statement`, `rationale`, `requirements`, "
        "`severity`, `status`, `waivable`, `applies_to`, `parameters`, `let`, `check`, `report`, "
        "`remediation`, `references`, `controls`, `second_opinion` and `tests`",
    ),
    "misspelt required key": (
        "severity: critical", "severty: critical",
        "unknown-key", 8, 1, "there is no key `severty` here", "did you mean `severity`?",
    ),
    "key in another case": (
        "severity: critical", "Severity: critical",
        "unknown-key", 8, 1, "there is no key `Severity` here", "did you mean `severity`?",
    ),
    "misspelt check": (
        "check:", "chek:",
        "unknown-key", 19, 1, "there is no key `chek` here", "did you mean `check`?",
    ),
    "misspelt key deep inside": (
        "emergency_accounts: [a] }", "emergency_accounts: [a] }\n    colections: {}",
        "unknown-key", 43, 5, "there is no key `colections` here",
        "there are `from`, `tenant`, `exportedAt`, `declarations` and `collections`",
    ),
    "missing key": (
        "status: stable\n", "",
        "missing-key", 1, 1, "`status` is missing", "add `status`",
    ),
    "missing key inside": (
        "title: Security requirements, ", "",
        "missing-key", 37, 5, "`title` is missing", "add `title`",
    ),
    "number for text": (
        "title: Conditional Access requires MFA of every user", "title: 5",
        "wrong-type", 4, 8, "`title` takes text, not a number",
        "write one text; quotes make text of anything",
    ),
    "text for a whole number": (
        "revision: 1", 'revision: "1"',
        "wrong-type", 3, 11, "`revision` takes a whole number, not text",
        "write a whole number without quotes",
    ),
    "fraction for a whole number": (
        "revision: 1", "revision: 1.5",
        "wrong-type", 3, 11, "`revision` takes a whole number, not a number",
        "write a whole number without quotes",
    ),
    "true for a whole number": (
        "revision: 1", "revision: true",
        "wrong-type", 3, 11, "`revision` takes a whole number, not `true`",
        "write a whole number without quotes",
    ),
    "a word for true or false": (
        "waivable: false", "waivable: never",
        "wrong-type", 10, 11, "`waivable` takes `true` or `false`, not text",
        "write `true` or `false`",
    ),
    "null": (
        "severity: critical", "severity: null",
        "wrong-type", 8, 11, "`severity` takes text, not `null`",
        "write one text; quotes make text of anything",
    ),
    "text for a list": (
        "[PSR-MFA-01]", "PSR-MFA-01",
        "wrong-type", 7, 15, "`requirements` takes a list, not text",
        "put it between `[` and `]`",
    ),
    "element of the wrong type": (
        "[Open the admin center.]", "[Open., { Then: close }]",
        "wrong-type", 35, 53, "an element of `steps` takes text, not keys and values",
        "write one text; quotes make text of anything",
    ),
    "list for an object": (
        "evidence: { Policy: id }", "evidence: [id]",
        "wrong-type", 32, 13, "`evidence` takes keys and values, not a list",
        "write keys and values below it, further to the right",
    ),
    "misspelt word": (
        "severity: critical", "severity: hihg",
        "unknown-value", 8, 11, "`severity` cannot be `hihg`", "did you mean `high`?",
    ),
    "unknown word": (
        "status: stable", "status: approved by me",
        "unknown-value", 9, 9, "`status` cannot be `approved by me`",
        "write `draft`, `stable` or `retired`",
    ),
    "verdict that no case has": (
        "verdict: unknown", "verdict: green",
        "unknown-value", 49, 16, "`verdict` cannot be `green`",
        "write `pass`, `fail`, `unknown`, `not_applicable` or `manual`",
    ),
    "another format": (
        "format: 1", "format: 2",
        "unknown-value", 1, 9, "`format` is `1`, not `2`",
        "write `1`; a file of another format needs another version of tenantproof",
    ),
    "id in small letters": (
        "id: MFA-002", "id: mfa-2",
        "wrong-form", 2, 5, "`mfa-2` is not an id such as `MFA-001`",
        "write an id such as `MFA-001`",
    ),
    "id with a line break": (
        "id: MFA-002", 'id: "MFA-002\\n"',
        "wrong-form", 2, 5, "`MFA-002\n` is not an id such as `MFA-001`",
        "write an id such as `MFA-001`",
    ),
    "long value": (
        "id: MFA-002", f"id: {'x' * 70}",
        "wrong-form", 2, 5, f"`{'x' * 59}…` is not an id such as `MFA-001`",
        "write an id such as `MFA-001`",
    ),
    "name that cannot be used": (
        "sync_accounts: accounts", "sync-accounts: accounts",
        "wrong-form", 18, 3, "`sync-accounts` is not a name such as `emergency_accounts`",
        "write a name such as `emergency_accounts`",
    ),
    "insecure address": (
        "https://learn", "http://learn",
        "wrong-form", 37, 42, "`http://learn.microsoft.com/partner-center/security/` is not an "
        "address that begins with `https://`", "write an address that begins with `https://`",
    ),
    "revision 0": (
        "revision: 1", "revision: 0",
        "too-small", 3, 11, "`revision` is at least `1`, not `0`", "write `1` or more",
    ),
    "empty list": (
        "[PSR-MFA-01]", "[]",
        "empty", 7, 15, "`requirements` is empty", "write at least one element",
    ),
    "empty text": (
        "rationale: Partner Center looks for it.", 'rationale: ""',
        "empty", 6, 12, "`rationale` is empty", "write a text",
    ),
    "empty label": (
        "is hard:", '"":',
        "empty", 29, 5, "this label is empty", "write a text",
    ),
    "set without a pointer": (
        "/users/0/id: b", "users/0/id: b",
        "wrong-form", 46, 14, "`users/0/id` is not a pointer such as `/users/0/accountEnabled`",
        "write a pointer such as `/users/0/accountEnabled`",
    ),
    "complete without data": (
        "signIns: { complete: false }", "signIns: { complete: true }",
        "missing-key", 43, 73, "`data` is missing", "add `data`",
    ),
    "form of check": (
        CHECK, "check: { report: { subject: id } }\n",
        "missing-key", 19, 8,
        "`for`, `that`, `any_of`, `all_of`, `manual` or `policy` is missing",
        "add `for`, `that`, `any_of`, `all_of`, `manual` or `policy`",
    ),
    "misspelt form of check": (
        CHECK, "check: { anyof: { one: { policy: SD-001 } } }\n",
        "unknown-key", 19, 10, "there is no key `anyof` here", "did you mean `any_of`?",
    ),
    "misspelt for": (
        "for: conditional", "form: conditional",
        "unknown-key", 20, 3, "there is no key `form` here", "did you mean `for`?",
    ),
    "no quantifier": (
        "  expect: at_least_one\n", "",
        "missing-key", 20, 3, "`expect` is missing", "add `expect`",
    ),
    "unknown quantifier": (
        "expect: at_least_one", "expect: at_least_two",
        "unknown-value", 23, 11, "`expect` cannot be `at_least_two`",
        "did you mean `at_least_one`?",
    ),
    "number for a quantifier": (
        "expect: at_least_one", "expect: 1",
        "wrong-type", 23, 11, "`expect` takes `every`, `at_least_one`, `none`, or bounds such as "
        "`{ at_least: 2 }`, not a number",
        "write `every`, `at_least_one`, `none`, or bounds such as `{ at_least: 2 }`",
    ),
    "quantifier without bounds": (
        "expect: at_least_one", "expect: { distinct: id }",
        "missing-key", 23, 11, "`at_least` or `at_most` is missing", "add `at_least` or `at_most`",
    ),
    "bound that is no number": (
        "expect: at_least_one", "expect: { at_least: two }",
        "wrong-form", 23, 23, "`two` is not a whole number, or the `$name` of one",
        "write a whole number, or the `$name` of one",
    ),
    "bound below nothing": (
        "expect: at_least_one", "expect: { at_most: -1 }",
        "too-small", 23, 22, "`at_most` is at least `0`, not `-1`", "write `0` or more",
    ),
    "no clause": (
        CHECK, "check: { that: {} }\n",
        "empty", 19, 16, "`that` is empty", "write at least one key with its value",
    ),
    "validity that is no duration": (
        CHECK, "check: { manual: { question: A, answered_by: b, valid_for: a year } }\n",
        "wrong-form", 19, 60, "`a year` is not a duration such as `90 days`",
        "write a duration such as `90 days`",
    ),
    "misspelt operator": (
        "includesAllUsers, equals:", "includesAllUsers, equal:",
        "unknown-key", 26, 51, "there is no operator `equal`", "did you mean `equals`?",
    ),
    "unknown operator": (
        "includesAllUsers, equals:", "includesAllUsers, '==':",
        "unknown-key", 26, 51, "there is no operator `==`", ALL_OPERATORS,
    ),
    "misspelt operator under any": (
        "at_most: 3", "atmost: 3",
        "unknown-key", 28, 64, "there is no operator `atmost`", "did you mean `at_most`?",
    ),
    "no operator": (
        "includesAllUsers, equals: true", "includesAllUsers",
        "no-operator", 26, 25, "this condition has no operator", ALL_OPERATORS,
    ),
    "two operators": (
        "includesAllUsers, equals: true", "includesAllUsers, equals: true, contains: x",
        "several-operators", 26, 65,
        "a condition has one operator, and this has `equals` and `contains`",
        "write a clause of its own for each",
    ),
    "no path": (
        "path: includesAllUsers, equals", "equals",
        "missing-key", 26, 25, "`path` is missing", "add `path`",
    ),
    "misspelt path": (
        "path: includesAllUsers", "pth: includesAllUsers",
        "unknown-key", 26, 27, "there is no key `pth` here", "did you mean `path`?",
    ),
    "misspelt predicate": (
        "is_true:", "istrue:",
        "unknown-key", 29, 16, "there is no operator `istrue`", "did you mean `is_true`?",
    ),
    "key beside an operator": (
        "includesAllUsers, equals: true", "includesAllUsers, equals: true, weight: 3",
        "unknown-key", 26, 65, "there is no key `weight` here",
        "there are `path`, " + ALL_OPERATORS.removeprefix("there are ").replace(
            " and `is_true`", ", `is_true`") + ", `if_null` and `severity`",
    ),
    "text for a clause": (
        "{ path: includesAllUsers, equals: true }", "yes, it does",
        "wrong-type", 26, 25, "`includes all users` takes a condition such as "
        "`{ path: isEnabled, equals: true }`, not text",
        "write a condition such as `{ path: isEnabled, equals: true }`",
    ),
    "any of nothing": (
        "any: [{ path: a, is_empty: true }, { path: b, at_most: 3, if_null: true }]", "any: []",
        "empty", 28, 23, "`any` is empty", "write at least one element",
    ),
    "severity under any": (
        "is_empty: true }", "is_empty: true, severity: low }",
        "unknown-key", 28, 51, "there is no key `severity` here",
        "there are `path`, " + ALL_OPERATORS.removeprefix("there are ").replace(
            " and `is_true`", ", `is_true`") + " and `if_null`",
    ),
    "text for a list of values": (
        "only: [$sync_accounts]", "only: nobody",
        "wrong-type", 27, 46, "`only` takes a list, and `nobody` is one text",
        "put it between `[` and `]`: `[nobody]`",
    ),
    "text for is_empty": (
        "is_empty: true", "is_empty: [true]",
        "wrong-type", 28, 45,
        "`is_empty` takes `true`, `false`, or the `$name` of one, not a list",
        "write `true`, `false`, or the `$name` of one",
    ),
    "predicate for a path": (
        'is_true: "a && b"', 'path: a, is_true: "a && b"',
        "wrong-type", 29, 34, "`is_true` takes `true` or `false`, not text",
        "write `true` or `false`",
    ),
    "predicate that is no text": (
        'is_true: "a && b"', "is_true: true",
        "wrong-type", 29, 25, "`is_true` takes text, not `true`",
        "write one text; quotes make text of anything",
    ),
    "null beside a predicate": (
        'is_true: "a && b"', 'is_true: "a && b", if_null: true',
        "excluding-keys", 29, 35, "`is_true` and `if_null` exclude each other",
        "keep one of them",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG_POLICY)
def test_wrong_policies(name: str) -> None:
    """One mistake in a policy is one problem, in plain words and at its place."""
    before, after, *expected = WRONG_POLICY[name]
    assert POLICY.count(before) == 1

    found = told(problems("policy", POLICY.replace(before, after)))

    assert found == [tuple(expected)]


WRONG_OTHERS = {
    "version as a number": (
        "pack", "0.1.0", "1.0",
        "wrong-type", 3, 10,
        "`version` takes a version such as `1.0.0`, between quotes, not a number",
        "write a version such as `1.0.0`, between quotes",
    ),
    "unknown type of parameter": (
        "pack", "type: list", "type: set",
        "unknown-value", 7, 31, "`type` cannot be `set`",
        "write `text`, `number`, `boolean`, `duration`, `instant` or `list`",
    ),
    "parameter without a title": (
        "pack", "title: Emergency accounts, ", "",
        "missing-key", 7, 23, "`title` is missing", "add `title`",
    ),
    "pack in capitals": (
        "pack", "partner-center", "Partner Center",
        "wrong-form", 2, 5, "`Partner Center` is not a name such as `partner-center`",
        "write a name such as `partner-center`",
    ),
    "unknown level": (
        "requirements", "level: mandatory", "level: must",
        "unknown-value", 6, 12, "`level` cannot be `must`",
        "write `mandatory`, `strongly_recommended`, `recommended` or `informational`",
    ),
    "date of another order": (
        "requirements", "2026-11-20", "20.11.2026",
        "wrong-form", 2, 76, "`20.11.2026` is not a date such as `2026-11-20`",
        "write a date such as `2026-11-20`",
    ),
    "wrong digest": (
        "requirements", "    section: MFA", "    section: MFA\n    digest: abc",
        "wrong-form", 8, 13, "`abc` is not `sha256:` and 64 small hexadecimal digits",
        "write `sha256:` and 64 small hexadecimal digits",
    ),
    "no tenants": (
        "declarations", DECLARATIONS, "format: 1\n",
        "missing-key", 1, 1, "`tenants` is missing", "add `tenants`",
    ),
    "list for a document": (
        "declarations", DECLARATIONS, "[a]\n",
        "wrong-type", 1, 1, "the file takes keys and values, not a list",
        "write keys and values below it, further to the right",
    ),
    "fixture with a file": (
        "fixture", "data: []", "file: users.json",
        "unknown-key", 5, 25, "there is no key `file` here",
        "there are `data`, `endpoint`, `permission`, `complete`, `reason`, `select`, `from` and "
        "`to`",
    ),
    "local time": (
        "fixture", "06:00:00Z", "06:00:00",
        "wrong-form", 4, 13,
        "`2026-11-20T06:00:00` is not an instant such as `2026-11-20T06:00:00Z`",
        "write an instant such as `2026-11-20T06:00:00Z`",
    ),
    "file and data": (
        "snapshot", '"file": "signIns.ndjson"', '"file": "signIns.ndjson", "data": []',
        "excluding-keys", 5, 44, "`file` and `data` exclude each other", "keep one of them",
    ),
    "complete without a file": (
        "snapshot", '"complete": false', '"complete": true',
        "missing-key", 6, 19, "`file` or `data` is missing", "add `file` or `data`",
    ),
    "unknown kind of tenant": (
        "snapshot", '"partner"', '"reseller"',
        "unknown-value", 1, 68, "`kind` cannot be `reseller`",
        "write `partner`, `customer` or `null`",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG_OTHERS)
def test_wrong_documents(name: str) -> None:
    """One mistake in any other document is one problem, too."""
    schema, before, after, *expected = WRONG_OTHERS[name]
    assert GOOD[schema].count(before) == 1

    found = told(problems(schema, GOOD[schema].replace(before, after)))

    assert found == [tuple(expected)]


def test_all_problems_in_file_order() -> None:
    """All mistakes of a file are told at once, in file order, below a misspelt key too."""
    text = POLICY.replace("revision: 1", "revision: x").replace("check:", "chek:")
    text = text.replace("if_empty: fail", "if_empty: ok").replace("verdict: unknown", "verdct: x")

    found = told(problems("policy", text))

    assert [(rule, line) for rule, line, *_ in found] == [
        ("wrong-type", 3), ("unknown-key", 19), ("unknown-value", 24), ("unknown-key", 49),
        ("unknown-value", 49),
    ]  # fmt: skip


def test_twice_the_same_misspelling() -> None:
    """A key that is there is not offered as what a misspelt one was meant to be."""
    text = POLICY.replace("status: stable", "status: stable\nstatu: draft")

    assert told(problems("policy", text))[0][4].startswith("there are `format`, ")


def test_consequence_of_an_unknown_key() -> None:
    """A problem of an unknown key says what would have come of it."""
    found = problems("policy", POLICY.replace("severity: critical", "severty: critical"))

    assert [p.consequence for p in found] == ["it would have no effect"]


def test_deep_nesting() -> None:
    """Branches as deep as a document may be are checked, and do not end in a crash."""
    inner = "{ that: { is on: { path: a, equal: 1 } } }"
    for _ in range(17):
        inner = f"{{ any_of: {{ one: {inner} }} }}"

    found = problems("policy", POLICY.replace(CHECK, f"check: {inner}\n"))

    assert [(p.rule, p.message) for p in found] == [
        ("unknown-key", "there is no operator `equal`")
    ]


def test_too_deep_for_the_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is too deep for the validator is a problem like others."""

    def exhausted(name: str) -> Any:
        raise RecursionError

    monkeypatch.setattr("tenantproof.schema._faults_of", exhausted)

    assert told(problems("policy", POLICY)) == [
        ("too-deep", 1, 1, "the file is nested too deeply to be checked",
         "divide it into several policies that name each other")
    ]  # fmt: skip


def test_jsonschema_is_imported_late() -> None:
    """Who checks no document does not wait for the import of jsonschema."""
    code = "import sys, tenantproof.schema; print('jsonschema' in sys.modules)"

    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout == "False\n"


# --- the schemas themselves ---------------------------------------------------------------------

STRUCTURE = {
    "$schema", "$defs", "$ref", "properties", "additionalProperties", "propertyNames", "items",
    "if", "then", "else",
}  # fmt: skip
ANNOTATIONS = {"title", "description", "default", "examples", "x-words", "x-operators"}
Node = dict[str, Any]


@cache
def schema(name: str) -> Node:
    """Return a schema, read once."""
    document: Node = json.loads((bundled.schemas() / f"{name}.schema.json").read_bytes())
    return document


def nodes(node: Any, path: str = "") -> Iterator[tuple[str, Node]]:
    """Yield a schema and all schemas inside it, each with its path."""
    yield path, node
    for word in ("properties", "$defs"):
        for name, child in node.get(word, {}).items():
            yield from nodes(child, f"{path}/{word}/{name}")
    for word in ("additionalProperties", "propertyNames", "items", "if", "then", "else", "not"):
        if isinstance(node.get(word), dict):
            yield from nodes(node[word], f"{path}/{word}")
    for word in ("anyOf", "oneOf"):
        for index, child in enumerate(node.get(word, ())):
            yield from nodes(child, f"{path}/{word}/{index}")


def at(name: str, pointer: str) -> Any:
    """Return what a local reference points to; raises KeyError where that is nothing."""
    value: Any = schema(name)
    for step in pointer.removeprefix("#/").split("/"):
        value = value[step]
    return value


def properties(name: str) -> Iterator[tuple[str, Node]]:
    """Yield every property that a document may have, with its path."""
    for path, node in nodes(schema(name)):
        if not path.endswith(("/if", "/then", "/else")):
            for key, child in node.get("properties", {}).items():
                yield f"{path}/{key}", child


@pytest.mark.parametrize("name", NAMES)
def test_schema_is_valid(name: str) -> None:
    """A schema is a schema of draft 2020-12 with a title and a description."""
    document = schema(name)

    Draft202012Validator.check_schema(document)

    assert list(document)[:3] == ["$schema", "title", "description"]


@pytest.mark.parametrize("name", NAMES)
def test_every_keyword_can_be_told(name: str) -> None:
    """A schema uses no keyword for whose faults there are no words."""
    used = {f"{path}: {word}" for path, node in nodes(schema(name)) for word in node
            if word not in STRUCTURE | ANNOTATIONS | set(TELLERS)}  # fmt: skip

    assert used == set()


@pytest.mark.parametrize("name", NAMES)
def test_words_for_forms(name: str) -> None:
    """A pattern says in words what it asks for, and alternatives are alternatives of keys."""
    wordless = [path for path, node in nodes(schema(name))
                if "pattern" in node and "x-words" not in node]  # fmt: skip
    complex_ = [
        path
        for path, node in nodes(schema(name))
        for branch in [*node.get("anyOf", ()), *node.get("oneOf", ()), node.get("not")]
        if branch is not None and list(branch) != ["required"]
    ]

    assert (wordless, complex_) == ([], [])


@pytest.mark.parametrize("name", NAMES)
def test_references_are_local(name: str) -> None:
    """A reference leads to a definition of the same file."""
    references = [node["$ref"] for _, node in nodes(schema(name)) if "$ref" in node]

    assert [r for r in references if not r.startswith("#/$defs/") or not at(name, r)] == []


@pytest.mark.parametrize("name", NAMES)
def test_objects_are_closed(name: str) -> None:
    """What has properties takes no others."""
    open_ = [
        path
        for path, node in nodes(schema(name))
        if "properties" in node
        and node.get("additionalProperties") is not False
        and not path.endswith(("/if", "/then", "/else"))
    ]

    assert open_ == (["/$defs/operators"] if name == "policy" else [])


@pytest.mark.parametrize("name", NAMES)
def test_properties_are_described(name: str) -> None:
    """Every property has one line of description, which editors show."""
    bare = [
        path
        for path, node in properties(name)
        if "\n" in (node.get("description") or at(name, node.get("$ref", "#")).get(
            "description", "\n"))
    ]  # fmt: skip

    assert bare == []


def test_operators() -> None:
    """The policy schema has the operators of the table, with their meanings."""
    written = at("policy", "#/$defs/operators/properties")

    meanings = {name: node["description"].split(".")[0].lower() for name, node in written.items()}
    assert meanings == {name: operator.meaning.lower() for name, operator in OPERATORS.items()}


@pytest.mark.parametrize("place", ["condition", "clauseOfOne"])
def test_operators_of_conditions(place: str) -> None:
    """A condition takes each operator, and one of them."""
    node = at("policy", f"#/$defs/{place}")
    own = ("path", "if_null", "severity")

    assert [key for key in node["properties"] if key not in own] == list(OPERATORS)
    assert [branch["required"] for branch in node["oneOf"]] == [[name] for name in OPERATORS]


def test_an_editor_offers_the_collections_and_facts() -> None:
    """`for` lists each collection and fact once, as `authoring.editor_names` writes them."""
    file = bundled.schemas() / "policy.schema.json"

    assert with_names(file.read_text(encoding="utf-8")) == file.read_text(encoding="utf-8")
    assert set(at("policy", "#/$defs/source/examples")) == set(bundled_shapes())


WORDS = {
    "policy severity": ("policy", "#/properties/severity/enum", list(Severity)),
    "clause severity": ("policy", "#/$defs/clauseSeverity/enum", list(Severity)),
    "report severity": ("report", "#/$defs/finding/properties/severity/enum", list(Severity)),
    "report verdict": ("report", "#/$defs/finding/properties/verdict/enum", list(Verdict)),
    "report summary": ("report", "#/$defs/tenant/properties/summary/required", list(Verdict)),
    "report reason": ("report", "#/$defs/unknown/properties/reason/enum", list(Why)),
    "case verdict": (
        "policy", "#/$defs/case/properties/verdict/enum",
        [verdict for verdict in Verdict if verdict not in (Verdict.WAIVED, Verdict.ERROR)],
    ),
    "policy parameter": ("policy", "#/$defs/parameter/properties/type/enum", list(TYPES)),
    "pack parameter": ("pack", "#/$defs/parameter/properties/type/enum", list(TYPES)),
}  # fmt: skip


@pytest.mark.parametrize("place", WORDS)
def test_words_are_those_of_the_engine(place: str) -> None:
    """The words of a schema are the engine's own, in the same order."""
    name, pointer, expected = WORDS[place]

    assert at(name, pointer) == expected


STRUCTS = {
    "#": Manifest,
    "#/properties/tenant": Tenant,
    "#/properties/exporter": Exporter,
    "#/properties/collections/additionalProperties": Entry,
}


@pytest.mark.parametrize("pointer", STRUCTS)
def test_snapshot_has_the_keys_that_are_read(pointer: str) -> None:
    """The snapshot's schema has the keys that the engine reads, and asks for those it needs."""
    node = schema("snapshot") if pointer == "#" else at("snapshot", pointer)
    fields = msgspec.structs.fields(STRUCTS[pointer])

    assert sorted(node["properties"]) == sorted(field.encode_name for field in fields)
    assert node.get("required", []) == [f.encode_name for f in fields if f.required]


def test_cases_take_what_is_compared() -> None:
    """A case may expect whatever the engine compares."""
    assert set(COMPARED) - set(at("policy", "#/$defs/case/properties")) == set()


def test_editor_settings() -> None:
    """The editor's settings name schemas that are there, one for each kind of document."""
    settings = json.loads((ROOT / ".vscode" / "settings.json").read_text("utf-8"))
    named = [*settings["yaml.schemas"], *(entry["url"] for entry in settings["json.schemas"])]

    assert sorted(named) == [f"./schemas/{name}.schema.json" for name in NAMES]
    assert [path for path in named if not (ROOT / path).is_file()] == []
