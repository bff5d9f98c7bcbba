"""From a checked policy document to a :class:`~tenantproof.policy.Policy`.

The document has the shape of ``schemas/policy.schema.json``; what a JSON Schema cannot see
(expressions, types, names, placeholders) is checked here, and all faults are reported at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec.structs import replace

from tenantproof.conditions import Builder, Path, problems_in_order
from tenantproof.document import Document
from tenantproof.language.expression import Expression
from tenantproof.parameters import KINDS, Parameter, fault
from tenantproof.places import place, subjects_of
from tenantproof.policy import (
    Branch,
    Check,
    Combined,
    Count,
    Link,
    Manual,
    Messages,
    Policy,
    Quantified,
    Reference,
    Remediation,
    SecondOpinion,
    Shown,
    TenantWide,
)
from tenantproof.problem import PolicyError, did_you_mean
from tenantproof.shape import Shape, Shapes
from tenantproof.verdict import Severity, Verdict

PLACEHOLDERS: Final = frozenset(
    {"subjects", "count", "total", "closest", "missing", "tenant", "as_of"}
)
OPINION: Final = "second_opinion"
PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")


def build_policy(
    document: Document, shapes: Shapes, shared: Mapping[str, Parameter] | None = None
) -> Policy:
    """Return the policy of a document that satisfies the policy schema.

    `shared` are the pack's parameters. Raises PolicyError with every fault, in file order.
    """
    written: Any = document.value
    own = {name: read_parameter(name, p) for name, p in written.get("parameters", {}).items()}
    parameters = {**(shared or {}), **own}
    builder = Builder(document, shapes)
    builder.names = {name: _parameter_shape(p) for name, p in parameters.items()}
    for name, parameter in own.items():
        check_default(builder, ("parameters", name, "default"), parameter)
    lets = tuple(_let(builder, name) for name in written.get("let", {}))
    policy = _policy(builder, written, own, lets)
    _check_messages(builder, written)
    builder.note_work(("check",))
    found = tuple(problems_in_order(builder))
    if any(problem.severity == "error" for problem in found):
        raise PolicyError(found)
    return replace(policy, warnings=found) if found else policy


def _policy(
    builder: Builder,
    written: Mapping[str, Any],
    own: Mapping[str, Parameter],
    lets: tuple[tuple[str, Expression], ...],
) -> Policy:
    root = builder.shapes.root()
    applies: Mapping[str, Any] = written.get("applies_to", {})
    unless = builder.clauses(("applies_to", "unless"), root) if "unless" in applies else ()
    check = _check(builder, ("check",), _shown_at(builder, ("report",)))
    _check_is_shown(builder, ("report",), written["check"])
    remediation = written["remediation"]
    report = written["report"]
    opinion = _second_opinion(builder) if OPINION in written else None
    return Policy(
        id=written["id"],
        revision=written["revision"],
        title=written["title"],
        statement=written["statement"],
        rationale=written["rationale"],
        requirements=tuple(written["requirements"]),
        severity=Severity(written["severity"]),
        status=written["status"],
        waivable=written.get("waivable", True),
        tenants=tuple(applies.get("tenants", ())),
        unless=unless,
        lets=lets,
        parameters=own,
        check=check,
        messages=Messages(report["pass"], report["fail"], report.get("empty", "")),
        remediation=Remediation(
            remediation["summary"], tuple(remediation["steps"]),
            remediation.get("effort", ""), remediation.get("impact", ""),
        ),
        references=tuple(Link(r["title"], r["url"]) for r in written.get("references", ())),
        controls={name: tuple(ids) for name, ids in written.get("controls", {}).items()},
        tests=written.get("tests", {}),
        file=builder.document.file,
        line=builder.document.key_position(("id",)).line,
        reads=frozenset(builder.reads),
        names=frozenset(builder.used),
        second_opinion=opinion,
    )


def read_parameter(name: str, written: Mapping[str, Any]) -> Parameter:
    """Return a declared parameter."""
    return Parameter(
        name=name,
        type=written["type"],
        title=written["title"],
        default=written.get("default"),
        description=written.get("description", ""),
        choices=tuple(written.get("choices", ())),
        at_least=written.get("at_least"),
        at_most=written.get("at_most"),
    )


def check_default(builder: Builder, path: Path, parameter: Parameter) -> None:
    """Note a default that does not fit its own declaration."""
    if parameter.default is not None:
        why = fault(parameter, parameter.default)
        if why:
            builder.note(path, "parameter-default", why, "correct the default or the declaration")


def _parameter_shape(parameter: Parameter) -> Shape:
    kind = KINDS[parameter.type]
    return Shape(kind, items=Shape("text") if kind == "list" else None)


def _let(builder: Builder, name: str) -> tuple[str, Expression]:
    expression, shape, analysis = builder.expression(("let", name), builder.shapes.root())
    builder.names[name] = shape
    if analysis.drops_null:
        builder.incomplete.add(name)
    return name, expression


def _second_opinion(builder: Builder) -> SecondOpinion:
    """Return the other's opinion; what it reads has not to be exported for a verdict."""
    reads, builder.reads = builder.reads, set()
    source = builder.written((OPINION, "source"))
    subjects = subjects_of(builder, (OPINION, "for"))
    where = builder.clauses((OPINION, "where"), subjects.record)
    says = place(builder, (OPINION, "says"), subjects.record)
    met_when = builder.clauses((OPINION, "met_when"), subjects.record)
    builder.reads = reads
    return SecondOpinion(source, subjects, where, says, met_when)


# --- checks -------------------------------------------------------------------------------------


Inherited = Callable[[Shape], Shown]


def _shown_at(builder: Builder, path: Path) -> Inherited:
    """Return how to read `subject` and `evidence` at `path`, once the record's shape is known."""
    written: Mapping[str, Any] = builder.written(path)

    def shown(record: Shape) -> Shown:
        subject = place(builder, (*path, "subject"), record) if "subject" in written else None
        labels = written.get("evidence", {})
        evidence = tuple((n, place(builder, (*path, "evidence", n), record)) for n in labels)
        return Shown(subject, evidence)

    return shown


def _check(builder: Builder, path: Path, shown: Inherited) -> Check:
    written: Mapping[str, Any] = builder.written(path)
    if "report" in written:
        shown = _shown_at(builder, (*path, "report"))
        _check_is_shown(builder, (*path, "report"), written)
    form = next(word for word in FORMS if word in written)
    return FORMS[form](builder, path, shown)


def _check_is_shown(builder: Builder, path: Path, check: Mapping[str, Any]) -> None:
    """Note a subject or evidence that stands with a check which has no subjects of its own."""
    if "for" in check.get("manual", check) or "that" in check:
        return
    for key in ("subject", "evidence"):
        if key in builder.written(path):
            builder.problems.append(builder.document.key_problem(
                (*path, key), "shown-nowhere",
                f"`{key}` is never shown: the check has no `for` and no `that` of its own",
                "write it under the `report` of each check that it belongs to",
                consequence="the report would lack it", severity="warning",
            ))


def _quantified(builder: Builder, path: Path, shown: Inherited) -> Check:
    written: Mapping[str, Any] = builder.written(path)
    subjects = subjects_of(builder, (*path, "for"))
    where = builder.clauses((*path, "where"), subjects.record) if "where" in written else ()
    that = builder.clauses((*path, "that"), subjects.record) if "that" in written else ()
    expect = _expect(builder, (*path, "expect"), subjects.record)
    if expect in ("every", "at_least_one") and not that:
        builder.note((*path, "expect"), "no-clauses", f"`{expect}` needs clauses under `that`",
                     "say under `that` what is expected of a subject")
    empty = Verdict(written["if_empty"]) if "if_empty" in written else None
    if empty is None and not isinstance(expect, Count):
        builder.problems.append(builder.document.key_problem(
            (*path, "expect"), "if-empty-missing", "nothing says what it means that there is no "
            "subject", "add `if_empty: pass`, `fail`, `not_applicable` or `unknown` below it",
            consequence="an empty list would pass or fail by accident",
        ))
    return Quantified(subjects, where, expect, empty, that, shown(subjects.record))


def _expect(builder: Builder, path: Path, record: Shape) -> Any:
    written = builder.written(path)
    if isinstance(written, str):
        return written
    for bound in ("at_least", "at_most"):
        name = written.get(bound)
        if isinstance(name, str):
            _check_bound(builder, (*path, bound), name)
    least, most = written.get("at_least"), written.get("at_most")
    if "distinct" not in written:
        return Count(least, most)
    distinct, shape, _ = builder.expression((*path, "distinct"), record)
    return Count(least, most, distinct, shape.fold)


def _check_bound(builder: Builder, path: Path, name: str) -> None:
    if not builder.known_name(path, name):
        return
    if builder.names[name[1:]].kind not in ("number", "any"):
        builder.note(path, "right-side", f"`{name}` is not a number",
                     "name a parameter of type `number`")


def _tenant_wide(builder: Builder, path: Path, shown: Inherited) -> Check:
    root = builder.shapes.root()
    return TenantWide(builder.clauses((*path, "that"), root), shown(root))


def _combined(mode: Any) -> Callable[[Builder, Path, Inherited], Check]:
    def build(builder: Builder, path: Path, shown: Inherited) -> Check:
        labels = builder.written((*path, mode))
        return Combined(mode, tuple(
            Branch(label, _check(builder, (*path, mode, label), _nothing_shown)) for label in labels
        ))

    return build


def _nothing_shown(record: Shape) -> Shown:
    return Shown()


def _reference(builder: Builder, path: Path, shown: Inherited) -> Check:
    written: Mapping[str, Any] = builder.written(path)
    return Reference(written["policy"], Verdict(written.get("if_not_applicable", "unknown")))


def _manual(builder: Builder, path: Path, shown: Inherited) -> Check:
    written: Mapping[str, Any] = builder.written((*path, "manual"))
    subjects = subjects_of(builder, (*path, "manual", "for")) if "for" in written else None
    asking: Any = builder.document.value
    return Manual(
        asking["id"], written["question"], written["answered_by"], written["valid_for"], subjects,
        shown(subjects.record) if subjects else Shown(),
    )


FORMS: Final[dict[str, Callable[[Builder, Path, Inherited], Check]]] = {
    "for": _quantified,
    "any_of": _combined("any_of"),
    "all_of": _combined("all_of"),
    "manual": _manual,
    "policy": _reference,
    "that": _tenant_wide,
}


def _check_messages(builder: Builder, written: Mapping[str, Any]) -> None:
    for key in ("pass", "fail", "empty"):
        for match in PLACEHOLDER.finditer(written["report"].get(key, "")):
            if match[1] in PLACEHOLDERS:
                continue
            better = did_you_mean(match[1], PLACEHOLDERS)
            known = ", ".join(f"`{{{p}}}`" for p in sorted(PLACEHOLDERS))
            builder.note_part(
                ("report", key), match.start(), len(match[0]), "unknown-placeholder",
                f"there is no placeholder `{match[0]}`",
                f"did you mean `{{{better}}}`?" if better else f"there are {known}",
            )
