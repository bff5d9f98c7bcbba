"""A check read aloud: the sentences that an auditor can hold against the source text."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from tenantproof.clause import Clause, Condition
from tenantproof.language.instants import write_instant
from tenantproof.policy import (
    Check,
    Combined,
    Count,
    Manual,
    Quantified,
    Reference,
    SecondOpinion,
    TenantWide,
)
from tenantproof.reports.layout import prose, wrapped

STEP: Final = "  "
EXPECTATIONS: Final = {
    "every": "every one must satisfy all of:",
    "at_least_one": "at least one must satisfy all of:",
    "none": "none may satisfy all of:",
}
YES_OR_NO: Final = {
    ("is_empty", True): "is empty",
    ("is_empty", False): "is not empty",
    ("exists", True): "is there",
    ("exists", False): "is not there",
}


def aloud(check: Check, indent: str = "") -> Iterator[str]:
    """Yield a check as lines of text."""
    yield from FORMS[type(check)](check, indent)


def condition_in_words(condition: Condition) -> str:
    """Return a condition as a clause: ```accountEnabled` equals true``."""
    operator, right = condition.operator.name, condition.right
    text = condition.path.text
    path = f"`` {text} ``" if "`" in text else f"`{text}`"
    if operator == "is_true" and right is True:
        return f"{path} is true"
    known = YES_OR_NO.get((operator, right)) if isinstance(right, bool) else None
    words = known or f"{operator.replace('_', ' ')} {right_in_words(right)}"
    return f"{path} {words}{NULLS[condition.if_null]}"


NULLS: Final[dict[bool | None, str]] = {
    None: "", True: " (null counts as yes)", False: " (null counts as no)",
}


def right_in_words(right: Any) -> str:
    """Return what stands on the right of an operator."""
    if isinstance(right, datetime):
        return write_instant(right)
    if isinstance(right, list):
        return ", ".join(right_in_words(item) for item in right) or "(none)"
    if isinstance(right, str):
        return right if right.startswith("$") else f"`{right}`"
    return json.dumps(right, ensure_ascii=False, sort_keys=True)


def clauses(those: Sequence[Clause], indent: str) -> Iterator[str]:
    """Yield clauses with their conditions."""
    for clause in those:
        told = " or ".join(condition_in_words(c) for c in clause.conditions)
        grave = f" [{clause.severity.value}]" if clause.severity else ""
        yield from wrapped(prose(f"{clause.label}{grave}: {told}"), f"{indent}  ", f"{indent}- ")


def opinion_aloud(opinion: SecondOpinion, indent: str) -> Iterator[str]:
    """Yield what a verdict is compared with."""
    told = f"The verdict is compared with what {opinion.source} says in `{opinion.says.text}`"
    yield from wrapped(prose(told), indent, indent)
    yield f"{indent}where a record of `{opinion.subjects.text}`"
    yield from clauses(opinion.where, indent + STEP)
    yield f"{indent}The matter is met there when a record"
    yield from clauses(opinion.met_when, indent + STEP)
    yield from wrapped("A disagreement is shown, and changes nothing.", indent, indent)


def _quantified(check: Quantified, indent: str) -> Iterator[str]:
    yield from wrapped(f"For each of `{check.subjects.text}`", indent, indent)
    if check.where:
        yield f"{indent}where it"
        yield from clauses(check.where, indent + STEP)
    yield from wrapped(_expected(check), indent, indent)
    yield from clauses(check.that, indent + STEP)
    if check.if_empty is not None:
        told = f"No subject at all means `{check.if_empty.value}`."
        yield from wrapped(told, indent, indent)


def _expected(check: Quantified) -> str:
    if isinstance(check.expect, Count):
        return _counted(check.expect, check.that)
    if not check.that:
        return "there must be none."
    return EXPECTATIONS[check.expect]


def _counted(count: Count, that: Sequence[Clause]) -> str:
    bounds = [
        f"{words} {bound}"
        for words, bound in (("at least", count.at_least), ("at most", count.at_most))
        if bound is not None
    ]
    different = f" different `{count.distinct.text}`" if count.distinct is not None else ""
    tail = "must satisfy all of:" if that else "must be there."
    return f"{' and '.join(bounds)}{different} {tail}"


def _tenant_wide(check: TenantWide, indent: str) -> Iterator[str]:
    yield f"{indent}The tenant as a whole must satisfy all of:"
    yield from clauses(check.that, indent + STEP)


def _combined(check: Combined, indent: str) -> Iterator[str]:
    some = "One of these has" if check.mode == "any_of" else "All of these have"
    yield f"{indent}{some} to pass:"
    for branch in check.branches:
        yield from wrapped(f"{branch.label}:", f"{indent}  ", f"{indent}* ")
        yield from aloud(branch.check, indent + STEP * 2)


def _reference(check: Reference, indent: str) -> Iterator[str]:
    told = (f"The policy `{check.policy}` must pass; where it does not apply, that means "
            f"`{check.if_not_applicable.value}`.")
    yield from wrapped(told, indent, indent)


def _manual(check: Manual, indent: str) -> Iterator[str]:
    each = f" for each of `{check.subjects.text}`" if check.subjects else ""
    yield from wrapped(prose(f"A person answers{each}: {check.question}"), indent, indent)
    told = f"Answered by {check.answered_by}; an answer holds for {check.valid_for}."
    yield from wrapped(prose(told), indent, indent)


FORMS: Final[dict[type, Callable[[Any, str], Iterator[str]]]] = {
    Quantified: _quantified,
    TenantWide: _tenant_wide,
    Combined: _combined,
    Reference: _reference,
    Manual: _manual,
}
