"""What is read as JSON, what is refused, and where it says the fault is."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenantproof.document import decode_bytes, json_problem, load_json
from tenantproof.json_keys import duplicate_keys
from tenantproof.problem import Position, SnapshotError

TEXT = '{"a": ["é", 1, 2.5, true, null]}'
VALUE = {"a": ["é", 1, 2.5, True, None]}


def refusal(data):
    """Return the one problem that the data are refused with."""
    with pytest.raises(SnapshotError) as caught:
        load_json(data, "users.json")
    assert len(caught.value.problems) == 1
    return caught.value.problems[0]


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        b"\xff\xfe" + TEXT.encode("utf-16-le"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
    ],
)
def test_every_encoding_of_an_exporter_gives_the_same_value(data):
    """UTF-8 with and without a mark and UTF-16 with one are read alike."""
    assert load_json(data, "f") == VALUE


REFUSED = {
    "blank": (b"", "blank-file", None),
    "white space": (b" \n\t", "blank-file", None),
    "only a mark": (b"\xef\xbb\xbf", "blank-file", None),
    "UTF-16 without a mark": (TEXT.encode("utf-16-le"), "encoding", None),
    "UTF-16 big-endian without a mark": (TEXT.encode("utf-16-be"), "encoding", None),
    "UTF-32": (b"\xff\xfe\0\0" + TEXT.encode("utf-32-le"), "encoding", None),
    "UTF-16 cut in a character": (b"\xff\xfe{\0}", "encoding", None),
    "UTF-16 lone surrogate": (b"\xff\xfe\"\0\x00\xd8\"\0", "encoding", None),
    "Latin-1": (b'{"a":\n "\xe9t\xe9"}', "not-utf8", Position(2, 3)),
    "column counts characters": ('{"é😀": "'.encode() + b'\xff"}', "not-utf8", Position(1, 9)),
    "encoded surrogate": (b'"\xed\xa0\x80"', "not-utf8", Position(1, 2)),
    "web page": (b"<!DOCTYPE html>", "not-json", Position(1, 1)),
    "plain text": (b"Access denied", "json-syntax", Position(1, 1)),
    "truncated": (b'{"value": [{"id": "1"}, {"id', "truncated", Position(1, 29)),
    "truncated after a line": (b'[\n1,\n', "truncated", Position(2, 3)),
    "trailing comma in object": (b'{"a": 1,}', "json-syntax", Position(1, 9)),
    "trailing comma in list": (b"[1,]", "json-syntax", Position(1, 4)),
    "single quotes": (b"{'a': 1}", "json-syntax", Position(1, 2)),
    "bare key": (b"{a: 1}", "json-syntax", Position(1, 2)),
    "no comma": (b'[1\n 2]', "json-syntax", Position(2, 2)),
    "no colon": (b'{"a" 1}', "json-syntax", Position(1, 6)),
    "two values": (b'{}\n{}', "json-syntax", Position(2, 1)),
    "leading zero": (b"[01]", "json-syntax", Position(1, 3)),
    "bad escape": (b'["\\x41"]', "json-syntax", Position(1, 3)),
    "half an escape": (b'["\\u12"]', "json-syntax", Position(1, 3)),
    "raw line break in text": (b'"a\nb"', "json-syntax", Position(1, 3)),
    "NUL": (b'["abcd\0"]', "json-syntax", Position(1, 7)),
    "NaN": (b'{"a": NaN}', "not-a-number", Position(1, 7)),
    "Infinity": (b"[Infinity]", "not-a-number", Position(1, 2)),
    "negative Infinity": (b"[-Infinity]", "not-a-number", Position(1, 2)),
    "high surrogate": (b'{"a": "\\ud800"}', "lone-surrogate", Position(1, 8)),
    "low surrogate": (b'["x", "\\udc00"]', "lone-surrogate", Position(1, 8)),
    "surrogate and letter": (b'["\\ud83d\\u0041"]', "lone-surrogate", Position(1, 3)),
    "surrogate at the end": (b'"\\ud800"', "lone-surrogate", Position(1, 2)),
    "surrogate in a key": (b'{"\\ud800": 1}', "lone-surrogate", Position(1, 3)),
    "number beyond a float": (b'["1e999",\n 1e999]', "number-out-of-range", Position(2, 2)),
    "negative beyond a float": (b"[-1e999]", "number-out-of-range", Position(1, 2)),
    "5,000 digits": (b"[1, " + b"1" * 5000 + b"]", "number-out-of-range", Position(1, 5)),
    "201 levels": (b"[" * 201 + b"]" * 201, "too-deep", None),
    "10,000 levels": (b"[" * 10_000 + b"]" * 10_000, "too-deep", None),
    "100,000 levels": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "too-deep", None),
    "a million brackets": (b"[" * 1_000_000, "too-deep", None),
}  # fmt: skip


@pytest.mark.parametrize(("data", "rule", "position"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_judged_is_refused(data, rule, position):
    """Damaged JSON is refused under its own rule, at its place where there is one."""
    problem = refusal(data)
    assert (problem.rule, problem.file, problem.position) == (rule, "users.json", position)


@pytest.mark.parametrize(("data", "rule", "position"), REFUSED.values(), ids=REFUSED)
def test_every_refusal_has_a_message_and_a_help(data, rule, position):
    """A refusal says what is wrong and what to do, and can be printed."""
    problem = refusal(data)
    assert (problem.message != "", problem.help != "") == (True, True)
    assert str(SnapshotError([problem])).encode().startswith(b"users.json")


def test_two_hundred_levels_are_read():
    """The limit itself is within the limit."""
    assert load_json(b"[" * 200 + b"]" * 200, "f") == json.loads("[" * 200 + "]" * 200)


def test_a_pair_of_surrogate_escapes_is_one_character():
    """Both halves of an escaped character are read as that character."""
    assert load_json(b'"\\ud83d\\ude00"', "f") == "😀"


def test_large_integers_keep_every_digit():
    """A number of twenty digits is not rounded."""
    assert load_json(b"12345678901234567890123", "f") == 12345678901234567890123


@pytest.mark.parametrize("data", [b"", b"  ", b"{}", "é".encode()])
def test_clean_bytes_come_back_uncopied(data):
    """What is UTF-8 without a mark is the very same object."""
    assert decode_bytes(data, "f") is data


def test_the_mark_is_removed():
    """A byte-order mark is no part of the clean bytes."""
    assert decode_bytes(b"\xef\xbb\xbf{}", "f") == b"{}"


class Numbered(msgspec.Struct):
    """A record with a typed property."""

    count: int


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'[{"count": "1"}]', "`[0].count`: expected a whole number, found text"),
        (b'{"count": 1}', "expected a list, found an object"),
        (b"[{}]", "`[0]`: object missing required field `count`"),
    ],
)
def test_a_wrong_type_is_named_in_plain_words(data, message):
    """A typed loader's fault names the property and no Python type."""
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.json.decode(data, type=list[Numbered])
    problem = json_problem(caught.value, data, "f")
    assert (problem.rule, problem.message) == ("json-type", message)


def test_no_line_of_megabytes_is_quoted():
    """A fault deep in a one-line file names the column and quotes nothing."""
    problem = refusal(b'["' + b"a" * 100_000 + b'", x]')
    assert (problem.position, problem.source_line) == (Position(1, 100_006), "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1, "b": 2}', []),
        ('[{"a": 1}, {"a": 1}]', []),
        ('{"a": "a", "b": ["a", "a"]}', []),
        ('{"a": 1,\n "a": 2}', [("", "a", Position(2, 2))]),
        ('{"u": [{}, {"é": 1, "x": {"y": "{,\\""}, "é": 2}]}', [("/u/1", "é", Position(1, 41))]),
        ('{"a/b~": {"k": 1, "\\u006b": 2}}', [("/a~1b~0", "k", Position(1, 19))]),
        ('{"a": 1, "a": 2, "a": 3}', [("", "a", Position(1, 10)), ("", "a", Position(1, 18))]),
    ],
)
def test_duplicate_keys_are_found_where_they_stand(text, expected):
    """Every repetition is reported with its object's pointer; equal keys elsewhere are not."""
    assert list(duplicate_keys(text.encode())) == expected


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=20,
)  # fmt: skip


@given(JSON_VALUES, st.booleans())
def test_any_json_value_is_read_back(value, ascii_only):
    """What a serialiser writes is what is read, with no key found twice."""
    data = json.dumps(value, ensure_ascii=ascii_only).encode()
    assert (load_json(data, "f"), list(duplicate_keys(data))) == (value, [])


@given(st.binary(max_size=30) | st.text('{}[]",:\\u0daNe1-. \n', max_size=20).map(str.encode))
def test_any_bytes_are_read_or_refused(data):
    """No bytes raise anything but SnapshotError."""
    try:
        load_json(data, "f")
    except SnapshotError as error:
        assert str(error).startswith("f")  # noqa: PT017 most bytes are refused, not all
