"""A verdict explained step by step: applicability, every subject's clauses, the deciding rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from tenantproof.language.instants import write_instant
from tenantproof.reports.aloud import condition_in_words, right_in_words
from tenantproof.reports.beside import beside
from tenantproof.reports.evidence_text import evidence_lines
from tenantproof.reports.layout import count_of, prose, table, text_of, with_pointer, wrapped
from tenantproof.reports.policy_text import title
from tenantproof.reports.values import in_line
from tenantproof.reports.view import Palette
from tenantproof.safe import printable
from tenantproof.snapshot import Snapshot
from tenantproof.verdict import Truth, Unknown, Verdict
from tenantproof.walk import Part, Reading, Step, Walk, Walked
from tenantproof.wording import in_words

INDENT: Final = "  "
ROLES: Final = {
    Verdict.PASS: "good", Verdict.FAIL: "bad", Verdict.UNKNOWN: "open", Verdict.MANUAL: "asked",
    Verdict.NOT_APPLICABLE: "dim", Verdict.WAIVED: "open", Verdict.ERROR: "bad",
}


def explain(walk: Walk, snapshot: Snapshot, as_of: Any, palette: Palette) -> Iterator[str]:
    """Yield how a verdict came about."""
    return text_of(_page(walk, snapshot, as_of, palette))


def only(walk: Walk, name: str) -> tuple[list[Part], list[str]]:
    """Return the parts with just the subjects of that name, and every name that there is."""
    wanted = name.casefold()
    parts = [
        Part(p.branch, p.check, p.verdict, found, p.doubts, p.rule)
        for p in walk.parts
        if (found := tuple(s for s in p.subjects if wanted in s.names))
    ]
    return parts, [n for p in walk.parts for s in p.subjects for n in (s.name, s.id)]


def _page(walk: Walk, snapshot: Snapshot, as_of: Any, palette: Palette) -> Iterator[str]:
    yield from title(walk.policy, palette)
    who = snapshot.tenant.displayName or snapshot.tenant.id
    yield from wrapped(f"Judged on {prose(who)} as of {write_instant(as_of)}.")
    yield ""
    yield palette.paint("strong", "Does it apply?")
    yield from _applies(walk, snapshot, palette)
    for part in walk.parts:
        yield from _part(part, palette)
    yield ""
    role = ROLES[walk.finding.verdict]
    yield palette.paint(role, f"Verdict: {walk.finding.verdict.value}")
    yield from wrapped(prose(walk.finding.message), INDENT, INDENT)
    for line in beside(walk.finding):
        yield from wrapped(prose(line), INDENT, INDENT)
    rows = [(m.reason.collection, ", with ".join(filter(None, (m.endpoint, m.permission))))
            for m in walk.finding.unknowns if m.endpoint]
    if rows:
        yield f"{INDENT}To export:"
        yield from table(list(dict.fromkeys(rows)), INDENT * 2)


def _applies(walk: Walk, snapshot: Snapshot, palette: Palette) -> Iterator[str]:
    wanted = " and ".join(walk.policy.tenants) or "all"
    kind = snapshot.tenant.kind or "not said"
    yield from wrapped(f"It is for {wanted} tenants; this tenant's kind is {kind}.", INDENT, INDENT)
    for step in walk.unless:
        yield from _step(step, INDENT, palette, "unless ")


def _part(part: Part, palette: Palette) -> Iterator[str]:
    yield ""
    name = f"`{part.branch}`" if part.branch else "The check"
    yield palette.paint("strong", printable(name))
    for reason in part.doubts:
        yield from wrapped(f"not everything was seen: {in_words(reason)}", INDENT * 2, INDENT)
    counted = [s for s in part.subjects if s.counts is not False]
    for subject in counted:
        yield from _subject(subject, palette)
    yield from _left_out([s for s in part.subjects if s.counts is False], palette)
    lead = f"{INDENT}so: {part.verdict.value}, since "
    yield from (palette.paint(ROLES[part.verdict], line)
                for line in wrapped(part.rule, INDENT * 2, lead))


def _subject(subject: Walked, palette: Palette) -> Iterator[str]:
    named = f"{INDENT}{printable(subject.name)} ({printable(subject.id)})"
    yield from with_pointer(palette.paint("strong", named), subject.pointer, palette)
    for step in subject.where:
        yield from _step(step, INDENT * 2, palette, "where it ")
    for step in subject.that:
        yield from _step(step, INDENT * 2, palette)
    yield from evidence_lines(subject.evidence, subject.pointer, INDENT * 2, palette)


def _left_out(subjects: Sequence[Walked], palette: Palette) -> Iterator[str]:
    """Subjects for which `where` is false: each with the first clause that leaves it out."""
    if not subjects:
        return
    yield f"{INDENT}{count_of(len(subjects), 'subject')} left out by `where`:"
    rows = [(s.name, next(w.label for w in s.where if w.truth is False)) for s in subjects]
    yield from table([(name, f"not so: {label}") for name, label in rows], INDENT * 2)


def _step(step: Step, indent: str, palette: Palette, word: str = "") -> Iterator[str]:
    mark, role = MARKS[_of(step.truth)]
    first, *rest = wrapped(prose(f"{word}{step.label}"), f"{indent}        ", "")
    yield f"{indent}{palette.paint(role, f'{mark:<8}')}{first}"
    yield from rest
    for reading in step.readings:
        yield from _reading(reading, f"{indent}        ", palette)


def _of(truth: Truth) -> bool | None:
    return None if isinstance(truth, Unknown) else truth


MARKS: Final[dict[bool | None, tuple[str, str]]] = {
    True: ("holds", "good"),
    False: ("not so", "bad"),
    None: ("unknown", "open"),
}


def _reading(reading: Reading, indent: str, palette: Palette) -> Iterator[str]:
    asked = condition_in_words(reading.condition)
    given = right_in_words(reading.right) if _is_named(reading) else ""
    told = f"{asked}{f', which is {given}' if given else ''}"
    yield from wrapped(told, f"{indent}       ", f"{indent}asked: ")
    *lines, last = wrapped(_value(reading), f"{indent}       ", f"{indent}read:  ")
    yield from lines
    yield from with_pointer(last, reading.pointer, palette)


def _is_named(reading: Reading) -> bool:
    return bool(reading.right != reading.condition.right) and not isinstance(reading.right, Unknown)


def _value(reading: Reading) -> str:
    value, truth = reading.value, reading.truth
    if isinstance(truth, Unknown) and not isinstance(value, Unknown):
        why = "; ".join(in_words(reason) for reason in truth.reasons)
        return f"{in_line(value)}: not known, since {printable(why)}"
    return in_line(value)
