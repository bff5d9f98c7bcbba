"""tenantproof itself: the command `check`, from the files to a JSON report on disk."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from policies_judged import FIRST, FOURTEEN, Answers

NEEDS = ()
KEY_OF_SUMMARY = 3
OF_SUMMARY = ("LOG-001", "LEG-002", "SAM-001")


def check(arguments: Sequence[str], out: Path) -> None:
    """Run `check` in this process as the program does, with a JSON report in `out`."""
    from tenantproof.cli import main

    sys.argv = ["tenantproof", "check", *arguments, "--exit-zero", "--output", f"json={out}"]
    code = main()
    if code:
        raise SystemExit(f"tenantproof check ended with {code}")


def whole(folder: Path, out: Path) -> None:
    """Judge by the whole pack."""
    check([str(folder)], out)


def run(folder: Path, out: Path) -> None:
    """Judge by the fourteen policies that every peer has."""
    check([str(folder), *selection(FOURTEEN)], out)


def first(folder: Path, out: Path) -> None:
    """Judge by the pack's first fourteen policies."""
    check([str(folder), *selection(FIRST)], out)


def selection(policies: Sequence[str]) -> list[str]:
    """Return the options that select some policies."""
    return [word for name in policies for word in ("--select", name)]


def answers(out: Path) -> Answers:
    """Return the verdicts and failing subjects of the report that was written."""
    from peers.reading import reader

    (tenant,) = reader()(out.read_bytes())["tenants"]
    return {one["policy"]: _answer(one) for one in tenant["findings"]}


def _answer(finding: dict[str, Any]) -> dict[str, Any]:
    failing = [one["id"] for one in finding["subjects"] if one["verdict"] == "fail"]
    if finding["policy"] in OF_SUMMARY:
        failing = [_summary(one) for one in failing]
    verdict = finding["verdict"]
    return {"verdict": verdict, "failing": sorted(set(failing)) if verdict == "fail" else []}


def _summary(key: str) -> str:
    """Return account, application and client of a row: its id says more than peers group by."""
    return "|".join(key.split("|")[:KEY_OF_SUMMARY])
