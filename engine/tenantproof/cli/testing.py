"""``tenantproof test``: every policy's own cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import click

from tenantproof.authoring.trial import CaseResult, Difference, run_cases
from tenantproof.cli import console, options
from tenantproof.cli.exits import DONE, FAILED, WRONG, worst
from tenantproof.cli.packs import load_whole_packs, merged
from tenantproof.pack import Pack
from tenantproof.policy import Policy
from tenantproof.problem import Problem
from tenantproof.reports.layout import count_of, labelled, wrapped
from tenantproof.reports.values import in_line
from tenantproof.reports.view import Palette
from tenantproof.safe import printable
from tenantproof.selection import selected
from tenantproof.shape import bundled_shapes

EVERY = ("*",)


@click.command("test", short_help="Run the policies' own cases.")
@click.argument("packs", nargs=-1, metavar="[PACK]...")
@options.SELECT
def command(packs: tuple[str, ...], select: tuple[str, ...]) -> int:
    """Run the cases that the policies of each PACK (default: the bundled pack) carry.

    Drafts are tested too. Exits with 1 where a case fails, 2 where a pack is wrong or a policy
    has no cases.
    """
    loaded = load_whole_packs(packs)
    names = {one.id for one in selected(merged(loaded).policies, (), select or EVERY)}
    chosen = [(pack, pack.policies[name]) for pack in loaded
              for name in sorted(names & pack.policies.keys())]
    idle = [_no_cases(pack, policy) for pack, policy in chosen if not policy.tests.get("cases")]
    console.tell_problems(idle)
    results = [r for pack, policy in chosen for r in run_cases(pack, policy, bundled_shapes())]
    failing = [result for result in results if not result.passed]
    console.write(_told(failing, console.standard_palette()))
    console.write([f"{_summary(chosen, results, failing)}\n"])
    return worst([WRONG if idle else DONE, FAILED if failing else DONE])


def _no_cases(pack: Pack, policy: Policy) -> Problem:
    return pack.documents[policy.id].key_problem(
        ("tests",), "no-cases", f"`{policy.id}` has no cases",
        "add at least one case that passes and one per clause that fails",
        consequence="nothing would prove that the policy means what it says",
    )


def _summary(
    chosen: Sequence[tuple[Pack, Policy]],
    results: Sequence[CaseResult],
    failing: Sequence[CaseResult],
) -> str:
    policies = count_of(len(chosen), "policy", "policies")
    passed = len(results) - len(failing)
    also = f", {len(failing)} failed" if failing else ""
    return f"{policies}, {count_of(len(results), 'case')}: {passed} passed{also}"


def _told(failing: Iterable[CaseResult], palette: Palette) -> Iterator[str]:
    for result in failing:
        for line in _failure(result, palette):
            yield f"{line}\n"
        yield "\n"


def _failure(result: CaseResult, palette: Palette) -> Iterator[str]:
    place = printable(f"{result.file}:{result.line}")
    yield f"{palette.paint('strong', place)}: {printable(f'{result.policy} {result.it}')}"
    for difference in result.differences:
        yield from _difference(difference)
    if result.finding is not None:
        yield from wrapped(result.finding.message, " " * 14, f"  {'message':<12}")


def _difference(difference: Difference) -> Iterator[str]:
    yield from labelled(f"  {difference.what}", f"expected  {in_line(difference.expected)}")
    yield from labelled("", f"actual    {in_line(difference.actual)}")
