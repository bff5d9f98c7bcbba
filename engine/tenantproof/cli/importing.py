"""``tenantproof import``: what people already export becomes a snapshot, written whole or not."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO, Final

import click

from tenantproof.cli import console
from tenantproof.cli.exits import DONE
from tenantproof.cli.packs import load_packs
from tenantproof.cli.usage import unknown_word, usage_error
from tenantproof.importers.base import Imported, Importer, ImportOptions, Row
from tenantproof.importers.table import IMPORTERS, UNSAID
from tenantproof.policy import Policy
from tenantproof.problem import Problem, SnapshotError, TenantproofError, because
from tenantproof.reach import collections_read, with_asked
from tenantproof.reports.layout import count_of, labelled, table, text_of, wrapped
from tenantproof.shape import TENANT, Shapes, bundled_shapes
from tenantproof.verdict import Why
from tenantproof.wording import WHY

HELP: Final = {
    "graph": "Make a snapshot of saved Microsoft Graph responses.\n\nSOURCE is a folder of "
    "responses as the service sent them, or one such file. `docs/exporting.md` says how to save "
    "them, and how they are recognised.",
    "powershell": "Make a snapshot of what Graph and Exchange Online PowerShell wrote.\n\nSOURCE "
    "is a folder of `ConvertTo-Json -Depth 20` files, each named after its cmdlet or collection.",
    "entraexporter": "Make a snapshot of an export by Microsoft's EntraExporter.\n\nSOURCE is the "
    "folder that `Export-Entra -Path` wrote.",
    "scubagear": "Make a snapshot of a report by CISA's ScubaGear.\n\nSOURCE is the report's "
    "folder, its ProviderSettingsExport.json or its ScubaResults file.",
    "azure-monitor": "Make a snapshot of sign-in logs in a storage account.\n\nSOURCE is the "
    "folder of one or both containers, with their PT1H.json or PT05M.json files.",
    "partner-center": "Make a snapshot of Partner Center's answers and tables.\n\nSOURCE is a "
    "folder of JSON and CSV files, each named after its request or its collection.",
}


@click.group(name="import", no_args_is_help=True)
def command() -> None:
    """Make a snapshot of what was exported by other means."""


def _words(name: str) -> click.Choice[str]:
    return click.Choice([word for word in TENANT.properties[name].values or () if word])


OPTIONS: Final = (
    click.argument("source"),
    click.option("--to", "target", required=True, metavar="DIR",
                 help="The snapshot's folder; it must not exist yet, or be empty."),
    click.option("--exported-at", required=True, metavar="TIME",
                 help="When the export was made (RFC 3339), or `files`: the time at which the "
                      "oldest of the files was written."),
    click.option("--tenant-id", default="", metavar="ID",
                 help="The tenant's id. Default: as `organization` says."),
    click.option("--tenant-name", default="", metavar="NAME",
                 help="The tenant's name. Default: as `organization` says."),
    click.option("--kind", type=_words("kind"), help="What the tenant is in the programme."),
    click.option("--partner-type", type=_words("partnerType"), help="What kind of partner it is."),
    click.option("--cloud", type=_words("cloud"),
                 help="The cloud it lies in. Default: as the responses say."),
)  # fmt: skip


COMPLETE: Final = click.option(
    "--complete", "complete", multiple=True, metavar="COLLECTION",
    help="A list of which you know that it is whole, or `all`; may be repeated.")


def _run(
    importer: Importer, source: str, target: str, complete: tuple[str, ...] = (), **said: Any
) -> int:
    folder = Path(target)
    _refuse_taken(folder)
    shapes = bundled_shapes()
    whole = _complete(complete, shapes)
    imported = importer(Path(source), ImportOptions(shapes=shapes, complete=whole, **said))
    write_folder(folder, imported.files, imported.streams)
    console.tell_problems(imported.notes)
    console.write(text_of(_summary(imported, target, _policies())))
    return DONE


def _complete(named: tuple[str, ...], shapes: Shapes) -> frozenset[str]:
    lists = [name for name in shapes if shapes[name].is_list and not shapes[name].is_fact]
    for name in named:
        if name not in lists and name != "all":
            raise unknown_word("list", name, [*lists, "all"])
    return frozenset(lists if "all" in named else named)


def _subcommand(name: str, importer: Importer) -> click.Command:
    def run(**arguments: Any) -> int:
        return _run(importer, **arguments)

    decorated: Callable[..., Any] = run
    for option in reversed((*OPTIONS, COMPLETE) if name in UNSAID else OPTIONS):
        decorated = option(decorated)
    return click.command(name=name, help=HELP[name])(decorated)


for _name, _importer in IMPORTERS.items():
    command.add_command(_subcommand(_name, _importer))


# --- writing -------------------------------------------------------------------------------------


def _refuse_taken(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        return
    if os.path.lexists(folder):
        raise usage_error(f"`{folder}` is there already", "name a new folder with `--to`")


NO_STREAMS: Final[Mapping[str, BinaryIO]] = MappingProxyType({})


def write_folder(
    folder: Path, files: Mapping[str, bytes], streams: Mapping[str, BinaryIO] = NO_STREAMS
) -> None:
    """Write a new folder with these files, whole or not at all; `streams` are
    copied piecewise, and closed.

    Only its owner may read it, since snapshots hold personal data. Raises SnapshotError where it
    cannot be written.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            for name, data in files.items():
                _write_file(beside / name, BytesIO(data))
            for name, stream in streams.items():
                with stream:
                    _write_file(beside / name, stream)
            if folder.is_dir():
                folder.rmdir()
            beside.rename(folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        raise SnapshotError([Problem(
            "output", f"`{folder}` cannot be written: {because(error)}",
            "name another folder with `--to`",
        )]) from None


def _write_file(path: Path, data: BinaryIO) -> None:
    with path.open("xb") as stream:
        shutil.copyfileobj(data, stream)
        stream.flush()
        os.fsync(stream.fileno())


# --- what came in, and what is missing -----------------------------------------------------------


def _policies() -> list[Policy]:
    """Return the bundled policies; a pack that is wrong is told, and undoes no import."""
    try:
        packs = load_packs(())
    except TenantproofError as error:
        console.tell_problems(error.problems)
        return []
    return [p for pack in packs for p in pack.policies.values() if p.status == "stable"]


def _summary(imported: Imported, target: str, policies: Iterable[Policy]) -> Iterator[str]:
    came = [row for row in imported.rows if row.files or row.complete]
    open_rows = [row for row in imported.rows if not row.complete]
    tenant = imported.manifest["tenant"]
    name = tenant.get("displayName") or tenant["id"]
    yield from labelled("Tenant", f"{name} ({tenant['id']})")
    yield from labelled("Exported at", imported.manifest["exportedAt"])
    yield from labelled("Written to", target)
    yield from _section("What came in", [_came(row) for row in came])
    yield from _missing(open_rows)
    affected = policies_in_doubt(policies, {row.collection for row in open_rows})
    yield from _section("Policies that read what is missing, and may answer unknown", [
        (name, ", ".join(sorted(reads))) for name, reads in affected.items()
    ])


def _section(title: str, rows: list[tuple[str, ...]]) -> Iterator[str]:
    if rows:
        yield ""
        yield from wrapped(f"{title}:")
        yield from table(rows, "  ")


def _came(row: Row) -> tuple[str, ...]:
    files = count_of(row.files, "file")
    state = "complete" if row.complete else f"not complete: {_why(row)}"
    return row.collection, count_of(row.records, "record"), files, state


def _missing(rows: list[Row]) -> Iterator[str]:
    if not rows:
        return
    yield ""
    yield "What is missing:"
    for row in rows:
        yield from wrapped(f"{row.collection} {_why(row)}", "    ", "  ")
        yield from wrapped(f"export {row.endpoint}", "             ", "      ")
        yield from wrapped(f"needs {row.permission}", "             ", "      ")


def _why(row: Row) -> str:
    words = WHY[Why(row.why)]
    return f"{words} ({row.detail})" if row.detail else words


def policies_in_doubt(
    policies: Iterable[Policy], missing: set[str]
) -> dict[str, frozenset[str]]:
    """Return the policies that read what is missing, and what they read of it.

    A policy reads through facts too, and through the policies that it asks for a verdict. `missing`
    are the names of the collections that did not come, or not as a whole.
    """
    everything = {policy.id: policy for policy in policies}
    found = {
        name: frozenset(collections_read(with_asked([policy], everything))) & missing
        for name, policy in everything.items()
    }
    return {name: found[name] for name in sorted(found) if found[name]}
