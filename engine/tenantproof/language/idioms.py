"""Idioms that JMESPath lets fail silently, each refused with its remedy (`docs/lint-rules.md`).

In JMESPath a missing property is null, null equals null, and the negation of null is true. What
reads like a careful condition is then true of every record that lacks the property.
"""

from __future__ import annotations

from typing import Any, Final

from tenantproof.language.analysis import Analysis, a
from tenantproof.language.grammar import Node, nodes
from tenantproof.language.result_types import ANY
from tenantproof.problem import did_you_mean
from tenantproof.shape import Shape

ORDERINGS: Final = frozenset({"lt", "lte", "gt", "gte"})
SIGNS: Final = {"eq": "==", "ne": "!=", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
WORDS: Final = frozenset({"true", "false", "null"})
UNKNOWN_EVERYWHERE: Final = "the expression would be unknown wherever it is evaluated"


def value_fault(value: Any, shape: Shape) -> tuple[str, str] | None:
    """Return message and help where an enumeration does not know a value, else None."""
    if shape.values is None or not shape.path or not isinstance(value, str):
        return None
    known = [v for v in shape.values if v is not None and v not in shape.unknown_values]
    folded = {v.casefold() for v in known} if shape.fold else set(known)
    if (value.casefold() if shape.fold else value) in folded:
        return None
    better = did_you_mean(value, known)
    remedy = f"did you mean `{better}`?" if better else (
        "it can be " + ", ".join(f"`{v}`" for v in known)
    )
    return f"`{shape.path}` is never `{value}`", remedy


def unknown_property(node: Node, subject: Shape, analysis: Analysis) -> None:
    """Refuse a name that the schema does not know, with the likeliest reason."""
    name = node["value"]
    better = did_you_mean(name, subject.properties)
    if name.lower() in WORDS and not node.get("quoted"):
        analysis.fault(
            node, "bare-literal", f"`{name}` without backticks is the name of a property",
            f"write `` `{name.lower()}` `` with backticks", "it would read as null in every record",
        )
    elif node.get("quoted") and not better:
        analysis.fault(
            node, "double-quoted-text", f'`"{name}"` in double quotes is the name of a property',
            f"text stands in single quotes: write '{name}'",
            "null would be compared with null, and every record would match",
        )
    else:
        where = " ".join(filter(None, (subject.collection, subject.path))) or "the tenant"
        analysis.fault(
            node, "unknown-property", f"`{where}` has no property `{name}`",
            f"did you mean `{better}`?" if better else known_properties(subject),
            "it would read as null in every record",
        )


def known_properties(subject: Shape) -> str:
    """Return the help that lists the first properties of a shape."""
    if not subject.properties:
        return "end the path before it"
    names = list(subject.properties)
    shown = ", ".join(f"`{name}`" for name in names[:8])
    return f"it has {shown}{' and others' if len(names) > 8 else ''}"


def check_chain(node: Node, analysis: Analysis) -> bool:
    """Refuse `!a.b`, which reads `(!a).b`; tell whether it stands there."""
    first = node["children"][0]
    if node["type"] != "subexpression" or first["type"] != "not_expression":
        return False
    analysis.fault(
        first, "negation-binds-tighter", "`!` negates the first name only: `!a.b` is `(!a).b`, "
        "which is null", "use an operator such as `equals: false` or `exists: false`, or write "
        "`!(a.b)`",
        "the condition would have the same value for every record",
    )
    return True


def check_negation(node: Node, inner: Shape, analysis: Analysis) -> None:
    """Refuse the negation of what may be null."""
    if inner.nullable:
        analysis.fault(
            node, "negation-of-null", "`!` turns a null, and what is missing, into true",
            "compare with `` `false` ``, or use an operator such as `equals: false`",
            "every record without the property would match",
        )


def check_comparison(node: Node, left: Shape, right: Shape, analysis: Analysis) -> None:
    """Refuse comparisons whose answer says nothing."""
    first, second = node["children"]
    sign = SIGNS[node["value"]]
    if _counts_a_filter(first, second) or _counts_a_filter(second, first):
        analysis.fault(
            node, "count-of-filter",
            "this counts what a filter leaves, and one with a mistake leaves nothing",
            "use `contains_none` or `is_empty` on the list, or judge its elements with `for` "
            "and `where`",
            "a misspelt condition in the filter would look like a clean tenant",
        )
    elif node["value"] in ORDERINGS:
        _check_order(node, sign, left, right, analysis)
    elif _kinds_differ(left, right):
        analysis.fault(
            node, "unlike-types", f"{a(left.kind)} never equals {a(right.kind)}",
            "compare like with like; text stands in single quotes, the rest in backticks",
            "the comparison would have the same answer for every record",
        )
    elif (left.fold or right.fold) and left.kind == "text":
        analysis.fault(
            node, "case-in-expression", f"`{sign}` minds the case of letters, which varies here",
            "use the operator `equals` or `one_of`, or filter with `where`",
            "the same id in other letters would not be found",
        )
    else:
        _check_nulls(node, left, right, analysis)
    for literal, typed in ((second, left), (first, right)):
        check_value(literal, typed, analysis)


def _counts_a_filter(count: Node, zero: Node) -> bool:
    counted = count["type"] == "function_expression" and count["value"] == "length"
    if not counted or zero["type"] != "literal" or zero["value"] not in (0, 1):
        return False
    return any(node["type"] == "filter_projection" for node in nodes(count))


def _check_order(
    node: Node, sign: str, left: Shape, right: Shape, analysis: Analysis
) -> None:
    if "text" in (left.kind, right.kind):
        analysis.fault(
            node, "text-order", f"`{sign}` would compare text letter by letter",
            "use `before`, `after`, `older_than`, `at_least` or another operator that knows dates "
            "and durations", "`2026-1-2` would come after `2026-01-10`",
        )
    elif {left.kind, right.kind} - {"number", "any"}:
        analysis.fault(
            node, "unlike-types", f"`{sign}` compares numbers, not {a(left.kind)} and "
            f"{a(right.kind)}", "compare two numbers", "the comparison would always be null",
        )


def _kinds_differ(left: Shape, right: Shape) -> bool:
    kinds = {left.kind, right.kind}
    return len(kinds) == 2 and not kinds & {"any", "null"}


def _check_nulls(node: Node, left: Shape, right: Shape, analysis: Analysis) -> None:
    if "null" in (left.kind, right.kind) or left is ANY or right is ANY:
        return
    literal = "literal" in {child["type"] for child in node["children"]}
    if node["value"] == "ne" and (left.nullable or right.nullable):
        analysis.fault(
            node, "unequal-to-null", "`!=` is true of a null, and of what is missing",
            "use the operator `not_equals` or `none_of`, or compare with `==`",
            "every record without the property would match",
        )
    elif not literal and left.nullable and right.nullable:
        analysis.fault(
            node, "null-equals-null", "where both sides are null or missing, they are equal",
            "compare with a value, or judge the two properties in clauses of their own",
            "every record that lacks both would match",
        )


def check_value(node: Node, typed: Shape, analysis: Analysis) -> None:
    """Refuse a literal that an enumeration does not know."""
    if node["type"] != "literal":
        return
    fault = value_fault(node["value"], typed)
    if fault:
        analysis.fault(node, "unknown-value", *fault, "the comparison would never be true")
