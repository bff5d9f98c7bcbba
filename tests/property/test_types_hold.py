"""What is found of an expression's value before any data is there, holds of every value."""

from __future__ import annotations

import jmespath
from generated_expressions import EXPRESSIONS
from hypothesis import given, settings
from hypothesis import strategies as st
from jmespath.exceptions import JMESPathError

from tenantproof.language.analysis import Analysis
from tenantproof.language.grammar import parse
from tenantproof.language.types import infer
from tenantproof.shape import read_collection

TEXT, MAYBE_TEXT = {"type": "string"}, {"type": ["string", "null"]}
NUMBER, MAYBE_NUMBER = {"type": "number"}, {"type": ["number", "null"]}
THINGS = read_collection("things", {"type": "array", "items": {"type": "object", "properties": {
    "a": {"type": "object", "properties": {
        "n": NUMBER, "s": MAYBE_TEXT, "words": {"type": "array", "items": TEXT}}},
    "b": {"type": ["object", "null"], "properties": {"n": TEXT, "s": TEXT, "a": NUMBER}},
    "n": MAYBE_NUMBER,
    "s": TEXT,
    "list": {"type": "array", "items": {"type": "object", "properties": {
        "n": MAYBE_NUMBER, "s": TEXT, "a": {"type": "boolean"}}}},
    "words": {"type": "array", "items": TEXT},
}}})
TEXTS, NUMBERS = st.sampled_from(["", "x", "one"]), st.integers(-1, 2)
RECORDS = st.fixed_dictionaries({
    "a": st.fixed_dictionaries({
        "n": NUMBERS, "s": st.none() | TEXTS, "words": st.lists(TEXTS, max_size=2)}),
    "b": st.none() | st.fixed_dictionaries({"n": TEXTS, "s": TEXTS, "a": NUMBERS}),
    "n": st.none() | NUMBERS,
    "s": TEXTS,
    "list": st.lists(st.fixed_dictionaries(
        {"n": st.none() | NUMBERS, "s": TEXTS, "a": st.booleans()}), max_size=2),
    "words": st.lists(TEXTS, max_size=2),
})
KINDS = {
    "text": {str}, "number": {int, float}, "boolean": {bool}, "list": {list}, "object": {dict},
    "null": set(),
}


def held(value, shape):
    """Whether a value is one of those that a shape stands for, to the last element."""
    if value is None:
        return shape.nullable
    if shape.kind == "any":
        return True
    if type(value) not in KINDS[shape.kind]:
        return False
    if isinstance(value, list) and shape.items is not None:
        return all(item is None or held(item, shape.items) for item in value)
    if isinstance(value, dict):
        wholes = shape.members or (shape,)
        return any(all(held(value.get(name), inner) for name, inner in one.properties.items())
                   for one in wholes)
    return True


@settings(max_examples=4000, deadline=None, derandomize=True)
@given(EXPRESSIONS, RECORDS)
def test_an_expression_has_the_type_that_was_found(text, record):
    """Kind, null, elements and properties: an author is told of each before it misleads."""
    analysis = Analysis()
    shape = infer(parse(text), THINGS.record, analysis)
    try:
        value = jmespath.search(text, record)
    except (JMESPathError, TypeError, ValueError, AttributeError):
        return
    assert analysis.faults or held(value, shape), (shape.kind, shape.nullable, value)
