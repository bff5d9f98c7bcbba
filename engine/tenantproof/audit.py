"""Pack and snapshot to report: every selected policy judged on every tenant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct, field

from tenantproof.attestation import NONE, Attestations
from tenantproof.context import Context
from tenantproof.finding import Finding, Outcome
from tenantproof.judge import judge
from tenantproof.pack import Pack
from tenantproof.parameters import Setting
from tenantproof.policy import Policy
from tenantproof.problem import Problem
from tenantproof.snapshot import Snapshot
from tenantproof.verdict import SEVERITY_RANK, Severity, Verdict
from tenantproof.waiver import NO_WAIVERS, Waivers

OPEN = frozenset({Verdict.UNKNOWN, Verdict.MANUAL})
VERDICT_ORDER = (
    Verdict.ERROR, Verdict.FAIL, Verdict.UNKNOWN, Verdict.MANUAL, Verdict.WAIVED, Verdict.PASS,
    Verdict.NOT_APPLICABLE,
)


class TenantReport(Struct, frozen=True):
    """All findings of one tenant; `crashes` are the tracebacks of our own bugs, by policy."""

    snapshot: Snapshot
    as_of: datetime
    settings: Mapping[str, Setting]
    findings: tuple[Finding, ...]
    crashes: Mapping[str, str] = field(default_factory=dict)

    def count(self, verdict: Verdict) -> int:
        """Return how many findings have a verdict."""
        return sum(1 for finding in self.findings if finding.verdict is verdict)


class Report(Struct, frozen=True):
    """A whole run: the packs, what was in force, the tenants, and inputs that were unreadable.

    `seen_at` is when the run took place: a snapshot's age is counted up to it, and up to the
    tenant's own instant where it is None.
    """

    version: str
    packs: tuple[Pack, ...]
    profile: str | None
    tenants: Sequence[TenantReport]
    unreadable: tuple[tuple[str, tuple[Problem, ...]], ...] = ()
    settings: Mapping[str, Setting] = field(default_factory=dict)
    seen_at: datetime | None = None


def audit(
    snapshot: Snapshot,
    policies: Sequence[Policy],
    all_policies: Mapping[str, Policy],
    settings: Mapping[str, Setting],
    as_of: datetime | None = None,
    attestations: Attestations = NONE,
    waivers: Waivers = NO_WAIVERS,
    done: Callable[[Context], None] = Context.forget,
) -> TenantReport:
    """Judge one snapshot; the instant is the snapshot's own unless `as_of` is given.

    A policy that meets a bug of ours gets the verdict ``error``; the others are judged. In the end
    what was made of the tenant is `done` with.
    """
    instant = as_of or snapshot.exported_at
    context = Context(snapshot, settings, instant, attestations, waivers)
    crashes: dict[str, str] = {}
    findings = [_finding(policy, context, all_policies, crashes) for policy in policies]
    done(context)
    return TenantReport(
        snapshot, instant, settings, tuple(sorted(findings, key=_order)), crashes
    )


def _finding(
    policy: Policy,
    context: Context,
    policies: Mapping[str, Policy],
    crashes: dict[str, str],
) -> Finding:
    try:
        return judge(policy, context, policies)
    except Exception:  # noqa: BLE001  one policy's bug must not lose the other findings
        import traceback  # here: it is hoped never to be needed

        crashes[policy.id] = traceback.format_exc()
        return Finding(
            policy, Verdict.ERROR, policy.severity,
            "A bug of tenantproof kept this policy from being judged; please report it.",
            Outcome(Verdict.ERROR),
        )


def _order(finding: Finding) -> tuple[int, int, str]:
    return (
        VERDICT_ORDER.index(finding.verdict),
        SEVERITY_RANK[finding.severity],
        finding.policy.id,
    )


def never(tenant: TenantReport, finding: Finding) -> bool:
    """Return that no failure is an old one: there is nothing to compare with."""
    return False


def exit_code(
    report: Report, fail_on: Severity, allow_unknown: bool,
    is_known: Callable[[TenantReport, Finding], bool] = never,
) -> int:
    """Return what a run's result means to a pipeline (``docs/exit-codes.md``).

    A failure that `is_known` does not count; everything else does, known or not.
    """
    least = SEVERITY_RANK[fail_on]
    met = {
        finding.verdict for tenant in report.tenants for finding in tenant.findings
        if finding.verdict is Verdict.ERROR or (
            SEVERITY_RANK[finding.severity] <= least
            and not (finding.verdict is Verdict.FAIL and is_known(tenant, finding)))
    }
    if Verdict.ERROR in met:
        return 4
    if report.unreadable:
        return 3
    if Verdict.FAIL in met:
        return 1
    return 5 if not allow_unknown and met & OPEN else 0


def settings_in_force(reports: Iterable[TenantReport]) -> dict[str, Setting]:
    """Return the settings that all tenants share."""
    shared: dict[str, Setting] | None = None
    for tenant in reports:
        here = dict(tenant.settings)
        shared = here if shared is None else {
            name: s for name, s in shared.items() if here.get(name) == s
        }
    return shared or {}
