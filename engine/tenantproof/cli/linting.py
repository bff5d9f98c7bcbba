"""``tenantproof lint``: everything that is wrong with packs, in the manner of a compiler."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import click
from msgspec import Struct

from tenantproof import __version__
from tenantproof.cli import options
from tenantproof.cli.exits import DONE, WRONG, worst
from tenantproof.cli.output import deliver, read_outputs
from tenantproof.cli.packs import Named, named, validate
from tenantproof.pack import load_pack
from tenantproof.problem import Problem, TenantproofError, in_file_order, render
from tenantproof.reports.layout import count_of
from tenantproof.reports.lint_sarif import lint_log
from tenantproof.reports.view import Palette
from tenantproof.shape import bundled_shapes


class Linted(Struct, frozen=True):
    """One pack with its problems, and how many policies it has where it could be read."""

    label: str
    policies: int
    problems: tuple[Problem, ...]


@click.command("lint", short_help="Find what is wrong with packs.")
@click.argument("packs", nargs=-1, metavar="[PACK]...")
@options.output("text, json, sarif")
def command(packs: tuple[str, ...], outputs: tuple[str, ...]) -> int:
    """Check every file of each PACK (a folder; default: the bundled pack) without any tenant.

    Exits with 2 where something is wrong.
    """
    places = read_outputs(outputs, LINTINGS)
    linted = [_linted(one) for one in named(packs)]
    code = deliver(places, lambda name, palette: LINTINGS[name](linted, palette))
    return worst([code, WRONG if _count(linted, "error") else DONE])


def _linted(one: Named) -> Linted:
    try:
        pack = load_pack(one.folder, one.label, bundled_shapes(), validate)
    except TenantproofError as error:
        return Linted(one.label, 0, tuple(in_file_order(error.problems)))
    return Linted(one.label, len(pack.policies), tuple(in_file_order(pack.warnings)))


def _count(linted: Sequence[Linted], severity: str) -> int:
    return sum(1 for one in linted for p in one.problems if p.severity == severity)


def _summary(linted: Sequence[Linted]) -> str:
    errors, warnings = _count(linted, "error"), _count(linted, "warning")
    packs = count_of(len(linted), "pack")
    policies = count_of(sum(one.policies for one in linted), "policy", "policies")
    if not errors and not warnings:
        return f"{packs}, {policies}: nothing is wrong"
    return f"{packs}: {count_of(errors, 'error')}, {count_of(warnings, 'warning')}"


def _text(linted: Sequence[Linted], palette: Palette) -> Iterator[str]:
    for one in linted:
        for problem in one.problems:
            yield f"{render(problem)}\n\n"
    yield f"{_summary(linted)}\n"


def _json(linted: Sequence[Linted], palette: Palette) -> Iterator[str]:
    value = {
        "format": 1,
        "packs": [{"pack": one.label, "policies": one.policies} for one in linted],
        "problems": [_value(problem) for one in linted for problem in one.problems],
    }
    yield json.dumps(value, indent=2, ensure_ascii=False)
    yield "\n"


def _value(problem: Problem) -> dict[str, Any]:
    start, end = problem.position, problem.end
    return {
        "rule": problem.rule,
        "severity": problem.severity,
        "message": problem.message,
        "help": problem.help,
        "consequence": problem.consequence,
        "file": problem.file,
        "line": start.line if start else None,
        "column": start.column if start else None,
        "endLine": end.line if end else None,
        "endColumn": end.column if end else None,
    }


def _sarif(linted: Sequence[Linted], palette: Palette) -> Iterator[str]:
    from tenantproof.authoring.rules import RULES

    titles = {rule.id: rule.title for rule in RULES}
    problems = [problem for one in linted for problem in one.problems]
    yield json.dumps(lint_log(__version__, titles, problems), indent=2, ensure_ascii=False)
    yield "\n"


LINTINGS: Final[dict[str, Callable[[Sequence[Linted], Palette], Iterator[str]]]] = {
    "text": _text, "json": _json, "sarif": _sarif,
}
