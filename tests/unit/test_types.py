"""The static types of expressions: what is refused and where, what is read, what comes out."""

from __future__ import annotations

import inspect

import pytest
from jmespath import ast

from tenantproof.language.analysis import Analysis
from tenantproof.language.functions import FUNCTIONS
from tenantproof.language.grammar import nodes, parse
from tenantproof.language.result_types import RESULTS
from tenantproof.language.steps import STEPS
from tenantproof.language.types import NODE_TYPES, infer
from tenantproof.shape import read_collection

TEXT = {"type": "string"}
MAYBE_TEXT = {"type": ["string", "null"]}
TEXTS = {"type": "array", "items": TEXT}
THINGS = read_collection("things", {"type": "array", "items": {"type": "object", "properties": {
    "id": {**TEXT, "x-fold": "case"},
    "owner": {**TEXT, "x-fold": "case"},
    "owners": {"type": "array", "items": {**TEXT, "x-fold": "case"}},
    "name": TEXT,
    "nick": MAYBE_TEXT,
    "alias": MAYBE_TEXT,
    "state": {**TEXT, "enum": ["on", "off", "hidden"], "x-unknown": ["hidden"]},
    "colour": {**TEXT, "enum": ["Red", "Blue"], "x-fold": "case"},
    "flows": {**TEXT, "x-separator": ","},
    "size": {"type": "number"},
    "limit": {"type": ["integer", "null"]},
    "active": {"type": "boolean"},
    "blocked": {"type": ["boolean", "null"]},
    "tags": TEXTS,
    "notes": {"type": ["array", "null"], "items": TEXT},
    "modes": {"type": "array", "items": {"enum": ["read", "write"], "type": "string"}},
    "parts": {"type": "array", "items": {"type": "object", "properties": {
        "label": TEXT, "note": MAYBE_TEXT, "pieces": TEXTS}}},
    "maker": {"type": "object", "properties": {"name": TEXT}},
    "seller": {"type": ["object", "null"], "properties": {"name": MAYBE_TEXT, "town": TEXT}},
    "anything": {},
    "open": {"type": "object"},
}}})

# An expression, carets under what is at fault, the rule, the message.
REFUSED = [
    ("nmae",
     "^^^^", "unknown-property", "`things` has no property `nmae`"),
    ("Name",
     "^^^^", "unknown-property", "`things` has no property `Name`"),
    ("maker.nam",
     "      ^^^", "unknown-property", "`things maker` has no property `nam`"),
    ("parts[].labl",
     "        ^^^^", "unknown-property", "`things parts[]` has no property `labl`"),
    ("parts[?lable == 'a']",
     "       ^^^^^", "unknown-property", "`things parts[]` has no property `lable`"),
    ("parts[*].[label, nope]",
     "                 ^^^^", "unknown-property", "`things parts[]` has no property `nope`"),
    ("parts[].{l: label, n: nope}",
     "                      ^^^^", "unknown-property", "`things parts[]` has no property `nope`"),
    ("sort_by(parts, &lable)",
     "                ^^^^^", "unknown-property", "`things parts[]` has no property `lable`"),
    ("@.nmae",
     "  ^^^^", "unknown-property", "`things` has no property `nmae`"),
    ("[maker, seller].town",
     "                ^^^^", "property-of-list", "a list has no property `town`"),
    ("[maker, seller][].town",
     "                  ^^^^", "unknown-property", "`things maker` has no property `town`"),
    ("[seller, maker][].town",
     "                  ^^^^", "unknown-property", "`things maker` has no property `town`"),
    ("[maker, seller][].twon",
     "                  ^^^^", "unknown-property", "`things maker` has no property `twon`"),
    ("(seller || maker).town",
     "                  ^^^^", "unknown-property", "`things maker` has no property `town`"),
    ("not_null(seller, maker).town",
     "                        ^^^^", "unknown-property", "`things maker` has no property `town`"),
    ("[parts, [maker]][][].label",
     "                     ^^^^^", "unknown-property", "`things maker` has no property `label`"),
    ("merge(maker, {town: name}).twon",
     "                           ^^^^", "unknown-property", "`{...}` has no property `twon`"),
    ("{n: name}.m",
     "          ^", "unknown-property", "`{...}` has no property `m`"),
    ("!(nick && name)",
     "^", "negation-of-null", "`!` turns a null, and what is missing, into true"),
    ("[name, nick][?@ != 'a']",
     "                ^^", "unequal-to-null", "`!=` is true of a null, and of what is missing"),
    ("starts_with(name || nick, 'a')",
     "            ^^^^", "argument-null", "`starts_with` cannot take a null, which this may be"),
    ("tags | nmae",
     "       ^^^^", "property-of-list", "a list has no property `nmae`"),
    ("active == true",
     "          ^^^^", "bare-literal", "`true` without backticks is the name of a property"),
    ("nick == Null",
     "        ^^^^", "bare-literal", "`Null` without backticks is the name of a property"),
    ('state == "enabled"',
     "         ^^^^^^^^^", "double-quoted-text",
     '`"enabled"` in double quotes is the name of a property'),
    ('"nmae"',
     "^^^^^^", "unknown-property", "`things` has no property `nmae`"),
    ("parts.label",
     "      ^^^^^", "property-of-list", "a list has no property `label`"),
    ("name.length",
     "     ^^^^^^", "property-of-scalar", "a text has no property `length`"),
    ("name[]",
     "^^^^", "projection-of-scalar", "`[]` needs a list and stands behind a text"),
    ("maker[*].name",
     "^^^^^", "projection-of-scalar", "`[]` needs a list and stands behind an object"),
    ("!maker.name",
     "^", "negation-binds-tighter",
     "`!` negates the first name only: `!a.b` is `(!a).b`, which is null"),
    ("!blocked",
     "^", "negation-of-null", "`!` turns a null, and what is missing, into true"),
    ("parts[?!(note)]",
     "       ^", "negation-of-null", "`!` turns a null, and what is missing, into true"),
    ("length(parts[?label == 'a']) == `0`",
     "                             ^^", "count-of-filter",
     "this counts what a filter leaves, and one with a mistake leaves nothing"),
    ("`1` > length(parts[?label == 'a'])",
     "    ^", "count-of-filter",
     "this counts what a filter leaves, and one with a mistake leaves nothing"),
    ("name < '2026-01-01'",
     "     ^", "text-order", "`<` would compare text letter by letter"),
    ("active >= `1`",
     "       ^^", "unlike-types", "`>=` compares numbers, not a boolean and a number"),
    ("active == 'true'",
     "       ^^", "unlike-types", "a boolean never equals a text"),
    ("tags == 'a'",
     "     ^^", "unlike-types", "a list never equals a text"),
    ("id == 'abc'",
     "   ^^", "case-in-expression", "`==` minds the case of letters, which varies here"),
    ("starts_with(owner, 'a')",
     "^^^^^^^^^^^", "case-in-expression",
     "`starts_with` minds the case of letters, which varies here"),
    ("ends_with(owner, '@a.example')",
     "^^^^^^^^^", "case-in-expression",
     "`ends_with` minds the case of letters, which varies here"),
    ("contains(owner, 'a')",
     "^^^^^^^^", "case-in-expression",
     "`contains` minds the case of letters, which varies here"),
    ("contains(['b', 'a@b.example'], owner)",
     "               ^^^^^^^^^^^^^", "case-in-expression",
     "`contains` minds the case of letters, which varies here"),
    ("contains(owners, '62E90394-69F5-4237-9190-012177145E10')",
     "                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^", "case-in-expression",
     "`contains` minds the case of letters, which varies here"),
    ("nick != 'a'",
     "     ^^", "unequal-to-null", "`!=` is true of a null, and of what is missing"),
    ("nick == alias",
     "     ^^", "null-equals-null", "where both sides are null or missing, they are equal"),
    ("state == 'On'",
     "         ^^^^", "unknown-value", "`state` is never `On`"),
    ("state == 'hidden'",
     "         ^^^^^^^^", "unknown-value", "`state` is never `hidden`"),
    ("contains(modes, 'raed')",
     "                ^^^^^^", "unknown-value", "`modes[]` is never `raed`"),
    ("contains(['on', 'of'], state)",
     "                ^^^^", "unknown-value", "`state` is never `of`"),
    ("contains(['on', 'of', ''], state || '')",
     "                ^^^^", "unknown-value", "`state` is never `of`"),
    ("!contians(tags, 'a')",
     " ^^^^^^^^", "unknown-function", "there is no function `contians`"),
    ("contains(flows, 'a')",
     "^^^^^^^^", "contains-in-text", "`contains` would look for a part of the text"),
    ("contians(tags, 'a')",
     "^^^^^^^^", "unknown-function", "there is no function `contians`"),
    ("length(tags, name)",
     "^^^^^^", "wrong-arity", "`length` takes 1 argument, not 2"),
    ("not_null()",
     "^^^^^^^^", "wrong-arity", "`not_null` takes at least 1 argument, not 0"),
    ("starts_with(tags, 'a')",
     "            ^^^^", "argument-type", "`starts_with` takes a text, not a list"),
    ("sort_by(parts, label)",
     "               ^^^^^", "unknown-property", "`things` has no property `label`"),
    ("sort_by(parts, `1`)",
     "               ^^^", "argument-type", "`sort_by` takes a reference, not a number"),
    ("length(notes)",
     "       ^^^^^", "argument-null", "`length` cannot take a null, which this may be"),
    ("sum(parts[].label)",
     "    ^^^^^", "argument-type", "`sum` takes a list of numbers, not a list of texts"),
    ("join(', ', parts)",
     "           ^^^^^", "argument-type", "`join` takes a list of texts, not a list of objects"),
    ("max(parts)",
     "    ^^^^^", "argument-type",
     "`max` takes a list of numbers or a list of texts, not a list of objects"),
    ("maker.name[0]",
     "           ^", "projection-of-scalar", "`[]` needs a list and stands behind a text"),
    ("maker.name[1:2]",
     "           ^", "projection-of-scalar", "`[]` needs a list and stands behind a text"),
]

# An expression, the kind of its value, whether that may be null, the properties read.
ACCEPTED = [
    ("name", "text", False, ["name"]),
    ("nick", "text", True, ["nick"]),
    ("maker.name", "text", False, ["maker", "maker.name"]),
    ("@", "object", False, []),
    ("parts[0]", "object", True, ["parts"]),
    ("parts[-1].label", "text", True, ["parts", "parts[].label"]),
    ("tags[1:]", "list", False, ["tags"]),
    ("parts[].label", "list", False, ["parts", "parts[].label"]),
    ("parts[*].label", "list", False, ["parts", "parts[].label"]),
    ("parts[].pieces[]", "list", False, ["parts", "parts[].pieces"]),
    ("parts[?label == 'a'].note | [0]", "text", True,
     ["parts", "parts[].label", "parts[].note"]),
    ("notes[]", "list", True, ["notes"]),
    ("maker.*", "list", True, ["maker"]),
    ("size > `3`", "boolean", False, ["size"]),
    ("!(size > `3`)", "boolean", False, ["size"]),
    ("max(tags)", "text", True, ["tags"]),
    ("limit <= `3`", "boolean", True, ["limit"]),
    ("nick == 'a'", "boolean", False, ["nick"]),
    ("nick == `null`", "boolean", False, ["nick"]),
    ("nick || name", "text", False, ["nick", "name"]),
    ("nick || 'none'", "text", False, ["nick"]),
    ("name || nick", "text", True, ["name", "nick"]),
    ("nick && name", "text", True, ["nick", "name"]),
    ("[maker, seller][].name", "list", False,
     ["maker", "seller", "maker.name", "seller.name"]),
    ("(maker || seller).name", "text", True, ["maker", "seller", "maker.name", "seller.name"]),
    ("merge(maker, {town: name}).town", "text", False, ["maker", "name"]),
    ("not_null(nick, alias)", "text", True, ["nick", "alias"]),
    ("not_null(anything)[]", "list", True, ["anything"]),
    ("[flows, name][?contains(@, 'a')]", "list", False, ["flows", "name"]),
    ("[maker, open][].whatever", "list", False, ["maker", "open"]),
    ("[maker, {name: name}] | [0].name", "text", True, ["maker", "name", "maker.name"]),
    ("`[\"a\", 1]`[?@ == `1`]", "list", False, []),
    ("active && size > `1`", "boolean", False, ["active", "size"]),
    ("!active", "boolean", False, ["active"]),
    ("!(nick == 'a')", "boolean", False, ["nick"]),
    ("[name, nick]", "list", False, ["name", "nick"]),
    ("{n: name, s: size}", "object", False, ["name", "size"]),
    ("{n: name}.n", "text", False, ["name"]),
    ("tags | length(@)", "number", False, ["tags"]),
    ("length(notes || `[]`)", "number", False, ["notes"]),
    ("contains(modes, 'read')", "boolean", False, ["modes"]),
    ("sort_by(parts, &label)[0].note", "text", True, ["parts", "parts[].label", "parts[].note"]),
    ("max_by(parts, &length(pieces)).label", "text", True,
     ["parts", "parts[].pieces", "parts[].label"]),
    ("map(&label, parts)", "list", False, ["parts", "parts[].label"]),
    ("not_null(nick, name)", "text", False, ["nick", "name"]),
    ("colour", "text", False, ["colour"]),
    ("contains(owners, '62e90394-69f5-4237-9190-012177145e10')", "boolean", False, ["owners"]),
    ("contains(['All', 'None'], owner)", "boolean", False, ["owner"]),
    ("contains(tags, 'A@b.example')", "boolean", False, ["tags"]),
    ("starts_with(name, 'A')", "boolean", False, ["name"]),
    ("anything.at.all", "any", True, ["anything"]),
    ("open.whatever", "any", True, ["open"]),
    ("`[1, 2]`", "list", False, []),
    ("'text'", "text", False, []),
]


def analysed(text: str):
    """The shape of an expression over a thing, and what was found on the way."""
    analysis = Analysis()
    return infer(parse(text), THINGS.record, analysis), analysis


@pytest.mark.parametrize(("text", "carets", "rule", "message"), REFUSED)
def test_a_fault_is_told_where_it_stands(text, carets, rule, message):
    """There is one fault, under the carets, with this rule and message."""
    _, analysis = analysed(text)
    told = [(f.rule, f.message, " " * f.offset + "^" * f.length) for f in analysis.faults]
    assert [(rule, message, carets)] == told


@pytest.mark.parametrize(("text", "kind", "nullable", "reads"), ACCEPTED)
def test_a_sound_expression_has_a_shape_and_reads(text, kind, nullable, reads):
    """There is no fault; the reads are exactly the properties that the expression names."""
    shape, analysis = analysed(text)
    read = {path for _, path in analysis.reads}
    assert ([], kind, nullable, set(reads)) == (
        analysis.faults, shape.kind, shape.nullable, read
    )


@pytest.mark.parametrize(("text", "dropped"), [
    ("parts[].note", ["note"]),
    ("parts[*].note", ["note"]),
    ("parts[].label", []),
    ("parts[?label == 'a'].note", ["note"]),
    ("tags[]", []),
])
def test_a_projection_that_leaves_nulls_out_is_remembered(text, dropped):
    """Where an element's property may be null, the list says nothing of it."""
    _, analysis = analysed(text)
    assert dropped == [node["value"] for node in analysis.drops_null]


def node_types() -> set[str]:
    """The types of node that the library's syntax trees are made of, asked of the library."""
    makers = [make for _, make in inspect.getmembers(ast, inspect.isfunction)]
    return {make(*[[]] * len(inspect.signature(make).parameters))["type"] for make in makers}


OF_ANOTHER = {"key_val_pair"}  # read by the `multi_select_dict` that holds it


@pytest.mark.parametrize("table", [NODE_TYPES, STEPS], ids=["types", "steps"])
def test_every_node_of_the_grammar_has_its_function(table):
    """What the library's parser can make, the analysis and the evaluation know."""
    assert node_types() - OF_ANOTHER == set(table)


def test_every_node_of_the_grammar_is_in_the_table_of_this_test():
    """The expressions above need each kind of node."""
    texts = [text for text, *_ in (*REFUSED, *ACCEPTED)]
    assert node_types() == {node["type"] for text in texts for node in nodes(parse(text))}


def test_every_function_has_a_result():
    """A function whose result has no known type would read as anything."""
    assert set(FUNCTIONS.FUNCTION_TABLE) == set(RESULTS)
