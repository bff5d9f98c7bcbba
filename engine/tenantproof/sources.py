"""Where a snapshot's files come from: a folder, an archive, or one JSON document."""

from __future__ import annotations

import io
import os
import stat
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, Final, Protocol

from tenantproof.document import decode_bytes
from tenantproof.long_lists import LONG as LONG_LIST
from tenantproof.long_lists import OddListError
from tenantproof.problem import Problem, SnapshotError, because
from tenantproof.streaming import ENDINGS, LONG, LogFile, is_log

if TYPE_CHECKING:
    import zipfile

MANIFEST: Final = "tenant.json"
LARGEST_UNPACKED: Final = 16 * 2**30
LARGEST_RATIO: Final = 250
RATIO_COUNTS_FROM: Final = 100 * 2**20
MOST_MEMBERS: Final = 10_000
PACKED_GROWS: Final = 8  # about what gzip makes of a log


class Source(Protocol):
    """The files of one snapshot."""

    name: str

    def read(self, file: str) -> bytes:
        """Return a file's bytes as UTF-8 without a mark; SnapshotError where it cannot be read."""

    def files(self) -> Iterator[str]:
        """Yield the names of all files, in order."""

    def label(self, file: str) -> str:
        """Return the file's name as the user would write it."""


def refuse(rule: str, message: str, file: str, remedy: str) -> SnapshotError:
    """Return the error for an input that cannot be read."""
    return SnapshotError([Problem(rule, message, remedy, file)])


def _safe(file: str, label: str) -> str:
    path = PurePosixPath(file)
    parts = path.parts
    if not parts or path.is_absolute() or ".." in parts or "\\" in file or ":" in parts[0]:
        raise refuse(
            "file-outside", f"`{file}` does not lie inside the snapshot", label,
            "name files by their path inside the snapshot's folder",
        )
    return str(path)


def _clean(data: bytes, file: str, label: str) -> bytes:
    return decode_bytes(unpacked(data, label) if file.endswith(".gz") else data, label)


def unpacked(data: bytes, label: str) -> bytes:
    """Return the content of gzip data, refusing what is damaged or grows beyond all measure."""
    import gzip  # here: most snapshots hold nothing that is packed

    limit = min(LARGEST_UNPACKED, max(RATIO_COUNTS_FROM, len(data) * LARGEST_RATIO))
    try:
        with gzip.open(io.BytesIO(data)) as stream:
            content = stream.read(limit + 1)
    except (OSError, EOFError, ValueError) as error:
        raise refuse("damaged-archive", f"this is not whole gzip data: {error}", label,
                     "export the file again") from None
    if len(content) > limit:
        raise refuse("too-large", "this file grows beyond all measure when it is unpacked", label,
                     "export the file again, unpacked")
    return content


def _opened(path: str) -> BinaryIO:
    return open(path, "rb")


def files_below(root: str) -> list[str]:
    """Return the names of all files below a folder, with forward slashes, in order."""
    found = [
        os.path.relpath(os.path.join(folder, name), root).replace(os.sep, "/")
        for folder, _, names in os.walk(root) for name in names
    ]
    return sorted(found)


class FolderSource:
    """A folder with a manifest."""

    def __init__(self, folder: Path) -> None:
        self.name = str(folder)
        self._folder = folder
        self._root = os.path.realpath(folder)
        self._manifest = self.label(MANIFEST)

    def read(self, file: str) -> bytes:
        """Return a file's bytes; the file must lie inside the folder, links resolved."""
        real = self._inside(file)
        if real is None:
            raise refuse("file-outside", f"`{file}` leads out of the snapshot's folder",
                         self._manifest, "put the file itself into the folder, not a link")
        try:
            with open(real, "rb") as stream:
                return _clean(stream.read(), file, self.label(file))
        except OSError as error:
            raise self._unreadable(file, error) from None

    def log_file(self, file: str) -> LogFile | None:
        """Return a long log as one that can be streamed; None for whatever has to be read whole."""
        if not file.endswith(ENDINGS):
            return None
        real = self._inside(file)
        try:
            size = os.stat(real).st_size if real else 0
        except OSError:
            return None  # reading it says why
        packed = file.endswith(".gz")
        if real is None or size * (PACKED_GROWS if packed else 1) < LONG:
            return None
        most = min(LARGEST_UNPACKED, max(RATIO_COUNTS_FROM, size * LARGEST_RATIO)) if packed else (
            size + 1)
        found = LogFile(self.label(file), partial(_opened, real), packed, most)
        return found if is_log(found) else None

    def long_list(self, file: str) -> BinaryIO:
        """Open a long file that may be a JSON list; OddListError for whatever is none."""
        real = self._inside(file) if file.endswith(".json") else None
        if real is None or os.stat(real).st_size < LONG_LIST:
            raise OddListError
        return _opened(real)

    def _inside(self, file: str) -> str | None:
        """Return the true path of a file; None where it leads out of the folder."""
        path = os.path.join(self._root, _safe(file, self._manifest))
        if "/" not in file and not os.path.islink(path):
            return path  # nothing is left to resolve below the root, which has no links
        real = os.path.realpath(path)
        return real if real.startswith(os.path.join(self._root, "")) else None

    def _unreadable(self, file: str, error: OSError) -> SnapshotError:
        if isinstance(error, FileNotFoundError) and file == MANIFEST:
            return refuse(
                "no-manifest", f"`{self.name}` has no `{MANIFEST}`", self.name,
                "name a snapshot's folder, or make one with `tenantproof snapshot init` or "
                "`tenantproof import`",
            )
        return refuse("unreadable-file", f"`{file}` cannot be read: {because(error)}",
                      self._manifest, "export it again, or correct the manifest")

    def files(self) -> Iterator[str]:
        """Yield the names of all files below the folder."""
        yield from files_below(self._root)

    def label(self, file: str) -> str:
        """Return the path of a file as seen from the user's folder."""
        return str(self._folder / file)


class ArchiveSource:
    """A ``.zip`` of such a folder, with or without the folder itself as its only top level."""

    def __init__(self, name: str, data: bytes) -> None:
        import zipfile  # here: most snapshots are folders

        self.name = name
        self._broken = (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError)
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
            self._members = self._checked()
        except self._broken as error:
            raise refuse("damaged-archive", f"this is not a whole archive: {error}", name,
                         "pack the snapshot's folder again") from None
        manifests = [m for m in self._members if PurePosixPath(m).name == MANIFEST]
        if len(manifests) != 1:
            raise refuse("no-manifest", f"the archive holds {len(manifests)} files `{MANIFEST}`",
                         name, "an archive holds exactly one snapshot")
        self._prefix = manifests[0].removesuffix(MANIFEST)

    def _checked(self) -> dict[str, zipfile.ZipInfo]:
        infos = [i for i in self._archive.infolist() if not i.is_dir()]
        unpacked_size = sum(i.file_size for i in infos)
        packed_size = max(1, sum(i.compress_size for i in infos))
        grows = unpacked_size > RATIO_COUNTS_FROM and unpacked_size > packed_size * LARGEST_RATIO
        if len(infos) > MOST_MEMBERS or unpacked_size > LARGEST_UNPACKED or grows:
            raise refuse("too-large", "this archive grows beyond all measure when it is unpacked",
                         self.name, "give the snapshot's folder instead")
        for info in infos:
            if stat.S_ISLNK(info.external_attr >> 16):
                raise refuse("file-outside", f"`{info.filename}` is a link", self.name,
                             "pack the files themselves")
            _safe(info.filename, self.name)
        twice = next((n for n, k in Counter(i.filename for i in infos).items() if k > 1), None)
        if twice is not None:
            raise refuse("damaged-archive", f"`{twice}` stands in the archive twice", self.name,
                         "pack the snapshot's folder again")
        return {i.filename: i for i in infos}

    def read(self, file: str) -> bytes:
        """Return a member's bytes."""
        info = self._members.get(self._prefix + _safe(file, self.label(MANIFEST)))
        if info is None:
            raise refuse("unreadable-file", f"`{file}` is not in the archive",
                         self.label(MANIFEST), "pack the snapshot's folder again")
        try:
            with self._archive.open(info) as stream:
                data = stream.read(info.file_size + 1)
        except self._broken as error:
            raise refuse("damaged-archive", f"`{file}` cannot be unpacked: {error}", self.name,
                         "pack the snapshot's folder again") from None
        return _clean(data, file, self.label(file))

    def files(self) -> Iterator[str]:
        """Yield the members beside the manifest and below."""
        for name in sorted(self._members):
            if name.startswith(self._prefix):
                yield name.removeprefix(self._prefix)

    def label(self, file: str) -> str:
        """Return a member's name behind the archive's."""
        return f"{self.name}!{file}"


class InlineSource:
    """One JSON document that holds the manifest and, under ``data``, the collections."""

    def __init__(self, name: str, data: bytes) -> None:
        self.name = name
        self._data = data

    def read(self, file: str) -> bytes:
        """Return the document itself; it has no other files."""
        if file != MANIFEST:
            raise refuse("unreadable-file", f"`{file}` is not part of this one file", self.name,
                         "put the records under `data`, or give the snapshot's folder")
        return _clean(self._data, self.name, self.name)

    def files(self) -> Iterator[str]:
        """Yield nothing but the document."""
        yield MANIFEST

    def label(self, file: str) -> str:
        """Return the document's own name."""
        return self.name


def open_source(name: str, data: bytes | None = None) -> Source:
    """Return the source of a snapshot that the user named; `data` is standard input's content."""
    if data is not None:
        return _from_bytes("<standard input>", data)
    path = Path(name)
    try:
        if path.is_dir():
            return FolderSource(path)
        return _from_bytes(name, path.read_bytes())
    except (OSError, ValueError) as error:
        raise refuse("no-snapshot", f"`{name}` cannot be read: {because(error)}", name,
                     "name a snapshot's folder, a `.zip` of one, or one JSON file") from None


def _from_bytes(name: str, data: bytes) -> Source:
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06") or name.endswith(".zip"):
        return ArchiveSource(name, data)
    return InlineSource(name, data)
