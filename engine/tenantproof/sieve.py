"""The fast road through a check's subjects: which ones need a closer look, and how many do not.

For each check a Python function is generated that runs through all subjects in one loop. It answers
only what is certain; whatever is unknown, or raises, is left to the slow road, which alone gives
reasons. Into the source go attribute names and numbers, never text of a policy.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

from tenantproof.clause import Clause, Condition, Scope
from tenantproof.language.expression import Expression, for_many
from tenantproof.language.functions import Step
from tenantproof.language.grammar import Node
from tenantproof.policy import Quantified
from tenantproof.quick import MEMBERSHIP, Quick, fixed_answers, prepared
from tenantproof.records import attribute
from tenantproof.shape import Shape
from tenantproof.verdict import Unknown

OUT, MET, UNMET, OPEN = range(4)
"""Not among the subjects; a subject that satisfies every clause; one that does not; not certain."""

FEW: Final = 16
"""Up to so many subjects a closer look at each takes no longer than making the loop."""
_met: Counter[Quantified] = Counter()

Loop = Callable[[Sequence[Any], Sequence[Quick], Mapping[int, Step]], bytearray]
NOT_OURS: Final = frozenset(dir(Unknown)) | {"shape"}
BY_KIND: Final = {
    "boolean": ("v is True", "q{n}.of_true", "v is False", "q{n}.of_false"),
    "text": ("v.__class__ is str", "q{n}.of_text(v)"),
    "number": ("v.__class__ is int", "q{n}.of_integer(v)"),
    "list": ("v.__class__ is list", "q{n}.of_list(v) if v else q{n}.of_empty"),
}


def sieved(check: Quantified, values: Sequence[Any], scope: Scope) -> bytes:
    """Return one code for each subject value; all are open where few values are met."""
    _met[check] += len(values)
    if _met[check] < FEW:
        return bytes([OPEN]) * len(values)
    loop, paths = _loop(check)
    quick = [prepared(condition, scope) for condition in _conditions(check)]
    steps = {number: for_many(path, len(values)) for number, path in paths.items()}
    return bytes(loop(values, quick, steps))


def _conditions(check: Quantified) -> Iterator[Condition]:
    for clause in (*check.where, *check.that):
        yield from clause.conditions


@cache
def _loop(check: Quantified) -> tuple[Loop, Mapping[int, Expression]]:
    """Return the loop, and by its condition's number each path that is an expression of its own."""
    conditions, record = list(_conditions(check)), check.subjects.record
    paths = {number: condition.path for number, condition in enumerate(conditions)
             if condition.path.tree["type"] != "literal"
             and plain_path(condition.path, record) is None}
    names: dict[str, Any] = {"Unknown": Unknown}
    source = "\n".join(_source(check, conditions, paths))
    exec(compile(source, f"<sieve of {check.subjects.collection}>", "exec"), names)
    loop: Loop = names["loop"]
    return loop, paths


def _source(
    check: Quantified, conditions: Sequence[Condition], paths: Iterable[int]
) -> Iterator[str]:
    """Yield the loop's lines: first the clauses under `where`, then those under `that`."""
    record = check.subjects.record
    yield "def loop(values, quick, steps):"
    yield "    codes = bytearray(len(values))"
    yield from (f"    q{n} = quick[{n}]" for n in range(len(conditions)))
    yield from (f"    e{n} = steps[{n}]" for n in paths)
    yield from (f"    s{n} = q{n}.texts"
                for n, condition in enumerate(conditions) if _is_membership(condition))
    yield "    for i, r in enumerate(values):"
    yield f"        if r.__class__ is Unknown: codes[i] = {OPEN}; continue"
    yield "        try:"
    yield "            o = False"
    number = 0
    for clause in check.where:
        yield from _decided(clause, number, record, OUT, "if t is None: o = True")
        number += len(clause.conditions)
    yield f"            if o: codes[i] = {OPEN}; continue"
    for clause in check.that:
        yield from _decided(clause, number, record, UNMET,
                            f"if t is None: codes[i] = {OPEN}; continue")
        number += len(clause.conditions)
    yield f"            codes[i] = {MET}"
    yield "        except Exception:"
    yield f"            codes[i] = {OPEN}"
    yield "    return codes"


def _decided(
    clause: Clause, number: int, record: Shape, code: int, if_open: str
) -> Iterator[str]:
    """Yield the lines that give a subject its code where one clause says no, and go on if not."""
    indent, first = " " * 12, clause.conditions[0]
    fixed = fixed_answers(first) if len(clause.conditions) == 1 else {}
    if fixed:
        met = " and ".join(f"v is not {value}" for value, answer in fixed.items() if answer)
        unmet = " or ".join(f"v is {value}" for value, answer in fixed.items() if not answer)
        yield from (f"{indent}{line}" for line in _value(first, number, record))
        yield f"{indent}if {met or True}:"
        indent += "    "
        yield f"{indent}if {unmet or False}: codes[i] = {code}; continue"
        yield f"{indent}t = q{number}.of_other(v)"
    else:
        yield from _clause(clause, number, record)
    yield f"{indent}if t is False: codes[i] = {code}; continue"
    yield f"{indent}{if_open}"


def _clause(clause: Clause, number: int, record: Shape) -> Iterator[str]:
    """Yield the lines that set ``t`` to the answer of one clause, None where it is not certain."""
    if len(clause.conditions) == 1:
        yield from _condition(clause.conditions[0], number, record, " " * 12, "t")
    else:
        yield from _any_of(clause, number, record)


def _any_of(clause: Clause, number: int, record: Shape) -> Iterator[str]:
    yield "            t = False"
    for offset, condition in enumerate(clause.conditions):
        yield "            if t is not True:"
        yield from _condition(condition, number + offset, record, " " * 16, "u")
        yield "                t = True if u is True else None if u is None else t"


def _condition(
    condition: Condition, number: int, record: Shape, indent: str, target: str
) -> Iterator[str]:
    if condition.path.tree["type"] == "literal":
        yield f"{indent}{target} = q{number}.of_written"
        return
    yield from (f"{indent}{line}" for line in _value(condition, number, record))
    branches = BY_KIND.get(condition.shape.kind, ())
    word = "if"
    if _is_membership(condition):
        held = "v.casefold()" if condition.shape.fold else "v"
        inside = "in" if MEMBERSHIP[condition.operator.name] else "not in"
        yield f"{indent}if v.__class__ is str and s{number} is not None: " \
              f"{target} = {held} {inside} s{number}"
        word = "elif"
    for test, answer in zip(branches[::2], branches[1::2], strict=True):
        yield f"{indent}{word} {test}: {target} = {answer.format(n=number)}"
        word = "elif"
    yield f"{indent}{word} v is None: {target} = q{number}.of_null"
    yield f"{indent}else: {target} = q{number}.of_other(v)"


def _is_membership(condition: Condition) -> bool:
    return condition.shape.kind == "text" and condition.operator.name in MEMBERSHIP


def _value(condition: Condition, number: int, record: Shape) -> Iterator[str]:
    """Yield the lines that set ``v`` to the value of a condition's path."""
    names = plain_path(condition.path, record)
    if names is None:
        yield f"v = e{number}(r)"
        return
    yield f"v = r.{names[0]}"
    yield from (f"if v is not None: v = v.{name}" for name in names[1:])


@cache
def plain_path(path: Expression, record: Shape) -> list[str] | None:
    """Return the attributes of a path of names through objects; None for any other expression.

    An attribute that an Unknown has too is left to the slow road: only what every value but a
    record lacks raises where something else stands in a record's place.
    """
    names = _fields(path.tree)
    shape = record
    for name in names:
        if shape.kind != "object" or name not in shape.properties or attribute(name) in NOT_OURS:
            return None
        shape = shape.properties[name]
    return [attribute(name) for name in names] or None


def _fields(tree: Node) -> list[str]:
    if tree["type"] == "field":
        return [tree["value"]]
    if tree["type"] != "subexpression":
        return []
    parts = [_fields(child) for child in tree["children"]]
    return [name for part in parts for name in part] if all(parts) else []
