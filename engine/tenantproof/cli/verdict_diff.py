"""What an update does to verdicts: a team's own snapshots judged by both packs, and compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from tenantproof import __version__
from tenantproof.audit import Report
from tenantproof.cli.gathering import gathered
from tenantproof.cli.reading import read_snapshot
from tenantproof.cli.request import Asked, Request, judge_one, request_of
from tenantproof.forking.differing import Difference
from tenantproof.forking.files import TOP
from tenantproof.forking.updating import Outcome
from tenantproof.policy import references
from tenantproof.reports.drift import Change, changes
from tenantproof.reports.json_report import render
from tenantproof.reports.read_report import Told, read_told
from tenantproof.reports.view import View
from tenantproof.verdict import Severity

WORDS_ONLY: Final = frozenset({
    "title", "statement", "rationale", "requirements", "report", "remediation", "references",
    "controls", "tests", "revision", "second_opinion",
})
"""Keys of a policy that change no verdict."""


class Effect(Struct, frozen=True):
    """A finding that changes, and the changed fields that may be why, as `file: field`."""

    change: Change
    causes: tuple[str, ...]


class Effects(Struct, frozen=True):
    """What changes on some snapshots."""

    tenants: int
    findings: tuple[Effect, ...] = ()


def effects(
    before: str, after: str, snapshots: Sequence[str], asked: Mapping[str, Any],
    outcomes: Sequence[Outcome],
) -> Effects:
    """Return which findings on the snapshots change from one pack to the other, and why."""
    if not snapshots:
        return Effects(0)
    names = gathered(snapshots, None)
    old, new = (request_of(Asked(packs=(pack,), **asked)) for pack in (before, after))
    one, other = _told(old, names), _told(new, names)
    return Effects(len(names), tuple(
        Effect(change, tuple(_causes(change.policy, new, old, outcomes)))
        for change in changes(one, other)
    ))


def _told(request: Request, names: Sequence[str]) -> Told:
    report = Report(
        version=__version__, packs=request.packs, profile=request.profile.name or None,
        tenants=tuple(judge_one(read_snapshot(name), request) for name in names),
    )
    view = View(exit_code=0, fail_on=Severity.LOW, repository_files=frozenset())
    return read_told("".join(render(report, view)).encode(), "report")


def _causes(
    policy: str, new: Request, old: Request, outcomes: Sequence[Outcome]
) -> Iterator[str]:
    """Yield the fields that changed and that this policy's verdict depends on."""
    concerned = _with_asked(policy, new) | _with_asked(policy, old)
    names = {name for one in concerned for side in (new, old)
             if one in side.everything for name in side.everything[one].names}
    found = [one for outcome in outcomes for one in outcome.changes
             if _concerns(outcome, one, concerned, names)]
    telling = [one for one in found if _tells(one)]
    yield from dict.fromkeys(f"{one.file}: {one.field}" for one in telling or found)


def _with_asked(policy: str, request: Request) -> set[str]:
    found, waiting = set(), [policy]
    while waiting:
        name = waiting.pop()
        if name in request.everything and name not in found:
            found.add(name)
            waiting.extend(references(request.everything[name].check))
    return found or {policy}


def _concerns(outcome: Outcome, one: Difference, policies: set[str], names: set[str]) -> bool:
    if outcome.key in policies:
        return True
    if outcome.key == TOP:
        return one.path[:1] == ("default_profile",) or (
            one.path[:1] == ("parameters",) and len(one.path) > 1 and one.path[1] in names)
    return outcome.key.startswith("profiles/")


def _tells(one: Difference) -> bool:
    return not one.path or one.path[0] not in WORDS_ONLY
