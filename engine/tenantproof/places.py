"""Places: paths of ``.name`` and ``[]`` only, so that every value they lead to has a pointer."""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

from tenantproof.conditions import Builder, Path
from tenantproof.language.analysis import a
from tenantproof.language.idioms import known_properties
from tenantproof.language.result_types import ANY
from tenantproof.policy import EVERY, Place, Subjects
from tenantproof.problem import did_you_mean, quoted
from tenantproof.shape import Shape

STEP: Final = re.compile(r'(?:^|\.)([A-Za-z_]\w*|"[^"\\]+")|(\[\])')
NOTHING_THERE: Final = "there would be nothing to judge or to show"


class Step(Struct, frozen=True):
    """One name of a place, or ``[]``, and where it is written: an offset and a length."""

    name: str
    offset: int
    length: int


def place(builder: Builder, path: Path, record: Shape) -> Place:
    """Return the place that is written at `path`, below a record; ``@`` is the record itself."""
    text = str(builder.written(path))
    if text == "@":
        return Place(text, (), record)
    steps = _steps(builder, path, text)
    shape = _walk(builder, path, steps, record)
    return Place(text, tuple(step.name for step in steps), shape)


def subjects_of(builder: Builder, path: Path) -> Subjects:
    """Return what a check judges: a collection or fact, or what lies below its records."""
    text = str(builder.written(path))
    steps = _steps(builder, path, text)
    if not steps:
        return Subjects(text, "", (), ANY)
    name, below = steps[0].name, steps[1:]
    if name not in builder.shapes:
        _no_such_collection(builder, path, steps[0])
        return Subjects(text, name, (), ANY)
    shape = builder.shapes[name].shape
    builder.reads.add((name, ""))
    if shape.kind == "list" and (not below or below[0].name != EVERY):
        below = (Step(EVERY, len(text), 1), *below)
    return _unfolded(text, name, below, _walk(builder, path, below, shape))


def _unfolded(text: str, name: str, below: tuple[Step, ...], record: Shape) -> Subjects:
    names = tuple(step.name for step in below)
    if record.kind == "list":
        return Subjects(text, name, (*names, EVERY), record.items or ANY)
    return Subjects(text, name, names, record)


def _steps(builder: Builder, path: Path, text: str) -> tuple[Step, ...]:
    steps: list[Step] = []
    end = 0
    while found := STEP.match(text, end):
        start = found.start(found.lastindex or 0)
        end = found.end()
        steps.append(Step(found[found.lastindex or 0].strip('"'), start, end - start))
    if steps and end == len(text):
        return tuple(steps)
    builder.note_part(
        path, end, len(text) - end, "not-a-place", f"{quoted(text)} is more than names and `[]`",
        "name a property, such as `conditions.users[].id`; filters belong into `where`",
    )
    return ()


def _walk(builder: Builder, path: Path, steps: tuple[Step, ...], shape: Shape) -> Shape:
    for step in steps:
        if shape.kind == "any" or (shape.kind == "object" and not shape.properties):
            return ANY
        child = shape.items if step.name == EVERY else shape.properties.get(step.name)
        if child is None:
            _no_such_place(builder, path, step, shape)
            return ANY
        shape = child
        if shape.collection:
            builder.reads.add((shape.collection, shape.path))
    return shape


def _no_such_collection(builder: Builder, path: Path, step: Step) -> None:
    better = did_you_mean(step.name, builder.shapes)
    builder.note_part(
        path, step.offset, step.length, "unknown-collection",
        f"there is no collection or fact `{step.name}`",
        f"did you mean `{better}`?" if better else "see `docs/exporting.md` for their names",
        "there would be nothing to judge",
    )


def _no_such_place(builder: Builder, path: Path, step: Step, shape: Shape) -> None:
    if step.name == EVERY or shape.kind == "list":
        builder.note_part(
            path, step.offset, step.length, "property-of-list",
            f"`{step.name}` does not fit {a(shape.kind)}",
            "write `[]` behind a list, and only there", NOTHING_THERE,
        )
        return
    better = did_you_mean(step.name, shape.properties)
    where = " ".join(filter(None, (shape.collection, shape.path))) or "the tenant"
    builder.note_part(
        path, step.offset, step.length, "unknown-property",
        f"`{where}` has no property `{step.name}`",
        f"did you mean `{better}`?" if better else known_properties(shape), NOTHING_THERE,
    )
