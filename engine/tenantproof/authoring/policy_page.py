"""The page of one policy in the catalogue, in Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from tenantproof.authoring.page_text import block, code, link, marked, paragraph, rows
from tenantproof.pack import Pack
from tenantproof.parameters import TYPES, Parameter
from tenantproof.policy import Policy
from tenantproof.reach import collections_read, facts_read, properties_read, with_asked
from tenantproof.reports.aloud import aloud, clauses, opinion_aloud
from tenantproof.reports.values import in_line
from tenantproof.requirement_coverage import Kind, kind_of
from tenantproof.shape import CollectionShape, Shapes

MADE: Final = "<!-- made by `tenantproof docs`: change the policy instead -->"
JUDGED_BY: Final = {
    Kind.AUTOMATED: "judged from data",
    Kind.PARTLY: "judged from data and by people",
    Kind.MANUAL: "answered by people",
}


def policy_page(policy: Policy, pack: Pack, shapes: Shapes) -> str:
    """Return a policy's whole page."""
    return "\n".join(_lines(policy, pack, shapes)).rstrip("\n") + "\n"


def _lines(policy: Policy, pack: Pack, shapes: Shapes) -> Iterator[str]:
    yield f"{MADE}\n"
    yield f"# {policy.id}: {marked(policy.title)}\n"
    yield f"{_grade(policy, pack)}\n"
    yield f"{paragraph(policy.statement)}\n"
    yield f"## Why\n\n{paragraph(policy.rationale)}\n"
    yield "## When it applies\n"
    yield from _applies(policy)
    yield "## How it judges\n"
    yield from block(_judges(policy))
    yield from _data(policy, pack, shapes)
    yield from _parameters(policy, pack)
    yield from _remedy(policy)
    yield from _requirements(policy, pack)
    yield from _controls(policy, pack)
    yield from _references(policy)
    yield from _file(policy, pack)


def _grade(policy: Policy, pack: Pack) -> str:
    words = [
        link(f"{policy.severity.value} severity", f"by-severity.md#{policy.severity.value}"),
        policy.status,
        f"revision {policy.revision}",
        JUDGED_BY[kind_of(policy, pack.policies)],
        f"family {link(policy.family, f'README.md#{policy.family.lower()}')}",
    ]
    return ", ".join(words)


def _applies(policy: Policy) -> Iterator[str]:
    kinds = " and ".join(policy.tenants)
    yield f"To {kinds} tenants.\n" if kinds else "To every tenant.\n"
    if policy.unless:
        yield "Not where\n"
        yield from block(clauses(policy.unless, ""))


def _judges(policy: Policy) -> Iterator[str]:
    yield from aloud(policy.check)
    if policy.second_opinion is not None:
        yield from opinion_aloud(policy.second_opinion, "")
    for name, expression in policy.lets:
        yield f"`${name}` is `{expression.text}`."


# --- what it needs ------------------------------------------------------------------------------


def _data(policy: Policy, pack: Pack, shapes: Shapes) -> Iterator[str]:
    policies = with_asked([policy], pack.policies)
    exported, derived = collections_read(policies), facts_read(policies)
    if not exported and not derived:
        return
    yield "## Which data it needs\n"
    yield from rows(("collection", "request or command", "permission"),
                    (_exported(shapes[name]) for name in exported))
    yield from rows(("fact", "derived by the engine"),
                    ((code(name), marked(shapes[name].description)) for name in derived))
    read = [(name, properties_read(policy, name)) for name in (*exported, *derived)]
    yield from rows(("it reads of", "the properties"), (
        (code(name), ", ".join(map(code, properties))) for name, properties in read if properties
    ))


def _exported(shape: CollectionShape) -> tuple[str, ...]:
    return code(shape.name), code(shape.endpoint), marked(shape.permission)


def _parameters(policy: Policy, pack: Pack) -> Iterator[str]:
    shared = {n: pack.parameters[n] for n in policy.names if n in pack.parameters}
    own = {f"{policy.id}.{n}": p for n, p in policy.parameters.items()}
    found: Mapping[str, Parameter] = {**shared, **own}
    if not found:
        return
    yield "## What can be set\n"
    yield from rows(("parameter", "means", "type", "default"),
                    (_parameter(name, found[name]) for name in sorted(found)))


def _parameter(name: str, parameter: Parameter) -> tuple[str, ...]:
    told = f"{parameter.title}. {parameter.description}" if parameter.description else (
        parameter.title
    )
    default = "the tenant has to declare it" if parameter.default is None else (
        code(in_line(parameter.default))
    )
    return code(name), marked(told), TYPES[parameter.type][0], default


# --- what to do, and where it comes from --------------------------------------------------------


def _remedy(policy: Policy) -> Iterator[str]:
    remedy = policy.remediation
    yield f"## How to mend it\n\n{paragraph(remedy.summary)}\n"
    yield from (f"{number}. {paragraph(step)}" for number, step in enumerate(remedy.steps, 1))
    yield ""
    for word, text in (("Effort", remedy.effort), ("Impact", remedy.impact)):
        if text:
            yield f"{word}: {marked(text)}\n"
    if not policy.waivable:
        yield "No failure of it can be waived.\n"


def _requirements(policy: Policy, pack: Pack) -> Iterator[str]:
    if policy.requirements:
        yield "## Requirements\n"
    yield from rows(("requirement", "level", "asks for"), (
        _requirement(name, pack) for name in policy.requirements
    ))


def _requirement(name: str, pack: Pack) -> tuple[str, ...]:
    row = pack.requirements.get(name)
    if row is None:
        return code(name), "", ""
    there, level = f"by-requirement.md#{name.lower()}", row.level.replace("_", " ")
    return link(name, there), level, marked(row.obligation or row.title)


def _controls(policy: Policy, pack: Pack) -> Iterator[str]:
    if policy.controls:
        yield "## Controls\n"
    yield from rows(("catalogue", "control", "asks for"), (
        _control(catalogue, control, pack)
        for catalogue in sorted(policy.controls) for control in policy.controls[catalogue]
    ))


def _control(catalogue: str, control: str, pack: Pack) -> tuple[str, ...]:
    known = pack.catalogues.get(catalogue)
    title = known.controls.get(control, "") if known else ""
    return link(catalogue, f"by-control.md#{catalogue}"), marked(control), marked(title)


def _references(policy: Policy) -> Iterator[str]:
    if policy.references:
        yield "## Read more\n"
    yield from (f"- {link(one.title, one.url)}" for one in policy.references)
    yield ""


def _file(policy: Policy, pack: Pack) -> Iterator[str]:
    yield f"The policy is {code(policy.file.removeprefix(f'{pack.label}/'))} of the pack."
