"""The words for what is wrong with an input: where, what, how to mend it, what it would cause.

Checkers yield :class:`Problem`; only the edges raise, with all problems of a file at once. The
kind of error says whose fault it is: the author's, the exporter's or the caller's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Literal

from msgspec import Struct

from tenantproof.safe import columns, printable

QUOTED_LENGTH: Final = 60
LINE_LENGTH: Final = 100
LEAD: Final = 60
LONGEST_WORD: Final = 100
START: Final = (0, 0)


class Position(Struct, frozen=True, order=True):
    """A character of a text file; line and column count characters from 1."""

    line: int
    column: int


class Problem(Struct, frozen=True):
    """One fault of an input.

    ``rule`` is a kebab-case id. ``message`` is one sentence in lower case without a full stop,
    the user's text in backticks; ``help`` says what to do and ``consequence`` what the mistake
    would have caused. ``file`` is as the user named it, ``end`` the position after the last
    faulty character.
    """

    rule: str
    message: str
    help: str = ""
    file: str = ""
    position: Position | None = None
    end: Position | None = None
    source_line: str = ""
    consequence: str = ""
    severity: Literal["error", "warning"] = "error"


class TenantproofError(Exception):
    """An input that cannot be used, with every problem found in it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        if not self.problems:
            raise ValueError("an error needs at least one problem")
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n\n".join(map(render, self.problems))


class PolicyError(TenantproofError):
    """The author's fault: a policy, profile, waiver or declaration is wrong."""


class SnapshotError(TenantproofError):
    """The exporter's fault: a snapshot cannot be read."""


class UsageError(TenantproofError):
    """The caller's fault: a command was asked for something it cannot do."""


def render(problem: Problem) -> str:
    """Return the problem in plain text for a terminal, safe whatever its texts hold.

    The layout is that of a compiler: place, rule and message; the help; the source line with a
    caret under the fault; the consequence.
    """
    return "\n".join(_rendered_lines(problem))


def in_file_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems by file, line and column; those without a position come first."""
    return sorted(problems, key=_place)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return the known word that ``word`` was most likely meant to be, or an empty text."""
    if len(word) > LONGEST_WORD:
        return ""
    by_fold: dict[str, str] = {}
    for candidate in known:
        by_fold.setdefault(candidate.casefold(), candidate)
    import difflib

    close = difflib.get_close_matches(word.casefold(), by_fold, n=1)
    return by_fold.get(word.casefold()) or (by_fold[close[0]] if close else "")


def because(error: Exception) -> str:
    """Return why something could not be read or written, in the system's words where it has any."""
    return str(getattr(error, "strerror", None) or error).lower()


def quoted(text: str) -> str:
    """Return the user's text in backticks, cut to a length that a message can carry."""
    kept = text if len(text) <= QUOTED_LENGTH else f"{text[: QUOTED_LENGTH - 1]}…"
    return f"`{kept}`"


def _rendered_lines(problem: Problem) -> Iterator[str]:
    where = f"{_location(problem)}: " if problem.file or problem.position else ""
    yield f"{where}{problem.severity}[{printable(problem.rule)}]: {printable(problem.message)}"
    if problem.help:
        yield f"  help: {printable(problem.help)}"
    yield from _excerpt(problem)
    if problem.consequence:
        yield f"  {printable(problem.consequence)}"


def _location(problem: Problem) -> str:
    place = problem.position
    parts = [printable(problem.file)] if problem.file else []
    return ":".join([*parts, str(place.line), str(place.column)] if place else parts)


def _excerpt(problem: Problem) -> Iterator[str]:
    """Yield the source line and the caret line; a long line is cut around the caret."""
    if problem.position is None or not problem.source_line:
        return
    first = max(0, min(problem.position.column - 1, len(problem.source_line)))
    cut = first - LEAD if first > LINE_LENGTH - 10 else 0
    visible = problem.source_line[cut : cut + LINE_LENGTH]
    number = f"{problem.position.line:>5}"
    before = columns(printable(visible[: first - cut]))
    marked = columns(printable(visible[first - cut : _last_column(problem, first) - cut]))
    yield f"{number} | {printable(visible)}"
    yield f"{' ' * len(number)} | {' ' * before}{'^' * max(1, marked)}"


def _last_column(problem: Problem, first: int) -> int:
    if problem.position is None or problem.end is None:
        return first + 1
    if problem.end.line > problem.position.line:
        return len(problem.source_line)
    return max(problem.end.column - 1, first + 1)


def _place(problem: Problem) -> tuple[str, tuple[int, int]]:
    place = problem.position
    return (problem.file, (place.line, place.column) if place else START)
