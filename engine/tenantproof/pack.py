"""A pack: a folder of policies with the requirements, parameters and fixtures they share.

``pack.yaml`` and ``requirements.yaml`` lie at the top, policies in one folder per family, named
``<ID>-<desired-state>.yaml``, profiles in ``profiles/``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, TypedDict

from msgspec import Struct, field

from tenantproof.building import build_policy, check_default, read_parameter
from tenantproof.conditions import Builder, problems_in_order
from tenantproof.control import Catalogue, read_catalogue
from tenantproof.crosschecks import pack_problems
from tenantproof.document import Document, Remembered, load_yaml
from tenantproof.parameters import Parameter
from tenantproof.policy import Policy
from tenantproof.problem import PolicyError, Problem, UsageError, because, did_you_mean
from tenantproof.profile import Profile, Stock, faults, read_profile
from tenantproof.requirement import Requirement, SourceText, read_requirements, read_source
from tenantproof.shape import Shapes
from tenantproof.sources import files_below

NOT_FAMILIES: Final = frozenset({"profiles", "controls", "fixtures"})
LARGEST_FILE: Final = 2**20


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
    profiles: Mapping[str, Profile] = field(default_factory=dict)
    default_profile: str = ""
    source: SourceText = SourceText()
    catalogues: Mapping[str, Catalogue] = field(default_factory=dict)


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
    listed = _requirements_file(reader)
    requirements = read_requirements(listed) if listed else None
    catalogues = _catalogues(reader)
    fixtures = {
        Path(name).stem: document.value
        for name in reader.data if name.startswith("fixtures/") and not reader.sealed
        if (document := reader.document(name, "fixture"))
    }
    documents: dict[str, Document] = {}
    policies = dict(_policies(reader, shapes, parameters, documents))
    reader.problems.extend(pack_problems(policies, requirements, catalogues, documents))
    written: Any = pack.value if pack else {}
    profiles = dict(_profiles(reader, written.get("id", "")))
    if pack and not reader.problems:
        stock = Stock(policies, levels_of(requirements or {}),
                      all_parameters(parameters, policies.values()), profiles)
        reader.problems.extend(dict.fromkeys(_profile_problems(pack, stock)))
    if reader.problems:
        raise PolicyError(reader.problems)
    return Pack(
        id=written["id"], version=written["version"], title=written["title"], label=label,
        digest=digest, parameters=parameters, requirements=requirements or {}, policies=policies,
        fixtures=fixtures, documents=documents, warnings=tuple(reader.warnings),
        profiles=profiles, default_profile=written.get("default_profile", ""),
        source=read_source(listed) if listed else SourceText(), catalogues=catalogues,
    )


def levels_of(requirements: Mapping[str, Requirement]) -> dict[str, str]:
    """Return the level of each requirement, by its id."""
    return {name: requirement.level for name, requirement in requirements.items()}


def all_parameters(
    shared: Mapping[str, Parameter], policies: Iterable[Policy]
) -> dict[str, Parameter]:
    """Return the parameters that can be set: shared ones by name, a policy's own by ``ID.name``."""
    own = {f"{p.id}.{name}": q for p in policies for name, q in p.parameters.items()}
    return {**shared, **own}


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
            "unreadable-file", f"`{label}` cannot be read: {because(error)}",
            file=label, help="look at the file's permissions",
        )]) from None


def pack_digest(folder: Path, label: str) -> str:
    """Return the digest of a pack's files as they lie in a folder; UsageError where it is none."""
    return _digest(_files(folder, label))


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


def _requirements_file(reader: _Reader) -> Document | None:
    """Return the file of the requirements; None where it is missing, or wrong in itself."""
    if "requirements.yaml" not in reader.data:
        return None
    return reader.document("requirements.yaml", "requirements")


def _catalogues(reader: _Reader) -> dict[str, Catalogue]:
    """Return the catalogues by id; none where one is wrong, so that no control is refused."""
    names = [name for name in reader.data if name.startswith("controls/")]
    found = {}
    for name in names:
        document = reader.document(name, "controls")
        if document is not None:
            catalogue = read_catalogue(document)
            reader.problems.extend(_misnamed(name, catalogue.id, document))
            found[catalogue.id] = catalogue
    return found if len(found) == len(names) else {}


def _profiles(reader: _Reader, pack: str) -> Iterator[tuple[str, Profile]]:
    for name in reader.data:
        if not name.startswith("profiles/"):
            continue
        document = reader.document(name, "profile")
        if document is None:
            continue
        profile = read_profile(document, pack)
        reader.problems.extend(_misnamed(name, profile.id, document))
        yield profile.name, profile


def _misnamed(name: str, wanted: str, document: Document) -> Iterator[Problem]:
    if Path(name).stem != wanted:
        yield document.problem(
            ("id",), "file-name", f"the file is not named after `{wanted}`",
            f"name it `{wanted}.yaml`",
        )


def _profile_problems(pack: Document, stock: Stock) -> Iterator[Problem]:
    yield from faults(stock.profiles.values(), stock)
    written: Any = pack.value
    default = written.get("default_profile", "")
    names = [profile.id for profile in stock.profiles.values()]
    if default and default not in names:
        better = did_you_mean(default, names)
        yield pack.problem(
            ("default_profile",), "unknown-profile", f"there is no profile `{default}`",
            f"did you mean `{better}`?" if better else "write it in the folder `profiles`",
        )


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
