"""Which snapshots a run is about: names, folders of snapshots, patterns, and shards of them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from tenantproof.cli import console
from tenantproof.cli.reading import STANDARD, looks_whole
from tenantproof.cli.usage import usage_error
from tenantproof.problem import UsageError
from tenantproof.sources import MANIFEST

WILD: Final = re.compile(r"[*?\[]")
FILES: Final = frozenset({".zip", ".json"})
SHARD: Final = re.compile(r"([1-9]\d{0,5})/([1-9]\d{0,5})", re.ASCII)


def gathered(names: Sequence[str], shard: str | None = None) -> list[str]:
    """Return the snapshots that the names stand for, in a stable order, or one shard of them.

    Raises UsageError where a pattern fits nothing or a snapshot is named twice.
    """
    if names.count(STANDARD) > 1:
        raise usage_error("standard input can be read once only", "name `-` once")
    found = [one for name in names for one in _expanded(name)]
    _refuse_twice(found)
    return found if shard is None else _part(found, shard)


def _expanded(name: str) -> Iterator[str]:
    if name == STANDARD or not WILD.search(name) or os.path.lexists(name):
        yield from _inside(name)
        return
    fitting = _fitting(name)
    if not fitting:
        raise usage_error(f"no snapshot fits `{name}`",
                          "name a folder, a `.zip` or a `.json` file that exists")
    for one in fitting:
        yield from _inside(one)


def _fitting(pattern: str) -> list[str]:
    import glob  # here: most runs name their snapshots

    # Path.glob refuses absolute patterns
    found = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207
    taken = [one for one in found if _may_be_one(Path(one))]
    _tell_passed_by(pattern, len(found) - len(taken))
    return taken


def _inside(name: str) -> list[str]:
    """Return the snapshots in a folder of snapshots; the name itself where it is none."""
    folder = Path(name)
    if name == STANDARD or not folder.is_dir() or os.path.lexists(folder / MANIFEST):
        return [name]
    try:
        children = sorted(one for one in folder.iterdir() if not one.name.startswith("."))
    except OSError:
        return [name]
    taken = [child for child in children if _may_be_one(child)]
    if not any(_surely_is_one(child) for child in taken):
        return [name]
    _tell_passed_by(name, len(children) - len(taken))
    return [str(child) for child in taken]


def _may_be_one(path: Path) -> bool:
    return path.is_dir() or path.suffix.casefold() in FILES


def _surely_is_one(path: Path) -> bool:
    """Return whether something is a snapshot by its looks: it may be damaged all the same."""
    if path.is_dir():
        return os.path.lexists(path / MANIFEST)
    return path.suffix.casefold() == ".zip" or looks_whole(path)


def _tell_passed_by(name: str, count: int) -> None:
    if count:
        things = "1 file" if count == 1 else f"{count} files"
        console.tell(f"note: {things} of `{name}` passed by: a snapshot is a folder, "
                     "a `.zip` or a `.json` file")


def _refuse_twice(names: Sequence[str]) -> None:
    seen: dict[str, str] = {}
    for name in names:
        real = name if name == STANDARD else os.path.realpath(name)
        if real in seen:
            other = f", as `{seen[real]}`" if seen[real] != name else ""
            raise usage_error(f"the snapshot `{name}` is named twice{other}", "name it once")
        seen[real] = name


def _part(names: Sequence[str], shard: str) -> list[str]:
    number, count = _shard(shard)
    part = names[len(names) * (number - 1) // count:len(names) * number // count]
    if not part:
        raise usage_error(f"the shard {shard} of {len(names)} snapshots holds none",
                          f"make {len(names)} shards at most")
    return list(part)


def _shard(text: str) -> tuple[int, int]:
    written = SHARD.fullmatch(text)
    if written is None or int(written[1]) > int(written[2]):
        raise _no_shard(text)
    return int(written[1]), int(written[2])


def _no_shard(text: str) -> UsageError:
    return usage_error(f"`--shard {text}` is no part of a whole",
                       "write `--shard 1/4` for the first of four parts")
