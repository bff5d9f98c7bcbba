"""From a checked policy document to a :class:`~tenantproof.policy.Policy`.

The document has the shape of ``schemas/policy.schema.json``; what a JSON Schema cannot see
(expressions, types, names, placeholders) is checked here, and all faults are reported at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from tenantproof.conditions import Builder, Path, problems_in_order
from tenantproof.document import Document
from tenantproof.language.expression import Expression
from tenantproof.language.result_types import ANY
from tenantproof.parameters import KINDS, Parameter, fault
from tenantproof.policy import (
    Branch,
    Check,
    Combined,
    Count,
    Link,
    Manual,
    Messages,
    Place,
    Policy,
    Quantified,
    Reference,
    Remediation,
    Shown,
    Subjects,
    TenantWide,
)
from tenantproof.problem import PolicyError, did_you_mean
from tenantproof.shape import Shape, Shapes
from tenantproof.verdict import Severity, Verdict

PLACE: Final = re.compile(r'(?:^|\.)([A-Za-z_]\w*|"[^"\\]+")|(\[\])')
PLACEHOLDERS: Final = frozenset(
    {"subjects", "count", "total", "closest", "missing", "tenant", "as_of"}
)
PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
EVERY: Final = "[]"


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
    if builder.problems:
        raise PolicyError(problems_in_order(builder))
    return policy


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
    remediation = written["remediation"]
    report = written["report"]
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
    expression, shape, _ = builder.expression(("let", name), builder.shapes.root())
    builder.names[name] = shape
    return name, expression


# --- checks -------------------------------------------------------------------------------------


def _at(builder: Builder, path: Path) -> Any:
    value: Any = builder.document.value
    for step in path:
        value = value[step]
    return value


Inherited = Callable[[Shape], Shown]


def _shown_at(builder: Builder, path: Path) -> Inherited:
    """Return how to read `subject` and `evidence` at `path`, once the record's shape is known."""
    written: Mapping[str, Any] = _at(builder, path)

    def shown(record: Shape) -> Shown:
        subject = _place(builder, (*path, "subject"), record) if "subject" in written else None
        labels = written.get("evidence", {})
        evidence = tuple((n, _place(builder, (*path, "evidence", n), record)) for n in labels)
        return Shown(subject, evidence)

    return shown


def _check(builder: Builder, path: Path, shown: Inherited) -> Check:
    written: Mapping[str, Any] = _at(builder, path)
    if "report" in written:
        shown = _shown_at(builder, (*path, "report"))
    form = next(word for word in FORMS if word in written)
    return FORMS[form](builder, path, shown)


def _quantified(builder: Builder, path: Path, shown: Inherited) -> Check:
    written: Mapping[str, Any] = _at(builder, path)
    subjects = _subjects(builder, (*path, "for"))
    where = builder.clauses((*path, "where"), subjects.record) if "where" in written else ()
    that = builder.clauses((*path, "that"), subjects.record) if "that" in written else ()
    expect = _expect(builder, (*path, "expect"), subjects.record)
    if expect in ("every", "at_least_one") and not that:
        builder.note((*path, "expect"), "no-clauses", f"`{expect}` needs clauses under `that`",
                     "say under `that` what is expected of a subject")
    empty = Verdict(written["if_empty"]) if "if_empty" in written else None
    if empty is None and not isinstance(expect, Count):
        builder.note(path, "if-empty-missing", "`if_empty` does not say what no subject means",
                     "add `if_empty: pass`, `fail`, `not_applicable` or `unknown`")
    return Quantified(subjects, where, expect, empty, that, shown(subjects.record))


def _expect(builder: Builder, path: Path, record: Shape) -> Any:
    written = _at(builder, path)
    if isinstance(written, str):
        return written
    for bound in ("at_least", "at_most"):
        name = written.get(bound)
        if isinstance(name, str):
            builder.used.add(name[1:])
            if builder.names.get(name[1:], Shape("text")).kind not in ("number", "any"):
                builder.note((*path, bound), "unknown-name", f"`{name}` is not a number",
                             "name a parameter of type `number`")
    least, most = written.get("at_least"), written.get("at_most")
    if "distinct" not in written:
        return Count(least, most)
    distinct, shape, _ = builder.expression((*path, "distinct"), record)
    return Count(least, most, distinct, shape.fold)


def _tenant_wide(builder: Builder, path: Path, shown: Inherited) -> Check:
    root = builder.shapes.root()
    return TenantWide(builder.clauses((*path, "that"), root), shown(root))


def _combined(mode: Any) -> Callable[[Builder, Path, Inherited], Check]:
    def build(builder: Builder, path: Path, shown: Inherited) -> Check:
        labels = _at(builder, (*path, mode))
        return Combined(mode, tuple(
            Branch(label, _check(builder, (*path, mode, label), _nothing_shown)) for label in labels
        ))

    return build


def _nothing_shown(record: Shape) -> Shown:
    return Shown()


def _reference(builder: Builder, path: Path, shown: Inherited) -> Check:
    written: Mapping[str, Any] = _at(builder, path)
    return Reference(written["policy"], Verdict(written.get("if_not_applicable", "unknown")))


def _manual(builder: Builder, path: Path, shown: Inherited) -> Check:
    written: Mapping[str, Any] = _at(builder, (*path, "manual"))
    subjects = _subjects(builder, (*path, "manual", "for")) if "for" in written else None
    return Manual(
        written["question"], written["answered_by"], written["valid_for"], subjects,
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


# --- places -------------------------------------------------------------------------------------


def _steps(builder: Builder, path: Path, text: str) -> tuple[str, ...]:
    matches = list(PLACE.finditer(text))
    if "".join(m.group(0) for m in matches) != text or not matches:
        builder.note(
            path, "not-a-place", f"`{text}` is more than names and `[]`",
            "name a property, such as `conditions.users[].id`; filters belong into `where`",
        )
        return ()
    return tuple(EVERY if m[2] else m[1].strip('"') for m in matches)


def _walk(builder: Builder, path: Path, steps: tuple[str, ...], shape: Shape) -> Shape:
    for step in steps:
        if shape.kind == "any" or (shape.kind == "object" and not shape.properties):
            return ANY
        child = shape.items if step == EVERY else shape.properties.get(step)
        if child is None:
            _no_such_place(builder, path, step, shape)
            return ANY
        shape = child
        if shape.collection:
            builder.reads.add((shape.collection, shape.path))
    return shape


def _no_such_place(builder: Builder, path: Path, step: str, shape: Shape) -> None:
    if step == EVERY or shape.kind == "list":
        builder.note(path, "property-of-list", f"`{step}` does not fit a {shape.kind}",
                     "write `[]` behind a list, and only there")
        return
    better = did_you_mean(step, shape.properties)
    place = f"{shape.collection} {shape.path}".strip() or "the tenant"
    builder.note(
        path, "unknown-property", f"`{place}` has no property `{step}`",
        f"did you mean `{better}`?" if better else "see the collection's schema",
        "there would be nothing to judge or to show",
    )


def _place(builder: Builder, path: Path, record: Shape) -> Place:
    text = str(_at(builder, path))
    if text == "@":
        return Place(text, (), record)
    steps = _steps(builder, path, text)
    return Place(text, steps, _walk(builder, path, steps, record))


def _subjects(builder: Builder, path: Path) -> Subjects:
    text = str(_at(builder, path))
    steps = _steps(builder, path, text)
    name = steps[0] if steps else ""
    if steps and name not in builder.shapes:
        better = did_you_mean(name, builder.shapes)
        builder.note(
            path, "unknown-collection", f"there is no collection or fact `{name}`",
            f"did you mean `{better}`?" if better else "see `docs/policy-format.md`",
            "there would be nothing to judge",
        )
    if not steps or name not in builder.shapes:
        return Subjects(text, name, (), ANY)
    shape, below = builder.shapes[name].shape, steps[1:]
    builder.reads.add((name, ""))
    if shape.kind == "list" and below[:1] != (EVERY,):
        below = (EVERY, *below)
    record = _walk(builder, path, below, shape)
    if record.kind == "list":
        below, record = (*below, EVERY), record.items or ANY
    return Subjects(text, name, below, record)


def _check_messages(builder: Builder, written: Mapping[str, Any]) -> None:
    for key in ("pass", "fail", "empty"):
        for match in PLACEHOLDER.finditer(written["report"].get(key, "")):
            if match[1] in PLACEHOLDERS:
                continue
            better = did_you_mean(match[1], PLACEHOLDERS)
            known = ", ".join(f"`{{{p}}}`" for p in sorted(PLACEHOLDERS))
            builder.problems.append(builder.document.problem(
                ("report", key), "unknown-placeholder", f"there is no placeholder `{match[0]}`",
                f"did you mean `{{{better}}}`?" if better else f"there are {known}",
                offset=match.start(), length=len(match[0]),
            ))
