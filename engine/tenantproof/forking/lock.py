"""``pack.lock``: the digest of every file of a pack, and what the pack was copied from.

It is JSON, so it is no part of the pack's own digest. A report names pack, version and digest; the
lock says which text that was.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from tenantproof.document import json_problem
from tenantproof.pack import Pack
from tenantproof.problem import PolicyError, Problem
from tenantproof.sources import files_below

NAME: Final = "pack.lock"
FORMAT: Final = 1
ENDINGS: Final = (".yaml", ".yml")


class Origin(Struct, frozen=True):
    """A pack as a report names it."""

    id: str
    version: str
    digest: str


class Locked(Struct, frozen=True):
    """One policy: its file, revision and digest."""

    file: str
    revision: int
    digest: str


class Lock(Struct, frozen=True, omit_defaults=True):
    """A whole pack; `upstream` is what it was copied from, None where it is no copy."""

    format: int
    pack: Origin
    policies: dict[str, Locked]
    files: dict[str, str]
    upstream: Origin | None = None


class Changed(Struct, frozen=True):
    """A file that is not as the lock says: changed, missing, or not in it."""

    file: str
    what: str


def origin_of(pack: Pack) -> Origin:
    """Return how a report names a pack."""
    return Origin(pack.id, pack.version, pack.digest)


def lock_of(pack: Pack, folder: Path, upstream: Origin | None) -> Lock:
    """Return the lock of a pack as it lies in a folder."""
    files = _digests(folder)
    by_name = {policy.file.removeprefix(f"{pack.label}/"): policy
               for policy in pack.policies.values()}
    policies = {policy.id: Locked(name, policy.revision, files.pop(name))
                for name, policy in sorted(by_name.items(), key=lambda item: item[1].id)}
    return Lock(FORMAT, origin_of(pack), policies, files, upstream)


def _digests(folder: Path) -> dict[str, str]:
    return {name: digest_of((folder / name).read_bytes())
            for name in sorted(files_below(str(folder))) if name.endswith(ENDINGS)}


def digest_of(data: bytes) -> str:
    """Return the SHA-256 digest of a file."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def written(lock: Lock) -> bytes:
    """Return the lock's file."""
    return msgspec.json.format(msgspec.json.encode(lock), indent=2) + b"\n"


def read_lock(folder: Path, label: str) -> Lock | None:
    """Return a pack's lock, None where it has none; raises PolicyError where it is damaged."""
    file = folder / NAME
    if not file.is_file():
        return None
    data = file.read_bytes()
    try:
        lock = msgspec.json.decode(data, type=Lock)
    except msgspec.ValidationError as error:
        raise PolicyError([Problem("lock", f"this is no lock of a pack: {error}",
                                   "write it anew with `tenantproof pack verify --write`",
                                   f"{label}/{NAME}")]) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise PolicyError([json_problem(error, data, f"{label}/{NAME}")]) from None
    if lock.format != FORMAT:
        raise PolicyError([Problem("lock", f"this lock has format `{lock.format}`",
                                   f"this version of tenantproof reads format {FORMAT}",
                                   f"{label}/{NAME}")])
    return lock


def changed(lock: Lock, folder: Path) -> list[Changed]:
    """Return the files that are not as the lock says, by name."""
    here = _digests(folder)
    known = {**lock.files, **{one.file: one.digest for one in lock.policies.values()}}
    found = [Changed(name, "changed") for name in here if known.get(name, here[name]) != here[name]]
    found += [Changed(name, "not in the lock") for name in here if name not in known]
    found += [Changed(name, "missing") for name in known if name not in here]
    return sorted(found, key=lambda one: one.file)
