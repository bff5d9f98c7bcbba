"""``tenantproof check``: judge snapshots by a pack's policies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import click
from msgspec import Struct, field
from msgspec.structs import replace

from tenantproof import __version__
from tenantproof.attestation import Attestations
from tenantproof.audit import Report, TenantReport, audit, exit_code, settings_in_force
from tenantproof.cli import console, options
from tenantproof.cli.attestations import read_attestations, tell_unheard
from tenantproof.cli.clock import now, read_as_of, read_span
from tenantproof.cli.exits import DONE, EXCUSED, worst
from tenantproof.cli.output import deliver, read_outputs
from tenantproof.cli.packs import load_packs, merged
from tenantproof.cli.profiles import profile_in_force, regraded
from tenantproof.cli.reading import read_all
from tenantproof.cli.settings import (
    Declared,
    declared_by,
    read_declarations,
    read_params,
    refuse_unheard,
    settings_of,
)
from tenantproof.pack import Pack
from tenantproof.policy import Policy
from tenantproof.problem import Problem
from tenantproof.profile import InForce
from tenantproof.reach import collections_used, with_asked
from tenantproof.reports.table import RENDERERS
from tenantproof.reports.values import in_days
from tenantproof.reports.view import Palette, View
from tenantproof.safe import printable
from tenantproof.selection import selected
from tenantproof.snapshot import Snapshot
from tenantproof.verdict import Severity

SEVERITIES: Final = [severity.value for severity in Severity]


class Request(Struct, frozen=True):
    """What is to be judged, and by what; the same for every snapshot of a run."""

    packs: tuple[Pack, ...]
    policies: tuple[Policy, ...]
    everything: Mapping[str, Policy]
    profile: InForce
    declared: Declared
    given: Mapping[str, Any]
    declarations: Mapping[str, Mapping[str, Any]]
    attested: Attestations
    as_of: datetime | None
    seen_at: datetime
    max_age: timedelta | None = None


class _Run(Struct):
    """What has been judged so far."""

    tenants: list[TenantReport] = field(default_factory=list)
    unreadable: list[tuple[str, tuple[Problem, ...]]] = field(default_factory=list)


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
@options.AS_OF
@click.option("--max-age", metavar="DURATION",
              help="A snapshot older than this (`7 days`) leaves everything unknown.")
@click.option("--fail-on", type=click.Choice(SEVERITIES), default=Severity.LOW.value,
              show_default=True, help="The least severity that the exit code counts.")
@click.option("--allow-unknown", is_flag=True,
              help="Exit 0, not 5, where nothing failed but something is unknown or unanswered.")
@click.option("--exit-zero", is_flag=True, help="Exit 0 where the exit code would be 1 or 5.")
@options.output(", ".join(RENDERERS))
def command(
    snapshots: tuple[str, ...],
    packs: tuple[str, ...],
    profile: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    params: tuple[str, ...],
    declarations: str | None,
    attestations: tuple[str, ...],
    as_of: str | None,
    max_age: str | None,
    fail_on: str,
    allow_unknown: bool,
    exit_zero: bool,
    outputs: tuple[str, ...],
) -> int:
    """Judge each SNAPSHOT: a folder, a .zip of one, one JSON file, or - for standard input.

    Exits with 0 where nothing failed, 1 where something failed, 5 where nothing failed but not
    everything could be judged; `tenantproof --help` lists all exit codes.
    """
    places = read_outputs(outputs, RENDERERS)
    request = _request(
        packs, profile, select, ignore, params, declarations, attestations, as_of, max_age
    )
    report = _judged(snapshots, request)
    due = exit_code(report, Severity(fail_on), allow_unknown)
    shown = DONE if exit_zero and due in EXCUSED else due
    view = View(exit_code=shown, fail_on=Severity(fail_on))

    def render(name: str, palette: Palette) -> Iterator[str]:
        return RENDERERS[name](report, replace(view, palette=palette))

    if shown != due:
        console.tell(f"note: the exit code would be {due} ({EXCUSED[due]}), and is 0 because of "
                     "`--exit-zero`")
    return worst([shown, deliver(places, render)])


def _request(
    packs: tuple[str, ...],
    profile: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    params: tuple[str, ...],
    declarations: str | None,
    attestations: tuple[str, ...],
    as_of: str | None,
    max_age: str | None,
) -> Request:
    instant, span = read_as_of(as_of), read_span("--max-age", max_age)
    loaded = load_packs(packs)
    whole = merged(loaded)
    chosen = profile_in_force(loaded, whole, profile)
    everything = regraded(whole.policies, chosen)
    policies = selected(everything, chosen.policies, select, ignore)
    heard = declared_by(whole, policies)
    known = declared_by(whole, whole.policies.values())
    given = read_params(params, known)
    refuse_unheard(given, heard)
    return Request(
        packs=tuple(loaded),
        policies=tuple(policies),
        everything=everything,
        profile=chosen,
        declared=heard,
        given=given,
        declarations=read_declarations(declarations, known),
        attested=read_attestations(attestations, whole.policies),
        as_of=instant,
        seen_at=instant or now(),
        max_age=span,
    )


def _judged(names: Iterable[str], request: Request) -> Report:
    run = _Run()
    needed = frozenset(collections_used(with_asked(request.policies, request.everything)))
    for name, read in read_all(list(names), needed):
        if not isinstance(read, Snapshot):
            console.tell_problems(read)
            run.unreadable.append((name, read))
            continue
        console.tell_problems(read.warnings)
        run.tenants.append(judge_one(read, request))
    tell_unheard(request.attested, run.tenants, request.everything)
    _tell_age(run.tenants, request)
    return Report(
        version=__version__,
        packs=request.packs,
        profile=request.profile.name or None,
        tenants=tuple(run.tenants),
        unreadable=tuple(run.unreadable),
        settings=settings_in_force(run.tenants),
        seen_at=request.as_of or (request.seen_at if request.max_age else None),
    )


def _tell_age(tenants: Sequence[TenantReport], request: Request) -> None:
    """Tell how old the oldest snapshot is today; a report without `--as-of` knows no today."""
    if request.as_of is not None or not tenants:
        return
    oldest = min((tenant.snapshot for tenant in tenants), key=lambda s: s.exported_at)
    age, name = in_days(request.seen_at - oldest.exported_at), printable(oldest.name)
    many = len(tenants) > 1
    which = f"the oldest of {len(tenants)} snapshots, `{name}`," if many else f"`{name}`"
    console.tell(f"note: {which} is {age}")


def judge_one(snapshot: Snapshot, request: Request) -> TenantReport:
    """Return the findings of one snapshot; our own bugs are told with their tracebacks."""
    tenant = request.declarations.get(snapshot.tenant.id.casefold(), {})
    settings = settings_of(
        request.declared, request.profile.parameters, tenant, request.given
    )
    aged = aged_by(snapshot, request.seen_at, request.max_age)
    judged = audit(
        aged, request.policies, request.everything, settings, request.as_of, request.attested
    )
    for trace in judged.crashes.values():
        console.tell_traceback(trace)
    return judged


def aged_by(snapshot: Snapshot, seen_at: datetime, max_age: timedelta | None) -> Snapshot:
    """Return a snapshot that says of itself that it is stale, where it is older than allowed."""
    age = seen_at - snapshot.exported_at
    if max_age is None or age <= max_age:
        return snapshot
    return replace(snapshot, stale=age)
