"""The fact `conditionalAccessAnalysis`: what a policy says, and the ways it means less."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from tenantproof.context import Context
from tenantproof.facts.base import value_at
from tenantproof.parameters import Setting
from tenantproof.shape import bundled_shapes
from tenantproof.snapshot import load_value
from tenantproof.verdict import Unknown, Why

ANA, BOB, EVE, SYNC = "ana", "bob", "eve", "sync"
OUTER, INNER = "outer", "inner"
GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"
SYNC_ROLE = "d29b2b05-8046-44ba-8758-1e26182fcf32"
DIRECTORY = {
    "users": [{"id": one} for one in (ANA, BOB, EVE, SYNC)],
    "groups": [{"id": OUTER, "displayName": "Outer"}, {"id": INNER, "displayName": "Inner"}],
    "groupMembers": [],
    "roleDefinitions": [],
    "servicePrincipals": [],
    "roleAssignments": [],
    "roleAssignmentScheduleInstances": [],
    "authenticationStrengthPolicies": [],
}
PARAMETERS = {"emergency_accounts": [EVE], "synchronisation_accounts": []}
ABSENT = object()
UNKNOWN = "?"


def policy(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return MFA for everyone, with changes by path; `ABSENT` takes a property away."""
    whole: dict[str, Any] = {
        "id": "p", "displayName": "MFA for all", "state": "enabled", "templateId": None,
        "conditions": {
            "applications": {
                "includeApplications": ["All"], "excludeApplications": [],
                "includeUserActions": [], "includeAuthenticationContextClassReferences": [],
                "applicationFilter": None,
            },
            "users": {
                "includeUsers": ["All"], "excludeUsers": [], "includeGroups": [],
                "excludeGroups": [], "includeRoles": [], "excludeRoles": [],
                "includeGuestsOrExternalUsers": None, "excludeGuestsOrExternalUsers": None,
            },
            "clientApplications": None, "clientAppTypes": ["all"], "platforms": None,
            "locations": None, "devices": None, "signInRiskLevels": [], "userRiskLevels": [],
            "servicePrincipalRiskLevels": [], "insiderRiskLevels": None,
            "authenticationFlows": None,
        },
        "grantControls": {
            "operator": "OR", "builtInControls": ["mfa"], "customAuthenticationFactors": [],
            "termsOfUse": [], "authenticationStrength": None,
        },
        "sessionControls": None,
    }
    for path, value in changes.items():
        *parents, last = path.split("/")
        place = whole
        for name in parents:
            place = place[name]
        if value is ABSENT:
            del place[last]
        else:
            place[last] = value
    return whole


def context(
    policies: list[dict[str, Any]],
    kind: str | None = "partner",
    parameters: Mapping[str, Any] = PARAMETERS,
    **collections: list[dict[str, Any]] | None,
) -> Context:
    """Return a tenant; a collection given as None was not exported."""
    data = {**DIRECTORY, "conditionalAccessPolicies": policies, **collections}
    manifest = {
        "format": 1,
        "tenant": {"id": "t", "kind": kind},
        "exportedAt": "2026-11-20T06:00:00Z",
        "collections": {
            name: {"complete": False, "reason": "denied"} if records is None
            else {"complete": True, "data": records}
            for name, records in data.items()
        },
    }
    settings = {name: Setting(value, "test") for name, value in parameters.items()}
    snapshot = load_value(manifest, "test", bundled_shapes())
    return Context(snapshot, settings, datetime(2026, 11, 20, tzinfo=UTC))


def plain(value: Any) -> Any:
    """Return a value with every Unknown as a question mark and records as tuples."""
    if isinstance(value, Unknown):
        return UNKNOWN
    if isinstance(value, list):
        return [plain(item) for item in value]
    names = [n for n in ("condition", "id", "through") if hasattr(value, n)]
    return tuple(getattr(value, n) for n in names) if names else value


def analysis(changes: Mapping[str, Any], *names: str, **given: Any) -> Any:
    """Return properties of the analysis of one policy: one value, or several as a tuple."""
    tenant = context([policy(changes)], **given)
    record = tenant.collection("conditionalAccessAnalysis").records[0]
    found = tuple(plain(value_at(record, name)) for name in names)
    return found[0] if len(names) == 1 else found


def test_a_whole_policy_is_tenant_wide_mfa() -> None:
    """MFA for all users, all resources and every condition is tenant-wide MFA."""
    names = ("enforced", "requiresMfa", "includesAllUsers", "coversAllResources", "tenantWideMfa",
             "blocks", "narrowedBy", "excludedAccounts", "excludesGuests")

    expected = (True, True, True, True, True, False, [], [], False)
    assert analysis({}, *names) == expected


GRANT = "grantControls"
STRENGTH = f"{GRANT}/authenticationStrength"
ONLY_STRENGTH = {f"{GRANT}/builtInControls": []}


def strength(*combinations: str, key: str = "own", satisfied: Any = ABSENT) -> dict[str, Any]:
    """Return an authentication strength."""
    found: dict[str, Any] = {"id": key, "allowedCombinations": list(combinations)}
    return found if satisfied is ABSENT else {**found, "requirementsSatisfied": satisfied}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({GRANT: None}, False),
        ({GRANT: ABSENT}, UNKNOWN),
        ({f"{GRANT}/builtInControls": ["mfa", "compliantDevice"]}, False),
        ({f"{GRANT}/builtInControls": ["mfa", "compliantDevice"], f"{GRANT}/operator": "AND"},
         True),
        ({f"{GRANT}/builtInControls": ["mfa", "compliantDevice"], f"{GRANT}/operator": None},
         UNKNOWN),
        ({f"{GRANT}/operator": ABSENT}, True),
        ({f"{GRANT}/builtInControls": ["compliantDevice"]}, False),
        ({f"{GRANT}/builtInControls": ["block"]}, False),
        ({f"{GRANT}/termsOfUse": ["terms"]}, False),
        ({f"{GRANT}/termsOfUse": ABSENT}, UNKNOWN),
        ({f"{GRANT}/termsOfUse": ["terms"], f"{GRANT}/operator": "AND"}, True),
        ({f"{GRANT}/customAuthenticationFactors": ["Duo"]}, False),
        ({f"{GRANT}/builtInControls": ["unknownFutureValue"]}, UNKNOWN),
        ({f"{GRANT}/builtInControls": ["mfa", "unknownFutureValue"]}, UNKNOWN),
        ({f"{GRANT}/builtInControls": ["mfa", "unknownFutureValue"], f"{GRANT}/operator": "AND"},
         True),
        ({f"{GRANT}/builtInControls": ["compliantDevice", "unknownFutureValue"]}, False),
        ({f"{GRANT}/builtInControls": "mfa"}, UNKNOWN),
        ({f"{GRANT}/newControl": ["x"]}, UNKNOWN),
        ({STRENGTH: ABSENT}, True),
        ({STRENGTH: strength("fido2")}, UNKNOWN),
        ({STRENGTH: ABSENT, **ONLY_STRENGTH}, UNKNOWN),
        ({STRENGTH: ABSENT, f"{GRANT}/builtInControls": ["compliantDevice"]}, False),
        (ONLY_STRENGTH, False),
        ({STRENGTH: strength("fido2", "password,sms"), **ONLY_STRENGTH}, True),
        ({STRENGTH: strength("fido2", "password"), **ONLY_STRENGTH}, False),
        ({STRENGTH: strength("fido2", "password", satisfied="mfa"), **ONLY_STRENGTH}, False),
        ({STRENGTH: strength("fido2", satisfied="none"), **ONLY_STRENGTH}, False),
        ({STRENGTH: strength("fido2", "pigeon"), **ONLY_STRENGTH}, UNKNOWN),
        ({STRENGTH: strength(satisfied="mfa"), **ONLY_STRENGTH}, True),
        ({STRENGTH: strength("sms"), **ONLY_STRENGTH}, False),
        ({STRENGTH: {"id": "00000000-0000-0000-0000-000000000004"}, **ONLY_STRENGTH}, True),
        ({STRENGTH: {"id": "00000000-0000-0000-0000-000000000005"}, **ONLY_STRENGTH}, UNKNOWN),
        ({STRENGTH: {"id": "LISTED"}, **ONLY_STRENGTH}, True),
        ({STRENGTH: {"id": "weak"}, **ONLY_STRENGTH}, False),
        ({STRENGTH: {"id": "weak"}, f"{GRANT}/builtInControls": ["compliantDevice"],
          f"{GRANT}/operator": "AND"}, False),
    ],
)
def test_requires_mfa(changes: Mapping[str, Any], expected: Any) -> None:
    """A policy requires MFA when no control that it accepts does without."""
    strengths = [
        {"id": "listed", "allowedCombinations": ["password,softwareOath"]},
        {"id": "weak", "allowedCombinations": ["fido2", "federatedSingleFactor"]},
    ]

    found = analysis(changes, "requiresMfa", authenticationStrengthPolicies=strengths)
    assert found == expected


def test_a_strength_by_id_needs_the_strengths() -> None:
    """A strength given by id is unknown where the strengths were not exported."""
    changes = {STRENGTH: {"id": "listed"}, **ONLY_STRENGTH}

    assert analysis(changes, "requiresMfa", authenticationStrengthPolicies=None) == UNKNOWN


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({f"{GRANT}/builtInControls": ["block"]}, True),
        ({}, False),
        ({GRANT: None}, False),
        ({f"{GRANT}/builtInControls": ["block", "mfa"]}, UNKNOWN),
        ({f"{GRANT}/builtInControls": ["block", "mfa"], f"{GRANT}/operator": "AND"}, True),
        ({f"{GRANT}/builtInControls": ["block"], f"{GRANT}/termsOfUse": ["t"]}, UNKNOWN),
        ({f"{GRANT}/builtInControls": ["unknownFutureValue"]}, UNKNOWN),
        ({f"{GRANT}/builtInControls": ABSENT}, UNKNOWN),
    ],
)
def test_blocks(changes: Mapping[str, Any], expected: Any) -> None:
    """A policy blocks where `block` stands alone."""
    assert analysis(changes, "blocks") == expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("enabled", True),
        ("disabled", False),
        ("enabledForReportingButNotEnforced", False),
        ("paused", UNKNOWN),
        (ABSENT, UNKNOWN),
    ],
)
def test_enforced(state: Any, expected: Any) -> None:
    """Only a policy that is switched on enforces anything; report-only does not."""
    names = ("enforced", "tenantWideMfa")

    assert analysis({"state": state}, *names) == (expected, expected)


CONDITION_CASES = [
    ("locations", {"includeLocations": ["All"], "excludeLocations": []}, False),
    ("locations", {"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}, True),
    ("locations", {"includeLocations": ["AllTrusted"], "excludeLocations": []}, True),
    ("locations", {"includeLocations": ["All"]}, UNKNOWN),
    ("locations", {"excludeLocations": ["office"]}, True),
    ("platforms", {"includePlatforms": ["all"], "excludePlatforms": []}, False),
    ("platforms", {"includePlatforms": ["android", "iOS", "windows", "windowsPhone", "macOS",
                                        "linux"], "excludePlatforms": []}, True),
    ("platforms", {"includePlatforms": ["all"], "excludePlatforms": ["linux"]}, True),
    ("platforms", {"includePlatforms": ["amiga"], "excludePlatforms": []}, UNKNOWN),
    ("devices", {"deviceFilter": None}, False),
    ("devices", {"deviceFilter": {"mode": "exclude", "rule": "device.isCompliant -eq True"}},
     True),
    ("devices", {}, UNKNOWN),
    ("signInRiskLevels", ["high"], True),
    ("signInRiskLevels", ["hidden"], True),
    ("userRiskLevels", ["low", "medium", "high"], True),
    ("userRiskLevels", "low", UNKNOWN),
    ("insiderRiskLevels", "elevated", True),
    ("authenticationFlows", {"transferMethods": None}, False),
    ("authenticationFlows", {"transferMethods": "none"}, False),
    ("authenticationFlows", {"transferMethods": "deviceCodeFlow"}, True),
    ("clientApplications", {"includeServicePrincipals": ["ServicePrincipalsInMyTenant"],
                            "excludeServicePrincipals": [], "servicePrincipalFilter": None}, True),
    ("clientAppTypes", ["browser", "mobileAppsAndDesktopClients"], False),
    ("clientAppTypes", ["browser"], True),
    ("clientAppTypes", ["exchangeActiveSync", "other"], True),
    ("clientAppTypes", ["browser", "unknownFutureValue"], UNKNOWN),
    ("servicePrincipalRiskLevels", ["high"], False),
    *((name, ABSENT, UNKNOWN) for name in (
        "locations", "platforms", "devices", "signInRiskLevels", "userRiskLevels",
        "insiderRiskLevels", "authenticationFlows", "clientApplications", "clientAppTypes")),
    ("somethingNew", {"narrow": True}, UNKNOWN),
    ("somethingNew", None, False),
]
NARROWED = {True: False, False: True, UNKNOWN: UNKNOWN}


@pytest.mark.parametrize(("name", "value", "narrows"), CONDITION_CASES)
def test_narrowing_conditions(name: str, value: Any, narrows: Any) -> None:
    """A condition narrows, does not, or may; a policy that is narrowed is not tenant-wide."""
    properties = ("narrowedBy", "tenantWideMfa")
    expected = {True: [(name,)], False: [], UNKNOWN: UNKNOWN}[narrows]

    found = analysis({f"conditions/{name}": value}, *properties)
    assert found == (expected, NARROWED[narrows])


def test_proven_narrowing_outlasts_doubt() -> None:
    """A proven condition stays in the list beside one that is not known."""
    changes = {"conditions/platforms": ABSENT, "conditions/signInRiskLevels": ["high"]}

    found = analysis(changes, "narrowedBy", "tenantWideMfa")
    assert found == ([("signInRiskLevels",), UNKNOWN], False)


def test_narrowing_shows_its_value() -> None:
    """The value of a condition is shown on one line, its lists sorted."""
    locations = {"includeLocations": ["All"], "excludeLocations": ["b", "AllTrusted"]}
    record = context([policy({"conditions/locations": locations})]).collection(
        "conditionalAccessAnalysis").records[0]

    shown = [value_at(one, "value") for one in value_at(record, "narrowedBy")]
    assert shown == ["includeLocations All; excludeLocations AllTrusted, b"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"includeApplications": ["Office365"]}, (False, [])),
        ({"includeApplications": ["None"]}, (False, [])),
        ({"includeApplications": []}, (False, [])),
        ({"excludeApplications": ["invoicing"]}, (False, [])),
        ({"excludeApplications": ABSENT}, (UNKNOWN, [])),
        ({"applicationFilter": {"mode": "exclude", "rule": "x"}},
         (False, [("applicationFilter",)])),
        ({"applicationFilter": ABSENT}, (UNKNOWN, UNKNOWN)),
        ({"globalSecureAccess": {"on": True}}, (UNKNOWN, [])),
    ],
)
def test_covers_all_resources(changes: Mapping[str, Any], expected: Any) -> None:
    """Every resource means `All` without exclusion, filter or anything unheard of."""
    placed = {f"conditions/applications/{name}": value for name, value in changes.items()}

    assert analysis(placed, "coversAllResources", "narrowedBy") == expected


MEMBERS = [
    {"id": OUTER, "members": [{"id": INNER, "@odata.type": "#microsoft.graph.group"},
                              {"id": BOB, "@odata.type": "#microsoft.graph.user"},
                              {"id": "app", "@odata.type": "#microsoft.graph.servicePrincipal"}]},
    {"id": INNER, "members": [{"id": OUTER, "@odata.type": "#microsoft.graph.group"},
                              {"id": ANA, "@odata.type": "#microsoft.graph.user"}]},
]
HOLDS = {"id": "1", "directoryScopeId": "/", "appScopeId": None}
BY_ANA = {**HOLDS, "principalId": ANA, "roleDefinitionId": GLOBAL_ADMINISTRATOR}
BY_OUTER = {**HOLDS, "principalId": OUTER, "roleDefinitionId": GLOBAL_ADMINISTRATOR}
IN_A_UNIT = {**BY_ANA, "directoryScopeId": "/administrativeUnits/1"}
BY_SYNC = {**HOLDS, "principalId": SYNC, "roleDefinitionId": SYNC_ROLE}
ROLE = {"excludeRoles": [GLOBAL_ADMINISTRATOR]}


@pytest.mark.parametrize(
    ("excluded", "given", "accounts", "wide"),
    [
        ({"excludeUsers": ["ANA"]}, {}, [ANA], False),
        ({"excludeUsers": [EVE]}, {}, [EVE], False),
        ({"excludeUsers": [EVE], "excludeGroups": [OUTER]}, {"groupMembers": MEMBERS},
         [ANA, BOB, EVE], False),
        ({"excludeGroups": [OUTER]}, {}, UNKNOWN, UNKNOWN),
        ({"excludeGroups": [OUTER]}, {"groupMembers": MEMBERS[:1]}, [BOB, UNKNOWN], False),
        ({"excludeGroups": [OUTER]}, {"groupMembers": None}, UNKNOWN, UNKNOWN),
        ({"excludeGroups": [INNER]}, {"groupMembers": [{"id": INNER, "members": []}]}, [], True),
        ({"excludeUsers": [SYNC]}, {"roleAssignments": [BY_SYNC]}, [SYNC], True),
        ({"excludeUsers": [SYNC]}, {"roleAssignments": None,
                                    "roleAssignmentScheduleInstances": None}, [SYNC], UNKNOWN),
        ({"excludeRoles": [SYNC_ROLE]}, {"roleAssignments": [BY_SYNC]}, [SYNC], True),
        (ROLE, {"roleAssignments": [BY_ANA]}, [ANA], False),
        (ROLE, {"roleAssignments": [IN_A_UNIT]}, [], False),
        (ROLE, {"roleAssignments": [BY_OUTER], "groupMembers": MEMBERS}, [ANA, BOB], False),
        (ROLE, {"roleAssignments": [BY_OUTER]}, UNKNOWN, False),
        (ROLE, {"roleAssignments": None, "roleAssignmentScheduleInstances": None}, UNKNOWN, False),
        ({"excludeUsers": ABSENT}, {}, UNKNOWN, UNKNOWN),
        ({"excludeUsers": "ana"}, {}, UNKNOWN, UNKNOWN),
        ({"excludeAgents": ["a"]}, {}, UNKNOWN, UNKNOWN),
    ],
)
def test_excluded_accounts(
    excluded: Mapping[str, Any], given: dict[str, Any], accounts: Any, wide: Any
) -> None:
    """Accounts are left out by name, through nested groups and roles; what is open is said."""
    placed = {f"conditions/users/{name}": value for name, value in excluded.items()}

    assert analysis(placed, "excludedAccounts", "tenantWideMfa", **given) == (accounts, wide)


def test_excluded_paths_name_the_chain() -> None:
    """Every way out is named: the user, the chain of groups, the role."""
    changes = {"conditions/users/excludeUsers": [ANA], "conditions/users/excludeGroups": [OUTER],
               "conditions/users/excludeRoles": [GLOBAL_ADMINISTRATOR]}

    found = analysis(changes, "excludedPaths", groupMembers=MEMBERS, roleAssignments=[BY_OUTER])
    assert found == [
        (ANA, "Outer > Inner"), (ANA, "role Global Administrator > Outer > Inner"),
        (ANA, "user"), (BOB, "Outer"), (BOB, "role Global Administrator > Outer"),
    ]


def guests(types: Any) -> dict[str, Any]:
    """Return a policy's change that leaves out guest types."""
    return {"conditions/users/excludeGuestsOrExternalUsers": {"guestOrExternalUserTypes": types}}


@pytest.mark.parametrize(
    ("changes", "kind", "types", "excludes", "wide"),
    [
        (guests("internalGuest"), "partner", ["internalGuest"], True, False),
        (guests("serviceProvider"), "partner", ["serviceProvider"], False, True),
        (guests("serviceProvider"), "customer", ["serviceProvider"], False, False),
        (guests("serviceProvider"), None, ["serviceProvider"], False, UNKNOWN),
        (guests("serviceProvider,b2bCollaborationGuest"), "partner",
         ["b2bCollaborationGuest", "serviceProvider"], True, False),
        (guests("none"), "partner", [], False, True),
        (guests("martian"), "partner", UNKNOWN, UNKNOWN, UNKNOWN),
        ({"conditions/users/excludeGuestsOrExternalUsers": ABSENT}, "partner",
         UNKNOWN, UNKNOWN, UNKNOWN),
        ({"conditions/users/excludeUsers": ["GuestsOrExternalUsers"]}, "partner",
         ["b2bCollaborationGuest", "b2bCollaborationMember", "internalGuest",
          "otherExternalUser"], True, False),
    ],
)
def test_excluded_guests(
    changes: Mapping[str, Any], kind: str | None, types: Any, excludes: Any, wide: Any
) -> None:
    """Guest types are holes, save `serviceProvider` in a partner's own tenant."""
    names = ("excludedGuestTypes", "excludesGuests", "tenantWideMfa")

    assert analysis(changes, *names, kind=kind) == (types, excludes, wide)


def test_undeclared_accounts_are_not_known() -> None:
    """Where nobody declared emergency accounts, an exclusion may be one."""
    changes = {"conditions/users/excludeUsers": [ANA]}

    assert analysis(changes, "tenantWideMfa", parameters={}) == UNKNOWN


@pytest.mark.parametrize(
    ("users", "expected"),
    [
        ({"includeUsers": ["None"]}, False),
        ({"includeUsers": [ANA], "includeGroups": [OUTER]}, False),
        ({"includeUsers": ABSENT}, UNKNOWN),
        ({"includeUsers": ["all"]}, True),
    ],
)
def test_includes_all_users(users: Mapping[str, Any], expected: Any) -> None:
    """Everyone is included by the word `All` only."""
    placed = {f"conditions/users/{name}": value for name, value in users.items()}

    assert analysis(placed, "includesAllUsers", "tenantWideMfa") == (expected, expected)


BLOCK = {f"{GRANT}/builtInControls": ["block"]}


@pytest.mark.parametrize(
    ("clients", "blocks", "only"),
    [
        (["exchangeActiveSync", "other"], True, True),
        (["exchangeActiveSync", "easSupported", "other"], True, True),
        (["exchangeActiveSync"], False, False),
        (["other"], False, False),
        (["all"], True, False),
        (["browser", "exchangeActiveSync", "other"], True, False),
        (["exchangeActiveSync", "unknownFutureValue"], UNKNOWN, UNKNOWN),
        (ABSENT, UNKNOWN, UNKNOWN),
    ],
)
def test_legacy_clients(clients: Any, blocks: Any, only: Any) -> None:
    """Legacy authentication is blocked when both kinds of client are; `all` blocks far more."""
    changes = {**BLOCK, "conditions/clientAppTypes": clients}

    found = analysis(changes, "blocksLegacyClients", "blocksOnlyLegacyClients", "legacyNarrowedBy")
    assert found == (blocks, only, [])


def test_a_legacy_block_under_a_risk_is_narrowed() -> None:
    """A block of legacy clients that waits for a risk is narrowed by it, not by its clients."""
    changes = {**BLOCK, "conditions/clientAppTypes": ["exchangeActiveSync", "other"],
               "conditions/userRiskLevels": ["high"]}

    assert analysis(changes, "legacyNarrowedBy") == [("userRiskLevels",)]


@pytest.mark.parametrize(
    ("name", "baseline", "managed"),
    [
        ("BASELINE POLICY: End user protection", True, False),
        ("Microsoft-managed: Require MFA for admins", False, True),
        ("Our baseline policy: MFA", False, False),
        (None, False, False),
        (ABSENT, UNKNOWN, UNKNOWN),
    ],
)
def test_origin(name: Any, baseline: Any, managed: Any) -> None:
    """Retired baseline policies and Microsoft's own are known by how their names begin."""
    found = analysis({"displayName": name}, "isBaseline", "isMicrosoftManaged")

    assert found == (baseline, managed)


@pytest.mark.parametrize(("exported", "complete"), [([], True), (None, False)])
def test_completeness(exported: Any, complete: bool) -> None:
    """No policies at all is an empty fact; policies that were not exported make it incomplete."""
    tenant = context([], conditionalAccessPolicies=exported)
    found = tenant.collection("conditionalAccessAnalysis")

    assert (list(found.records), found.complete) == ([], complete)


def test_doubts_name_the_group() -> None:
    """An unknown says which group's members have to be exported."""
    tenant = context([policy({"conditions/users/excludeGroups": [OUTER]})])
    record = tenant.collection("conditionalAccessAnalysis").records[0]

    reason = value_at(record, "excludedAccounts").reasons[0]
    assert (reason.collection, reason.why, reason.detail) == (
        "groupMembers", Why.NOT_EXPORTED, "there is no record of the group `Outer`")


COVERS_EVE = {"conditions/users/includeUsers": [EVE]}


@pytest.mark.parametrize(
    ("second", "given", "alone", "wide"),
    [
        (COVERS_EVE, {}, [], True),
        ({}, {}, [], True),
        ({**COVERS_EVE, "state": "enabledForReportingButNotEnforced"}, {}, [EVE], False),
        ({**COVERS_EVE, "conditions/signInRiskLevels": ["high"]}, {}, [EVE], False),
        ({**COVERS_EVE, "conditions/users/excludeUsers": [EVE]}, {}, [EVE], False),
        ({"conditions/users/includeUsers": [ANA]}, {}, [EVE], False),
        ({"conditions/users/includeUsers": [], "conditions/users/includeGroups": [OUTER]}, {},
         UNKNOWN, UNKNOWN),
        ({**COVERS_EVE, "conditions/users/excludeUsers": ["GuestsOrExternalUsers"]}, {},
         UNKNOWN, UNKNOWN),
    ],
)
def test_an_emergency_account_needs_another_policy(
    second: Mapping[str, Any], given: dict[str, Any], alone: Any, wide: Any
) -> None:
    """A declared emergency account may be left out only while another policy covers it."""
    first = policy({"conditions/users/excludeUsers": [EVE]})
    tenant = context([first, {**policy(second), "id": "second"}], **given)
    record = tenant.collection("conditionalAccessAnalysis").records[0]
    found = [value_at(record, name) for name in ("uncoveredEmergencyAccounts", "tenantWideMfa")]

    assert [UNKNOWN if isinstance(v, Unknown) else v for v in found] == [alone, wide]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),
        ({f"{GRANT}/builtInControls": ["mfa", "compliantDevice"]}, True),
        ({f"{GRANT}/builtInControls": ["compliantDevice"]}, False),
        ({f"{GRANT}/builtInControls": ["block"]}, False),
        ({STRENGTH: strength("password"), **ONLY_STRENGTH}, True),
        ({STRENGTH: ABSENT, **ONLY_STRENGTH}, UNKNOWN),
        ({GRANT: None}, False),
        ({GRANT: ABSENT}, UNKNOWN),
    ],
)
def test_names_mfa(changes: Mapping[str, Any], expected: Any) -> None:
    """MFA is named wherever it stands among the controls, even beside a way around it."""
    assert expected == analysis(changes, "namesMfa")


@pytest.mark.parametrize(
    ("controls", "expected"),
    [
        (["compliantDevice"], True),
        (["compliantDevice", "domainJoinedDevice"], True),
        (["compliantDevice", "mfa"], False),
        (["mfa"], False),
        ("compliantDevice", UNKNOWN),
    ],
)
def test_requires_managed_device(controls: Any, expected: Any) -> None:
    """A managed device is required where nothing else may be chosen in its place."""
    assert expected == analysis({f"{GRANT}/builtInControls": controls}, "requiresManagedDevice")


FREQUENCY = {"isEnabled": True, "value": 4, "type": "hours", "frequencyInterval": "timeBased"}


@pytest.mark.parametrize(
    ("frequency", "expected"),
    [
        (FREQUENCY, 4),
        ({**FREQUENCY, "type": "days"}, 96),
        ({**FREQUENCY, "value": None, "type": None, "frequencyInterval": "everyTime"}, 0),
        ({**FREQUENCY, "isEnabled": False}, None),
        ({**FREQUENCY, "isEnabled": "True"}, UNKNOWN),
        ({**FREQUENCY, "value": None}, UNKNOWN),
        ({**FREQUENCY, "value": "4"}, UNKNOWN),
        ({**FREQUENCY, "frequencyInterval": "unknownFutureValue"}, UNKNOWN),
        (None, None),
    ],
)
def test_sign_in_frequency(frequency: Any, expected: Any) -> None:
    """The sign-in frequency is told in hours, and only where the control is on."""
    controls = {"sessionControls": {"signInFrequency": frequency}}
    assert expected == analysis(controls, "signInFrequencyHours")


def test_a_policy_without_session_controls_limits_no_session() -> None:
    """Without session controls there is no sign-in frequency; not exported is unknown."""
    expected = (None, UNKNOWN)
    assert expected == (analysis({}, "signInFrequencyHours"),
                        analysis({"sessionControls": ABSENT}, "signInFrequencyHours"))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (None, []),
        ({"transferMethods": "none"}, []),
        ({"transferMethods": "deviceCodeFlow,authenticationTransfer"},
         ["deviceCodeFlow", "authenticationTransfer"]),
        ({"transferMethods": "unknownFutureValue"}, UNKNOWN),
        ({}, UNKNOWN),
    ],
)
def test_authentication_flows(condition: Any, expected: Any) -> None:
    """The flows that a policy is limited to are told one by one."""
    changes = {"conditions/authenticationFlows": condition}
    assert expected == analysis(changes, "authenticationFlows")


def test_user_actions_are_told() -> None:
    """A policy's user actions are told as they stand."""
    actions = ["urn:user:registersecurityinfo"]
    changes = {"conditions/applications/includeUserActions": actions}
    assert actions == analysis(changes, "includedUserActions")
