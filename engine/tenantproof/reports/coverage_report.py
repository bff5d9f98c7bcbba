"""The coverage of the requirements as text, JSON and Markdown."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from tenantproof.reports.layout import count_of, prose, table, text_of, wrapped
from tenantproof.reports.view import Palette
from tenantproof.requirement_coverage import (
    LEVELS,
    Changes,
    Coverage,
    Covered,
    Kind,
    Status,
    Touched,
)
from tenantproof.safe import for_markdown

INDENT: Final = "  "
ID_WIDTH: Final = 11
LEVEL_WIDTH: Final = max(map(len, LEVELS))
STATUS_WIDTH: Final = max(map(len, Status))
Render = Callable[[Sequence[Coverage], Palette], Iterator[str]]


def _level(name: str) -> str:
    return name.replace("_", " ")


def _requirements(coverage: Coverage) -> str:
    total = count_of(len(coverage.rows), "requirement")
    return f"{total}: {', '.join(f'{coverage.count(one)} {one.value}' for one in Status)}"


def _policies(coverage: Coverage) -> str:
    total = count_of(len(coverage.kinds), "policy", "policies")
    return f"{total}: {', '.join(f'{coverage.policies(one)} {one.value}' for one in Kind)}"


# --- text ---------------------------------------------------------------------------------------


def _text(found: Sequence[Coverage], palette: Palette) -> Iterator[str]:
    return text_of(line for one in found for line in _pack(one, palette))


def _pack(coverage: Coverage, palette: Palette) -> Iterator[str]:
    pack = coverage.pack
    yield palette.paint("strong", prose(f"{pack.id} {pack.version}: {pack.title}"))
    yield _requirements(coverage)
    yield _policies(coverage)
    for section, rows in _sections(coverage).items():
        yield ""
        yield palette.paint("strong", prose(section) or "No section")
        yield from table([_row(row) for row in rows], INDENT)
    if coverage.changes is not None:
        yield from _changed(coverage.changes, palette)


def _sections(coverage: Coverage) -> dict[str, list[Covered]]:
    found: dict[str, list[Covered]] = {}
    for row in coverage.rows:
        found.setdefault(row.requirement.section, []).append(row)
    return found


def _row(row: Covered) -> tuple[str, ...]:
    policies = ", ".join(_named(row)) or "-"
    one = row.requirement
    level, status = _level(one.level).ljust(LEVEL_WIDTH), row.status.value.ljust(STATUS_WIDTH)
    return one.id.ljust(ID_WIDTH), level, status, prose(f"{one.title}: {policies}")


def _named(row: Covered) -> Iterator[str]:
    """Yield the policies of a row, with their kind where it is not the row's own."""
    for one in row.policies:
        same = one.kind.value == row.status.value
        yield one.policy.id if same else f"{one.policy.id} ({one.kind.value})"


def _changed(changes: Changes, palette: Palette) -> Iterator[str]:
    yield ""
    yield palette.paint("strong", "What the text touches")
    if not changes.touched and not changes.unknown:
        yield f"{INDENT}Nothing: every paragraph stands as it was read."
    yield from table([
        (requirement.id.ljust(ID_WIDTH), _level(requirement.level), _became(one),
         one.passage.paragraph)
        for requirement, gone in changes.touched for one in gone
    ], INDENT)
    if changes.unknown:
        yield ""
        yield palette.paint("strong", "Paragraphs that no requirement knows")
    for paragraph in changes.unknown:
        told = prose(f"{paragraph.place}: {paragraph.text}")
        yield from wrapped(told, INDENT * 2, INDENT)


def _became(one: Touched) -> str:
    return "changed" if one.now else "gone"


# --- JSON ---------------------------------------------------------------------------------------


def _json(found: Sequence[Coverage], palette: Palette) -> Iterator[str]:
    value = {"format": 1, "packs": [_value(one) for one in found]}
    yield json.dumps(value, indent=2, ensure_ascii=False)
    yield "\n"


def _value(coverage: Coverage) -> dict[str, Any]:
    pack = coverage.pack
    value: dict[str, Any] = {
        "id": pack.id,
        "version": pack.version,
        "title": pack.title,
        "digest": pack.digest,
        "source": {"title": pack.source.title, "url": pack.source.url,
                   "dated": pack.source.dated},
        "summary": {
            "requirements": {one.value: coverage.count(one) for one in Status},
            "levels": {
                level: {one.value: coverage.count(one, level) for one in Status}
                for level in LEVELS
            },
            "policies": {one.value: coverage.policies(one) for one in Kind},
        },
        "requirements": [_requirement(row) for row in coverage.rows],
    }
    if coverage.changes is not None:
        value["changes"] = _changes(coverage.changes)
    return value


def _requirement(row: Covered) -> dict[str, Any]:
    one = row.requirement
    return {
        "id": one.id,
        "title": one.title,
        "level": one.level,
        "section": one.section,
        "status": row.status.value,
        "policies": [{"id": p.policy.id, "kind": p.kind.value} for p in row.policies],
    }


def _changes(changes: Changes) -> dict[str, Any]:
    return {
        "touched": [
            {"requirement": requirement.id,
             "paragraphs": [{"paragraph": one.passage.paragraph, "digest": one.passage.digest,
                             "now": one.now or None} for one in gone]}
            for requirement, gone in changes.touched
        ],
        "unknown": [
            {"paragraph": one.place, "digest": one.digest, "text": one.text}
            for one in changes.unknown
        ],
    }


# --- Markdown -----------------------------------------------------------------------------------


def _markdown(found: Sequence[Coverage], palette: Palette) -> Iterator[str]:
    return text_of(line for one in found for line in _page(one))


def _page(coverage: Coverage) -> Iterator[str]:
    yield f"# Coverage of {for_markdown(coverage.pack.title)}\n"
    yield f"{_requirements(coverage)}.\n"
    yield f"{_policies(coverage)}.\n"
    yield _cells(["level", *(one.value for one in Status)])
    yield _cells(["---", *("---:" for _ in Status)])
    for level in LEVELS:
        yield _cells([_level(level), *(str(coverage.count(one, level)) for one in Status)])
    for section, rows in _sections(coverage).items():
        yield f"\n## {for_markdown(section) or 'No section'}\n"
        yield _cells(["requirement", "level", "status", "title", "policies"])
        yield _cells(["---"] * 5)
        yield from (_cells(_marked(row)) for row in rows)
    if coverage.changes is not None:
        yield from _changed_page(coverage.changes)


def _cells(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _marked(row: Covered) -> list[str]:
    one = row.requirement
    policies = ", ".join(_named(row)) or "-"
    return [one.id, _level(one.level), row.status.value, for_markdown(one.title),
            for_markdown(policies)]


def _changed_page(changes: Changes) -> Iterator[str]:
    yield "\n## What the text touches\n"
    if not changes.touched and not changes.unknown:
        yield "Nothing: every paragraph stands as it was read."
    if changes.touched:
        yield _cells(["requirement", "level", "", "paragraph"])
        yield _cells(["---"] * 4)
    for requirement, gone in changes.touched:
        for one in gone:
            place = for_markdown(one.passage.paragraph)
            yield _cells([requirement.id, _level(requirement.level), _became(one), place])
    if changes.unknown:
        yield "\n## Paragraphs that no requirement knows\n"
    for paragraph in changes.unknown:
        yield f"- {for_markdown(paragraph.place)}: {for_markdown(paragraph.text)}"


COVERAGES: Final[dict[str, Render]] = {"text": _text, "json": _json, "markdown": _markdown}
