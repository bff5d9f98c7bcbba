"""The list on the right of an operator, which many values are looked up in."""

from __future__ import annotations

from typing import Any


class Listing(list[Any]):
    """A list that never changes once made, with its texts kept for looking them up."""

    __slots__ = ("_known",)

    def __init__(self, items: list[Any]) -> None:
        super().__init__(items)
        self._known: dict[bool, frozenset[str] | None] = {}

    def texts(self, fold: bool) -> frozenset[str] | None:
        """Return all items, in lower case where `fold` says so; None unless every one is a text."""
        if fold not in self._known:
            self._known[fold] = self._texts(fold)
        return self._known[fold]

    def _texts(self, fold: bool) -> frozenset[str] | None:
        if not all(type(item) is str for item in self):
            return None
        return frozenset(item.casefold() if fold else item for item in self)


def looked_up(values: list[Any], listed: list[Any], fold: bool) -> list[bool] | None:
    """Return for each value whether it is listed; None unless all on both sides are texts."""
    texts = listed.texts(fold) if isinstance(listed, Listing) else None
    if texts is None or not all(type(value) is str for value in values):
        return None
    return [(value.casefold() if fold else value) in texts for value in values]
