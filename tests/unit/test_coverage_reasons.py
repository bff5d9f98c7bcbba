"""The coverage facts: odd policies, and the reasons that stand beside an answer."""

from __future__ import annotations

from copy import deepcopy

import pytest
from test_coverage_vectors import VECTORS, tenant_of

from tenantproof.facts import coverage_gap
from tenantproof.facts.base import value_at
from tenantproof.verdict import Unknown

APP = "eeeeeeee-0000-4000-8000-000000000001"
ALL_BUT = {"includeLocations": ["All"], "excludeLocations": ["hq"]}


def tenant(*changes, **collections):
    """A tenant of one member with a policy for each change; the first vector's policy is changed.

    A change names properties by their path from the policy on; DROP takes one away.
    """
    given = deepcopy(VECTORS[0]["given"])
    given["users"] = given["users"][:1]
    given["conditionalAccessPolicies"] = [
        changed(given["conditionalAccessPolicies"][0], number, change)
        for number, change in enumerate(changes)
    ]
    return tenant_of({**given, **collections})


DROP = object()


def changed(policy, number, change):
    """A copy of a policy with an id of its own and other properties."""
    found = deepcopy(policy) | {"id": f"p{number}", "displayName": f"P{number}"}
    for path, value in change.items():
        *above, name = path.split(".")
        place = found
        for one in above:
            place = place[one]
        if value is DROP:
            del place[name]
        else:
            place[name] = value
    return found


def answers(context):
    """MFA and legacy clients for the one account: true, false, or None where it is not known."""
    found = [value_at(context.collection(fact).records[0], name)
             for fact, name in (("mfaCoverage", "enforced"), ("legacyAuthCoverage", "blocked"))]
    return [None if isinstance(one, Unknown) else one for one in found]


USERS = "conditions.users."
APPLICATIONS = "conditions.applications."
CASES = {
    "an empty id is nobody": ([{f"{USERS}includeUsers": [""]}], [False, False]),
    "risk levels may be null": ([{"conditions.signInRiskLevels": None}], [True, True]),
    "`mfa` needs no word on a strength":
        ([{"grantControls.authenticationStrength": DROP}], [True, True]),
    "`mfa` beside a strength is damaged":
        ([{"grantControls.authenticationStrength": {"id": "s", "allowedCombinations": ["fido2"]}}],
         [None, None]),
    "a strength with a combination that nobody knows is not looked up":
        ([{"grantControls.builtInControls": [], "grantControls.authenticationStrength": {
            "id": "00000000-0000-0000-0000-000000000004",
            "allowedCombinations": ["fido2", "somethingNew"]}}], [None, None]),
    "an application may belong to a suite that another policy leaves out":
        ([{f"{APPLICATIONS}excludeApplications": [APP]},
          {f"{APPLICATIONS}excludeApplications": ["Office365"]}], [None, None]),
    "an application may belong to a suite that another policy takes in":
        ([{f"{APPLICATIONS}excludeApplications": [APP]},
          {f"{APPLICATIONS}includeApplications": ["Office365"]}], [None, None]),
    "two suites have applications that are in one of them only":
        ([{f"{APPLICATIONS}excludeApplications": ["Office365"]},
          {f"{APPLICATIONS}includeApplications": ["MicrosoftAdminPortals"]}], [False, False]),
    "two suites may have applications in common":
        ([{f"{APPLICATIONS}excludeApplications": ["Office365"]},
          {f"{APPLICATIONS}excludeApplications": ["MicrosoftAdminPortals"]}], [None, None]),
    "a filter may take in an application that has an id":
        ([{f"{APPLICATIONS}excludeApplications": [APP]},
          {f"{APPLICATIONS}applicationFilter": {"mode": "include", "rule": "x"}}], [None, None]),
    "a filter does not take in every resource":
        ([{f"{APPLICATIONS}applicationFilter": {"mode": "include", "rule": "x"}}], [False, False]),
    "a filter that leaves out is never credited":
        ([{f"{APPLICATIONS}excludeApplications": [APP]},
          {f"{APPLICATIONS}applicationFilter": {"mode": "exclude", "rule": "x"}}], [False, False]),
    "a policy that leaves out every resource reaches none":
        ([{f"{APPLICATIONS}excludeApplications": ["All"]}], [False, False]),
}


@pytest.mark.parametrize("name", CASES)
def test_odd_policies(name):
    """What cannot be told from the export is not known; the rest is judged."""
    changes, expected = CASES[name]
    assert expected == answers(tenant(*changes))


def test_an_application_of_another_organisation_belongs_to_no_suite():
    """Suites hold Microsoft's own applications only."""
    other = {"id": "sp", "appId": APP, "displayName": "Invoicing",
             "appOwnerOrganizationId": "11111111-1111-4111-8111-111111111111"}
    context = tenant(
        {f"{APPLICATIONS}excludeApplications": [APP]},
        {f"{APPLICATIONS}includeApplications": ["Office365"]}, servicePrincipals=[other])
    assert [False, False] == answers(context)
    gap = context.collection("mfaCoverage").records[0].gap
    assert "resource Invoicing, any network, browser" == gap


REASONS = {
    "a location is left out": (
        [{"conditions.locations": ALL_BUT}], "P0",
        [("P0", "locations", "includeLocations All; excludeLocations hq")],
        "any resource that no policy names, network hq, browser"),
    "a device is enough": (
        [{"grantControls.builtInControls": ["mfa", "compliantDevice"]}], "P0",
        [("P0", "grantControls", "mfa OR compliantDevice")],
        "any resource that no policy names, any network, browser"),
    "the one that asks for MFA is closest, not the one for legacy clients": (
        [{"conditions.clientAppTypes": ["other"]},
         {"conditions.locations": ALL_BUT, "conditions.clientAppTypes": ["browser"]}], "P1",
        [("P0", "clientAppTypes", "other"), ("P1", "clientAppTypes", "browser"),
         ("P1", "locations", "includeLocations All; excludeLocations hq")],
        "any resource that no policy names, network hq, browser"),
}


@pytest.mark.parametrize("name", REASONS)
def test_the_reasons_of_an_open_account(name):
    """The policies that fall short and by what, the closest of them, and one gap."""
    changes, closest, narrowed, gap = REASONS[name]
    found = tenant(*changes).collection("mfaCoverage").records[0]
    assert closest == found.closest
    assert narrowed == [(one.policyName, one.condition, one.value) for one in found.narrowedBy]
    assert gap == found.gap


def test_a_search_that_gives_up_proves_nothing(monkeypatch):
    """Where too many locations are combined, neither coverage nor a gap is claimed."""
    monkeypatch.setattr(coverage_gap, "MOST_TRIES", 1)
    halves = [{"conditions.locations": ALL_BUT}, {"conditions.locations": {
        "includeLocations": ["hq"], "excludeLocations": []}}]
    assert [None, None] == answers(tenant(*halves))


FLAG_UNKNOWN = "whether the account is switched on is not known"


@pytest.mark.parametrize("fact", ["mfaCoverage", "legacyAuthCoverage"])
def test_an_account_of_which_nobody_knows_whether_it_is_on_says_so(fact):
    """It has a row like any other, and its notes are not those of the accounts beside it."""
    user = {"userPrincipalName": "a@contoso.example", "userType": "Member"}
    flags = {"u1": {"accountEnabled": True}, "u2": {}, "u3": {"accountEnabled": False},
             "u4": {"accountEnabled": "true"}, "u5": {"accountEnabled": True}}
    rows = tenant({}, users=[{"id": name, **user, **flag} for name, flag in flags.items()])
    notes = {row.id: row.notes for row in rows.collection(fact).records}
    assert notes == {"u1": [], "u2": [FLAG_UNKNOWN], "u4": [FLAG_UNKNOWN], "u5": []}
