"""A pack: a folder of policies with the requirements, parameters and fixtures they share.

``pack.yaml`` and ``requirements.yaml`` lie at the top, policies in one folder per family, named
``<ID>-<desired-state>.yaml``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final, TypedDict

from msgspec import Struct, field

from tenantproof.building import build_policy, check_default, read_parameter
from tenantproof.conditions import Builder, problems_in_order
from tenantproof.document import Document, Remembered, load_yaml
from tenantproof.document import Path as DocumentPath
from tenantproof.parameters import Parameter
from tenantproof.policy import Check, Combined, Policy, Reference
from tenantproof.problem import PolicyError, Problem, UsageError, did_you_mean
from tenantproof.shape import Shapes
from tenantproof.sources import files_below

NOT_FAMILIES: Final = frozenset({"profiles", "controls", "fixtures"})
LARGEST_FILE: Final = 2**20


class Requirement(Struct, frozen=True):
    """One obligation of the source text."""

    id: str
    title: str
    level: str
    section: str


class Pack(Struct, frozen=True):
    """A pack, checked as a whole; `label` is the folder as the user named it."""

    id: str
    version: str
    title: str
    label: str
    digest: str
    parameters: Mapping[str, Parameter]
    requirements: Mapping[str, Requirement]
    policies: Mapping[str, Policy]
    fixtures: Mapping[str, Any] = field(default_factory=dict)
    documents: Mapping[str, Document] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()


Validate = Callable[[Document, str], list[Problem]]


class SealedFile(TypedDict):
    """A document's value without its tests, and the line of its id."""

    value: Any
    line: int


Seal = Callable[[str], Mapping[str, SealedFile]]


def not_sealed(digest: str) -> Mapping[str, SealedFile]:
    """Know no pack from before."""
    return {}


class _Reader(Struct):
    """Reads a pack's files and collects what is wrong with them."""

    folder: Path
    label: str
    validate: Validate | None = None
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    data: dict[str, bytes] = field(default_factory=dict)
    sealed: Mapping[str, SealedFile] = field(default_factory=dict)

    def document(self, name: str, schema: str) -> Document | None:
        file = self.sealed.get(name)
        if file is not None:
            label = f"{self.label}/{name}"
            return Remembered(label, file["value"], file["line"], self.data[name])
        try:
            document = load_yaml(self.data[name], f"{self.label}/{name}")
        except PolicyError as error:
            self.problems.extend(error.problems)
            return None
        self.warnings.extend(document.warnings)
        found = self.validate(document, schema) if self.validate else []
        self.problems.extend(found)
        return None if found else document


def load_pack(
    folder: Path,
    label: str,
    shapes: Shapes,
    validate: Validate,
    known: Container[str] = (),
    seal: Seal = not_sealed,
) -> Pack:
    """Return the pack that lies in `folder`.

    `validate` checks a document against a schema; a pack whose digest is `known` has been checked
    before and skips that; `seal` gives the values of a pack that were read when this version was
    made (without tests), so that no YAML has to be read. Raises UsageError where there is no pack,
    PolicyError with the faults of all its files otherwise.
    """
    reader = _Reader(folder, label, data=_files(folder, label))
    digest = _digest(reader.data)
    if digest not in known:
        reader.validate = validate
    reader.sealed = seal(digest)
    pack = reader.document("pack.yaml", "pack")
    parameters = _parameters(pack, reader, shapes) if pack else {}
    requirements = _requirements(reader)
    fixtures = {
        Path(name).stem: document.value
        for name in reader.data if name.startswith("fixtures/") and not reader.sealed
        if (document := reader.document(name, "fixture"))
    }
    documents: dict[str, Document] = {}
    policies = dict(_policies(reader, shapes, parameters, documents))
    reader.problems.extend(_pack_problems(policies, requirements, documents))
    if reader.problems:
        raise PolicyError(reader.problems)
    written: Any = pack.value if pack else {}
    return Pack(
        id=written["id"], version=written["version"], title=written["title"], label=label,
        digest=digest, parameters=parameters, requirements=requirements or {}, policies=policies,
        fixtures=fixtures, documents=documents, warnings=tuple(reader.warnings),
    )


def _files(folder: Path, label: str) -> dict[str, bytes]:
    if not (folder / "pack.yaml").is_file():
        raise UsageError([Problem(
            "no-pack", f"`{label}` is not a pack: it has no `pack.yaml`", file=label,
            help="name a pack's folder, such as `policies/partner-center`",
        )])
    names = [name for name in files_below(str(folder)) if name.endswith((".yaml", ".yml"))]
    try:
        return {name: (folder / name).read_bytes() for name in names}
    except OSError as error:
        raise UsageError([Problem(
            "unreadable-file", f"`{label}` cannot be read: {(error.strerror or '').lower()}",
            file=label, help="look at the file's permissions",
        )]) from None


def _digest(data: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(data):
        digest.update(f"{name}\0{len(data[name])}\0".encode())
        digest.update(data[name])
    return f"sha256:{digest.hexdigest()}"


def _parameters(pack: Document, reader: _Reader, shapes: Shapes) -> dict[str, Parameter]:
    written: Any = pack.value
    builder = Builder(pack, shapes)
    parameters = {
        name: read_parameter(name, p) for name, p in written.get("parameters", {}).items()
    }
    for name, parameter in parameters.items():
        check_default(builder, ("parameters", name, "default"), parameter)
    reader.problems.extend(problems_in_order(builder))
    return parameters


def _requirements(reader: _Reader) -> dict[str, Requirement] | None:
    """Return the requirements by id; None where their file is missing, or wrong in itself."""
    if "requirements.yaml" not in reader.data:
        return None
    document = reader.document("requirements.yaml", "requirements")
    if document is None:
        return None
    written: Any = document.value
    return {
        row["id"]: Requirement(row["id"], row["title"], row["level"], row.get("section", ""))
        for row in written["requirements"]
    }


def _policies(
    reader: _Reader,
    shapes: Shapes,
    parameters: Mapping[str, Parameter],
    documents: dict[str, Document],
) -> Iterator[tuple[str, Policy]]:
    for name in reader.data:
        folder = Path(name).parts[0]
        if "/" not in name or folder in NOT_FAMILIES:
            continue
        document = reader.document(name, "policy")
        if document is None:
            continue
        try:
            policy = build_policy(document, shapes, parameters)
        except PolicyError as error:
            reader.problems.extend(error.problems)
            continue
        if policy.id in documents:
            reader.problems.append(_twice(document, policy.id, documents[policy.id]))
            continue
        reader.warnings.extend(policy.warnings)
        documents[policy.id] = document
        yield policy.id, policy


def _twice(document: Document, name: str, first: Document) -> Problem:
    return document.problem(
        ("id",), "duplicate-id", f"`{name}` is also the id of `{first.file}`",
        "give each policy an id of its own",
    )


def _pack_problems(
    policies: Mapping[str, Policy],
    requirements: Mapping[str, Requirement] | None,
    documents: Mapping[str, Document],
) -> Iterator[Problem]:
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


def references(check: Check) -> Iterator[str]:
    """Yield the ids of the policies that a check asks."""
    if isinstance(check, Reference):
        yield check.policy
    if isinstance(check, Combined):
        for branch in check.branches:
            yield from references(branch.check)


def _reaches(start: str, goal: str, policies: Mapping[str, Policy], seen: set[str]) -> bool:
    if start == goal:
        return True
    if start in seen or start not in policies:
        return False
    seen.add(start)
    return any(_reaches(t, goal, policies, seen) for t in references(policies[start].check))


def selected(
    pack: Pack, select: Iterable[str] = (), ignore: Iterable[str] = ()
) -> list[Policy]:
    """Return the policies to judge, by id patterns (``MFA-*``), in the order of their ids.

    Without `select` these are all stable policies. Raises UsageError for a pattern that matches
    nothing and for a selection that is empty.
    """
    chosen = {
        policy.id for policy in pack.policies.values() if policy.status == "stable"
    } if not (wanted := list(select)) else _matching(pack, wanted)
    chosen -= _matching(pack, list(ignore))
    if not chosen:
        raise UsageError([Problem(
            "nothing-selected", "no policy is left to judge",
            help="select at least one policy; `tenantproof list` shows them",
        )])
    return [pack.policies[name] for name in sorted(chosen)]


def _matching(pack: Pack, patterns: list[str]) -> set[str]:
    found: set[str] = set()
    for pattern in patterns:
        hits = {
            p.id for p in pack.policies.values()
            if fnmatchcase(p.id, pattern) and p.status != "retired"
        }
        if not hits:
            better = did_you_mean(pattern, pack.policies)
            raise UsageError([Problem(
                "pattern-matches-nothing", f"`{pattern}` matches no policy",
                help=f"did you mean `{better}`?" if better else "`tenantproof list` shows them",
            )])
        found |= hits
    return found
