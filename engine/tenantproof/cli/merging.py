"""``tenantproof report merge``: one report of the parts that several runs made."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import click
import msgspec

from tenantproof.cli import options
from tenantproof.cli.diffing import report_bytes
from tenantproof.cli.output import deliver, read_outputs
from tenantproof.problem import Problem, UsageError
from tenantproof.reports.read_report import Frame, Value, read_frame


@click.group("report", short_help="Work with reports.")
def command() -> None:
    """Work with the JSON reports of several runs."""


@command.command("merge", short_help="Make one report of several.")
@click.argument("reports", nargs=-1, required=True, metavar="REPORT...")
@options.output("json")
def merge(reports: tuple[str, ...], outputs: tuple[str, ...]) -> int:
    """Put the tenants of several JSON reports into one, in the order in which they are named.

    The reports have to come from the same version, packs and profile. The shards of a run give the
    report that the whole run would have given, byte for byte.
    """
    places = read_outputs(outputs or ("json",), ["json"])
    frames = [(name, read_frame(report_bytes(name), name)) for name in reports]
    problems = [*_unlike(frames), *_twice(frames)]
    if problems:
        raise UsageError(problems)
    return deliver(places, lambda name, palette: _merged([frame for _, frame in frames]))


def _unlike(frames: Sequence[tuple[str, Frame]]) -> Iterator[Problem]:
    first, model = frames[0]
    for name, frame in frames[1:]:
        for word, ours, theirs in (("version", model.tool, frame.tool),
                                   ("packs", model.packs, frame.packs),
                                   ("profile", model.profile, frame.profile)):
            if ours != theirs:
                yield Problem("report", f"its {word} differ from those of `{first}`", file=name,
                              help="merge reports of one version, with the same packs and profile")


def _twice(frames: Sequence[tuple[str, Frame]]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for name, frame in frames:
        for tenant in frame.tenants:
            who = msgspec.json.decode(tenant)["snapshot"]
            key = f"{who['tenant']['id'].casefold()} {who['digest']}"
            if key in seen:
                yield Problem("report", f"the tenant `{who['tenant']['id']}` is in `{seen[key]}` "
                              "too", file=name, help="name each report once")
            seen[key] = name


def _merged(frames: Sequence[Frame]) -> Iterator[str]:
    first = frames[0]
    tenants: list[dict[str, Any]] = [
        msgspec.json.decode(tenant) for frame in frames for tenant in frame.tenants
    ]
    yield _dumped({
        "format": first.format, "tool": first.tool, "packs": first.packs,
        "profile": first.profile, "parameters": _shared(frames), "tenants": tenants,
        "unreadable": [one for frame in frames for one in frame.unreadable],
    })


def _shared(frames: Iterable[Frame]) -> dict[str, Value]:
    """Return the parameters that all tenants share; a report without tenants says nothing."""
    shared: dict[str, Value] | None = None
    for frame in (frame for frame in frames if frame.tenants):
        here = frame.parameters
        shared = here if shared is None else {
            name: value for name, value in shared.items() if here.get(name) == value
        }
    return shared or {}


def _dumped(value: Any) -> str:
    plain = msgspec.to_builtins(value)
    text = json.dumps(plain, indent=2, ensure_ascii=False)
    return text.encode("utf-8", "replace").decode() + "\n"
