"""How much work an expression may be: found from its tree alone, before any data is there.

A budget in seconds would give another report on a slower machine. This one is the same everywhere:
how often an expression may look at each value of what it reads, and how many times over its result
may hold it. Both are upper bounds, and small for whatever reads as a sentence.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from msgspec import Struct

from tenantproof.language.grammar import ExpressionError, Node

MOST_COPIES: Final = 20
MOST_LOOKS: Final = 1_000


class Cost(Struct, frozen=True):
    """The most that comes of one value: an upper bound of each.

    A result holds it `copies` times over, and `values` values for it, null among them; `looks` is
    how often it is looked at on the way.
    """

    copies: int = 1
    values: int = 1
    looks: int = 1


Parts = Sequence[tuple[Node, Cost]]


def looks_of(tree: Node) -> int:
    """Return how often an expression may look at each value; ExpressionError where too often."""
    cost = cost_of(tree)
    if cost.copies > MOST_COPIES:
        raise ExpressionError(f"this expression may hold what it reads {cost.copies:,} times over; "
                              f"{MOST_COPIES} is the most")
    if cost.looks > MOST_LOOKS:
        raise ExpressionError(f"this expression may look at each value {cost.looks:,} times; "
                              f"{MOST_LOOKS:,} is the most")
    return cost.looks


def cost_of(tree: Node) -> Cost:
    """Return the most that an expression may cost."""
    children = [child for child in tree["children"] if isinstance(child, dict)]
    parts = [(child, cost_of(child)) for child in children]
    return COSTS.get(tree["type"], _chained)(tree, parts)


def _chained(tree: Node, parts: Parts) -> Cost:
    """Each part works on what the one before it made: ``[@, @] | [@, @]`` has four copies."""
    cost = Cost()
    for _, part in parts:
        cost = Cost(cost.copies * part.copies, cost.values * part.values,
                    cost.looks + cost.values * part.looks)
    return cost


def _filtered(tree: Node, parts: Parts) -> Cost:
    base, each, condition = (cost for _, cost in parts)
    return Cost(base.copies * each.copies, base.values * each.values,
                1 + base.looks + base.values * (each.looks + condition.looks))


def _chosen(tree: Node, parts: Parts) -> Cost:
    """One of the parts is the result."""
    return Cost(_most(parts), max(cost.values for _, cost in parts), 1 + _looks(parts))


def _small(tree: Node, parts: Parts) -> Cost:
    """The result is a number, a truth or null, for which all of the parts may be walked through."""
    return Cost(looks=1 + _looks(parts) + _walk(parts))


def _gathered(tree: Node, parts: Parts) -> Cost:
    values = sum(cost.values for _, cost in parts)
    return Cost(_together(parts), max(1, values), 1 + _looks(parts))


def _function(tree: Node, parts: Parts) -> Cost:
    """What stands behind ``&`` is done to every element of the other arguments."""
    name = tree["value"]
    given = [part for part in parts if part[0]["type"] != "expref"]
    each = [cost for node, cost in parts if node["type"] == "expref"]
    looks = 1 + _looks(given) + _walk(given) * (1 + sum(cost.looks for cost in each))
    if name in SMALL:
        return Cost(looks=looks)
    held = (_most if name in CHOOSING else _together)(given)
    values = max(1, sum(cost.values for _, cost in given))
    return Cost(held * math.prod(cost.copies for cost in each) * GROWTH.get(name, 1),
                values * math.prod(cost.values for cost in each), looks)


def _looks(parts: Parts) -> int:
    return sum(cost.looks for _, cost in parts)


def _walk(parts: Parts) -> int:
    """Return how many looks it takes to walk through all that the parts hold."""
    return sum(max(cost.copies, cost.values) for _, cost in parts)


def _most(parts: Parts) -> int:
    return max((cost.copies for _, cost in parts), default=1)


def _together(parts: Parts) -> int:
    """Return the copies in several values at once; different properties share what they are of."""
    shared: Counter[str] = Counter()
    whole = 0
    for node, cost in parts:
        name = _property(node)
        if name is not None:
            shared[name] += cost.copies
        elif not _is_small(node):
            whole += cost.copies
    return max(1, whole + max(shared.values(), default=0))


def _property(node: Node) -> str | None:
    """Return the name of the property below which a part reads everything, if there is one."""
    while node["type"] in WAYS_DOWN and node["children"]:
        node = node["children"][0]
    return str(node["value"]) if node["type"] == "field" else None


def _is_small(node: Node) -> bool:
    name = node["value"] if node["type"] == "function_expression" else node["type"]
    return name in SMALL


COSTS: Final[dict[str, Callable[[Node, Parts], Cost]]] = {
    "multi_select_list": _gathered,
    "multi_select_dict": _gathered,
    "function_expression": _function,
    "filter_projection": _filtered,
    "comparator": _small,
    "not_expression": _small,
    "or_expression": _chosen,
    "and_expression": _chosen,
}
WAYS_DOWN: Final = frozenset({
    "subexpression", "index_expression", "pipe", "projection", "value_projection", "flatten",
    "filter_projection", "key_val_pair",
})
SMALL: Final = frozenset({
    "literal", "comparator", "not_expression", "abs", "avg", "ceil", "contains", "ends_with",
    "floor", "length", "starts_with", "sum", "to_number", "type",
})
CHOOSING: Final = frozenset({"not_null"})
GROWTH: Final = {"to_string": 2}
"""Text within text is written with ``\\`` before each quote and before each ``\\``."""
