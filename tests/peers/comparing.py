"""What a pack says of the cases of other tools, beside what those tools say."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from completing import ASSUMED, complete

from tenantproof.context import Context
from tenantproof.judge import judge
from tenantproof.pack import Pack
from tenantproof.parameters import in_force
from tenantproof.shape import Shapes
from tenantproof.snapshot import load_value

HERE = Path(__file__).parent
CASES = HERE.parent / "data" / "peer_cases.jsonl"
UNDECIDED = ("unknown", "manual")


def read(name: str) -> Any:
    """Return one of the files beside this module."""
    return json.loads((HERE / name).read_text(encoding="utf-8"))


TABLE: dict[str, dict[str, Any]] = read("table.json")["rules"]
DIFFERENCES: dict[str, dict[str, str]] = read("differences.json")


@dataclass(frozen=True, slots=True)
class Compared:
    """One case: what was expected, what came, and the words that came with it."""

    case: str
    expected: str
    actual: str
    words: str
    nothing: bool = False

    @property
    def decided(self) -> bool:
        """Whether we gave a verdict; what we cannot tell is no agreement."""
        return self.actual not in UNDECIDED

    @property
    def agrees(self) -> bool:
        """Whether both say the same."""
        return self.actual == self.expected or (self.nothing and self.fine)

    @property
    def fine(self) -> bool:
        """Whether neither finds anything wrong."""
        return {self.actual, self.expected} <= {"pass", "not_applicable"}


def cases() -> list[dict[str, Any]]:
    """Return the cases, as they came."""
    return [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]


def asked(pack: str, case: Mapping[str, Any]) -> list[str]:
    """Return the policies of a pack that answer a case; none where it does not ask that."""
    answer = TABLE[case["policy_id"]].get(pack, [])
    return answer if isinstance(answer, list) else []


def compared(pack: Pack, shapes: Shapes) -> Iterator[Compared]:
    """Judge each case whose policies are there."""
    for case in cases():
        names = asked(pack.id, case)
        if names and all(name in pack.policies for name in names):
            yield _compared(pack, case, names, shapes)


def missing(pack: Pack) -> dict[str, list[str]]:
    """Return the policies that the table names and the pack lacks, with the cases they leave."""
    left: dict[str, list[str]] = {}
    for case in cases():
        for name in asked(pack.id, case):
            if name not in pack.policies:
                left.setdefault(name, []).append(case["id"])
    return left


def _compared(
    pack: Pack, case: Mapping[str, Any], names: list[str], shapes: Shapes
) -> Compared:
    snapshot = load_value(complete(case), case["id"], shapes)
    findings = []
    for name in names:
        policy = pack.policies[name]
        declared = {**pack.parameters, **policy.parameters}
        given = {key: value for key, value in declarations(case).items() if key in declared}
        settings = in_force(declared, ("declarations", given))
        context = Context(snapshot, settings, snapshot.exported_at)
        findings.append(judge(policy, context, pack.policies))
    worst = min(findings, key=lambda finding: ORDER.index(finding.verdict.value))
    return Compared(case["id"], case["expected"], worst.verdict.value, worst.message,
                    "nothing_to_check" in TABLE[case["policy_id"]])


ORDER = ("error", "fail", "unknown", "manual", "pass", "not_applicable")


def declarations(case: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a case configures for its own tool, as parameters."""
    own = case.get("params", {}).get("Aad", {}).get(case["policy_id"], {})
    left_out, holders = own.get("CapExclusions", {}), own.get("RoleExclusions", {})
    return {
        "emergency_accounts": [
            *left_out.get("Users", []), *holders.get("Users", []), *holders.get("Groups", []),
            *(f"member-of-{group}" for group in left_out.get("Groups", [])),
            *_left_out_everywhere(case),
        ],
        "excluded_users": left_out.get("Users", []),
        "excluded_groups": left_out.get("Groups", []),
        "excluded_guest_types": left_out.get("GuestUserTypes", []),
        "excluded_applications": left_out.get("Applications", []),
        "permanent_holders": holders.get("Users", []) + holders.get("Groups", []),
    }


def _left_out_everywhere(case: Mapping[str, Any]) -> list[str]:
    if case["policy_id"] not in ASSUMED["declared"]["left_out_everywhere"]:
        return []
    policies = case["graph"]["identity/conditionalAccess/policies"]["value"]
    left_out = [set(p["conditions"]["users"]["excludeUsers"]) for p in policies
                if p["state"] == "enabled"]
    return sorted(set.intersection(*left_out))
