"""The command line: the only package that prints, reads the environment or the clock, or exits."""

from __future__ import annotations

import sys
from typing import Final

INTERRUPTED: Final = 130


def main() -> int:
    """Run the command line and return its exit code (``docs/exit-codes.md``)."""
    try:
        from tenantproof.cli.app import run

        return run(sys.argv[1:])
    except KeyboardInterrupt:
        return INTERRUPTED
