"""What ``lint`` refuses in names, in the conditions that use them, and in messages."""

from __future__ import annotations

from typing import Final

from tenantproof.authoring.rule import CHECK, CLAUSE, FOR, LET, PASS, Group, Rule

NAMES: Final = Group("Names", "Every name is looked up, in its exact spelling.", (
    Rule("unknown-collection", "A collection or fact is one that there is",
         "There would be nothing to judge, and `none` of nothing passes.",
         "  for: conditionalAccesPolicies", "conditionalAccesPolicies", FOR, FOR),
    Rule("not-a-place", "`for`, `subject` and `evidence` are names and `[]` only",
         "A report could not say where in the export the subject stands.",
         "  for: conditionalAccessPolicies[?state=='enabled']", "[?", FOR, FOR),
    Rule("unknown-property", "A property is one that the schema knows",
         "It would read as null in every record, and null equals null.",
         "    asks for MFA: { path: grantControls.builtinControls, contains: mfa }",
         "builtinControls", CLAUSE),
    Rule("property-of-list", "A property is read of each element of a list, not of the list",
         "It would read as null whatever the list holds.",
         "  risky: signIns.userId", "userId", "  risky: \"signIns[].userId\"", LET),
    Rule("property-of-scalar", "A path ends at a text, number or truth value",
         "It would read as null in every record.",
         "    asks for MFA: { path: state.isEnabled, equals: true }", "isEnabled",
         "    asks for MFA: { path: state, equals: enabled }"),
    Rule("projection-of-scalar", "`[]` stands behind a list",
         "It would read as null whatever is there.",
         '    asks for MFA: { path: "state[]", contains: enabled }', "state[]",
         "    asks for MFA: { path: state, equals: enabled }"),
    Rule("unknown-name", "A `$name` is declared under `parameters` or `let`",
         "The condition would be unknown for every subject.",
         "    asks for MFA: { path: createdDateTime, newer_than: $longst, if_null: false }",
         "$longst",
         "    asks for MFA: { path: createdDateTime, newer_than: $longest, if_null: false }"),
    Rule("unknown-placeholder", "A placeholder of a message is one that there is",
         "The report would show the braces.",
         '  pass: "MFA is asked for by {subject}."', "{subject}", PASS, PASS),
))

CONDITIONS: Final = Group("Conditions", "An operator fits what it is asked of.", (
    Rule("operator-type", "An operator fits the value on its left",
         "The condition would be unknown for every subject.",
         "    asks for MFA: { path: displayName, contains: mfa }", "displayName",
         "    asks for MFA: { path: displayName, matches: mfa, if_null: false }"),
    Rule("right-side", "The value on the right is of the kind that the operator takes",
         "The condition would be unknown for every subject.",
         "    asks for MFA: { path: displayName, equals: 2026 }", "2026",
         '    asks for MFA: { path: displayName, equals: "2026" }'),
    Rule("pattern", "What `matches` takes is a pattern of RE2",
         "The condition would be unknown for every subject.",
         '    asks for MFA: { path: displayName, matches: "(mfa", if_null: false }', '"(mfa"',
         '    asks for MFA: { path: displayName, matches: "(mfa)", if_null: false }'),
    Rule("if-null-missing", "A condition says what it means that there is no value",
         "The condition would be unknown wherever the value is null.",
         "    asks for MFA: { path: modifiedDateTime, newer_than: 90 days }", "modifiedDateTime",
         "    asks for MFA: { path: modifiedDateTime, newer_than: 90 days, if_null: false }"),
    Rule("if-null-useless", "`if_null` stands only where the operator asks for it",
         "It would have no effect: the operator has an answer of its own.",
         "    asks for MFA: { path: state, equals: enabled, if_null: true }", "true }",
         "    asks for MFA: { path: state, equals: enabled }"),
    Rule("null-dropped", "A list that leaves nulls out is not asked for what may be one of them",
         "An element that is null would count as harmless.",
         "check:\n  for: signIns\n  expect: every\n  if_empty: pass\n  that:\n"
         '    met no other: { path: "appliedConditionalAccessPolicies[].displayName", '
         "only: [Ask for MFA] }\nreport:\n",
         "displayName",
         "check:\n  for: signIns.appliedConditionalAccessPolicies\n  expect: every\n"
         "  if_empty: pass\n  that:\n"
         "    is that policy: { path: displayName, equals: Ask for MFA }\nreport:\n",
         CHECK),
))
