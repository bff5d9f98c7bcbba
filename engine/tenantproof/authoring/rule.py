"""A rule of ``lint`` as an author meets it: what is refused, why, and an example."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

BASE: Final = """\
format: 1
id: TST-001
revision: 1
title: A policy asks for MFA
statement: At least one Conditional Access policy MUST ask for MFA.
rationale: A password alone can be guessed.
requirements: [TST-REQ-01]
severity: high
status: stable
parameters:
  longest: { type: duration, title: Longest absence, default: 90 days }
let:
  risky: "signIns[?riskState == 'atRisk'].userId"
check:
  for: conditionalAccessPolicies
  where:
    is switched on: { path: state, equals: enabled }
  expect: at_least_one
  if_empty: fail
  that:
    asks for MFA: { path: grantControls.builtInControls, contains: mfa }
report:
  subject: displayName
  evidence: { Controls: grantControls.builtInControls }
  pass: "MFA is asked for by {subjects}."
  fail: "No policy asks for MFA; the closest is {closest}."
remediation:
  summary: Ask for MFA.
  steps: [Open Protection > Conditional Access.]
tests:
  tenant: {}
  cases: [{ it: cannot tell without an export, verdict: unknown }]
"""

FIRST: Final = "format: 1"
REVISION: Final = "revision: 1"
REQUIREMENTS: Final = "requirements: [TST-REQ-01]"
PARAMETER: Final = "  longest: { type: duration, title: Longest absence, default: 90 days }"
LET: Final = "  risky: \"signIns[?riskState == 'atRisk'].userId\""
FOR: Final = "  for: conditionalAccessPolicies"
EXPECT: Final = "  expect: at_least_one\n  if_empty: fail"
WHERE: Final = "    is switched on: { path: state, equals: enabled }"
CLAUSE: Final = "    asks for MFA: { path: grantControls.builtInControls, contains: mfa }"
SHOWN: Final = "  evidence: { Controls: grantControls.builtInControls }"
CHECK: Final = BASE[BASE.index("check:") : BASE.index("  pass:")]
SUMMARY: Final = "  summary: Ask for MFA."
REMEDIATION: Final = f"{SUMMARY}\n  steps: [Open Protection > Conditional Access.]"
TITLE: Final = "title: A policy asks for MFA"
ID: Final = "id: TST-001"
SEVERITY: Final = "severity: high"
PASS: Final = '  pass: "MFA is asked for by {subjects}."'


class Rule(Struct, frozen=True):
    """One thing that ``lint`` refuses, or warns of.

    `wrong` and `right` are the lines that stand in BASE in the place of `of`; the problem stands
    at the text `at` of the wrong lines. Both are empty where no lines can show it, such as a file
    that is empty. `why` tells what the mistake would have caused.
    """

    id: str
    title: str
    why: str
    wrong: str = ""
    at: str = ""
    right: str = ""
    of: str = CLAUSE


class Group(Struct, frozen=True):
    """Rules that belong together, under one heading."""

    title: str
    intro: str
    rules: tuple[Rule, ...]


def example(rule: Rule, lines: str) -> str:
    """Return the whole policy with a rule's lines in their place."""
    before, found, after = BASE.partition(rule.of)
    if not found:
        raise ValueError(f"{rule.of!r} does not stand in the policy")
    return f"{before}{lines}{after}"
