"""Looking a value up in a prepared list answers what comparing it with each item answers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenantproof.language import comparing
from tenantproof.language.comparing import Left, same
from tenantproof.language.listing import Listing
from tenantproof.shape import Shape
from tenantproof.verdict import Unknown, Why, all_true, any_true, unknown

DOUBT = unknown(Why.NULL, "users", "id")
VALUES = st.sampled_from(["a", "A", "b", "", "ß", "SS", 1, 1.0, True, False, None, 0, ["a"]])
LEFT = st.lists(VALUES | st.just(DOUBT), max_size=5)
RIGHT = st.lists(VALUES, max_size=5)
PAIRWISE = {
    "only": lambda left, right, eq: all_true(any_true(eq(v, one) for one in right) for v in left),
    "contains_any": lambda left, right, eq: any_true(
        any_true(eq(v, one) for v in left) for one in right),
    "contains_all": lambda left, right, eq: all_true(
        any_true(eq(v, one) for v in left) for one in right),
}


def side(fold):
    """What the schema says of the left."""
    item = Shape("text", fold=fold)
    return Left(Shape("list", items=item), "tags", datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("operator", PAIRWISE)
@given(left=LEFT, right=RIGHT, fold=st.booleans())
def test_lists_are_compared_as_pair_by_pair(operator, left, right, fold):
    """Case, nulls, other kinds and what is not known are as they are without the list."""
    here = side(fold)
    wanted = PAIRWISE[operator](left, right, lambda a, b: same(a, b, here, here.item))
    found = getattr(comparing, operator)(left, Listing(right), here)
    assert wanted == found or (isinstance(wanted, Unknown) and isinstance(found, Unknown))


@given(left=VALUES, right=RIGHT, fold=st.booleans())
def test_one_value_is_looked_up_as_it_is_compared(left, right, fold):
    """`one_of` gives the same answer for a list that was prepared and for one that was not."""
    here = Left(Shape("text", fold=fold), "tag", datetime(2026, 1, 1, tzinfo=UTC))
    plain, quick = (comparing.one_of(left, r, here) for r in (right, Listing(right)))
    assert plain == quick or (isinstance(plain, Unknown) and isinstance(quick, Unknown))
