"""Which policies the benchmarks judge by, the goals, and what all peers know of the tenant."""

from __future__ import annotations

from typing import Any, Final

FOURTEEN: Final = (
    "MFA-002", "MFA-004", "MFA-007", "LEG-001", "SD-002", "LOG-001", "PRV-004", "PRV-005",
    "ISO-001", "GDAP-002", "GDAP-003", "GDAP-004", "GDAP-005", "GDAP-013",
)
"""Policies on users, Conditional Access, GDAP and sign-ins that every peer can express."""

FIRST: Final = (
    "APP-001", "DAP-001", "GDAP-002", "GDAP-003", "GDAP-004", "GDAP-005", "LEG-001", "LEG-004",
    "MFA-001", "MFA-002", "MFA-004", "SD-001", "SD-002", "SD-003",
)
"""The first fourteen policies that the pack had; none of them reads a sign-in."""

GOAL_WHOLE: Final = 1.0
GOAL_FOURTEEN: Final = 0.8
GOAL_MEMORY: Final = 0.45
GOAL_EVALUATION: Final = 30
GOAL_COLD_WARM_CACHE: Final = 1.3
GOAL_COLD: Final = 2.0
GOAL_STREAM_MB: Final = 64
GOAL_STREAM_FACTOR: Final = 10
GOAL_TENANT_MS: Final = 10

# What the peers are told, where our policies have parameters, profiles or tables of roles.
APPROVED_ROLES: Final = (
    "f023fd81-a637-4b56-95fd-791ac0226033", "4d6ac14f-3453-41d0-bef9-a3e0c569773a",
    "fdd7a751-b60b-444a-984c-02652fe8fa1c", "644ef478-e28f-4e28-b9dc-3fdde9aa0b1f",
    "88d8e3e3-8f55-4a1e-953a-9b9898b8876b", "95e79109-95c0-4d8e-aee3-d01accf2d47b",
    "790c1fb9-7f7d-4f88-86a1-ef1f95c05c1b",
)
GLOBAL_ADMINISTRATOR: Final = "62e90394-69f5-4237-9190-012177145e10"
PRIVILEGED_ROLES: Final = (GLOBAL_ADMINISTRATOR, "f2ef992c-3afb-46b9-b7cf-a126ee74c451")
LONGEST_DAYS: Final = 731
WINDOW_BEGINS: Final = "2026-11-13T06:00:00Z"
"""Seven days before the export: the window of sign-ins, and a relationship's days of grace."""

Answers = dict[str, Any]


def answers_of(failing: dict[str, list[str]]) -> Answers:
    """Return the answers of a peer from the ids of what fails, by policy."""
    return {
        name: {"verdict": "fail" if ids else "pass", "failing": sorted(set(ids))}
        for name, ids in sorted(failing.items())
    }
