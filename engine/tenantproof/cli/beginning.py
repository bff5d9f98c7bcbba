"""``tenantproof init``: the files with which a team begins."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import click

from tenantproof.cli import console
from tenantproof.cli.exits import DONE
from tenantproof.cli.output import write_file
from tenantproof.cli.packing import write_lock
from tenantproof.cli.packs import Named, load_whole, named
from tenantproof.cli.usage import usage_error
from tenantproof.forking.beginning import Team, copied, layered
from tenantproof.forking.lock import origin_of
from tenantproof.reports.layout import count_of
from tenantproof.safe import printable

ID: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
NAMED: Final = re.compile(r"^id: .*$", re.MULTILINE)
DEFAULT: Final = "partner-center"


@click.command("init", short_help="Begin a team's own pack.")
@click.argument("folder", default=".", metavar="[DIR]")
@click.option("--id", "team_id", required=True, metavar="ID",
              help="The name of the team's pack, such as contoso.")
@click.option("--upstream", default=DEFAULT, show_default=True, metavar="DIR|NAME",
              help="The pack to build on.")
@click.option("--copy", "is_copy", is_flag=True,
              help="Copy the upstream pack to change its policies, rather than add to it.")
def command(folder: str, team_id: str, upstream: str, is_copy: bool) -> int:
    """Write the files of a team's own standard into DIR (default: the working folder).

    Without --copy the upstream pack stays where it is, and takes its updates by itself: a profile
    chooses from it, and a pack of the team's own adds to it. With --copy its policies lie here to
    be changed, beside the release that they came from; `pack update` merges the next one.
    Nothing that is there already is overwritten.
    """
    if not ID.fullmatch(team_id):
        raise usage_error(f"`{team_id}` is no id", "write it in lower case, such as `contoso`")
    base, target = named([upstream])[0], Path(folder)
    pack = load_whole(base)
    if pack.id == team_id:
        raise usage_error(f"`{team_id}` is the id of the upstream pack", "take another one")
    team = Team(team_id, pack.id if upstream == pack.id else upstream)
    files = dict(copied(team) if is_copy else layered(team))
    taken = [f"upstream/{pack.id}", team.folder] if is_copy else []
    _refuse_taken(target, [*files, *taken])
    if is_copy:
        _copy(base, target / team.folder, team)
        shutil.copytree(base.folder, target / "upstream" / pack.id)
    for name, text in files.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        write_file(target / name, [text])
    if is_copy:
        write_lock(Named(target / team.folder, team.folder), origin_of(pack))
    _tell(files, target, team, is_copy)
    return DONE


def _refuse_taken(target: Path, names: list[str]) -> None:
    for name in names:
        if (target / name).exists():
            raise usage_error(f"`{target / name}` is there already",
                              "begin in an empty folder, or remove it")


def _copy(base: Named, place: Path, team: Team) -> None:
    """Copy a pack's files and give the copy its own name."""
    shutil.copytree(base.folder, place)
    top = place / "pack.yaml"
    text = top.read_text(encoding="utf-8")
    write_file(top, [NAMED.sub(f"id: {team.id}", text, count=1)])


def _tell(files: Mapping[str, str], target: Path, team: Team, is_copy: bool) -> None:
    console.write(f"{printable(str(target / name))}\n" for name in files)
    if is_copy:
        console.write([f"{printable(str(target / team.folder))}: a copy to change\n",
                       f"{printable(str(target / 'upstream'))}: the release that it came from\n"])
    console.write([f"{count_of(len(files), 'file')} written; next: `tenantproof lint`, "
                   "`tenantproof test`, `tenantproof check SNAPSHOT`\n"])
