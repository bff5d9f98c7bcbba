"""Lists that may not be wholly known: what is proven of them, and what is in doubt."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from tenantproof.facts.base import Inputs
from tenantproof.verdict import Truth, Unknown, any_true, merged


class Listed(Struct, frozen=True):
    """What is known of a list: its `items`; `odd` elements that are there but cannot be read;
    and, where the list itself is not known (or more may follow), why in `rest`.
    """

    items: tuple[Any, ...] = ()
    odd: tuple[Unknown, ...] = ()
    rest: tuple[Unknown, ...] = ()

    @property
    def doubts(self) -> tuple[Unknown, ...]:
        """Everything that keeps the list from being wholly known."""
        return (*self.odd, *self.rest)

    @property
    def texts(self) -> tuple[str, ...]:
        """The elements that are text, in lower case: ids and words compare without case."""
        return tuple(item.casefold() for item in self.items if isinstance(item, str))

    def contains(self, word: str) -> Truth:
        """Tell whether a text, given in lower case, is an element."""
        return any_true([word in self.texts, *self.doubts])

    def as_property(self) -> Any:
        """Return the list as a fact's property (see `open_list`)."""
        return open_list(self.items, self.doubts)

    def is_empty(self) -> Truth:
        """Tell whether the list has no element; one that cannot be read is an element."""
        if self.items or self.odd:
            return False
        return merged(self.rest) if self.rest else True


class Lookup:
    """A list in which many texts are looked up."""

    def __init__(self, of: Listed) -> None:
        self.texts = frozenset(of.texts)
        self._otherwise = any_true(of.doubts)

    def contains(self, word: str) -> Truth:
        """Tell whether a text, given in lower case, is an element."""
        return True if word in self.texts else self._otherwise


def listed(value: Any) -> Listed:
    """Return what is known of a list-valued property; null is an empty list."""
    if isinstance(value, Unknown):
        return Listed(rest=(value,))
    elements = value if isinstance(value, list | tuple) else ()
    odd = tuple([e for e in elements if isinstance(e, Unknown)])
    if not odd:
        return Listed(tuple(elements))
    return Listed(tuple(e for e in elements if not isinstance(e, Unknown)), odd)


def joined(lists: Iterable[Listed]) -> Listed:
    """Return several lists as one."""
    found = list(lists)
    return Listed(
        tuple(item for one in found for item in one.items),
        tuple(item for one in found for item in one.odd),
        tuple(item for one in found for item in one.rest),
    )


def declared(inputs: Inputs, name: str) -> Listed:
    """Return a shared parameter that is a list of ids; unknown where nobody declared it."""
    return listed(inputs.parameter(name))


def open_list(items: Iterable[Any], doubts: Iterable[Unknown]) -> Any:
    """Return a list as a fact's property, with what is proven and what is in doubt.

    With doubts, proven elements are followed by one Unknown; without proven elements the whole
    list is Unknown, since it may be empty.
    """
    proven, open_ = list(items), list(doubts)
    if not open_:
        return proven
    return [*proven, merged(open_)] if proven else merged(open_)


def copied(value: Any) -> Any:
    """Return a list of ids or words as a fact's property: as it stands, null as empty."""
    return [] if value is None else value
