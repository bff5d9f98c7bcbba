"""Other tools' exports that `check` may be given in the place of a snapshot."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from tenantproof.cli import console
from tenantproof.importers.base import FROM_FILES, Imported, ImportOptions, MemorySource
from tenantproof.importers.table import IMPORTERS
from tenantproof.problem import Problem, SnapshotError, UsageError
from tenantproof.shape import bundled_shapes
from tenantproof.sources import MANIFEST, Source

LOOKED_AT: Final = 2_000  # files whose names are looked at before giving up
CONTEXT: Final = re.compile(rb'^\W*\{\s*"@odata\.context"')
# Paths that only one tool writes, in lower case and with forward slashes; the first that fits
# counts. Partner Center's answers bear no mark of their own, and have to be imported.
SIGNS: Final = (
    ("scubagear", re.compile(r"(?:.*/)?(?:providersettingsexport|scubaresults.*)\.json")),
    ("entraexporter", re.compile(
        r"organization/organization\.json|identity/conditional/accesspolicies/.*")),
    ("azure-monitor", re.compile(r"(?:.*/)?pt(?:1h|05m)\.json")),
    ("powershell", re.compile(r"(?:.*/)?get-mg\w+\.json")),
)


def recognised(path: Path) -> str | None:
    """Return the importer that a source surely is for; None for a snapshot, or what is unclear."""
    if not path.exists() or (path / MANIFEST).exists() or path.suffix.casefold() == ".zip":
        return None
    files = list(islice(_files(path), LOOKED_AT))
    for name, sign in SIGNS:
        if any(sign.fullmatch(inside.casefold()) for _, inside in files):
            return name
    answers = (file for file, _ in files if file.suffix.casefold() == ".json")
    return "graph" if any(_is_answer(file) for file in answers) else None


def imported_source(name: str) -> Source | None:
    """Return the snapshot that a recognised source makes, told on standard error; None otherwise.

    Nobody says when the export was made, so the oldest file's time counts. Raises SnapshotError
    where the importer refuses the source.
    """
    form = recognised(Path(name))
    if form is None:
        return None
    try:
        made = IMPORTERS[form](
            Path(name), ImportOptions(shapes=bundled_shapes(), exported_at=FROM_FILES))
    except UsageError as error:
        raise SnapshotError([_to_import(one, name, form) for one in error.problems]) from None
    console.tell(f"note: `{name}` was read as by `tenantproof import {form} --exported-at files`")
    console.tell_problems(made.notes)
    return MemorySource(name, {**made.files, **_whole(made)})


def _to_import(problem: Problem, name: str, form: str) -> Problem:
    """`check` has no options for what an importer has to be told."""
    return Problem("no-snapshot", f"this cannot be read directly: {problem.message}",
                   f"run `tenantproof import {form}` on it: {problem.help}", name)


def _whole(made: Imported) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for file, stream in made.streams.items():
        with stream:
            found[file] = stream.read()
    return found


def _files(path: Path) -> Iterator[tuple[Path, str]]:
    if path.is_file():
        yield path, path.name
        return
    for file in sorted(path.rglob("*")):
        if file.is_file():
            yield file, file.relative_to(path).as_posix()


def _is_answer(file: Path) -> bool:
    try:
        with file.open("rb") as stream:
            return CONTEXT.match(stream.read(200).replace(b"\0", b"")) is not None
    except OSError:
        return False
