"""JSON as it is exported: whatever the encoding, and a plain word for whatever is wrong with it."""

from __future__ import annotations

import codecs
import re
from typing import Any, Final

import msgspec

from tenantproof.problem import Problem, SnapshotError, quoted
from tenantproof.textfile import not_utf8, problem_in

Value = None | bool | int | float | str | list["Value"] | dict[str, "Value"]

DEEPEST: Final = 200
UTF_16: Final = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
UTF_32: Final = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
LONGEST_INTEGER: Final = 4300

EXPORT_AGAIN: Final = "export it again"
AS_UTF8: Final = "save the file as UTF-8, in PowerShell with `Out-File -Encoding utf8`"

_BYTE: Final = re.compile(r" \(byte (\d+)\)$")
_EXPECTED: Final = re.compile(r"Expected `(?P<want>[^`]+)`, got `(?P<got>[^`]+)`")
_AT: Final = re.compile(r" - at `\$\.?(?P<path>.*)`$", re.DOTALL)
_NUMBER: Final = re.compile(rb'"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*', re.DOTALL)
_ESCAPE: Final = re.compile(rb"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)
_BARE_WORD: Final = re.compile(rb"-?(?:NaN|Infinity|nan|inf)\b")

PLAIN_TYPES: Final = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "object": "an object",
    "array": "a list",
    "null": "null",
}
# What msgspec says, what we say, what to do.
SYNTAX: Final = (
    ("trailing comma in", "there is a comma with nothing after it", "remove the comma"),
    ("object keys must be strings", "a property name must stand in double quotes", EXPORT_AGAIN),
    ("expected ',' or", "a comma or a closing bracket is missing here", EXPORT_AGAIN),
    ("expected ':'", "a colon is missing here", EXPORT_AGAIN),
    ("trailing characters", "something follows the end of the JSON value",
     "a file holds one JSON value; give a log of one object per line the name `.ndjson`"),
    ("invalid number", "this is not a JSON number", "put it in double quotes if it is text"),
    ("invalid escape character", "this is not a JSON escape", "write a backslash as `\\\\`"),
    ("escape", "this escape is not complete", EXPORT_AGAIN),
    ("object keys", "a property name is missing here", EXPORT_AGAIN),
)  # fmt: skip
Fault = msgspec.DecodeError | UnicodeDecodeError | RecursionError


def load_json(data: bytes, file: str) -> Value:
    """Return the value of a JSON file in UTF-8 or, with a byte-order mark, UTF-16.

    Raises SnapshotError with one problem when the data are no JSON, or hold what no later part
    could judge: NaN, numbers out of range, lone surrogates, more than 200 levels.
    """
    clean = decode_bytes(data, file)
    try:
        value: Value = msgspec.json.decode(clean)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SnapshotError([json_problem(error, clean, file)]) from None
    if _is_deeper(value, DEEPEST):
        raise SnapshotError([_too_deep(file)])
    return value


def decode_bytes(data: bytes, file: str) -> bytes:
    """Return the data as UTF-8 without a byte-order mark; clean data come back uncopied.

    Raises SnapshotError for UTF-16 without a mark, UTF-32, and bytes that are no text. Blank
    data are clean: what they mean is for the caller to say.
    """
    if data.startswith(UTF_32):
        raise SnapshotError([Problem("encoding", "the file is UTF-32", AS_UTF8, file)])
    encoding = UTF_16.get(data[:2])
    if encoding:
        return _from_utf16(data[2:], encoding, file)
    if b"\0" in data[:4]:
        message = "the file is UTF-16 without a byte-order mark, or not text at all"
        raise SnapshotError([Problem("encoding", message, AS_UTF8, file)])
    return _checked_utf8(data.removeprefix(codecs.BOM_UTF8), file)


def json_problem(error: Fault, data: bytes, file: str) -> Problem:
    """Return in plain words what msgspec, or Python's decoder, found wrong with ``data``.

    ``data`` are the UTF-8 bytes that were decoded; the position is exact where the decoder names
    the byte, and of the first offender where it can be found again.
    """
    if isinstance(error, RecursionError):
        return _too_deep(file)
    if isinstance(error, UnicodeDecodeError):
        return _broken_text(data, file)
    if isinstance(error, msgspec.ValidationError):
        return _unfit_value(str(error), data, file)
    return _malformed(str(error), data, file)


def _from_utf16(data: bytes, encoding: str, file: str) -> bytes:
    try:
        return data.decode(encoding).encode()
    except UnicodeDecodeError:
        message = "the file is UTF-16 with a broken character, or cut in the middle of one"
        raise SnapshotError([Problem("encoding", message, EXPORT_AGAIN, file)]) from None


def _checked_utf8(data: bytes, file: str) -> bytes:
    if data.isascii():
        return data
    try:
        data.decode()
    except UnicodeDecodeError as error:
        raise SnapshotError([not_utf8(data, file, error)]) from None
    return data


def _is_deeper(value: Value, limit: int) -> bool:
    level: list[Any] = [value]
    for _ in range(limit):
        containers = [item for item in level if isinstance(item, list | dict)]
        level = [
            child
            for item in containers
            for child in (item.values() if isinstance(item, dict) else item)
        ]
    return any(isinstance(item, list | dict) for item in level)


def _too_deep(file: str) -> Problem:
    return Problem("too-deep", f"the JSON is nested more than {DEEPEST} levels deep",
                   "no export of Microsoft Graph is: look what wrote this file", file)  # fmt: skip


def _broken_text(data: bytes, file: str) -> Problem:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return not_utf8(data, file, error)
    return Problem("not-utf8", "the file holds bytes that are not UTF-8 text", AS_UTF8, file)


def _malformed(said: str, data: bytes, file: str) -> Problem:
    if "surrogate" in said or "hex escape" in said or "truncated" in said:
        lone = _lone_surrogate(data)
        if lone is not None:
            return problem_in(data, file, lone, "lone-surrogate",
                              "this escape is half a character", EXPORT_AGAIN)  # fmt: skip
    if not data.strip():
        return Problem("blank-file", "the file is blank", EXPORT_AGAIN, file)
    byte = _BYTE.search(said)
    if byte is None:
        return problem_in(data, file, len(data.rstrip()), "truncated",
                          "the file ends in the middle of a JSON value",
                          f"{EXPORT_AGAIN}: the export was cut short")  # fmt: skip
    return _syntax(said, data, file, int(byte.group(1)))


def _syntax(said: str, data: bytes, file: str, offset: int) -> Problem:
    if data.lstrip().startswith(b"<"):
        return problem_in(data, file, offset, "not-json", "this is a web page or XML, not JSON",
                          "export it again: a sign-in page may have been saved")  # fmt: skip
    word = _BARE_WORD.match(data, max(offset - 1, 0)) or _BARE_WORD.match(data, offset)
    if word:
        text = word.group().decode()
        return problem_in(data, file, word.start(), "not-a-number",
                          f"JSON has no number `{text}`", "write null or a number")  # fmt: skip
    for known, message, remedy in SYNTAX:
        if known in said:
            place = _first_faulty(known, data, offset)
            return problem_in(data, file, place, "json-syntax", message, remedy)
    return _unexpected(data, file, offset)


def _first_faulty(said: str, data: bytes, offset: int) -> int:
    """Return the first faulty byte; msgspec points past what follows a value, and into escapes."""
    if "escape" in said:
        return max(data.rfind(b"\\", 0, offset), 0)
    return offset - 1 if said == "trailing characters" else offset


def _unexpected(data: bytes, file: str, offset: int) -> Problem:
    found = data[offset : offset + 4].decode("utf-8", "ignore")[:1]
    message = f"this is not JSON: unexpected {quoted(found)}" if found else "this is not JSON"
    return problem_in(data, file, offset, "json-syntax", message, EXPORT_AGAIN)


def _unfit_value(said: str, data: bytes, file: str) -> Problem:
    if "out of range" in said:
        return _out_of_range(data, file)
    place = _AT.search(said)
    path = place["path"] if place else ""
    text = _AT.sub("", said)
    types = _EXPECTED.search(text)
    message = f"expected {_types(types['want'])}, found {_types(types['got'])}" if types else text
    where = f"{quoted(path)}: " if path else ""
    return Problem("json-type", f"{where}{message[:1].lower()}{message[1:]}",
                   "compare with `docs/exporting.md`", file)  # fmt: skip


def _types(said: str) -> str:
    return " or ".join(PLAIN_TYPES.get(name, name) for name in said.split(" | "))


def _out_of_range(data: bytes, file: str) -> Problem:
    message, remedy = "this number is too large to be judged", EXPORT_AGAIN
    for match in _NUMBER.finditer(data):
        if not match.group().startswith(b'"') and _is_huge(match.group()):
            return problem_in(data, file, match.start(), "number-out-of-range", message, remedy)
    return Problem("number-out-of-range", "a number is too large to be judged", remedy, file)


def _is_huge(number: bytes) -> bool:
    if number.lstrip(b"-").isdigit():
        return len(number) >= LONGEST_INTEGER
    try:
        return abs(float(number)) == float("inf")
    except ValueError:
        return False


def _lone_surrogate(data: bytes) -> int | None:
    """Return the offset of the first escaped half of a surrogate pair that lacks the other."""
    high: re.Match[bytes] | None = None
    for match in _ESCAPE.finditer(data):
        code = int(match.group(1) or b"0", 16)
        if high and not (0xDC00 <= code < 0xE000 and match.start() == high.end()):
            return high.start()
        if not high and 0xDC00 <= code < 0xE000:
            return match.start()
        high = match if 0xD800 <= code < 0xDC00 else None
    return high.start() if high else None
