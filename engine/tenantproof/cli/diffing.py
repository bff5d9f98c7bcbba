"""``tenantproof diff``: what changed between two reports."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import click
import msgspec

from tenantproof.cli import options
from tenantproof.cli.output import deliver, read_outputs
from tenantproof.problem import Problem, SnapshotError, because
from tenantproof.reports.drift import KINDS, Change, changes
from tenantproof.reports.layout import bullets, count_of, prose, text_of, wrapped
from tenantproof.reports.read_report import RIGHT_KIND, read_told
from tenantproof.reports.view import Palette

TITLES: Final = {
    "new": "New failures", "worse": "More subjects fail", "changed": "Changed",
    "better": "Fewer subjects fail", "fixed": "Fixed", "unchanged": "",
}
ROLES: Final = {"new": "bad", "worse": "bad", "changed": "open", "better": "good", "fixed": "good"}
MOST_NAMES: Final = 20


@click.command("diff", short_help="Show what changed between two reports.")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@options.output("text, json")
def command(old: str, new: str, outputs: tuple[str, ...]) -> int:
    """Compare two JSON reports: new, fixed and changed findings, their subjects, and why.

    Exits with 0 whatever changed, with 3 where a file is no report.
    """
    places = read_outputs(outputs, FORMATS)
    found = changes(*(read_told(report_bytes(name), name) for name in (old, new)))
    return deliver(places, lambda name, palette: FORMATS[name](found, palette))


def report_bytes(name: str) -> bytes:
    """Return a report's file; SnapshotError where it cannot be read."""
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise SnapshotError([Problem("report", f"it cannot be read: {because(error)}", RIGHT_KIND,
                                     file=name)]) from None


def _text(found: Sequence[Change], palette: Palette) -> Iterator[str]:
    return text_of(_lines(found, palette))


def _lines(found: Sequence[Change], palette: Palette) -> Iterator[str]:
    for kind in KINDS:
        own = [change for change in found if change.kind == kind]
        if own:
            yield palette.paint(ROLES[kind], f"{TITLES[kind]}: {len(own)}")
            for change in own:
                yield from _change(change, palette)
            yield ""
    yield f"{count_of(len(found), 'change')} between the two reports." if found else (
        "Nothing changed between the two reports.")


def _change(change: Change, palette: Palette) -> Iterator[str]:
    verdicts = f"{change.before or 'not judged'} -> {change.after or 'not judged'}"
    yield from wrapped(prose(f"{change.policy} {change.title} ({change.tenant_name}): {verdicts}"),
                       "    ", "  ")
    for words, names in (("fails now", change.appeared), ("fails no more", change.disappeared),
                         ("no longer known", change.newly_unknown)):
        if names:
            more = len(names) - MOST_NAMES
            shown = ", ".join(names[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
            yield from wrapped(prose(f"{words}: {shown}"), "      ", "    ")
    yield from bullets([prose(one) for one in change.because], "    ", "because ")


def _json(found: Sequence[Change], palette: Palette) -> Iterator[str]:
    value = {"format": 1, "changes": msgspec.to_builtins(list(found))}
    yield json.dumps(value, indent=2, ensure_ascii=False).encode("utf-8", "replace").decode()
    yield "\n"


FORMATS: Final[dict[str, Callable[[Sequence[Change], Palette], Iterator[str]]]] = {
    "text": _text, "json": _json,
}
