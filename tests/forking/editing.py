"""Edits that people make in policies, as text, and what they mean, as values.

Nothing here uses the merge: an edit is done to the text by its places, and to the value by itself.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tenantproof.document import Document, load_yaml

FIXED = {"format", "id", "it", "revision"}
CASE = """\
    - it: {name}
      set: {{ /tenant/kind: customer }}   # as in the handbook
      verdict: not_applicable
"""


@dataclass(frozen=True)
class Edit:
    """One change: a kind, the path (names of list entries, not their numbers), and a value."""

    kind: str
    path: tuple[str | int, ...]
    value: Any = None


def loaded(text: str) -> Document:
    """Return a text's document."""
    return load_yaml(text.encode(), "policy.yaml")


def scalars(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the paths of the scalars that a team might change; entries of cases by their names."""
    if isinstance(value, dict):
        for key, child in value.items():
            if key not in FIXED and not key.startswith("/"):
                yield from scalars(child, (*path, key))
    elif isinstance(value, list):
        if path == ("tests", "cases"):
            for one in value:
                yield from scalars(one, (*path, one["it"]))
    elif path:
        yield path


def numbered(value: Any, path: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return a path with the numbers of list entries in the place of their names."""
    found: list[Any] = []
    for step in path:
        if isinstance(value, list) and isinstance(step, str):
            step = next(i for i, one in enumerate(value) if one["it"] == step)
        found.append(step)
        value = value[step]
    return tuple(found)


def in_text(text: str, edit: Edit) -> str:
    """Return a text after an edit."""
    document = loaded(text)
    if edit.kind == "set":
        node = document._node(numbered(document.value, edit.path))
        end = node.start + len(text[node.start:node.end].rstrip())
        return text[:node.start] + json.dumps(edit.value, ensure_ascii=False) + text[end:]
    if edit.kind == "add case":
        return text.rstrip("\n") + "\n" + CASE.format(name=edit.value)
    if edit.kind == "drop case":
        return _without_case(document, text, edit.value)
    if edit.kind == "add clause":
        return _with_clause(document, text, edit)
    assert edit.kind == "add step"
    node = document._node((*edit.path, len(document.value["remediation"]["steps"]) - 1))
    at = text.index("\n", node.start + len(text[node.start:node.end].rstrip()))
    return text[:at] + f"\n    - {edit.value}" + text[at:]


def _without_case(document: Document, text: str, name: str) -> str:
    cases = document.value["tests"]["cases"]
    number = next(i for i, one in enumerate(cases) if one["it"] == name)
    start = text.rindex("\n", 0, document._node(("tests", "cases", number)).start) + 1
    last = document._node(("tests", "cases", number))
    end = text.find("\n", last.start + len(text[last.start:last.end].rstrip()))
    return text[:start] + ("" if end < 0 else text[end + 1:])


def _with_clause(document: Document, text: str, edit: Edit) -> str:
    that = document._node(edit.path)
    first = next(iter(that.keys.values()))[0]
    indent = " " * (first - text.rindex("\n", 0, first) - 1)
    return f"{text[:first]}{edit.value}: {{ path: id, exists: true }}\n{indent}{text[first:]}"


def in_value(value: Any, edit: Edit) -> Any:
    """Return what a document says after an edit."""
    value = copy.deepcopy(value)
    if edit.kind == "set":
        *above, last = numbered(value, edit.path)
        place = value
        for step in above:
            place = place[step]
        place[last] = edit.value
    elif edit.kind == "add case":
        value["tests"]["cases"].append({
            "it": edit.value, "set": {"/tenant/kind": "customer"}, "verdict": "not_applicable"})
    elif edit.kind == "drop case":
        cases = value["tests"]["cases"]
        value["tests"]["cases"] = [one for one in cases if one["it"] != edit.value]
    elif edit.kind == "add clause":
        place = value
        for step in edit.path:
            place = place[step]
        place[edit.value] = {"path": "id", "exists": True}
    else:
        value["remediation"]["steps"].append(edit.value)
    return value


def with_comments(text: str, draw: random.Random, count: int) -> str:
    """Return a text with comments above some entries and behind some lines."""
    for number in range(count):
        document = loaded(text)
        places = sorted(_entry_lines(document))
        at = draw.choice(places)
        start = text.rindex("\n", 0, at) + 1 if at else 0
        if draw.random() < 0.7:
            text = f"{text[:start]}{' ' * (at - start)}# note {number}: {{ why }}\n{text[start:]}"
            continue
        end = text.index("\n", at)
        line = text[start:end]
        if "#" not in line and _is_whole(document, text, start, end):
            text = f"{text[:end]}   # behind {number}{text[end:]}"
    return text


def _entry_lines(document: Document) -> Iterator[int]:
    """Yield where a line begins with a key or a dash."""
    text = document.source.text

    def walk(node: Any) -> Iterator[int]:
        yield from (start for start, _ in node.keys.values())
        for child in node.children.values():
            yield from walk(child)

    for at in walk(document.root):
        start = text.rfind("\n", 0, at) + 1
        lead = text[start:at]
        if lead.strip() in ("", "-"):
            yield start + len(lead) - len(lead.lstrip())


def _is_whole(document: Document, text: str, start: int, end: int) -> bool:
    """Tell whether a line ends with a scalar or bracket that ends there too."""
    line = text[start:end].rstrip()
    ends = set()

    def walk(node: Any) -> None:
        if not node.children or text[node.start] in "[{":
            ends.add(node.start + len(text[node.start:node.end].rstrip()))
        for child in node.children.values():
            walk(child)

    walk(document.root)
    return start + len(line) in ends and "\n" not in text[start:end]


def _has_block_steps(document: Document) -> bool:
    return document.source.text[document._node(("remediation", "steps")).start] != "["


def some_edits(document: Document, draw: random.Random, count: int, mark: str) -> list[Edit]:
    """Return edits of a policy, no two of one place."""
    value: Any = document.value
    paths = list(scalars(value))
    draw.shuffle(paths)
    found = []
    for number in range(count):
        kind = draw.choice(["set", "set", "set", "add case", "drop case", "add clause", "add step"])
        if kind == "set" and paths:
            path = paths.pop()
            if not any(path[:3] == ("tests", "cases", one.value) for one in found):
                found.append(Edit("set", path, f"{mark} {number}: \"so\" # {draw.random():.3f}"))
        elif kind == "add case":
            found.append(Edit(kind, ("tests", "cases"), f"{mark} case {number}"))
        elif kind == "drop case" and len(value["tests"]["cases"]) > 6:
            name = draw.choice(value["tests"]["cases"])["it"]
            touched = any(name in one.path or one.value == name for one in found)
            if not touched:
                found.append(Edit(kind, ("tests", "cases"), name))
        elif kind == "add clause" and "that" in value["check"]:
            found.append(Edit(kind, ("check", "that"), f"{mark} clause {number}"))
        elif kind == "add step" and _has_block_steps(document):
            found.append(Edit(kind, ("remediation", "steps"), f"{mark} step {number}"))
    return found
