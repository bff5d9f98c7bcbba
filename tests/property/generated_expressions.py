"""Expressions of every node and some functions, and small documents for them."""

from __future__ import annotations

from hypothesis import strategies as st

NAMES = st.sampled_from(["a", "b", "n", "s", "list", "words", "missing"])
LITERALS = st.sampled_from(["`1`", "`0`", "`true`", "'x'", "''", "`[]`", "`null`"])


def deeper(inner):
    """One more level of grammar around expressions."""
    pair = st.tuples(inner, inner)
    return st.one_of(
        pair.map(lambda p: f"{p[0]}.{p[1]}" if p[1][0].isalpha() else f"{p[0]} | {p[1]}"),
        inner.map(lambda e: f"({e})[*]"),
        inner.map(lambda e: f"({e})[]"),
        inner.map(lambda e: f"({e})[0]"),
        inner.map(lambda e: f"({e})[-1:]"),
        inner.map(lambda e: f"!({e})"),
        inner.map(lambda e: f"({e}).*"),
        pair.map(lambda p: f"({p[0]})[?{p[1]}]"),
        pair.map(lambda p: f"({p[0]}) == ({p[1]})"),
        pair.map(lambda p: f"({p[0]}) < ({p[1]})"),
        pair.map(lambda p: f"({p[0]}) && ({p[1]})"),
        pair.map(lambda p: f"({p[0]}) || ({p[1]})"),
        pair.map(lambda p: f"[{p[0]}, {p[1]}]"),
        pair.map(lambda p: f"{{x: {p[0]}, y: {p[1]}}}"),
        inner.map(lambda e: f"length({e})"),
        inner.map(lambda e: f"type({e})"),
        inner.map(lambda e: f"to_string({e})"),
        inner.map(lambda e: f"keys({e})"),
        pair.map(lambda p: f"contains({p[0]}, {p[1]})"),
        pair.map(lambda p: f"map(&{p[0]}, {p[1]})"),
        pair.map(lambda p: f"not_null({p[0]}, {p[1]})"),
        pair.map(lambda p: f"merge({p[0]}, {p[1]})"),
        pair.map(lambda p: f"sort_by({p[0]}, &{p[1]})"),
        pair.map(lambda p: f"max_by({p[0]}, &{p[1]})"),
        inner.map(lambda e: f"max({e})"),
        inner.map(lambda e: f"sort({e})"),
        inner.map(lambda e: f"values({e})"),
        inner.map(lambda e: f"to_array({e})"),
        inner.map(lambda e: f"to_number({e})"),
    )


EXPRESSIONS = st.recursive(st.one_of(NAMES, LITERALS), deeper, max_leaves=6)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 3), st.sampled_from(["", "x", "one"])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=3)),
    max_leaves=8,
)
