"""Which configuration is in force: the one that is named, else the nearest one upward."""

from __future__ import annotations

import os
from typing import Final

FILE: Final = "tenantproof.yaml"
OFF: Final = "none"


def found(asked: str | None) -> str | None:
    """Return the configuration's file: the one asked for, else the nearest upward; None if none."""
    if asked == OFF:
        return None
    if asked:
        return asked
    here = os.getcwd()
    while True:
        file = os.path.join(here, FILE)
        if os.path.isfile(file):
            return os.path.relpath(file)
        above = os.path.dirname(here)
        if above == here:
            return None
        here = above
