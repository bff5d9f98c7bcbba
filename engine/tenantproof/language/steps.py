"""The nodes of JMESPath's grammar as small functions, each with those of the nodes below it.

A property that was not exported, or that is damaged, ends the evaluation by UnknownRead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from msgspec import UNSET

from tenantproof.language.comparisons import comparison
from tenantproof.language.functions import CONTAINS, Step, calling, contained
from tenantproof.language.grammar import Node, written
from tenantproof.language.values import (
    CERTAIN,
    RECORD,
    UnknownRead,
    is_false,
    known,
    read,
    to_plain,
)
from tenantproof.records import attribute
from tenantproof.verdict import Unknown


def step_of(node: Node) -> Step:
    """Return the function of one node, with those of the nodes below it."""
    return STEPS[node["type"]](node)


def _field(node: Node) -> Step:
    name = node["value"]
    attr = attribute(name)

    def run(value: Any) -> Any:
        if value.__class__.__class__ is RECORD:
            found = getattr(value, attr, UNSET)
            if found.__class__ in CERTAIN:
                return found
        return read(value, name, attr)

    return run


def _chain(node: Node) -> Step:
    steps = [step_of(child) for child in node["children"]]

    def run(value: Any) -> Any:
        for step in steps:
            value = step(value)
        return value

    return run


def _same(node: Node) -> Step:
    return lambda value: value


def _literal(node: Node) -> Step:
    literal = node["value"]
    return lambda value: literal


def _index(node: Node) -> Step:
    index = node["value"]

    def run(value: Any) -> Any:
        if not isinstance(value, list) or not -len(value) <= index < len(value):
            return None
        return known(value[index])

    return run


def _slice(node: Node) -> Step:
    cut = slice(*node["children"])
    return lambda value: value[cut] if isinstance(value, list) else None


def _flatten(node: Node) -> Step:
    base = step_of(node["children"][0])

    def run(value: Any) -> Any:
        outer = base(value)
        if not isinstance(outer, list):
            return None
        flat: list[Any] = []
        for item in outer:
            flat.extend(item) if isinstance(item, list) else flat.append(item)
        return flat

    return run


def _projection(node: Node) -> Step:
    base, each = (step_of(child) for child in node["children"])

    def run(value: Any) -> Any:
        outer = base(value)
        return _projected(outer, each) if isinstance(outer, list) else None

    return run


def _projected(items: Iterable[Any], each: Step) -> list[Any]:
    results = []
    for item in items:
        if item.__class__ is Unknown:
            raise UnknownRead(item)
        result = each(item)
        if result is not None:
            results.append(result)
    return results


def _value_projection(node: Node) -> Step:
    base, each = (step_of(child) for child in node["children"])

    def run(value: Any) -> Any:
        outer = to_plain(base(value))
        return _projected(outer.values(), each) if isinstance(outer, dict) else None

    return run


def _filter(node: Node) -> Step:
    base, each, condition = (step_of(child) for child in node["children"])

    def run(value: Any) -> Any:
        outer = base(value)
        return _projected(_kept(outer, condition), each) if isinstance(outer, list) else None

    return run


def _kept(items: Iterable[Any], condition: Step) -> Iterator[Any]:
    for item in items:
        if item.__class__ is Unknown:
            raise UnknownRead(item)
        truth = condition(item)
        if truth is True or (truth is not False and not is_false(truth)):
            yield item


def _comparator(node: Node) -> Step:
    left, right = (step_of(child) for child in node["children"])
    return comparison(node["value"], left, right, written(node["children"][1]))


def _or(node: Node) -> Step:
    left, right = (step_of(child) for child in node["children"])

    def run(value: Any) -> Any:
        matched = left(value)
        return right(value) if is_false(matched) else matched

    return run


def _and(node: Node) -> Step:
    left, right = (step_of(child) for child in node["children"])

    def run(value: Any) -> Any:
        matched = left(value)
        return matched if is_false(matched) else right(value)

    return run


def _not(node: Node) -> Step:
    inner = step_of(node["children"][0])
    return lambda value: is_false(inner(value))


def _multi_list(node: Node) -> Step:
    steps = [step_of(child) for child in node["children"]]
    return lambda value: None if value is None else [step(value) for step in steps]


def _multi_dict(node: Node) -> Step:
    steps = [(child["value"], step_of(child["children"][0])) for child in node["children"]]
    return lambda value: None if value is None else {name: step(value) for name, step in steps}


class _Expression:
    """An expression reference; JMESPath's function table knows it by this class's name."""

    def __init__(self, step: Step) -> None:
        self.expression = step

    def visit(self, expression: Step, value: Any) -> Any:
        return expression(known(value))


def _reference(node: Node) -> Step:
    reference = _Expression(step_of(node["children"][0]))
    return lambda value: reference


def _function(node: Node) -> Step:
    steps = [step_of(child) for child in node["children"]]
    call = calling(node["value"], len(steps))
    if node["value"] == "contains" and len(steps) == len(CONTAINS):
        return _contains(steps[0], steps[1], written(node["children"][0]))
    return lambda value: call(*[step(value) for step in steps])


def _contains(inside: Step, wanted: Step, listed: Any) -> Step:
    """Search a list that is written there at once; of null even such a list is null."""
    if not isinstance(listed, list):
        return lambda value: contained(inside(value), wanted(value))

    def run(value: Any) -> Any:
        one = wanted(value)
        if one.__class__ is str and value is not None:
            return one in listed
        return contained(inside(value), one)

    return run


STEPS: Final[dict[str, Callable[[Node], Step]]] = {
    "field": _field,
    "subexpression": _chain,
    "index_expression": _chain,
    "pipe": _chain,
    "current": _same,
    "identity": _same,
    "literal": _literal,
    "index": _index,
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
