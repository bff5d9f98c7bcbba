"""Keys that a JSON object sets twice, found by reading the text once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import msgspec

from tenantproof.problem import Position

_TOKEN: Final = re.compile(rb'"(?:[^"\\]|\\.)*"|[{}\[\],]', re.DOTALL)


def duplicate_keys(data: bytes) -> Iterator[tuple[str, str, Position]]:
    """Yield the object's pointer, the key and the position of every key that is set twice.

    ``data`` is valid JSON in UTF-8. Every JSON parser takes the last value without a word.
    """
    stack: list[_Level] = [_Level(is_object=False)]
    place = _Place(data)
    for match in _TOKEN.finditer(data):
        token, level = match.group(), stack[-1]
        if token in _MOVES:
            _MOVES[token](stack)
            continue
        if not level.awaits_key:
            continue
        level.key, level.awaits_key = msgspec.json.decode(token, type=str), False
        if level.key in level.keys:
            yield _pointer(stack[:-1]), level.key, place.of(match.start())
        level.keys.add(level.key)


@dataclass(slots=True)
class _Level:
    """An object or list that the scan is inside of."""

    is_object: bool
    awaits_key: bool = False
    key: str = ""
    index: int = 0
    keys: set[str] = field(default_factory=set)


class _Place:
    """Turns ascending byte offsets into positions, reading every byte once."""

    def __init__(self, data: bytes) -> None:
        self._data, self._offset, self._line, self._column = data, 0, 1, 1

    def of(self, offset: int) -> Position:
        passed = self._data[self._offset : offset]
        breaks = passed.count(b"\n")
        rest = passed[passed.rfind(b"\n") + 1 :] if breaks else passed
        self._column = (1 if breaks else self._column) + len(rest.decode("utf-8", "replace"))
        self._line, self._offset = self._line + breaks, offset
        return Position(self._line, self._column)


def _enter_object(stack: list[_Level]) -> None:
    stack.append(_Level(is_object=True, awaits_key=True))


def _enter_list(stack: list[_Level]) -> None:
    stack.append(_Level(is_object=False))


def _leave(stack: list[_Level]) -> None:
    stack.pop()


def _next_member(stack: list[_Level]) -> None:
    stack[-1].awaits_key = stack[-1].is_object
    stack[-1].index += 1


_MOVES: Final = {
    b"{": _enter_object,
    b"[": _enter_list,
    b"}": _leave,
    b"]": _leave,
    b",": _next_member,
}


def _pointer(levels: list[_Level]) -> str:
    steps = (level.key if level.is_object else str(level.index) for level in levels[1:])
    return "".join(f"/{step.replace('~', '~0').replace('/', '~1')}" for step in steps)
