"""What would have to be exported or declared, collected from all findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct, field

from tenantproof.finding import Finding, Missing
from tenantproof.reports.layout import table, wrapped
from tenantproof.verdict import Why
from tenantproof.wording import WHY

EXPORTS = frozenset({
    Why.NOT_EXPORTED, Why.DENIED, Why.TRUNCATED, Why.NOT_STATED, Why.WRONG_TYPE, Why.WRONG_CASE,
    Why.STALE,
})


class _Need(Struct):
    """One collection, or one parameter, with why it is needed and by which policies."""

    first: Missing
    whats: dict[str, None] = field(default_factory=dict)
    policies: dict[str, None] = field(default_factory=dict)


def _needs(findings: Iterable[Finding]) -> Iterator[tuple[Finding, Missing]]:
    for finding in findings:
        for missing in finding.unknowns:
            yield finding, missing


def to_export(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield what to export (again), collection by collection."""
    needs: dict[str, _Need] = {}
    for finding, missing in _needs(findings):
        reason = missing.reason
        if reason.collection and reason.why in EXPORTS:
            need = needs.setdefault(reason.collection, _Need(missing))
            need.whats[_what(missing)] = None
            need.policies[finding.policy.id] = None
    for name in sorted(needs):
        yield from _export(name, needs[name])


def _what(missing: Missing) -> str:
    reason = missing.reason
    detail = f" ({reason.detail})" if reason.detail else ""
    said = f"{WHY[reason.why]}{detail}"
    return f"`{reason.property}` {said}" if reason.property else said


def _export(name: str, need: _Need) -> Iterator[str]:
    yield from wrapped("; ".join(need.whats), "      ", f"  {name}: ")
    rows = [("from", need.first.endpoint), ("with", need.first.permission),
            ("for", ", ".join(sorted(need.policies)))]
    yield from table([row for row in rows if row[1]], "      ")


def to_declare(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield the parameters to which nobody has given a value."""
    needs: dict[str, _Need] = {}
    for finding, missing in _needs(findings):
        if missing.reason.why is Why.UNDECLARED:
            need = needs.setdefault(missing.reason.property, _Need(missing))
            need.policies[finding.policy.id] = None
    yield from table(
        [(name, f"for {', '.join(sorted(needs[name].policies))}") for name in sorted(needs)], "  "
    )
