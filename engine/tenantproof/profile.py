"""Profiles: which policies are judged, with which parameters and severities.

A profile builds on at most one other, which may lie in another pack of the run. It adds what it
selects to what that one chose, takes away what it ignores, and outranks its values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, Final

from msgspec import Struct, field
from msgspec.structs import replace

from tenantproof.document import Document
from tenantproof.document import Path as DocumentPath
from tenantproof.parameters import Parameter, fault
from tenantproof.policy import Policy
from tenantproof.problem import PolicyError, Problem, did_you_mean, in_file_order, quoted
from tenantproof.verdict import Severity

BETWEEN_PACKS: Final = "/"
Choice = Mapping[str, tuple[str, ...]]


class Regraded(Struct, frozen=True):
    """A severity that a profile gives to a policy, and why."""

    severity: Severity
    reason: str


class Profile(Struct, frozen=True, eq=False):
    """One profile as it was written; `name` is ``pack/id`` where it lies in a pack."""

    id: str
    name: str
    title: str
    description: str
    extends: str
    select: Choice
    ignore: Choice
    parameters: Mapping[str, Any]
    severities: Mapping[str, Regraded]
    document: Document


class Stock(Struct, frozen=True, eq=False):
    """What profiles choose from: policies, the levels of their requirements, parameters.

    `parameters` are shared ones by name and a policy's own by ``ID.name``; `profiles` are by
    ``pack/id``.
    """

    policies: Mapping[str, Policy]
    levels: Mapping[str, str]
    parameters: Mapping[str, Parameter]
    profiles: Mapping[str, Profile]


class InForce(Struct, frozen=True, eq=False):
    """What a profile comes to: ids of policies, values and severities, and who set each."""

    name: str = ""
    policies: frozenset[str] = frozenset()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    severities: Mapping[str, Regraded] = field(default_factory=dict)
    set_by: Mapping[str, str] = field(default_factory=dict)


def read_profile(document: Document, pack: str = "") -> Profile:
    """Return the profile of a document that satisfies ``profile.schema.json``.

    `pack` is the id of the pack in which it lies, empty for a file of its own.
    """
    written: Any = document.value
    return Profile(
        id=written["id"],
        name=_within(pack, written["id"]) if pack else document.file,
        title=written["title"],
        description=written.get("description", ""),
        extends=_within(pack, written["extends"]) if "extends" in written else "",
        select=_choice(written.get("select", {})),
        ignore=_choice(written.get("ignore", {})),
        parameters=written.get("parameters", {}),
        severities={
            policy: Regraded(Severity(to["severity"]), to["reason"])
            for policy, to in written.get("severities", {}).items()
        },
        document=document,
    )


def _choice(written: Mapping[str, list[str]]) -> Choice:
    return {criterion: tuple(patterns) for criterion, patterns in written.items()}


def _within(pack: str, name: str) -> str:
    return name if BETWEEN_PACKS in name or not pack else f"{pack}{BETWEEN_PACKS}{name}"


def by_default(stock: Stock) -> InForce:
    """Return what is in force without any profile: every stable policy, as it stands."""
    return InForce(policies=frozenset(p.id for p in stock.policies.values() if _is_stable(p)))


def _is_stable(policy: Policy) -> bool:
    return policy.status == "stable"


def in_force(profile: Profile, stock: Stock) -> InForce:
    """Return what a profile comes to; raises PolicyError with everything that is wrong with it."""
    problems = in_file_order(p for one in lineage(profile, stock) for p in _faults(one, stock))
    problems.extend(_extends_faults(profile, stock))
    if problems:
        raise PolicyError(dict.fromkeys(problems))
    found = InForce()
    for one in reversed(lineage(profile, stock)):
        found = _with(one, found, stock)
    if not found.policies:
        raise PolicyError([profile.document.key_problem(
            ("id",), "nothing-selected", f"the profile {quoted(profile.id)} selects no policy",
            "select at least one, or ignore fewer",
        )])
    return replace(found, name=profile.id)


def lineage(profile: Profile, stock: Stock) -> list[Profile]:
    """Return a profile and those that it builds on, as far as they can be followed."""
    found = [profile]
    while found[-1].extends in stock.profiles:
        parent = stock.profiles[found[-1].extends]
        if parent.name in {one.name for one in found}:
            return found
        found.append(parent)
    return found


def _with(profile: Profile, under: InForce, stock: Stock) -> InForce:
    base = under.policies
    if not profile.select and not profile.extends:
        base = by_default(stock).policies
    chosen = (base | _named(profile.select, stock)) - _named(profile.ignore, stock)
    names = (*profile.parameters, *profile.severities)
    return InForce(
        policies=chosen,
        parameters={**under.parameters, **profile.parameters},
        severities={**under.severities, **profile.severities},
        set_by={**under.set_by, **dict.fromkeys(names, profile.id)},
    )


# --- which policies a choice names --------------------------------------------------------------


def _named(choice: Choice, stock: Stock) -> frozenset[str]:
    return frozenset(
        policy.id for criterion, patterns in choice.items() for pattern in patterns
        for policy in stock.policies.values() if _is_meant(criterion, pattern, policy, stock)
    )


def _is_meant(criterion: str, pattern: str, policy: Policy, stock: Stock) -> bool:
    if policy.status == "retired" or (criterion != "ids" and not _is_stable(policy)):
        return False
    return any(fnmatchcase(name, pattern) for name in CRITERIA[criterion](policy, stock))


def _controls(policy: Policy) -> Iterator[str]:
    for catalogue, controls in policy.controls.items():
        yield from (f"{catalogue}:{control}" for control in controls)


CRITERIA: Final[dict[str, Callable[[Policy, Stock], Iterable[str]]]] = {
    "ids": lambda policy, stock: [policy.id],
    "families": lambda policy, stock: [policy.family],
    "severities": lambda policy, stock: [policy.severity.value],
    "requirements": lambda policy, stock: policy.requirements,
    "levels": lambda policy, stock: [stock.levels.get(r, "") for r in policy.requirements],
    "controls": lambda policy, stock: _controls(policy),
}


# --- what is wrong with a profile ---------------------------------------------------------------


def faults(profiles: Iterable[Profile], stock: Stock) -> Iterator[Problem]:
    """Yield what is wrong with a pack's own profiles, as far as the pack alone can tell.

    A profile that builds on one of another pack may name that pack's policies: it is judged once
    both are there.
    """
    for profile in profiles:
        if _reaches_out(profile, stock):
            continue
        found = [*_faults(profile, stock), *_extends_faults(profile, stock)]
        yield from found
        if not found and all(not list(_faults(one, stock)) for one in lineage(profile, stock)):
            yield from _emptiness(profile, stock)


def _reaches_out(profile: Profile, stock: Stock) -> bool:
    pack = profile.name.partition(BETWEEN_PACKS)[0]
    return any(one.extends and one.extends.partition(BETWEEN_PACKS)[0] != pack
               for one in lineage(profile, stock))


def _emptiness(profile: Profile, stock: Stock) -> Iterator[Problem]:
    try:
        in_force(profile, stock)
    except PolicyError as error:
        yield from error.problems


def _faults(profile: Profile, stock: Stock) -> Iterator[Problem]:
    for key, choice in (("select", profile.select), ("ignore", profile.ignore)):
        for criterion, patterns in choice.items():
            for index, pattern in enumerate(patterns):
                yield from _pattern_faults(profile, (key, criterion, index), pattern, stock)
    yield from _parameter_faults(profile, stock)
    for policy in profile.severities:
        if policy not in stock.policies:
            yield _unknown(profile, ("severities", policy), "policy", policy, stock.policies)


def _pattern_faults(
    profile: Profile, path: DocumentPath, pattern: str, stock: Stock
) -> Iterator[Problem]:
    criterion = str(path[1])
    if any(_is_meant(criterion, pattern, p, stock) for p in stock.policies.values()):
        return
    known = sorted({
        name for p in stock.policies.values() for name in CRITERIA[criterion](p, stock)
    })
    better = did_you_mean(pattern, known)
    yield profile.document.problem(
        path, "pattern-matches-nothing", f"{quoted(pattern)} matches no policy",
        f"did you mean `{better}`?" if better else "`tenantproof list` shows the policies",
    )


def _parameter_faults(profile: Profile, stock: Stock) -> Iterator[Problem]:
    for name, value in profile.parameters.items():
        path = ("parameters", name)
        if name not in stock.parameters:
            yield _unknown(profile, path, "parameter", name, stock.parameters)
            continue
        why = fault(stock.parameters[name], value)
        if why:
            yield profile.document.problem(path, "parameter-value", why, "correct the value")


def _unknown(
    profile: Profile, path: DocumentPath, kind: str, name: str, known: Iterable[str]
) -> Problem:
    better = did_you_mean(name, known)
    return profile.document.key_problem(
        path, f"unknown-{kind}", f"there is no {kind} {quoted(name)}",
        f"did you mean `{better}`?" if better else f"name a {kind} of the pack",
        consequence="what the profile says of it would not be heard",
    )


def _extends_faults(profile: Profile, stock: Stock) -> Iterator[Problem]:
    last = lineage(profile, stock)[-1]
    if not last.extends:
        return
    if last.extends in stock.profiles:
        yield last.document.problem(
            ("extends",), "profile-cycle",
            f"{quoted(last.id)} builds on {quoted(last.extends)}, which builds on it",
            "let one of the two stand on its own",
        )
        return
    known = {name.rpartition(BETWEEN_PACKS)[2]: name for name in stock.profiles}
    near = did_you_mean(last.extends, [*stock.profiles, *known])
    better = known.get(near, near)
    yield last.document.problem(
        ("extends",), "unknown-profile", f"there is no profile {quoted(last.extends)}",
        f"did you mean `{better}`?" if better else "name a profile of the packs of this run",
    )
