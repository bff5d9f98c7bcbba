"""What comes of a team's copy of a pack and a new release of what it was copied from.

Each file is merged by itself; see ``merging`` and ``splicing``. A copy's name and version are its
own. A revision that both sides have raised rises once more: what comes of it is a third text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

from msgspec import Struct

from tenantproof.forking.differing import Difference, differences, in_words
from tenantproof.forking.files import TOP, Files, PackFile
from tenantproof.forking.merging import (
    MISSING,
    UNDECIDED,
    Conflict,
    Path,
    Rule,
    merge,
    no_rule,
    same,
)
from tenantproof.forking.splicing import UnfitError, spliced

OURS: Final = "ours"
NEW: Final = "new"
Kind = Literal["kept", "taken", "merged", "added", "removed"]
Decisions = Mapping[tuple[str, str], str]
"""For a file and a field, in words, which side counts: `ours` or `new`."""


class Clash(Struct, frozen=True):
    """A field that both sides changed; `why` where it is the text that clashes, not a field."""

    file: str
    conflict: Conflict
    why: str = ""

    @property
    def field(self) -> str:
        """The field in words."""
        return in_words(self.conflict.path)


class Outcome(Struct, frozen=True):
    """What becomes of one file: its text (None: it goes), what changes in ours, what clashes.

    `key` is the policy's id, or the file's name.
    """

    key: str
    name: str
    kind: Kind
    text: bytes | None
    changes: tuple[Difference, ...] = ()
    clashes: tuple[Clash, ...] = ()


def updated(old: Files, ours: Files, new: Files, decisions: Decisions) -> list[Outcome]:
    """Return what becomes of every file of a copy, or of upstream's."""
    return [
        _outcome(key, old.get(key), ours.get(key), new.get(key), decisions)
        for key in sorted({*old, *ours, *new}) if key in ours or key in new
    ]


def _outcome(
    key: str, old: PackFile | None, ours: PackFile | None, new: PackFile | None,
    decisions: Decisions,
) -> Outcome:
    if ours is None:
        return _not_ours(key, old, new, decisions)
    if new is None:
        return _not_theirs(key, old, ours, decisions)
    if old is not None and old.data == ours.data:
        return _taken(key, ours, new)
    if old is not None and same(old.value, new.value):
        return Outcome(key, ours.name, "kept", ours.data)
    return _both(key, old, ours, new, decisions)


def _taken(key: str, ours: PackFile, new: PackFile) -> Outcome:
    if new.data == ours.data:
        return Outcome(key, ours.name, "kept", ours.data)
    changes = tuple(differences(ours.value, new.value, ours.name))
    return Outcome(key, ours.name, "taken", new.data, changes)


def _not_ours(
    key: str, old: PackFile | None, new: PackFile | None, decisions: Decisions
) -> Outcome:
    """A file that upstream has and we have not: new there, or taken out here."""
    if new is None:
        raise AssertionError("a file of neither side")
    if old is None:
        changes = (Difference(new.name, (), MISSING, new.value),)
        return Outcome(key, new.name, "added", new.data, changes)
    gone = Outcome(key, new.name, "kept", None)
    if same(old.value, new.value):
        return gone
    return _decided(gone, Conflict((), old.value, MISSING, new.value), new, decisions)


def _not_theirs(
    key: str, old: PackFile | None, ours: PackFile, decisions: Decisions
) -> Outcome:
    """A file that we have and upstream has not: our own, or taken out there."""
    kept = Outcome(key, ours.name, "kept", ours.data)
    if old is None:
        return kept
    if same(old.value, ours.value):
        return _removed(kept, ours)
    return _decided(kept, Conflict((), old.value, ours.value, MISSING), None, decisions)


def _removed(kept: Outcome, ours: PackFile) -> Outcome:
    changes = (Difference(ours.name, (), ours.value, MISSING),)
    return Outcome(kept.key, ours.name, "removed", None, changes)


def _decided(
    kept: Outcome, conflict: Conflict, new: PackFile | None, decisions: Decisions, why: str = ""
) -> Outcome:
    """Return what was decided of a whole file; while nothing was, it stays ours and clashes."""
    decision = decisions.get((kept.name, in_words(conflict.path)))
    if decision == OURS:
        return kept
    if decision == NEW:
        changes = (Difference(kept.name, (), conflict.ours, conflict.new),)
        if new is None:
            return Outcome(kept.key, kept.name, "removed", None, changes)
        return Outcome(kept.key, kept.name, "taken", new.data, changes)
    return Outcome(kept.key, kept.name, "kept", kept.text,
                   clashes=(Clash(kept.name, conflict, why),))


def _both(
    key: str, old: PackFile | None, ours: PackFile, new: PackFile, decisions: Decisions
) -> Outcome:
    before = MISSING if old is None else old.value
    rule = _with(decisions, ours.name, RULES.get(key, _revision))
    found = merge(before, ours.value, new.value, rule)
    kept = Outcome(key, ours.name, "kept", ours.data)
    if found.conflicts:
        return Outcome(key, ours.name, "kept", ours.data,
                       clashes=tuple(Clash(ours.name, one) for one in found.conflicts))
    if same(found.value, ours.value):
        return kept
    try:
        text = spliced(ours.document, found.value, new.document)
    except UnfitError as error:
        conflict = Conflict((), before, ours.value, new.value)
        return _decided(kept, conflict, new, decisions, str(error))
    changes = tuple(differences(ours.value, found.value, ours.name))
    return Outcome(key, ours.name, "merged", text.encode(), changes)


# --- fields with a rule of their own ------------------------------------------------------------


def _with(decisions: Decisions, file: str, rule: Rule) -> Rule:
    """Return a rule that first looks at what somebody has decided."""
    def decide(path: Path, old: Any, ours: Any, new: Any) -> Any:
        decision = decisions.get((file, in_words(path))) if path else None
        clashes = not same(old, ours) and not same(old, new) and not same(ours, new)
        if decision is not None and clashes:
            return ours if decision == OURS else new
        return rule(path, old, ours, new)

    return decide


def _revision(path: Path, old: Any, ours: Any, new: Any) -> Any:
    numbers = [value for value in (old, ours, new) if isinstance(value, int)]
    if path != ("revision",) or len(numbers) < 3 or old in (ours, new):
        return UNDECIDED
    return max(ours, new) + 1


def _own_name(path: Path, old: Any, ours: Any, new: Any) -> Any:
    if path in (("id",), ("version",)) and not same(old, ours):
        return ours
    return no_rule(path, old, ours, new)


RULES: Final[Mapping[str, Rule]] = {TOP: _own_name}


def clashes_of(outcomes: list[Outcome]) -> Iterator[Clash]:
    """Yield everything that somebody has to decide."""
    for outcome in outcomes:
        yield from outcome.clashes
