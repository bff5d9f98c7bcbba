"""Where the bundled policies and schemas lie: inside the wheel, or beside ``engine/``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

DEFAULT_PACK = "partner-center"
PACKS = "tenantproof.packs"


@cache
def root() -> Path:
    """Return the folder that holds ``policies/`` and ``schemas/``.

    In an installed wheel that is the package itself. In an editable install the data is not
    copied into the package, so the checkout's root, two folders up, is taken.
    """
    package = Path(__file__).parent
    candidates = (package, package.parent.parent)
    return next(folder for folder in candidates if (folder / "schemas").is_dir())


def schemas() -> Path:
    """Return the folder of the JSON Schemas."""
    return root() / "schemas"


def pack(name: str = DEFAULT_PACK) -> Path:
    """Return the folder of a bundled pack."""
    return root() / "policies" / name


def installed_pack(name: str) -> Path | None:
    """Return the folder of a pack that an installed Python package offers under this name.

    The package has an entry point in the group ``tenantproof.packs``: the pack's name, and as its
    value the package that holds the folder, with the folder's name behind a colon where it is not
    the package itself (``contoso_pack:policies``). No code of the package is run.
    """
    # Here: most runs ask for none.
    from importlib.metadata import entry_points
    from importlib.util import find_spec

    for entry in entry_points(group=PACKS, name=name):
        spec = find_spec(entry.module.partition(".")[0])
        for root_folder in (spec.submodule_search_locations or ()) if spec else ():
            folder = Path(root_folder, *entry.module.split(".")[1:], entry.attr)
            if folder.is_dir():
                return folder
    return None


def sealed() -> Path:
    """Return the folder of what was read of the bundled packs when this version was made."""
    return Path(__file__).parent / "sealed"


def page(name: str) -> str:
    """Return the text of a file that the HTML report is made from."""
    return (Path(__file__).parent / "reports" / "page" / name).read_text(encoding="utf-8")
