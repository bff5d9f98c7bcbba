"""The index pages of the catalogue: by family, requirement, severity and control."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from tenantproof.authoring.page_text import link, marked, paragraph, rows
from tenantproof.authoring.policy_page import JUDGED_BY, MADE
from tenantproof.control import Catalogue
from tenantproof.pack import Pack
from tenantproof.policy import Policy
from tenantproof.reports.layout import count_of
from tenantproof.requirement_coverage import Covered, Kind, coverage, kind_of
from tenantproof.verdict import Severity

HEAD: Final = ("policy", "severity", "asks for", "judged")
INDEXES: Final = (
    ("by-requirement.md", "by requirement"), ("by-severity.md", "by severity"),
    ("by-control.md", "by control of another catalogue"),
)
Policies = Sequence[Policy]


def index_pages(pack: Pack, policies: Policies) -> dict[str, str]:
    """Return the index pages by file name, for policies in the order of their ids."""
    return {name: _page(lines(pack, policies)) for name, lines in PAGES.items()}


def _page(lines: Iterable[str]) -> str:
    return "\n".join((f"{MADE}\n", *lines)).rstrip("\n") + "\n"


def _table(pack: Pack, policies: Iterable[Policy]) -> Iterator[str]:
    return rows(HEAD, (_row(pack, policy) for policy in policies))


def _row(pack: Pack, policy: Policy) -> tuple[str, ...]:
    draft = "" if policy.status == "stable" else f" ({policy.status})"
    judged = JUDGED_BY[kind_of(policy, pack.policies)]
    return _to(policy), policy.severity.value, f"{marked(policy.title)}{draft}", judged


def _to(policy: Policy) -> str:
    return link(policy.id, f"{policy.id}.md")


# --- the pages ----------------------------------------------------------------------------------


def _by_family(pack: Pack, policies: Policies) -> Iterator[str]:
    yield f"# {marked(pack.title)}: the policies\n"
    kinds = [kind_of(policy, pack.policies) for policy in policies]
    counts = ", ".join(f"{kinds.count(kind)} {JUDGED_BY[kind]}" for kind in Kind)
    total = count_of(len(policies), "policy", "policies")
    yield f"Pack {marked(f'{pack.id} {pack.version}')}, {total}: {counts}.\n"
    yield "By family below; also " + ", ".join(link(text, to) for to, text in INDEXES) + ".\n"
    families: dict[str, list[Policy]] = {}
    for policy in policies:
        families.setdefault(policy.family, []).append(policy)
    for family, members in families.items():
        yield f"## {family}\n"
        yield from _table(pack, members)


def _by_severity(pack: Pack, policies: Policies) -> Iterator[str]:
    yield "# Policies by severity\n"
    for severity in Severity:
        yield f"## {severity.value.capitalize()}\n"
        found = [policy for policy in policies if policy.severity is severity]
        yield from _table(pack, found)
        if not found:
            yield "None.\n"


def _by_requirement(pack: Pack, policies: Policies) -> Iterator[str]:
    yield "# Policies by requirement\n"
    if pack.source.url:
        source = pack.source
        yield f"Read from {link(source.title, source.url)}, {source.dated}.\n"
    section = ""
    stable = [policy.id for policy in policies if policy.status == "stable"]
    for row in coverage(pack, stable).rows:
        if row.requirement.section != section:
            section = row.requirement.section
            yield f"## {marked(section)}\n"
        yield from _requirement(row)


def _requirement(row: Covered) -> Iterator[str]:
    one = row.requirement
    yield f"### {one.id}\n"
    yield f"{marked(one.title)} ({one.level.replace('_', ' ')}; {row.status.value}).\n"
    if one.obligation:
        yield f"{paragraph(one.obligation)}\n"
    if one.note:
        yield f"Note: {marked(one.note)}\n"
    yield from (
        f"- {_to(covering.policy)} {marked(covering.policy.title)} ({JUDGED_BY[covering.kind]})"
        for covering in row.policies
    )
    yield ""


def _by_control(pack: Pack, policies: Policies) -> Iterator[str]:
    yield "# Policies by control\n"
    names = {name for policy in policies for name in policy.controls}
    for name in sorted(names):
        yield f"## {name}\n"
        catalogue = pack.catalogues.get(name)
        if catalogue:
            yield f"{link(catalogue.title, catalogue.url)}, {marked(catalogue.version)}.\n"
        yield from rows(("control", "asks for", "policies"), _controls(name, catalogue, policies))


def _controls(
    name: str, catalogue: Catalogue | None, policies: Policies
) -> Iterator[tuple[str, ...]]:
    used = {control for policy in policies for control in policy.controls.get(name, ())}
    known = catalogue.controls if catalogue else {}
    for control in [*(c for c in known if c in used), *sorted(used - set(known))]:
        serving = [p for p in policies if control in p.controls.get(name, ())]
        yield marked(control), marked(known.get(control, "")), ", ".join(map(_to, serving))


PAGES: Final[dict[str, Callable[[Pack, Policies], Iterator[str]]]] = {
    "README.md": _by_family,
    "by-requirement.md": _by_requirement,
    "by-severity.md": _by_severity,
    "by-control.md": _by_control,
}
