"""A report with a hostile text in every name: what no format may obey."""

from __future__ import annotations

from tenantproof.audit import Report, audit
from tenantproof.pack import load_pack
from tenantproof.problem import Problem
from tenantproof.schema import check
from tenantproof.shape import bundled_shapes
from tenantproof.snapshot import load_value

CANARY = ("\x1b[31m\x1b]8;;http://x.example\x07[/x]=cmd|' /C calc'!A0</script><img src=x onerror=1>"
          "]]>\u202e\x00\udcff\ufffe::error::##vso[x]|@team `**b**` \n::warning::x")
IN_JSON = CANARY.replace("\udcff", "")  # a file's name may hold one, JSON text may not
PACK = """\
format: 1
id: canary
version: "1.0.0"
title: Canary
"""
POLICY = """\
format: 1
id: {id}
revision: 1
title: Accounts are enabled
statement: Every account MUST be enabled.
rationale: For the test.
requirements: [C-1]
severity: {severity}
status: stable
check:
  for: users
  expect: every
  if_empty: not_applicable
  that:
    is enabled: {{ path: {path}, equals: true }}
report:
  subject: displayName
  evidence: {{ Name: displayName }}
  pass: "All are enabled."
  fail: "Not enabled in {{tenant}}: {{subjects}}."
remediation:
  summary: Enable them.
  steps: [Click.]
references:
  - {{ title: Users, url: "https://learn.microsoft.com/graph/api/user-list" }}
tests:
  tenant: {{}}
  cases: [{{ it: cannot tell without an export, verdict: unknown }}]
"""
POLICIES = {"ACC-001": ("high", "accountEnabled"), "ACC-002": ("low", "onPremisesSyncEnabled")}


def canary_report(folder):
    """Two tenants with hostile names: one fails, of one nothing was exported; one unreadable."""
    folder.mkdir(exist_ok=True)
    (folder / "pack.yaml").write_text(PACK)
    (folder / "requirements.yaml").write_text(
        "format: 1\nsource: { title: S, url: 'https://s.example', dated: '2026-01-01' }\n"
        "requirements:\n  - { id: C-1, title: T, level: mandatory, obligation: O }\n")
    (folder / "acc").mkdir()
    for name, (severity, path) in POLICIES.items():
        (folder / "acc" / f"{name}-hold.yaml").write_text(
            POLICY.format(id=name, severity=severity, path=path))
    pack = load_pack(folder, "pack", bundled_shapes(), check)
    users = [{"id": f"u{n}", "displayName": f"{IN_JSON} {n}", "accountEnabled": n > 2,
              "onPremisesSyncEnabled": True} for n in range(30)]
    collections = ({"users": {"data": users, "complete": True}}, {})
    tenants = []
    for number, held in enumerate(collections):
        snapshot = load_value(
            {"format": 1, "tenant": {"id": f"t{number}", "displayName": IN_JSON, "kind": "partner"},
             "exportedAt": "2026-11-20T06:00:00Z", "collections": held},
            f"exports/t{number}", bundled_shapes())
        tenants.append(audit(snapshot, list(pack.policies.values()), pack.policies, {}))
    unreadable = ((f"exports/{CANARY}", (Problem("x", f"bad {CANARY}"),)),)
    return Report("1.2.3", (pack,), None, tuple(tenants), unreadable)
