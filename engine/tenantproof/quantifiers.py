"""The tables of quantifiers and combinations (``docs/semantics.md``), as pure functions.

They see only truth values; a brute force over all completions of small collections proves that no
verdict is given that some completion would contradict.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Final

from msgspec import Struct

from tenantproof.verdict import Truth, Unknown, Verdict

PASS, FAIL, UNKNOWN = Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN
MANUAL, NOT_APPLICABLE = Verdict.MANUAL, Verdict.NOT_APPLICABLE


class Rule(Struct, frozen=True):
    """A quantifier: the clause value that decides at once, its verdict, and the other verdict."""

    decisive: bool
    hit: Verdict
    rest: Verdict


RULES: Final = {
    "every": Rule(False, FAIL, PASS),
    "at_least_one": Rule(True, PASS, FAIL),
    "none": Rule(True, FAIL, PASS),
}
Pair = tuple[Truth, Truth]


def quantified(
    rule: Rule, pairs: Sequence[Pair], complete: bool, if_empty: Verdict
) -> tuple[Verdict, bool]:
    """Return the verdict for (where, that) truths, and whether ``if_empty`` gave it."""
    if any(w is True and c is rule.decisive for w, c in pairs):
        return rule.hit, False
    if not complete:
        return UNKNOWN, False
    if all(w is False for w, _ in pairs):
        return if_empty, True
    others_fit = all(w is False or c is (not rule.decisive) for w, c in pairs)
    if others_fit and (any(w is True for w, _ in pairs) or if_empty is rule.rest):
        return rule.rest, False
    return UNKNOWN, False


class Tally(Struct, frozen=True):
    """How many subjects are surely in, and how many more may be (None: without limit)."""

    surely: int
    perhaps: int | None


def tally(pairs: Sequence[Pair], complete: bool) -> Tally:
    """Count the subjects for which both truths hold, surely and perhaps."""
    surely = sum(1 for w, c in pairs if w is True and c is True)
    perhaps = sum(1 for w, c in pairs if _open(w, c))
    return Tally(surely, perhaps if complete else None)


def tally_distinct(
    rows: Sequence[tuple[Truth, Truth, Hashable | Unknown]], complete: bool
) -> Tally:
    """Count different values among the subjects for which both truths hold."""
    sure = [value for w, c, value in rows if w is True and c is True]
    known = {value for value in sure if not isinstance(value, Unknown)}
    nameless = sum(1 for value in sure if isinstance(value, Unknown))
    maybe = [value for w, c, value in rows if _open(w, c)]
    more = {value for value in maybe if not isinstance(value, Unknown)} - known
    surely = len(known) if known or not nameless else 1
    most = len(known) + nameless + len(more) + sum(1 for v in maybe if isinstance(v, Unknown))
    return Tally(surely, most - surely if complete else None)


def _open(where: Truth, that: Truth) -> bool:
    return where is not False and that is not False and not (where is True and that is True)


def counted(count: Tally, at_least: int, at_most: int | None) -> Verdict:
    """Return the verdict of a count between bounds; no upper bound is None."""
    most = None if count.perhaps is None else count.surely + count.perhaps
    if at_most is not None and count.surely > at_most:
        return FAIL
    if most is not None and most < at_least:
        return FAIL
    under = at_most is None or (most is not None and most <= at_most)
    return PASS if count.surely >= at_least and under else UNKNOWN


def any_of(verdicts: Sequence[Verdict]) -> Verdict:
    """Combine branches of which one has to pass; an open question never rescues a fail."""
    if PASS in verdicts:
        return PASS
    if UNKNOWN in verdicts:
        return UNKNOWN
    if FAIL in verdicts:
        return FAIL
    return MANUAL if MANUAL in verdicts else NOT_APPLICABLE


def all_of(verdicts: Sequence[Verdict]) -> Verdict:
    """Combine branches that all have to pass."""
    order = (FAIL, UNKNOWN, MANUAL, PASS)
    return next((verdict for verdict in order if verdict in verdicts), NOT_APPLICABLE)


COMBINATIONS: Final = {"any_of": any_of, "all_of": all_of}
