"""JMESPath expressions over records: the released library's grammar and values, null-safe.

JMESPath's own parser makes the tree; each node becomes a small closure. A property that was not
exported, or that is damaged, ends the evaluation: the whole expression is then ``Unknown``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, Final

from jmespath.exceptions import JMESPathError
from msgspec import UNSET, Struct

from tenantproof.language.comparisons import comparison
from tenantproof.language.functions import (
    AT_ONCE,
    CONTAINS,
    NEEDS_PLAIN,
    Step,
    contains,
    from_library,
    never,
)
from tenantproof.language.grammar import Node, parse
from tenantproof.language.values import (
    UnknownRead,
    all_known,
    is_false,
    known,
    read,
    to_plain,
)
from tenantproof.records import attribute
from tenantproof.verdict import Unknown, Why, unknown

CERTAIN: Final = frozenset({str, bool, int, float, list, type(None)})
"""Types of values that are known as they stand; what a list holds is looked at where it is used."""


class Expression(Struct, frozen=True, eq=False):
    """A compiled expression; `text` is as written, `tree` as JMESPath's parser made it."""

    text: str
    tree: Node
    run: Step

    def value(self, subject: Any) -> Any:
        """Return the expression's value for a subject, or an Unknown; never raises on data."""
        try:
            found = self.run(subject)
        except UnknownRead as error:
            return error.found
        except (JMESPathError, TypeError, ValueError, ArithmeticError, LookupError,
                AttributeError, RecursionError, MemoryError) as error:
            return self._failed(error)
        return found

    def _failed(self, error: BaseException) -> Unknown:
        words = str(error).splitlines()[0] if str(error) else type(error).__name__
        return unknown(Why.EXPRESSION, "", self.text, words[:200])


@lru_cache(maxsize=4096)
def compiled(text: str) -> Expression:
    """Return the compiled expression; raises ExpressionError where it cannot be read."""
    tree = parse(text)
    return Expression(text, tree, _step(tree))


def _step(node: Node) -> Step:
    return STEPS[node["type"]](node)


# --- one small function per node of the grammar -----------------------------------------------


def _field(node: Node) -> Step:
    name = node["value"]
    attr = attribute(name)

    def run(value: Any) -> Any:
        if isinstance(value, Struct):
            found = getattr(value, attr, UNSET)
            if found.__class__ in CERTAIN:
                return found
        return read(value, name, attr)

    return run


def _chain(node: Node) -> Step:
    steps = [_step(child) for child in node["children"]]

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
    base = _step(node["children"][0])

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
    base, each = (_step(child) for child in node["children"])

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
    base, each = (_step(child) for child in node["children"])

    def run(value: Any) -> Any:
        outer = to_plain(base(value))
        return _projected(outer.values(), each) if isinstance(outer, dict) else None

    return run


def _filter(node: Node) -> Step:
    base, each, condition = (_step(child) for child in node["children"])

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
    left, right = (_step(child) for child in node["children"])
    return comparison(node["value"], left, right, _written(node["children"][1]))


def _or(node: Node) -> Step:
    left, right = (_step(child) for child in node["children"])

    def run(value: Any) -> Any:
        matched = left(value)
        return right(value) if is_false(matched) else matched

    return run


def _and(node: Node) -> Step:
    left, right = (_step(child) for child in node["children"])

    def run(value: Any) -> Any:
        matched = left(value)
        return matched if is_false(matched) else right(value)

    return run


def _not(node: Node) -> Step:
    inner = _step(node["children"][0])
    return lambda value: is_false(inner(value))


def _multi_list(node: Node) -> Step:
    steps = [_step(child) for child in node["children"]]
    return lambda value: None if value is None else [step(value) for step in steps]


def _multi_dict(node: Node) -> Step:
    steps = [(child["value"], _step(child["children"][0])) for child in node["children"]]
    return lambda value: None if value is None else {name: step(value) for name, step in steps}


class _Expression:
    """An expression reference; JMESPath's function table knows it by this class's name."""

    def __init__(self, step: Step) -> None:
        self.expression = step

    def visit(self, expression: Step, value: Any) -> Any:
        return expression(known(value))


def _reference(node: Node) -> Step:
    reference = _Expression(_step(node["children"][0]))
    return lambda value: reference


def _written(node: Node) -> Any:
    """Return the value that is written in an expression, if a literal or a list of them is."""
    items = node["children"] if node["type"] == "multi_select_list" else []
    if items and all(item["type"] == "literal" for item in items):
        return [item["value"] for item in items]
    return node["value"] if node["type"] == "literal" else None


def _function(node: Node) -> Step:
    name = node["value"]
    steps = [_step(child) for child in node["children"]]
    if name == "contains" and len(steps) == len(CONTAINS):
        return contains(steps[0], steps[1], _written(node["children"][0]))
    prepare = to_plain if name in NEEDS_PLAIN else all_known
    at_once: Callable[..., Any] = AT_ONCE.get((name, len(steps)), never)

    def run(value: Any) -> Any:
        given = [step(value) for step in steps]
        found = at_once(*given)
        return from_library(name, list(map(prepare, given))) if found is None else found

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
