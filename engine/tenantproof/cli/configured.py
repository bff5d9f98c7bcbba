"""``tenantproof.yaml``: what a team says once for all commands.

Options on the command line outrank the environment, which outranks this file; click does the
outranking (`envvar` and `default_map`), this module only finds the file and reads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from tenantproof.cli.looking import FILE, OFF
from tenantproof.cli.packs import validate
from tenantproof.cli.reading import file_content
from tenantproof.document import load_yaml
from tenantproof.problem import PolicyError

A_FILE: Final = f"name a file such as `{FILE}`, or `{OFF}` to use none"
FILES: Final = ("packs", "declarations", "attestations", "waivers")
GROUPS: Final = frozenset({"waivers", "pack"})
PROFILE_FILES: Final = (".yaml", ".yml")


def settings(file: str) -> dict[str, Any]:
    """Return the options that a configuration sets, files as seen from the working folder.

    Raises SnapshotError where the file cannot be read, PolicyError with everything wrong in it.
    """
    document = load_yaml(file_content(file, A_FILE), file)
    wrong = validate(document, "config")
    if wrong:
        raise PolicyError(wrong)
    written: Any = document.value
    folder = Path(file).parent
    options = {name: value for name, value in written.items() if name != "format"}
    for name in FILES:
        if name in options:
            options[name] = _located(options[name], folder, is_pack=name == "packs")
    if str(options.get("profile", "")).endswith(PROFILE_FILES):
        options["profile"] = _located(options["profile"], folder, is_pack=False)
    return options


def _located(written: str | list[str], folder: Path, *, is_pack: bool) -> Any:
    """Return where a file lies; a pack of which there is no folder is known by its name."""
    if isinstance(written, list):
        return tuple(_located(one, folder, is_pack=is_pack) for one in written)
    beside = folder / written
    return written if is_pack and not beside.is_dir() else str(beside)


def default_map(options: Mapping[str, Any], commands: Mapping[str, Any]) -> dict[str, Any]:
    """Return the defaults in click's form: for every command, and for those below a group."""
    flat = dict(options)
    if "packs" in flat:
        flat["pack"] = flat["packs"][0] if len(flat["packs"]) == 1 else None
    if len(flat.get("waivers", ())) == 1:
        flat["file"] = flat["waivers"][0]  # what `waivers add` writes to
    below = dict.fromkeys(("list", "check", "add", "diff", "update", "verify"), flat)
    return {name: below if name in GROUPS else flat for name in commands}
