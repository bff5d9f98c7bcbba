"""The door to JSON Schema: whether a document has the shape that its format asks for.

The schemas lie in ``schemas/``. Of the validator's errors only the places are used: its messages
quote whole values, so the words are our own. Two annotations help them: ``x-words`` says what has
to stand in a place, ``x-operators`` that the keys under ``oneOf`` are operators.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from tenantproof.bundled import schemas
from tenantproof.document import Document, Path
from tenantproof.problem import Problem, did_you_mean, in_file_order, quoted

if TYPE_CHECKING:
    from jsonschema import ValidationError

TYPE_WORDS: Final = {
    "string": "text", "integer": "a whole number", "number": "a number", "array": "a list",
    "boolean": "`true` or `false`", "object": "keys and values", "null": "null",
}  # fmt: skip
REMEDIES: Final = {
    "string": "write one text; quotes make text of anything",
    "integer": "write a whole number without quotes",
    "number": "write a number without quotes",
    "array": "put it between `[` and `]`",
    "boolean": "write `true` or `false`",
    "object": "write keys and values below it, further to the right",
}
EMPTY_REMEDIES: Final = {
    "minLength": "write a text",
    "minItems": "write at least one element",
    "minProperties": "write at least one key with its value",
}
NO_EFFECT: Final = "it would have no effect"


def check(document: Document, schema_name: str) -> list[Problem]:
    """Return what is wrong with a document's shape, in file order; nothing where it fits.

    `schema_name` is that of a file in ``schemas/`` without its ending: ``policy``, ``pack``,
    ``requirements``, ``declarations``, ``fixture``, ``snapshot`` or ``report``.
    """
    reading = _Reading(document, deepcopy(document.value))
    try:
        faults = _to_tell(reading.settled(_faults_of(schema_name)))
    except RecursionError:
        return [document.problem((), "too-deep", "the file is nested too deeply to be checked",
                                 "divide it into several policies that name each other")]
    told = [problem for fault in faults for problem in TELLERS[fault.keyword](reading, fault)]
    return in_file_order(dict.fromkeys((*reading.problems, *told)))


@dataclass(frozen=True, slots=True, eq=False)
class _Fault:
    """What one keyword of a schema objects to; `of_key` where the value is a key of the object."""

    keyword: str
    path: Path
    value: Any
    wanted: Any
    schema: Mapping[str, Any]
    of_key: bool


Faults = Callable[[Any], list[_Fault]]


@cache
def _faults_of(name: str) -> Faults:
    """Return the function that finds a value's faults by a schema, which is read but once.

    jsonschema is imported here, since that takes longer than all other imports together. The
    empty registry keeps it from fetching what a reference names.
    """
    from jsonschema import Draft202012Validator, ValidationError, validators
    from referencing import Registry

    def pattern(validator: Any, wanted: str, value: Any, schema: Any) -> Iterator[ValidationError]:
        # Python's `$` also stands before a last line break, JSON Schema's does not
        exact = re.sub(r"\$$", r"\\Z", wanted)
        if isinstance(value, str) and not re.search(exact, value):
            yield ValidationError("")

    schema = json.loads((schemas() / f"{name}.schema.json").read_bytes())
    extend: Any = validators.extend
    validator: Any = extend(Draft202012Validator, {"pattern": pattern})(schema, registry=Registry())
    return lambda value: [_fault(error) for error in validator.iter_errors(value)]


def _fault(error: ValidationError) -> _Fault:
    schema: Any = error.schema
    of_key = list(error.absolute_schema_path)[-2:-1] == ["propertyNames"]
    return _Fault(str(error.validator), tuple(error.absolute_path), error.instance,
                  error.validator_value, schema, of_key)


@dataclass(slots=True)
class _Reading:
    """A document as it was probably meant, with misspelt keys put right.

    Only so can a misspelling be told as one problem, and not as an unknown key, a missing one and
    what else follows. `written` holds what was put right: the path of the new key, the old key;
    `excused` the conditions in which an unknown key stands for the operator.
    """

    document: Document
    value: Any
    problems: list[Problem] = field(default_factory=list)
    written: dict[Path, str] = field(default_factory=dict)
    excused: set[Path] = field(default_factory=set)

    def settled(self, faults_of: Faults) -> list[_Fault]:
        """Put all keys right, and return the faults that are left."""
        while True:
            faults = faults_of(self.value)
            unknown = {f.path: f for f in faults if f.keyword == "additionalProperties"}
            if not unknown:
                return [f for f in faults if f.keyword != "oneOf" or f.path not in self.excused]
            for fault in unknown.values():
                self._put_right(fault)

    def _put_right(self, fault: _Fault) -> None:
        here = self._at(fault.path)
        right: dict[str, Any] = {}
        for key, value in here.items():
            if key in fault.schema["properties"]:
                right[key] = value
                continue
            better = did_you_mean(key, fault.schema["properties"])
            better = "" if better in here or better in right else better
            self.problems.append(self._unknown_key(fault, key, better, {*here, *right}))
            if better:
                right[better] = value
                self.written[(*fault.path, better)] = key
        here.clear()
        here.update(right)

    def _at(self, path: Path) -> Any:
        value = self.value
        for step in path:
            value = value[step]
        return value

    def _unknown_key(self, fault: _Fault, key: str, better: str, present: set[str]) -> Problem:
        operators = _branches(fault.schema) if "x-operators" in fault.schema else []
        is_missed = operators and not present & set(operators)
        if better in operators or (is_missed and not better):
            self.excused.add(fault.path)
            message, known = f"there is no operator {quoted(key)}", operators
        else:
            message, known = f"there is no key {quoted(key)} here", list(fault.schema["properties"])
        return self.document.key_problem(
            self.place((*fault.path, key)), "unknown-key", message,
            f"did you mean `{better}`?" if better else f"there are {_listed(known, 'and')}",
            consequence=NO_EFFECT,
        )

    def place(self, path: Path) -> Path:
        """Return where a path of the corrected value leads in the document as it was written."""
        return tuple(self.written.get(path[: i + 1], step) for i, step in enumerate(path))

    def problem(self, fault: _Fault, rule: str, message: str, help: str) -> Problem:
        """Return a problem at the value that a fault is about, or at the key where it is one."""
        if fault.of_key:
            return self.key_problem(fault, fault.value, rule, message, help)
        return self.document.problem(self.place(fault.path), rule, message, help)

    def key_problem(self, fault: _Fault, key: str, rule: str, message: str, help: str) -> Problem:
        """Return a problem at a key of the object that a fault is about."""
        return self.document.key_problem(self.place((*fault.path, key)), rule, message, help)


# --- words --------------------------------------------------------------------------------------


def _branches(schema: Mapping[str, Any]) -> list[str]:
    """Return the keys of which one has to be there."""
    return [branch["required"][0] for branch in schema.get("oneOf") or schema["anyOf"]]


def _shown(value: Any) -> str:
    return quoted(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _listed(values: Iterable[Any], joint: str) -> str:
    *first, last = map(_shown, values)
    return f"{', '.join(first)} {joint} {last}" if first else last


def _subject(fault: _Fault) -> str:
    if fault.of_key:
        return "this label"
    if not fault.path:
        return "the file"
    names = [step for step in fault.path if isinstance(step, str)]
    inside = "" if isinstance(fault.path[-1], str) else "an element of "
    return f"{inside}{quoted(names[-1])}"


def _given(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return _shown(value)
    kinds: dict[type, str] = {str: "text", list: "a list", dict: "keys and values"}
    return kinds.get(type(value), "a number")


# --- one function per keyword -------------------------------------------------------------------


def _to_tell(faults: list[_Fault]) -> list[_Fault]:
    """Return the faults but those that a wrong type at the same place explains."""
    mistyped = {fault.path for fault in faults if fault.keyword == "type"}
    return [fault for fault in faults if fault.keyword == "type" or fault.path not in mistyped]


Told = Iterator[Problem]


def _tell_type(reading: _Reading, fault: _Fault) -> Told:
    types = [fault.wanted] if isinstance(fault.wanted, str) else fault.wanted
    words = fault.schema.get("x-words")
    wanted = words or " or ".join(TYPE_WORDS[name] for name in types)
    yield reading.problem(
        fault, "wrong-type", f"{_subject(fault)} takes {wanted}, not {_given(fault.value)}",
        f"write {words}" if words else REMEDIES[types[0]],
    )


def _tell_enum(reading: _Reading, fault: _Fault) -> Told:
    better = did_you_mean(fault.value, filter(None, fault.wanted))
    yield reading.problem(
        fault, "unknown-value", f"{_subject(fault)} cannot be {_shown(fault.value)}",
        f"did you mean `{better}`?" if better else f"write {_listed(fault.wanted, 'or')}",
    )


def _tell_const(reading: _Reading, fault: _Fault) -> Told:
    wanted = _shown(fault.wanted)
    yield reading.problem(
        fault, "unknown-value", f"{_subject(fault)} is {wanted}, not {_shown(fault.value)}",
        f"write {wanted}; a file of another format needs another version of tenantproof",
    )


def _tell_pattern(reading: _Reading, fault: _Fault) -> Told:
    if "array" in fault.schema["type"]:
        yield reading.problem(
            fault, "wrong-type",
            f"{_subject(fault)} takes a list, and {_shown(fault.value)} is one text",
            f"put it between `[` and `]`: {quoted(f'[{fault.value}]')}",
        )
        return
    words = fault.schema["x-words"]
    yield reading.problem(
        fault, "wrong-form", f"{_shown(fault.value)} is not {words}", f"write {words}"
    )


def _tell_empty(reading: _Reading, fault: _Fault) -> Told:
    message = f"{_subject(fault)} is empty"
    yield reading.problem(fault, "empty", message, EMPTY_REMEDIES[fault.keyword])


def _tell_minimum(reading: _Reading, fault: _Fault) -> Told:
    least = _shown(fault.wanted)
    yield reading.problem(
        fault, "too-small", f"{_subject(fault)} is at least {least}, not {_shown(fault.value)}",
        f"write {least} or more",
    )


def _tell_required(reading: _Reading, fault: _Fault) -> Told:
    for key in fault.wanted:
        if key not in fault.value:
            yield reading.problem(fault, "missing-key", f"`{key}` is missing", f"add `{key}`")


def _tell_any_of(reading: _Reading, fault: _Fault) -> Told:
    keys = _listed(_branches(fault.schema), "or")
    yield reading.problem(fault, "missing-key", f"{keys} is missing", f"add {keys}")


def _tell_one_of(reading: _Reading, fault: _Fault) -> Told:
    operators = _branches(fault.schema)
    present = [key for key in fault.value if key in operators]
    if present:
        yield reading.key_problem(
            fault, present[1], "several-operators",
            f"a condition has one operator, and this has {_listed(present, 'and')}",
            "write a clause of its own for each",
        )
        return
    yield reading.problem(fault, "no-operator", "this condition has no operator",
                          f"there are {_listed(operators, 'and')}")


def _tell_not(reading: _Reading, fault: _Fault) -> Told:
    keys = fault.wanted["required"]
    message = f"{_listed(keys, 'and')} exclude each other"
    yield reading.key_problem(fault, keys[-1], "excluding-keys", message, "keep one of them")


TELLERS: Final[dict[str, Callable[[_Reading, _Fault], Told]]] = {
    "type": _tell_type,
    "enum": _tell_enum,
    "const": _tell_const,
    "pattern": _tell_pattern,
    "minLength": _tell_empty,
    "minItems": _tell_empty,
    "minProperties": _tell_empty,
    "minimum": _tell_minimum,
    "required": _tell_required,
    "anyOf": _tell_any_of,
    "oneOf": _tell_one_of,
    "not": _tell_not,
}
