"""The documentation pages as tests see them: blocks, files, transcripts, tables and links.

In a page `<!-- file: NAME -->` before a block says under which name the block is a file,
`<!-- edit: NAME: OLD => NEW -->` changes one, and a ```console block shows commands with what they
print. `python tests/docs/pages.py` writes what the commands print today into the pages.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [
    ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md",
    *sorted(DOCS.rglob("*.md")),
]
PLAYED = ("policy-format.md", "auditors.md", "pipelines.md", "forking.md")
NOW = "1795672800"  # 2026-11-26
BLOCK = re.compile(
    r"(?:<!-- file: (?P<file>\S+) -->\n\n)?^```(?P<language>[a-z]+)\n(?P<text>.*?)^```$"
    r"|<!-- edit: (?P<edited>\S+): (?P<old>.+?) => (?P<new>.*?) -->",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True)
class Block:
    """A fenced block, or an edit of a file; `start` and `end` are where its text stands."""

    language: str
    text: str
    file: str
    edit: tuple[str, str, str] | None
    start: int
    end: int


def blocks(page: str) -> Iterator[Block]:
    """Yield the blocks and edits of a page in order."""
    for match in BLOCK.finditer(page):
        edit = match.group("edited", "old", "new") if match["edited"] else None
        start, end = match.span("text") if edit is None else match.span()
        yield Block(match["language"] or "", match["text"] or "", match["file"] or "", edit,
                    start, end)


def written(page: str, folder: Path) -> Iterator[Block]:
    """Write a page's files and edits into a folder, and yield each transcript on the way."""
    for block in blocks(page):
        if block.edit:
            name, old, new = block.edit
            text = (folder / name).read_text(encoding="utf-8")
            assert text.count(old) == 1, f"{old!r} stands once in {name}"
            (folder / name).write_text(text.replace(old, new), encoding="utf-8")
        if block.file:
            place = folder / block.file
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(block.text, encoding="utf-8")
        if block.language == "console":
            yield block


def played(page: str) -> str:
    """Return a page with what its commands print today."""
    with TemporaryDirectory() as folder:
        pieces, at = [], 0
        for block in written(page, Path(folder)):
            pieces += [page[at : block.start], _replayed(block.text, folder)]
            at = block.end
        return "".join([*pieces, page[at:]])


def _replayed(text: str, folder: str) -> str:
    commands = [line for line in text.splitlines() if line.startswith("$ ")]
    return "\n".join(f"{line}\n{_ran(line[2:], folder)}" for line in commands)


def _ran(command: str, folder: str) -> str:
    """Return what a command prints, and its exit code where that is not 0."""
    name, *arguments = shlex.split(command)
    assert name == "tenantproof"
    environment = {"PATH": os.environ["PATH"], "SOURCE_DATE_EPOCH": NOW, "PYTHONUTF8": "1",
                   "XDG_CACHE_HOME": folder}
    done = subprocess.run([sys.executable, "-m", "tenantproof", *arguments], cwd=folder,
                          env=environment, capture_output=True, text=True, timeout=60,
                          check=False)
    code = f"(exit code {done.returncode})\n" if done.returncode else ""
    lines = f"{done.stdout}{done.stderr}{code}".splitlines()
    return "".join(f"{line.rstrip()}\n" for line in lines)


def section(page: str, heading: str) -> str:
    """Return the text under a heading, up to the next one of its own rank or above."""
    rank = heading.partition(" ")[0]
    rest = page.split(f"\n{heading}\n", 1)[1]
    return re.split(rf"^#{{1,{len(rank)}}} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def first_column(text: str) -> list[str]:
    """Return the words in backticks of the first column of the tables in a text, in order."""
    cells = re.findall(r"^\| ([^|]*?) \|", text, re.MULTILINE)
    return [word for cell in cells for word in re.findall(r"`([^`]+)`", cell)]


def main() -> None:
    """Write what the commands print today into the pages."""
    for name in PLAYED:
        page = DOCS / name
        page.write_text(played(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
