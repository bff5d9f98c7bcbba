"""A property that no schema knows is a mistake somewhere: it is never read as null."""

from __future__ import annotations

import pytest

from tenantproof.facts.base import value_at, value_if_known
from tenantproof.language.expression import compiled
from tenantproof.language.generated import generated
from tenantproof.language.values import UnknownRead
from tenantproof.records import record_type
from tenantproof.shape import bundled_shapes
from tenantproof.verdict import Reason, Why

SHAPES = bundled_shapes()
USER = record_type(SHAPES["users"].record).struct(id="u", accountEnabled=True, mail=None)
GROUP = record_type(SHAPES["groups"].record).struct(id="g")
RUNS = {"functions": lambda one: one.run, "source": lambda one: generated(one.tree)}


@pytest.mark.parametrize("way", RUNS)
@pytest.mark.parametrize("text", [
    "[].accountEnabled", "[?accountEnabled].id", "[*].{a: accountEnabled}", "[1].accountEnabled",
    "map(&accountEnabled, @)", "[?!(accountEnabled == `true`)]", "[?accountEnabled == `null`]",
])
def test_an_expression_over_such_a_record_is_unknown(text, way):
    """Where types do not tell before, as of a list of records of two collections."""
    with pytest.raises(UnknownRead) as caught:
        RUNS[way](compiled(text))([USER, GROUP])
    told = Reason("", "accountEnabled", Why.EXPRESSION, "`groups` has no property `accountEnabled`")
    assert (told,) == caught.value.found.reasons


@pytest.mark.parametrize("way", RUNS)
def test_what_the_schema_knows_is_read(way):
    """Null where it is null, and not exported where it was left out."""
    assert RUNS[way](compiled("[?accountEnabled].[id, mail]"))([USER]) == [["u", None]]
    assert RUNS[way](compiled("[].id"))([USER, GROUP]) == ["u", "g"]
    with pytest.raises(UnknownRead) as caught:
        RUNS[way](compiled("[].displayName"))([GROUP])
    assert [Why.NOT_EXPORTED] == [reason.why for reason in caught.value.found.reasons]


def test_a_fact_that_asks_for_it_has_a_bug():
    """The policies that read the fact become errors, and none of them passes."""
    with pytest.raises(AttributeError, match="acountEnabled"):
        value_at(USER, "acountEnabled")


def test_a_fact_may_ask_whether_a_schema_knows_it():
    """One way to read assignments of which some have no such property at all."""
    assert value_if_known(GROUP, "accountEnabled") is None
    assert value_if_known(USER, "accountEnabled") is True
