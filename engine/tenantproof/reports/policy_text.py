"""One policy explained: what it demands and why, how it judges, what it has to read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from tenantproof.pack import Pack
from tenantproof.parameters import TYPES, Parameter
from tenantproof.policy import Policy
from tenantproof.profile import InForce
from tenantproof.reach import collections_read, facts_read, properties_read, with_asked
from tenantproof.reports.aloud import aloud, clauses, opinion_aloud
from tenantproof.reports.layout import WIDTH, labelled, numbered, prose, table, text_of, wrapped
from tenantproof.reports.values import in_line
from tenantproof.reports.view import Palette
from tenantproof.shape import Shapes

INDENT: Final = "  "


def explain(
    policy: Policy, pack: Pack, profile: InForce, shapes: Shapes, palette: Palette
) -> Iterator[str]:
    """Yield the page of one policy, with what a profile makes of it."""
    return text_of(_page(policy, pack, profile, shapes, palette))


def _page(
    policy: Policy, pack: Pack, profile: InForce, shapes: Shapes, palette: Palette
) -> Iterator[str]:
    yield from title(policy, palette)
    yield from wrapped(prose(policy.statement))
    yield from _section("Why", palette)
    yield from wrapped(prose(policy.rationale), INDENT, INDENT)
    yield from _section("When it applies", palette)
    yield from _applies(policy)
    yield from _chosen(policy, profile)
    yield from _section("How it judges", palette)
    yield from _judges(policy)
    yield from _section("What it reads", palette)
    yield from _reads(policy, pack, shapes)
    yield from _parameters(policy, pack, profile, palette)
    yield from _section("How to mend it", palette)
    yield from _remedy(policy)
    yield from _section("Where it comes from", palette)
    yield from _origin(policy, pack)


def title(policy: Policy, palette: Palette) -> Iterator[str]:
    """Yield a policy's name, severity and place."""
    yield from (palette.paint("strong", line)
                for line in wrapped(prose(f"{policy.id}: {policy.title}")))
    grade = (f"{policy.severity.value} severity, {policy.status}, revision {policy.revision}, "
             f"{policy.file}:{policy.line}")
    yield from (palette.paint("dim", line) for line in wrapped(prose(grade)))
    yield palette.paint("dim", "-" * WIDTH)


def _section(name: str, palette: Palette) -> Iterator[str]:
    yield ""
    yield palette.paint("strong", name)


def _applies(policy: Policy) -> Iterator[str]:
    kinds = " and ".join(policy.tenants)
    yield from wrapped(f"To {kinds} tenants." if kinds else "To every tenant.", INDENT, INDENT)
    if policy.unless:
        yield f"{INDENT}Not where"
        yield from clauses(policy.unless, INDENT * 2)


def _chosen(policy: Policy, profile: InForce) -> Iterator[str]:
    if profile.name:
        told = "selects" if policy.id in profile.policies else "does not select"
        yield from wrapped(f"The profile `{profile.name}` {told} it.", INDENT, INDENT)
    if policy.severity_reason:
        told = (f"Its severity is set by the profile `{profile.set_by[policy.id]}`: "
                f"{policy.severity_reason}")
        yield from wrapped(prose(told), INDENT, INDENT)


def _judges(policy: Policy) -> Iterator[str]:
    yield from aloud(policy.check, INDENT)
    if policy.second_opinion is not None:
        yield from opinion_aloud(policy.second_opinion, INDENT)
    for name, expression in policy.lets:
        yield from wrapped(f"`${name}` is `{expression.text}`.", INDENT * 2, INDENT)


def _reads(policy: Policy, pack: Pack, shapes: Shapes) -> Iterator[str]:
    policies = with_asked([policy], pack.policies)
    for name in collections_read(policies):
        shape = shapes[name]
        yield from wrapped(prose(shape.description), INDENT * 2, f"{INDENT}{name}: ")
        rows = [("properties", ", ".join(properties_read(policy, name))),
                ("from", shape.endpoint), ("with", shape.permission)]
        yield from table([row for row in rows if row[1]], INDENT * 3)
    for name in facts_read(policies):
        lead = f"{INDENT}{name} (derived): "
        yield from wrapped(prose(shapes[name].description), INDENT * 2, lead)
        properties = ", ".join(properties_read(policy, name))
        yield from table([("properties", properties)] if properties else [], INDENT * 3)


def _parameters(
    policy: Policy, pack: Pack, profile: InForce, palette: Palette
) -> Iterator[str]:
    shared = {n: pack.parameters[n] for n in policy.names if n in pack.parameters}
    own = {f"{policy.id}.{n}": p for n, p in policy.parameters.items()}
    found: Mapping[str, Parameter] = {**shared, **own}
    if not found:
        return
    yield from _section("What can be set", palette)
    for name in sorted(found):
        parameter = found[name]
        default = "the tenant has to declare it" if parameter.default is None else (
            f"default {in_line(parameter.default)}"
        )
        told = f"{parameter.title} ({TYPES[parameter.type][0]}; {default}{_set(name, profile)})"
        yield from wrapped(prose(told), INDENT * 2, f"{INDENT}{name}: ")


def _set(name: str, profile: InForce) -> str:
    if name not in profile.parameters:
        return ""
    return f"; {in_line(profile.parameters[name])} by the profile `{profile.set_by[name]}`"


def _remedy(policy: Policy) -> Iterator[str]:
    remedy = policy.remediation
    yield from wrapped(prose(remedy.summary), INDENT, INDENT)
    yield from numbered(remedy.steps, INDENT)
    for word, text in (("Effort", remedy.effort), ("Impact", remedy.impact)):
        if text:
            yield from wrapped(prose(text), INDENT * 2, f"{INDENT}{word}: ")


def _origin(policy: Policy, pack: Pack) -> Iterator[str]:
    for name in policy.requirements:
        requirement = pack.requirements.get(name)
        told = f"{requirement.title} ({requirement.level.replace('_', ' ')})" if requirement else ""
        yield from wrapped(prose(told), INDENT * 2, f"{INDENT}{name}: ")
    for catalogue in sorted(policy.controls):
        yield from labelled(f"{INDENT}{catalogue}", ", ".join(policy.controls[catalogue]), 20)
    for link in policy.references:
        yield from wrapped(prose(f"{link.title}: {link.url}"), INDENT * 2, INDENT)
