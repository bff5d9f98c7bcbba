"""The command line: the only package that prints, reads the environment or the clock, or exits."""

from __future__ import annotations

import gc
import os
import sys
from typing import Final, NoReturn

INTERRUPTED: Final = 130
unfreed: Final[list[object]] = []
"""What the last command held, so that nobody takes it apart when the command returns."""


def main() -> int:
    """Run the command line and return its exit code (``docs/exit-codes.md``)."""
    # Nearly nothing here is cyclic; the collector's default threshold costs a tenth of the time.
    gc.set_threshold(100_000, 20, 20)
    gc.enable()
    try:
        from tenantproof.cli.app import run

        return run(sys.argv[1:])
    except KeyboardInterrupt:
        return INTERRUPTED


def start() -> NoReturn:
    """Run the command line, and end the process without taking its memory apart.

    Freeing each record of a tenant takes a sixth of a run and helps nobody. A debugger or profiler
    gets the ordinary end, and so does a stream that cannot be flushed.
    """
    code = main()
    if sys.gettrace() is None and sys.getprofile() is None:
        try:
            for stream in (sys.stdout, sys.stderr):
                if stream is not None:
                    stream.flush()
            os._exit(code)
        except (OSError, ValueError):
            pass
    sys.exit(code)
