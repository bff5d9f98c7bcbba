"""Hostile and damaged inputs: what a policy's author, an exporter or a stranger may hand us."""

from __future__ import annotations

import gzip
import io
import json
import zipfile

GOOD = """\
format: 1
id: T-001
revision: 1
title: Users are enabled
statement: Every user MUST be enabled.
rationale: A policy for tests.
requirements: [R-1]
severity: high
status: stable
check:
  for: users
  expect: every
  if_empty: fail
  that:
    is enabled: { path: accountEnabled, equals: true }
report:
  subject: displayName
  pass: "All {total} users are enabled."
  fail: "{subjects} is not enabled."
remediation:
  summary: Enable the user.
  steps: [Open the user and enable it.]
tests:
  tenant:
    collections:
      users: { data: [{ id: u1, displayName: Ana, accountEnabled: true }] }
  cases:
    - { it: passes, verdict: pass }
"""


def with_line(old: str, new: str) -> bytes:
    """The good policy with one piece of text replaced, which must be there."""
    assert old in GOOD, old
    return GOOD.replace(old, new, 1).encode()


SEVERITY = "severity: high"
TITLE = "title: Users are enabled"
CLAUSE = "is enabled: { path: accountEnabled, equals: true }"

# name -> (content of the policy file, a word of the message, the line of the fault)
POLICIES: dict[str, tuple[bytes, str, int | None]] = {
    "a million opening brackets": (b"[" * 900_000, "nest", 1),
    "30,000 nested lists": (b"a: " + b"[" * 30_000 + b"]" * 30_000, "nest", 1),
    "an alias bomb": (b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "anchor", 1),
    "a merge bomb": (b"a: &a {x: 1}\nb:\n  <<: [*a, *a]\n", "anchor", 1),
    "an alias to itself": (b"a: &a [*a]\n", "anchor", 1),
    "a merge key": (with_line(SEVERITY, "<<: {severity: low}"), "<<", 8),
    "a duplicate key": (with_line(SEVERITY, SEVERITY + "\nseverity: low"), "severity", 9),
    "a duplicate clause": (with_line(f"    {CLAUSE}", f"    {CLAUSE}\n    {CLAUSE}"), "is enabled",
                           16),
    "keys that YAML 1.1 made one": (b"1: a\n1: b\n", "1", 2),
    "an explicit tag": (with_line(SEVERITY, "severity: !!str high"), "tag", 8),
    "a python tag": (with_line(SEVERITY, "severity: !!python/object/apply:os.system [id]"), "tag",
                     8),
    "a bool tag": (with_line(SEVERITY, "severity: !!bool x"), "tag", 8),
    "a timestamp tag": (with_line(SEVERITY, "severity: !!timestamp x"), "tag", 8),
    "two documents": (GOOD.encode() + b"---\nformat: 1\n", "document", None),
    "a directive": (b"%YAML 1.1\n---\n" + GOOD.encode(), "directive", 1),
    "a tab as indentation": (with_line("  for: users", "\tfor: users"), "tab", 11),
    "a no-break space": (with_line(SEVERITY, "severity:\u00a0high"), "space", 8),
    "curly quotes": (with_line(TITLE, "title: \u201cUsers\u201d"), "quote", 4),
    "an empty file": (b"", "nothing", None),
    "only a comment": (b"# nothing\n", "nothing", None),
    "no space behind a colon": (b"format:1\n", "space", 1),
    "too large": (b"a: " + b"x" * 1_100_000, "1000000", None),
    "UTF-16": (GOOD.encode("utf-16"), "UTF-8", None),
    "Latin-1": (with_line(TITLE, "title: B\u00fcro").decode().encode("latin-1"), "UTF-8", 4),
    "a NUL": (with_line(TITLE, "title: a\x00b"), "character", 4),
    "an escape sequence": (with_line(TITLE, "title: a\x1b[31mb"), "character", 4),
    "a bidi override": (with_line(TITLE, "title: a\u202eb"), "character", 4),
    "a bracket left open": (with_line("requirements: [R-1]", "requirements: [R-1"), "", None),
    "a quote left open": (with_line(TITLE, 'title: "Users'), "", None),
    "an unquoted expression": (
        with_line("path: accountEnabled", "path: accountEnabled[?a == 'b'].{x: y}"), "quote", 15),
    "a list as root": (b"- format: 1\n", "", 1),
    "text as root": (b"hello\n", "", 1),
    "a key without a value": (with_line(SEVERITY, "severity:"), "severity", 8),
    "an unknown key": (with_line(SEVERITY, "severety: high"), "severety", 8),
    "a misspelt severity": (with_line(SEVERITY, "severity: hihg"), "hihg", 8),
    "a number for text": (with_line(TITLE, "title: 17"), "title", 4),
    "text for a number": (with_line("revision: 1", "revision: one"), "revision", 3),
    "no check": (with_line("check:", "chek:"), "chek", 10),
    "no operator": (with_line(CLAUSE, "is enabled: { path: accountEnabled }"), "operator", 15),
    "two operators": (with_line("equals: true", "equals: true, exists: true"), "operator", 15),
    "a misspelt operator": (with_line("equals: true", "equal: true"), "equal", 15),
    "a misspelt property": (with_line("accountEnabled, eq", "acountEnabled, eq"), "acountEnabled",
                            15),
    "a property in the wrong case": (with_line("accountEnabled, eq", "AccountEnabled, eq"),
                                     "AccountEnabled", 15),
    "a misspelt collection": (with_line("for: users", "for: user"), "user", 11),
    "an expression that ends early": (with_line("accountEnabled, eq", '"accountEnabled[?", eq'),
                                      "ends", 15),
    "an unknown function": (with_line("accountEnabled, eq", '"lenght(otherMails)", eq'), "lenght",
                            15),
    "a pattern that RE2 refuses": (with_line(CLAUSE, 'x: { path: id, matches: "(?=a)" }'), "RE2",
                                   15),
    "an expression nested too deeply": (
        with_line("accountEnabled, eq", '"' + "[" * 900 + "a" + "]" * 900 + '", eq'), "nest", 15),
    "an expression that doubles a text 24 times": (
        with_line("accountEnabled, eq", '"' + " | ".join(["to_string([@])"] * 24) + '", eq'),
        "16,777,216 times over", 15),
    "an expression that triples a list 18 times": (
        with_line("accountEnabled, eq",
                  '"' + "map(&[@, @, @], " * 18 + "otherMails" + ")" * 18 + '", eq'), "over", 15),
    "a policy of which each clause is small": (
        with_line(CLAUSE, "\n    ".join(
            f"c{n}: {{ path: \"otherMails[?contains(['a', 'b'], @)]\", is_empty: true }}"
            for n in range(400))), "several policies", 11),
    "an unknown placeholder": (with_line("{total}", "{totl}"), "totl", 18),
    "an unknown name": (with_line("equals: true", "equals: $enabled"), "enabled", 15),
    "a requirement that is not listed": (with_line("[R-1]", "[R-2]"), "R-2", 7),
    "a policy that asks itself": (
        with_line("check:", "check:\n  any_of:\n    a: { policy: T-001 }\n    b:").replace(
            b"  for: users\n  expect: every\n  if_empty: fail\n  that:\n    is enabled",
            b"      for: users\n      expect: every\n      if_empty: fail\n      that:\n"
            b"        is enabled"), "asks", None),
}  # fmt: skip


def zipped(**files: bytes) -> bytes:
    """An archive with these members."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


USERS = json.dumps([{"id": "u1", "displayName": "Ana", "accountEnabled": True}]).encode()
MANIFEST = json.dumps({
    "format": 1, "tenant": {"id": "t", "kind": "partner"}, "exportedAt": "2026-01-01T00:00:00Z",
    "collections": {"users": {"file": "users.json", "complete": True}},
}).encode()  # fmt: skip

# name -> (file, its content, exit code, a word of the message or of the verdict)
SNAPSHOTS: dict[str, tuple[str, bytes, int, str]] = {
    "not JSON": ("users.json", b"[{id: 1}]", 3, "users.json:1"),
    "truncated": ("users.json", b'[{"id": "u1"', 3, "users.json"),
    "NaN": ("users.json", b'[{"id": NaN}]', 3, "NaN"),
    "Infinity": ("users.json", b'[{"id": -Infinity}]', 3, "Infinity"),
    "depth 10,000": ("users.json", b'[{"id": ' + b"[" * 10_000 + b"]" * 10_000 + b"}]", 3, "deep"),
    "depth 100,000": ("users.json", b"[" * 100_000, 3, "users.json"),
    "a lone surrogate": ("users.json", b'[{"id": "\\ud800"}]', 3, "users.json"),
    "invalid UTF-8": ("users.json", b'[{"id": "\xff"}]', 3, "UTF-8"),
    "UTF-16 without a mark": ("users.json", USERS.decode().encode("utf-16-le"), 3, "UTF-16"),
    "a file that is not gzip": ("users.ndjson.gz", b"not gzip", 3, "gzip"),
    "a cut gzip": ("users.ndjson.gz", gzip.compress(USERS * 50)[:-9], 3, "gzip"),
    "a manifest that is not JSON": ("tenant.json", b"{format: 1}", 3, "tenant.json:1"),
    "a manifest of the wrong type": ("tenant.json", b"[]", 3, "tenant.json"),
    "an empty manifest": ("tenant.json", b"", 3, "tenant.json"),
    "a manifest with an unknown key": (
        "tenant.json", MANIFEST.replace(b'"complete"', b'"complet"'), 3, "complet"),
    "a date without a zone": ("tenant.json", MANIFEST.replace(b"00Z", b"00"), 3, "exportedAt"),
    "a file outside": ("tenant.json", MANIFEST.replace(b"users.json", b"../users.json"), 3,
                       "outside"),
    "an error body": ("users.json", b'{"error": {"code": "Authorization_RequestDenied"}}', 5,
                      "denied"),
    "a further page": ("users.json", b'{"@odata.nextLink": "x", "value": []}', 5, "pages"),
    "null": ("users.json", b"null", 5, "not exported"),
    "a blank file": ("users.json", b"\r\n", 5, "not exported"),
    "one unrolled object": ("users.json", USERS[1:-1], 5, "users"),
    "text where a boolean was": ("users.json", USERS.replace(b"true", b'"True"'), 5, "damaged"),
    "PascalCase": ("users.json", USERS.replace(b"accountEnabled", b"AccountEnabled"), 5,
                   "accountEnabled"),
    "cut at depth 2": ("users.json", b'["@{id=u1; accountEnabled=True}"]', 5, "-Depth 20"),
    "a huge number": ("users.json", b'[{"id": ' + b"9" * 5_000 + b"}]", 3, "users.json"),
    "duplicate keys keep the last": (
        "users.json", b'[{"id": "u1", "accountEnabled": true, "accountEnabled": false}]', 1,
        "u1"),
    "UTF-16 with a mark": ("users.json", USERS.decode().encode("utf-16"), 0, "pass"),
    "UTF-8 with a mark": ("users.json", b"\xef\xbb\xbf" + USERS, 0, "pass"),
}  # fmt: skip
