"""``tenantproof docs``: the catalogue of a pack, a page per policy, in Markdown."""

from __future__ import annotations

from pathlib import Path

import click

from tenantproof.authoring.policy_pages import policy_pages, stale, surplus
from tenantproof.cli import console
from tenantproof.cli.exits import DONE, FAILED
from tenantproof.cli.output import write_file
from tenantproof.cli.packs import load_packs
from tenantproof.cli.usage import usage_error
from tenantproof.reports.layout import count_of
from tenantproof.safe import printable
from tenantproof.shape import bundled_shapes


@click.command("docs", short_help="Write a page for each policy of a pack.")
@click.option("--pack", metavar="DIR|NAME", envvar="TENANTPROOF_PACK",
              help="The pack, by its folder or name. Default: the bundled pack.")
@click.option("--to", "target", required=True, metavar="DIR", help="The folder of the pages.")
@click.option("--check", "only_check", is_flag=True,
              help="Write nothing; exit with 1 where a page is not as the pack says.")
def command(pack: str | None, target: str, only_check: bool) -> int:
    """Write the catalogue of a pack: a page per policy, and indexes, in Markdown.

    Pages that were made before and belong to no policy now are removed; other files are left
    alone.
    """
    folder = Path(target)
    if folder.exists() and not folder.is_dir():
        raise usage_error(f"`{target}` is a file", "name a folder")
    [loaded] = load_packs([pack] if pack else [])
    pages = policy_pages(loaded, bundled_shapes())
    return _checked(pages, folder) if only_check else _written(pages, folder)


def _written(pages: dict[str, str], folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    changed = stale(pages, folder)
    for name in surplus(pages, folder):
        (folder / name).unlink()
    for name in pages:
        if name in changed:
            write_file(folder / name, [pages[name]])
    console.write([f"{count_of(len(pages), 'page')} in {printable(str(folder))}, "
                   f"{len(changed)} changed\n"])
    return DONE


def _checked(pages: dict[str, str], folder: Path) -> int:
    changed = stale(pages, folder) if folder.is_dir() else sorted(pages)
    if not changed:
        console.write([f"{count_of(len(pages), 'page')}: all current\n"])
        return DONE
    console.write(f"{printable(str(folder / name))}\n" for name in changed)
    console.write([f"{len(changed)} not current: run `tenantproof docs` without `--check`\n"])
    return FAILED
