"""A YAML document as text with places: where an entry stands, what is written there, comments.

Our subset of YAML has no anchors, aliases or tags, so the text of a value can be moved to another
place of its kind by shifting its lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from tenantproof.document import Document, Path
from tenantproof.yaml_events import Node

FLOW: Final = ("{", "[")
BLOCK_SCALARS: Final = (">", "|")
HASH: Final = re.compile(r"(?:^|(?<=\s))#")


def node_at(document: Document, path: Path) -> Node:
    """Return the node of a value that is there."""
    node = document.root
    for step in path:
        node = node.children[step]
    return node


def text_end(text: str, node: Node) -> int:
    """Return the index behind a value's last visible character: a block ends with its text."""
    return node.start + len(text[node.start:node.end].rstrip())


def is_flow(text: str, node: Node) -> bool:
    """Tell whether a value is written between brackets."""
    return text[node.start:node.start + 1] in FLOW


def is_inline(text: str, node: Node) -> bool:
    """Tell whether a value stands on one line, so that it can follow a key or a dash."""
    if node.children and not is_flow(text, node):
        return False
    raw = text[node.start:text_end(text, node)]
    return "\n" not in raw and not raw.startswith(BLOCK_SCALARS)


def column(text: str, index: int) -> int:
    """Return how many characters stand before an index on its line."""
    return index - (text.rfind("\n", 0, index) + 1)


def line_start(text: str, index: int) -> int:
    """Return the index of the first character of a line."""
    return text.rfind("\n", 0, index) + 1


def line_end(text: str, index: int) -> int:
    """Return the index of the line break that ends a line, or of the end of the text."""
    found = text.find("\n", index)
    return len(text) if found < 0 else found


def shifted(raw: str, by: int) -> str:
    """Return lines of which all but the first are moved to the right, or to the left."""
    first, *rest = raw.split("\n")
    moved = [" " * by + line if by > 0 else line[min(-by, len(line) - len(line.lstrip(" "))):]
             for line in rest]
    return "\n".join([first, *(line if line.strip() else "" for line in moved)])


def comments(document: Document) -> list[str]:
    """Return the comments of a document, in order."""
    text = document.source.text
    taken = bytearray(len(text) + 1)
    for start, end in _scalars(document.root):
        taken[start:end] = b"\1" * (end - start)
    begins = [found.start() for found in HASH.finditer(text) if not taken[found.start()]]
    return [text[at:line_end(text, at)].rstrip() for at in begins
            if not any(line_start(text, at) <= one < at for one in begins)]


def _scalars(node: Node) -> Iterator[tuple[int, int]]:
    yield from node.keys.values()
    if not node.children:
        yield node.start, node.end
    for child in node.children.values():
        yield from _scalars(child)


def value_at(value: Any, path: Path) -> Any:
    """Return the value at a path that is there."""
    for step in path:
        value = value[step]
    return value
