"""A policy: one requirement made testable, as frozen objects built from a checked document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

from msgspec import Struct

from tenantproof.clause import Clause
from tenantproof.language.expression import Expression
from tenantproof.parameters import Parameter
from tenantproof.problem import Problem
from tenantproof.shape import Shape
from tenantproof.verdict import Severity, Verdict

EVERY: Final = "[]"


class Place(Struct, frozen=True):
    """A path made of ``.name`` and ``[]`` only, so that every value has a pointer.

    `steps` are property names; `EVERY` stands for "every element".
    """

    text: str
    steps: tuple[str, ...]
    shape: Shape


class Subjects(Struct, frozen=True):
    """Where a check's subjects come from: a collection or fact, and the way below it."""

    text: str
    collection: str
    steps: tuple[str, ...]
    record: Shape


class Shown(Struct, frozen=True, eq=False):
    """What a report shows of each subject: its name, and labelled evidence."""

    subject: Place | None = None
    evidence: tuple[tuple[str, Place], ...] = ()


Bound = int | str | None


class Count(Struct, frozen=True, eq=False):
    """How many subjects there may be; a bound may be the ``$name`` of a number.

    `fold` tells that the values under `distinct` are compared without regard to case.
    """

    at_least: Bound = None
    at_most: Bound = None
    distinct: Expression | None = None
    fold: bool = False


Quantifier = Literal["every", "at_least_one", "none"]


class Quantified(Struct, frozen=True, eq=False):
    """*for* each subject *where* ... *expect* so many *that* ..."""

    subjects: Subjects
    where: tuple[Clause, ...]
    expect: Quantifier | Count
    if_empty: Verdict | None
    that: tuple[Clause, ...]
    shown: Shown


class TenantWide(Struct, frozen=True, eq=False):
    """Clauses on the tenant as a whole."""

    that: tuple[Clause, ...]
    shown: Shown


class Reference(Struct, frozen=True, eq=False):
    """Another policy's verdict; what it means that the other does not apply is stated."""

    policy: str
    if_not_applicable: Verdict


class Manual(Struct, frozen=True, eq=False):
    """A question that only a person can answer, for the tenant or for each subject.

    `policy` is the id of the policy that asks; an answer holds for `valid_for`, a duration.
    """

    policy: str
    question: str
    answered_by: str
    valid_for: str
    subjects: Subjects | None
    shown: Shown


class Branch(Struct, frozen=True, eq=False):
    """One named way to meet (or part of) a combined check."""

    label: str
    check: Check


class Combined(Struct, frozen=True, eq=False):
    """Several named checks of which any, or all, have to pass."""

    mode: Literal["any_of", "all_of"]
    branches: tuple[Branch, ...]


Check = Quantified | TenantWide | Combined | Manual | Reference


BY_SUBJECT: Final = frozenset({"every", "none"})
"""The quantifiers of which a failure is one of single subjects."""


class SecondOpinion(Struct, frozen=True, eq=False):
    """What somebody else says of the same matter: records *where* ..., and when they say it is met.

    `says` is the property that is quoted. It is compared with the verdict and changes nothing.
    """

    source: str
    subjects: Subjects
    where: tuple[Clause, ...]
    says: Place
    met_when: tuple[Clause, ...]


def manuals(check: Check) -> Iterator[Manual]:
    """Yield the questions that a check asks of a person."""
    if isinstance(check, Manual):
        yield check
    if isinstance(check, Combined):
        for branch in check.branches:
            yield from manuals(branch.check)


def is_by_subject(check: Check) -> bool:
    """Tell whether a check (not a combined one) fails by what single subjects are."""
    if isinstance(check, Quantified):
        return check.expect in BY_SUBJECT if isinstance(check.expect, str) else False
    return isinstance(check, Manual) and check.subjects is not None


def leaves(check: Check) -> Iterator[Quantified | TenantWide | Manual | Reference]:
    """Yield the checks that a check is combined from; itself where it is not."""
    if isinstance(check, Combined):
        for branch in check.branches:
            yield from leaves(branch.check)
    else:
        yield check


def references(check: Check) -> Iterator[str]:
    """Yield the ids of the policies that a check asks."""
    if isinstance(check, Reference):
        yield check.policy
    if isinstance(check, Combined):
        for branch in check.branches:
            yield from references(branch.check)


class Messages(Struct, frozen=True, eq=False):
    """The policy's own words; `empty` replaces a message where there was no subject at all."""

    passing: str
    failing: str
    empty: str = ""


class Remediation(Struct, frozen=True):
    """How to mend a failing tenant."""

    summary: str
    steps: tuple[str, ...]
    effort: str
    impact: str


class Link(Struct, frozen=True):
    """A page to read."""

    title: str
    url: str


class Policy(Struct, frozen=True, eq=False):
    """One policy; `file` and `line` are where its text begins.

    `severity_reason` is why a profile gave it another severity, empty where it has its own.
    """

    id: str
    revision: int
    title: str
    statement: str
    rationale: str
    requirements: tuple[str, ...]
    severity: Severity
    status: str
    waivable: bool
    tenants: tuple[str, ...]
    unless: tuple[Clause, ...]
    lets: tuple[tuple[str, Expression], ...]
    parameters: Mapping[str, Parameter]
    check: Check
    messages: Messages
    remediation: Remediation
    references: tuple[Link, ...]
    controls: Mapping[str, tuple[str, ...]]
    tests: Mapping[str, Any]
    file: str
    line: int
    reads: frozenset[tuple[str, str]]
    names: frozenset[str]
    warnings: tuple[Problem, ...] = ()
    severity_reason: str = ""
    second_opinion: SecondOpinion | None = None

    @property
    def family(self) -> str:
        """The family, the part of the id before the number."""
        return self.id.rpartition("-")[0]

    def collections(self) -> frozenset[str]:
        """Return the names of the collections and facts that the policy may read."""
        return frozenset(name for name, _ in self.reads if name != "tenant")
