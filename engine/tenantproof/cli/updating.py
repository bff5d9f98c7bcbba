"""``tenantproof pack update``: a new release merged into a copy, and what it does to verdicts."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import click
from msgspec import Struct

from tenantproof.cli import console, options
from tenantproof.cli.appending import Entry, appended
from tenantproof.cli.exits import FAILED
from tenantproof.cli.output import deliver, read_outputs, write_file
from tenantproof.cli.packing import A_PACK, shown, the_pack, write_lock
from tenantproof.cli.packs import Named, load_whole, named, validate
from tenantproof.cli.reading import file_content
from tenantproof.cli.usage import usage_error
from tenantproof.cli.verdict_diff import effects
from tenantproof.document import load_yaml
from tenantproof.forking.files import Files, head, read_files
from tenantproof.forking.lock import Origin, origin_of, read_lock
from tenantproof.forking.merging import MISSING
from tenantproof.forking.updating import Clash, Decisions, Outcome, clashes_of, updated
from tenantproof.pack import pack_digest
from tenantproof.problem import PolicyError
from tenantproof.reports.layout import count_of, prose, text_of, wrapped
from tenantproof.reports.update_report import render_json, render_text
from tenantproof.reports.view import Palette
from tenantproof.safe import printable

FORMATS: Final = ("text", "json")
CLASHES: Final = "pack-update.yaml"
EMPTY: Final = "format: 1\nclashes: []\n"
A_FILE: Final = f"name the file that `pack update` wrote, such as `{CLASHES}`"


class Sides(Struct, frozen=True):
    """The three packs of a merge."""

    old: Files
    ours: Files
    new: Files


@click.command("update", short_help="Merge a new release of the upstream into a copy.")
@A_PACK
@click.option("--from", "old", metavar="DIR|NAME", required=True,
              help="The release that the copy was made from, or last updated to.")
@click.option("--to", "new", metavar="DIR|NAME", required=True, help="The release to take.")
@click.option("--decisions", metavar="FILE",
              help=f"What was decided of fields that both sides changed: `{CLASHES}`, filled in.")
@click.option("--snapshot", "snapshots", multiple=True, metavar="SNAPSHOT",
              help="A snapshot on which to show what changes; may be repeated.")
@options.PROFILE
@options.DECLARATIONS
@options.ATTESTATIONS
@options.WAIVERS
@click.option("--dry-run", is_flag=True, help="Show everything and write nothing.")
@click.option("--output", "outputs", multiple=True, metavar="FORMAT[=FILE]",
              help="The format (text, json) and where it goes; may be repeated. "
                   "Default: text on standard output.")
def update(
    pack: str | None, old: str, new: str, decisions: str | None, snapshots: tuple[str, ...],
    dry_run: bool, outputs: tuple[str, ...], **asked: Any,
) -> int:
    """Merge what upstream changed between two releases into a copy, field by field.

    What only one side changed is taken. What both changed differently has to be decided: it is
    written into `pack-update.yaml`, the copy stays as it is, and the exit code is 1. Nothing is
    overwritten before the whole pack is merged, checked, and judged on the snapshots.
    """
    places = read_outputs(outputs, FORMATS)
    ours = the_pack(pack)
    base = named([old])[0]
    sides = _sides(base, ours, named([new])[0])
    _refuse_another(base, ours, sides)
    outcomes = updated(sides.old, sides.ours, sides.new, _decided(decisions))
    clashes = list(clashes_of(outcomes))
    if clashes:
        return _ask(clashes, ours, dry_run)
    with tempfile.TemporaryDirectory(prefix="tenantproof-") as folder:
        merged = _laid_out(ours, outcomes, Path(folder))
        load_whole(Named(merged, ours.label))
        found = effects(str(ours.folder), str(merged), snapshots, asked, outcomes)
        if not dry_run:
            _put(merged, ours.folder)
    if not dry_run:
        write_lock(ours, _origin(named([new])[0]))
    told = (f"{ours.label}: {' '.join(head(sides.old))} to {head(sides.new)[1]}", outcomes, found,
            dry_run)

    def render(name: str, palette: Palette) -> Iterator[str]:
        return render_json(*told) if name == "json" else render_text(*told, palette)

    return deliver(places, render)


def _sides(old: Named, ours: Named, new: Named) -> Sides:
    return Sides(*(read_files(one.folder, one.label) for one in (old, ours, new)))


def _origin(one: Named) -> Origin:
    return origin_of(load_whole(one))


def _refuse_another(old: Named, ours: Named, sides: Sides) -> None:
    """Refuse releases of different packs, and one that the copy was not made from."""
    if head(sides.old)[0] != head(sides.new)[0]:
        raise usage_error(f"`{head(sides.old)[0]}` and `{head(sides.new)[0]}` are two packs",
                          "name two releases of one pack with `--from` and `--to`")
    lock = read_lock(ours.folder, ours.label)
    upstream = lock.upstream if lock else None
    if upstream is not None and (upstream.id, upstream.version) != head(sides.old):
        raise usage_error(
            f"`{ours.label}` was made from {upstream.id} {upstream.version}, and `--from` is "
            f"{' '.join(head(sides.old))}", "name the release that it was made from")
    if upstream is not None and upstream.digest != pack_digest(old.folder, old.label):
        raise usage_error(
            f"`{old.label}` is not the {upstream.id} {upstream.version} that `{ours.label}` was "
            "made from: somebody has changed it",
            "name that release as it was published; what is yours belongs into the copy")


# --- what has to be decided ---------------------------------------------------------------------


def _decided(file: str | None) -> Decisions:
    if file is None:
        return {}
    document = load_yaml(file_content(file, A_FILE), file)
    wrong = validate(document, "merge")
    if wrong:
        raise PolicyError(wrong)
    written: Any = document.value
    return {(one["file"], one["field"]): one["take"] for one in written["clashes"]
            if one["take"] is not None}


def _ask(clashes: Sequence[Clash], ours: Named, dry_run: bool) -> int:
    console.write(text_of(_clashes(clashes)))
    if dry_run:
        return FAILED
    if Path(CLASHES).exists():
        raise usage_error(f"`{CLASHES}` is there already",
                          f"decide in it and give it with `--decisions {CLASHES}`, or remove it")
    path, data = appended(CLASHES, EMPTY, "clashes", [_entry(one) for one in clashes])
    write_file(path, [data.decode()])
    console.tell(f"note: `{printable(ours.label)}` is as it was; write `ours` or `new` behind "
                 f"each `take` in `{CLASHES}` and give it with `--decisions`")
    return FAILED


def _clashes(clashes: Sequence[Clash]) -> Iterator[str]:
    yield f"{count_of(len(clashes), 'field')} to be decided: both sides changed it."
    for one in clashes:
        yield ""
        yield from wrapped(prose(f"{one.file}: {one.field}"), "    ")
        if one.why:
            yield from wrapped(prose(f"since {one.why}"), "    ", "  ")
        for word, value in _values(one).items():
            yield from wrapped(shown(value), "        ", f"  {word + ':':<6}")


def _values(one: Clash) -> dict[str, Any]:
    return {"old": one.conflict.old, "ours": one.conflict.ours, "new": one.conflict.new}


def _entry(one: Clash) -> Entry:
    values: Mapping[str, Any] = _values(one) if one.conflict.path else {}
    return Entry({
        "file": one.file, "field": one.field, **({"why": one.why} if one.why else {}),
        **{word: value for word, value in values.items() if value is not MISSING}, "take": None,
    }, ("",), {"take": "ours or new"})


# --- the merged pack on disk --------------------------------------------------------------------


def _laid_out(ours: Named, outcomes: Sequence[Outcome], folder: Path) -> Path:
    """Return a folder that holds the copy as it will be; what is no YAML comes along."""
    merged = folder / (ours.folder.resolve().name or "pack")
    shutil.copytree(ours.folder, merged)
    for outcome in outcomes:
        file = merged / outcome.name
        if outcome.text is None:
            file.unlink(missing_ok=True)
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(outcome.text)
    return merged


def _put(merged: Path, place: Path) -> None:
    """Put the merged folder in the copy's place: the old one goes when the new one is there."""
    target = place.resolve()
    beside = target.with_name(f".{target.name}.new")
    before = target.with_name(f".{target.name}.old")
    for leftover in (beside, before):
        shutil.rmtree(leftover, ignore_errors=True)
    shutil.copytree(merged, beside)
    target.rename(before)
    beside.rename(target)
    shutil.rmtree(before)

