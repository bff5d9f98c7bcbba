"""What ``lint`` refuses in the shape of a policy, and in a pack as a whole."""

from __future__ import annotations

from typing import Final

from tenantproof.authoring.rule import (
    CHECK,
    CLAUSE,
    EXPECT,
    ID,
    PARAMETER,
    REQUIREMENTS,
    REVISION,
    SHOWN,
    Group,
    Rule,
)

BRANCH: Final = """\
      for: conditionalAccessPolicies
      expect: at_least_one
      if_empty: fail
      that:
        asks for MFA: { path: grantControls.builtInControls, contains: mfa }
"""


def _asking(policy: str) -> str:
    return f"check:\n  any_of:\n    the other policy passes: {{ policy: {policy} }}\nreport:\n"


FORMAT: Final = Group("The format",
                      "What may stand where; [policy-format.md](policy-format.md) has it all.", (
    Rule("unknown-key", "A key is one that the format knows",
         "A misspelt `if_null` or `unless` would have no effect, and nobody would see it.",
         "    asks for MFA: { path: grantControls.builtInControls, contians: mfa }", "contians",
         CLAUSE),
    Rule("wrong-type", "A value is text, a number, a list or keys as the format asks",
         "One text where a list belongs would be read letter by letter, or not at all.",
         "requirements: TST-REQ-01", "TST-REQ-01", REQUIREMENTS, REQUIREMENTS),
    Rule("unknown-value", "A word is one of those that the place, or the schema, knows",
         "No record would ever have the misspelt value: `none` of them would always pass.",
         "    asks for MFA: { path: grantControls.builtInControls, contains: MFA }", "MFA }",
         CLAUSE),
    Rule("wrong-form", "An id, a name, an address or a duration is written like one",
         "Nothing could refer to it.",
         "id: TST-1", "TST-1", ID, ID),
    Rule("empty", "A text, a list or a section is not empty",
         "A check without clauses would be satisfied by everybody.",
         "requirements: []", "[]", REQUIREMENTS, REQUIREMENTS),
    Rule("too-small", "A number is not below what makes sense",
         "A bound such as at least -1 is always met.",
         "revision: 0", "0", REVISION, REVISION),
    Rule("no-operator", "A condition has an operator",
         "It would ask nothing, and everybody would satisfy it.",
         "    asks for MFA: { path: grantControls.builtInControls }", "{ path", CLAUSE),
    Rule("several-operators", "A condition has one operator",
         "It would not be clear whether both have to hold, or one.",
         "    asks for MFA: { path: grantControls.builtInControls, contains: mfa, only: [mfa] }",
         "only", f"{CLAUSE}\n    asks for nothing else: "
         "{ path: grantControls.builtInControls, only: [mfa] }"),
    Rule("excluding-keys", "Keys that exclude each other do not meet",
         "A predicate decides about null by itself, so `if_null` would have no effect.",
         "    asks for MFA: { is_true: state == 'enabled', if_null: true }", "if_null",
         "    asks for MFA: { is_true: state == 'enabled' }"),
    Rule("if-empty-missing", "A check says what it means that there is no subject",
         "An empty list would pass or fail by accident.",
         "  expect: at_least_one", "expect", EXPECT, EXPECT),
    Rule("no-clauses", "`every` and `at_least_one` have clauses under `that`",
         "Every subject would satisfy what asks for nothing.",
         EXPECT, "at_least_one", f"{EXPECT}\n  that:\n{CLAUSE}", f"{EXPECT}\n  that:\n{CLAUSE}"),
    Rule("shown-nowhere", "`subject` and `evidence` stand with a check that shows them",
         "The report would lack what you wanted to see.",
         f"check:\n  any_of:\n    a policy asks for MFA:\n{BRANCH}report:\n{SHOWN}\n", "evidence",
         f"check:\n  any_of:\n    a policy asks for MFA:\n{BRANCH}"
         f"      report:\n      {SHOWN}\nreport:\n", CHECK),
    Rule("parameter-default", "A default fits its own declaration",
         "The policy would judge by a value that it declares to be impossible.",
         "  longest: { type: duration, title: Longest absence, default: 90 dyas }", "90 dyas",
         PARAMETER, PARAMETER),
))

PACKS: Final = Group("The pack", "What only shows when all files of a pack are read together.", (
    Rule("file-name", "A policy's file is named after its id",
         "Whoever looks for a policy by its id would not find the file.",
         "id: TST-002", "TST-002", ID, ID),
    Rule("duplicate-id", "An id belongs to one policy",
         "One of the two would be left out, and a waiver would count for both.",
         "id: TST-000", "TST-000", ID, ID),
    Rule("unknown-requirement", "A requirement stands in the pack's `requirements.yaml`",
         "The coverage of the source text would be counted wrongly.",
         "requirements: [TST-REQ-10]", "TST-REQ-10", REQUIREMENTS, REQUIREMENTS),
    Rule("unknown-catalogue", "A catalogue of controls lies in the pack's `controls`",
         "The index by control would lead nowhere.",
         f"{REQUIREMENTS}\ncontrols: {{ hand-book: [\"7.2\"] }}", "hand-book",
         f"{REQUIREMENTS}\ncontrols: {{ handbook: [\"7.2\"] }}", REQUIREMENTS),
    Rule("unknown-control", "A control stands in its catalogue",
         "The policy would be counted for a control that does not exist.",
         f"{REQUIREMENTS}\ncontrols: {{ handbook: [\"7.3\"] }}", '"7.3"',
         f"{REQUIREMENTS}\ncontrols: {{ handbook: [\"7.2\"] }}", REQUIREMENTS),
    Rule("unknown-policy", "A policy that is asked for its verdict exists",
         "The branch could never be judged.",
         _asking("TST-010"), "TST-010", _asking("TST-000"), CHECK),
    Rule("policy-cycle", "A policy does not ask itself, directly or through others",
         "Neither of the two would ever come to a verdict.",
         _asking("TST-001"), "TST-001", _asking("TST-000"), CHECK),
))
