"""JMESPath's functions: the library's own, with a short way for arguments of the types it wants."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from jmespath.functions import Functions

from tenantproof.language.values import to_plain
from tenantproof.verdict import Unknown

Step = Callable[[Any], Any]

NEEDS_PLAIN: Final = frozenset({"keys", "values", "merge", "type", "to_string", "contains"})
FUNCTIONS: Final = Functions()
CONTAINS: Final = ("inside", "wanted")


def from_library(name: str, given: list[Any]) -> Any:
    """Return what the library's function gives; raises what it raises."""
    return FUNCTIONS.call_function(name, given)


def contains(inside: Step, wanted: Step, written: Any = None) -> Step:
    """Return the function that filters use most: a list is searched as the library does it.

    `written` is the list that stands in the expression itself, where one does; of null even such
    a list is null.
    """
    listed = written if isinstance(written, list) else None

    def run(value: Any) -> Any:
        if listed is not None and value is not None:
            one = wanted(value)
            if one.__class__ is str:
                return one in listed
        values, one = to_plain(inside(value)), to_plain(wanted(value))
        if values.__class__ is list:
            return one in values
        return from_library("contains", [values, one])

    return run


# --- the answer to arguments of the types that the library wants, as they are read -------------
# None for any others, and for those of which something is not known.


def never(*given: Any) -> None:
    """Return that the library has to be asked."""


def _length(value: Any) -> int | None:
    if value.__class__ is list:
        return None if Unknown in map(type, value) else len(value)
    return len(value) if value.__class__ is str else None


def _join(separator: Any, texts: Any) -> str | None:
    if separator.__class__ is not str or texts.__class__ is not list:
        return None
    try:
        joined: str = separator.join(texts)
    except TypeError:
        return None
    return joined


def _starts_with(text: Any, start: Any) -> bool | None:
    return text.startswith(start) if text.__class__ is start.__class__ is str else None


def _ends_with(text: Any, end: Any) -> bool | None:
    return text.endswith(end) if text.__class__ is end.__class__ is str else None


AT_ONCE: Final[dict[tuple[str, int], Callable[..., Any]]] = {
    ("length", 1): _length,
    ("join", 2): _join,
    ("starts_with", 2): _starts_with,
    ("ends_with", 2): _ends_with,
}
