"""``tenantproof coverage``: which policies answer for each requirement of the source text."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Sequence
from typing import Final

import click

from tenantproof.cli import options
from tenantproof.cli.output import deliver, read_outputs
from tenantproof.cli.packs import load_packs, merged
from tenantproof.cli.profiles import profile_in_force
from tenantproof.cli.reading import file_content
from tenantproof.cli.usage import usage_error
from tenantproof.pack import Pack
from tenantproof.problem import Problem, SnapshotError
from tenantproof.reports.coverage_report import COVERAGES
from tenantproof.requirement_coverage import Coverage, coverage
from tenantproof.source_text import Paragraph, paragraphs

HTML: Final = (b"<!doctype", b"<html")
AS_MARKDOWN: Final = "name the page that requirements were read from, saved as Markdown"


@click.command("coverage", short_help="Show which policies answer for each requirement.")
@options.PACK
@options.PROFILE
@click.option("--source", metavar="FILE",
              help="The source text as it is today, in Markdown: show what its changes touch.")
@options.output("text, json, markdown")
def command(
    packs: tuple[str, ...], profile: str | None, source: str | None, outputs: tuple[str, ...]
) -> int:
    """Show every requirement with the policies that answer for it, and who judges them.

    Without a profile every stable policy counts.
    """
    places = read_outputs(outputs, COVERAGES)
    text = None if source is None else _paragraphs(source)
    loaded = load_packs(packs)
    found = [_coverage(pack, loaded, profile, text) for pack in loaded]
    return deliver(places, lambda name, palette: COVERAGES[name](found, palette))


def _coverage(
    pack: Pack, packs: Sequence[Pack], profile: str | None, text: list[Paragraph] | None
) -> Coverage:
    if text is not None and not any(row.passages for row in pack.requirements.values()):
        raise usage_error(
            f"no requirement of `{pack.label}` has a digest, so that nothing can be compared",
            "leave `--source` out, or give the requirements `paragraph` and `digest`",
        )
    if profile is None:
        stable = [policy.id for policy in pack.policies.values() if policy.status == "stable"]
        return coverage(pack, stable, text)
    return coverage(pack, profile_in_force(packs, merged(packs), profile).policies, text)


def _paragraphs(file: str) -> list[Paragraph]:
    data = file_content(file, AS_MARKDOWN)
    try:
        found = paragraphs(data.decode())
    except UnicodeDecodeError:
        raise _unreadable(file, "is not UTF-8 text") from None
    if data.removeprefix(BOM_UTF8).lstrip().lower().startswith(HTML):
        raise _unreadable(file, "is HTML")
    if not found:
        raise _unreadable(file, "holds no paragraph")
    return found


def _unreadable(file: str, why: str) -> SnapshotError:
    return SnapshotError([Problem("source-text", f"`{file}` {why}", AS_MARKDOWN)])
