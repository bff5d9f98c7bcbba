"""A finding: one policy's verdict on one tenant, with everything that led to it."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from tenantproof.attestation import Considered
from tenantproof.policy import Policy
from tenantproof.verdict import Reason, Severity, Unknown, Verdict
from tenantproof.waiver import Use


class Evidence(Struct, frozen=True, gc=False):
    """A labelled value with the RFC 6901 pointer to it; an Unknown where it is not known."""

    label: str
    value: Any
    pointer: str


class Judged(Struct, frozen=True, gc=False):
    """What was found of one subject: the clauses that failed, and those that are not known.

    `waived` tells that its failure was accepted.
    """

    id: str
    name: str
    pointer: str
    verdict: Verdict
    missing: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    branch: str = ""
    waived: bool = False


class Outcome(Struct, frozen=True):
    """What a check came to, before the policy's own words are put to it.

    `judged` counts the subjects looked at, `deciding` names what alone decided (branches, then
    subjects), `named` what a message calls it, `empty` says that ``if_empty`` gave the verdict.
    `questions` are still open, `attested` is what was stated on those and on the answered ones.
    """

    verdict: Verdict
    judged: int = 0
    subjects: tuple[Judged, ...] = ()
    missing: tuple[str, ...] = ()
    closest: Judged | None = None
    deciding: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    doubts: Unknown = Unknown(())
    questions: tuple[str, ...] = ()
    attested: tuple[Considered, ...] = ()
    severities: tuple[Severity | None, ...] = ()
    empty: bool = False
    collection: str = ""

    def those(self, verdict: Verdict) -> list[str]:
        """Return the names of the subjects with a verdict; one of several branches counts once."""
        found = {(s.id, s.name): s.name for s in self.subjects if s.verdict is verdict}
        return list(found.values())


class Missing(Struct, frozen=True):
    """One thing to export (or declare), and how."""

    reason: Reason
    endpoint: str
    permission: str


class Disagreement(Struct, frozen=True):
    """Another source that comes to the opposite of a verdict: what it says, and where."""

    source: str
    says: Any
    pointer: str


class Waived(Struct, frozen=True):
    """The verdict `without` waivers, and what became of those that speak of the policy."""

    without: Verdict
    uses: tuple[Use, ...]


class Finding(Struct, frozen=True):
    """One policy's verdict on one tenant; `second` is who comes to the opposite.

    `waived` is None where no waiver speaks of this policy on this tenant.
    """

    policy: Policy
    verdict: Verdict
    severity: Severity
    message: str
    outcome: Outcome
    unknowns: tuple[Missing, ...] = ()
    second: Disagreement | None = None
    waived: Waived | None = None
