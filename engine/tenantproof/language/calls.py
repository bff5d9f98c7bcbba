"""Calls that JMESPath lets fail silently, each refused with its remedy (`docs/lint-rules.md`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from tenantproof.language.analysis import Analysis, a
from tenantproof.language.grammar import Node
from tenantproof.language.idioms import UNKNOWN_EVERYWHERE, check_value
from tenantproof.shape import Shape

TYPE_WORDS: Final = {
    "string": "text", "array": "list", "number": "number", "boolean": "boolean",
    "object": "object", "null": "null", "expref": "reference",
}


def check_call(
    node: Node, arguments: list[Shape | None], signature: list[dict[str, Any]], analysis: Analysis
) -> None:
    """Refuse a call with too many, too few or unfit arguments; None stands for a reference."""
    given, wanted = len(arguments), len(signature)
    variadic = bool(signature) and signature[-1].get("variadic", False)
    if given != wanted and not (variadic and given > wanted):
        least = "at least " if variadic else ""
        noun = "argument" if wanted == 1 else "arguments"
        analysis.fault(
            node, "wrong-arity", f"`{node['value']}` takes {least}{wanted} {noun}, not {given}",
            "correct the call", UNKNOWN_EVERYWHERE,
        )
        return
    for index, (child, shape) in enumerate(zip(node["children"], arguments, strict=True)):
        allowed = signature[min(index, wanted - 1)]["types"]
        _check_argument(node, child, shape, allowed, analysis)
    if node["value"] == "contains":
        _check_contains(node, arguments, analysis)
    if node["value"] in SEARCHING:
        _check_case(node, arguments, analysis)


def _check_argument(
    call: Node, argument: Node, shape: Shape | None, allowed: list[str], analysis: Analysis
) -> None:
    words = {TYPE_WORDS[name.partition("-")[0]] for name in allowed}
    kind = "reference" if shape is None else shape.kind
    if not words or kind == "any":
        return
    if kind not in words:
        _unfit_argument(call, argument, words, kind, analysis)
    elif items := _unfit_items(shape, allowed):
        lists = {f"list of {TYPE_WORDS[name.partition('-')[2]]}s" for name in allowed}
        _unfit_argument(call, argument, lists, f"list of {items}s", analysis)
    elif shape is not None and shape.nullable and "null" not in words:
        empty = {"list": "`[]`", "text": "''"}.get(kind, "`0`")
        analysis.fault(
            argument, "argument-null", f"`{call['value']}` cannot take a null, which this may be",
            f"say what null means: `... || {empty}`",
            "the expression would be unknown wherever it is null",
        )


def _unfit_argument(
    call: Node, argument: Node, wanted: Iterable[str], given: str, analysis: Analysis
) -> None:
    analysis.fault(
        argument, "argument-type", f"`{call['value']}` takes {' or '.join(map(a, sorted(wanted)))}"
        f", not {a(given)}", "correct the argument", UNKNOWN_EVERYWHERE,
    )


def _unfit_items(shape: Shape | None, allowed: list[str]) -> str:
    """Return the kind of a list's elements where none of the signature's lists can hold it."""
    kinds = {TYPE_WORDS.get(name.partition("-")[2]) for name in allowed}
    if shape is None or shape.items is None or None in kinds:
        return ""
    return "" if shape.items.kind in {*kinds, "any"} else shape.items.kind


def _check_contains(node: Node, arguments: list[Shape | None], analysis: Analysis) -> None:
    held = arguments[0]
    if held is None:
        return
    if held.separator:
        analysis.fault(
            node, "contains-in-text", "`contains` would look for a part of the text",
            "use the operator `contains`, which knows that this text is a list",
            "`serviceProvider` would be found in `noServiceProvider`",
        )
    listed, sought = node["children"]
    if held.items is not None:
        check_value(sought, held.items, analysis)
    if listed["type"] == "multi_select_list" and arguments[1] is not None:
        for literal in listed["children"]:
            check_value(literal, arguments[1], analysis)


SEARCHING: Final = frozenset({"contains", "starts_with", "ends_with"})
ID: Final = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


def _check_case(node: Node, arguments: list[Shape | None], analysis: Analysis) -> None:
    """Refuse to search for the letters of what may be written in others.

    Words that Microsoft Graph spells, such as `All`, and ids in its own small letters are found.
    """
    held, sought = arguments
    if held is not None and held.kind == "text" and held.fold:
        analysis.fault(
            node, "case-in-expression", f"`{node['value']}` minds the case of letters, which "
            "varies here", "use the operator `matches`, which does not",
            "the same name in other letters would not be found",
        )
        return
    if (held and held.items and held.items.fold) or (sought and sought.fold):
        for literal in _literals(node):
            if _varies(literal["value"]):
                analysis.fault(
                    literal, "case-in-expression", "`contains` minds the case of letters, which "
                    "varies here", "write an id in small letters; for names use the operator "
                    "`contains` or `one_of`, or filter with `where`",
                    "the same name in other letters would not be found",
                )


def _literals(node: Node) -> Iterator[Node]:
    """Yield the literals that stand in a call, alone or in a list."""
    for child in node["children"]:
        items = child["children"] if child["type"] == "multi_select_list" else [child]
        yield from (one for one in items if one["type"] == "literal")


def _varies(value: Any) -> bool:
    return isinstance(value, str) and (
        "@" in value or (ID.fullmatch(value) is not None and value != value.lower()))
