"""Pieces of upstream's text, ready to be put into a team's own."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from tenantproof.document import Document, Path
from tenantproof.forking.flow import flow
from tenantproof.forking.merging import same
from tenantproof.forking.yaml_text import (
    column,
    is_inline,
    node_at,
    shifted,
    text_end,
    value_at,
)


class Piece(Struct, frozen=True):
    """A value's text: on one line, or in lines with the column at which it, or its key, stood."""

    text: str
    is_inline: bool = True
    column: int = 0
    after_key: str = ""
    key_column: int = 0

    def shifted(self, to: int) -> str:
        """Return the text as it stands at a column."""
        return self.text if self.is_inline else shifted(self.text, to - self.column)

    def behind_key(self, key_column: int) -> str:
        """Return what follows the colon of a key at a column."""
        if not self.after_key:
            lines = shifted(self.text, key_column + 2 - self.column)
            return f"\n{' ' * (key_column + 2)}{lines}"
        return shifted(self.after_key, key_column - self.key_column)


def piece_of(value: Any, new: Document, origin: Path | None, *, in_flow: bool) -> Piece:
    """Return a value's text as upstream writes it at `origin`; in one line where it does not."""
    source = new.source.text
    if origin is None or not same(value_at(new.value, origin), value):
        return Piece(flow(value))
    node = node_at(new, origin)
    raw = source[node.start:text_end(source, node)]
    if is_inline(source, node):
        bare = in_flow and not raw.startswith(('"', "'", "{", "["))
        return Piece(flow(value) if bare else raw)
    if in_flow:
        return Piece(flow(value))
    key = node_at(new, origin[:-1]).keys.get(str(origin[-1])) if origin else None
    if key is None or isinstance(origin[-1], int):
        return Piece(raw, False, column(source, node.start))
    after = source.index(":", key[1]) + 1
    return Piece(raw, False, column(source, node.start),
                  source[after:text_end(source, node)],
                  column(source, key[0]))
