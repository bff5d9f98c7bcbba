"""Records of the same key: a page that was saved twice, or changed while it was being exported.

Counted as two, an account could fill the place of another. So they become one record, at the
place of the first, in which a property is not known where they say different things.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any

from msgspec import UNSET, Struct

from tenantproof.records import attribute, shape_of
from tenantproof.shape import CollectionShape
from tenantproof.verdict import Unknown, Why, unknown


class Distinct(Struct, frozen=True):
    """Records without their twins.

    `places` are where they stood among all, None where nothing was left out; `twins` says how many
    records each key had that had more than one.
    """

    records: Sequence[Struct]
    places: Sequence[int] | None = None
    twins: Mapping[str, int] = {}


def distinct(shape: CollectionShape, records: Sequence[Struct]) -> Distinct:
    """Return the records of a collection, one for each key where its schema says so."""
    if not shape.is_unique or not isinstance(records, list):
        return Distinct(records)
    keys = [key.casefold() if key.__class__ is str else None
            for key in map(attrgetter(attribute(shape.key)), records)]
    found = set(keys)
    if len(found) == len(keys):
        return Distinct(records)
    counts = Counter(keys)
    twins = {key: count for key, count in counts.items() if key is not None and count > 1}
    return _merged(records, keys, twins) if twins else Distinct(records)


def _merged(
    records: Sequence[Struct], keys: Sequence[str | None], twins: Mapping[str, int]
) -> Distinct:
    firsts: dict[str, Struct] = {}
    kept: list[Struct] = []
    places: list[int] = []
    for place, (record, key) in enumerate(zip(records, keys, strict=True)):
        if key is not None and key in firsts:
            _take_in(firsts[key], record)
            continue
        if key in twins and key is not None:
            firsts[key] = record
        kept.append(record)
        places.append(place)
    return Distinct(kept, places, twins)


def _take_in(record: Struct, twin: Struct) -> None:
    """Let a record say only what its twin does not contradict."""
    shape = shape_of(record)
    for name, inner in shape.properties.items():
        attr = attribute(name)
        one, other = getattr(record, attr), getattr(twin, attr)
        if one is UNSET:
            setattr(record, attr, other)
        elif other is not UNSET and not inner.key and not _is_same(one, other):
            setattr(record, attr, unknown(
                Why.UNDETERMINED, shape.collection, name, "two records of the same key differ"))


def _is_same(one: Any, other: Any) -> bool:
    if isinstance(one, Unknown) or isinstance(other, Unknown):
        return isinstance(one, Unknown) and isinstance(other, Unknown)
    return bool(one == other)
