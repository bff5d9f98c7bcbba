"""``tenantproof pack``: how a copy differs from its upstream, and whether a pack is as it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import click
import msgspec

from tenantproof.cli import console
from tenantproof.cli.exits import DONE, FAILED
from tenantproof.cli.output import deliver, read_outputs, write_file
from tenantproof.cli.packs import Named, load_whole, named
from tenantproof.cli.usage import usage_error
from tenantproof.forking.differing import Difference, pack_differences
from tenantproof.forking.files import head, read_files
from tenantproof.forking.flow import flow
from tenantproof.forking.lock import NAME, Lock, Origin, changed, lock_of, read_lock, written
from tenantproof.forking.merging import MISSING
from tenantproof.reports.layout import count_of, prose, text_of, wrapped
from tenantproof.reports.view import Palette
from tenantproof.safe import printable

FORMATS: Final = ("text", "json")
LONGEST: Final = 300
A_PACK: Final = click.option(
    "--pack", metavar="DIR|NAME", envvar="TENANTPROOF_PACK",
    help="The pack, by its folder or name. Default: the one that the configuration names.",
)


def the_pack(asked: str | None) -> Named:
    """Return the pack that a command is about; raises UsageError where none is named."""
    if not asked:
        raise usage_error("no pack is named", "name its folder with `--pack DIR`")
    return named([asked])[0]


# --- diff ---------------------------------------------------------------------------------------


@click.command("diff", short_help="Show how a copy differs from its upstream.")
@click.argument("upstream", metavar="UPSTREAM")
@A_PACK
@click.option("--output", "outputs", multiple=True, metavar="FORMAT[=FILE]",
              help="The format (text, json) and where it goes; may be repeated. "
                   "Default: text on standard output.")
def diff(upstream: str, pack: str | None, outputs: tuple[str, ...]) -> int:
    """Show how a pack differs from UPSTREAM (a folder, or the name of a pack), field by field."""
    places = read_outputs(outputs, FORMATS)
    theirs, ours = named([upstream])[0], the_pack(pack)
    one, other = (read_files(p.folder, p.label) for p in (theirs, ours))
    found = list(pack_differences(one, other))

    def render(name: str, palette: Palette) -> Iterator[str]:
        if name == "json":
            return _json(found)
        return text_of(_text(found, " ".join(head(one)), " ".join(head(other)), palette))

    return deliver(places, render)


def shown(value: Any) -> str:
    """Return a value in one line that is not too long to be read."""
    text = str(value) if value is MISSING else flow(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _text(
    found: Sequence[Difference], theirs: str, ours: str, palette: Palette
) -> Iterator[str]:
    yield palette.paint("strong", prose(f"{ours}, compared with {theirs}"))
    file = ""
    for one in found:
        if one.file != file:
            file = one.file
            yield ""
            yield palette.paint("strong", printable(file))
        yield from wrapped(one.field, "    ", "  ")
        if one.path:
            yield from wrapped(f"upstream: {shown(one.one)}", "        ", "      ")
            yield from wrapped(f"here:     {shown(one.other)}", "        ", "      ")
        else:
            yield f"      {'only here' if one.one is MISSING else 'only upstream'}"
    files = len({one.file for one in found})
    yield ""
    yield (f"{count_of(len(found), 'field')} in {count_of(files, 'file')} differ."
           if found else "Nothing differs.")


def _json(found: Sequence[Difference]) -> Iterator[str]:
    rows = [{"file": one.file, "field": one.field if one.path else None,
             "upstream": None if one.one is MISSING else {"value": one.one},
             "here": None if one.other is MISSING else {"value": one.other}} for one in found]
    yield msgspec.json.format(msgspec.json.encode(rows), indent=2).decode() + "\n"


# --- verify -------------------------------------------------------------------------------------


@click.command("verify", short_help="Tell whether a pack is as its lock says.")
@A_PACK
@click.option("--write", is_flag=True, help=f"Write the lock, `{NAME}`, as the pack is now.")
def verify(pack: str | None, write: bool) -> int:
    """Compare every file of a pack with the digests in its `pack.lock`.

    Exits with 1 where a file is changed, missing or not in the lock.
    """
    one = the_pack(pack)
    lock = read_lock(one.folder, one.label)
    if write:
        return _write(one, None if lock is None else lock.upstream)
    if lock is None:
        raise usage_error(f"`{one.label}` has no `{NAME}`",
                          "write it with `tenantproof pack verify --write`")
    found = changed(lock, one.folder)
    console.write(f"{printable(entry.file)}: {entry.what}\n" for entry in found)
    console.write([f"{_told(lock)}: {len(found)} not as the lock says\n" if found else
                   f"{_told(lock)}: as the lock says\n"])
    return FAILED if found else DONE


def _told(lock: Lock) -> str:
    pack, upstream = lock.pack, lock.upstream
    copy = f", a copy of {upstream.id} {upstream.version}" if upstream else ""
    return f"{pack.id} {pack.version} ({pack.digest}){copy}"


def _write(one: Named, upstream: Origin | None) -> int:
    lock = write_lock(one, upstream)
    console.write([f"{_told(lock)}: {count_of(len(lock.policies), 'policy', 'policies')} "
                   "locked\n"])
    return DONE


def write_lock(one: Named, upstream: Origin | None) -> Lock:
    """Write a pack's lock as the pack is now, and return it."""
    lock = lock_of(load_whole(one), one.folder, upstream)
    write_file(Path(one.folder) / NAME, [written(lock).decode()])
    return lock
