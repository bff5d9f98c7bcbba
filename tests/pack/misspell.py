"""Every name that a policy writes, where it stands in the file, and two ways to misspell it.

What is a name is found without the engine's own analysis: from the places that the format gives
to names, and from JMESPath's lexer.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from jmespath.lexer import Lexer

from tenantproof.document import Document, load_yaml
from tenantproof.language.operators import OPERATORS
from tenantproof.shape import Shape

Path = tuple[str | int, ...]
NAME = re.compile(r'[A-Za-z_]\w*|"[^"]+"')
PLACEHOLDER = re.compile(r"\{(\w+)\}")
NO_TESTS = "\ntests: { tenant: {}, cases: [{ it: passes, verdict: pass }] }\n"


@dataclass(frozen=True)
class Token:
    """A name in the text of a policy.

    `start` is the index at which a problem has to stand, `letters` the index and length of what
    can be misspelt: a text's quotes belong to the first and not to the second.
    """

    kind: str
    word: str
    start: int
    letters: tuple[int, int]


def without_tests(text: str) -> str:
    """Return a policy with the shortest cases there can be; names in them are not checked."""
    return text[: text.index("\ntests:")] + NO_TESTS


def misspellings(word: str, *, minds_case: bool) -> list[str]:
    """Return a word with its middle letter changed, and with its first letter's case flipped."""
    middle = len(word) // 2
    changed = word[:middle] + ("q" if word[middle] != "q" else "x") + word[middle + 1 :]
    flipped = word[0].swapcase() + word[1:]
    return [changed] if not minds_case or flipped == word else [changed, flipped]


def enumerated(shape: Shape) -> Iterator[tuple[str, bool]]:
    """Yield the values that enumerations anywhere in a shape know, and whether case matters."""
    yield from ((v, not shape.fold) for v in shape.values or () if isinstance(v, str))
    for child in (*shape.properties.values(), *filter(None, (shape.items,))):
        yield from enumerated(child)


def texts_of(shape: Shape) -> Iterator[tuple[str, bool]]:
    """Yield the name of each text property in a shape, and whether it takes any text at all."""
    for name, child in shape.properties.items():
        if child.kind == "text":
            yield name, child.values is None
        yield from texts_of(child)
    if shape.items is not None:
        yield from texts_of(shape.items)


def tokens(
    text: str, file: str, values: Container[str], free: Container[str] = ()
) -> Iterator[Token]:
    """Yield the names of a policy.

    `values` are the words of enumerations that it may write. A word that is compared with one of
    the properties `free`, which hold any text, is not one of them.
    """
    document = load_yaml(text.encode(), file)
    reader = _Reader(document, values, free)
    policy: Any = document.value
    for name in policy.get("let", {}):
        yield from reader.expression(("let", name))
    if "unless" in policy.get("applies_to", {}):
        yield from reader.clauses(("applies_to", "unless"), policy["applies_to"]["unless"])
    yield from reader.check(("check",), policy["check"])
    yield from reader.shown(("report",), policy["report"])
    for key in ("pass", "fail", "empty"):
        for match in PLACEHOLDER.finditer(policy["report"].get(key, "")):
            yield reader.token("placeholder", ("report", key), match.start(),
                               match.span(1), match[1])


@dataclass(frozen=True)
class _Reader:
    document: Document
    values: Container[str]
    free: Container[str]

    def token(
        self, kind: str, path: Path, at: int, letters: tuple[int, int], word: str
    ) -> Token:
        """A name that stands in a text, by offsets in that text."""
        first = self.index(path, letters[0])
        assert self.document.source.text[first : first + len(word)] == word
        return Token(kind, word, self.index(path, at), (first, len(word)))

    def index(self, path: Path, offset: int) -> int:
        """The index in the file of a character of a text."""
        place = self.document.locate(path, offset)
        return self.document.source.starts[place.line - 1] + place.column - 1

    def check(self, path: Path, check: Any) -> Iterator[Token]:
        """The names of a check, and of its branches."""
        for key, read in CHECK_KEYS.items():
            if key in check:
                yield from read(self, (*path, key), check[key])

    def branches(self, path: Path, branches: Any) -> Iterator[Token]:
        for label, check in branches.items():
            yield from self.check((*path, label), check)

    def manual(self, path: Path, question: Any) -> Iterator[Token]:
        if "for" in question:
            yield from self.source((*path, "for"), question["for"])

    def source(self, path: Path, text: str) -> Iterator[Token]:
        first, *rest = self.place("property", path, text)
        yield Token("collection", first.word, first.start, first.letters)
        yield from rest

    def place(self, kind: str, path: Path, text: str) -> Iterator[Token]:
        for match in NAME.finditer(text):
            word = match[0].strip('"')
            inner = match.start() + match[0].startswith('"')
            yield self.token(kind, path, match.start(), (inner, inner + len(word)), word)

    def shown(self, path: Path, report: Any) -> Iterator[Token]:
        if "subject" in report:
            yield from self.place("subject", (*path, "subject"), report["subject"])
        for label, text in report.get("evidence", {}).items():
            yield from self.place("evidence", (*path, "evidence", label), text)

    def expect(self, path: Path, expect: Any) -> Iterator[Token]:
        if isinstance(expect, str):
            return
        for bound in ("at_least", "at_most"):
            yield from self.right((*path, bound), expect.get(bound))
        if "distinct" in expect:
            yield from self.expression((*path, "distinct"))

    def clauses(self, path: Path, clauses: Any) -> Iterator[Token]:
        for label, clause in clauses.items():
            if "any" not in clause:
                yield from self.condition((*path, label), clause)
            for i, condition in enumerate(clause.get("any", ())):
                yield from self.condition((*path, label, "any", i), condition)

    def condition(self, path: Path, condition: Any) -> Iterator[Token]:
        [operator] = [key for key in condition if key in OPERATORS]
        place = self.document.key_position((*path, operator))
        start = self.document.source.starts[place.line - 1] + place.column - 1
        yield Token("operator", operator, start, (start, len(operator)))
        if "path" not in condition:
            yield from self.expression((*path, operator))
            return
        yield from self.expression((*path, "path"))
        yield from self.right((*path, operator), condition[operator])

    def right(self, path: Path, value: Any) -> Iterator[Token]:
        if isinstance(value, list):
            for i, item in enumerate(value):
                yield from self.right((*path, i), item)
        if not isinstance(value, str):
            return
        start = self.document.position(path)
        index = self.document.source.starts[start.line - 1] + start.column - 1
        first = self.index(path, 0)
        if value.startswith("$") and value != "$as_of":
            yield Token("$name", value[1:], index, (first + 1, len(value) - 1))
        elif value in self.values:
            yield Token("value", value, index, (first, len(value)))

    def expression(self, path: Path) -> Iterator[Token]:
        value: Any = self.document.value
        for step in path:
            value = value[step]
        found = [*Lexer().tokenize(value), {"type": "eof", "value": "", "start": len(value)}]
        compared = ""
        for token, following in pairwise(found):
            kind = _kind(token, following["type"])
            if kind == "property":
                compared = token["value"] if following["type"] in ("eq", "ne") else ""
            if kind == "value" and (token["value"] not in self.values or compared in self.free):
                continue
            if kind:
                word, at = token["value"], token["start"]
                inner = value.index(word, at)
                yield self.token(kind, path, at, (inner, inner + len(word)), word)


def _kind(token: Any, following: str) -> str:
    """The kind of name that a token of JMESPath is, if any; a key of `{...}` is none."""
    if token["type"] in ("unquoted_identifier", "quoted_identifier"):
        return {"lparen": "function", "colon": ""}.get(following, "property")
    is_text = token["type"] == "literal" and isinstance(token["value"], str)
    return "value" if is_text and token["value"] else ""


CHECK_KEYS = {
    "for": _Reader.source,
    "where": _Reader.clauses,
    "expect": _Reader.expect,
    "that": _Reader.clauses,
    "any_of": _Reader.branches,
    "all_of": _Reader.branches,
    "manual": _Reader.manual,
    "report": _Reader.shown,
}
