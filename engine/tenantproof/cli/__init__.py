"""The command line: the only package that prints, reads the environment or the clock, or exits."""

from __future__ import annotations

import gc
import sys
from typing import Final

INTERRUPTED: Final = 130


def main() -> int:
    """Run the command line and return its exit code (``docs/exit-codes.md``)."""
    # Nearly nothing here is cyclic; the collector's default threshold costs a tenth of the time.
    gc.set_threshold(25_000, 20, 20)
    gc.enable()
    try:
        from tenantproof.cli.app import run

        return run(sys.argv[1:])
    except KeyboardInterrupt:
        return INTERRUPTED
