"""What the rules come to for accounts that they all treat alike."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Iterator, MutableMapping
from typing import Any, Final

from msgspec import Struct

from tenantproof.facts.coverage_accounts import Signature, Signatures
from tenantproof.facts.coverage_gap import Gap, Space
from tenantproof.facts.coverage_reach import NO_SUITE, Reach
from tenantproof.facts.coverage_rules import Rule, Rules
from tenantproof.facts.coverage_who import applies
from tenantproof.verdict import Truth, Unknown, all_true, merged

Found = Gap | Unknown | None
NOTHING: Final = -1


class Effect(Struct, frozen=True, eq=False):
    """What a rule does for an account: whether it closes what it reaches, and whom it is for."""

    closes: Truth
    is_for: bool
    leaves_out: bool


class Effects(Struct, frozen=True, eq=False):
    """All rules' effects on accounts, and by position the rules that matter."""

    all: MutableMapping[int, Effect]
    sure: frozenset[int]
    maybe: frozenset[int]
    is_for: frozenset[int]
    left_out: frozenset[int]


class Cover(Struct, frozen=True, eq=False):
    """What the rules come to for accounts of the same signature.

    `applying` are the rules that are for the account, `left_out` those that leave it out.
    """

    truth: Truth
    by: tuple[Rule, ...]
    applying: tuple[Rule, ...]
    left_out: tuple[Rule, ...]
    gap: Gap | None
    blocked: bool


class Covers:
    """The covers of a tenant's accounts, each made once."""

    def __init__(self, rules: Rules, signatures: Signatures, space: Space) -> None:
        self._rules = rules
        self._stops = frozenset(n for n, rule in enumerate(rules.rules) if rule.blocks is True)
        self._signatures = signatures
        self._space = space
        self._plain: dict[Any, Effects] = {}
        self._known: dict[tuple[int, Any, bool, bool], Effect] = {}
        self._made: dict[Signature, Cover] = {}
        self._least = Distinct(rule.reaches.least for rule in rules.rules)
        self._most = Distinct(rule.reaches.most for rule in rules.rules)
        self._possible: dict[frozenset[int], Found] = {}
        self._certain: dict[frozenset[int], Found] = {}
        self._alone = frozenset(
            one for one in self._least.somewhere
            if self._possible_gap(frozenset({one})) is None)

    def of(self, signature: Signature) -> Cover:
        """Return whether every sign-in of such accounts is closed, and by what."""
        if signature not in self._made:
            self._made[signature] = self._cover(self._effects(signature))
        return self._made[signature]

    # --- effects ----------------------------------------------------------------------------

    def _effects(self, signature: Signature) -> Effects:
        if signature.maybe is not None:
            return self._all_effects(signature)
        if signature.kind not in self._plain:
            bare = Signature(signature.kind, frozenset(), frozenset(), None)
            self._plain[signature.kind] = self._all_effects(bare)
        plain = self._plain[signature.kind]
        return _changed(plain, {one: self._seen(one, signature) for one in signature.rules})

    def _all_effects(self, signature: Signature) -> Effects:
        return _effects({
            one: self._effect(one, signature) for one in range(len(self._rules.rules))})

    def _seen(self, position: int, signature: Signature) -> Effect:
        """Return an effect on accounts without `maybe`, of which there are few kinds."""
        key = (position, signature.kind, position in signature.taken, position in signature.left)
        if key not in self._known:
            self._known[key] = self._effect(position, signature)
        return self._known[key]

    def _effect(self, position: int, signature: Signature) -> Effect:
        rule = self._rules.rules[position]
        taken, out = applies(*self._signatures.chosen(position, signature))
        return Effect(
            all_true([rule.on, taken, rule.closes]), taken is not False and rule.on is True,
            out is True and rule.closes is not False,
        )

    # --- covers -----------------------------------------------------------------------------

    def _cover(self, effects: Effects) -> Cover:
        is_for = tuple(self._rules_at(effects.is_for))
        left_out = tuple(self._rules_at(effects.left_out))
        alone = effects.sure & self._alone
        found = None if alone else self._possible_gap(effects.sure)
        if found is None:
            by = tuple(self._rules_at(alone or effects.sure & self._least.somewhere))
            return Cover(True, by, is_for, left_out, None, self._is_shut(effects.sure))
        truth, gap = self._open(effects, found)
        return Cover(truth, (), is_for, left_out, gap, False)

    def _rules_at(self, positions: Iterable[int]) -> list[Rule]:
        return [self._rules.rules[one] for one in sorted(positions)]

    def _possible_gap(self, positions: frozenset[int]) -> Found:
        """Return a gap that the rules may leave, None where they surely leave none."""
        key = self._least.of(positions)
        if key not in self._possible:
            self._possible[key] = self._space.possible_gap(self._least.reaches(key))
        return self._possible[key]

    def _certain_gap(self, positions: frozenset[int]) -> Found:
        """Return a gap that the rules surely leave, None where none is known."""
        key = self._most.of(positions)
        if key not in self._certain:
            self._certain[key] = self._space.certain_gap(self._most.reaches(key))
        return self._certain[key]

    def _is_shut(self, sure: frozenset[int]) -> bool:
        """Tell whether every sign-in is closed because nobody gets in at all."""
        stops = self._stops & sure
        return bool(stops & self._alone) or (
            bool(stops) and self._possible_gap(stops) is None)

    def _open(self, effects: Effects, found: Gap | Unknown) -> tuple[Truth, Gap | None]:
        """Return whether a gap that is not closed for certain is surely open, and that gap."""
        certain = self._certain_gap(effects.maybe)
        more = self._rules.more
        possible = found if isinstance(found, Gap) else None
        if isinstance(certain, Gap):
            return (False, certain) if more is None else (more, possible)
        why = [one for one in (found, certain, more) if isinstance(one, Unknown)]
        return merged([*self._doubts(effects), *why] or [NO_SUITE]), possible

    def _doubts(self, effects: Effects) -> Iterator[Unknown]:
        for position in sorted(effects.maybe):
            reaches, closes = self._rules.rules[position].reaches, effects.all[position].closes
            if reaches.most is not None:
                yield from reaches.doubts
                yield from [closes] if isinstance(closes, Unknown) else []


class Distinct:
    """Reaches by number, each once, in the order of the rules.

    `somewhere` are the positions of the rules that reach anything.
    """

    def __init__(self, reaches: Iterable[Reach | None]) -> None:
        self._numbers: dict[Reach, int] = {}
        self._of: list[int] = [
            NOTHING if one is None else self._numbers.setdefault(one, len(self._numbers))
            for one in reaches]
        self._all = list(self._numbers)
        self.somewhere = frozenset(n for n, one in enumerate(self._of) if one != NOTHING)

    def of(self, positions: Iterable[int]) -> frozenset[int]:
        """Return the numbers of the reaches of the rules at some positions."""
        return frozenset([self._of[one] for one in positions]) - {NOTHING}

    def reaches(self, numbers: Iterable[int]) -> list[Reach]:
        """Return reaches by their numbers."""
        return [self._all[one] for one in sorted(numbers)]


def _effects(found: dict[int, Effect]) -> Effects:
    return Effects(
        found,
        frozenset([n for n, one in found.items() if one.closes is True]),
        frozenset([n for n, one in found.items() if one.closes is not False]),
        frozenset([n for n, one in found.items() if one.is_for]),
        frozenset([n for n, one in found.items() if one.leaves_out]),
    )


def _changed(plain: Effects, changes: dict[int, Effect]) -> Effects:
    """Return effects of which some are others."""
    if not changes:
        return plain
    gone, found = frozenset(changes), _effects(changes)
    return Effects(
        ChainMap(changes, plain.all), plain.sure - gone | found.sure,
        plain.maybe - gone | found.maybe, plain.is_for - gone | found.is_for,
        plain.left_out - gone | found.left_out,
    )
