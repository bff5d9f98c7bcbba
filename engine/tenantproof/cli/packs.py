"""The packs that a command works with, and which of them were checked before."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import msgspec
import msgspec.structs
from msgspec import Struct

from tenantproof import __version__, bundled
from tenantproof.cli import console
from tenantproof.cli.usage import usage_error
from tenantproof.document import Document
from tenantproof.pack import Pack, SealedFile, load_pack
from tenantproof.problem import PolicyError, Problem, TenantproofError
from tenantproof.shape import Shapes, bundled_shapes

NAME: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
SCHEMAS: Final = ("pack", "requirements", "policy", "fixture", "profile", "controls")


class Named(Struct, frozen=True):
    """A pack's folder, and what messages call it."""

    folder: Path
    label: str


def named(folders: Sequence[str]) -> list[Named]:
    """Return the packs that the caller names; the bundled one where there is no name."""
    if not folders:
        return [Named(bundled.pack(), f"policies/{bundled.DEFAULT_PACK}")]
    return [_named(folder) for folder in folders]


def _named(asked: str) -> Named:
    """Return a pack by its folder, else by the name of a bundled or an installed one."""
    folder = Path(asked)
    if folder.is_dir() or not NAME.fullmatch(asked):
        return Named(folder, asked.rstrip("/") or asked)
    if bundled.pack(asked).is_dir():
        return Named(bundled.pack(asked), f"policies/{asked}")
    installed = bundled.installed_pack(asked)
    return Named(folder if installed is None else installed, asked)


def validate(document: Document, schema: str) -> list[Problem]:
    """Check a document against a schema; imported late, since it costs more than all the rest."""
    from tenantproof.schema import check

    return check(document, schema)


def load_packs(folders: Sequence[str]) -> list[Pack]:
    """Return the packs, their warnings told; raises with the problems of all of them.

    Of a bundled pack that is as it was shipped, policies come without their tests.
    """
    return _all_loaded(folders, _load)


def load_whole_packs(folders: Sequence[str]) -> list[Pack]:
    """Return the packs with fixtures and with the policies' tests, every file read again."""
    return _all_loaded(folders, _load_whole)


def _all_loaded(folders: Sequence[str], load: Callable[[Named, Shapes], Pack]) -> list[Pack]:
    shapes = bundled_shapes()
    packs: list[Pack] = []
    errors: list[TenantproofError] = []
    for one in named(folders):
        try:
            packs.append(load(one, shapes))
        except TenantproofError as error:
            errors.append(error)
    if errors:
        raise PolicyError(problem for error in errors for problem in error.problems)
    for pack in packs:
        console.tell_problems(pack.warnings)
    return packs


def _load(one: Named, shapes: Shapes) -> Pack:
    shipped = Shipped(one.folder)
    memory = Memory(_cache_folder(), shipped.digest)
    pack = load_pack(one.folder, one.label, shapes, validate, memory, shipped.files)
    memory.keep(pack.digest)
    return pack


def _load_whole(one: Named, shapes: Shapes) -> Pack:
    return load_pack(one.folder, one.label, shapes, validate)


def load_whole(one: Named) -> Pack:
    """Return one pack with fixtures and tests; raises with everything that is wrong with it."""
    return _load_whole(one, bundled_shapes())


def merged(packs: Sequence[Pack]) -> Pack:
    """Return all policies and parameters as one pack, to select from; ids must not meet."""
    first, *others = packs
    whole = first
    for pack in others:
        _refuse_twins(whole, pack)
        whole = msgspec.structs.replace(
            whole,
            policies={**whole.policies, **pack.policies},
            parameters={**whole.parameters, **pack.parameters},
            requirements={**pack.requirements, **whole.requirements},
            profiles={**whole.profiles, **pack.profiles},
        )
    return whole


def _refuse_twins(whole: Pack, pack: Pack) -> None:
    twins = sorted(set(whole.policies) & set(pack.policies))
    if twins:
        raise usage_error(
            f"`{twins[0]}` is a policy of `{whole.policies[twins[0]].file}` and of "
            f"`{pack.policies[twins[0]].file}`", "judge the packs one after the other",
        )
    for name in sorted(set(whole.parameters) & set(pack.parameters)):
        if whole.parameters[name] != pack.parameters[name]:
            raise usage_error(f"two packs declare the parameter `{name}` in different ways",
                              "judge the packs one after the other")


# --- what was read and checked before -----------------------------------------------------------


class Seal(msgspec.Struct):
    """What `tenantproof.authoring.seal` wrote down of a bundled pack."""

    digest: str
    files: dict[str, SealedFile]


class Shipped:
    """A bundled pack as it was when this version was made; of other folders nothing is known."""

    def __init__(self, folder: Path) -> None:
        self._seal = _read_seal(folder)
        self.digest = self._seal.digest

    def files(self, digest: str) -> dict[str, SealedFile]:
        """Return the values of the pack's files where it is unchanged."""
        return self._seal.files if digest == self.digest else {}


def _read_seal(folder: Path) -> Seal:
    if folder.parent != bundled.pack().parent:
        return Seal("", {})
    try:
        data = (bundled.sealed() / f"{folder.name}.json").read_bytes()
        return msgspec.json.decode(data, type=Seal)
    except (OSError, msgspec.DecodeError):
        return Seal("", {})


class Memory:
    """The digests of packs that satisfied the schemas: shipped ones, and this user's own.

    An entry of the user's is bound to the schemas and the version that checked it. The cache is a
    convenience: whatever goes wrong with it only means checking again.
    """

    def __init__(self, folder: Path | None, shipped: str) -> None:
        self._folder = folder
        self._shipped = shipped
        self._basis = _basis() if folder else ""

    def __contains__(self, digest: object) -> bool:
        return digest == self._shipped or self._is_kept(str(digest))

    def keep(self, digest: str) -> None:
        """Remember a pack that was found to be right."""
        if self._folder is None or digest in self:
            return
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file(self._folder, digest).touch(mode=0o600)
        except OSError:
            return

    def _is_kept(self, digest: str) -> bool:
        try:
            return self._folder is not None and self._file(self._folder, digest).is_file()
        except OSError:
            return False

    def _file(self, folder: Path, digest: str) -> Path:
        return folder / hashlib.sha256(f"{self._basis}{digest}".encode()).hexdigest()


def _basis() -> str:
    digest = hashlib.sha256(__version__.encode())
    for name in SCHEMAS:
        digest.update(_bytes(bundled.schemas() / f"{name}.schema.json"))
    return digest.hexdigest()


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


def _cache_folder() -> Path | None:
    base = os.environ.get("XDG_CACHE_HOME", "")
    try:
        home = Path(base) if Path(base).is_absolute() else Path.home() / ".cache"
    except RuntimeError:
        return None
    return home / "tenantproof" / "checked"

