"""What ``lint`` refuses in expressions: in JMESPath all of it is silently null, true or false."""

from __future__ import annotations

from typing import Final

from tenantproof.authoring.rule import LET, Group, Rule


def _predicate(text: str) -> str:
    return f'    asks for MFA: {{ is_true: "{text}" }}'


LIST: Final = "(grantControls.builtInControls || `[]`)"

INTRO: Final = (
    "JMESPath would give each of these a value, and the wrong one: what is missing is null, null "
    "equals null, and not null is true."
)
EXPRESSIONS: Final = Group("Expressions", INTRO, (
    Rule("bare-literal", "`true`, `false`, `null` stand in backticks",
         "Without backticks they are names of properties, and null in every record.",
         _predicate("sessionControls.disableResilienceDefaults == true"), "true\"",
         "    asks for MFA: { path: sessionControls.disableResilienceDefaults, equals: true }"),
    Rule("double-quoted-text", "Text stands in single quotes",
         "Text in double quotes is the name of a property: null would be compared with null, and "
         "every record would match.",
         "    asks for MFA: { is_true: 'displayName == \"Block legacy\"' }", '"Block legacy"',
         "    asks for MFA: { path: displayName, equals: Block legacy }"),
    Rule("unknown-function", "A function is one of JMESPath's",
         "The expression would be unknown wherever it is evaluated.",
         _predicate(f"contians({LIST}, 'mfa')"), "contians",
         _predicate(f"contains({LIST}, 'mfa')")),
    Rule("wrong-arity", "A function is given as many arguments as it takes",
         "The expression would be unknown wherever it is evaluated.",
         _predicate(f"contains({LIST})"), "contains", _predicate(f"contains({LIST}, 'mfa')")),
    Rule("argument-type", "A function is given what it can take",
         "The expression would be unknown wherever it is evaluated.",
         _predicate("starts_with(conditions.clientAppTypes, 'all')"), "conditions",
         "    asks for MFA: { path: conditions.clientAppTypes, contains: all }"),
    Rule("argument-null", "A function is given no null",
         "The expression would be unknown wherever the value is null.",
         _predicate("starts_with(displayName, 'MFA')"), "displayName",
         _predicate("starts_with(displayName || '', 'MFA')")),
    Rule("negation-binds-tighter", "`!a.b` is written `!(a.b)`",
         "JMESPath reads `(!a).b`, which is null: the same for every record.",
         _predicate("!conditions.users"), "!",
         "    asks for MFA: { path: conditions.users, exists: false }"),
    Rule("negation-of-null", "What may be null is not negated",
         "Every record without the property would match.",
         _predicate("!(sessionControls.disableResilienceDefaults)"), "!",
         "    asks for MFA: { path: sessionControls.disableResilienceDefaults, equals: false }"),
    Rule("unequal-to-null", "What may be null is not compared with `!=`",
         "Every record without the property would match.",
         _predicate("displayName != 'Block legacy'"), "!=",
         "    asks for MFA: { path: displayName, not_equals: Block legacy }"),
    Rule("null-equals-null", "Two values that may both be null are not compared",
         "Every record that lacks both would match.",
         _predicate("createdDateTime == modifiedDateTime"), "==",
         "    was never changed: { path: modifiedDateTime, exists: false }"),
    Rule("count-of-filter", "What a filter leaves is not counted",
         "A misspelt condition in the filter would look like a clean tenant.",
         _predicate("length(conditions.clientAppTypes[?@ == 'other']) == `0`"), "== `0`",
         "    asks for MFA: { path: conditions.clientAppTypes, contains_none: [other] }"),
    Rule("unlike-types", "Like is compared with like",
         "The comparison would have the same answer for every record.",
         _predicate("state == `true`"), "==", _predicate("state == 'enabled'")),
    Rule("text-order", "Dates and durations are compared by operators that know them",
         "Text is compared letter by letter: `2026-1-2` comes after `2026-01-10`.",
         _predicate("createdDateTime > '2026-01-01'"), ">",
         "    asks for MFA: { path: createdDateTime, after: 2026-01-01, if_null: false }"),
    Rule("case-in-expression", "Ids and names that vary in case are compared by operators",
         "The same id in other letters would not be found.",
         "  risky: \"signIns[?userId == '5A1E'].id\"", "==", LET, LET),
    Rule("contains-in-text", "A list written as one text is asked by the operator `contains`",
         "`serviceProvider` would be found in `noServiceProvider`.",
         _predicate("contains(conditions.authenticationFlows.transferMethods || '', "
                    "'deviceCodeFlow')"), "contains",
         "    asks for MFA: "
         "{ path: conditions.authenticationFlows.transferMethods, contains: deviceCodeFlow }"),
    Rule("too-much-work", "A policy's expressions look at each value at most 2,000 times",
         "On a large tenant, all other verdicts would have to wait for this policy."),
))
