"""A file of waivers: from a checked document to accepted failures that a judgement can find.

What may never be accepted is refused here, with its place in the file. Whether a waiver holds, and
whom it speaks of, is :mod:`tenantproof.waiver`'s to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from tenantproof.document import Document, Path
from tenantproof.policy import EVERY, Place, Policy, Quantified, is_by_subject, leaves
from tenantproof.problem import Position, Problem, did_you_mean, quoted
from tenantproof.requirement import Requirement
from tenantproof.verdict import Verdict
from tenantproof.waiver import Selector, Waiver

NOT_HEARD: Final = "the failure would not be accepted"
Requirements = Mapping[str, Requirement]


def read(document: Document) -> tuple[Waiver, ...]:
    """Return the waivers of a document that satisfies ``waivers.schema.json``."""
    written: Any = document.value
    return tuple(
        _waiver(one, document.file, document.position(("waivers", index)))
        for index, one in enumerate(written["waivers"])
    )


def _waiver(written: Mapping[str, Any], file: str, place: Position) -> Waiver:
    return Waiver(
        tenants=tuple(written["tenants"]),
        policy=written["policy"],
        subjects=tuple(map(_selector, written.get("subjects", ()))),
        **{name: written[name] for name in ("reason", "owner", "approver", "ticket", "expires")},
        file=file,
        line=place.line,
        column=place.column,
    )


def _selector(written: str | Mapping[str, Any]) -> Selector:
    if isinstance(written, str):
        return Selector(id=written)
    return Selector(evidence=tuple(written.items()))


def problems(
    document: Document, policies: Mapping[str, Policy], requirements: Requirements
) -> Iterator[Problem]:
    """Yield what forbids the use of a file's waivers, and what is written twice in it."""
    waivers = read(document)
    for index, one in enumerate(waivers):
        path: Path = ("waivers", index)
        policy = policies.get(one.policy)
        if policy is None:
            yield _no_policy(document, path, one, policies)
        elif not policy.waivable:
            yield _not_waivable(document, path, policy, requirements)
        else:
            yield from _subjects(document, path, one, policy)
    yield from _twins(document, waivers)


def _no_policy(
    document: Document, path: Path, one: Waiver, policies: Mapping[str, Policy]
) -> Problem:
    better = did_you_mean(one.policy, policies)
    return document.problem(
        (*path, "policy"), "unknown-policy", f"there is no policy {quoted(one.policy)}",
        f"did you mean `{better}`?" if better else "`tenantproof list` shows the policies",
        consequence=NOT_HEARD,
    )


def _not_waivable(
    document: Document, path: Path, policy: Policy, requirements: Requirements
) -> Problem:
    return document.problem(
        (*path, "policy"), "not-waivable", f"no failure of `{policy.id}` can be accepted",
        "mend the tenant, and take the waiver out", consequence=_demand(policy, requirements),
    )


def _demand(policy: Policy, requirements: Requirements) -> str:
    """Return the source's sentence that allows no exception."""
    for name in policy.requirements:
        found = requirements.get(name)
        if found is not None and found.obligation:
            return f"{name} demands: {found.obligation} ({found.source or found.title})"
    return f"it demands: {policy.statement}"


def _subjects(
    document: Document, path: Path, one: Waiver, policy: Policy
) -> Iterator[Problem]:
    every = list(leaves(policy.check))
    if not one.subjects:
        if not any(_fails_as_a_whole(leaf) for leaf in every):
            yield document.problem(
                path, "waiver-without-subjects",
                f"`{policy.id}` judges each subject, and this waiver names none",
                "add `subjects` with the ids of those whose failure is accepted; there is no `all`",
                consequence=NOT_HEARD,
            )
        return
    if not any(is_by_subject(leaf) for leaf in every):
        yield document.key_problem(
            (*path, "subjects"), "waiver-subjects",
            f"`{policy.id}` judges the tenant as a whole",
            "leave `subjects` out", consequence=NOT_HEARD,
        )
        return
    yield from _labels(document, path, one, policy)


def _fails_as_a_whole(leaf: Any) -> bool:
    if is_by_subject(leaf):
        return isinstance(leaf, Quantified) and leaf.if_empty is Verdict.FAIL
    return True


def _labels(document: Document, path: Path, one: Waiver, policy: Policy) -> Iterator[Problem]:
    known = {label: place for leaf in leaves(policy.check) if is_by_subject(leaf)
             for label, place in leaf.shown.evidence}  # type: ignore[union-attr]  # no Reference is
    for index, selector in enumerate(one.subjects):
        for label, _ in selector.evidence:
            if label in known and _is_list(known[label]):
                yield document.key_problem(
                    (*path, "subjects", index, label), "list-label",
                    f"{quoted(label)} of `{policy.id}` is a list, and a waiver needs one value",
                    "name the subject by its id", consequence=NOT_HEARD,
                )
            elif label not in known:
                better = did_you_mean(label, known)
                shown = ", ".join(f"`{name}`" for name in sorted(known)) or "none"
                yield document.key_problem(
                    (*path, "subjects", index, label), "unknown-label",
                    f"the evidence of `{policy.id}` has no {quoted(label)}",
                    f"did you mean `{better}`?" if better else f"its labels are {shown}",
                    consequence=NOT_HEARD,
                )


def _is_list(place: Place) -> bool:
    return EVERY in place.steps or place.shape.kind == "list"


def _twins(document: Document, waivers: tuple[Waiver, ...]) -> Iterator[Problem]:
    seen: dict[Any, int] = {}
    for index, one in enumerate(waivers):
        told = (frozenset(name.casefold() for name in one.tenants), one.policy, one.subjects,
                one.expires)
        first = seen.setdefault(told, index)
        if first != index:
            yield document.problem(
                ("waivers", index), "duplicate-waiver",
                f"this stands in line {waivers[first].line} already", "keep one of the two",
                consequence="it makes no difference", severity="warning",
            )
