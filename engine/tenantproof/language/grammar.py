"""JMESPath's own parser, with positions: every name, literal and call knows where it stands.

The grammar is the released library's; only the places of tokens are added to its nodes, as
``start`` and ``end`` (characters from the beginning of the expression).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from jmespath.exceptions import JMESPathError
from jmespath.parser import Parser

Node = dict[str, Any]

PLAIN_PATH: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*")
SHORT: Final = 200
"""A path of names up to this length has neither too many parts nor too many levels."""
LONGEST: Final = 2_000
MOST_NODES: Final = 400
DEEPEST: Final = 40


class ExpressionError(Exception):
    """An expression that cannot be read; `offset` counts characters from its start."""

    def __init__(self, message: str, offset: int = 0, length: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.length = length


class _PlacedParser(Parser):  # type: ignore[misc]  # the library's parser carries no types
    """The library's parser; each override only adds where the token stood."""

    _CACHE: dict[str, Any] = {}  # noqa: RUF012  the library's own class attribute, kept apart

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def _placed(self, node: Node, token: Node) -> Node:
        """Add where a token stands; the lexer's own ends leave the quotes of literals out."""
        starts = [t["start"] for t in self._tokens if t["start"] > token["start"]]
        end = min(starts, default=len(self._text))
        node["start"] = token["start"]
        node["end"] = node["start"] + len(self._text[node["start"] : end].rstrip())
        return node

    def _token_nud_unquoted_identifier(self, token: Node) -> Node:
        return self._placed(super()._token_nud_unquoted_identifier(token), token)

    def _token_nud_quoted_identifier(self, token: Node) -> Node:
        return {**self._placed(super()._token_nud_quoted_identifier(token), token), "quoted": True}

    def _token_nud_literal(self, token: Node) -> Node:
        return self._placed(super()._token_nud_literal(token), token)

    def _token_nud_current(self, token: Node) -> Node:
        return self._placed(super()._token_nud_current(token), token)

    def _token_nud_not(self, token: Node) -> Node:
        return self._placed(super()._token_nud_not(token), token)

    def _token_led_lparen(self, left: Node) -> Node:
        return {**super()._token_led_lparen(left), "start": left["start"], "end": left["end"]}

    def _parse_index_expression(self) -> Node:
        token = self._tokens[self._index]
        return self._placed(super()._parse_index_expression(), token)

    def _parse_comparator(self, left: Node, comparator: str) -> Node:
        token = self._tokens[self._index - 1]
        return self._placed(super()._parse_comparator(left, comparator), token)


def parse(text: str) -> Node:
    """Return JMESPath's syntax tree; ExpressionError with the offset where it does not parse."""
    if PLAIN_PATH.fullmatch(text) and len(text) <= SHORT:
        return _plain_path(text)
    if len(text) > LONGEST:
        raise ExpressionError(f"this expression has more than {LONGEST} characters", LONGEST)
    try:
        tree: Node = _PlacedParser(text).parse(text).parsed
    except JMESPathError as error:
        raise ExpressionError(*_plain_words(error, text)) from None
    except RecursionError:
        raise ExpressionError("this expression is nested too deeply") from None
    if sum(1 for _ in nodes(tree)) > MOST_NODES:
        raise ExpressionError(f"this expression has more than {MOST_NODES} parts")
    if _depth(tree) > DEEPEST:
        raise ExpressionError(f"this expression is nested deeper than {DEEPEST} levels")
    return tree


def _plain_path(text: str) -> Node:
    """Return the tree of names with dots between them, as the library's parser would make it."""
    fields: list[Node] = []
    start = 0
    for name in text.split("."):
        end = start + len(name)
        fields.append({"type": "field", "children": [], "value": name, "start": start, "end": end})
        start = end + 1
    return fields[0] if len(fields) == 1 else {"type": "subexpression", "children": fields}


def _plain_words(error: JMESPathError, text: str) -> tuple[str, int]:
    if not text.strip():
        return "an expression is missing", 0
    place = getattr(error, "lex_position", None) or getattr(error, "lexer_position", None) or 0
    if type(error).__name__ == "IncompleteExpressionError":
        return "the expression ends too early", max(0, len(text) - 1)
    token = getattr(error, "token_value", None)
    words = f"the expression cannot be read at `{token}`" if token else (
        "the expression cannot be read"
    )
    return words, min(place, max(0, len(text) - 1))


def nodes(tree: Node) -> Iterator[Node]:
    """Yield every node of a tree, parents first."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(c for c in reversed(node["children"]) if isinstance(c, dict))


def _depth(tree: Node) -> int:
    deepest, waiting = 0, [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        deepest = max(deepest, depth)
        waiting.extend((c, depth + 1) for c in node["children"] if isinstance(c, dict))
    return deepest


def written(node: Node) -> Any:
    """Return the value that is written in an expression, if a literal or a list of them is."""
    items = node["children"] if node["type"] == "multi_select_list" else []
    if items and all(item["type"] == "literal" for item in items):
        return [item["value"] for item in items]
    return node["value"] if node["type"] == "literal" else None
