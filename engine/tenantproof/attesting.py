"""A file of attestations: from a checked document to statements that questions can find.

What could never count is told with its place in the file. Whether a statement that can be found
still holds is :mod:`tenantproof.attestation`'s to say, tenant by tenant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from tenantproof.attestation import Attestation, Proof, plain
from tenantproof.document import Document, Path
from tenantproof.policy import Manual, Policy, manuals
from tenantproof.problem import Position, Problem, did_you_mean, quoted

NOT_HEARD: Final = "the answer does not count"
Twin = tuple[frozenset[str], str, str, str | None, str, str]


def read(document: Document) -> tuple[Attestation, ...]:
    """Return the attestations of a document that satisfies ``attestations.schema.json``."""
    written: Any = document.value
    return tuple(
        _attestation(one, document.file, document.position(("attestations", index)))
        for index, one in enumerate(written["attestations"])
    )


def _attestation(written: Mapping[str, Any], file: str, place: Position) -> Attestation:
    proof = written.get("evidence")
    return Attestation(
        tenants=tuple(written["tenants"]),
        policy=written["policy"],
        question=written["question"],
        answer=written.get("answer") or "",
        by=written.get("by") or "",
        on=written.get("on") or "",
        valid_until=written.get("valid_until"),
        subject=written.get("subject"),
        evidence=None if proof is None else Proof(
            proof.get("file", ""), proof.get("sha256", ""), proof.get("link", "")
        ),
        remark=written.get("remark", ""),
        file=file,
        line=place.line,
        column=place.column,
    )


def problems(document: Document, policies: Mapping[str, Policy]) -> Iterator[Problem]:
    """Yield what keeps attestations from being heard; a policy that does not exist is an error."""
    attestations = read(document)
    for index, one in enumerate(attestations):
        path: Path = ("attestations", index)
        if one.policy not in policies:
            yield _no_policy(document, path, one, policies)
            continue
        questions = list(manuals(policies[one.policy].check))
        yield from _unasked(document, path, one, questions)
    yield from _twins(document, attestations)


def _no_policy(
    document: Document, path: Path, one: Attestation, policies: Iterable[str]
) -> Problem:
    better = did_you_mean(one.policy, policies)
    return document.problem(
        (*path, "policy"), "unknown-policy", f"there is no policy {quoted(one.policy)}",
        f"did you mean `{better}`?" if better else "`tenantproof list` shows the policies",
        consequence=NOT_HEARD,
    )


def _unasked(
    document: Document, path: Path, one: Attestation, questions: list[Manual]
) -> Iterator[Problem]:
    same = [q for q in questions if plain(q.question) == plain(one.question)]
    if not same:
        yield document.problem(
            (*path, "question"), "changed-question",
            f"`{one.policy}` does not ask this", _asks(one.policy, questions),
            consequence=NOT_HEARD, severity="warning",
        )
    elif one.subject is None and all(q.subjects is not None for q in same):
        yield document.problem(
            path, "attestation-subject",
            f"`{one.policy}` asks this of each subject, and this names none",
            "add `subject` with the id of the one that the answer is about",
            consequence=NOT_HEARD, severity="warning",
        )
    elif one.subject is not None and all(q.subjects is None for q in same):
        yield document.key_problem(
            (*path, "subject"), "attestation-subject",
            f"`{one.policy}` asks this of the tenant as a whole",
            "leave `subject` out", consequence=NOT_HEARD, severity="warning",
        )


def _asks(policy: str, questions: list[Manual]) -> str:
    if not questions:
        return f"`{policy}` asks nothing of a person: take the attestation out"
    asked = " or ".join(f"`{plain(q.question)}`" for q in questions)
    return f"it asks {asked}: answer that"


def _twins(document: Document, attestations: tuple[Attestation, ...]) -> Iterator[Problem]:
    seen: dict[Twin, int] = {}
    for index, one in enumerate(attestations):
        first = seen.setdefault(_told(one), index)
        if first != index:
            yield document.problem(
                ("attestations", index), "duplicate-attestation",
                f"this stands in line {attestations[first].line} already", "keep one of the two",
                consequence="it makes no difference", severity="warning",
            )


def _told(one: Attestation) -> Twin:
    tenants = frozenset(name.casefold() for name in one.tenants)
    return tenants, one.policy, plain(one.question), one.subject, one.answer, one.on
