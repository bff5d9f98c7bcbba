"""YAML's events made into values with places; the only importer of yaml.

PyYAML only splits the text into events. Its composer crashes on deep nesting and its constructors
read `no` as false and the last of two equal keys as the only one, so neither runs here: one pass
over the events builds the values, on a stack of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from tenantproof import yaml_faults as faults
from tenantproof.json_input import Value
from tenantproof.problem import Problem
from tenantproof.scalars import WORDS, is_number, number
from tenantproof.textfile import Source
from tenantproof.yaml_syntax import Said, unreadable

LOADER: Final[Any] = yaml.CLoader if yaml.__with_libyaml__ else yaml.Loader
DEEPEST: Final = 40
MOST_VALUES: Final = 100_000
MOST_PROBLEMS: Final = 1_000


@dataclass(slots=True)
class Node:
    """Where a value stands: the indexes of its first character and after its last.

    ``style`` is YAML's indicator of a scalar (empty when plain) and ``text`` what the scalar was
    read as; ``keys`` holds the place of each key, ``children`` the nodes below.
    """

    start: int
    end: int
    style: str = ""
    text: str = ""
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)
    children: dict[str | int, Node] = field(default_factory=dict)


@dataclass(slots=True)
class _Frame:
    """A list or mapping that is being filled; ``key`` is the key that waits for its value."""

    node: Node
    value: list[Value] | dict[str, Value]
    is_flow: bool = False
    key: str | None = None
    discarded: int = 0


class _StopReadingError(Exception):
    """Nothing after this point can be read."""


def read(source: Source) -> tuple[Value, Node, list[Problem]]:
    """Return the value of a YAML text, its places, and every problem found.

    The value is to be used only if none of the problems is an error.
    """
    builder = _Builder(source)
    try:
        for event in yaml.parse(source.text, Loader=LOADER):
            builder.take(event)
    except _StopReadingError:
        pass
    except yaml.YAMLError as error:
        builder.problems.append(_unreadable(source, error, builder.last))
    builder.finish()
    return builder.value, builder.root, builder.problems


class _Builder:
    """Takes events one after the other; what they violate is noted, what they hold is kept."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.value: Value = None
        self.root = Node(0, 0)
        self.problems: list[Problem] = []
        self.last: Node | None = None
        self._stack: list[_Frame] = []
        self._documents = 0
        self._taken = 0
        self._has_tabs = "\t" in source.text

    def take(self, event: yaml.Event) -> None:
        """Take the next event."""
        take = _TAKES.get(type(event))
        if take:
            take(self, event)
        self._taken += 1
        if self._taken > MOST_VALUES:
            self.problems.append(faults.too_many(self.source, _span(event)[0], MOST_VALUES))
            raise _StopReadingError
        if len(self.problems) >= MOST_PROBLEMS:
            raise _StopReadingError

    def finish(self) -> None:
        """Note what only the end of the file shows."""
        if not self._documents and not self.problems:
            self.problems.append(faults.empty_file(self.source))

    def document(self, event: yaml.DocumentStartEvent) -> None:
        start, end = _span(event)
        self._documents += 1
        if self._documents > 1:
            self.problems.append(faults.several_documents(self.source, start, end))
            raise _StopReadingError
        self.problems.extend(faults.directives(self.source, end))

    def alias(self, event: yaml.AliasEvent) -> None:
        start, end = _span(event)
        self.problems.append(faults.alias(self.source, start, end))
        self._place(None, Node(start, end))

    def scalar(self, event: yaml.ScalarEvent) -> None:
        start, end = _span(event)
        node = Node(start, end, event.style or "", event.value)
        self._check_properties(event)
        self._check_tabs(start)
        self.problems.extend(faults.of_characters(self.source, start, end, node.text))
        self.last = node
        if self._awaits_key():
            self._take_key(node)
            return
        self._place(self._typed(node, event), node)

    def list_start(self, event: yaml.SequenceStartEvent) -> None:
        self._enter(event, [])

    def mapping_start(self, event: yaml.MappingStartEvent) -> None:
        self._enter(event, {})

    def collection_end(self, event: yaml.CollectionEndEvent) -> None:
        frame = self._stack.pop()
        frame.node.end = max(frame.node.end, _span(event)[1] if frame.is_flow else 0)
        self._place(frame.value, frame.node)

    def _enter(
        self, event: yaml.CollectionStartEvent, value: list[Value] | dict[str, Value]
    ) -> None:
        start, end = _span(event)
        self._check_properties(event)
        self._check_tabs(start)
        if self._awaits_key():
            self.problems.append(faults.complex_key(self.source, start, end))
        if len(self._stack) >= DEEPEST:
            self.problems.append(faults.too_deep(self.source, start, DEEPEST))
            raise _StopReadingError
        self._stack.append(_Frame(Node(start, end), value, bool(event.flow_style)))

    def _awaits_key(self) -> bool:
        if not self._stack:
            return False
        frame = self._stack[-1]
        return isinstance(frame.value, dict) and frame.key is None

    def _take_key(self, node: Node) -> None:
        frame = self._stack[-1]
        key = node.text
        self.problems.extend(faults.of_key(self.source, node.start, node.end, node.style, key))
        if key in frame.node.keys:
            first = frame.node.keys[key][0]
            self.problems.append(
                faults.duplicate_key(self.source, node.start, node.end, key, first)
            )
            key = self._spare_key(frame)
        frame.node.keys[key] = (node.start, node.end)
        frame.key = key

    def _spare_key(self, frame: _Frame) -> str:
        """Return a name for what is refused but still read, so that all problems are found."""
        frame.discarded += 1
        return f"\0{frame.discarded}"

    def _place(self, value: Value, node: Node) -> None:
        if not self._stack:
            self.value, self.root = value, node
            return
        frame = self._stack[-1]
        frame.node.end = max(frame.node.end, node.end)
        if isinstance(frame.value, list):
            frame.node.children[len(frame.value)] = node
            frame.value.append(value)
            return
        if frame.key is None:
            frame.key = self._spare_key(frame)
            return
        frame.value[frame.key] = value
        frame.node.children[frame.key] = node
        frame.key = None

    def _typed(self, node: Node, event: yaml.ScalarEvent) -> Value:
        if node.style or event.tag is not None or event.anchor is not None:
            return node.text
        if node.text in WORDS:
            return WORDS[node.text]
        if is_number(node.text):
            return self._number(node)
        self._check_text(node)
        return node.text

    def _number(self, node: Node) -> Value:
        value = number(node.text)
        if value is None:
            self.problems.append(faults.out_of_range(self.source, node.start, node.end))
        return value

    def _check_text(self, node: Node) -> None:
        frame = self._stack[-1] if self._stack else None
        if node.text:
            self.problems.extend(faults.of_text(self.source, node.start, node.end, node.text))
            if frame is None:
                self.problems.extend(faults.of_root(self.source, node.start, node.text))
            return
        if frame is None:
            self.problems.append(faults.empty_file(self.source))
            return
        self.problems.append(self._missing_value(frame, node))

    def _missing_value(self, frame: _Frame, node: Node) -> Problem:
        if frame.key is None:
            return faults.missing_item(self.source, max(node.start - 1, 0))
        missing = faults.missing_in_braces if frame.is_flow else faults.missing_value
        place = frame.node.keys.get(frame.key, (node.start, node.end))
        return missing(self.source, *place, frame.key)

    def _check_properties(self, event: yaml.NodeEvent) -> None:
        start, _ = _span(event)
        if event.anchor is not None:
            self.problems.append(faults.anchor(self.source, start, event.anchor))
        tag = getattr(event, "tag", None)
        if tag is not None:
            self.problems.append(faults.tag(self.source, start))

    def _check_tabs(self, start: int) -> None:
        if self._has_tabs:
            self.problems.extend(faults.tab_before(self.source, start))


_TAKES: Final[dict[type[yaml.Event], Callable[[_Builder, Any], None]]] = {
    yaml.DocumentStartEvent: _Builder.document,
    yaml.AliasEvent: _Builder.alias,
    yaml.ScalarEvent: _Builder.scalar,
    yaml.SequenceStartEvent: _Builder.list_start,
    yaml.SequenceEndEvent: _Builder.collection_end,
    yaml.MappingStartEvent: _Builder.mapping_start,
    yaml.MappingEndEvent: _Builder.collection_end,
}


def _span(event: Any) -> tuple[int, int]:
    """Return the indexes of an event; PyYAML's stubs allow for marks that are never missing."""
    return event.start_mark.index, event.end_mark.index


def _unreadable(source: Source, error: yaml.YAMLError, last: Node | None) -> Problem:
    marked = error if isinstance(error, yaml.MarkedYAMLError) else yaml.MarkedYAMLError()
    mark = marked.problem_mark or marked.context_mark
    index = min(mark.index, len(source.text)) if mark else 0
    begun = marked.context_mark.index if marked.context_mark else index
    said = Said(marked.problem or "", marked.context or "", index, begun)
    return unreadable(source, said, last.end if last else -1)
