"""JMESPath's functions: the library's own, with a short way for arguments of the types it wants."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from jmespath.functions import Functions

from tenantproof.language.values import all_known, to_plain
from tenantproof.verdict import Unknown

Step = Callable[[Any], Any]

NEEDS_PLAIN: Final = frozenset({"keys", "values", "merge", "type", "to_string", "contains"})
FUNCTIONS: Final = Functions()
CONTAINS: Final = ("inside", "wanted")
TEXT: Final = frozenset({str})
LONGEST_TEXT: Final = 10_000_000


def calling(name: str, count: int) -> Callable[..., Any]:
    """Return the function `name` for `count` arguments, which raises what the library's raises."""
    at_once, prepare = AT_ONCE.get((name, count)), to_plain if name in NEEDS_PLAIN else all_known
    if name == "contains" and count == len(CONTAINS):
        return contained

    def call(*given: Any) -> Any:
        found = at_once(*given) if at_once is not None else None
        return _library(name, [prepare(one) for one in given]) if found is None else found

    return call


def contained(found: Any, one: Any) -> Any:
    """Return what ``contains`` gives: filters use it most, and a list is searched at once."""
    if found.__class__ is list and one.__class__ is str and TEXT.issuperset(map(type, found)):
        return one in found
    values, wanted = to_plain(found), to_plain(one)
    return wanted in values if values.__class__ is list else _library("contains", [values, wanted])


def _library(name: str, given: list[Any]) -> Any:
    if name == "to_string":
        _within_bounds(name, _characters(given[0]))
    return FUNCTIONS.call_function(name, given)


def _within_bounds(name: str, characters: int) -> None:
    """Raise ValueError where a text would become so long that it could fill the memory."""
    if characters > LONGEST_TEXT:
        raise ValueError(f"`{name}` would make a text of more than {LONGEST_TEXT:,} characters")


def _characters(value: Any) -> int:
    """Return how many characters a value has at least when it is written, or how many too many."""
    count, waiting = 0, [value]
    while waiting and count <= LONGEST_TEXT:
        one = waiting.pop()
        count += len(one) if one.__class__ is str else 1
        if one.__class__ is list:
            waiting.extend(one)
        elif one.__class__ is dict:
            waiting.extend(one)
            waiting.extend(one.values())
    return count


# --- the answer to arguments of the types that the library wants, as they are read -------------
# None for any others, and for those of which something is not known.


def _length(value: Any) -> int | None:
    if value.__class__ is list:
        return None if Unknown in map(type, value) else len(value)
    return len(value) if value.__class__ is str else None


def _join(separator: Any, texts: Any) -> str | None:
    if separator.__class__ is not str or texts.__class__ is not list:
        return None
    try:
        _within_bounds("join", sum(map(len, texts)) + len(separator) * (len(texts) - 1))
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
