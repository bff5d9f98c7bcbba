"""Where the bundled policies and schemas lie: inside the wheel, or beside ``engine/``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

DEFAULT_PACK = "partner-center"


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


def sealed() -> Path:
    """Return the folder of what was read of the bundled packs when this version was made."""
    return Path(__file__).parent / "sealed"


def page(name: str) -> str:
    """Return the text of a file that the HTML report is made from."""
    return (Path(__file__).parent / "reports" / "page" / name).read_text(encoding="utf-8")
