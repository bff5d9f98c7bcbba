"""``tenantproof check``: judge snapshots by a pack's policies."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from msgspec.structs import replace

from tenantproof import __version__
from tenantproof.audit import Report, TenantReport, exit_code, never, settings_in_force
from tenantproof.cli import console, options, unfreed
from tenantproof.cli.attestations import tell_unheard
from tenantproof.cli.exits import DONE, EXCUSED, worst
from tenantproof.cli.gathering import gathered
from tenantproof.cli.many import Judge, Judged, in_order, read_jobs
from tenantproof.cli.output import deliver, read_outputs
from tenantproof.cli.progress import shown
from tenantproof.cli.reading import read_snapshot
from tenantproof.cli.request import Asked, Request, judge_one, request_of
from tenantproof.cli.waiving import tell_idle
from tenantproof.context import Context
from tenantproof.policy import Policy
from tenantproof.problem import Problem, SnapshotError
from tenantproof.pruning import records_read
from tenantproof.reach import with_asked
from tenantproof.reports.table import RENDERERS
from tenantproof.reports.values import in_days
from tenantproof.reports.view import Palette, View
from tenantproof.safe import printable
from tenantproof.shape import Shape, bundled_shapes
from tenantproof.verdict import Severity

if TYPE_CHECKING:
    from tenantproof.cli.baseline import Baseline
    from tenantproof.cli.kept import Kept

SEVERITIES: Final = [severity.value for severity in Severity]


class _Run:
    """What has been judged so far: the tenants, and the oldest export with its name."""

    def __init__(self, tenants: list[TenantReport] | Kept) -> None:
        self.tenants = tenants
        self.unreadable: list[tuple[str, tuple[Problem, ...]]] = []
        self.oldest: tuple[datetime, str] | None = None


@click.command("check", short_help="Judge snapshots by a pack's policies.")
@click.argument("snapshots", nargs=-1, required=True, metavar="SNAPSHOT...")
@options.PACK
@options.PROFILE
@options.SELECT
@click.option("--ignore", multiple=True, metavar="GLOB",
              help="No policy whose id matches; may be repeated.")
@options.PARAM
@options.DECLARATIONS
@options.ATTESTATIONS
@options.WAIVERS
@options.AS_OF
@click.option("--max-age", metavar="DURATION", envvar="TENANTPROOF_MAX_AGE",
              help="A snapshot older than this (`7 days`) leaves everything unknown.")
@click.option("--fail-on", type=click.Choice(SEVERITIES), default=Severity.LOW.value,
              envvar="TENANTPROOF_FAIL_ON", show_default=True,
              help="The least severity that the exit code counts.")
@click.option("--allow-unknown", is_flag=True,
              help="Exit 0, not 5, where nothing failed but something is unknown or unanswered.")
@click.option("--exit-zero", is_flag=True, help="Exit 0 where the exit code would be 1 or 5.")
@click.option("--baseline", metavar="REPORT",
              help="Exit 1 only for what did not fail in this JSON report.")
@click.option("--jobs", default="1", show_default=True, metavar="N|auto",
              help="Judge with this many processes; the report is the same.")
@click.option("--shard", metavar="I/N",
              help="Judge the I-th of N parts of the snapshots; see `report merge`.")
@options.output(", ".join(RENDERERS))
def command(
    snapshots: tuple[str, ...],
    fail_on: str,
    allow_unknown: bool,
    exit_zero: bool,
    baseline: str | None,
    jobs: str,
    shard: str | None,
    outputs: tuple[str, ...],
    **asked: Any,
) -> int:
    """Judge each SNAPSHOT: a folder, a .zip of one, one JSON file, or - for standard input.

    A folder of snapshots and a quoted pattern ('exports/*') stand for all snapshots in them.

    Exits with 0 where nothing failed, 1 where something failed, 5 where nothing failed but not
    everything could be judged; `tenantproof --help` lists all exit codes.
    """
    places = read_outputs(outputs, RENDERERS)
    processes, before = read_jobs(jobs), _baseline(baseline)
    question = Asked(**asked)
    request = request_of(question)
    unfreed.clear()
    report = _judged(gathered(snapshots, shard), request, processes, partial(_judge_of, question))
    unfreed.append(report)
    due = exit_code(report, Severity(fail_on), allow_unknown, before.knows if before else never)
    code = DONE if exit_zero and due in EXCUSED else due
    view = View(exit_code=code, fail_on=Severity(fail_on), repository_files=_files_here(
        request.policies if any(place.format == "sarif" for place in places) else ()))

    def render(name: str, palette: Palette) -> Iterator[str]:
        return RENDERERS[name](report, replace(view, palette=palette))

    if before is not None:
        before.tell_new(report)
    if code != due:
        console.tell(f"note: the exit code would be {due} ({EXCUSED[due]}), and is 0 because of "
                     "`--exit-zero`")
    return worst([code, deliver(places, render)])


def _baseline(name: str | None) -> Baseline | None:
    if name is None:
        return None
    from tenantproof.cli.baseline import read_baseline  # here: few runs have one

    return read_baseline(name)


def _files_here(policies: Sequence[Policy]) -> frozenset[str]:
    """Return the policies' files below the working folder; a place elsewhere means nothing."""
    here = Path.cwd().resolve()
    return frozenset(
        one.file for one in policies
        if not Path(one.file).is_absolute() and ".." not in Path(one.file).parts
        and Path(one.file).is_file()
        and Path(one.file).resolve().is_relative_to(here)
    )


def _judged(
    names: Sequence[str], request: Request, jobs: int, prepare: Callable[[], Judge]
) -> Report:
    several = len(names) > 1
    if not several:
        gc.disable()  # one tenant leaves few cycles, and its records would be looked at ever again
    run = _Run(_kept(request) if several else [])
    judge = _judge(request, _packed if several else _itself)
    for judged in shown(in_order(names, jobs, judge, prepare), len(names)):
        _take(judged, run)
    tell_unheard(request.attested, run.tenants, request.everything)
    tell_idle(request.waivers, run.tenants)
    _tell_age(run, request)
    return Report(
        version=__version__,
        packs=request.packs,
        profile=request.profile.name or None,
        tenants=tuple(run.tenants) if isinstance(run.tenants, list) else run.tenants,
        unreadable=tuple(run.unreadable),
        settings=settings_in_force(run.tenants),
        seen_at=request.as_of or (request.seen_at if request.max_age else None),
    )


def _judge(request: Request, form: Callable[[TenantReport], bytes | TenantReport]) -> Judge:
    needed = records_read(with_asked(request.policies, request.everything), bundled_shapes())
    return partial(_judge_named, request, needed, form)


def _judge_of(asked: Asked) -> Judge:
    """Return the judge of a process that inherited nothing: it loads the pack once."""
    return _judge(request_of(asked), _packed)


def _itself(tenant: TenantReport) -> TenantReport:
    return tenant


def _packed(tenant: TenantReport) -> bytes:
    from tenantproof.cli.kept import packed  # here, and below: one snapshot is not kept on disk

    return packed(tenant)


def _kept(request: Request) -> Kept:
    from tenantproof.cli.kept import Kept

    return Kept({**request.everything, **{p.id: p for p in request.policies}})


def _judge_named(
    request: Request, needed: Mapping[str, Shape],
    form: Callable[[TenantReport], bytes | TenantReport], name: str,
) -> Judged:
    try:
        snapshot = read_snapshot(name, needed)
    except SnapshotError as error:
        return Judged(name, None, error.problems)
    is_kept = form is _itself and not snapshot.is_streamed()
    tenant = judge_one(snapshot, request, unfreed.append if is_kept else Context.forget)
    return Judged(name, form(tenant), snapshot.warnings, tuple(tenant.crashes.values()),
                  (snapshot.exported_at, snapshot.name))


def _take(judged: Judged, run: _Run) -> None:
    """Tell what has to be told of a snapshot, and keep its findings."""
    console.tell_problems(judged.problems)
    for trace in judged.traces:
        console.tell_traceback(trace)
    if judged.report is None or judged.age is None:
        run.unreadable.append((judged.name, judged.problems))
        return
    if isinstance(run.tenants, list):
        run.tenants.append(judged.report)  # type: ignore[arg-type]  # `_itself` made it
    else:
        run.tenants.add(judged.report)  # type: ignore[arg-type]  # `_packed` made it
    if run.oldest is None or judged.age[0] < run.oldest[0]:
        run.oldest = judged.age


def _tell_age(run: _Run, request: Request) -> None:
    """Tell how old the oldest snapshot is today; a report without `--as-of` knows no today."""
    if request.as_of is not None or run.oldest is None:
        return
    age, name = in_days(request.seen_at - run.oldest[0]), printable(run.oldest[1])
    count = len(run.tenants)
    which = f"the oldest of {count} snapshots, `{name}`," if count > 1 else f"`{name}`"
    console.tell(f"note: {which} is {age}")
