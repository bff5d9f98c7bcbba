"""Random JMESPath expressions over the collections, with what is known of their values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random

from generate_snapshot import PROPERTIES, Raw, kind, nullable, pool, shape


@dataclass(frozen=True)
class Typed:
    """An expression and its type; `drops` where a projection leaves nulls out."""

    text: str
    node: Raw
    null: bool = False
    drops: bool = False

    @property
    def kind(self) -> str:
        """The JSON type; ``delimited`` for text that is a list."""
        return "delimited" if self.node.get("x-separator") else kind(self.node)

    @property
    def sure(self) -> str:
        """The expression with a value in the place of null."""
        filler = {"array": "`[]`", "string": "''", "number": "`0`", "boolean": "`false`"}
        return f"{self.text} || {filler[self.kind]}" if self.null else self.text


TEXT, NUMBER, BOOLEAN = {"type": "string"}, {"type": "number"}, {"type": "boolean"}


def fields(node: Raw, prefix: str = "", null: bool = False) -> Iterator[Typed]:
    """Yield what can be read of a value by names alone."""
    if "properties" not in node:
        yield Typed("@", node, null)
    for name, child in node.get("properties", {}).items():
        path, may = f"{prefix}{name}", null or nullable(child)
        yield Typed(path, child, may)
        if "properties" in child:
            yield from fields(child, f"{path}.", may)


def root_fields() -> Iterator[Typed]:
    """Yield what can be read of the tenant as a whole."""
    for name in PROPERTIES:
        node = shape(name)
        yield Typed(name, node)
        if "properties" in node:
            yield from (one for one in fields(node, f"{name}.") for _ in range(3))
    words = ["direct-bill", "advisor", None]
    yield Typed("tenant.partnerType", {"type": ["string", "null"], "enum": words}, True)


def expression(rng: Random, base: list[Typed]) -> Typed:
    """Return an expression over one of the fields."""
    field = rng.choice(base)
    if field.kind not in CHANGES or rng.random() < 0.45:
        return field
    return rng.choice(CHANGES[field.kind])(rng, field, base)


Change = Callable[[Random, Typed, list[Typed]], Typed]


def _of_list(rng: Random, one: Typed, base: list[Typed]) -> Typed:
    item = one.node["items"]
    if "properties" in item:
        return rng.choice(OF_RECORDS)(rng, one, rng.choice(list(fields(item))))
    simple = [
        replace(one, text=f"{one.text}[]"),
        replace(one, text=f"{one.text}[:2]"),
        Typed(f"{one.text}[0]", item, True),
        Typed(f"{one.text}[-1]", item, True),
        Typed(f"({one.sure}) | [0]", item, True),
        Typed(f"length({one.sure})", NUMBER),
        Typed(f"sort({one.sure})", one.node),
        Typed(f"reverse({one.sure})", one.node),
        Typed(f"max({one.sure})", item, True),
        Typed(f"contains({one.sure}, '{word(rng, item)}')", BOOLEAN),
        Typed(f"join('-', {one.sure})", TEXT),
        Typed(one.sure, one.node),
    ]
    if not item.get("x-fold"):
        kept = f"{one.text}[?@ == '{word(rng, item)}']"
        simple.extend([replace(one, text=kept), Typed(f"({kept}) || `[]`", one.node)])
    return rng.choice(simple)


def _projected(rng: Random, one: Typed, each: Typed) -> Typed:
    text = f"{one.text}[{rng.choice(['', '*', '1:'])}].{each.text}"
    if each.kind == "array":
        return replace(each, text=f"{one.text}[].{each.text}[]", null=one.null, drops=each.null)
    return Typed(text, {"type": "array", "items": each.node}, one.null, each.null)


def _first(rng: Random, one: Typed, each: Typed) -> Typed:
    return Typed(f"{one.text}[0].{each.text}", each.node, True)


def _filtered(rng: Random, one: Typed, each: Typed) -> Typed:
    items = [f for f in fields(one.node["items"]) if f.kind in ("string", "boolean", "number")]
    tested = rng.choice(items)
    return _projected(rng, replace(one, text=f"{one.text}[?{predicate(rng, tested)}]"), each)


def _counted(rng: Random, one: Typed, each: Typed) -> Typed:
    return Typed(f"length({one.sure})", NUMBER)


def _mapped(rng: Random, one: Typed, each: Typed) -> Typed:
    return Typed(f"map(&{each.text}, {one.sure})", {"type": "array", "items": each.node})


def _sorted(rng: Random, one: Typed, each: Typed) -> Typed:
    key = rng.choice([f for f in fields(one.node["items"]) if f.kind == "string"])
    return _projected(rng, Typed(f"sort_by({one.sure}, &{key.text})", one.node), each)


OF_RECORDS = (_projected, _projected, _first, _filtered, _counted, _mapped, _sorted)


def word(rng: Random, node: Raw) -> str:
    """Return a text that may stand where a schema asks for text."""
    return rng.choice(pool(node))


def predicate(rng: Random, one: Typed) -> str:
    """Return a JMESPath predicate on one field."""
    if one.kind == "boolean":
        return rng.choice([f"{one.text} == `true`", one.sure, f"!({one.text} == `true`)"])
    if one.kind == "number":
        return f"({one.sure}) {rng.choice(['>', '<=', '==', '!='])} `{rng.randint(0, 2)}`"
    if one.node.get("x-fold"):
        return f"starts_with({one.sure}, '{rng.choice('uaA')}')"
    return f"{one.text} == '{word(rng, one.node)}'"


def _judged(rng: Random, one: Typed, base: list[Typed]) -> Typed:
    others = [f for f in base if f.kind in ("string", "number", "boolean")]
    parts = [predicate(rng, one), predicate(rng, rng.choice(others))]
    return Typed(rng.choice([parts[0], " && ".join(parts), f"({parts[0]}) || {parts[1]}"]), BOOLEAN)


def _of_text(rng: Random, one: Typed, base: list[Typed]) -> Typed:
    twin = rng.choice([f for f in base if f.kind == "string"])
    plain = TEXT if "enum" in one.node else {k: v for k, v in one.node.items() if k != "enum"}
    pair = one.node.get("x-fold") == twin.node.get("x-fold")
    both = [
        Typed(f"{one.text} || {twin.text}", plain, one.null and twin.null),
        Typed(f"not_null({one.text}, {twin.text})", plain, one.null and twin.null),
        Typed(f"[{one.text}, {twin.text}]", {"type": "array", "items": plain}, one.text == "@"),
    ]
    return rng.choice([
        Typed(f"{one.text} || '{'nobody' if one.node.get('x-fold') else word(rng, one.node)}'",
              plain),
        Typed(f"length({one.sure})", NUMBER),
        Typed(f"{{it: {one.text}}}.it", one.node, one.null),
        *(both if pair else []),
    ])


def _of_number(rng: Random, one: Typed, base: list[Typed]) -> Typed:
    return rng.choice([Typed(one.sure, NUMBER), Typed(f"sum([{one.sure}, `1`])", NUMBER)])


CHANGES: dict[str, tuple[Change, ...]] = {
    "array": (_of_list,),
    "string": (_of_text, _judged),
    "number": (_of_number, _judged),
    "boolean": (_judged, lambda rng, one, base: Typed(one.sure, BOOLEAN)),
}
