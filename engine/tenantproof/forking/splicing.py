"""A merged value written into a team's own text: only what changed is touched.

Every other byte stays: comments, order, quotes, the width of lines. The pieces come from upstream's
text. What was written is read again and compared, so a wrong splice is never delivered.
"""

from __future__ import annotations

import difflib
from typing import Any, Final

from msgspec import Struct

from tenantproof.document import Document, Path, load_yaml
from tenantproof.forking.flow import flow
from tenantproof.forking.merging import canonical, fields_of, name_of, same
from tenantproof.forking.pieces import Piece, piece_of
from tenantproof.forking.yaml_text import (
    column,
    comments,
    is_flow,
    is_inline,
    line_end,
    line_start,
    node_at,
    text_end,
    value_at,
)
from tenantproof.problem import TenantproofError
from tenantproof.yaml_events import Node

DASH: Final = "- "


class Edit(Struct, frozen=True, order=True):
    """The characters from `start` to `end` become `text`; `rank` orders two at one place."""

    start: int
    end: int
    rank: int
    text: str


class UnfitError(Exception):
    """A change that cannot be written into this text without losing something of it."""


def spliced(ours: Document, merged: Any, new: Document) -> str:
    """Return our text with the merged value in it; raises UnfitError where something would be lost.

    `new` is upstream's document, from which everything comes that is not ours.
    """
    writer = _Writer(ours, new)
    writer.change((), merged, ())
    text = _applied(ours.source.text, writer.edits)
    try:
        written = load_yaml(text.encode(), ours.file)
    except TenantproofError as error:
        raise UnfitError(error.problems[0].message) from None
    if not same(written.value, merged):
        raise UnfitError("the merged text would not say what both sides said")
    if not _keeps(comments(ours), comments(written)):
        raise UnfitError("a comment stands in what upstream has changed")
    return text


def _applied(text: str, edits: list[Edit]) -> str:
    pieces, at = [], 0
    for edit in sorted(edits):
        if edit.start < at:
            raise UnfitError("two changes meet in one place")
        pieces += [text[at:edit.start], edit.text]
        at = edit.end
    return "".join([*pieces, text[at:]])


def _keeps(before: list[str], after: list[str]) -> bool:
    rest = iter(after)
    return all(comment in rest for comment in before)


class _Writer:
    """Collects the edits that turn our text into one that says the merged value."""

    def __init__(self, ours: Document, new: Document) -> None:
        self.text, self.ours = ours.source.text, ours
        self.source, self.new = new.source.text, new
        self.edits: list[Edit] = []

    def change(self, path: Path, merged: Any, origin: Path | None) -> None:
        """Note what has to be written so that `merged` stands at `path`.

        `origin` is where upstream has the same thing; None where it has none.
        """
        value = value_at(self.ours.value, path)
        if same(value, merged):
            return
        fields = fields_of(value, merged)
        if fields is None or not merged or not value or not self._is_in_order(*fields):
            if isinstance(value, list) and isinstance(merged, list) and merged and value and (
                    not self._is_in_flow(path)):
                self._items(path, value, merged, origin)
            else:
                self._replace(path, merged, origin)
            return
        self._fields(path, value, merged, origin)

    @staticmethod
    def _is_in_order(ours: Any, merged: Any) -> bool:
        common = [name for name in ours if name in merged]
        return isinstance(ours, dict) and common == [name for name in merged if name in ours]

    # --- mappings, and lists whose entries have names -------------------------------------------

    def _fields(self, path: Path, value: Any, merged: Any, origin: Path | None) -> None:
        is_list = isinstance(value, list)
        steps = _steps(value, name_of(value, merged) if is_list else None)
        after = _steps(merged, name_of(value, merged) if is_list else None)
        theirs = self._their_steps(origin, value, merged)
        for name, step in steps.items():
            if name not in after:
                self._delete((*path, step))
            else:
                below = None if origin is None or name not in theirs else (*origin, theirs[name])
                self.change((*path, step), value_at(merged, (after[name],)), below)
        before: Path | None = None
        rank = 0
        for name, step in after.items():
            if name in steps:
                before, rank = (*path, steps[name]), 0
                continue
            rank += 1
            below = None if origin is None or name not in theirs else (*origin, theirs[name])
            self._insert(path, before or (*path, list(steps.values())[-1]), name,
                         value_at(merged, (step,)), below, rank)

    def _their_steps(self, origin: Path | None, value: Any, merged: Any) -> dict[Any, Any]:
        if origin is None:
            return {}
        theirs = value_at(self.new.value, origin)
        if not isinstance(theirs, type(value)):
            return {}
        name = name_of(value, merged) if isinstance(value, list) else None
        try:
            return _steps(theirs, name)
        except (KeyError, TypeError):
            return {}

    # --- lists without names --------------------------------------------------------------------

    def _items(self, path: Path, value: Any, merged: Any, origin: Path | None) -> None:
        ours = [canonical(one) for one in value]
        after = [canonical(one) for one in merged]
        theirs = self._positions(origin)
        matcher = difflib.SequenceMatcher(None, ours, after, autojunk=False)
        for word, i, k, j, m in matcher.get_opcodes():
            if word == "equal":
                continue
            shared = min(k - i, m - j)
            for index in range(shared):
                self._replace((*path, i + index), merged[j + index], theirs(merged[j + index]))
            for index in range(i + shared, k):
                self._delete((*path, index))
            for rank, index in enumerate(range(j + shared, m)):
                anchor = (*path, max(i + shared - 1, 0))
                self._insert(path, anchor, "", merged[index], theirs(merged[index]), rank + 1,
                             before=i + shared == 0)

    def _positions(self, origin: Path | None) -> Any:
        theirs = None if origin is None else value_at(self.new.value, origin)
        known = {canonical(one): index for index, one in enumerate(theirs)} if isinstance(
            theirs, list) else {}
        return lambda one: None if (index := known.get(canonical(one))) is None else (
            *(origin or ()), index)

    # --- one change -----------------------------------------------------------------------------

    def _replace(self, path: Path, merged: Any, origin: Path | None) -> None:
        node = node_at(self.ours, path)
        end = text_end(self.text, node)
        piece = piece_of(merged, self.new, origin, in_flow=self._is_in_flow(path))
        if piece.is_inline and is_inline(self.text, node):
            self._edit(node.start, end, piece.text)
        elif path and isinstance(path[-1], str):
            after = self.text.index(":", node_at(self.ours, path[:-1]).keys[path[-1]][1]) + 1
            self._edit(after, end, f" {piece.text}" if piece.is_inline else self._under(
                path, piece))
        else:
            self._edit(node.start, end, piece.shifted(column(self.text, node.start)))

    def _under(self, path: Path, piece: Piece) -> str:
        key = node_at(self.ours, path[:-1]).keys[str(path[-1])]
        return piece.behind_key(column(self.text, key[0]))

    def _insert(
        self, parent: Path, anchor: Path, name: str, value: Any, origin: Path | None, rank: int,
        before: bool = False,
    ) -> None:
        """Write an entry behind (or before) the one at `anchor`."""
        node = node_at(self.ours, anchor)
        is_keyed = isinstance(anchor[-1], str)
        piece = piece_of(value, self.new, origin, in_flow=self._is_in_flow(anchor))
        label = f"{self._key(name, origin)}:" if is_keyed else ""
        if is_flow(self.text, node_at(self.ours, parent)):
            self._edit(node.end, node.end, f", {label} {piece.text}".replace(",  ", ", "), rank)
            return
        begin = node_at(self.ours, parent).keys[str(anchor[-1])][0] if is_keyed else self._dash(
            node)
        indent = column(self.text, begin)
        if is_keyed:
            body = f"{label} {piece.text}" if piece.is_inline else (
                f"{label}{piece.behind_key(indent)}")
        else:
            body = f"{DASH}{piece.shifted(indent + len(DASH))}"
        if before:
            self._edit(begin, begin, f"{body}\n{' ' * indent}", rank)
            return
        at = line_end(self.text, text_end(self.text, node))
        self._edit(at, at, f"\n{' ' * indent}{body}", rank)

    def _key(self, name: str, origin: Path | None) -> str:
        """Return a key as upstream writes it."""
        if origin:
            start, end = node_at(self.new, origin[:-1]).keys[str(origin[-1])]
            return self.source[start:end]
        return flow(name)

    def _dash(self, node: Node) -> int:
        return self.text.rindex("-", 0, node.start)

    def _delete(self, path: Path) -> None:
        parent, node = node_at(self.ours, path[:-1]), node_at(self.ours, path)
        steps = list(parent.children)
        place = steps.index(path[-1])
        is_keyed = isinstance(path[-1], str)
        begin = parent.keys[str(path[-1])][0] if is_keyed else node.start
        if is_flow(self.text, parent):
            self._delete_in_flow(parent, steps, place, begin, node.end)
            return
        begin = begin if is_keyed else self._dash(node)
        at = line_start(self.text, begin)
        if self.text[at:begin].strip():  # the first key behind a dash: the next one moves up
            after = parent.keys[str(steps[place + 1])][0] if place + 1 < len(steps) else node.end
            self._edit(begin, after, "")
            return
        end = line_end(self.text, text_end(self.text, node))
        self._edit(at, min(end + 1, len(self.text)), "")

    def _delete_in_flow(
        self, parent: Node, steps: list[Any], place: int, begin: int, end: int
    ) -> None:
        if place + 1 < len(steps):
            after = steps[place + 1]
            self._edit(begin, parent.keys[after][0] if isinstance(after, str) else
                       parent.children[after].start, "")
        elif place:
            self._edit(parent.children[steps[place - 1]].end, end, "")
        else:
            self._edit(begin, end, "")

    def _is_in_flow(self, path: Path) -> bool:
        """Tell whether a value stands between brackets, its own or those of what it is in."""
        return any(is_flow(self.text, node_at(self.ours, path[:n])) for n in range(len(path)))

    def _edit(self, start: int, end: int, text: str, rank: int = 0) -> None:
        self.edits.append(Edit(start, end, rank, text))


def _steps(value: Any, name: str | None) -> dict[str, Any]:
    """Return the names of a value's fields with the steps that lead to them."""
    if isinstance(value, dict):
        return {key: key for key in value}
    return {one[name]: index for index, one in enumerate(value)}
