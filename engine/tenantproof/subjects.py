"""The records that a check judges, with stable ids, names and pointers into the snapshot."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

import msgspec
from msgspec import Struct

from tenantproof.collection import Collection
from tenantproof.context import Context
from tenantproof.facts.base import value_at
from tenantproof.finding import Evidence
from tenantproof.language.values import CERTAIN, UnknownRead, to_plain
from tenantproof.policy import EVERY, Place, Shown, Subjects
from tenantproof.records import POINTER_FIELD, attribute, shape_of
from tenantproof.shape import Shape
from tenantproof.verdict import Reason, Unknown

NAMES = ("displayName", "userPrincipalName", "name", "Name", "Identity")


class Subject(Struct, frozen=True, gc=False):
    """One subject; `origin` is the id of the keyed record that it stands in or is."""

    value: Any
    pointer: str
    origin: str
    collection: Collection


class Found(Struct, frozen=True):
    """A check's subjects: their values in order, and why there may be more of them."""

    values: Sequence[Any]
    doubts: tuple[Reason, ...]
    subject: Callable[[int], Subject]


def subjects_of(source: Subjects, context: Context) -> tuple[list[Subject], tuple[Reason, ...]]:
    """Return a check's subjects, and why there may be more of them."""
    found = found_by(source, context)
    return [found.subject(index) for index in range(len(found.values))], found.doubts


def found_by(source: Subjects, context: Context) -> Found:
    """Return what a check judges; a subject is made only when it is asked for."""
    collection = context.collection(source.collection)
    below = source.steps[1:] if collection.shape.is_list else source.steps
    if below:
        return _found_below(collection, below)
    records = collection.records
    return Found(records, tuple(dict.fromkeys(collection.doubts())), lambda index: Subject(
        records[index], *_place(collection, records[index], index), collection))


def _found_below(collection: Collection, below: tuple[str, ...]) -> Found:
    doubts = list(collection.doubts())
    found: list[Subject] = []
    for index, record in enumerate(collection.records):
        pointer, origin = _place(collection, record, index)
        for value, place in _below(record, pointer, below, doubts):
            found.append(Subject(value, place, origin, collection))
    values = [subject.value for subject in found]
    return Found(values, tuple(dict.fromkeys(doubts)), found.__getitem__)


def _place(collection: Collection, record: Struct, index: int) -> tuple[str, str]:
    """Return a record's pointer, and its key (the pointer where it has none)."""
    pointer = _pointer(collection, record, index)
    return pointer, _key(record) or pointer


def _pointer(collection: Collection, record: Struct, index: int) -> str:
    if collection.shape.is_fact:
        return str(getattr(record, POINTER_FIELD))
    return collection.pointer(index)


def _below(
    value: Any, pointer: str, steps: tuple[str, ...], doubts: list[Reason]
) -> Iterator[tuple[Any, str]]:
    if not steps:
        yield value, pointer
        return
    step, rest = steps[0], steps[1:]
    if step != EVERY:
        child = value_at(value, step)
        if isinstance(child, Unknown):
            doubts.extend(child.reasons)
        elif child is not None:
            yield from _below(child, f"{pointer}/{escaped(step)}", rest, doubts)
        return
    for index, item in enumerate(value if isinstance(value, list) else ()):
        if isinstance(item, Unknown) and rest:
            doubts.extend(item.reasons)
        else:
            yield from _below(item, f"{pointer}/{index}", rest, doubts)


def escaped(name: str) -> str:
    """Return a name as a token of an RFC 6901 pointer."""
    return name.replace("~", "~0").replace("/", "~1")


def _key(value: Any) -> str:
    if not isinstance(value, Struct):
        return ""
    name = _key_name(shape_of(value))
    found = getattr(value, name, None) if name else None
    return found if isinstance(found, str) else ""


@cache
def _key_name(shape: Shape) -> str:
    """Return the attribute that identifies records of a shape, empty where there is none."""
    return next((attribute(name) for name, p in shape.properties.items() if p.key), "")


def subject_id(subject: Subject) -> str:
    """Return a subject's stable id: its key, behind the key of the record that it stands in."""
    own = subject.value if isinstance(subject.value, str) else _key(subject.value)
    own = own or _content_id(subject.value)
    inside = own not in (subject.origin, subject.pointer)
    return f"{subject.origin}/{own}" if inside else own


def _content_id(value: Any) -> str:
    """A record without a key is known by its content: that does not change with its place."""
    if not isinstance(value, Struct | list | dict):
        return str(value)
    return hashlib.sha256(repr(shown_value(value)).encode()).hexdigest()[:12]


def subject_name(subject: Subject, shown: Shown) -> str:
    """Return what a report calls a subject: the named property, or the usual ones, or its id."""
    if isinstance(subject.value, str | int | float):
        return str(subject.value)
    if shown.subject is not None:
        found = list(_all_at(subject.value, shown.subject.steps))
        if found and isinstance(found[0], str | int | float):
            return str(found[0])
    for name in NAMES:
        found_name = value_at(subject.value, name) if _has(subject.value, name) else None
        if isinstance(found_name, str) and found_name:
            return found_name
    return subject_id(subject)


def _has(value: Any, name: str) -> bool:
    return isinstance(value, Struct) and name in shape_of(value).properties


def _all_at(value: Any, steps: tuple[str, ...]) -> Iterator[Any]:
    """Yield the values at a place, without their pointers."""
    if len(steps) == 1 and steps[0] != EVERY and not isinstance(value, Unknown):
        yield value_at(value, steps[0])
    else:
        yield from (found for found, _ in _values(value, "", steps))


def _values(value: Any, pointer: str, steps: tuple[str, ...]) -> Iterator[tuple[Any, str]]:
    if not steps or isinstance(value, Unknown):
        yield value, pointer
        return
    step, rest = steps[0], steps[1:]
    if step == EVERY:
        for index, item in enumerate(value if isinstance(value, list) else ()):
            yield from _values(item, f"{pointer}/{index}", rest)
        return
    yield from _values(value_at(value, step), f"{pointer}/{escaped(step)}", rest)


def evidence_of(subject: Subject, shown: Shown) -> tuple[Evidence, ...]:
    """Return the labelled evidence of one subject."""
    return tuple(_evidence(label, place, subject) for label, place in shown.evidence)


def _evidence(label: str, place: Place, subject: Subject) -> Evidence:
    is_fact = subject.collection.shape.is_fact
    pointer = _fact_pointer(place, subject) if is_fact else _prefix(subject.pointer, place)
    if len(place.steps) == 1 and isinstance(subject.value, Struct):
        return Evidence(label, shown_value(value_at(subject.value, place.steps[0])), pointer)
    values = [value for value, _ in _values(subject.value, "", place.steps)]
    return _one_evidence(label, values, place, pointer)


def _fact_pointer(place: Place, subject: Subject) -> str:
    """A fact's property stands nowhere in the snapshot, unless its schema says where from."""
    source = place.shape.source
    return f"{subject.pointer}/{source}" if source else subject.pointer


def _prefix(pointer: str, place: Place) -> str:
    return pointer + _fixed_part(place.steps)


@cache
def _fixed_part(steps: tuple[str, ...]) -> str:
    """Return the pointer of a place as far as it is the same for all that it leads to."""
    fixed = steps[: steps.index(EVERY)] if EVERY in steps else steps
    return "".join(f"/{escaped(step)}" for step in fixed)


def _one_evidence(label: str, values: list[Any], place: Place, pointer: str) -> Evidence:
    doubt = next((v for v in values if isinstance(v, Unknown)), None)
    if doubt is not None:
        return Evidence(label, doubt, pointer)
    plain = [shown_value(value) for value in values]
    if EVERY in place.steps:
        return Evidence(label, list(_by_text(plain).values()), pointer)
    return Evidence(label, next(iter(plain), None), pointer)


def _by_text(values: list[Any]) -> dict[bytes, Any]:
    """Return each value once, by its JSON text, in the order given."""
    return {msgspec.json.encode(value, order="deterministic"): value for value in values}


def shown_value(value: Any) -> Any:
    """Return a value as plain JSON for a report; what is not known below it is left out."""
    if value.__class__ in CERTAIN and value.__class__ is not list:
        return value
    if isinstance(value, Struct):
        shape: Shape = shape_of(value)
        found = {name: value_at(value, name) for name in shape.properties}
        return {n: shown_value(v) for n, v in found.items() if not isinstance(v, Unknown)}
    if isinstance(value, list):
        return [shown_value(item) for item in value if not isinstance(item, Unknown)]
    return value


def tenant_evidence(context: Context, shown: Shown) -> tuple[Evidence, ...]:
    """Return the evidence of a tenant-level check: places that begin at the snapshot's root.

    Values that come out of many records are sorted: the order of an export means nothing.
    """
    return tuple(_root_evidence(context, label, place) for label, place in shown.evidence)


def _root_evidence(context: Context, label: str, place: Place) -> Evidence:
    name, rest = place.steps[0], place.steps[1:]
    root = context.read(name)
    pointer = _prefix(f"/{name}", Place(place.text, rest, place.shape))
    if isinstance(root, Unknown):
        return Evidence(label, root, pointer)
    values = [v for v, _ in _values(root, f"/{name}", rest)]
    found = _one_evidence(label, values, Place(place.text, rest, place.shape), pointer)
    if rest[:1] != (EVERY,) or isinstance(found.value, Unknown):
        return found
    in_order = sorted(_by_text(found.value).items())
    return Evidence(label, [value for _, value in in_order], pointer)


def plain_or_unknown(value: Any) -> Any:
    """Return a value as plain JSON, or the Unknown that stands inside it."""
    try:
        return to_plain(value)
    except UnknownRead as error:
        return error.found
