"""How much work an expression may be is known before any data is there, and never too little."""

from __future__ import annotations

import pytest
from generated_expressions import EXPRESSIONS, VALUES
from hypothesis import given, settings
from jmespath.exceptions import JMESPathError
from jmespath.visitor import TreeInterpreter

from tenantproof.language import functions
from tenantproof.language.cost import cost_of
from tenantproof.language.expression import compiled
from tenantproof.language.generated import generated
from tenantproof.language.grammar import ExpressionError, nodes, parse
from tenantproof.verdict import Unknown

COPIES = [
    "|".join(["[@, @]"] * 5), "|".join(["{a: @, b: @, c: @}"] * 3),
    "|".join(["[@, @][]"] * 5), "|".join(["merge({a: @, b: @}, {c: @, d: @})"] * 3),
    "map(&[@, @, @, @], @)" + "|[@, @, @, @]" * 2,
    "map(&[@, @, @], map(&[@, @, @], map(&[@, @, @], @)))",
    "sort_by(map(&{a: @, b: @, c: @}, [@, @, @]), &a) | [@, @, @]",
    "|".join(["to_string(@)"] * 5), "|".join(["to_string([@])"] * 36),
    "[*].[a, a, a, a, a][] | [*].[@, @, @, @, @][]", "[" + ", ".join(["@"] * 21) + "]",
    "[" + ", ".join(f"users[{n}:]" for n in range(21)) + "]",
    "(a || [@, @, @, @, @]) | [@, @, @, @, @]",
    "[*]" + " | [*].[to_array(`1`), to_array(`2`), to_array(`3`)][]" * 5,
]
MANY = "[" + ", ".join(f"a{n} == b{n}" for n in range(60)) + "]"
LOOKS = [
    "[*]" + " | [*].['x', 'y', 'z'][]" * 7,
    f"[@, @, @, @, @] | [*].{MANY}",
    f"map(&{MANY}, [@, @, @, @, @])",
    f"[@, @, @, @, @] | [?{MANY}]",
    "map(&not_null(" + ", ".join(["@"] * 90) + "), [@, @, @, @, @, @, @])",
]
FITTING = [
    "[" + ", ".join(f"property{n}" for n in range(60)) + "]",
    "{" + ", ".join(f"a{n}: property{n}[].id" for n in range(30)) + "}",
    "[" + ", ".join(["length(users)"] * 60) + "]",
    "[a, b, c][] | [*].[a, b, c] | [][]",
    "users[?" + " || ".join(f"contains(roles, '{n}')" for n in range(30)) + "].id",
    "length(users[?type == 'a' && !(enabled == `false`)])",
]


@pytest.mark.parametrize("text", COPIES)
def test_an_expression_that_multiplies_its_input_is_refused(text):
    """What would fill the memory with copies is no expression here, however short."""
    with pytest.raises(ExpressionError, match="hold what it reads"):
        compiled(text)


@pytest.mark.parametrize("text", LOOKS)
def test_an_expression_that_would_take_very_long_is_refused(text):
    """There is no budget in seconds: on every machine it is the same expressions that run."""
    with pytest.raises(ExpressionError, match="look at each value"):
        compiled(text)


@pytest.mark.parametrize("text", FITTING)
def test_an_expression_that_reads_many_properties_is_in_order(text):
    """Different properties are different parts of a record, and a number is a copy of nothing."""
    compiled(text)


class Counting(TreeInterpreter):
    """The library's own interpreter, which counts its steps."""

    steps = 0

    def visit(self, node, *args, **kwargs):
        self.steps += 1
        return super().visit(node, *args, **kwargs)


def size(value):
    """How many values a value is made of, itself among them."""
    if isinstance(value, list):
        return 1 + sum(map(size, value))
    if isinstance(value, dict):
        return 1 + sum(map(size, value.values()))
    return 1


@settings(max_examples=1500, deadline=None, derandomize=True)
@given(EXPRESSIONS, VALUES)
def test_no_expression_costs_more_than_was_found_from_its_tree(text, data):
    """Neither the library's steps nor the size of the result exceed what was said before."""
    tree = parse(text)
    cost, interpreter = cost_of(tree), Counting()
    literals = sum(size(node["value"]) for node in nodes(tree) if node["type"] == "literal")
    try:
        result = interpreter.visit(tree, data)
    except (JMESPathError, TypeError, ValueError, AttributeError):
        result = None
    read = size(data) + literals
    assert interpreter.steps <= cost.looks * read
    assert size(result) <= (cost.copies + cost.looks) * read


RUNS = {"functions": lambda one: one.run, "source": lambda one: generated(one.tree)}


@pytest.mark.parametrize("way", RUNS)
@pytest.mark.parametrize(("text", "fits", "too_long"), [
    ("join('--', @)", ["a"] * 34, ["a"] * 35),
    ("join(@[0], @)", ["a" * 9, "", "", "", "", "", "", "", "", "", ""], ["a" * 50, "b", "c", "d"]),
    ("to_string(@)", [{"a": "x" * 40, "b": [1, 2]}], [{"a": "x" * 98, "b": [1, 2]}]),
    ("to_string(@)", [{"a" * 50: 1}], [{"a" * 100: 1}]),
    ("to_string(@)", [1] * 99, [1] * 101),
])
def test_no_text_becomes_too_long(text, fits, too_long, way, monkeypatch):
    """It is noticed before the text is made: the memory never holds it."""
    monkeypatch.setattr(functions, "LONGEST_TEXT", 100)
    run = RUNS[way](compiled(text))
    assert isinstance(run(fits), str)
    with pytest.raises(ValueError, match="a text of more than 100 characters"):
        run(too_long)


def test_a_text_that_would_become_too_long_is_unknown_with_words():
    """The finding says which function, and what is too much."""
    found = compiled("join(to_string(users), users)").value({"users": ["x" * 10] * 2_000})
    assert isinstance(found, Unknown)
    assert "`join` would make a text of more than 10,000,000 characters" in str(found)
