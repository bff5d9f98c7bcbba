"""From checked documents to conditions and clauses: every expression compiled and typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from msgspec import Struct, field

from tenantproof.clause import AS_OF, Clause, Condition, is_name
from tenantproof.document import Document
from tenantproof.language import patterns
from tenantproof.language.analysis import Analysis, a, placed_node
from tenantproof.language.expression import Expression, compiled
from tenantproof.language.grammar import ExpressionError
from tenantproof.language.idioms import value_fault
from tenantproof.language.instants import read_day_or_instant, read_duration
from tenantproof.language.operators import OPERATORS, Operator
from tenantproof.language.result_types import ANY, shape_of_value
from tenantproof.language.types import infer
from tenantproof.problem import Problem, did_you_mean
from tenantproof.shape import Shape, Shapes
from tenantproof.verdict import Severity

Path = tuple[str | int, ...]
CLAUSE_WORDS: Final = frozenset({"any", "severity", "path", "if_null"})
NULL_HIDES_UNDER: Final = frozenset({"only", "none_of", "contains_none", "is_empty", "at_most"})
NO_EXPRESSION: Final = Expression("", {"type": "literal", "children": []}, lambda subject: None)


class Builder(Struct):
    """Collects problems while a document's expressions are compiled.

    `names` are the shapes of parameters and ``let`` values, which ``$name`` may stand for.
    """

    document: Document
    shapes: Shapes
    names: dict[str, Shape] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    reads: set[tuple[str, str]] = field(default_factory=set)
    used: set[str] = field(default_factory=set)

    def note(self, path: Path, rule: str, message: str, remedy: str, because: str = "") -> None:
        """Note a problem at a value."""
        self.problems.append(
            self.document.problem(path, rule, message, remedy, consequence=because)
        )

    def note_part(
        self, path: Path, offset: int, length: int, rule: str, message: str, remedy: str,
        because: str = "",
    ) -> None:
        """Note a problem at some characters of a text."""
        self.problems.append(self.document.problem(
            path, rule, message, remedy, offset=offset, length=max(1, length), consequence=because,
        ))

    def written(self, path: Path) -> Any:
        """Return the value that stands at `path`."""
        return _value(self.document, path)

    def expression(self, path: Path, subject: Shape) -> tuple[Expression, Shape, Analysis]:
        """Compile and type the expression that stands at `path`."""
        text = str(_value(self.document, path))
        analysis = Analysis()
        try:
            expression = compiled(text)
        except ExpressionError as error:
            self.note_part(path, error.offset, error.length, "expression", error.message,
                           "see `docs/operators.md` and jmespath.org")
            return NO_EXPRESSION, ANY, analysis
        shape = infer(expression.tree, subject, analysis)
        for fault in analysis.faults:
            self.note_part(path, fault.offset, fault.length, fault.rule, fault.message,
                           fault.help, fault.consequence)
        self.reads |= analysis.reads
        return expression, shape, analysis

    def clauses(self, path: Path, subject: Shape) -> tuple[Clause, ...]:
        """Build the labelled clauses of the mapping at `path`; none where it is absent."""
        labelled = _value(self.document, path)
        return tuple(self.clause((*path, label), label, subject) for label in labelled or {})

    def clause(self, path: Path, label: str, subject: Shape) -> Clause:
        """Build one clause."""
        written: Mapping[str, Any] = _value(self.document, path)
        before = set(self.reads)
        self.reads = set()
        places = [(*path, "any", i) for i in range(len(written["any"]))] if "any" in written else (
            [path]
        )
        conditions = tuple(self._condition(place, subject) for place in places)
        reads, self.reads = frozenset(self.reads), before | self.reads
        severity = Severity(written["severity"]) if "severity" in written else None
        return Clause(label, conditions, severity, reads)

    def _condition(self, path: Path, subject: Shape) -> Condition:
        written: Mapping[str, Any] = _value(self.document, path)
        name = next(key for key in written if key in OPERATORS)
        operator, right = OPERATORS[name], written[name]
        if "path" not in written:
            expression, shape, _ = self.expression((*path, name), subject)
            self._left_fits((*path, name), operator, shape, expression.text)
            return Condition(expression, shape, operator, True)
        expression, shape, analysis = self.expression((*path, "path"), subject)
        self._left_fits((*path, "path"), operator, shape, expression.text)
        self._null_is_decided(path, operator, shape, written)
        self._no_null_is_dropped(path, operator, analysis)
        self._right_fits((*path, name), operator, shape, right)
        return Condition(expression, shape, operator, right, written.get("if_null"))

    def _left_fits(self, path: Path, operator: Operator, shape: Shape, text: str) -> None:
        fits = shape.kind in operator.left or (shape.separator and "list" in operator.left)
        if fits or (shape.kind == "null" and "any" in operator.left):
            return
        self.note(
            path, "operator-type", f"`{operator.name}` does not fit `{text}`, which is "
            f"{a(shape.kind)}", _fitting(shape), "the condition would be unknown for every subject",
        )

    def _null_is_decided(
        self, path: Path, operator: Operator, shape: Shape, written: Mapping[str, Any]
    ) -> None:
        wants = operator.on_null == "unknown" and operator.name != "is_true"
        if wants and shape.nullable and shape.kind != "any" and "if_null" not in written:
            self.note(
                (*path, "path"), "if-null-missing",
                f"`{written['path']}` may be null, and `{operator.name}` does not say what then",
                "add `if_null: true` or `if_null: false`",
                "the condition would be unknown wherever it is null",
            )
        if not wants and "if_null" in written:
            self.note(
                (*path, "if_null"), "if-null-useless",
                f"`{operator.name}` has its own answer for null", "leave `if_null` out",
            )

    def _no_null_is_dropped(self, path: Path, operator: Operator, analysis: Analysis) -> None:
        if operator.name in NULL_HIDES_UNDER and analysis.drops_null:
            dropped = placed_node(analysis.drops_null[0])
            start = dropped.get("start", 0)
            self.note_part(
                (*path, "path"), start, dropped.get("end", 0) - start, "null-dropped",
                f"a projection leaves nulls out, and `{operator.name}` would not see them",
                "judge the elements themselves with `for`, or read a property that is never null",
                "an element that is null would count as harmless",
            )

    def _right_fits(self, path: Path, operator: Operator, left: Shape, right: Any) -> None:
        if operator.right == "list" and not isinstance(right, list) and not is_name(right):
            self.note(path, "right-side", f"`{operator.name}` takes a list on its right",
                      "put it between `[` and `]`")
            return
        values = [((*path, i), v) for i, v in enumerate(right)] if isinstance(right, list) else [
            (path, right)
        ]
        for place, value in values:
            if is_name(value):
                self._name_fits(place, operator, value)
            else:
                RIGHT_SIDES[operator.right](self, place, left, value)

    def _name_fits(self, path: Path, operator: Operator, name: str) -> None:
        if name == AS_OF:
            if operator.right not in ("instant", "value"):
                self.note(path, "right-side", f"`{AS_OF}` is an instant, which `{operator.name}` "
                          "does not take", "use it with `before` or `after`")
            return
        self.known_name(path, name)

    def known_name(self, path: Path, name: str) -> bool:
        """Tell whether a ``$name`` is declared, and note where it is not."""
        self.used.add(name[1:])
        if name[1:] in self.names:
            return True
        better = did_you_mean(name[1:], self.names)
        self.note(
            path, "unknown-name", f"there is no parameter and no `let` named `{name}`",
            f"did you mean `${better}`?" if better else "declare it under `parameters` or `let`",
            "the condition would be unknown for every subject",
        )
        return False


def _value(document: Document, path: Path) -> Any:
    value: Any = document.value
    for step in path:
        value = value[step]
    return value


def _fitting(shape: Shape) -> str:
    names = [o.name for o in OPERATORS.values() if shape.kind in o.left and o.name != "is_true"]
    return a(shape.kind) + " goes with " + ", ".join(f"`{name}`" for name in names)


def _right_value(builder: Builder, path: Path, left: Shape, value: Any) -> None:
    item = left.items if left.items is not None and not isinstance(value, list) else left
    found = value_fault(value, item)
    if found:
        builder.note(path, "unknown-value", *found, "the condition would never be met")
    kind = shape_of_value(value).kind
    separated = item.separator and kind == "list"
    if value is not None and "any" not in (item.kind, kind) and kind != item.kind and not separated:
        builder.note(
            path, "right-side", f"{a(item.kind)} never equals {a(kind)}",
            f"write {a(item.kind)} on the right" + (" (numbers and dates need quotes to be text)"
                                                   if item.kind == "text" else ""),
            "the condition would be unknown for every subject",
        )


def _right_boolean(builder: Builder, path: Path, left: Shape, value: Any) -> None:
    if not isinstance(value, bool):
        builder.note(path, "right-side", "`true` or `false` has to stand here",
                     "write `true` or `false`")


def _right_parsed(read: Callable[[str], Any], words: str) -> RightSide:
    def check(builder: Builder, path: Path, left: Shape, value: Any) -> None:
        if not isinstance(value, str) or read(value) is None:
            builder.note(path, "right-side", f"`{value}` is not {words}", f"write {words}")

    return check


def _right_measure(builder: Builder, path: Path, left: Shape, value: Any) -> None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    is_duration = isinstance(value, str) and read_duration(value) is not None
    fits = {"number": is_number, "text": is_duration}.get(left.kind, is_number or is_duration)
    if not fits:
        wanted = {"number": "a number", "text": "a duration such as `90 days`"}
        builder.note(path, "right-side", f"`{value}` cannot be compared with {a(left.kind)}",
                     f"write {wanted.get(left.kind, 'a number or a duration')}")


def _right_pattern(builder: Builder, path: Path, left: Shape, value: Any) -> None:
    why = patterns.fault(value) if isinstance(value, str) else "a pattern is text"
    if why:
        builder.note(path, "pattern", f"this is not an RE2 pattern: {why}",
                     "see github.com/google/re2/wiki/Syntax")


RightSide = Callable[[Builder, Path, Shape, Any], None]
RIGHT_SIDES: Final[dict[str, RightSide]] = {
    "value": _right_value,
    "list": _right_value,
    "boolean": _right_boolean,
    "predicate": _right_boolean,
    "pattern": _right_pattern,
    "measure": _right_measure,
    "duration": _right_parsed(read_duration, "a duration such as `90 days`"),
    "instant": _right_parsed(read_day_or_instant, "a date or an instant such as `2026-11-20`"),
}


def problems_in_order(builder: Builder) -> Iterator[Problem]:
    """Yield what was found, in file order."""
    yield from sorted(builder.problems, key=lambda p: (p.position is None, p.position))
