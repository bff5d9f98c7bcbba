"""What the strict subset of YAML refuses, in words for people who are no programmers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from tenantproof.problem import Problem, quoted
from tenantproof.scalars import BREAK, OTHER_WORDS, is_almost_a_number
from tenantproof.textfile import Source

QUOTE_IT: Final = "put the text in double quotes"
DEDENT: Final = "indent with two spaces"
WRITE_OUT: Final = "write the value out in full here"

# Looks like a space, or like nothing at all, and is neither YAML's space nor a line break.
UNSEEN: Final = re.compile("[\u00a0\u00ad\u1680\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff]")
CURLY: Final = "\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u201b\u00ab\u00bb"
CONTROL: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)
DIRECTIVE: Final = re.compile(r"^%.*", re.MULTILINE)
SURROGATE: Final = re.compile("[\ud800-\udfff]")
MISSING_SPACE: Final = re.compile(r"(?:^|\s)([A-Za-z_][\w.-]*):(?=[^\s/])")


def control_characters(source: Source) -> Iterator[Problem]:
    """Yield a problem for each character that no editor shows and that changes how text reads."""
    for match in CONTROL.finditer(source.text):
        code = f"U+{ord(match.group()):04X}"
        yield source.problem(
            match.start(), match.end(), "control-character",
            f"the character {code} is not allowed here",
            "remove it, or write it as an escape in double quotes",
            "a reader would see something else than the tool does",
        )  # fmt: skip


def empty_file(source: Source) -> Problem:
    """Return the problem of a file without a value."""
    return Problem("empty-file", "the file holds nothing", "write the document, or remove the file",
                   source.file)  # fmt: skip


def several_documents(source: Source, start: int, end: int) -> Problem:
    """Return the problem of a second document in one file."""
    return source.problem(start, end, "several-documents", "a second document begins here",
                          "put it in a file of its own",
                          "all but the first would be ignored")  # fmt: skip


def directives(source: Source, end: int) -> Iterator[Problem]:
    """Yield a problem for each line such as `%YAML 1.1` before the document begins."""
    for match in DIRECTIVE.finditer(source.text, 0, end):
        yield source.problem(match.start(), match.end(), "directive",
                             "a YAML directive is not allowed", "remove the line")  # fmt: skip


def of_characters(source: Source, start: int, end: int, text: str) -> Iterator[Problem]:
    """Yield the problem of a scalar with half a character, which only an escape can write."""
    if not text.isascii() and SURROGATE.search(text):
        yield source.problem(start, end, "lone-surrogate", "an escape here is half a character",
                             "write the character itself, or all of its escape")  # fmt: skip


def alias(source: Source, start: int, end: int) -> Problem:
    """Return the problem of `*name`."""
    return source.problem(start, end, "alias", f"{quoted(source.text[start:end])} is a YAML alias",
                          f"{WRITE_OUT}, or {QUOTE_IT} if it begins with `*`")  # fmt: skip


def anchor(source: Source, start: int, name: str) -> Problem:
    """Return the problem of `&name`."""
    end = start + len(name) + 1
    return source.problem(start, end, "anchor", f"{quoted(f'&{name}')} is a YAML anchor",
                          f"remove it, or {QUOTE_IT} if it begins with `&`")  # fmt: skip


def tag(source: Source, start: int) -> Problem:
    """Return the problem of `!tag`, also where an anchor stands before it."""
    written = re.compile(r"!\S*").search(source.text, start)
    first, end = written.span() if written else (start, start + 1)
    return source.problem(first, end, "tag", f"{quoted(source.text[first:end])} is a YAML tag",
                          f"remove it, or {QUOTE_IT} if it begins with `!`")  # fmt: skip


def complex_key(source: Source, start: int, end: int) -> Problem:
    """Return the problem of a key that is no text."""
    return source.problem(start, end, "complex-key", "a key must be one line of text",
                          f"{QUOTE_IT} if the brackets belong to it")  # fmt: skip


def too_deep(source: Source, start: int, limit: int) -> Problem:
    """Return the problem of a value nested deeper than the limit."""
    return source.problem(start, start + 1, "too-deep",
                          f"values are nested more than {limit} levels deep",
                          "no document of tenantproof needs so many")  # fmt: skip


def too_many(source: Source, start: int, limit: int) -> Problem:
    """Return the problem of a file that holds more values than the limit."""
    return source.problem(start, start + 1, "too-many-values",
                          f"the file holds more than {limit} values",
                          "divide it into several")  # fmt: skip


def duplicate_key(source: Source, start: int, end: int, key: str, first: int) -> Problem:
    """Return the problem of a key that the mapping already holds; ``first`` is where."""
    before = source.at(first)
    return source.problem(
        start, end, "duplicate-key",
        f"{quoted(key)} is already set at line {before.line}, column {before.column}",
        "remove or rename one of the two", "the first of the two would be ignored",
    )  # fmt: skip


def of_key(source: Source, start: int, end: int, style: str, key: str) -> Iterator[Problem]:
    """Yield what is wrong with a key that is one scalar."""
    if key == "<<" and not style:
        yield source.problem(start, end, "merge-key", "`<<` is a YAML merge key", WRITE_OUT)
    if not key and not style:
        yield source.problem(start, end, "missing-key", "a key is missing before the colon",
                             "write the key")  # fmt: skip
    if style in ("|", ">") or BREAK.search(source.text, start, end):
        yield complex_key(source, start, end)
    if not style:
        yield from _misleading(source, start, end)


def of_text(source: Source, start: int, end: int, text: str) -> Iterator[Problem]:
    """Yield what is wrong with, or easily mistaken in, plain text."""
    yield from _misleading(source, start, end)
    if OTHER_WORDS.fullmatch(text):
        yield _taken_as_text(source, start, end, "ambiguous-word", text,
                             "write `true`, `false` or `null`")  # fmt: skip
    if is_almost_a_number(text):
        yield _taken_as_text(source, start, end, "ambiguous-number", text,
                             "write the number without signs or zeros in front")  # fmt: skip


def of_root(source: Source, start: int, text: str) -> Iterator[Problem]:
    """Yield what is wrong with plain text that is the whole file."""
    key = MISSING_SPACE.search(text)
    if key:
        first = source.text.index(key.group(1), start)
        yield _missing_space(source, first, key.group(1))


def missing_value(source: Source, start: int, end: int, key: str) -> Problem:
    """Return the problem of a key in block style with nothing after its colon."""
    return source.problem(start, end, "missing-value", f"{_named(key)} has no value",
                          "write a value, or `null` if that is meant")  # fmt: skip


def missing_in_braces(source: Source, start: int, end: int, key: str) -> Problem:
    """Return the problem of a key between braces with no value."""
    glued = MISSING_SPACE.match(key)
    if glued:
        return _missing_space(source, start, glued.group(1))
    return source.problem(
        start, end, "missing-value", f"{_named(key)} has no value",
        "write a value, or put an expression with brackets or commas in double quotes",
    )  # fmt: skip


def missing_item(source: Source, index: int) -> Problem:
    """Return the problem of a list element that is empty."""
    return source.problem(index, index + 1, "missing-value", "this element of the list is empty",
                          "write a value, or `null` if that is meant")  # fmt: skip


def out_of_range(source: Source, start: int, end: int) -> Problem:
    """Return the problem of a number beyond a float's range or 40 characters."""
    return source.problem(start, end, "number-out-of-range", "this number is too large",
                          f"{QUOTE_IT} if it is no number")  # fmt: skip


def tab_before(source: Source, start: int) -> Iterator[Problem]:
    """Yield the problem of a tab in the indentation before the value at ``start``."""
    place = source.at(start)
    line_start = start - place.column + 1
    before = source.text[line_start:start]
    if "\t" in before and not before.strip(" \t"):
        index = line_start + before.index("\t")
        yield tab(source, index)


def _misleading(source: Source, start: int, end: int) -> Iterator[Problem]:
    found = UNSEEN.search(source.text, start, end)
    if found:
        yield unseen(source, found)
    if source.text[start:end][:1] in CURLY and start < end:
        yield source.problem(
            start, start + 1, "curly-quote",
            f"{quoted(source.text[start])} is a letter to YAML, not a quote",
            "write straight quotes", "the quotes would become part of the text",
        )  # fmt: skip


def unseen(source: Source, match: re.Match[str]) -> Problem:
    """Return the problem of a character that UNSEEN found."""
    code = f"U+{ord(match.group()):04X}"
    return source.problem(
        match.start(), match.end(), "invisible-character",
        f"the character {code} looks like a space or nothing, and is text",
        "write an ordinary space, or put the text in double quotes if it is meant",
        "the text would never equal what it looks like",
    )  # fmt: skip


def _taken_as_text(
    source: Source, start: int, end: int, rule: str, text: str, instead: str
) -> Problem:
    return source.problem(
        start, end, rule, f"{quoted(text)} is text here", f"{QUOTE_IT} to say so, or {instead}",
        severity="warning",
    )  # fmt: skip


def _missing_space(source: Source, start: int, key: str) -> Problem:
    end = start + len(key) + 1
    return source.problem(start, end, "missing-space",
                          f"the colon after {quoted(key)} needs a space after it",
                          f"write `{key}: `", "key and value would be one text")  # fmt: skip


def tab(source: Source, index: int) -> Problem:
    """Return the problem of a tab where only spaces indent."""
    return source.problem(index, index + 1, "tab-indentation", "a tab is not indentation", DEDENT)


def line_end(source: Source, index: int) -> int:
    """Return the index after the last character of a line, its break left out."""
    found = BREAK.search(source.text, index)
    return found.start() if found else len(source.text)


def _named(key: str) -> str:
    """Return the key as a message names it; what was refused as a key bears no name of its own."""
    return "this key" if key.startswith("\0") else quoted(key)
