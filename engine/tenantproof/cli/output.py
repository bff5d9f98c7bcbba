"""``--output FORMAT[=FILE]``: where a result goes; every file is written whole or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

from tenantproof.cli import console
from tenantproof.cli.exits import DONE, UNREADABLE
from tenantproof.cli.usage import unknown_word, usage_error
from tenantproof.problem import Problem, SnapshotError, because
from tenantproof.reports.view import PLAIN, Palette

STANDARD: Final = "-"
FOR_PEOPLE: Final = "text"

Render = Callable[[str, Palette], Iterator[str]]


class Output(Struct, frozen=True):
    """A format, and the file that it goes to (``-`` is standard output)."""

    format: str
    file: str = STANDARD


def read_outputs(written: Sequence[str], formats: Iterable[str]) -> list[Output]:
    """Return the outputs that the caller asks for; text on standard output where none is named.

    Raises UsageError for an unknown format and for two outputs to one place.
    """
    outputs = [_output(text, list(formats)) for text in written] or [Output(FOR_PEOPLE)]
    seen: set[str] = set()
    for output in outputs:
        place = output.file if output.file == STANDARD else os.path.realpath(output.file)
        if place in seen:
            raise usage_error(_twice(output.file), "give each output a file of its own, such as "
                              "`--output json=report.json`")
        seen.add(place)
    return outputs


def _twice(file: str) -> str:
    where = "standard output" if file == STANDARD else f"`{file}`"
    return f"two outputs go to {where}"


def _output(text: str, formats: list[str]) -> Output:
    name, equals, file = text.partition("=")
    if name not in formats:
        raise unknown_word("output format", name, formats)
    if equals and not file:
        raise usage_error(f"`--output {text}` names no file", f"write `--output {name}=FILE`")
    return Output(name, file or STANDARD)


def deliver(outputs: Iterable[Output], render: Render) -> int:
    """Write every output and return the exit code; what cannot be written is told and passed by."""
    code = DONE
    for output in outputs:
        try:
            _deliver(output, render)
        except SnapshotError as error:
            console.tell_problems(error.problems)
            code = UNREADABLE
    return code


def _deliver(output: Output, render: Render) -> None:
    if output.file != STANDARD:
        write_file(Path(output.file), render(output.format, PLAIN))
    elif output.format == FOR_PEOPLE:
        console.write(render(output.format, console.standard_palette()))
    else:
        console.write_utf8(render(output.format, PLAIN))


def write_file(file: Path, pieces: Iterable[str]) -> None:
    """Write a file in UTF-8, whole or not at all: an old one stays until the new one is on disk.

    What is no ordinary file (a device, a named pipe) is written to directly. Raises SnapshotError
    (exit code 3) where it cannot be written.
    """
    data = (piece.encode("utf-8", "replace") for piece in pieces)
    try:
        target = Path(os.path.realpath(file))
        if _is_special(target):
            _write_through(target, data)
        else:
            _replace(target, data)
    except OSError as error:
        raise SnapshotError([Problem(
            "output", f"`{file}` cannot be written: {because(error)}",
            "nothing was written there; name a place that can be written to",
        )]) from None


def _is_special(target: Path) -> bool:
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def _write_through(target: Path, data: Iterable[bytes]) -> None:
    with target.open("wb") as stream:
        stream.writelines(data)


def _replace(target: Path, data: Iterable[bytes]) -> None:
    if target.is_dir():
        raise IsADirectoryError(21, "it is a folder")
    beside = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        with beside.open("xb") as stream:
            stream.writelines(data)
            stream.flush()
            os.fsync(stream.fileno())
        if target.exists():
            beside.chmod(stat.S_IMODE(target.stat().st_mode))
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
