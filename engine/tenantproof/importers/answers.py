"""The files of a source, and what each holds: a saved answer of the service, or something else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Final

import msgspec

from tenantproof.contents import DENIED
from tenantproof.document import decode_bytes, json_problem
from tenantproof.importers.base import refuse
from tenantproof.importers.places import NO_CONTEXT, Context, read_context
from tenantproof.problem import SnapshotError, because
from tenantproof.verdict import Why

REFUSED: Final = re.compile(rf"{DENIED.pattern}|\b40[13]\b", re.IGNORECASE)
PAGES: Final = re.compile(rb'\[\s*\{\s*"(@odata\.(context|nextLink)|value)"')
ONE_BY_ONE: Final = "save the answer to each request in a file of its own"
OK: Final = 200
DENYING: Final = (401, 403)
# Kinds of answers.
LIST, ARRAY, OBJECT, BLANK, ERROR = "list", "array", "object", "blank", "error"


@dataclass(frozen=True, slots=True)
class SavedFile:
    """A file of the source: `name` as seen from the source, `label` as the user would write it."""

    name: str
    label: str
    data: bytes
    modified: datetime

    @property
    def stem(self) -> str:
        """The name without the extension that tells JSON."""
        return re.sub(r"\.(json|txt)$", "", self.name, flags=re.IGNORECASE)

    @property
    def folder(self) -> str:
        """The folder that it lies in."""
        return str(PurePosixPath(self.name).parent)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of the service.

    `data` is the whole answer as UTF-8, `raw` the JSON text of its records: a list (kinds `list`
    and `array`, which has no envelope) or an object. `why` and `detail` say why there are none.
    """

    file: SavedFile
    kind: str
    data: bytes
    raw: bytes = b""
    context: Context = NO_CONTEXT
    context_text: str = ""
    link: str = ""
    why: Why | None = None
    detail: str = ""


def source_files(source: Path) -> Iterator[SavedFile]:
    """Yield the files of a folder, or the one file; hidden folders are not looked into.

    Raises SnapshotError for what cannot be read, and for a link that leads out of the folder.
    """
    for path, name in source_paths(source):
        yield _guarded(source, path, name)


def _guarded(source: Path, path: Path, name: str) -> SavedFile:
    try:
        return SavedFile(name, str(path), path.read_bytes(), written_at(path))
    except OSError as error:
        raise _unreadable(error, source) from None


def source_paths(source: Path) -> Iterator[tuple[Path, str]]:
    """Yield the paths that `source_files` would read, each with its name as seen from the source.

    Raises SnapshotError as `source_files` does.
    """
    try:
        yield from _paths(source)
    except OSError as error:
        raise _unreadable(error, source) from None


def _unreadable(error: OSError, source: Path) -> SnapshotError:
    place = error.filename if isinstance(error.filename, str) else str(source)
    return refuse("no-source", f"`{place}` cannot be read: {because(error)}", str(source),
                  "name a folder of saved responses, or one of them")


def _paths(source: Path) -> Iterator[tuple[Path, str]]:
    if not source.is_dir():
        source.stat()
        yield source, source.name
        return
    for path in sorted(source.rglob("*")):
        inside = path.relative_to(source)
        if path.is_file() and not any(part.startswith(".") for part in inside.parts[:-1]):
            if not path.resolve().is_relative_to(source.resolve()):
                raise refuse("file-outside", f"`{inside}` leads out of the folder", str(source),
                             "put the file itself into the folder, not a link")
            yield path, inside.as_posix()


def written_at(path: Path) -> datetime:
    """Return when a file was last written, to the second."""
    return datetime.fromtimestamp(int(path.stat().st_mtime), UTC)


def may_be_json(file: SavedFile) -> bool:
    """Whether a file may hold an answer, by its extension and its first character."""
    if PurePosixPath(file.name).suffix.casefold() == ".json":
        return True
    start = file.data[:64].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return start[:1] in (b"{", b"[")


def read_answers(file: SavedFile) -> list[Answer]:
    """Return the answers in a file: one, the pages that an exporter put between brackets, or those
    to a batch of requests, each as if it were a file named after its request.

    Raises SnapshotError for what is not JSON.
    """
    data = decode_bytes(file.data, file.label).strip()
    try:
        return _read(file, data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SnapshotError([json_problem(error, data, file.label)]) from None


def _read(file: SavedFile, data: bytes) -> list[Answer]:
    if not data:
        return [Answer(file, BLANK, data, why=Why.NOT_EXPORTED, detail="the file is blank")]
    if PAGES.match(data):
        pages = msgspec.json.decode(data, type=list[msgspec.Raw])
        return [_object(file, bytes(page).strip()) for page in pages]
    if data.startswith(b"{"):
        return _of_batch(file, data) or [_object(file, data)]
    value = msgspec.json.decode(data)
    if isinstance(value, list):
        return [Answer(file, ARRAY, data, data)]
    detail = "the file holds `null`" if value is None else "the file holds no records"
    return [Answer(file, BLANK, data, why=Why.NOT_EXPORTED, detail=detail)]


class InBatch(msgspec.Struct):
    """One answer of a batch, as Microsoft Graph's `$batch` gives it."""

    id: str
    status: int
    body: msgspec.Raw = msgspec.Raw(b"null")


def _of_batch(file: SavedFile, data: bytes) -> list[Answer]:
    """Return the answers to a batch of requests; none where the file holds something else."""
    body = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
    if "responses" not in body or "value" in body:
        return []
    try:
        parts = msgspec.json.decode(bytes(body["responses"]), type=list[InBatch])
    except msgspec.ValidationError as error:
        raise refuse("batch", f"this looks like the answer to a batch of requests, but {error}",
                     file.label, ONE_BY_ONE) from None
    if not parts:
        raise refuse("batch", "this is the answer to a batch without any request", file.label,
                     ONE_BY_ONE)
    return [_one_of_batch(file, part) for part in parts]


def _one_of_batch(file: SavedFile, part: InBatch) -> Answer:
    data = bytes(part.body).strip()
    name = str(PurePosixPath(file.name).with_name(f"{part.id.replace('/', '_')}.json"))
    own = replace(file, name=name, label=f"{file.label}, response {part.id}", data=data)
    if part.status == OK and data.startswith(b"{"):
        return _object(own, data)
    if data.startswith(b"{") and b'"error"' in data:
        return _object(own, data)
    why = Why.DENIED if part.status in DENYING else Why.NOT_EXPORTED
    return Answer(own, ERROR, data, why=why, detail=f"the service answered {part.status}")


def _object(file: SavedFile, data: bytes) -> Answer:
    msgspec.json.decode(data)
    body = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
    inner = bytes(body.get("value", b"")).strip()
    if "error" in body and not inner:
        return _refusal(file, data, bytes(body["error"]))
    context = _text(body.get("@odata.context"))
    answer = Answer(file, OBJECT, data, data, read_context(context), context)
    if inner == b"null":
        return replace(answer, kind=BLANK, why=Why.NOT_EXPORTED, detail="its `value` is null")
    if inner.startswith(b"["):
        link = _text(body.get("@odata.nextLink")) or _text(body.get("nextLink"))
        return replace(answer, kind=LIST, raw=inner, link=link)
    return replace(answer, raw=inner) if inner.startswith(b"{") else answer


def _text(raw: msgspec.Raw | None) -> str:
    """Return a property as text; what is no text but there counts as text too, null does not."""
    value = None if raw is None else msgspec.json.decode(raw)
    return "" if value is None else str(value)


def _refusal(file: SavedFile, data: bytes, error: bytes) -> Answer:
    body = msgspec.json.decode(error)
    code = str(body.get("code") or "") if isinstance(body, dict) else str(body or "")
    message = str(body.get("message") or "") if isinstance(body, dict) else ""
    why = Why.DENIED if REFUSED.search(f"{code} {message}") else Why.NOT_EXPORTED
    return Answer(file, ERROR, data, why=why,
                  detail=f"the service answered `{code or 'an error'}`")
