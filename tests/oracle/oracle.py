"""A second, naive judge: the semantics written once more, to be compared with the engine.

It shares no code with the engine. It reads the raw policy, the raw snapshot in its one-file form
and the raw collection schemas, and has JMESPath walked by the released library's interpreter.
Truths are ``True``, ``False``, and ``None`` for unknown. Facts, the age of a snapshot and
attestations are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from oracle_conditions import (
    Truth,
    both,
    clause,
    either,
    evaluated,
    instant,
    inverse,
    whole,
)
from oracle_values import NotKnown, Subject, Tenant, alike, kind, subjects

Raw = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """A subject with the truth of its `where` and of each clause under `that`."""

    subject: Subject
    where: Truth
    that: Mapping[str, Truth]

    @property
    def met(self) -> Truth:
        """Whether all clauses hold."""
        return both(self.that.values())


@dataclass(frozen=True)
class Answer:
    """The verdict; where it is fail, what failed as (key, pointer), and the labels missing.

    `closest` are the pointers of the candidates of an `at_least_one` that came closest: one, or
    several that only the content of records without a key could tell apart; `perhaps` are the
    labels that some of those lack.
    """

    verdict: str
    subjects: frozenset[tuple[str, str]] = frozenset()
    missing: frozenset[str] = frozenset()
    closest: frozenset[str] = frozenset()
    perhaps: frozenset[str] = frozenset()


# --- checks -----------------------------------------------------------------------------------

HIT = {"every": "fail", "at_least_one": "pass", "none": "fail"}
REST = {"every": "pass", "at_least_one": "fail", "none": "pass"}


class Oracle:
    """One tenant, policies by id, the values of declared parameters by name."""

    def __init__(self, snapshot: Raw, policies: Mapping[str, Raw], values: Raw) -> None:
        self.tenant = Tenant(snapshot)
        self.now = instant(snapshot["exportedAt"])
        self.policies = policies
        self.values = values

    def judge(self, policy: Raw) -> Answer:
        """Return what a policy comes to."""
        names, applies = self.names(policy), policy.get("applies_to", {})
        tenant_kind = self.tenant.get("tenant")["kind"]
        if "tenants" in applies and tenant_kind is None:
            return Answer("unknown")
        fits = tenant_kind in applies.get("tenants", [tenant_kind])
        exempt = self.clauses(applies.get("unless", {}), self.tenant, names)
        applicable = both([fits, inverse(either(exempt.values()))])
        answer = self.check(policy["check"], names)
        if applicable is False or answer.verdict == "not_applicable":
            return Answer("not_applicable")
        return answer if applicable else Answer("unknown")

    def names(self, policy: Raw) -> Raw:
        """Return the parameters in force and the values that `let` names; what is unknown lacks."""
        own = {n: p["default"] for n, p in policy.get("parameters", {}).items() if "default" in p}
        names = {**own, **self.values}
        for name, expression in policy.get("let", {}).items():
            names.pop(name, None)
            try:
                names[name] = whole(evaluated(expression, self.tenant))
            except NotKnown:
                continue
        return names

    def clauses(self, written: Raw, subject: Any, names: Raw) -> dict[str, Truth]:
        """Return each clause's truth by label."""
        return {label: clause(one, subject, names, self.now) for label, one in written.items()}

    def check(self, written: Raw, names: Raw) -> Answer:
        """Return what a check, or a branch, comes to."""
        form = next(word for word in self.FORMS if word in written)
        return self.FORMS[form](self, written, names)

    def tenant_wide(self, written: Raw, names: Raw) -> Answer:
        """Clauses on the tenant as a whole."""
        truths = self.clauses(written["that"], self.tenant, names)
        word = {True: "pass", False: "fail", None: "unknown"}[both(truths.values())]
        tenant = Subject(self.tenant, "", self.tenant.snapshot["tenant"]["id"])
        return told(word, [Row(tenant, True, truths)])

    def reference(self, written: Raw, names: Raw) -> Answer:
        """Another policy's verdict."""
        answer = self.judge(self.policies[written["policy"]])
        if answer.verdict == "not_applicable":
            return Answer(written.get("if_not_applicable", "unknown"))
        return answer

    def manual(self, written: Raw, names: Raw) -> Answer:
        """A question, for the tenant or for each subject."""
        if "for" not in written["manual"]:
            return Answer("manual")
        found, complete = subjects(written["manual"]["for"], self.tenant)
        if not complete:
            return Answer("unknown")
        return Answer("manual" if found else "not_applicable")

    def any_of(self, written: Raw, names: Raw) -> Answer:
        """Any of several branches."""
        answers = [self.check(branch, names) for branch in written["any_of"].values()]
        verdicts = {answer.verdict for answer in answers}
        for word in ("pass", "unknown"):
            if word in verdicts:
                return Answer(word)
        if "manual" in verdicts and "fail" not in verdicts:
            return Answer("manual")
        return joined(answers) if "fail" in verdicts else Answer("not_applicable")

    def all_of(self, written: Raw, names: Raw) -> Answer:
        """All of several branches."""
        answers = [self.check(branch, names) for branch in written["all_of"].values()]
        verdicts = {answer.verdict for answer in answers}
        if "fail" in verdicts:
            return joined(answers)
        order = ("unknown", "manual", "pass", "not_applicable")
        return Answer(next(word for word in order if word in verdicts))

    # for ... where ... expect ... that

    def quantified(self, written: Raw, names: Raw) -> Answer:
        """Every, at least one, none, or so many of the subjects."""
        found, complete = subjects(written["for"], self.tenant)
        rows = [
            Row(one, both(self.clauses(written.get("where", {}), one.value, names).values()),
                self.clauses(written.get("that", {}), one.value, names))
            for one in found
        ]
        if isinstance(written["expect"], dict):
            return self.counted(written, rows, complete, names)
        return by_table(written["expect"], written["if_empty"], rows, complete)

    def counted(self, written: Raw, rows: list[Row], complete: bool, names: Raw) -> Answer:
        """Between two bounds."""
        expect, if_empty = written["expect"], written.get("if_empty")
        inside = [row for row in rows if row.where is not False]
        if if_empty and complete and not inside:
            return Answer(if_empty)
        low, high = (
            names.get(bound[1:]) if isinstance(bound, str) else bound
            for bound in (expect.get("at_least", 0), expect.get("at_most", float("inf")))
        )
        if kind(low) != "number" or kind(high) != "number":
            return Answer("unknown")
        least, most = spread(rows, expect.get("distinct", ""))
        most = most if complete else float("inf")
        passes, fails = least >= low and most <= high, least > high or most < low
        verdict = "pass" if passes else "fail" if fails else "unknown"
        if if_empty not in (None, verdict) and True not in [row.where for row in rows]:
            return Answer("unknown")
        return told(verdict, [r for r in inside if r.where is not None and r.met is not None])

    FORMS: ClassVar = {
        "for": quantified, "any_of": any_of, "all_of": all_of, "manual": manual,
        "policy": reference, "that": tenant_wide,
    }


def by_table(expect: str, if_empty: str, rows: list[Row], complete: bool) -> Answer:
    """Decide by the table of quantifiers, line by line."""
    decisive = expect != "every"
    decided = [row for row in rows if row.where is True and row.met is decisive]
    inside = [row for row in rows if row.where is not False]
    settled = all(row.met is (not decisive) for row in inside)
    chosen = [row for row in inside if row.where is True]
    if decided:
        return told(HIT[expect], decided)
    if not complete:
        return Answer("unknown")
    if not inside:
        return Answer(if_empty)
    if settled and (chosen or if_empty == REST[expect]):
        answer = told(REST[expect], inside)
        return answer if expect != "at_least_one" else nearest(answer, inside)
    return Answer("unknown")


def told(verdict: str, rows: list[Row]) -> Answer:
    """Name what failed, where something did."""
    if verdict != "fail":
        return Answer(verdict)
    missing = [label for row in rows for label, truth in row.that.items() if truth is False]
    return Answer(
        verdict, frozenset((r.subject.key, r.subject.pointer) for r in rows), frozenset(missing)
    )


def nearest(answer: Answer, rows: list[Row]) -> Answer:
    """Name the candidate with the fewest clauses not true, then false; then the least key."""
    def rank(row: Row) -> tuple[int, int]:
        truths = list(row.that.values())
        return len(truths) - truths.count(True), truths.count(False)

    best = min(map(rank, rows), default=None)
    equal = [row for row in rows if rank(row) == best]
    keys = [row.subject.key for row in equal]
    first = equal if "" in keys else [row for row in equal if row.subject.key == min(keys)]
    lacking = [told("fail", [row]).missing for row in first]
    return replace(
        answer, missing=frozenset.intersection(*lacking), perhaps=frozenset.union(*lacking),
        closest=frozenset(row.subject.pointer for row in first),
    )


def spread(rows: list[Row], distinct: str) -> tuple[int, int]:
    """Return how many subjects there are at the least, and at the most, that are seen."""
    sure = [row for row in rows if row.where is True and row.met is True]
    perhaps = [row for row in rows if row.where is not False and row.met is not False]
    if not distinct:
        return len(sure), len(perhaps)
    some, more = values_of(sure, distinct), values_of(perhaps, distinct)
    least = len(set(some) - {NotKnown}) or min(1, len(some))
    return least, len(set(more) - {NotKnown}) + more.count(NotKnown)


def values_of(rows: list[Row], path: str) -> list[Any]:
    """Return a value per row, fit to be compared; the class NotKnown for what is not known."""
    found: list[Any] = []
    for row in rows:
        try:
            value = evaluated(path, row.subject.value)
            found.append((kind(value), alike(value, getattr(value, "fold", False))))
        except NotKnown:
            found.append(NotKnown)
    return found


def joined(answers: list[Answer]) -> Answer:
    """Return the fail of a combination: what failed in its failing branches."""
    failing = [answer for answer in answers if answer.verdict == "fail"]
    return Answer(
        "fail",
        frozenset().union(*(answer.subjects for answer in failing)),
        frozenset().union(*(answer.missing for answer in failing)),
        next((answer.closest for answer in failing if answer.closest), frozenset()),
        frozenset().union(*(answer.perhaps for answer in failing)),
    )
