"""Our expressions and the released JMESPath library give the same values, or both refuse."""

from __future__ import annotations

import re

import jmespath
import pytest
from generated_expressions import EXPRESSIONS, VALUES
from hypothesis import given, settings
from hypothesis import strategies as st
from jmespath.exceptions import JMESPathError

from tenantproof.language import expression, grammar
from tenantproof.language.expression import Expression, compiled
from tenantproof.language.generated import NAMES as NAMES_OF_OURS
from tenantproof.language.generated import generated, source_of
from tenantproof.language.grammar import ExpressionError
from tenantproof.language.values import Readable
from tenantproof.verdict import Unknown

DATA = {
    "a": {"b": {"c": [1, 2, {"d": "x"}]}, "e": None, "f": "", "g": []},
    "list": [{"n": 1, "s": "one"}, {"n": 2, "s": "two"}, {"s": None}, {"n": 4}],
    "nested": [[1, 2], [3], [], 4, None],
    "words": ["b", "a", "c"],
    "numbers": [3, 1.5, 2],
    "mixed": [1, "a", None, True, [], {}],
    "true": True, "zero": 0, "odd name": 5, "@odata.type": "#t",
}
CASES = """
a.b.c
a.b.c[0]
a.b.c[-1].d
a.b.c[5]
a.e.x.y
a.b.c[1:]
a.b.c[::-1]
list[*].n
list[].s
list[?n]
list[?n > `1`].s
list[?n >= `1` && s == 'one']
list[?!(s)]
list[?s != 'one'].n
list[?n == `1` || n == `2`].n
nested[]
nested[][]
nested[*][0]
words | [0]
words | sort(@)
sort(numbers)
sort(mixed)
max(numbers)
min(words)
max_by(list[?n], &n).s
min_by(list[?n], &n).s
sort_by(list[?n], &n)[*].n
sort_by(list, &n)
sum(numbers)
avg(numbers)
avg(`[]`)
length(words)
length(a)
length('abc')
length(zero)
contains(words, 'a')
contains('abc', 'b')
contains(mixed, `1`)
contains(mixed, `true`)
starts_with('abc', 'a')
ends_with('abc', 'c')
join(', ', words)
join(', ', numbers)
keys(a)
values(a.b)
merge(a, `{"z": 1}`)
map(&n, list)
map(&[0], nested)
not_null(a.e, a.f, zero)
reverse(words)
reverse('abc')
to_array(zero)
to_array(words)
to_string(list)
to_string('x')
to_number('12')
to_number('x')
to_number(true)
type(a)
type(words)
type(zero)
type(a.e)
abs(`-3`)
ceil(`1.2`)
floor(`1.8`)
a.*
a.b.*
list[*].*
{x: a.b, y: words[0]}
list[*].{n: n, s: s}
list[*].[n, s]
a.missing.{x: x}
[a.e, zero]
`{"a": [1, true, null]}`
'raw'
`"quoted"`
"odd name"
"@odata.type"
@
@.zero
true == `true`
zero == `false`
zero == `0`
!zero
!a.g
!(a.f)
a.f || 'default'
a.e && 'x'
zero && 'x'
words == ['b', 'a', 'c']
a.e < `1`
'a' < 'b'
true < `1`
unknown_function(a)
length()
length(a, a)
list[?contains(s, 'o')]
list[0:2].n
words[::0]
a.b.c[?d == 'x'] | [0].d
list[?n][].n
(list[*].n)[0]
nested[*][*]
mixed[?@ == `1`]
mixed[?@]
""".strip().splitlines()  # fmt: skip


def library(text, data):
    """The released library's answer, or the word `refused`."""
    try:
        return ("value", jmespath.search(text, data))
    except (JMESPathError, TypeError, ValueError, AttributeError):
        return ("refused", None)


def ours(text, data):
    """Our answer in the same form: the same by functions of the nodes and by generated source."""
    try:
        one = compiled(text)
    except ExpressionError:
        return ("refused", None)
    value = one.value(data)
    assert repr(written_out(one).value(data)) == repr(value)
    return ("refused", None) if isinstance(value, Unknown) else ("value", value)


def written_out(one):
    """The expression as it runs through many records."""
    return Expression(one.text, one.tree, generated(one.tree))


def swapped(value, other):
    """The same document with each property in the next one's place: every type goes wrong once."""
    names = list(value)
    return {name: value[names[(index + other) % len(names)]] for index, name in enumerate(names)}


DOCUMENTS = {
    "as it should be": DATA,
    "every name holds the next one's value": swapped(DATA, 1),
    "every name holds the value after that": swapped(DATA, 2),
    "every name holds a list of what it should hold": {n: [v] for n, v in DATA.items()},
    "every name holds an object around it": {n: {"a": v, "n": v} for n, v in DATA.items()},
    "every name holds null": dict.fromkeys(DATA),
    "an empty object": {},
    "a list of objects": [DATA, {"a": 1}, None, 5],
    "text": "abc",
}


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.parametrize("text", CASES)
def test_an_expression_means_what_jmespath_says(text, document):
    """Every node, function and error of the grammar: the library's value, or refused by both."""
    data = DOCUMENTS[document]
    assert library(text, data) == ours(text, data)


def test_there_are_enough_value_cases():
    """At least 800, most of which have a value."""
    answers = [library(text, data) for text in CASES for data in DOCUMENTS.values()]
    assert len(answers) >= 800
    assert sum(word == "value" and found is not None for word, found in answers) > 300


@settings(max_examples=600, deadline=None, derandomize=True)
@given(EXPRESSIONS, VALUES)
def test_random_expressions_agree_with_jmespath(text, data):
    """Whatever the expression and the data, the library and we agree."""
    assert library(text, data) == ours(text, data)


@pytest.mark.parametrize("text", [
    "@" + "[?@ == `1`]" * 40, "(" * 30 + "a" + " || b)" * 30, "a" + ".b" * 60,
    "a[?" * 12 + "n" + "]" * 12, "[" * 20 + "a" + "]" * 20, "!(" * 30 + "a" + ")" * 30,
])
def test_an_expression_that_is_nested_deeply_runs_too(text):
    """Python nests twenty loops at most; what lies deeper is left to the functions."""
    for data in (DATA, {"a": [{"n": [1], "a": [{"n": 1}]}], "b": "x"}, [1, [1]], None):
        ours(text, data)


WORDS = {
    *NAMES_OF_OURS, "def", "run", "v", "return", "if", "else", "for", "in", "is", "not", "None",
    "True", "or", "and", "isinstance", "list", "str", "getattr", "append", "extend", "raise",
    "__class__",
}
STRANGE = (
    '"__import__(\'os\')".x', "a[?b == '\\'); exit(1)#']", '"\\"\\n import os"', "`\"x\"` == a",
)


@pytest.mark.parametrize("text", [*CASES, *STRANGE])
def test_nothing_that_a_policy_says_stands_in_generated_source(text):
    """Its names and values are bound to names of ours: policies are input."""
    try:
        lines = source_of(compiled(text).tree).lines
    except ExpressionError:
        return
    rest = re.sub(r"\bt\d+[il]?\b|\bk\d+\b", "", "\n".join(lines))
    assert set(re.findall(r"[^\W\d]\w*", rest)) <= WORDS
    assert not re.search(r"['\"#;\\\d]", rest)


@pytest.mark.parametrize("text", ["users[?id == 'a'].id", "users[].id", "length(users)"])
def test_a_tenants_expression_changes_its_way_and_not_its_value(text, monkeypatch):
    """The first tenants are judged by functions; after many records generated source goes on."""
    made = []
    monkeypatch.setattr(expression, "generated", lambda tree: made.append(tree) or generated(tree))
    expression._source_of.cache_clear()
    expression._run_through.clear()
    tenant = Tenant(users=[{"id": "a"}, {"id": "b"}] * 50)
    values = [compiled(text).value(tenant) for _ in range(30)]
    assert len(made) == 1
    assert values == [values[0]] * 30


class Tenant(Readable):
    """A root with collections of plain records."""

    size = 100

    def __init__(self, **collections):
        self.collections = collections

    def read(self, name):
        return self.collections[name]


NAME = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True)


@given(st.lists(NAME, min_size=1, max_size=20).map(".".join))
def test_a_plain_path_has_the_tree_of_the_librarys_parser(path):
    """Most expressions are names with dots between them; they are read without the parser."""
    assert grammar._PlacedParser(path).parse(path).parsed == grammar.parse(path)
