"""A small pack, small snapshots, and a way to run the command line as a process of its own."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

AT = "2026-11-20T06:00:00Z"
TENANT = "11111111-2222-4333-8444-555555555555"

PACK = """\
format: 1
id: small
version: 1.0.0
title: A small pack for tests
description: Four policies, one of each kind of verdict.
parameters:
  allowed_guests:
    type: list
    title: Guests that may stay
    default: []
  review_day:
    type: instant
    title: Day of the last review
"""
REQUIREMENTS = """\
format: 1
source: { title: A text, url: "https://learn.microsoft.com/partner-center/", dated: "2023-10-13" }
requirements:
  - id: REQ-1
    title: Security defaults
    level: mandatory
    section: One
    obligation: Switch security defaults on.
    source: page
"""
HEAD = """\
format: 1
id: {id}
revision: 1
title: {title}
statement: The tenant MUST be {id}.
rationale: Because of {id}.
requirements: [REQ-1]
severity: {severity}
status: {status}
"""
TAIL = """\
remediation:
  summary: Mend {id}.
  steps: [Open the portal., Press the button.]
  impact: Users are asked to sign in again.
references:
  - {{ title: A page, url: "https://learn.microsoft.com/partner-center/" }}
"""
DEFAULTS_ON = """\
check:
  that:
    enforces security defaults: { path: securityDefaults.isEnabled, equals: true }
report:
  evidence: { Security defaults: securityDefaults.isEnabled }
  pass: Security defaults are on.
  fail: "Security defaults are off: {missing}."
"""
NO_GUESTS = """\
parameters:
  grace: { type: number, title: Guests that are forgiven, default: 0 }
check:
  for: users
  where:
    is enabled: { path: accountEnabled, equals: true }
  expect: every
  if_empty: pass
  that:
    is no guest: { path: userType, not_equals: Guest }
report:
  subject: displayName
  evidence: { Sign-in name: userPrincipalName }
  pass: No enabled account is a guest.
  fail: "{count} of {total} enabled accounts are guests: {subjects}."
"""
ASKED = """\
check:
  manual:
    question: Is the break-glass envelope in the safe?
    answered_by: the security officer
    valid_for: 90 days
report: { pass: It is., fail: It is not. }
"""
CASES_DEFAULTS = """\
tests:
  tenant: { collections: { securityDefaults: { data: { id: sd, isEnabled: true } } } }
  cases:
    - { it: passes, verdict: pass }
    - it: fails when they are off
      set: { /securityDefaults/isEnabled: false }
      verdict: fail
      missing: [enforces security defaults]
"""
CASES_GUESTS = """\
tests:
  tenant:
    collections:
      users:
        data: [{ id: u1, displayName: Ada, userType: Member, accountEnabled: true }]
  cases:
    - { it: passes, verdict: pass }
    - it: fails on a guest
      set: { /users/0/userType: Guest }
      verdict: fail
      missing: [is no guest]
"""
CASES_ASKED = """\
tests:
  tenant: { collections: {} }
  cases:
    - { it: asks, verdict: manual }
"""
POLICIES = {
    "SD-001": ("Security defaults are on", "high", "stable", DEFAULTS_ON, CASES_DEFAULTS),
    "USR-001": ("No guest is enabled", "low", "stable", NO_GUESTS, CASES_GUESTS),
    "MAN-001": ("The envelope is in the safe", "medium", "draft", ASKED, CASES_ASKED),
}

USERS: list[dict[str, Any]] = [
    {"id": "u1", "displayName": "Ada Lovelace", "userPrincipalName": "ada@contoso.example",
     "userType": "Member", "accountEnabled": True},
    {"id": "u2", "displayName": "Bob \u001b[31mRed", "userPrincipalName": "bob@contoso.example",
     "userType": "Guest", "accountEnabled": False},
]


def manifest(*, enabled: bool = True, guest: bool = False, partial: bool = False) -> dict[str, Any]:
    """Return a snapshot in the one-file form."""
    users = copy.deepcopy(USERS)
    users[1]["accountEnabled"] = guest
    entry = {"data": users, "complete": True}
    return {
        "format": 1,
        "tenant": {"id": TENANT, "displayName": "Contoso", "kind": "partner"},
        "exportedAt": AT,
        "exporter": {"name": "test-export", "version": "1"},
        "collections": {
            "securityDefaults": {"data": {"id": "sd", "isEnabled": enabled}, "complete": True},
            "users": {"complete": False, "reason": "denied"} if partial else entry,
        },
    }


@dataclass(frozen=True)
class Ran:
    """What a process came to."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Small:
    """A folder with a pack and snapshots; `run` starts the command line in it."""

    folder: Path

    def run(
        self, *arguments: str, env: Mapping[str, str] | None = None, stdin: bytes = b""
    ) -> Ran:
        """Run tenantproof with these arguments."""
        done = subprocess.run(
            [sys.executable, "-m", "tenantproof", *arguments], cwd=self.folder, input=stdin,
            capture_output=True, env=self.environment(env), timeout=60, check=False,
        )
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    def environment(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return an environment of our own: what the tests run in must not matter."""
        kept = {k: os.environ[k] for k in ("PATH", "SYSTEMROOT") if k in os.environ}
        return {**kept, "PYTHONUTF8": "1", "XDG_CACHE_HOME": str(self.folder / "cache"),
                "SOURCE_DATE_EPOCH": "1795672800", **(more or {})}

    def check(self, snapshot: str, *more: str, **kwargs: Any) -> Ran:
        """Run ``check`` with the small pack."""
        return self.run("check", snapshot, "--pack", "pack", *more, **kwargs)

    def write(self, name: str, value: Any) -> str:
        """Write a JSON file and return its name."""
        (self.folder / name).write_text(json.dumps(value), encoding="utf-8")
        return name

    def path(self, name: str) -> Path:
        """Return the path of a file in the folder."""
        return self.folder / name


def write_pack(folder: Path) -> None:
    """Write the small pack."""
    folder.mkdir()
    (folder / "pack.yaml").write_text(PACK, encoding="utf-8")
    (folder / "requirements.yaml").write_text(REQUIREMENTS, encoding="utf-8")
    for name, (title, severity, status, check, cases) in POLICIES.items():
        family = folder / name.partition("-")[0].lower()
        family.mkdir()
        head = HEAD.format(id=name, title=title, severity=severity, status=status)
        text = head + check + TAIL.format(id=name) + cases
        (family / f"{name}-holds.yaml").write_text(text, encoding="utf-8")


def write_folder(folder: Path, value: dict[str, Any]) -> None:
    """Write a one-file snapshot as a folder with a file per collection."""
    folder.mkdir()
    value = copy.deepcopy(value)
    for name, entry in value["collections"].items():
        if "data" in entry:
            (folder / f"{name}.json").write_text(json.dumps(entry.pop("data")), encoding="utf-8")
            entry["file"] = f"{name}.json"
    (folder / "tenant.json").write_text(json.dumps(value), encoding="utf-8")
