"""One measurement in a fresh process: ``worker.py MODULE:FUNCTION FOLDER OUT``.

Prints one line of JSON: the wall time and processor time from the first line of this file on (so
the interpreter's own start counts for nobody), the peak memory, and the answers. A function that
returns None has its answers read from its report by the module's `answers`, after the clock.
"""

from __future__ import annotations

import time

BEGUN = time.perf_counter()

import importlib  # noqa: E402  the clock starts before any import
import json  # noqa: E402  the same
import resource  # noqa: E402  the same
import sys  # noqa: E402  the same
from pathlib import Path  # noqa: E402  the same


def peak_megabytes() -> float:
    """Return the peak memory of this process or its largest child.

    `ru_maxrss` of a process begins with what its parent held when it was started, so where the
    kernel tells this process's own peak that is taken.
    """
    own, child = (resource.getrusage(who).ru_maxrss for who in (
        resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    status = Path("/proc/self/status")
    told = status.read_text() if status.exists() else ""
    for line in told.splitlines():
        if line.startswith("VmHWM:"):
            own = int(line.split()[1])
    return max(own, child) / 1024


def main() -> None:
    """Run one function and print what it took."""
    function, folder, out = sys.argv[1:]
    module_name, _, name = function.partition(":")
    module = importlib.import_module(module_name)
    answers = getattr(module, name)(Path(folder), Path(out))
    seconds, peak = time.perf_counter() - BEGUN, peak_megabytes()
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(json.dumps({
        "seconds": seconds,
        "cpu": sum(one.ru_utime + one.ru_stime for one in both),
        "megabytes": peak,
        "answers": module.answers(Path(out)) if answers is None else answers,
    }))


if __name__ == "__main__":
    main()
