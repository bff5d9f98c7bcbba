"""``tenantproof attest``: the open questions of a run, written down for people to answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import click

from tenantproof.asking import Open, open_questions
from tenantproof.attestation import plain
from tenantproof.cli import console, options
from tenantproof.cli.appending import Entry, appended
from tenantproof.cli.exits import DONE
from tenantproof.cli.gathering import gathered
from tenantproof.cli.output import write_file
from tenantproof.cli.reading import read_snapshot
from tenantproof.cli.request import Asked, Request, request_of, settings_for
from tenantproof.context import Context
from tenantproof.document import load_yaml
from tenantproof.reports.layout import count_of
from tenantproof.safe import printable
from tenantproof.snapshot import Snapshot

DEFAULT_FILE: Final = "attestations.yaml"
EMPTY: Final = "format: 1\nattestations: []\n"
TO_FILL_IN: Final = {"answer": "yes or no", "by": "your name", "on": "the day, such as 2026-11-20"}


@click.command("attest", short_help="Write down the questions that people have to answer.")
@click.argument("snapshots", nargs=-1, required=True, metavar="SNAPSHOT...")
@options.PACK
@options.PROFILE
@options.SELECT
@options.PARAM
@options.DECLARATIONS
@options.ATTESTATIONS
@options.AS_OF
@click.option("--to", "target", default=DEFAULT_FILE, show_default=True, metavar="FILE",
              help="The file to write to; what stands in it stays, and counts.")
def command(snapshots: tuple[str, ...], target: str, **asked: Any) -> int:
    """Write every question that no attestation answers into a file, to be filled in and signed.

    An entry counts once it has an answer, a name and a day; `check --attestations FILE` reads it.
    """
    files = tuple(asked["attestations"])
    if Path(target).exists() and target not in files:
        files = (*files, target)
    request = request_of(Asked(**{**asked, "attestations": files}))
    written = {_key(one.tenants, one.policy, one.question, one.subject)
               for one in request.attested.all if not one.answer}
    found = [(snapshot, one) for name in gathered(snapshots, None)
             for snapshot in [read_snapshot(name)]
             for one in _open(snapshot, request)]
    new = [(snapshot, one) for snapshot, one in found
           if _key((one.question.tenant,), one.policy.id, one.manual.question,
                   one.question.subject) not in written]
    return _deliver(new, len(found) - len(new), target)


def _key(
    tenants: Sequence[str], policy: str, question: str, subject: str | None
) -> tuple[Any, ...]:
    return frozenset(map(str.casefold, tenants)), policy, plain(question), subject


def _open(snapshot: Snapshot, request: Request) -> Iterator[Open]:
    console.tell_problems(snapshot.warnings)
    context = Context(snapshot, settings_for(snapshot, request),
                      request.as_of or snapshot.exported_at, request.attested)
    for policy in request.policies:
        yield from open_questions(policy, context, request.everything)


def _deliver(new: Sequence[tuple[Snapshot, Open]], waiting: int, target: str) -> int:
    if new:
        path, data = appended(target, EMPTY, "attestations",
                              [_entry(snapshot, one) for snapshot, one in new])
        load_yaml(data, target)
        write_file(path, [data.decode()])
    lead = f"{count_of(len(new), 'question')} to be answered"
    console.write([f"{lead}, written to {printable(target)}\n" if new else
                   "no further question is open\n"])
    if waiting:
        console.tell(f"note: {count_of(waiting, 'question')} stood in the file already and "
                     f"{'is' if waiting == 1 else 'are'} not answered yet")
    return DONE


def _entry(snapshot: Snapshot, one: Open) -> Entry:
    who, policy = snapshot.tenant, one.policy
    named = f", about {one.name}" if one.name and one.name != one.question.subject else ""
    values = {
        "tenants": [who.id], "policy": policy.id, "question": plain(one.manual.question),
        **({} if one.question.subject is None else {"subject": one.question.subject}),
        "answer": None, "by": None, "on": None,
    }
    return Entry(values, (
        "", f"{policy.id} ({policy.severity.value}): {policy.title}",
        f"{who.displayName or who.id}{named}. To be answered by {one.manual.answered_by}; an "
        f"answer holds for {one.manual.valid_for}.",
        *([f"An earlier answer does not count: {one.why}."] if one.why else []),
    ), TO_FILL_IN)
