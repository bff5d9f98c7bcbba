"""Which properties of a collection a run reads: all others are not even decoded.

Only collections that facts alone read are pruned, and only where every one of those facts says
which properties it looks at. A pruned property raises when somebody looks at it all the same, so
that it can never be taken for null.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from msgspec.structs import replace

from tenantproof.facts.table import FACTS
from tenantproof.policy import Policy
from tenantproof.reach import all_used, collections_named
from tenantproof.shape import CollectionShape, Shape

Paths = frozenset[tuple[str, ...]]


def records_read(
    policies: Iterable[Policy], shapes: Mapping[str, CollectionShape]
) -> dict[str, Shape]:
    """Return the shape of a record of each collection that policies need, as far as it is read."""
    held = list(policies)
    named, used = collections_named(held), all_used(held)
    facts = sorted(used & set(FACTS))
    return {
        name: shapes[name].record if name in named
        else pruned(shapes[name].record, _paths(name, facts) | _key_of(shapes[name]))
        for name in sorted(used - set(FACTS))
    }


def _paths(collection: str, facts: Iterable[str]) -> Paths:
    """Return the paths that facts read of a collection; the empty path stands for all of it."""
    readers = [FACTS[name] for name in facts if collection in FACTS[name].collections]
    return frozenset(
        tuple(path.split(".")) if path else ()
        for fact in readers for path in fact.reads.get(collection, ("",))
    )


def _key_of(shape: CollectionShape) -> Paths:
    """Return the path of the key by which twins are found."""
    return frozenset({(shape.key,)}) if shape.is_unique else frozenset()


@cache
def pruned(shape: Shape, paths: Paths) -> Shape:
    """Return a shape with only the properties on some paths; lists are looked through.

    A path that ends at an object keeps all of it, and a watched object is kept whole.
    """
    if () in paths or shape.watched:
        return shape
    if shape.items is not None:
        return replace(shape, items=pruned(shape.items, paths))
    kept = {
        name: pruned(child, frozenset(path[1:] for path in paths if path[0] == name))
        for name, child in shape.properties.items() if any(path[0] == name for path in paths)
    }
    return replace(
        shape, properties=kept, unread=tuple(name for name in shape.properties if name not in kept)
    )
