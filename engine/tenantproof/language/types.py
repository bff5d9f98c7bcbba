"""Static types of expressions: what a path reads, before any data is there.

`infer` walks the tree over a :class:`~tenantproof.shape.Shape` and yields a fault for every
property that the schema does not know, in the spelling and at the depth in which it is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tenantproof.language.expression import FUNCTIONS
from tenantproof.language.grammar import Node
from tenantproof.language.result_types import (
    ANY,
    BOOLEAN,
    RESULTS,
    always,
    list_of,
    nullable,
    shape_of_value,
    union,
)
from tenantproof.problem import did_you_mean
from tenantproof.shape import Shape

ORDERINGS: Final = frozenset({"lt", "lte", "gt", "gte"})


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong inside an expression; `offset` and `length` count characters."""

    rule: str
    message: str
    help: str
    offset: int
    length: int = 1
    consequence: str = ""


@dataclass(slots=True)
class Analysis:
    """What the analysis of one expression found: faults, and the properties it may read."""

    faults: list[Fault] = field(default_factory=list)
    reads: set[tuple[str, str]] = field(default_factory=set)
    drops_null: list[Node] = field(default_factory=list)

    def fault(self, node: Node, rule: str, message: str, remedy: str, because: str = "") -> None:
        """Note a fault at a node."""
        start = node.get("start", 0)
        self.faults.append(
            Fault(rule, message, remedy, start, max(1, node.get("end", 0) - start), because)
        )


def infer(node: Node, subject: Shape, analysis: Analysis) -> Shape:
    """Return the shape of an expression's value for a subject of shape `subject`."""
    return NODE_TYPES[node["type"]](node, subject, analysis)


def _field(node: Node, subject: Shape, analysis: Analysis) -> Shape:
    name = node["value"]
    if subject.kind == "any" or (subject.kind == "object" and not subject.properties):
        return ANY
    if subject.kind != "object":
        return _not_an_object(node, subject, analysis)
    child = subject.properties.get(name)
    if child is None:
        _unknown_property(node, subject, analysis)
        return ANY
    if child.collection:
        analysis.reads.add((child.collection, child.path))
    return nullable(child) if subject.nullable else child


def _unknown_property(node: Node, subject: Shape, analysis: Analysis) -> None:
    name = node["value"]
    where = " ".join(filter(None, (subject.collection, subject.path))) or "the tenant"
    better = did_you_mean(name, subject.properties)
    remedy = f"did you mean `{better}`?" if better else _known(subject.properties)
    if node.get("quoted") and not better:
        remedy = f"text stands in single quotes: write '{name}'"
    analysis.fault(
        node, "unknown-property", f"`{where}` has no property `{name}`", remedy,
        "it would read as null in every record",
    )


def _known(properties: Mapping[str, Shape]) -> str:
    names = list(properties)
    shown = ", ".join(f"`{name}`" for name in names[:8])
    return f"it has {shown}{' and others' if len(names) > 8 else ''}"


def _not_an_object(node: Node, subject: Shape, analysis: Analysis) -> Shape:
    name = node["value"]
    if subject.kind == "list":
        analysis.fault(
            node, "property-of-list", f"a list has no property `{name}`",
            f"write `[].{name}` to read it of every element",
            "it would read as null whatever the list holds",
        )
    else:
        analysis.fault(
            node, "property-of-scalar", f"a {subject.kind} has no property `{name}`",
            "end the path before it", "it would read as null in every record",
        )
    return ANY


def _chain(node: Node, subject: Shape, analysis: Analysis) -> Shape:
    shape = subject
    for child in node["children"]:
        shape = infer(child, shape, analysis)
    return shape


def _same(node: Node, subject: Shape, analysis: Analysis) -> Shape:
    return subject


def _literal(node: Node, subject: Shape, analysis: Analysis) -> Shape:
    return shape_of_value(node["value"])


def _elements(node: Node, base: Shape, analysis: Analysis) -> Shape:
    if base.kind == "list":
        return base.items or ANY
    if base.kind != "any":
        analysis.fault(
            node, "projection-of-scalar", f"`[]` needs a list and stands behind a {base.kind}",
            "leave `[]` out", "it would read as null whatever is there",
        )
    return ANY


def _flatten(node: Node, subject: Shape, analysis: Analysis) -> Shape:
    base = infer(node["children"][0], subject, analysis)
    element = _elements(node["children"][0], base, analysis)
    flat = element.items if element.kind == "list" else element
    return list_of(flat, base.nullable)


def _projection(node: Node, subject: Shape, analysis: Analysis) -> Shape:
    base = infer(node["children"][0], subject, analysis)
    element = _elements(node["children"][0], base, analysis)
    each = infer(node["children"][1], element, analysis)
    if each.nullable and each.kind != "any" and node["children"][1]["type"] != "identity":
        analysis.drops_null.append(node["children"][1])
    return list_of(each, base.nullable)


def _value_projection(node: Node, subject: Shape, analysis: Analysis) -> Shape:
    infer(node["children"][0], subject, analysis)
    return list_of(infer(node["children"][1], ANY, analysis), True)


def _filter(node: Node, subject: Shape, analysis: Analysis) -> Shape:
    base = infer(node["children"][0], subject, analysis)
    element = _elements(node["children"][0], base, analysis)
    infer(node["children"][2], element, analysis)
    return list_of(infer(node["children"][1], element, analysis), base.nullable)


def _item(node: Node, subject: Shape, analysis: Analysis) -> Shape:
    return nullable(_elements(node, subject, analysis))


def _comparator(node: Node, subject: Shape, analysis: Analysis) -> Shape:
    left, right = (infer(child, subject, analysis) for child in node["children"])
    first, second = node["children"]
    _check_values(second, left, right, analysis)
    _check_values(first, right, left, analysis)
    return nullable(BOOLEAN) if node["value"] in ORDERINGS else BOOLEAN


def _check_values(node: Node, typed: Shape, literal: Shape, analysis: Analysis) -> None:
    if node["type"] != "literal" or typed.values is None or literal.kind != "text":
        return
    fault = value_fault(node["value"], typed)
    if fault:
        analysis.fault(node, "unknown-value", *fault, "the comparison would never be true")


def value_fault(value: Any, shape: Shape) -> tuple[str, str] | None:
    """Return message and help where an enumeration does not know a value, else None."""
    if shape.values is None or not isinstance(value, str):
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


def _either(node: Node, subject: Shape, analysis: Analysis) -> Shape:
    left, right = (infer(child, subject, analysis) for child in node["children"])
    return union(left, right)


def _not(node: Node, subject: Shape, analysis: Analysis) -> Shape:
    infer(node["children"][0], subject, analysis)
    return BOOLEAN


def _multi_list(node: Node, subject: Shape, analysis: Analysis) -> Shape:
    shapes = [infer(child, subject, analysis) for child in node["children"]]
    same = len({s.kind for s in shapes}) == 1
    return list_of(shapes[0] if same else ANY, subject.nullable)


def _multi_dict(node: Node, subject: Shape, analysis: Analysis) -> Shape:
    return Shape("object", nullable=subject.nullable, properties={
        child["value"]: infer(child["children"][0], subject, analysis)
        for child in node["children"]
    })


def _reference(node: Node, subject: Shape, analysis: Analysis) -> Shape:
    return infer(node["children"][0], subject, analysis)


def _function(node: Node, subject: Shape, analysis: Analysis) -> Shape:
    name, arguments = node["value"], node["children"]
    spec = FUNCTIONS.FUNCTION_TABLE.get(name)
    if spec is None:
        better = did_you_mean(name, FUNCTIONS.FUNCTION_TABLE)
        analysis.fault(
            node, "unknown-function", f"there is no function `{name}`",
            f"did you mean `{better}`?" if better else "see JMESPath's list of functions",
            "the expression would be unknown wherever it is evaluated",
        )
        return ANY
    _check_arity(node, spec["signature"], analysis)
    lists = [infer(a, subject, analysis) for a in arguments if a["type"] != "expref"]
    element = next((s.items for s in lists if s.kind == "list" and s.items), ANY)
    references = [infer(a, element, analysis) for a in arguments if a["type"] == "expref"]
    result = RESULTS.get(name, always(ANY))
    return result(references if name == "map" else lists)


def _check_arity(node: Node, signature: list[dict[str, Any]], analysis: Analysis) -> None:
    given, wanted = len(node["children"]), len(signature)
    variadic = bool(signature) and signature[-1].get("variadic", False)
    if given == wanted or (variadic and given > wanted):
        return
    least = "at least " if variadic else ""
    analysis.fault(
        node, "wrong-arity", f"`{node['value']}` takes {least}{wanted} arguments, not {given}",
        "correct the call", "the expression would be unknown wherever it is evaluated",
    )


NODE_TYPES: Final[dict[str, Callable[[Node, Shape, Analysis], Shape]]] = {
    "field": _field,
    "subexpression": _chain,
    "index_expression": _chain,
    "pipe": _chain,
    "current": _same,
    "identity": _same,
    "literal": _literal,
    "index": _item,
    "slice": _same,
    "flatten": _flatten,
    "projection": _projection,
    "value_projection": _value_projection,
    "filter_projection": _filter,
    "comparator": _comparator,
    "or_expression": _either,
    "and_expression": _either,
    "not_expression": _not,
    "multi_select_list": _multi_list,
    "multi_select_dict": _multi_dict,
    "expref": _reference,
    "function_expression": _function,
}
