"""Each policy's own cases: the smallest tenant that passes, and one change per case."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tenantproof.attestation import Attestation, Attestations
from tenantproof.context import Context
from tenantproof.finding import Finding
from tenantproof.judge import judge
from tenantproof.language.instants import read_day_or_instant
from tenantproof.pack import Pack
from tenantproof.parameters import Setting, in_force
from tenantproof.policy import Policy, manuals
from tenantproof.problem import TenantproofError
from tenantproof.shape import Shapes
from tenantproof.snapshot import load_value

EXPORTED_AT: Final = "2026-01-01T00:00:00Z"
TENANT_ID: Final = "00000000-0000-4000-8000-000000000000"


class CaseError(Exception):
    """A case that cannot be run: its pointer leads nowhere, its fixture is not there."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What a case expected and what came instead."""

    what: str
    expected: Any
    actual: Any


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case, run; it passed where there is no difference."""

    policy: str
    it: str
    line: int
    file: str
    finding: Finding | None
    differences: tuple[Difference, ...] = field(default=())

    @property
    def passed(self) -> bool:
        """Whether the policy answered as the case expects."""
        return not self.differences


def run_cases(pack: Pack, policy: Policy, shapes: Shapes) -> Iterator[CaseResult]:
    """Run a policy's cases in file order."""
    document = pack.documents[policy.id]
    for index, case in enumerate(policy.tests.get("cases", ())):
        line = document.position(("tests", "cases", index, "it")).line
        try:
            finding = run_case(pack, policy, case, shapes)
            differences = tuple(_differences(case, finding))
        except (CaseError, TenantproofError) as error:
            finding = None
            differences = (Difference("a case that runs", case["it"], str(error)),)
        yield CaseResult(policy.id, case["it"], line, document.file, finding, differences)


def run_case(pack: Pack, policy: Policy, case: Mapping[str, Any], shapes: Shapes) -> Finding:
    """Return the finding of one case; raises CaseError where the case itself is wrong."""
    value = tenant_of(pack, policy.tests["tenant"])
    for pointer, new in case.get("set", {}).items():
        put(value, pointer, new)
    for pointer in case.get("unset", ()):
        remove(value, pointer)
    for name, reason in case.get("incomplete", {}).items():
        value["collections"].setdefault(name, {}).update(complete=False, reason=reason)
    snapshot = load_value(value, f"{policy.file}", shapes)
    as_of = read_day_or_instant(case["as_of"]) if "as_of" in case else snapshot.exported_at
    if as_of is None:
        raise CaseError(f"`as_of` is `{case['as_of']}`, which is not an instant")
    settings = _settings(pack, policy, case)
    attested = Attestations(attestations_of(pack, policy, case, snapshot.tenant.id))
    return judge(policy, Context(snapshot, settings, as_of, attested), pack.policies)


def attestations_of(
    pack: Pack, policy: Policy, case: Mapping[str, Any], tenant: str
) -> Iterator[Attestation]:
    """Yield what a case says was attested: on every question of the policy, or on the one named."""
    for written in case.get("attestations", ()):
        asked = written.get("policy", policy.id)
        if asked not in pack.policies:
            raise CaseError(f"there is no policy `{asked}`")
        current = [manual.question for manual in manuals(pack.policies[asked].check)]
        if not current:
            raise CaseError(f"`{asked}` asks no question that could be answered")
        for question in [written["question"]] if "question" in written else current:
            yield Attestation(
                (tenant,), asked, question, written.get("answer") or "",
                written.get("by") or "", written.get("on") or "", written.get("valid_until"),
                written.get("subject"),
            )


def _settings(pack: Pack, policy: Policy, case: Mapping[str, Any]) -> dict[str, Setting]:
    declared = {**pack.parameters, **policy.parameters}
    given = {**policy.tests["tenant"].get("declarations", {}), **case.get("declarations", {}),
             **case.get("parameters", {})}
    for name in given:
        if name not in declared:
            raise CaseError(f"there is no parameter `{name}`")
    return in_force(declared, ("declarations", given))


def tenant_of(pack: Pack, written: Mapping[str, Any]) -> dict[str, Any]:
    """Return a test tenant as a whole one-file snapshot: on a fixture, and complete by default."""
    base: Mapping[str, Any] = {}
    if "from" in written:
        if written["from"] not in pack.fixtures:
            raise CaseError(f"there is no fixture `{written['from']}`")
        base = pack.fixtures[written["from"]]
    tenant = {"id": TENANT_ID, "displayName": "Contoso", "kind": "partner",
              **base.get("tenant", {}), **written.get("tenant", {})}
    collections = copy.deepcopy({**base.get("collections", {}), **written.get("collections", {})})
    for entry in collections.values():
        if "data" in entry:
            entry.setdefault("complete", True)
    exported_at = written.get("exportedAt", base.get("exportedAt", EXPORTED_AT))
    return {"format": 1, "tenant": tenant, "exportedAt": exported_at, "collections": collections}


# --- pointers -----------------------------------------------------------------------------------


def _tokens(pointer: str) -> list[str]:
    if not pointer.startswith("/"):
        raise CaseError(f"`{pointer}` is not a pointer such as `/users/0/accountEnabled`")
    return [t.replace("~1", "/").replace("~0", "~") for t in pointer[1:].split("/")]


def _parent(value: dict[str, Any], pointer: str) -> tuple[Any, str]:
    name, *below = _tokens(pointer)
    if name == "tenant":
        node: Any = value["tenant"]
    else:
        if not below:
            return value["collections"], name
        node = value["collections"].get(name, {}).get("data")
    for token in below[:-1]:
        node = _child(node, token, pointer)
    return node, below[-1] if below else ""


def _child(node: Any, token: str, pointer: str) -> Any:
    try:
        return node[int(token)] if isinstance(node, list) else node[token]
    except (KeyError, IndexError, ValueError, TypeError):
        raise CaseError(f"`{pointer}` leads nowhere: there is no `{token}`") from None


def put(value: dict[str, Any], pointer: str, new: Any) -> None:
    """Set what a pointer names; ``/-`` appends to a list; a whole collection is its data."""
    parent, token = _parent(value, pointer)
    if parent is value["collections"]:
        parent[token] = {"data": copy.deepcopy(new), "complete": True}
    elif isinstance(parent, list) and token == "-":
        parent.append(copy.deepcopy(new))
    elif isinstance(parent, list):
        _child(parent, token, pointer)
        parent[int(token)] = copy.deepcopy(new)
    elif isinstance(parent, dict):
        parent[token] = copy.deepcopy(new)
    else:
        raise CaseError(f"`{pointer}` leads nowhere")


def remove(value: dict[str, Any], pointer: str) -> None:
    """Remove what a pointer names, which must be there."""
    parent, token = _parent(value, pointer)
    _child(parent, token, pointer)
    if isinstance(parent, list):
        del parent[int(token)]
    else:
        del parent[token]


# --- comparing ----------------------------------------------------------------------------------


def _differences(case: Mapping[str, Any], finding: Finding) -> Iterator[Difference]:
    for key, actual_of in COMPARED.items():
        if key in case:
            actual, expected = actual_of(finding), case[key]
            if key in ("missing", "subjects", "unknowns"):
                expected = list(expected)
            if actual != expected:
                yield Difference(key, expected, actual)


def _unknowns(finding: Finding) -> list[str]:
    reasons = (m.reason for m in finding.unknowns)
    return sorted({".".join(filter(None, (r.collection, r.property))) for r in reasons})


def _subjects(finding: Finding) -> list[str]:
    return finding.outcome.those(finding.verdict)


def _closest(finding: Finding) -> str | None:
    return finding.outcome.closest.name if finding.outcome.closest else None


COMPARED: Final[dict[str, Callable[[Finding], Any]]] = {
    "verdict": lambda finding: finding.verdict.value,
    "missing": lambda finding: list(finding.outcome.missing),
    "closest": _closest,
    "subjects": _subjects,
    "unknowns": _unknowns,
    "message": lambda finding: finding.message,
    "severity": lambda finding: finding.severity.value,
}
