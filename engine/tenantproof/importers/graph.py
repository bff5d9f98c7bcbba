"""``import graph``: a folder of saved Microsoft Graph responses becomes a snapshot.

Responses are recognised by their own `@odata.context` or by the address in their file's path
(``docs/exporting.md``). Records are taken over as they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import msgspec

from tenantproof import __version__
from tenantproof.importers.answers import (
    LIST,
    Answer,
    SavedFile,
    may_be_json,
    read_answers,
    source_files,
)
from tenantproof.importers.base import (
    Imported,
    ImportOptions,
    finished,
    refuse,
    warning,
)
from tenantproof.importers.index import NAME as INDEX
from tenantproof.importers.index import read_index
from tenantproof.importers.joining import Joined, join_list, join_object
from tenantproof.importers.objects import PER_OBJECT, Owner, Record, assemble
from tenantproof.importers.places import Place, Places
from tenantproof.importers.tenant import exported_at, tenant_of
from tenantproof.language.instants import read_instant, write_instant
from tenantproof.problem import Problem, SnapshotError
from tenantproof.shape import CollectionShape
from tenantproof.verdict import Why

DATES: Final = {"signIns": "createdDateTime", "directoryAudits": "activityDateTime"}
COMPOSED: Final = "crossTenantAccessPolicy"
Placed = tuple[Place, Answer]


@dataclass(slots=True)
class _Work:
    """What grows while a source is read."""

    source: Path
    options: ImportOptions
    answers: dict[str, list[Placed]] = field(default_factory=lambda: defaultdict(list))
    joined: dict[str, Joined] = field(default_factory=dict)
    entries: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    notes: list[Problem] = field(default_factory=list)

    def shape(self, name: str) -> CollectionShape:
        return self.options.shapes[name]


def import_graph(source: Path, options: ImportOptions) -> Imported:
    """Return the snapshot that a folder of saved responses, or one of them, holds.

    Raises SnapshotError with all files that cannot be read, or where nothing is recognised;
    UsageError where the tenant or the date of the export is not known.
    """
    work = _Work(source, options)
    _recognise(work)
    every = [answer for placed in work.answers.values() for _, answer in placed]
    if not every:
        raise refuse("nothing-recognised", "no response of Microsoft Graph was found",
                     str(source), "`docs/exporting.md` says how to save them")
    for name, placed in work.answers.items():
        if name not in PER_OBJECT and name != COMPOSED:
            _take_plain(work, name, [answer for _, answer in placed])
    _compose(work)
    for name in PER_OBJECT:
        _take_parts(work, name)
    manifest = {
        "format": 1,
        "tenant": tenant_of(work.joined.get("organization"), every, options, str(source)),
        "exportedAt": exported_at(options, [answer.file for answer in every]),
        "exporter": {"name": "tenantproof import graph", "version": __version__},
        "collections": dict(_collections(work)),
    }
    counts = {
        name: len({a.file.name for _, a in placed}) for name, placed in work.answers.items()
    }
    return finished(manifest, work.files, tuple(work.notes), options.shapes, counts)


def _recognise(work: _Work) -> None:
    places, index = Places(work.options.shapes), read_index(work.source)
    problems: list[Problem] = []
    for file in source_files(work.source):
        if index and file.name == INDEX:
            continue
        if file.name in index:
            file = replace(file, name=index[file.name])
        try:
            _recognise_file(work, places, file)
        except SnapshotError as error:
            problems.extend(error.problems)
    if problems:
        raise SnapshotError(problems)


def _recognise_file(work: _Work, places: Places, file: SavedFile) -> None:
    if not may_be_json(file) and (file.data.strip() or places.of_path(file.stem) is None):
        work.notes.append(_unrecognised(file, "it is not JSON"))
        return
    for answer in read_answers(file):
        place = places.find(answer.context, answer.file.stem)
        if place is None:
            why = f"its `@odata.context` is `{answer.context_text}`" if answer.context_text else (
                "neither an `@odata.context` nor its path tells what it is"
            )
            work.notes.append(_unrecognised(file, why))
            continue
        work.answers[place.collection].append((place, answer))


def _unrecognised(file: SavedFile, why: str) -> Problem:
    return warning(
        "unrecognised-file", f"this file was not taken in: {why}", file.label,
        "if a policy needs it, save the response under the address of its request, such as "
        "`identity/conditionalAccess/policies.json`",
    )


def _take_plain(work: _Work, name: str, answers: list[Answer]) -> None:
    shape = work.shape(name)
    joined = join_list(answers, shape) if shape.is_list else join_object(answers, shape)
    work.joined[name] = joined
    work.notes.extend(joined.notes)
    files = {
        f"{name}.json" if len(joined.pages) == 1 else f"{name}-{number}.json": page.data
        for number, page in enumerate(joined.pages, 1)
    }
    work.files.update(files)
    entry = _entry(list(files), joined.why)
    select = next((p.context.select for p in joined.pages if p.context.select is not None), None)
    if select is not None:
        entry["select"] = sorted(select)
    entry.update(_span(name, joined))
    work.entries[name] = entry


def _entry(files: Sequence[str], why: str) -> dict[str, Any]:
    entry: dict[str, Any] = {}
    if files:
        entry["file"] = files[0] if len(files) == 1 else list(files)
    return {**entry, "complete": False, "reason": str(why)} if why else {**entry, "complete": True}


def _span(name: str, joined: Joined) -> dict[str, str]:
    """Return the dates of a log's oldest and newest record: as far as the log surely reaches."""
    dates = list(_dates(DATES[name], joined)) if name in DATES else []
    found = sorted(instant for date in dates if (instant := read_instant(date)) is not None)
    if not found:
        return {}
    return {"from": write_instant(found[0]), "to": write_instant(found[-1])}


def _dates(key: str, joined: Joined) -> Iterator[str]:
    for page in joined.pages:
        rows = msgspec.json.decode(page.raw) if page.kind == LIST else ()
        for row in rows:
            date = row.get(key) if isinstance(row, dict) else None
            if isinstance(date, str):
                yield date


def _compose(work: _Work) -> None:
    """Put the policy of cross-tenant access together with its default and its partners."""
    whole: Record = {}
    whys: list[str] = []
    for part in ("", "default", "partners"):
        answers = [a for place, a in work.answers.get(COMPOSED, ()) if place.part == part]
        if answers:
            found = _composed_part(work, part, answers)
            whole.update(found[0])
            whys.append(found[1])
    if whole:
        work.files[f"{COMPOSED}.json"] = msgspec.json.encode(whole)
        work.entries[COMPOSED] = _entry([f"{COMPOSED}.json"], "")
    elif whys:
        work.entries[COMPOSED] = _entry([], whys[0] or Why.WRONG_TYPE)


def _composed_part(work: _Work, part: str, answers: list[Answer]) -> tuple[Record, str]:
    """Return the properties that answers give, and why they give none."""
    join = join_list if part == "partners" else join_object
    joined = join(answers, work.shape(COMPOSED))
    work.notes.extend(joined.notes)
    values = [msgspec.json.decode(page.raw) for page in joined.pages] if joined.complete else []
    if part == "partners" and values:
        return {part: [row for rows in values for row in rows]}, ""
    if values and isinstance(values[0], dict):
        value = {k: v for k, v in values[0].items() if k != "@odata.context"}
        return ({part: value} if part else value), ""
    return {}, joined.why or Why.WRONG_TYPE


def _take_parts(work: _Work, name: str) -> None:
    shape = work.shape(name)
    owners = _owners(work.joined.get(PER_OBJECT[name].owners))
    assembled = assemble(shape, work.answers.get(name, []), owners)
    if assembled is None:
        return
    work.notes.extend(assembled.notes)
    file = f"{name}.json"
    work.files[file] = msgspec.json.encode({"value": assembled.records})
    work.entries[name] = _entry([file], assembled.why)


def _owners(joined: Joined | None) -> list[Owner] | None:
    if joined is None or not joined.complete:
        return None
    try:
        pages = [msgspec.json.decode(page.raw, type=list[Owner]) for page in joined.pages]
    except msgspec.ValidationError:
        return None
    return [owner for page in pages for owner in page]


def _collections(work: _Work) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name in work.options.shapes:
        shape = work.shape(name)
        if not shape.is_fact:
            missing = {"endpoint": shape.endpoint, "permission": shape.permission,
                       "complete": False, "reason": str(Why.NOT_EXPORTED)}
            yield name, work.entries.get(name, missing)
