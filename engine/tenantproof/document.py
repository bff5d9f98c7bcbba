"""The door for text that people write and programs export: YAML and JSON with positions.

YAML is read as a strict subset (``docs/policy-format.md``): UTF-8, JSON's scalars only, no
anchors, aliases, tags or duplicate keys; every value keeps its line and column.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal

from tenantproof.json_input import Value, decode_bytes, json_problem, load_json
from tenantproof.problem import PolicyError, Position, Problem, in_file_order
from tenantproof.textfile import Source, not_utf8

if TYPE_CHECKING:
    from tenantproof.yaml_events import Node

__all__ = [
    "Document", "Path", "Remembered", "Value", "decode_bytes", "json_problem", "load_json",
    "load_yaml",
]  # fmt: skip

Path = tuple[str | int, ...]
Severity = Literal["error", "warning"]
LARGEST: Final = 1_000_000
UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
AS_UTF8: Final = "save the file with the encoding UTF-8"


@dataclass(frozen=True, eq=False)
class Document:
    """A YAML file: its value, and the place of every part of it.

    ``lines`` are the source lines without breaks; ``warnings`` are problems that do not forbid
    the use of the value. A path holds keys and 0-based indexes from the root.
    """

    source: Source
    value: Value
    root: Node = field(repr=False)
    warnings: tuple[Problem, ...] = ()

    @property
    def file(self) -> str:
        """The file as the user named it."""
        return self.source.file

    @property
    def lines(self) -> tuple[str, ...]:
        """The source lines without their breaks."""
        return self.source.lines

    def position(self, path: Path) -> Position:
        """Return the position of a value, or of its nearest ancestor if there is no such value."""
        return self.source.at(self._node(path).start)

    def key_position(self, path: Path) -> Position:
        """Return the position of the key that leads to a value.

        An element of a list has no key, nor has the root: then the position of the value.
        """
        return self.source.at(self._key_span(path)[0])

    def locate(self, path: Path, offset: int) -> Position:
        """Return the position in the file of a character of a scalar's text, 0-based.

        Escapes, indentation and folding are taken into account. An offset at or past the end of
        the text is the place where the scalar ends.
        """
        return self.source.at(self._index(self._node(path), offset))

    def problem(
        self,
        path: Path,
        rule: str,
        message: str,
        help: str = "",
        *,
        offset: int | None = None,
        length: int = 1,
        consequence: str = "",
        severity: Severity = "error",
    ) -> Problem:
        """Return a problem of a value, or of ``length`` characters of its text at ``offset``."""
        node = self._node(path)
        start, end = node.start, node.end
        if offset is not None:
            start = self._index(node, offset)
            end = self._index(node, offset + length - 1) + 1
        return self.source.problem(start, end, rule, message, help, consequence, severity)

    def key_problem(
        self,
        path: Path,
        rule: str,
        message: str,
        help: str = "",
        *,
        consequence: str = "",
        severity: Severity = "error",
    ) -> Problem:
        """Return a problem of the key that leads to a value."""
        start, end = self._key_span(path)
        return self.source.problem(start, end, rule, message, help, consequence, severity)

    def _index(self, node: Node, offset: int) -> int:
        """Return the index in the file of a character; of the value itself if it is no scalar."""
        from tenantproof.scalars import source_indexes  # here: only a fault asks for it

        text, source = node.text, self.source.text
        indexes = source_indexes(source, node.start, node.end, node.style, text)
        return indexes[min(offset, len(text))] if indexes else node.start

    def _node(self, path: Path) -> Node:
        node = self.root
        for step in path:
            child = node.children.get(step)
            if child is None:
                return node
            node = child
        return node

    def _key_span(self, path: Path) -> tuple[int, int]:
        node, span = self.root, (self.root.start, self.root.end)
        for step in path:
            child = node.children.get(step)
            if child is None:
                return span
            own = (child.start, child.end)
            span = node.keys.get(step, own) if isinstance(step, str) else own
            node = child
        return span


class Remembered(Document):
    """A document whose value is known from before; its file is read once a position is asked for.

    `line` is where the key `id` stands, `data` the file's bytes.
    """

    def __init__(self, file: str, value: Value, line: int, data: bytes) -> None:
        self.__dict__.update(value=value, warnings=(), _file=file, _line=line, _data=data)

    @cached_property
    def _whole(self) -> Document:
        return load_yaml(self.__dict__["_data"], self.file)

    @property
    def file(self) -> str:
        """The file as the user named it."""
        return str(self.__dict__["_file"])

    @property
    def source(self) -> Source:
        """The file's text."""
        return self._whole.source

    @property
    def root(self) -> Node:
        """The node of the whole value."""
        return self._whole.root

    def key_position(self, path: Path) -> Position:
        """Return the position of a key, of `id` without reading the file."""
        if path == ("id",):
            return Position(self.__dict__["_line"], 1)
        return super().key_position(path)


def load_yaml(data: bytes, file: str) -> Document:
    """Return the document of a YAML file; ``file`` is its name as the user gave it.

    Raises PolicyError with every violation of the strict subset; nothing is read after a syntax
    error, beyond 40 levels, 100,000 keys and values or the thousandth problem.
    """
    # Not at the top: a pack that is known by its digest is judged without reading any YAML.
    from tenantproof.yaml_events import read
    from tenantproof.yaml_faults import control_characters

    source = Source(file, _text(data, file))
    hidden = list(control_characters(source))
    if hidden:
        raise PolicyError(hidden)
    value, root, problems = read(source)
    if any(problem.severity == "error" for problem in problems):
        raise PolicyError(in_file_order(problems))
    return Document(source, value, root, tuple(in_file_order(problems)))


def _text(data: bytes, file: str) -> str:
    if len(data) > LARGEST:
        message = f"the file has {len(data)} bytes, and at most {LARGEST} are read"
        raise PolicyError([Problem("file-too-large", message, "divide it into several", file)])
    if data.startswith(UTF_16) or b"\0" in data[:4]:
        raise PolicyError([Problem("encoding", "the file is not UTF-8 text", AS_UTF8, file)])
    clean = data.removeprefix(codecs.BOM_UTF8)
    try:
        return clean.decode()
    except UnicodeDecodeError as error:
        raise PolicyError([not_utf8(clean, file, error)]) from None
