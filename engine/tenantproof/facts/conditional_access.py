"""The fact `conditionalAccessAnalysis`: what each Conditional Access policy really does.

One record per policy. A policy is tenant-wide MFA when it is switched on, demands MFA of everyone,
for every resource, under every condition, and leaves out nobody but declared accounts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from msgspec import Struct

from tenantproof.collection import Collection
from tenantproof.facts import groups, roles
from tenantproof.facts.base import Fact, Inputs, fact, value_at
from tenantproof.facts.controls import (
    Strengths,
    blocks,
    names_mfa,
    requires_device,
    requires_mfa,
    strange,
)
from tenantproof.facts.emergency import Demand, uncovered
from tenantproof.facts.exclusions import (
    Directory,
    Excluded,
    excluded,
    excludes_guests,
    guest_types,
    leaves_out_only_declared,
)
from tenantproof.facts.lists import copied, listed, open_list
from tenantproof.facts.narrowing import LEGACY, Narrowing, as_list, holds_something, narrowings
from tenantproof.facts.sessions import flows, sign_in_frequency
from tenantproof.verdict import Truth, Unknown, all_true, any_true, negated

NAME: Final = "conditionalAccessAnalysis"
LEGACY_ONLY: Final = frozenset({*LEGACY, "eassupported"})


def build(inputs: Inputs) -> Collection:
    """Return one record per policy, in the export's order."""
    policies = inputs.collection("conditionalAccessPolicies")
    directory = Directory(inputs)
    strengths = Strengths(inputs.collection("authenticationStrengthPolicies"))
    found = [row(policy, directory, strengths) for policy in policies.records]
    demands = [demand for _, demand in found]
    rows = (
        (policies.pointer(index), _settled(analysis, demand, demands, directory))
        for index, (analysis, demand) in enumerate(found)
    )
    return fact(inputs.shape(NAME), rows, policies)


def _settled(
    analysis: dict[str, Any], demand: Demand, demands: Sequence[Demand], directory: Directory
) -> dict[str, Any]:
    """Add what can only be told with all the other policies in view."""
    alone = uncovered(demand, demands, directory)
    covered = listed(alone).is_empty()
    return {
        **analysis,
        "uncoveredEmergencyAccounts": alone,
        "tenantWideMfa": all_true([analysis["tenantWideMfa"], covered]),
    }


def row(
    policy: Struct, directory: Directory, strengths: Strengths
) -> tuple[dict[str, Any], Demand]:
    """Return the analysis of one policy, by property, and of whom it may demand MFA."""
    left_out = excluded(policy, directory)
    demands = _demands(policy, strengths)
    reach = _reach(policy)
    narrowed = narrowings(policy)
    unconditional = as_list(narrowed).is_empty()
    only_declared = leaves_out_only_declared(left_out, directory)
    always = all_true([*demands.values(), reach["coversAllResources"], unconditional])
    return {
        **{name: value_at(policy, name) for name in ("id", "displayName", "state", "templateId")},
        **demands, **reach, **_narrowed(narrowed), **_included(policy), **_left_out(left_out),
        **_legacy(policy), **_origin(value_at(policy, "displayName")),
        "demandsMfaOrBlocks": any_true([demands["requiresMfa"], blocks(policy)]),
        "requiresManagedDevice": requires_device(policy),
        "namesMfa": names_mfa(policy),
        "signInFrequencyHours": sign_in_frequency(policy),
        "authenticationFlows": flows(policy),
        "leavesOutOnlyDeclared": only_declared,
        "tenantWideMfa": all_true([always, reach["includesAllUsers"], only_declared]),
    }, Demand(policy, always, left_out)


def _demands(policy: Struct, strengths: Strengths) -> dict[str, Truth]:
    state = value_at(policy, "state")
    return {
        "enforced": state if isinstance(state, Unknown) else state == "enabled",
        "requiresMfa": requires_mfa(policy, strengths),
    }


def _reach(policy: Struct) -> dict[str, Truth]:
    users = value_at(policy, "conditions", "users")
    return {
        "includesAllUsers": all_true([
            listed(value_at(users, "includeUsers")).contains("all"),
            *strange(users, "conditions.users"),
        ]),
        "coversAllResources": covers_all_resources(policy),
    }


def covers_all_resources(policy: Struct) -> Truth:
    """Tell whether a policy is for every resource: `All`, without exclusion or filter."""
    applications = value_at(policy, "conditions", "applications")
    included = listed(value_at(applications, "includeApplications"))
    return all_true([
        included.contains("all"),
        listed(value_at(applications, "excludeApplications")).is_empty(),
        negated(holds_something(value_at(applications, "applicationFilter"))),
        *strange(applications, "conditions.applications"),
    ])


def _narrowed(found: list[Narrowing]) -> dict[str, Any]:
    by_others = as_list([n for n in found if n.condition != "clientAppTypes"])
    return {"narrowedBy": as_list(found).as_property(), "legacyNarrowedBy": by_others.as_property()}


INCLUDED: Final = {
    "includedUsers": ("users", "includeUsers"),
    "includedGroups": ("users", "includeGroups"),
    "includedRoles": ("users", "includeRoles"),
    "includedResources": ("applications", "includeApplications"),
    "includedUserActions": ("applications", "includeUserActions"),
    "excludedResources": ("applications", "excludeApplications"),
    "excludedGroups": ("users", "excludeGroups"),
    "excludedRoles": ("users", "excludeRoles"),
    "clientAppTypes": ("clientAppTypes",),
}


def _included(policy: Struct) -> dict[str, Any]:
    users = value_at(policy, "conditions", "users")
    lists = {n: copied(value_at(policy, "conditions", *path)) for n, path in INCLUDED.items()}
    return {**lists, "includedGuestTypes": guest_types(users, "include").as_property()}


def _left_out(found: Excluded) -> dict[str, Any]:
    routes = [{"id": r.account, "through": r.through} for r in found.routes]
    return {
        "excludedAccounts": open_list(found.accounts, found.doubts),
        "excludedPaths": open_list(routes, found.doubts),
        "excludedGuestTypes": found.guests.as_property(),
        "excludesGuests": excludes_guests(found.guests),
    }


def _legacy(policy: Struct) -> dict[str, Truth]:
    clients = listed(value_at(policy, "conditions", "clientAppTypes"))
    both = all_true(clients.contains(word) for word in LEGACY)
    only = all_true([*(word in LEGACY_ONLY for word in clients.texts), *clients.doubts])
    block = blocks(policy)
    return {
        "blocks": block,
        "blocksLegacyClients": all_true([block, any_true([clients.contains("all"), both])]),
        "blocksOnlyLegacyClients": all_true([block, both, only]),
    }


def _origin(name: Any) -> dict[str, Truth]:
    return {
        "isBaseline": _begins(name, "baseline policy:"),
        "isMicrosoftManaged": _begins(name, "microsoft-managed:"),
    }


def _begins(name: Any, beginning: str) -> Truth:
    if isinstance(name, Unknown):
        return name
    return isinstance(name, str) and name.strip().casefold().startswith(beginning)


FACT: Final = Fact(
    NAME,
    ("conditionalAccessPolicies", "authenticationStrengthPolicies", *groups.INPUTS, *roles.INPUTS),
    ("emergency_accounts", "synchronisation_accounts"),
    build,
)
