"""What changed between two reports: findings, their subjects, what is not known, and why.

Subjects are compared by their stable ids, so a renamed or moved record is the same one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct

from tenantproof.reports.read_report import TenantPart, Told, ToldFinding

BAD: Final = frozenset({"fail", "error"})
KINDS: Final = ("new", "worse", "changed", "better", "fixed", "unchanged")
"""In the order of a reader's interest."""


class Change(Struct, frozen=True):
    """What became of one policy on one tenant.

    `before` and `after` are verdicts, None where the policy (or the tenant) was not in the report.
    `appeared` and `disappeared` name failing subjects, `because` what is different in the input.
    """

    tenant: str
    tenant_name: str
    policy: str
    title: str
    severity: str
    before: str | None
    after: str | None
    kind: str
    appeared: tuple[str, ...]
    disappeared: tuple[str, ...]
    newly_unknown: tuple[str, ...]
    because: tuple[str, ...]


def changes(old: Told, new: Told) -> list[Change]:
    """Return every change from one report to the other, the new failures first."""
    found = [change for key in _tenants(old, new) for change in _of_tenant(*key)]
    return sorted(found, key=lambda c: (KINDS.index(c.kind), c.tenant, c.policy))


Sides = tuple[TenantPart | None, TenantPart | None]


def _tenants(old: Told, new: Told) -> Iterator[Sides]:
    before = {part.snapshot.tenant.id.casefold(): part for part in old.tenants}
    after = {part.snapshot.tenant.id.casefold(): part for part in new.tenants}
    for key in dict.fromkeys((*before, *after)):
        yield before.get(key), after.get(key)


def _of_tenant(old: TenantPart | None, new: TenantPart | None) -> Iterator[Change]:
    before, after = _by_policy(old), _by_policy(new)
    for name in dict.fromkeys((*before, *after)):
        change = _change(name, before.get(name), after.get(name), old, new)
        if change is not None:
            yield change


def _by_policy(part: TenantPart | None) -> dict[str, ToldFinding]:
    return {finding.policy: finding for finding in part.findings} if part else {}


def _change(
    name: str, before: ToldFinding | None, after: ToldFinding | None,
    old: TenantPart | None, new: TenantPart | None,
) -> Change | None:
    was, now = _failing(before), _failing(after)
    unclear = _unclear(after) - _unclear(before)
    told, part = after or before, new or old
    if told is None or part is None:
        return None
    same = before is not None and after is not None and before.verdict == after.verdict
    if same and was.keys() == now.keys() and not unclear:
        return None
    who = part.snapshot.tenant
    return Change(
        who.id, who.display_name or who.id, name, told.title, told.severity,
        before.verdict if before else None, after.verdict if after else None,
        _kind(before, after, bool(now.keys() - was.keys()), bool(was.keys() - now.keys())),
        tuple(now[key] for key in sorted(now.keys() - was.keys())),
        tuple(was[key] for key in sorted(was.keys() - now.keys())),
        tuple(sorted(unclear)),
        tuple(_because(name, before, after, old, new)),
    )


def _failing(finding: ToldFinding | None) -> dict[str, str]:
    if finding is None or finding.verdict not in BAD:
        return {}
    return {s.id: s.name for s in finding.subjects if s.verdict == "fail"}


def _unclear(finding: ToldFinding | None) -> set[str]:
    if finding is None:
        return set()
    return {".".join(filter(None, (one.collection, one.property))) for one in finding.unknowns}


def _kind(
    before: ToldFinding | None, after: ToldFinding | None, appeared: bool, disappeared: bool
) -> str:
    was = before is not None and before.verdict in BAD
    now = after is not None and after.verdict in BAD
    if now and not was:
        return "new"
    if was and not now:
        return "fixed" if after is not None and after.verdict == "pass" else "changed"
    if now and appeared:
        return "worse"
    return "better" if now and disappeared else "changed"


def _because(
    name: str, before: ToldFinding | None, after: ToldFinding | None,
    old: TenantPart | None, new: TenantPart | None,
) -> Iterator[str]:
    """Yield what is different in what went in; more than one may have had a part in it."""
    if old is None or new is None:
        yield "the tenant is in one report only"
        return
    if before is None or after is None:
        yield "the policy was judged in one report only"
        return
    if before.revision != after.revision:
        yield f"the policy's revision rose from {before.revision} to {after.revision}" if (
            before.revision < after.revision
        ) else f"the policy's revision fell from {before.revision} to {after.revision}"
    for parameter in _other_parameters(name, old, new):
        yield f"the parameter `{parameter}` was changed"
    if old.snapshot.digest != new.snapshot.digest:
        yield "the data are different"
    if old.as_of != new.as_of:
        yield f"it was judged as of {new.as_of}, not {old.as_of}"


def _other_parameters(name: str, old: TenantPart, new: TenantPart) -> list[str]:
    """Return what is set differently: shared parameters, and those of this policy alone."""
    def value(settings: Mapping[str, object], one: str) -> object:
        return getattr(settings.get(one), "value", None)

    names = sorted({*old.parameters, *new.parameters})
    return [one for one in names if one.rpartition(".")[0] in ("", name)
            and value(old.parameters, one) != value(new.parameters, one)]
