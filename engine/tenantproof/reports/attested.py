"""What people have attested, as reports tell it: who, when, how long it holds, on what evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from tenantproof.attestation import Considered, Proof
from tenantproof.finding import Finding
from tenantproof.wording import joined


def attested_value(one: Considered) -> dict[str, Any]:
    """Return an attestation as the JSON report has it; `why` is null where it counts."""
    said = one.attestation
    return {
        "policy": said.policy,
        "question": said.question,
        "subject": said.subject,
        "answer": said.answer or None,
        "by": said.by or None,
        "on": said.on or None,
        "validUntil": one.last_day or None,
        "evidence": None if said.evidence is None else proof_value(said.evidence),
        "remark": said.remark or None,
        "counts": one.counts,
        "why": one.why or None,
    }


def proof_value(proof: Proof) -> dict[str, str | None]:
    """Return what an attestation rests on."""
    return {"file": proof.file or None, "sha256": proof.sha256 or None, "link": proof.link or None}


def attested_lines(finding: Finding) -> Iterator[str]:
    """Yield what counts of a finding's attestations, those of one statement together."""
    together: dict[str, list[str]] = {}
    for one in finding.outcome.attested:
        if one.counts:
            subjects = together.setdefault(_in_words(one), [])
            subjects.extend(filter(None, [one.attestation.subject]))
    for words, subjects in together.items():
        yield f"{words}, for {joined(subjects)}" if subjects else words


def _in_words(one: Considered) -> str:
    said = one.attestation
    parts = [f"Attested: {said.answer}, by {said.by} on {said.on}, holds until {one.last_day}",
             *_proof(said.evidence), *filter(None, [said.remark])]
    return "; ".join(parts)


def _proof(proof: Proof | None) -> Iterable[str]:
    if proof is None:
        return
    if proof.file:
        yield f"evidence {proof.file} (sha256 {proof.sha256})"
    if proof.link:
        yield f"evidence {proof.link}"
