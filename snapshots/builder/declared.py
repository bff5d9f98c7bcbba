"""What tenants declare about themselves, and what their people attest, as YAML."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from builder.names import Tenant, ago
from tenantproof import schema
from tenantproof.pack import Pack, load_pack
from tenantproof.policy import Manual, manuals
from tenantproof.shape import bundled_shapes

PACK: Final = Path(__file__).parents[2] / "policies" / "partner-center"


@dataclass(frozen=True, slots=True)
class Named:
    """An id with a remark that tells people what it stands for."""

    id: str
    remark: str


@dataclass(frozen=True, slots=True)
class Answer:
    """How the questions of a policy were answered, so many days before the export."""

    name: str
    age: int = 10
    answer: str = "yes"
    link: str = ""
    remark: str = ""


def objects(tenant: Tenant, kind: str, *keys: str) -> list[Named]:
    """Return the ids of a tenant's objects, such as accounts (`user`)."""
    return [Named(tenant.guid(kind, key), key) for key in keys]


def declarations(
    tenant: Tenant, values: Mapping[str, Sequence[Named] | str | bool | int]
) -> str:
    """Return a tenant's values of parameters as `declarations.yaml`."""
    lines = [f"# What {tenant.name} declares about itself.",
             "# yaml-language-server: $schema=../../schemas/declarations.schema.json",
             "format: 1", "tenants:", f"  {tenant.id}:"]
    for name, value in values.items():
        lines += _value(name, value)
    return "\n".join(lines) + "\n"


def _value(name: str, value: Sequence[Named] | str | bool | int) -> list[str]:
    if isinstance(value, str | int):
        return [f"    {name}: {json.dumps(value)}"]
    if not value:
        return [f"    {name}: []"]
    return [f"    {name}:", *(f"      - {one.id}  # {one.remark}".removesuffix("  # ")
                              for one in value)]


def attestations(tenant: Tenant, answers: Mapping[str, Answer]) -> str:
    """Return answers to the pack's questions as `attestations.yaml`, one for each question."""
    lines = [f"# What people at {tenant.name} attest.",
             "# yaml-language-server: $schema=../../schemas/attestations.schema.json",
             "format: 1", "attestations:"]
    for policy, answer in answers.items():
        for question in _questions(policy):
            lines += _attestation(tenant, policy, question, answer)
    return "\n".join(lines) + "\n"


def _attestation(
    tenant: Tenant, policy: str, asked: Manual, answer: Answer
) -> Iterator[str]:
    yield f"  - tenants: [{tenant.id}]"
    yield f"    policy: {policy}"
    yield f"    question: {_text(' '.join(asked.question.split()))}"
    yield f'    answer: "{answer.answer}"'
    yield f"    by: {_text(f'{answer.name}, ' + asked.answered_by.removeprefix('the '))}"
    yield f'    on: "{ago(answer.age)[:10]}"'
    if answer.link:
        yield f"    evidence: {{ link: {_text(answer.link)} }}"
    if answer.remark:
        yield f"    remark: {_text(answer.remark)}"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _questions(policy: str) -> list[Manual]:
    return list(manuals(_pack().policies[policy].check))


@cache
def _pack() -> Pack:
    return load_pack(PACK, "policies/partner-center", bundled_shapes(), schema.check)
