"""Expressions as generated Python source, for those that run through many records.

The same grammar as in ``steps.py``, written out without a call for each node: about three
times as fast, and not worth the compiling for a few records. Nodes that are rare or nested deeply
stay the small functions that they are. Into the source go numbers and generated names only; what
a policy says is bound to such a name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from msgspec import UNSET

from tenantproof.language.comparisons import ORDERINGS, comparable, equal, ordered
from tenantproof.language.functions import CONTAINS, Step, calling, contained
from tenantproof.language.grammar import Node, written
from tenantproof.language.steps import step_of
from tenantproof.language.values import CERTAIN, RECORD, UnknownRead, is_false, read
from tenantproof.records import attribute
from tenantproof.verdict import Unknown

DEEPEST: Final = 14
"""Python allows twenty loops within each other."""

NAMES: Final[dict[str, Any]] = {
    "RECORD": RECORD, "CERTAIN": CERTAIN, "UNSET": UNSET, "Unknown": Unknown,
    "UnknownRead": UnknownRead, "read": read, "is_false": is_false, "equal": equal,
    "comparable": comparable, "contained": contained,
}


class Source:
    """The lines of one function, and what its generated names stand for."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.names = dict(NAMES)
        self.depth = 0
        self._results = 0

    def line(self, text: str, deeper: int = 0) -> None:
        """Add a line; those that follow stand `deeper` than it, or less deep."""
        self.lines.append("    " * self.depth + text)
        self.depth += deeper

    def back(self, levels: int = 1) -> None:
        """Let the next line stand less deep."""
        self.depth -= levels

    def name(self) -> str:
        """Return a new name for a value that the function works out."""
        self._results += 1
        return f"t{self._results}"

    def bound(self, value: Any) -> str:
        """Return a name that stands for a value."""
        name = f"k{len(self.names)}"
        self.names[name] = value
        return name


Write = Callable[[Node, str, Source], str]


def generated(tree: Node) -> Step:
    """Return the function of an expression's tree, made from generated source."""
    source = source_of(tree)
    exec(compile("\n".join(source.lines), "<expression>", "exec"), source.names)
    run: Step = source.names["run"]
    return run


def source_of(tree: Node) -> Source:
    """Return the source of a function ``run`` that takes a value and returns the expression's."""
    source = Source()
    source.line("def run(v):", 1)
    source.line(f"return {_write(tree, 'v', source)}")
    return source


def _write(node: Node, value: str, source: Source) -> str:
    """Write the lines that work out a node for the value of this name; return the result's name."""
    writer = WRITERS.get(node["type"], _left_to_function)
    return (writer if source.depth < DEEPEST else _left_to_function)(node, value, source)


def _left_to_function(node: Node, value: str, source: Source) -> str:
    result = source.name()
    source.line(f"{result} = {source.bound(step_of(node))}({value})")
    return result


def _field(node: Node, value: str, source: Source) -> str:
    result = source.name()
    name, attr = source.bound(node["value"]), source.bound(attribute(node["value"]))
    source.line(f"{result} = getattr({value}, {attr}, UNSET) "
                f"if {value}.__class__.__class__ is RECORD else UNSET")
    source.line(f"if {result}.__class__ not in CERTAIN: {result} = read({value}, {name}, {attr})")
    return result


def _chain(node: Node, value: str, source: Source) -> str:
    for child in node["children"]:
        value = _write(child, value, source)
    return value


def _same(node: Node, value: str, source: Source) -> str:
    return value


def _literal(node: Node, value: str, source: Source) -> str:
    return source.bound(node["value"])


def _projection(node: Node, value: str, source: Source) -> str:
    base, each = node["children"][:2]
    outer = _write(base, value, source)
    result, item = source.name(), source.name() + "i"
    source.line(f"{result} = None")
    source.line(f"if isinstance({outer}, list):", 1)
    source.line(f"{result} = []")
    source.line(f"for {item} in {outer}:", 1)
    source.line(f"if {item}.__class__ is Unknown: raise UnknownRead({item})")
    depth = source.depth
    for condition in node["children"][2:]:
        truth = _write(condition, item, source)
        source.line(f"if {truth} is True or not is_false({truth}):", 1)
    found = _write(each, item, source)
    source.line(f"if {found} is not None: {result}.append({found})")
    source.depth = depth - 2
    return result


def _flatten(node: Node, value: str, source: Source) -> str:
    outer = _write(node["children"][0], value, source)
    result = source.name()
    item = result + "i"
    source.line(f"{result} = None")
    source.line(f"if isinstance({outer}, list):", 1)
    source.line(f"{result} = []")
    source.line(f"for {item} in {outer}:", 1)
    source.line(f"if isinstance({item}, list): {result}.extend({item})")
    source.line(f"else: {result}.append({item})")
    source.back(2)
    return result


def _comparator(node: Node, value: str, source: Source) -> str:
    left = _write(node["children"][0], value, source)
    result, name = source.name(), node["value"]
    if name in ORDERINGS:
        right = _write(node["children"][1], value, source)
        source.line(f"{result} = {source.bound(ordered(name))}({left}, {right})")
        return result
    sign, no = ("==", "") if name == "eq" else ("!=", "not ")
    literal = written(node["children"][1])
    if literal.__class__ in (str, bool):
        text, kind = source.bound(literal), source.bound(literal.__class__)
        source.line(f"if {left}.__class__ is {kind}: {result} = {left} {sign} {text}")
        source.line(f"else: {result} = {no}equal(comparable({left}), {text})")
        return result
    source.line(f"{result}l = comparable({left})")
    right = _write(node["children"][1], value, source)
    source.line(f"{result} = {no}equal({result}l, comparable({right}))")
    return result


def _or(node: Node, value: str, source: Source) -> str:
    return _one_or_other(node, value, source, "{0} is not True and is_false({0})")


def _and(node: Node, value: str, source: Source) -> str:
    return _one_or_other(node, value, source, "{0} is True or not is_false({0})")


def _one_or_other(node: Node, value: str, source: Source, goes_on: str) -> str:
    left = _write(node["children"][0], value, source)
    result = source.name()
    source.line(f"{result} = {left}")
    source.line(f"if {goes_on.format(left)}:", 1)
    right = _write(node["children"][1], value, source)
    source.line(f"{result} = {right}")
    source.back()
    return result


def _not(node: Node, value: str, source: Source) -> str:
    inner = _write(node["children"][0], value, source)
    result = source.name()
    source.line(f"{result} = {inner} is not True and is_false({inner})")
    return result


def _multi_list(node: Node, value: str, source: Source) -> str:
    result = source.name()
    source.line(f"{result} = None")
    source.line(f"if {value} is not None:", 1)
    items = [_write(child, value, source) for child in node["children"]]
    source.line(f"{result} = [{', '.join(items)}]")
    source.back()
    return result


def _function(node: Node, value: str, source: Source) -> str:
    name, children = node["value"], node["children"]
    listed = written(children[0]) if name == "contains" and len(children) == len(CONTAINS) else None
    if isinstance(listed, list):
        return _among(listed, node, value, source)
    given = [_write(child, value, source) for child in children]
    result = source.name()
    call = source.bound(calling(name, len(children)))
    source.line(f"{result} = {call}({', '.join(given)})")
    return result


def _among(listed: list[Any], node: Node, value: str, source: Source) -> str:
    wanted = _write(node["children"][1], value, source)
    result = source.name()
    source.line(f"if {wanted}.__class__ is str and {value} is not None:", 1)
    source.line(f"{result} = {wanted} in {source.bound(listed)}")
    source.back()
    source.line("else:", 1)
    inside = _write(node["children"][0], value, source)
    source.line(f"{result} = contained({inside}, {wanted})")
    source.back()
    return result


WRITERS: Final[dict[str, Write]] = {
    "field": _field,
    "subexpression": _chain,
    "index_expression": _chain,
    "pipe": _chain,
    "current": _same,
    "identity": _same,
    "literal": _literal,
    "flatten": _flatten,
    "projection": _projection,
    "filter_projection": _projection,
    "comparator": _comparator,
    "or_expression": _or,
    "and_expression": _and,
    "not_expression": _not,
    "multi_select_list": _multi_list,
    "function_expression": _function,
}
