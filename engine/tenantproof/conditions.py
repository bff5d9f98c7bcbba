"""From checked documents to conditions and clauses: every expression compiled and typed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from msgspec import Struct, field

from tenantproof import right_sides
from tenantproof.clause import AS_OF, Clause, Condition, is_name
from tenantproof.document import Document
from tenantproof.language.analysis import Analysis, a, placed_node
from tenantproof.language.expression import Expression, compiled
from tenantproof.language.grammar import ExpressionError
from tenantproof.language.operators import OPERATORS, Operator
from tenantproof.language.result_types import ANY
from tenantproof.language.types import infer
from tenantproof.problem import Problem, did_you_mean
from tenantproof.shape import Shape, Shapes
from tenantproof.verdict import Severity

Path = tuple[str | int, ...]
CLAUSE_WORDS: Final = frozenset({"any", "severity", "path", "if_null"})
NULL_HIDES_ON_THE_RIGHT: Final = frozenset({"none_of", "contains_none", "contains_all"})
NULL_HIDES_UNDER: Final = frozenset({"only", "none_of", "contains_none", "is_empty", "at_most"})
MOST_LOOKS: Final = 2_000
NO_EXPRESSION: Final = Expression("", {"type": "literal", "children": []}, lambda subject: None)


class Builder(Struct):
    """Collects problems while a document's expressions are compiled.

    `names` are the shapes of parameters and ``let`` values, which ``$name`` may stand for, `looks`
    is how often the expressions so far may look at each value; `incomplete` are the ``let`` values
    that leave nulls out.
    """

    document: Document
    shapes: Shapes
    names: dict[str, Shape] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    reads: set[tuple[str, str]] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    looks: int = 0
    incomplete: set[str] = field(default_factory=set)

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

    def note_work(self, path: Path) -> None:
        """Note a policy that would keep all others waiting, on whatever machine it runs."""
        if self.looks > MOST_LOOKS:
            self.note(
                path, "too-much-work", "the expressions of this policy may look at each value "
                f"{self.looks:,} times; {MOST_LOOKS:,} is the most", "make several policies of it",
            )

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
        self.looks += expression.looks
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
        self._note_unfit(path, right_sides.faults(operator, left, right))
        if is_name(right):
            self._name_fits(path, operator, left, right)
        for index, item in enumerate(right if isinstance(right, list) else ()):
            if item == AS_OF:
                self._note_unfit((*path, index), right_sides.as_of_faults(operator))
            elif is_name(item) and self.known_name((*path, index), item):
                self._name_is_whole((*path, index), operator, item)

    def _name_is_whole(self, path: Path, operator: Operator, name: str) -> None:
        if operator.name in NULL_HIDES_ON_THE_RIGHT and name[1:] in self.incomplete:
            self.note(
                path, "null-dropped", f"`{name}` leaves nulls out, and `{operator.name}` would not "
                "see them", "read a property that is never null, or say what null means: "
                "`map(&(mail || ''), users)`", "an element that is null would count as harmless",
            )

    def _name_fits(self, path: Path, operator: Operator, left: Shape, name: str) -> None:
        if name == AS_OF:
            self._note_unfit(path, right_sides.as_of_faults(operator))
        elif self.known_name(path, name):
            shape = self.names[name[1:]]
            self._note_unfit(path, right_sides.name_faults(operator, left, name, shape))
            self._name_is_whole(path, operator, name)

    def _note_unfit(self, path: Path, faults: Iterable[right_sides.Unfit]) -> None:
        for one in faults:
            self.note((*path, *one.at), one.rule, one.message, one.help, one.consequence)

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


def problems_in_order(builder: Builder) -> Iterator[Problem]:
    """Yield what was found, in file order."""
    yield from sorted(builder.problems, key=lambda p: (p.position is None, p.position))
