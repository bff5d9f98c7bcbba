"""Static types of expressions: what a path reads, before any data is there.

`infer` walks the tree over a :class:`~tenantproof.shape.Shape` and yields a fault for every
property that the schema does not know, in the spelling and at the depth in which it is written.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Final

from tenantproof.language import idioms
from tenantproof.language.analysis import Analysis, a
from tenantproof.language.calls import check_call
from tenantproof.language.functions import FUNCTIONS
from tenantproof.language.grammar import Node
from tenantproof.language.result_types import (
    ANY,
    BOOLEAN,
    RESULTS,
    always,
    in_place_of,
    list_of,
    made_object,
    nullable,
    shape_of_value,
    union,
)
from tenantproof.problem import did_you_mean
from tenantproof.shape import Shape


def infer(node: Node, subject: Shape, analysis: Analysis) -> Shape:
    """Return the shape of an expression's value for a subject of shape `subject`."""
    return NODE_TYPES[node["type"]](node, subject, analysis)


def _field(node: Node, subject: Shape, analysis: Analysis) -> Shape:
    name = node["value"]
    if subject.members:
        return _field_of_several(node, subject, analysis)
    if subject.kind == "any" or (subject.kind == "object" and not subject.properties):
        return ANY
    if subject.kind != "object":
        return _not_an_object(node, subject, analysis)
    child = subject.properties.get(name)
    if child is None:
        idioms.unknown_property(node, subject, analysis)
        return ANY
    if child.collection:
        analysis.reads.add((child.collection, child.path))
    return nullable(child) if subject.nullable else child


def _field_of_several(node: Node, subject: Shape, analysis: Analysis) -> Shape:
    """The first object that has no such property is told; the others would repeat it."""
    found: list[Shape] = []
    known = len(analysis.faults)
    for member in subject.members:
        found.append(_field(node, member, analysis))
        if len(analysis.faults) > known:
            break
    shape = reduce(union, found)
    return nullable(shape) if subject.nullable else shape


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
            node, "property-of-scalar", f"{a(subject.kind)} has no property `{name}`",
            "end the path before it", "it would read as null in every record",
        )
    return ANY


def _chain(node: Node, subject: Shape, analysis: Analysis) -> Shape:
    if idioms.check_chain(node, analysis):
        return ANY
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
            node, "projection-of-scalar", f"`[]` needs a list and stands behind {a(base.kind)}",
            "leave `[]` out", "it would read as null whatever is there",
        )
    return ANY


def _may_not_be_a_list(base: Shape) -> bool:
    """Tell whether a projection of it may be null."""
    return base.nullable or base.kind != "list"


def _flatten(node: Node, subject: Shape, analysis: Analysis) -> Shape:
    base = infer(node["children"][0], subject, analysis)
    element = _elements(node["children"][0], base, analysis)
    flat = element.items if element.kind == "list" else element
    return list_of(flat, _may_not_be_a_list(base))


def _projection(node: Node, subject: Shape, analysis: Analysis) -> Shape:
    base = infer(node["children"][0], subject, analysis)
    element = _elements(node["children"][0], base, analysis)
    return list_of(_projected(node["children"][1], element, analysis), _may_not_be_a_list(base))


def _projected(node: Node, element: Shape, analysis: Analysis) -> Shape:
    """Return what is read of each element, and remember where nulls are left out."""
    each = infer(node, element, analysis)
    if each.nullable and each.kind != "any" and node["type"] != "identity":
        analysis.drops_null.append(node)
    return each


def _value_projection(node: Node, subject: Shape, analysis: Analysis) -> Shape:
    infer(node["children"][0], subject, analysis)
    return list_of(infer(node["children"][1], ANY, analysis), True)


def _filter(node: Node, subject: Shape, analysis: Analysis) -> Shape:
    base = infer(node["children"][0], subject, analysis)
    element = _elements(node["children"][0], base, analysis)
    infer(node["children"][2], element, analysis)
    return list_of(_projected(node["children"][1], element, analysis), _may_not_be_a_list(base))


def _item(node: Node, subject: Shape, analysis: Analysis) -> Shape:
    return nullable(_elements(node, subject, analysis))


def _slice(node: Node, subject: Shape, analysis: Analysis) -> Shape:
    return subject if subject.kind == "list" else list_of(_elements(node, subject, analysis), True)


def _comparator(node: Node, subject: Shape, analysis: Analysis) -> Shape:
    left, right = (infer(child, subject, analysis) for child in node["children"])
    idioms.check_comparison(node, left, right, analysis)
    is_number = all(side.kind == "number" and not side.nullable for side in (left, right))
    return BOOLEAN if node["value"] not in idioms.ORDERINGS or is_number else nullable(BOOLEAN)


def _or(node: Node, subject: Shape, analysis: Analysis) -> Shape:
    left, right = (infer(child, subject, analysis) for child in node["children"])
    return in_place_of(left, right)


def _and(node: Node, subject: Shape, analysis: Analysis) -> Shape:
    left, right = (infer(child, subject, analysis) for child in node["children"])
    return union(left, right)


def _not(node: Node, subject: Shape, analysis: Analysis) -> Shape:
    known = len(analysis.faults)
    inner = infer(node["children"][0], subject, analysis)
    if len(analysis.faults) == known:
        idioms.check_negation(node, inner, analysis)
    return BOOLEAN


def _multi_list(node: Node, subject: Shape, analysis: Analysis) -> Shape:
    shapes = [infer(child, subject, analysis) for child in node["children"]]
    same = len({s.kind for s in shapes}) == 1
    return list_of(reduce(union, shapes) if same else ANY, subject.nullable)


def _multi_dict(node: Node, subject: Shape, analysis: Analysis) -> Shape:
    return made_object({
        child["value"]: infer(child["children"][0], subject, analysis)
        for child in node["children"]
    }, subject.nullable)


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
            idioms.UNKNOWN_EVERYWHERE,
        )
        return ANY
    lists = [infer(x, subject, analysis) for x in arguments if x["type"] != "expref"]
    element = next((s.items for s in lists if s.kind == "list" and s.items), ANY)
    references = [infer(x, element, analysis) for x in arguments if x["type"] == "expref"]
    in_order = iter(lists)
    shapes = [None if x["type"] == "expref" else next(in_order) for x in arguments]
    check_call(node, shapes, spec["signature"], analysis)
    result = RESULTS.get(name, always(ANY))
    return result(references if name == "map" else lists)


NODE_TYPES: Final[dict[str, Callable[[Node, Shape, Analysis], Shape]]] = {
    "field": _field,
    "subexpression": _chain,
    "index_expression": _chain,
    "pipe": _chain,
    "current": _same,
    "identity": _same,
    "literal": _literal,
    "index": _item,
    "slice": _slice,
    "flatten": _flatten,
    "projection": _projection,
    "value_projection": _value_projection,
    "filter_projection": _filter,
    "comparator": _comparator,
    "or_expression": _or,
    "and_expression": _and,
    "not_expression": _not,
    "multi_select_list": _multi_list,
    "multi_select_dict": _multi_dict,
    "expref": _reference,
    "function_expression": _function,
}
