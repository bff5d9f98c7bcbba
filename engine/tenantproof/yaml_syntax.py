"""Why a text is no YAML at all, in words for people who are no programmers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from tenantproof.problem import Problem, quoted
from tenantproof.textfile import Source
from tenantproof.yaml_faults import DEDENT, QUOTE_IT, UNSEEN, line_end, tab, unseen

QUOTE_EXPRESSION: Final = "put the expression in double quotes"
EXPRESSION_STARTS: Final = "@`*&!?|["


@dataclass(frozen=True, slots=True)
class Said:
    """What the YAML reader said: its problem and context, and the indexes of both."""

    problem: str
    context: str
    index: int
    begun: int


def unreadable(source: Source, said: Said, last_end: int) -> Problem:
    """Return the problem of a text that is no YAML.

    ``last_end`` is the index after the last scalar that could be read: where an expression that
    should have been quoted breaks off.
    """
    for explains in _EXPLANATIONS:
        problem = explains(source, said, last_end)
        if problem:
            return problem
    return _from_table(source, said)


def _tab_at_fault(source: Source, said: Said, _: int) -> Problem | None:
    line_start = said.index - source.at(said.index).column + 1
    indent = re.compile(r" *\t").match(source.text, line_start)
    return tab(source, indent.end() - 1) if indent else None


def _unseen_at_fault(source: Source, said: Said, _: int) -> Problem | None:
    """An invisible character on a line that cannot be read is what makes it so."""
    start = min(said.index, said.begun if "simple key" in said.context else said.index)
    line_start = start - source.at(start).column + 1
    found = UNSEEN.search(source.text, line_start, line_end(source, line_start))
    return unseen(source, found) if found else None


def _expression_at_fault(source: Source, said: Said, last_end: int) -> Problem | None:
    """A path such as `users[?a=='b']` between braces ends, for YAML, at its first bracket."""
    if "flow" not in said.context or said.index != last_end:
        return None
    if source.text[said.index : said.index + 1] not in ("[", "{"):
        return None
    return _expression(source, said.index)


def _start_at_fault(source: Source, said: Said, _: int) -> Problem | None:
    """An expression may begin with a character that no plain text can begin with."""
    start = said.begun if "alias" in said.context or "tag" in said.context else said.index
    character = source.text[start : start + 1]
    if not character or character not in EXPRESSION_STARTS or "block" in said.context:
        return None
    return _expression(source, start)


def _expression(source: Source, index: int) -> Problem:
    return source.problem(
        index, index + 1, "unquoted-expression",
        f"{quoted(source.text[index])} has a meaning of its own in YAML", QUOTE_EXPRESSION,
    )  # fmt: skip


_EXPLANATIONS: Final = (_tab_at_fault, _unseen_at_fault, _expression_at_fault, _start_at_fault)

# Part of what the YAML reader says, our message, our help.
_TABLE: Final = (
    ("mapping values are not allowed", "there is a second colon, or the indentation is wrong",
     f"{QUOTE_IT} if the colon belongs to it, else line the key up with the keys above"),
    ("could not find expected ':'", "this line has no colon followed by a space",
     "write `key: value`, or indent the line if it continues the text above"),
    ("found unexpected end of stream", "the quotes that begin the text here are never closed",
     "close the quotes"),
    ("unknown escape character", "a backslash in double quotes begins an escape, and this is none",
     "write two backslashes, or use single quotes"),
    ("escape", "this escape in double quotes is not complete",
     "write two backslashes, or use single quotes"),
    ("expected ',' or '}'", "a comma or the closing `}` is missing here",
     f"close the brace; {QUOTE_IT} if it holds brackets, quotes or commas"),
    ("expected ',' or ']'", "a comma or the closing `]` is missing here",
     f"close the bracket; {QUOTE_IT} if it holds brackets, quotes or commas"),
    ("expected '-' indicator", "a list ends here, but no key was expected at its indentation",
     "begin each element with `- `, or indent the list"),
    ("expected key", "this does not line up with the keys above, or follows closing quotes",
     f"line the key up; {QUOTE_IT} as a whole if it only begins with quotes"),
    ("expected comment or line break", "only a line break may follow the `|` or `>`",
     "begin the text on the next line"),
    ("expected node content", "a value is missing here, or a bracket was never opened",
     "write the value or remove what is left over"),
    ("block sequence entries", "a list cannot begin here, in the middle of a line",
     "begin the list on the next line"),
    ("directive", "a YAML directive is not allowed", "remove the line"),
    ("incompatible", "a YAML directive is not allowed", "remove the line"),
    ("tag", "`!` begins a YAML tag", f"{QUOTE_IT} if it begins with `!`"),
    ("cannot start any token", "no text can begin with this character", QUOTE_IT),
    ("alphabetic or numeric", "`*` and `&` have a meaning of their own in YAML", QUOTE_IT),
    ("indentation", "the indentation is not clear here", DEDENT),
)  # fmt: skip
_WHERE_IT_BEGAN: Final = ("found unexpected end of stream", "could not find expected ':'")


def _from_table(source: Source, said: Said) -> Problem:
    index = said.begun if said.problem in _WHERE_IT_BEGAN else said.index
    for known, message, remedy in _TABLE:
        if known in said.problem:
            return source.problem(index, index + 1, "yaml-syntax", message, remedy)
    message = f"YAML cannot read this: {said.problem or 'unknown reason'}"
    return source.problem(index, index + 1, "yaml-syntax", message, QUOTE_IT)
