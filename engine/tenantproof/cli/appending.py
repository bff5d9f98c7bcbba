"""More entries at the end of a YAML list in a file, without touching what stands there.

The text before it stays byte for byte: comments, order and quotes are somebody's work.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from tenantproof.cli.usage import usage_error
from tenantproof.document import load_yaml
from tenantproof.forking.flow import flow
from tenantproof.problem import Problem, SnapshotError
from tenantproof.safe import printable

DASH: Final = re.compile(r"^( *)- ", re.MULTILINE)


class Entry(Struct, frozen=True):
    """One entry: comments above it, its keys in order, and comments behind some of them."""

    values: Mapping[str, Any]
    above: Sequence[str] = ()
    behind: Mapping[str, str] = {}


def appended(file: str, empty: str, key: str, entries: Sequence[Entry]) -> tuple[Path, bytes]:
    """Return a file's place and its bytes with more entries in the list under `key`.

    The file begins as `empty` where there is none. Raises UsageError where the list is not the last
    thing in the file, PolicyError where the file is no YAML.
    """
    path = Path(file)
    text = _text(path, file) or empty
    load_yaml(text.encode(), file)
    head = re.compile(rf"^{re.escape(key)}:[ \t]*(\[[ \t]*\])?[ \t]*(#.*)?$", re.MULTILINE)
    found = head.search(text)
    if found is None or re.search(r"^[A-Za-z_]", text[found.end():], re.MULTILINE):
        raise usage_error(
            f"`{file}` has no list `{key}` at its end to which a line could be added",
            f"let `{key}:` be the last key of the file, with one entry a line group",
        )
    body = text[found.end():]
    first = DASH.search(body)
    indent = first.group(1) if first else "  "
    if found.group(1):
        text = text[:found.start(1)].rstrip() + text[found.end(1):]
    lines = "\n".join(line for entry in entries for line in _block(entry, indent))
    return path, f"{text.rstrip()}\n{lines}\n".encode()


def _text(path: Path, file: str) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise SnapshotError([Problem("unreadable-file", f"`{file}` cannot be read",
                                     str(error).lower(), file)]) from None


def _block(entry: Entry, indent: str) -> Iterator[str]:
    for comment in entry.above:
        yield f"{indent}# {' '.join(printable(comment).split())}" if comment else ""
    lead = f"{indent}- "
    for name, value in entry.values.items():
        note = entry.behind.get(name, "")
        yield f"{lead}{name}: {flow(value)}{f'  # {note}' if note else ''}"
        lead = f"{indent}  "
