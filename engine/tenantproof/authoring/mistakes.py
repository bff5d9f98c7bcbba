"""The mistakes that people make most when they write a policy, in the order of the page."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from tenantproof.authoring.rule import CLAUSE, LET, WHERE


class Mistake(Struct, frozen=True):
    """A mistake in words, its lines in the place of `of` in the base policy, and the cure.

    `cause` tells how one comes to make it.
    """

    title: str
    cause: str
    wrong: str
    right: str
    of: str = CLAUSE


MISTAKES: Final = (
    Mistake(
        "A name in the wrong case",
        "Graph writes `displayName`, PowerShell and the admin centers write `DisplayName`. Every name "
        "has one spelling here.",
        "    asks for MFA: { path: GrantControls.builtInControls, contains: mfa }",
        CLAUSE,
    ),
    Mistake(
        "Text in double quotes inside an expression",
        "In an expression double quotes mean the name of a property, and single quotes mean text.",
        "  risky: 'signIns[?riskState == \"atRisk\"].userId'",
        LET,
        LET,
    ),
    Mistake(
        "No backticks around `true`",
        "In an expression `true` is the name of a property, unless it stands in backticks. An operator "
        "needs neither.",
        '    asks for MFA: { is_true: "sessionControls.disableResilienceDefaults == true" }',
        "    asks for MFA: { path: sessionControls.disableResilienceDefaults, equals: true }",
    ),
    Mistake(
        "One text where a list belongs",
        "`only`, `one_of`, `contains_any` and their like compare with several values, even if you have "
        "only one.",
        "    asks for MFA: { path: grantControls.builtInControls, contains_any: mfa }",
        "    asks for MFA: { path: grantControls.builtInControls, contains_any: [mfa] }",
    ),
    Mistake(
        "A list where one text belongs",
        "`equals` and `contains` compare with one value.",
        "    is switched on: { path: state, equals: [enabled] }",
        "    is switched on: { path: state, one_of: [enabled] }",
        WHERE,
    ),
    Mistake(
        "A date compared as text",
        "In an expression `<` and `>` know numbers only. The operators `before`, `after`, `older_than` "
        "and `newer_than` know dates.",
        "    asks for MFA: { is_true: \"createdDateTime > '2026-01-01'\" }",
        "    asks for MFA: { path: createdDateTime, after: 2026-01-01, if_null: false }",
    ),
    Mistake(
        "A misspelt operator",
        "There are no other operators than those of [operators.md](operators.md).",
        "    is switched on: { path: state, equal: enabled }",
        WHERE,
        WHERE,
    ),
    Mistake(
        "An expression without quotes",
        "Brackets, `@`, `!` and backticks mean something to YAML. An expression with any of them "
        "stands in double quotes.",
        "  risky: { path: signIns[?riskState == 'atRisk'].userId }",
        LET,
        LET,
    ),
    Mistake(
        "Counting what a filter leaves",
        "A filter with a mistake in it finds nothing, and nothing is what a clean tenant has, too.",
        "    asks for MFA: { is_true: \"length(conditions.clientAppTypes[?@ == 'other']) == `0`\" }",
        "    asks for MFA: { path: conditions.clientAppTypes, contains_none: [other] }",
    ),
    Mistake(
        "`!` before a path",
        "`!` takes the first name only.",
        '    asks for MFA: { is_true: "!grantControls.authenticationStrength" }',
        "    asks for MFA: { path: grantControls.authenticationStrength, exists: false }",
    ),
    Mistake(
        "A misspelt value",
        "Where the schema lists all values that there can be, another one is refused.",
        "    is switched on: { path: state, equals: enabledForReporting }",
        "    is switched on: { path: state, equals: enabledForReportingButNotEnforced }",
        WHERE,
    ),
    Mistake(
        "A `$name` that nobody declared",
        "A `$name` is a parameter of the policy or of the pack, or a name under `let`.",
        "    asks for MFA: { path: createdDateTime, newer_than: $long, if_null: false }",
        "    asks for MFA: { path: createdDateTime, newer_than: $longest, if_null: false }",
    ),
)
