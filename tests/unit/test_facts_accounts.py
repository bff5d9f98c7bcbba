"""The fact `accounts`: a user joined with everything else that is known of the account."""

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
from tenantproof.verdict import Unknown

GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"
DIRECTORY_READERS = "88d8e3e3-8f55-4a1e-953a-9b9898b8876b"
SYNC_ROLE = "d29b2b05-8046-44ba-8758-1e26182fcf32"
P1, P2 = "41781fb2-bc02-4b7c-bd55-b576c07bb09d", "eec0eb4f-6444-4f95-aba0-50c24d67f998"
UNKNOWN = "?"
ABSENT = object()
ANA = {
    "id": "ana", "displayName": "Ana", "userPrincipalName": "Ana@Contoso.com",
    "userType": "Member", "accountEnabled": True, "creationType": None, "externalUserState": None,
    "onPremisesSyncEnabled": None, "assignedLicenses": [], "assignedPlans": [],
}
EMPTY = (
    "userRegistrationDetails", "perUserMfa", "domains", "domainFederation", "groups",
    "groupMembers", "roleDefinitions", "servicePrincipals", "roleAssignments",
    "roleAssignmentScheduleInstances", "roleEligibilityScheduleInstances",
)
PARAMETERS = {
    "emergency_accounts": ["EVE"], "service_accounts": [], "synchronisation_accounts": ["sync"],
}
USER, GROUP = "#microsoft.graph.user", "#microsoft.graph.group"


def fact(
    user: Mapping[str, Any], parameters: Mapping[str, Any] = PARAMETERS, **given: Any
) -> Any:
    """Return the fact of a tenant with one user; a collection given as None was not exported."""
    data = {"users": [{k: v for k, v in user.items() if v is not ABSENT}],
            **{name: [] for name in EMPTY}, **given}
    manifest = {
        "format": 1, "tenant": {"id": "t", "kind": "partner"},
        "exportedAt": "2026-11-20T06:00:00Z",
        "collections": {
            name: {"complete": False, "reason": "denied"} if records is None
            else {"complete": True, "data": records}
            for name, records in data.items()
        },
    }
    settings = {name: Setting(value, "test") for name, value in parameters.items()}
    snapshot = load_value(manifest, "test", bundled_shapes())
    return Context(snapshot, settings, datetime(2026, 11, 20, tzinfo=UTC)).collection("accounts")


def plain(value: Any) -> Any:
    """Return a value with every Unknown as a question mark and roles as tuples."""
    if isinstance(value, Unknown):
        return UNKNOWN
    if isinstance(value, list):
        return [plain(item) for item in value]
    if hasattr(value, "privileged"):
        names = ("name", "privileged", "scope", "via")
        return tuple(plain(value_at(value, name)) for name in names)
    return value


def account(changes: Mapping[str, Any], *names: str, **given: Any) -> Any:
    """Return properties of the account of a user: one value, or several as a tuple."""
    record = fact({**ANA, **changes}, **given).records[0]
    found = tuple(plain(value_at(record, name)) for name in names)
    return found[0] if len(names) == 1 else found


@pytest.mark.parametrize(
    ("changes", "guest", "external", "kind"),
    [
        ({}, False, False, None),
        ({"userType": "Guest"}, True, False, "internalGuest"),
        ({"userType": "Guest", "creationType": "Invitation"}, True, True, "b2bCollaborationGuest"),
        ({"externalUserState": "Accepted"}, False, True, "b2bCollaborationMember"),
        ({"userPrincipalName": "ana_x.com#ext#@contoso.com"}, False, True,
         "b2bCollaborationMember"),
        ({"userType": None}, False, False, None),
        ({"userType": ABSENT}, UNKNOWN, False, UNKNOWN),
        ({"creationType": ABSENT, "externalUserState": ABSENT}, False, False, None),
        ({"creationType": ABSENT, "externalUserState": ABSENT, "userPrincipalName": ABSENT},
         False, UNKNOWN, UNKNOWN),
        ({"externalUserState": 5}, False, UNKNOWN, UNKNOWN),
    ],
)
def test_external_accounts(
    changes: Mapping[str, Any], guest: Any, external: Any, kind: Any
) -> None:
    """An account is external by any of three marks; guest and external are two things."""
    names = ("isGuest", "isExternal", "externalType")

    assert account(changes, *names) == (guest, external, kind)


ROW = {"id": "ANA", "isMfaCapable": False, "isMfaRegistered": True,
       "methodsRegistered": ["email"], "lastUpdatedDateTime": "2026-11-19T00:00:00Z"}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([ROW], (False, True, ["email"], "2026-11-19T00:00:00Z")),
        ([], (UNKNOWN,) * 4),
        ([{**ROW, "id": "bob"}], (UNKNOWN,) * 4),
        (None, (UNKNOWN,) * 4),
    ],
)
def test_registration(rows: Any, expected: tuple[Any, ...]) -> None:
    """An account that the registration report lacks is unknown, not unregistered."""
    names = ("isMfaCapable", "isMfaRegistered", "methodsRegistered", "registrationUpdated")

    assert account({}, *names, userRegistrationDetails=rows) == expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([{"id": "ana", "perUserMfaState": "enforced"}], "enforced"),
        ([{"id": "ana", "perUserMfaState": "unknownFutureValue"}], UNKNOWN),
        ([], UNKNOWN),
    ],
)
def test_per_user_mfa(rows: Any, expected: str) -> None:
    """The per-user state is copied, and unknown where it was not exported."""
    assert account({}, "perUserMfaState", perUserMfa=rows) == expected


def holds(role: str, who: str = "ana", scope: Any = "/", **more: Any) -> dict[str, Any]:
    """Return a role assignment."""
    return {"id": f"{role}-{who}", "principalId": who, "roleDefinitionId": role,
            "directoryScopeId": scope, "appScopeId": None, **more}


ADMINS = [
    {"id": "g1", "members": [{"id": "g2", "@odata.type": GROUP}]},
    {"id": "g2", "members": [{"id": "ana", "@odata.type": USER}, {"id": "g1",
                                                                "@odata.type": GROUP}]},
]
NAMES = [{"id": "g1", "displayName": "Admins"}, {"id": "g2", "displayName": "Night shift"}]
DIRECT = ("Global Administrator", True, "/", "direct")
NO_ACTIVE = {"roleAssignments": None, "roleAssignmentScheduleInstances": None}


@pytest.mark.parametrize(
    ("given", "active", "privileged"),
    [
        ({}, [], False),
        ({"roleAssignments": [holds(GLOBAL_ADMINISTRATOR.upper())]}, [DIRECT], True),
        ({"roleAssignments": None,
          "roleAssignmentScheduleInstances": [holds(GLOBAL_ADMINISTRATOR, memberType="Direct")]},
         [DIRECT], True),
        ({"roleAssignments": [holds(GLOBAL_ADMINISTRATOR)],
          "roleAssignmentScheduleInstances": [holds(GLOBAL_ADMINISTRATOR, memberType="Direct")]},
         [DIRECT], True),
        ({"roleAssignments": [holds(DIRECTORY_READERS, scope="/administrativeUnits/1")]},
         [("Directory Readers", False, "/administrativeUnits/1", "direct")], False),
        ({"roleAssignments": [holds(GLOBAL_ADMINISTRATOR, "g1")], "groupMembers": ADMINS,
          "groups": NAMES}, [(*DIRECT[:3], "Admins > Night shift")], True),
        ({"roleAssignments": [holds(GLOBAL_ADMINISTRATOR, "g1")], "groups": NAMES}, UNKNOWN,
         UNKNOWN),
        ({"roleAssignments": [holds(DIRECTORY_READERS, "g1")], "groups": NAMES}, UNKNOWN, False),
        ({"roleAssignments": [holds(GLOBAL_ADMINISTRATOR, "app")]}, [], False),
        ({"roleAssignments": [holds(GLOBAL_ADMINISTRATOR, "app")], "groups": None}, UNKNOWN,
         UNKNOWN),
        ({"roleAssignments": [holds(GLOBAL_ADMINISTRATOR, "app")], "groups": None,
          "servicePrincipals": [{"id": "app"}]}, [], False),
        ({"roleAssignments": [holds(GLOBAL_ADMINISTRATOR, "g9", principal={
            "id": "g9", "@odata.type": GROUP})]}, UNKNOWN, UNKNOWN),
        (NO_ACTIVE, UNKNOWN, UNKNOWN),
        ({"roleAssignments": [holds("custom")]}, [("custom", UNKNOWN, "/", "direct")], UNKNOWN),
        ({"roleAssignments": [holds("custom")], "roleDefinitions": [
            {"id": "custom", "displayName": "Ours", "isPrivileged": False, "isBuiltIn": False}]},
         [("Ours", False, "/", "direct")], False),
        ({"roleAssignments": [holds(DIRECTORY_READERS)], "roleDefinitions": [
            {"id": DIRECTORY_READERS, "isPrivileged": True}]},
         [("Directory Readers", True, "/", "direct")], True),
        ({"roleAssignments": [{"id": "x", "principalId": "ana"}]}, UNKNOWN, UNKNOWN),
    ],
)
def test_active_roles(given: dict[str, Any], active: Any, privileged: Any) -> None:
    """Active roles come from either collection, directly or through groups in groups."""
    assert account({}, "activeRoles", "isPrivileged", **given) == (active, privileged)


@pytest.mark.parametrize(
    ("given", "eligible", "privileged"),
    [
        ([holds(GLOBAL_ADMINISTRATOR)], [GLOBAL_ADMINISTRATOR], True),
        ([holds(DIRECTORY_READERS)], [DIRECTORY_READERS], False),
        (None, UNKNOWN, UNKNOWN),
    ],
)
def test_eligible_roles(given: Any, eligible: Any, privileged: Any) -> None:
    """A privileged role that can be activated makes an account privileged."""
    names = ("eligibleRoleIds", "activeRoleIds", "isPrivileged")

    found = account({}, *names, roleEligibilityScheduleInstances=given)
    assert found == (eligible, [], privileged)


def test_a_proven_role_outlasts_doubt() -> None:
    """An active privileged role stays proven when eligible roles were not exported."""
    given = {"roleAssignments": [holds(GLOBAL_ADMINISTRATOR)],
             "roleEligibilityScheduleInstances": None}

    assert account({}, "isPrivileged", "eligibleRoles", **given) == (True, UNKNOWN)


@pytest.mark.parametrize(
    ("user", "given", "expected"),
    [
        ("sync", NO_ACTIVE, True),
        ("ana", NO_ACTIVE, UNKNOWN),
        ("ana", {}, False),
        ("ana", {"roleAssignments": [holds(SYNC_ROLE)]}, True),
        ("ana", {"roleEligibilityScheduleInstances": [holds(SYNC_ROLE)]}, False),
        ("ana", {"roleAssignments": [holds(SYNC_ROLE), holds(GLOBAL_ADMINISTRATOR)]}, False),
        ("sync", {"roleAssignments": [holds(GLOBAL_ADMINISTRATOR, "sync")]}, True),
    ],
)
def test_synchronisation_accounts(user: str, given: dict[str, Any], expected: Any) -> None:
    """It holds the role and no privileged one, or is declared; its name proves nothing."""
    changes = {"id": user, "userPrincipalName": "Sync_SRV_1@contoso.com"}

    assert account(changes, "isSynchronisationAccount", **given) == expected


@pytest.mark.parametrize(
    ("parameters", "expected"), [(PARAMETERS, (True, False)), ({}, (UNKNOWN, UNKNOWN))]
)
def test_declared_accounts(parameters: dict[str, Any], expected: Any) -> None:
    """Emergency and service accounts are those declared, and unknown where nobody declared."""
    names = ("isEmergencyAccount", "isServiceAccount")

    assert account({"id": "eve"}, *names, parameters=parameters) == expected


AGENTS = [{"id": "g1", "displayName": "adminagents"}, {"id": "g2", "displayName": "Nested"}]


@pytest.mark.parametrize(
    ("groups", "members", "expected"),
    [
        (AGENTS, ADMINS, (["AdminAgents"], True)),
        (AGENTS, [], (UNKNOWN, UNKNOWN)),
        (AGENTS, None, (UNKNOWN, UNKNOWN)),
        ([], [], ([], False)),
        (None, ADMINS, (UNKNOWN, UNKNOWN)),
        ([*AGENTS, {"id": "g9", "displayName": "SalesAgents"}], ADMINS,
         (["AdminAgents", UNKNOWN], True)),
    ],
)
def test_agent_groups(groups: Any, members: Any, expected: Any) -> None:
    """A partner agent is in one of the three groups, however deep."""
    found = account({}, "agentGroups", "isPartnerAgent", groups=groups, groupMembers=members)

    assert found == expected


def plan(key: str, status: Any = "Enabled") -> dict[str, Any]:
    """Return an assigned plan."""
    return {"servicePlanId": key, "service": "AADPremiumService", "capabilityStatus": status}


@pytest.mark.parametrize(
    ("plans", "p1", "p2"),
    [
        ([], False, False),
        ([plan(P1.upper())], True, False),
        ([plan(P2)], True, True),
        ([plan(P2, "Deleted")], False, False),
        ([plan(P1, "Odd")], UNKNOWN, UNKNOWN),
        ([plan(P2), plan(P1, "Odd")], True, True),
        (ABSENT, UNKNOWN, UNKNOWN),
    ],
)
def test_licences(plans: Any, p1: Any, p2: Any) -> None:
    """Only enabled plans count, and P2 includes P1."""
    assert account({"assignedPlans": plans}, "hasP1", "hasP2") == (p1, p2)


FEDERATED = {"id": "contoso.com", "authenticationType": "Federated"}
BEHAVIOUR = {"id": "f", "domainId": "CONTOSO.com", "federatedIdpMfaBehavior":
             "rejectMfaByFederatedIdp"}


@pytest.mark.parametrize(
    ("name", "domains", "federation", "expected"),
    [
        ("a@contoso.com", [{"id": "contoso.com", "authenticationType": "Managed"}], [],
         ("contoso.com", "Managed", None)),
        ("a@contoso.com", [FEDERATED], [BEHAVIOUR],
         ("contoso.com", "Federated", "rejectMfaByFederatedIdp")),
        ("a@eu.contoso.com", [{**FEDERATED, "id": "eu.contoso.com"}], [BEHAVIOUR],
         ("eu.contoso.com", "Federated", "rejectMfaByFederatedIdp")),
        ("a@contoso.com", [FEDERATED], [], ("contoso.com", "Federated", UNKNOWN)),
        ("a@contoso.com", [], [], ("contoso.com", UNKNOWN, UNKNOWN)),
        (ABSENT, [], [], (UNKNOWN, UNKNOWN, UNKNOWN)),
    ],
)
def test_domain(name: Any, domains: Any, federation: Any, expected: Any) -> None:
    """The domain of the sign-in name says who authenticates, and whose MFA counts."""
    names = ("domain", "domainAuthenticationType", "federatedIdpMfaBehavior")

    found = account({"userPrincipalName": name}, *names, domains=domains,
                    domainFederation=federation)
    assert found == expected


@pytest.mark.parametrize(
    ("domain", "behaviour", "expected"),
    [
        ("Managed", None, False),
        ("Federated", "rejectMfaByFederatedIdp", False),
        ("Federated", "enforceMfaByFederatedIdp", UNKNOWN),
        ("Federated", "acceptIfMfaDoneByFederatedIdp", UNKNOWN),
        ("Federated", None, UNKNOWN),
        (None, None, UNKNOWN),
    ],
)
def test_provider_does_mfa(domain: str | None, behaviour: str | None, expected: Any) -> None:
    """No export says whether another provider does MFA, only that none does."""
    domains = None if domain is None else [{"id": "contoso.com", "authenticationType": domain}]
    federation = [{**BEHAVIOUR, "federatedIdpMfaBehavior": behaviour}]

    found = account({"userPrincipalName": "a@contoso.com"}, "providerDoesMfa",
                    domains=domains, domainFederation=federation)
    assert expected == found


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"mail": None, "otherMails": []}, ["contoso.com"]),
        ({"mail": "a@Fabrikam.com", "otherMails": ["b@home.net", "c@HOME.net"]},
         ["contoso.com", "fabrikam.com", "home.net"]),
        ({"userPrincipalName": "a_b_Fabrikam.com#EXT#@contoso.com", "mail": None,
          "otherMails": []}, ["contoso.com", "fabrikam.com"]),
        ({"userPrincipalName": None, "mail": "nonsense", "otherMails": []}, []),
        ({"mail": ABSENT, "otherMails": []}, ["contoso.com", UNKNOWN]),
        ({"mail": None, "otherMails": ABSENT}, ["contoso.com", UNKNOWN]),
        ({"userPrincipalName": ABSENT, "mail": ABSENT, "otherMails": ABSENT}, UNKNOWN),
    ],
)
def test_mail_domains(changes: dict[str, Any], expected: Any) -> None:
    """All addresses of an account count, a guest's address at home too."""
    assert account(changes, "mailDomains") == expected


@pytest.mark.parametrize(
    ("activity", "expected"),
    [
        ({"lastSuccessfulSignInDateTime": "2026-11-01T00:00:00Z",
          "lastSignInDateTime": "2026-11-02T00:00:00Z"}, "2026-11-01T00:00:00Z"),
        ({"lastSuccessfulSignInDateTime": None, "lastSignInDateTime": "2026-11-02T00:00:00Z"},
         None),
        ({"lastSignInDateTime": "2026-11-02T00:00:00Z"}, "2026-11-02T00:00:00Z"),
        (None, None),
        (ABSENT, UNKNOWN),
    ],
)
def test_last_sign_in(activity: Any, expected: Any) -> None:
    """An attempt counts only where the export does not tell it from a success."""
    assert account({"signInActivity": activity}, "lastSignIn") == expected


def test_a_damaged_id_leaves_the_rest_unknown() -> None:
    """What hangs on the id of a user is unknown where the id is."""
    names = ("displayName", "isPrivileged", "isMfaCapable", "isSynchronisationAccount")

    assert account({"id": ABSENT}, *names) == ("Ana", UNKNOWN, UNKNOWN, UNKNOWN)


def test_records_point_to_the_user() -> None:
    """The fact is complete as the users are, and each record points to its user."""
    found = fact(ANA)

    assert (found.complete, [record.p__ for record in found.records]) == (True, ["/users/0"])


def test_missing_users_are_not_no_users() -> None:
    """Without users the fact is incomplete."""
    assert fact(ANA, users=None).complete is False


ODD: dict[str, tuple[Any, ...]] = {
    "id": (ABSENT, None, 5, "EVE", "sync"),
    "userPrincipalName": (ABSENT, None, 5, "no address", "x_y.example#EXT#@contoso.com", "a@b@C"),
    "displayName": (ABSENT, None, 5),
    "userType": (ABSENT, None, 5, "Guest", "guest", "Visitor"),
    "accountEnabled": (ABSENT, None, "true", False),
    "creationType": (ABSENT, 5, "Invitation"),
    "externalUserState": (ABSENT, 5, "Accepted"),
    "onPremisesSyncEnabled": (ABSENT, True, "true"),
    "mail": (ABSENT, None, 5, "ana@home.example", "#@x"),
    "otherMails": (ABSENT, None, [], ["a@o.example", 5, None], "text"),
    "assignedLicenses": (
        ABSENT, None, [None], [{"skuId": None}], [{}], ["x"], [{"skuId": "x"}], [{"skuId": "X"}],
        [{"skuId": 1}], [{"skuId": "x"}, {"skuId": "y"}], "text"),
    "assignedPlans": (
        ABSENT, None, [None], [{}], [{"capabilityStatus": "Enabled"}],
        [{"capabilityStatus": "Enabled", "servicePlanId": P1, "service": "AAD"}],
        [{"capabilityStatus": "Enabled", "servicePlanId": P1.upper(), "service": "AAD"}],
        [{"capabilityStatus": "Enabled", "servicePlanId": P2, "service": "AAD"}],
        [{"capabilityStatus": "Enabled", "servicePlanId": P2, "service": "exchange"}],
        [{"capabilityStatus": "Suspended", "servicePlanId": P2, "service": "AAD"}],
        [{"capabilityStatus": None, "servicePlanId": P2}], [{"servicePlanId": P2}], "text"),
    "signInActivity": (
        ABSENT, None, {}, 5, {"lastSignInDateTime": "2026-11-02T00:00:00Z"},
        {"lastSuccessfulSignInDateTime": "2026-11-01T00:00:00Z"},
        {"lastSuccessfulSignInDateTime": 5}),
}


def unalike() -> list[dict[str, Any]]:
    """Users that differ in one property each, damaged ones among them; most have their own id."""
    made = [{**ANA, name: value} for name, values in ODD.items() for value in values]
    return [{**one, "id": one["id"] if one["id"] != "ana" else f"u{n}"}
            for n, one in enumerate(made)]


GIVEN: dict[str, Any] = {
    "userRegistrationDetails": [
        {"id": f"U{n}", "isMfaCapable": n % 3 > 0, "isMfaRegistered": True,
         "methodsRegistered": ["fido2"] if n % 2 else None}
        for n in range(0, 60, 2)
    ],
    "perUserMfa": [{"id": f"u{n}", "perUserMfaState": "enforced"} for n in range(0, 60, 3)],
    "domains": [{"id": "contoso.com", "authenticationType": "Managed"}],
}


@pytest.mark.parametrize("given", [{}, GIVEN], ids=["alone", "with other collections"])
def test_what_is_told_of_an_account_depends_on_no_other(given: dict[str, Any]) -> None:
    """Accounts share what is worked out: none of it comes from one that only looks alike."""
    users = unalike()
    together = fact(ANA, users=[{k: v for k, v in one.items() if v is not ABSENT}
                                for one in users], **given).records
    names = bundled_shapes()["accounts"].record.properties
    assert len(together) == len(users) > 70
    for user, record in zip(users, together, strict=True):
        alone = fact(user, **given).records[0]
        assert [(name, repr(value_at(record, name))) for name in names] == [
            (name, repr(value_at(alone, name))) for name in names]
