"""The files of a pack as text, and which file of one pack is which of another.

A policy is known by its id, wherever its file lies and whatever it is called; every other file by
its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from tenantproof.document import Document, load_yaml
from tenantproof.pack import NOT_FAMILIES
from tenantproof.problem import Problem, UsageError
from tenantproof.sources import files_below

TOP: Final = "pack.yaml"
ENDINGS: Final = (".yaml", ".yml")


class PackFile(Struct, frozen=True):
    """One file: its name in the pack, its bytes, and its document."""

    name: str
    data: bytes
    document: Document

    @property
    def value(self) -> Any:
        """What it says."""
        return self.document.value


Files = Mapping[str, PackFile]
"""Files by what makes them the same in two packs."""


def read_files(folder: Path, label: str) -> dict[str, PackFile]:
    """Return the YAML files of a pack; raises UsageError where there is none, PolicyError where one
    is no YAML."""
    if not (folder / TOP).is_file():
        raise UsageError([Problem(
            "no-pack", f"`{label}` is not a pack: it has no `{TOP}`", file=label,
            help="name a pack's folder, such as `policies/partner-center`",
        )])
    found: dict[str, PackFile] = {}
    for name in files_below(str(folder)):
        if name.endswith(ENDINGS):
            data = (folder / name).read_bytes()
            file = PackFile(name, data, load_yaml(data, f"{label}/{name}"))
            found[_key(file)] = file
    return found


def _key(file: PackFile) -> str:
    folder = Path(file.name).parts[0]
    is_policy = "/" in file.name and folder not in NOT_FAMILIES
    if is_policy and isinstance(file.value, dict) and isinstance(file.value.get("id"), str):
        return str(file.value["id"])
    return file.name


def head(files: Files) -> tuple[str, str]:
    """Return a pack's id and version."""
    value = files[TOP].value if TOP in files else {}
    value = value if isinstance(value, dict) else {}
    return str(value.get("id", "")), str(value.get("version", ""))
