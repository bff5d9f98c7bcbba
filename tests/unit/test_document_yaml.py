"""The strict subset of YAML: what is read, what is refused, and where everything stands."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tenantproof import yaml_events
from tenantproof.document import load_yaml
from tenantproof.problem import PolicyError, Position


def value(text):
    """Return the value of a YAML text."""
    return load_yaml(text.encode(), "p.yaml").value


def refusals(data):
    """Return rule, line and column of everything that the data are refused for."""
    with pytest.raises(PolicyError) as caught:
        load_yaml(data.encode() if isinstance(data, str) else data, "p.yaml")
    return [
        (p.rule, p.position.line, p.position.column) if p.position else (p.rule,)
        for p in caught.value.problems
    ]


def both_parsers(test):
    """Run a test with libyaml's parser and with PyYAML's own."""
    return pytest.mark.parametrize("parser", [yaml_events.LOADER, yaml.Loader])(test)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("true", True), ("false", False), ("null", None),
        ("0", 0), ("-7", -7), ("12", 12), ("1.5", 1.5), ("-0.5", -0.5), ("1e3", 1000.0),
        ("1.10", 1.1), ("1E-2", 0.01),
        ("'true'", "true"), ('"12"', "12"), ("|-\n  null", "null"),
        ("no", "no"), ("on", "on"), ("Yes", "Yes"), ("True", "True"), ("NULL", "NULL"), ("~", "~"),
        ("1:30", "1:30"), ("017", "017"), ("012", "012"), ("1_000", "1_000"), ("0x1F", "0x1F"),
        ("+1", "+1"), (".5", ".5"), ("1.", "1."), (".inf", ".inf"), (".nan", ".nan"),
        ("2024-01-02", "2024-01-02"), ("2024-13-45", "2024-13-45"),
        ("2024-01-02T03:04:05Z", "2024-01-02T03:04:05Z"), ("=", "="), ("1.2.3", "1.2.3"),
        ("''", ""), ('""', ""), ("[]", []), ("{}", {}), ("[1, a, true]", [1, "a", True]),
        ("{ b: { c: 1 } }", {"b": {"c": 1}}), ("https://example.com/a:b", "https://example.com/a:b"),
        ("\u0661", "\u0661"),
    ],
)  # fmt: skip
@both_parsers
def test_only_scalars_of_json_have_a_type(written, expected, parser, monkeypatch):
    """`true`, `false`, `null` and JSON's numbers are typed, and all else is text."""
    monkeypatch.setattr(yaml_events, "LOADER", parser)
    read = value(f"a: {written}\n")["a"]
    assert (read, type(read)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("written", "rules"),
    [
        ("no", ["ambiguous-word"]), ("On", ["ambiguous-word"]), ("TRUE", ["ambiguous-word"]),
        ("~", ["ambiguous-word"]), ("Null", ["ambiguous-word"]),
        ("1:30", ["ambiguous-number"]), ("017", ["ambiguous-number"]),
        ("1_000", ["ambiguous-number"]), ("0x1F", ["ambiguous-number"]),
        (".inf", ["ambiguous-number"]), ("-.inf", ["ambiguous-number"]),
        ("+1", ["ambiguous-number"]), ("1.", ["ambiguous-number"]), (".5", ["ambiguous-number"]),
        ("'no'", []), ("true", []), ("1.5", []), ("2024-01-02", []), ("none", []), ("1.2.3", []),
        ("MFA-001", []), ("10.0.0.1", []), ("P30D", []), ("90 days", []),
    ],
)  # fmt: skip
def test_text_that_looks_typed_is_warned_about(written, rules):
    """What another YAML reader would take for a boolean, null or number is a warning."""
    document = load_yaml(f"a: {written}\n".encode(), "p.yaml")
    found = [(w.rule, w.severity, w.position) for w in document.warnings]
    assert found == [(rule, "warning", Position(1, 4)) for rule in rules]


def test_keys_are_always_text():
    """Keys that other readers merge stay apart, as they are written."""
    read = value("1: a\n1.0: b\ntrue: c\nyes: d\non: e\nnull: f\n2024-01-02: g\n")
    assert list(read) == ["1", "1.0", "true", "yes", "on", "null", "2024-01-02"]


REFUSED = {
    "duplicate key": ("a: 1\nb: 2\na: 3\n", [("duplicate-key", 3, 1)]),
    "duplicate key, quoted": ("a: 1\n'a': 2\n", [("duplicate-key", 2, 1)]),
    "duplicate key between braces": ("x: {a: 1, a: 2}\n", [("duplicate-key", 1, 11)]),
    "triple key": ("a: 1\na: 2\na: 3\n", [("duplicate-key", 2, 1), ("duplicate-key", 3, 1)]),
    "no value": ("a:\nb: 1\n", [("missing-value", 1, 1)]),
    "no value at the end": ("a: 1\nb:", [("missing-value", 2, 1)]),
    "no element": ("- 1\n-\n- 2\n", [("missing-value", 2, 1)]),
    "no value between braces": ("x: {a: 1, b: , c}\n",
                                [("missing-value", 1, 11), ("missing-value", 1, 16)]),
    "four keys that are one elsewhere": ("{1: , 1.0: , true: , yes: }", [
        ("missing-value", 1, 2), ("missing-value", 1, 7), ("missing-value", 1, 14),
        ("missing-value", 1, 22)]),
    "anchor": ("a: &x 1\n", [("anchor", 1, 4)]),
    "anchored mapping": ("a: &x\n  b: 1\n", [("anchor", 1, 4)]),
    "anchored key": ("&x a: 1\n", [("anchor", 1, 1)]),
    "alias": ("a: *x\n", [("alias", 1, 4)]),
    "alias as key": ("*x : 1\n", [("alias", 1, 1)]),
    "self alias": ("&a [*a]\n", [("anchor", 1, 1), ("alias", 1, 5)]),
    "alias bomb": ("a: &a [x, x]\nb: &b [*a, *a]\n",
                   [("anchor", 1, 4), ("anchor", 2, 4), ("alias", 2, 8), ("alias", 2, 12)]),
    "merge key": ("a:\n  <<: {b: 1}\n", [("merge-key", 2, 3)]),
    "tag of text": ("a: !!str 1\n", [("tag", 1, 4)]),
    "tag of a boolean": ("a: !!bool x\n", [("tag", 1, 4)]),
    "tag of a time": ("a: !!timestamp x\n", [("tag", 1, 4)]),
    "tag of python": ("a: !!python/object/apply:os.system [id]\n", [("tag", 1, 4)]),
    "tag after an anchor": ("a: &x !y z\n", [("anchor", 1, 4), ("tag", 1, 7)]),
    "tag in full": ("a: !<tag:yaml.org,2002:str> b\n", [("tag", 1, 4)]),
    "bare tag": ("a: ! b\n", [("tag", 1, 4)]),
    "tag without value": ("a: !!null\n", [("tag", 1, 4)]),
    "list as key": ("[a]: 1\n", [("complex-key", 1, 1)]),
    "mapping as key": ("? {a: b}\n: 1\n", [("complex-key", 1, 3)]),
    "block as key": ("? |\n  a\n: 1\n", [("complex-key", 1, 3)]),
    "several documents": ("a: 1\n---\nb: 2\n", [("several-documents", 2, 1)]),
    "directive": ("%YAML 1.2\n---\na: 1\n", [("directive", 1, 1)]),
    "tag directive": ("%TAG ! tag:x,2000:\n---\na: 1\n", [("directive", 1, 1)]),
    "unknown directive": ("%FOO\n---\na: 1\n", [("yaml-syntax", 1, 5)]),
    "tab before a key": ("a:\n\tb: 1\n", [("tab-indentation", 2, 1)]),
    "tab after spaces": ("a:\n  \tb: 1\n", [("tab-indentation", 2, 3)]),
    "tab in the first line": ("\ta: 1\n", [("tab-indentation", 1, 1)]),
    "tab between brackets": ("a: [\n\t1]\n", [("tab-indentation", 2, 1)]),
    "no-break space before a key": ("a: 1\n\u00a0b: 2\n", [("invisible-character", 2, 1)]),
    "no-break space after a colon": ("a: 1\nb:\u00a02\n", [("invisible-character", 2, 3)]),
    "no-break space before a comment": ("a: b\u00a0# c\n", [("invisible-character", 1, 5)]),
    "zero-width space": ("a: b\u200b\n", [("invisible-character", 1, 5)]),
    "mark in the middle": ("a: \ufeffb\n", [("invisible-character", 1, 4)]),
    "curly quotes": ("a: \u201cb\u201d\n", [("curly-quote", 1, 4)]),
    "curly quotes of a key": ("\u2018a\u2019: b\n", [("curly-quote", 1, 1)]),
    "empty": ("", [("empty-file",)]),
    "blank": (" \n\n", [("empty-file",)]),
    "only a comment": ("# nothing\n", [("empty-file",)]),
    "only a document start": ("---\n", [("empty-file",)]),
    "no space": ("a:1", [("missing-space", 1, 1)]),
    "no space, lines": ("id:x\ntitle:y\n", [("missing-space", 1, 1)]),
    "no space between braces": ("x: {a:1}\n", [("missing-space", 1, 5)]),
    "number beyond a float": ("a: 1e999\n", [("number-out-of-range", 1, 4)]),
    "5,000 digits": ("a: " + "1" * 5000, [("number-out-of-range", 1, 4)]),
    "41 levels": ("[" * 41 + "]" * 41, [("too-deep", 1, 41)]),
    "30,000 brackets": ("[" * 30_000, [("too-deep", 1, 41)]),
    "900,000 brackets": ("[" * 900_000, [("too-deep", 1, 41)]),
    "900,000 dashes": ("- " * 450_000, [("too-deep", 1, 81)]),
    "too large": ("# " + "x" * 1_000_000, [("file-too-large",)]),
    "too many values": ("[" + "1," * 100_001 + "1]", [("too-many-values", 1, 199_996)]),
    "control character": ("a: 1\nb: \x07\n", [("control-character", 2, 4)]),
    "NUL": ("abcd: \0\n", [("control-character", 1, 7)]),
    "escape character": ('a: "\x1b"\n', [("control-character", 1, 5)]),
    "bidirectional control": ("a: b\u202ec\n", [("control-character", 1, 5)]),
    "line separator": ("a: b\u2028c\n", [("control-character", 1, 5)]),
    "next line": ("a: b\x85c: d\n", [("control-character", 1, 5)]),
    "Latin-1": (b"a: 1\nb: \xe9\n", [("not-utf8", 2, 4)]),
    "encoded surrogate": (b"a: \xed\xa0\x80\n", [("not-utf8", 1, 4)]),
    "UTF-16": (b"\xff\xfe" + "a: 1".encode("utf-16-le"), [("encoding",)]),
    "UTF-16 without a mark": ("a: 1".encode("utf-16-be"), [("encoding",)]),
    "escaped surrogate": ('a: "\\ud800"\n', [("yaml-syntax", 1, 7)]),
    "unquoted filter": ("p: { path: users[?a=='b'].c, equals: x }\n",
                        [("unquoted-expression", 1, 17)]),
    "unquoted projection": ("é😀: { path: users[].id }\n", [("unquoted-expression", 1, 18)]),
    "unquoted current node": ("p: { path: @ }\n", [("unquoted-expression", 1, 12)]),
    "unquoted negation": ("p: {path: !a.b}\n", [("unquoted-expression", 1, 11)]),
    "unquoted negation and a space": ("p: { path: !a.b }\n", [("tag", 1, 12)]),
    "unquoted wildcard": ("p: { path: *.b }\n", [("unquoted-expression", 1, 12)]),
    "unquoted literal": ("p: `1`\n", [("unquoted-expression", 1, 4)]),
    "unquoted call": ("p: { path: contains(a, b) }\n", [("missing-value", 1, 24)]),
    "second colon": ("a: b: c\n", [("yaml-syntax", 1, 5)]),
    "no colon": ("a: 1\nb\nc: 1\n", [("yaml-syntax", 2, 1)]),
    "open quote": ("a: 'b\n", [("yaml-syntax", 1, 4)]),
    "open brace": ("a: { b: 1\nc: 2\n", [("yaml-syntax", 2, 2)]),
    "bad escape": ('a: "\\q"\n', [("yaml-syntax", 1, 5)]),
    "wrong indentation": ("a:\n  - x\n b: 1\n", [("yaml-syntax", 3, 2)]),
    "text after quotes": ("a: 'b' c\n", [("yaml-syntax", 1, 8)]),
}  # fmt: skip


@pytest.mark.parametrize(("data", "expected"), REFUSED.values(), ids=REFUSED)
def test_what_is_outside_the_subset_is_refused_at_its_place(data, expected):
    """Each violation has its rule, line and column."""
    assert refusals(data) == expected


@pytest.mark.parametrize("data", [data for data, _ in REFUSED.values()], ids=REFUSED)
@both_parsers
def test_every_refusal_says_what_to_do(data, parser, monkeypatch):
    """Message and help are there, whichever parser reads; nothing raw is printed."""
    monkeypatch.setattr(yaml_events, "LOADER", parser)
    with pytest.raises(PolicyError) as caught:
        load_yaml(data.encode() if isinstance(data, str) else data, "p.yaml")
    assert [p for p in caught.value.problems if not (p.message and p.help)] == []
    assert set("\x1b\x07\0\u202e") & set(str(caught.value)) == set()


def test_all_problems_of_a_file_are_shown_at_once():
    """Violations of every kind come together, in file order, warnings among them."""
    text = "a: 1\na: 2\nb: *x\nc: no\nd:\n[e]: !t f\n"
    assert refusals(text) == [
        ("duplicate-key", 2, 1), ("alias", 3, 4), ("ambiguous-word", 4, 4),
        ("missing-value", 5, 1), ("complex-key", 6, 1), ("tag", 6, 6),
    ]  # fmt: skip


def test_problems_before_a_syntax_error_are_shown_with_it():
    """A text that breaks off still shows what was wrong before."""
    assert refusals("a: 1\na: 2\nb: }\n") == [("duplicate-key", 2, 1), ("yaml-syntax", 3, 4)]


def test_a_thousand_problems_are_enough():
    """A hostile file is not read to its end."""
    assert len(refusals("a: 1\n" * 5000)) == 1000


def test_a_duplicate_key_names_the_first_place():
    """The message has the position of the first key, the problem that of the second."""
    with pytest.raises(PolicyError) as caught:
        load_yaml(b"x:\n  a: 1\n  a: 2\n", "p.yaml")
    assert str(caught.value) == (
        "p.yaml:3:3: error[duplicate-key]: `a` is already set at line 2, column 3\n"
        "  help: remove or rename one of the two\n"
        "    3 |   a: 2\n"
        "      |   ^\n"
        "  the first of the two would be ignored"
    )


def test_an_unquoted_expression_is_told_to_be_quoted():
    """What YAML breaks off at the bracket of an expression has its own help."""
    with pytest.raises(PolicyError) as caught:
        load_yaml(b"has one: { path: users[?a=='b'], equals: x }\n", "p.yaml")
    assert str(caught.value) == (
        "p.yaml:1:23: error[unquoted-expression]: `[` has a meaning of its own in YAML\n"
        "  help: put the expression in double quotes\n"
        "    1 | has one: { path: users[?a=='b'], equals: x }\n"
        "      |                       ^"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\ufeffa: 1\n", {"a": 1}),
        ("---\na: 1\n...\n", {"a": 1}),
        ('a: "b\u00a0c"\n', {"a": "b\u00a0c"}),
        ("a: it\u2019s\n", {"a": "it\u2019s"}),
        ("a: |\n  \u201cb\u201d\n", {"a": "\u201cb\u201d\n"}),
        ('"<<": b\n', {"<<": "b"}),
        ("a: 1\r\nb: >-\r\n  c\r\n  d\r\n", {"a": 1, "b": "c d"}),
        ("[" * 40 + "]" * 40, eval("[" * 40 + "]" * 40)),
        ("just text", "just text"),
    ],
)
@both_parsers
def test_what_is_harmless_is_read(text, expected, parser, monkeypatch):
    """A mark, a document start, quoted oddities and the limits themselves are accepted."""
    monkeypatch.setattr(yaml_events, "LOADER", parser)
    assert value(text) == expected


PLACES = "\ufeffé😀: { path: 'x', n: 1 }\nlist:\n  - first\n  -\n    deep: null\n"


@pytest.mark.parametrize(
    ("path", "of_value", "of_key"),
    [
        ((), (1, 1), (1, 1)),
        (("é😀",), (1, 5), (1, 1)),
        (("é😀", "path"), (1, 13), (1, 7)),
        (("é😀", "n"), (1, 21), (1, 18)),
        (("list", 0), (3, 5), (3, 5)),
        (("list", 1, "deep"), (5, 11), (5, 5)),
        (("list", 7, "x"), (3, 3), (2, 1)),
        (("list", 0, "x"), (3, 5), (3, 5)),
        (("nothing", "below"), (1, 1), (1, 1)),
    ],
)
def test_every_value_and_key_has_its_place(path, of_value, of_key):
    """Columns count characters; a path that leads nowhere gives its nearest ancestor."""
    document = load_yaml(PLACES.encode(), "p.yaml")
    assert (document.position(path), document.key_position(path)) == (
        Position(*of_value), Position(*of_key),
    )  # fmt: skip


def test_a_document_knows_its_file_and_lines():
    """Lines are the source's, without breaks and without the mark."""
    document = load_yaml("\ufeffa: 1\r\nb: é\n".encode(), "p.yaml")
    assert (document.file, document.lines) == ("p.yaml", ("a: 1", "b: é", ""))


def test_a_problem_of_a_value_has_place_line_and_width():
    """The caret spans the value."""
    document = load_yaml(b"a:\n  key: value\n", "p.yaml")
    problem = document.problem(("a", "key"), "r", "m", "h", consequence="c", severity="warning")
    assert (problem.position, problem.end, problem.source_line) == (
        Position(2, 8), Position(2, 13), "  key: value",
    )  # fmt: skip
    assert (problem.rule, problem.message, problem.help, problem.file, problem.consequence,
            problem.severity) == ("r", "m", "h", "p.yaml", "c", "warning")  # fmt: skip


def test_a_problem_of_a_key_spans_the_key():
    """The caret stands under the key, not the value."""
    document = load_yaml(b"a:\n  key: value\n", "p.yaml")
    problem = document.key_problem(("a", "key"), "r", "m")
    assert (problem.position, problem.end) == (Position(2, 3), Position(2, 6))


def test_a_problem_inside_a_text_spans_its_characters():
    """Offset and length count the characters that the author meant, not the escapes."""
    document = load_yaml(b'a: "x\\u0079\\tz"\n', "p.yaml")
    problem = document.problem(("a",), "r", "m", offset=1, length=2)
    assert (problem.position, problem.end) == (Position(1, 6), Position(1, 13))


@pytest.mark.parametrize(
    ("text", "end"),
    [("a: bc\n", (1, 6)), ("a: 'bc'\n", (1, 7)), ('a: "bc"\n', (1, 7)), ("a: ''\n", (1, 5)),
     ("a: |-\n  bc\n", (2, 5)), ("a: >-\n  b\n  c\n", (3, 4)), ("a: |\n", (1, 4))],
)  # fmt: skip
def test_past_the_text_is_where_it_ends(text, end):
    """An offset beyond the last character is the place after it."""
    assert load_yaml(text.encode(), "p.yaml").locate(("a",), 99) == Position(*end)


def test_an_offset_into_a_list_is_the_list():
    """What is no scalar has no characters: its own place is given."""
    assert load_yaml(b"a:\n  - b\n", "p.yaml").locate(("a",), 3) == Position(2, 3)


class Writer:
    """Writes a scalar character by character and remembers where each one went."""

    def __init__(self, source):
        self.source, self.text, self.places = source, "", []

    def put(self, character, written):
        """Write one character of the value as ``written``."""
        line = self.source.count("\n") + 1
        column = len(self.source) - self.source.rfind("\n")
        self.places.append(Position(line, column))
        self.text += character
        self.source += written


WORD = st.text("abé😀'\"#:\\\u00a0日", min_size=1, max_size=4)
WORDS = st.lists(WORD, min_size=1, max_size=4)
PLAIN_WORD = st.text("abé😀日'(", min_size=1, max_size=4).map("x{}".format)
START = "é😀:\n  - ok\n  - "
FLOW_BREAKS = st.sampled_from([" ", "\n    ", "\n\n    ", "\n  \n\n     "])


def flow(words, gaps, opening, closing, spell):
    """Write words in a flow style, with gaps that fold."""
    writer = Writer(START + opening)
    for number, word in enumerate(words):
        if number:
            gap = gaps[number - 1]
            if gap.count("\n") < 2:
                writer.put(" ", gap)
            else:
                head, *rest = gap.split("\n")
                writer.source += head + "\n" + rest[0]
                for blanks in rest[1:]:
                    writer.put("\n", "\n" + blanks)
        for character in word:
            writer.put(character, spell(character))
    writer.source += closing + "\n"
    return writer


def blocks(lines, header, indent, joint):
    """Write lines in a block style; ``joint`` is what a break between two lines stands for."""
    writer = Writer(f"{START}{header}\n")
    for number, line in enumerate(lines):
        writer.source += indent
        for character in line:
            writer.put(character, character)
        last = number == len(lines) - 1
        if not last or not header.endswith("-"):
            writer.put("\n" if last else joint, "\n")
        else:
            writer.source += "\n"
    return writer


def escaped(character):
    """Return a character as an escape of double quotes."""
    return {'"': '\\"', "\\": "\\\\", "\u00a0": "\\_", "a": "\\x61", "😀": "\\U0001F600",
            "é": "\\u00e9"}.get(character, character)  # fmt: skip


def gapped(words):
    """Return a strategy for words and the gaps between them."""
    return st.tuples(words, st.lists(FLOW_BREAKS, min_size=4, max_size=4))


LINES = st.lists(WORD.map("x{}".format), min_size=1, max_size=4)
INDENTS = st.sampled_from(["    ", "     ", "        "])
WRITTEN = st.one_of(
    gapped(st.lists(PLAIN_WORD, min_size=1, max_size=4)).map(lambda w: flow(*w, "", "", str)),
    gapped(WORDS).map(lambda w: flow(*w, "'", "'", lambda c: c * 2 if c == "'" else c)),
    gapped(WORDS).map(lambda w: flow(*w, '"', '"', escaped)),
    st.tuples(LINES, st.sampled_from(["|", "|-", "|+"]), INDENTS).map(lambda w: blocks(*w, "\n")),
    st.tuples(LINES, st.sampled_from([">", ">-", ">+"]), INDENTS).map(lambda w: blocks(*w, " ")),
    LINES.map(lambda lines: blocks([f" {line}" for line in lines], "|2", "    ", "\n")),
    LINES.map(lambda lines: blocks([f" {line}" for line in lines], ">2-", "    ", "\n")),
)


@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
@given(written=WRITTEN)
def test_each_character_of_a_scalar_is_found_in_the_source(line_break, written):
    """Whatever the style, every character of the text is located where it was written."""
    data = written.source.replace("\n", line_break).encode()
    document = load_yaml(data, "p.yaml")
    path = ("é😀", 1)
    assert document.value["é😀"][1] == written.text
    assert [document.locate(path, n) for n in range(len(written.text))] == written.places


@pytest.mark.parametrize(
    ("text", "value", "places"),
    [
        ('a: "b\\\n   c"\n', "bc", [(1, 5), (2, 4)]),
        ('a: "b\\\n   \\ \\/"\n', "b /", [(1, 5), (2, 4), (2, 6)]),
        ("a: >-\n  b\n   c\n\n  d\n", "b\n c\n\nd",
         [(2, 3), (2, 4), (3, 3), (3, 4), (3, 5), (4, 1), (5, 3)]),
        ("a: |\n\n  b", "\nb", [(2, 1), (3, 3)]),
        ("a: >- # why\n  b\n\n\n  c\n\n", "b\n\nc", [(2, 3), (3, 1), (4, 1), (5, 3)]),
    ],
)  # fmt: skip
@both_parsers
def test_rare_foldings_are_located(text, value, places, parser, monkeypatch):
    """Escaped breaks, more indented lines, leading blank lines and header comments count."""
    monkeypatch.setattr(yaml_events, "LOADER", parser)
    document = load_yaml(text.encode(), "p.yaml")
    found = [document.locate(("a",), n) for n in range(len(value))]
    assert (document.value["a"], found) == (value, [Position(*place) for place in places])


@given(st.text("ab:-?[]{},&*!|>'\"%@`# \n\t~<0é😀\u00a0\u201c\x07", max_size=24))
def test_any_text_is_read_or_refused(text):
    """No text raises anything but PolicyError, and every problem can be shown."""
    try:
        load_yaml(f"a: {text}".encode(), "p.yaml")
    except PolicyError as error:
        shown = str(error)
        assert shown.startswith("p.yaml")


TEXT = st.text(st.characters(codec="utf-8"))
TEXTS = st.recursive(
    TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=10,
)


@given(TEXTS)
def test_any_text_can_be_written_inside_the_subset(value):
    """What another program writes in double quotes, control characters escaped, is read back."""
    text = yaml.safe_dump(value, default_style='"', allow_unicode=False, width=1_000_000)
    assert load_yaml(text.encode(), "p.yaml").value == value
