"""``tenantproof waivers``: the list of accepted failures, what is to be done about it, one more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import click
import msgspec

from tenantproof.attestation import A_MOMENT
from tenantproof.cli import console, options
from tenantproof.cli.appending import Entry, appended
from tenantproof.cli.clock import now, read_as_of, read_span
from tenantproof.cli.exits import DONE, FAILED
from tenantproof.cli.gathering import gathered
from tenantproof.cli.output import deliver, read_outputs, write_file
from tenantproof.cli.packs import load_packs, merged
from tenantproof.cli.reading import read_snapshot
from tenantproof.cli.request import Asked, judge_one, request_of
from tenantproof.cli.usage import usage_error
from tenantproof.cli.waiving import checked_text, ending, idle, read_waivers, refused
from tenantproof.language.instants import write_instant
from tenantproof.problem import PolicyError, Problem
from tenantproof.reports.layout import count_of, labelled, prose, text_of, wrapped
from tenantproof.reports.view import Palette
from tenantproof.waiver import SOON, Standing, Waiver, standing
from tenantproof.waiving import problems
from tenantproof.waiving import read as read_all

DEFAULT_FILE: Final = "waivers.yaml"
FORMATS: Final = ("text", "json")
INDENT: Final = "  "
EMPTY: Final = "format: 1\nwaivers: []\n"


@click.group("waivers", short_help="List, check or add accepted failures.")
def command() -> None:
    """Work with files of waivers: failures that somebody has accepted, until a day."""


def _files(files: tuple[str, ...]) -> tuple[str, ...]:
    return files or (DEFAULT_FILE,)


# --- list ---------------------------------------------------------------------------------------


@command.command("list", short_help="Show all waivers and whether they hold.")
@options.PACK
@options.WAIVERS
@options.AS_OF_TODAY
@options.output(", ".join(FORMATS))
def listed(
    packs: tuple[str, ...], waivers: tuple[str, ...], as_of: str | None,
    outputs: tuple[str, ...],
) -> int:
    """Show every waiver: whom and what it accepts, who answers for it, and whether it holds.

    Without --waivers that is the file `waivers.yaml` of the working folder.
    """
    places = read_outputs(outputs, FORMATS)
    instant = read_as_of(as_of) or now()
    found = read_waivers(_files(waivers), merged(load_packs(packs)))
    told = [(one, standing(one, instant)) for one in found.all]

    def render(name: str, palette: Palette) -> Iterator[str]:
        return _json(told) if name == "json" else text_of(_text(told, instant, palette))

    return deliver(places, render)


def _json(told: Sequence[tuple[Waiver, Standing]]) -> Iterator[str]:
    rows = [{
        "tenants": list(one.tenants), "policy": one.policy,
        "subjects": [str(s) for s in one.subjects], "reason": one.reason, "owner": one.owner,
        "approver": one.approver, "ticket": one.ticket, "expires": one.expires,
        "location": {"file": one.file, "line": one.line},
        "holds": state.holds, "why": state.why or None,
    } for one, state in told]
    yield msgspec.json.format(msgspec.json.encode(rows), indent=2).decode() + "\n"


def _text(
    told: Sequence[tuple[Waiver, Standing]], instant: datetime, palette: Palette
) -> Iterator[str]:
    for one, state in told:
        role = "good" if state.holds else "bad"
        yield palette.paint("strong", prose(f"{one.policy}  {one.file}:{one.line}"))
        holds = f"holds until {one.expires}" if state.holds else f"does not count: {state.why}"
        soon = ", which is soon" if state.is_ending(instant) else ""
        yield INDENT + palette.paint("open" if soon else role, prose(f"{holds}{soon}"))
        subjects = ", ".join(map(str, one.subjects)) or "the tenant as a whole"
        for label, text in (("Tenants", ", ".join(one.tenants)), ("Accepts", subjects),
                            ("Reason", one.reason), ("Owner", one.owner),
                            ("Approver", one.approver), ("Ticket", one.ticket)):
            yield from labelled(f"{INDENT}{label}", prose(text))
        yield ""
    holding = sum(1 for _, state in told if state.holds)
    yield (f"{count_of(len(told), 'waiver')}, of which {holding} hold as of "
           f"{write_instant(instant)}.")


# --- check --------------------------------------------------------------------------------------


@command.command("check", short_help="Tell which waivers are expired, unneeded or unmatched.")
@click.argument("snapshots", nargs=-1, metavar="[SNAPSHOT]...")
@options.PACK
@options.PROFILE
@options.PARAM
@options.DECLARATIONS
@options.ATTESTATIONS
@options.WAIVERS
@options.AS_OF_TODAY
@click.option("--soon", metavar="DURATION",
              help="Tell of a waiver that ends within this time. Default: 30 days.")
def check(snapshots: tuple[str, ...], soon: str | None, **asked: Any) -> int:
    """Tell what is to be done about the waivers; exit with 1 where one has no effect.

    With SNAPSHOTs each policy is judged as `check` would: a waiver is unneeded where nothing fails
    that it accepts, and unmatched where there is no such subject. Without, only dates and policies
    are looked at.
    """
    span = read_span("--soon", soon) or SOON
    question = Asked(**{**asked, "waivers": _files(asked["waivers"])})
    instant = read_as_of(question.as_of) or now()
    if not snapshots:
        held = read_waivers(question.waivers, merged(load_packs(question.packs))).all
        return _told(_by_date(held, instant), list(_ending(held, instant, span)), len(held))
    request = request_of(question)
    every = msgspec.structs.replace(request, policies=tuple(
        request.everything[one.policy] for one in
        {one.policy: one for one in request.waivers.all}.values()))
    tenants = [judge_one(read_snapshot(name), every) for name in gathered(snapshots, None)]
    found = [*_by_date(request.waivers.all, instant), *idle(request.waivers, tenants)]
    return _told(found, list(_ending(request.waivers.all, instant, span)),
                 len(request.waivers.all))


def _by_date(waivers: Sequence[Waiver], instant: datetime) -> list[Problem]:
    told = ((one, standing(one, instant)) for one in waivers)
    return [refused(one, state.why) for one, state in told if not state.holds]


def _ending(waivers: Sequence[Waiver], instant: datetime, soon: timedelta) -> Iterator[Problem]:
    for one in waivers:
        state = standing(one, instant)
        if state.is_ending(instant, soon) and state.until is not None:
            yield ending(one, instant, (state.until - A_MOMENT).date().isoformat())


def _told(found: Sequence[Problem], soon: Sequence[Problem], count: int) -> int:
    problems = list(dict.fromkeys(found))
    console.tell_problems([*problems, *soon])
    console.write(text_of(wrapped(
        f"{count_of(count, 'waiver')}: {len(problems) or 'nothing'} to be mended, "
        f"{len(soon) or 'none'} ending soon.")))
    return FAILED if problems else DONE


# --- add ----------------------------------------------------------------------------------------


@command.command("add", short_help="Write one more waiver into a file.")
@options.PACK
@click.option("--waivers", "file", default=DEFAULT_FILE, show_default=True, metavar="FILE",
              help="The file to write into; it is made where there is none.")
@click.option("--tenant", "tenants", multiple=True, required=True, metavar="ID",
              help="A tenant that it speaks of; may be repeated.")
@click.option("--policy", required=True, metavar="ID", help="The policy whose failure is accepted.")
@click.option("--subject", "subjects", multiple=True, metavar="ID|LABEL=VALUE",
              help="A subject by its id, or by a label of the policy's evidence; may be repeated.")
@click.option("--reason", required=True, metavar="TEXT", help="Why the failure is accepted.")
@click.option("--owner", required=True, metavar="NAME", help="Who sees to it that it is mended.")
@click.option("--approver", required=True, metavar="NAME", help="Who has accepted the risk.")
@click.option("--ticket", required=True, metavar="TEXT", help="Where the decision is kept.")
@click.option("--expires", required=True, metavar="DAY",
              help="The last day on which it holds, such as 2027-01-31.")
def add(file: str, packs: tuple[str, ...], subjects: tuple[str, ...], **written: Any) -> int:
    """Add a waiver to the end of a file; what stands there already stays as it is.

    The file is not touched where the waiver could not be heard: an unknown policy, one that must
    not be waived, a day that is over or cannot be read.
    """
    entry = {"tenants": list(written["tenants"]), "policy": written["policy"],
             **({"subjects": [_subject(text) for text in subjects]} if subjects else {}),
             **{name: written[name] for name in
                ("reason", "owner", "approver", "ticket", "expires")}}
    path, data = appended(file, EMPTY, "waivers", [Entry(entry)])
    document = checked_text(data, file)
    pack = merged(load_packs(packs))
    wrong = list(problems(document, pack.policies, pack.requirements))
    if wrong:
        raise PolicyError(wrong)
    [*_, new] = read_all(document)
    state = standing(new, now())
    if not state.holds:
        raise usage_error(f"this waiver would not count: {state.why}",
                          "give `--expires` a day to come, such as `2027-01-31`")
    write_file(path, [data.decode()])
    console.tell(f"note: `{file}` has one more waiver, in line {new.line}")
    return DONE


def _subject(text: str) -> str | dict[str, str]:
    label, equals, value = text.partition("=")
    return {label: value} if equals and label and value else text
