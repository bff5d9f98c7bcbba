"""What an update of a pack brought: file by file, and what it does to verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, Protocol

import msgspec

from tenantproof.reports.drift import Change
from tenantproof.reports.layout import count_of, prose, text_of, wrapped
from tenantproof.reports.view import Palette
from tenantproof.safe import printable

MOST_FIELDS: Final = 8
WORDS: Final = {
    "merged": "merged", "taken": "taken as upstream has it", "added": "new", "removed": "taken out",
}


class Field(Protocol):
    """A changed field."""

    @property
    def field(self) -> str: ...


class Outcome(Protocol):
    """What became of one file."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def changes(self) -> Sequence[Field]: ...


class Effect(Protocol):
    """A finding that changes."""

    @property
    def change(self) -> Change: ...
    @property
    def causes(self) -> Sequence[str]: ...


class Effects(Protocol):
    """What changes on some snapshots."""

    @property
    def tenants(self) -> int: ...
    @property
    def findings(self) -> Sequence[Effect]: ...


def render_text(
    title: str, outcomes: Sequence[Outcome], effects: Effects, dry_run: bool, palette: Palette
) -> Iterator[str]:
    """Yield an update as people read it."""
    return text_of(_text(title, outcomes, effects, dry_run, palette))


def _text(
    title: str, outcomes: Sequence[Outcome], effects: Effects, dry_run: bool, palette: Palette
) -> Iterator[str]:
    yield palette.paint("strong", prose(title))
    counts = {kind: sum(1 for one in outcomes if one.kind == kind) for kind in WORDS}
    told = ", ".join(f"{count_of(n, 'file')} {WORDS[kind]}" for kind, n in counts.items() if n)
    yield f"{told or 'nothing to merge'}; nothing had to be decided."
    for one in outcomes:
        if one.kind != "kept":
            yield ""
            yield palette.paint("strong", printable(one.name))
            yield from wrapped(f"{WORDS[one.kind]}: {_fields(one)}", "      ", "  ")
    yield ""
    yield from _effects(effects, palette)
    yield "Nothing was written (`--dry-run`)." if dry_run else "Written."


def _fields(one: Outcome) -> str:
    names = [prose(change.field) for change in one.changes]
    more = len(names) - MOST_FIELDS
    return "; ".join(names[:MOST_FIELDS]) + (f"; and {more} more" if more > 0 else "")


def _effects(effects: Effects, palette: Palette) -> Iterator[str]:
    if not effects.tenants:
        yield "No snapshot was named, so that it cannot be told which verdicts change."
        return
    on = count_of(effects.tenants, "snapshot")
    if not effects.findings:
        yield f"No finding changes on {on}."
        return
    yield palette.paint("strong", f"{count_of(len(effects.findings), 'finding')} "
                                  f"{'changes' if len(effects.findings) == 1 else 'change'} "
                                  f"on {on}:")
    for effect in effects.findings:
        yield from _effect(effect)
    yield ""


def _effect(effect: Effect) -> Iterator[str]:
    change = effect.change
    verdicts = f"{change.before or 'not judged'} -> {change.after or 'not judged'}"
    yield from wrapped(prose(f"{change.policy} in {change.tenant_name}: {verdicts}"), "    ", "  ")
    for word, names in (("fails now", change.appeared), ("fails no more", change.disappeared),
                        ("no longer known", change.newly_unknown)):
        if names:
            more = len(names) - MOST_FIELDS
            told = ", ".join(names[:MOST_FIELDS]) + (f" and {more} more" if more > 0 else "")
            yield from wrapped(prose(f"{word}: {told}"), "        ", "      ")
    for cause in effect.causes:
        yield from wrapped(prose(f"because of {cause}"), "        ", "      ")


def render_json(
    title: str, outcomes: Sequence[Outcome], effects: Effects, dry_run: bool
) -> Iterator[str]:
    """Yield an update as JSON."""
    value: dict[str, Any] = {
        "title": title,
        "written": not dry_run,
        "files": [{"file": one.name, "kind": one.kind,
                   "fields": [change.field for change in one.changes]}
                  for one in outcomes if one.kind != "kept"],
        "snapshots": effects.tenants,
        "findings": [{
            "tenant": one.change.tenant, "policy": one.change.policy,
            "before": one.change.before, "after": one.change.after,
            "appeared": list(one.change.appeared), "disappeared": list(one.change.disappeared),
            "newlyUnknown": list(one.change.newly_unknown), "causes": list(one.causes),
        } for one in effects.findings],
    }
    yield msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n"
