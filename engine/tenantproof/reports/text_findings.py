"""One finding in the text report: what failed and where, what is missing, how to mend it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from tenantproof.finding import Finding, Judged
from tenantproof.policy import Policy, manuals
from tenantproof.reports.beside import beside
from tenantproof.reports.evidence_text import evidence_lines
from tenantproof.reports.layout import bullets, count_of, numbered, prose, with_pointer, wrapped
from tenantproof.reports.view import Palette
from tenantproof.safe import columns, printable
from tenantproof.verdict import Verdict
from tenantproof.wording import MOST_REASONS, in_words

MOST_SUBJECTS: Final = 20
FEW: Final = 3
INDENT: Final = "  "
DEEPER: Final = "      "
SEVERITY_WIDTH: Final = 10
ID_WIDTH: Final = 10


def failed(finding: Finding, palette: Palette) -> Iterator[str]:
    """Yield a failing finding in full, with its remedy."""
    yield ""
    yield from _title(finding, palette, "bad")
    yield from wrapped(prose(finding.message), INDENT, INDENT)
    yield from _closest(finding)
    yield from _subjects(finding, palette)
    yield from _beside(finding)
    yield from _questions(finding)
    yield from _remedy(finding.policy, palette)


def undecided(finding: Finding, palette: Palette) -> Iterator[str]:
    """Yield a finding that could not be judged; a proven failure in it is told too."""
    yield ""
    yield from _title(finding, palette, "open")
    yield from wrapped(prose(finding.message), INDENT, INDENT)
    reasons = list(dict.fromkeys(in_words(missing.reason) for missing in finding.unknowns))
    yield from bullets(reasons if len(reasons) > MOST_REASONS else (), DEEPER)
    yield from _subjects(finding, palette)
    yield from _beside(finding)
    yield from _questions(finding)


def accepted(finding: Finding, palette: Palette) -> Iterator[str]:
    """Yield a failure that was accepted: what fails all the same, and who answers for it."""
    yield ""
    yield from _title(finding, palette, "open")
    yield from wrapped(prose(finding.message), INDENT, INDENT)
    yield from _beside(finding)
    yield from _subjects(finding, palette)


def asked(finding: Finding, palette: Palette) -> Iterator[str]:
    """Yield a question for a person: who answers it, and how long an answer holds."""
    yield ""
    yield from _title(finding, palette, "asked")
    yield from wrapped(prose(finding.message), INDENT, INDENT)
    for manual in manuals(finding.policy.check):
        told = f"Answered by {manual.answered_by}; an answer holds for {manual.valid_for}."
        yield from wrapped(prose(told), INDENT, INDENT)
    yield from _subjects(finding, palette)
    yield from _beside(finding)


def one_line(finding: Finding, message: str, palette: Palette) -> Iterator[str]:
    """Yield a finding of which only the sentence is told."""
    lead = f"{INDENT}{finding.policy.id:<{ID_WIDTH}}"
    indent = " " * columns(lead)
    yield from wrapped(prose(message), indent, lead)
    for line in beside(finding):
        yield from wrapped(prose(line), indent, indent)


def _beside(finding: Finding) -> Iterator[str]:
    for line in beside(finding):
        yield from wrapped(prose(line), INDENT, INDENT)


def _title(finding: Finding, palette: Palette, role: str) -> Iterator[str]:
    lead = f"{finding.severity.value.upper():<{SEVERITY_WIDTH}}{finding.policy.id:<{ID_WIDTH}}"
    first, *rest = wrapped(prose(finding.policy.title), " " * len(lead), lead)
    yield palette.paint(role, first[:SEVERITY_WIDTH]) + palette.paint(
        "strong", first[SEVERITY_WIDTH:]
    )
    for line in rest:
        yield palette.paint("strong", line)
    if finding.policy.severity_reason:
        told = f"Severity set by the profile: {finding.policy.severity_reason}"
        yield from wrapped(prose(told), INDENT, INDENT)


def _closest(finding: Finding) -> Iterator[str]:
    closest = finding.outcome.closest
    if closest is None or not closest.missing or finding.verdict is not Verdict.FAIL:
        return
    yield ""
    told = f"Closest to it is {closest.name} ({closest.pointer}), but for:"
    yield from wrapped(told, INDENT, INDENT)
    yield from bullets(closest.missing, DEEPER)


def _subjects(finding: Finding, palette: Palette) -> Iterator[str]:
    subjects = finding.outcome.subjects
    if not any(_is_told(subject) for subject in subjects):
        return
    yield ""
    if any(subject.pointer for subject in subjects):
        yield from wrapped(_how_many(finding), INDENT, INDENT)
    branch = ""
    groups = [list(group) for _, group in groupby(subjects, _alike)]
    for group in groups[:MOST_SUBJECTS]:
        if group[0].branch != branch:
            branch = group[0].branch
            yield from wrapped(f"for `{branch}`:", INDENT, INDENT)
        yield from _group(group, finding, palette)
    more = sum(map(len, groups[MOST_SUBJECTS:]))
    if more:
        yield f"{INDENT}  and {more} more; `--output json` lists them all"


def _alike(subject: Judged) -> tuple[object, ...]:
    """Subjects of which the same is not known are told together."""
    open_ = subject.verdict is Verdict.UNKNOWN and bool(subject.pointer)
    own = () if open_ else (subject.pointer, subject.id)
    return (subject.branch, subject.verdict, subject.unclear, *own)


def _group(group: list[Judged], finding: Finding, palette: Palette) -> Iterator[str]:
    if len(group) <= FEW:
        for subject in group:
            yield from _subject(subject, finding, palette)
        return
    names = ", ".join(printable(one.name) for one in group[:FEW])
    told = f"{len(group)} subjects: {names} and {len(group) - FEW} more"
    yield from wrapped(told, DEEPER, f"{INDENT}  ")
    yield from bullets(group[0].unclear, DEEPER, "not known: ")


def _is_told(subject: Judged) -> bool:
    """Of the tenant as a whole there may be nothing to tell but the verdict."""
    return bool(subject.pointer or subject.missing or subject.unclear or subject.evidence)


def _how_many(finding: Finding) -> str:
    outcome = finding.outcome
    failing = sum(1 for s in outcome.subjects if s.verdict is Verdict.FAIL)
    others = len(outcome.subjects) - failing
    of = f"of {count_of(outcome.judged, 'subject')}"
    words = "to answer" if finding.verdict is Verdict.MANUAL else "not settled"
    if not failing:
        return f"{others} {of} {words}:"
    if outcome.closest is not None and not others:
        return f"None {of} is enough:" if outcome.judged > 1 else "The only subject is not enough:"
    also = f", {others} {words}" if others else ""
    return f"{failing} {of} {'fails' if failing == 1 else 'fail'}{also}:"


def _subject(subject: Judged, finding: Finding, palette: Palette) -> Iterator[str]:
    if subject.pointer:
        yield from _name(subject, palette)
    if subject.missing and not _says_nothing(subject, finding):
        yield from bullets(subject.missing, DEEPER, "does not satisfy: ")
    yield from bullets(subject.unclear, DEEPER, "not known: ")
    if subject.verdict is not Verdict.UNKNOWN:
        yield from evidence_lines(subject.evidence, subject.pointer, DEEPER, palette)


def _name(subject: Judged, palette: Palette) -> Iterator[str]:
    """Yield who it is and where; the tenant as a whole needs neither."""
    name = printable(subject.name)
    told = f"{name} ({printable(subject.id)})" if subject.id != subject.name else name
    told = f"{told}, accepted" if subject.waived else told
    *lines, last = wrapped(told, DEEPER, f"{INDENT}  ")
    yield from lines
    yield from with_pointer(last, subject.pointer, palette)


def _says_nothing(subject: Judged, finding: Finding) -> bool:
    """Where no subject may satisfy the clauses, what a subject lacks is no fault of it."""
    is_settled = finding.verdict in (Verdict.FAIL, Verdict.WAIVED)
    return is_settled and subject.verdict is Verdict.FAIL and not finding.outcome.missing


def _questions(finding: Finding) -> Iterator[str]:
    for question in dict.fromkeys(finding.outcome.questions):
        yield ""
        yield from wrapped(f"Still to be answered by a person: {prose(question)}", INDENT, INDENT)


def _remedy(policy: Policy, palette: Palette) -> Iterator[str]:
    remedy = policy.remediation
    yield ""
    summary = wrapped(prose(remedy.summary), INDENT, f"{INDENT}To mend it: ")
    yield from (palette.paint("strong", line) for line in summary)
    yield from numbered(remedy.steps, INDENT + "  ")
    if remedy.impact:
        yield from wrapped(prose(f"Impact: {remedy.impact}"), DEEPER, INDENT)
    for link in policy.references:
        yield from _link(f"{link.title}:", link.url, palette)


def _link(title: str, url: str, palette: Palette) -> Iterator[str]:
    yield from wrapped(prose(title), DEEPER, f"{INDENT}Read: ")
    yield DEEPER + palette.paint("dim", printable(url))

