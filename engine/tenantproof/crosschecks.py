"""What the files of a pack have to say of each other: names, requirements, controls, references."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tenantproof.control import Catalogue, control_problems
from tenantproof.document import Document
from tenantproof.document import Path as DocumentPath
from tenantproof.policy import Policy, references
from tenantproof.problem import Problem, did_you_mean
from tenantproof.requirement import Requirement


def pack_problems(
    policies: Mapping[str, Policy],
    requirements: Mapping[str, Requirement] | None,
    catalogues: Mapping[str, Catalogue],
    documents: Mapping[str, Document],
) -> Iterator[Problem]:
    """Yield what is wrong with a pack although each of its files is right.

    `requirements` are None, and `catalogues` empty, where it is not known which there are.
    """
    for name, policy in policies.items():
        document = documents[name]
        if not Path(document.file).name.startswith(f"{name}-"):
            yield document.problem(
                ("id",), "file-name", f"the file is not named after `{name}`",
                f"name it `{name}-<desired-state>.yaml`",
            )
        for index, requirement in enumerate(policy.requirements):
            if requirements is not None and requirement not in requirements:
                better = did_you_mean(requirement, requirements)
                yield document.problem(
                    ("requirements", index), "unknown-requirement",
                    f"`requirements.yaml` has no `{requirement}`",
                    f"did you mean `{better}`?" if better else "add it there",
                )
        yield from control_problems(policy, catalogues, document)
        yield from _reference_problems(policy, policies, document)


def _reference_problems(
    policy: Policy, policies: Mapping[str, Policy], document: Document
) -> Iterator[Problem]:
    written: Any = document.value
    for path, target in _asked(written["check"], ("check",)):
        if target not in policies:
            better = did_you_mean(target, policies)
            yield document.problem(
                path, "unknown-policy", f"there is no policy `{target}`",
                f"did you mean `{better}`?" if better else "name a policy of this pack",
            )
        elif _reaches(target, policy.id, policies, set()):
            yield document.problem(
                path, "policy-cycle", f"`{policy.id}` asks `{target}`, which asks it back",
                "let one of the two stand on its own",
            )


def _asked(check: Mapping[str, Any], path: DocumentPath) -> Iterator[tuple[DocumentPath, str]]:
    """Yield where a written check names another policy, and which."""
    if "policy" in check:
        yield (*path, "policy"), check["policy"]
    for mode in ("any_of", "all_of"):
        for label, branch in check.get(mode, {}).items():
            yield from _asked(branch, (*path, mode, label))


def _reaches(start: str, goal: str, policies: Mapping[str, Policy], seen: set[str]) -> bool:
    if start == goal:
        return True
    if start in seen or start not in policies:
        return False
    seen.add(start)
    return any(_reaches(t, goal, policies, seen) for t in references(policies[start].check))
