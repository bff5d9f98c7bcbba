"""Control catalogues: what other standards ask for, as far as policies serve it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from tenantproof.document import Document
from tenantproof.policy import Policy
from tenantproof.problem import Problem, did_you_mean


class Catalogue(Struct, frozen=True):
    """One catalogue; `controls` are titles by id, in the catalogue's order."""

    id: str
    title: str
    version: str
    url: str
    controls: Mapping[str, str]


def read_catalogue(document: Document) -> Catalogue:
    """Return the catalogue of a document that satisfies ``controls.schema.json``."""
    written: Any = document.value
    controls = {control["id"]: control["title"] for control in written["controls"]}
    return Catalogue(
        written["id"], written["title"], written["version"], written["url"], controls
    )


def control_problems(
    policy: Policy, catalogues: Mapping[str, Catalogue], document: Document
) -> Iterator[Problem]:
    """Yield what is wrong with the controls that a policy names.

    A pack without any catalogue lets its policies name whatever they like.
    """
    for name, ids in policy.controls.items() if catalogues else ():
        if name not in catalogues:
            yield _unknown_catalogue(document, name, catalogues)
            continue
        for index, control in enumerate(ids):
            if control not in catalogues[name].controls:
                yield _unknown_control(document, name, index, catalogues[name].controls)


def _unknown_catalogue(document: Document, name: str, known: Mapping[str, Catalogue]) -> Problem:
    better = did_you_mean(name, known)
    return document.key_problem(
        ("controls", name), "unknown-catalogue", f"there is no catalogue `{name}`",
        f"did you mean `{better}`?" if better else f"add `controls/{name}.yaml`",
    )


def _unknown_control(
    document: Document, name: str, index: int, known: Mapping[str, str]
) -> Problem:
    written: Any = document.value
    control = written["controls"][name][index]
    better = did_you_mean(control, known)
    return document.problem(
        ("controls", name, index), "unknown-control",
        f"`controls/{name}.yaml` has no `{control}`",
        f"did you mean `{better}`?" if better else "add it there",
    )
