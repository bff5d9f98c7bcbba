"""Null is an answer that the service gives: where it passes, it is known what it means there.

Each property that may be null is set to null in the tenants that pass. Where the policy still
passes although another value would fail it, the property has to stand in `MEANS`.
"""

from __future__ import annotations

import copy
from collections import Counter

from drill import sources, tenants, verdict

from tenantproof.verdict import Verdict

NO_RISK = "a condition that nobody set"
DEFAULT = "the default, which is off"
UNTRUSTED = "nobody chose to trust it"
COUNTED = "no account that is switched off: what is asked of accounts is asked of it"
FEATURES = "authenticationMethodsPolicy/authenticationMethodConfigurations/featureSettings"
MEANS = {
    "applications/authenticationBehaviors/blockAzureADGraphAccess": "the default, which blocks",
    "applications/keyCredentials/endDateTime": "a credential that has no end has not run out",
    "applications/keyCredentials/usage": "no key for signing SAML, which would say so",
    "applications/web/implicitGrantSettings/enableAccessTokenIssuance": DEFAULT,
    "applications/web/implicitGrantSettings/enableIdTokenIssuance": DEFAULT,
    "authenticationMethodsPolicy/authenticationMethodConfigurations/excludeTargets":
        "nobody is left out",
    f"{FEATURES}/displayAppInformationRequiredState/excludeTarget/id": "nobody is left out",
    f"{FEATURES}/displayLocationInformationRequiredState/excludeTarget/id": "nobody is left out",
    "authorizationPolicy/allowUserConsentForRiskyApps": DEFAULT,
    "conditionalAccessPolicies/conditions/signInRiskLevels": NO_RISK,
    "conditionalAccessPolicies/conditions/userRiskLevels": NO_RISK,
    "conditionalAccessPolicies/conditions/users/excludeGuestsOrExternalUsers"
    "/guestOrExternalUserTypes": "no kind of guest is left out",
    "conditionalAccessPolicies/displayName": "no name of Microsoft's old baseline policies",
    "crossTenantAccessPolicy/partners/inboundTrust/isMfaAccepted": UNTRUSTED,
    "delegatedAdminRelationships/displayName":
        "no name of Microsoft's; GDAP-012 fails what has none",
    "exchangeCasMailboxes/SmtpClientAuthenticationDisabled": "as the organisation has it",
    "fraudEvents/eventStatus": "not closed: FRD-001 and FRD-002 take it for open",
    "groups/displayName": "none of Partner Center's own groups, whose names are fixed",
    "oauth2PermissionGrants/scope": "a grant of nothing",
    "partnerSecurityRequirements/adminsRequiredNotUsingMfaCount":
        "nothing was counted; the state of compliance decides",
    "partnerSecurityRequirements/averageResponseTimeInHours":
        "nothing was answered; the state of compliance decides",
    "roleAssignments/principal/@odata.type": "the id tells what the object is",
    "servicePrincipals/appRoles/value": "a role that is in no token, and none of those named",
    "signIns/signInEventTypes": "the stable API lists sign-ins of users alone",
    "users/accountEnabled": COUNTED,
    "users/employeeLeaveDateTime": "nobody leaves",
    "users/onPremisesSyncEnabled": "never synchronised",
    "users/userPrincipalName": "where an account comes from stands in other properties, too",
    "users/userType": "an account older than guests: a member",
}
FINE = (Verdict.PASS, Verdict.MANUAL)
TEXTS = ("zzz", "2001-01-01T00:00:00Z", "2090-01-01T00:00:00Z",
         "11111111-1111-4111-8111-111111111111")
CASES = 3
SAME_PLACE = 2


def places(value, shape, steps=()):
    """Every value that may be null and is not, with the steps that lead to it."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            if shape.items is not None:
                yield from places(item, shape.items, (*steps, index))
        return
    if steps and shape.nullable and shape.kind != "any" and value is not None:
        yield steps, shape, value
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in shape.properties:
                below = shape.properties[name]
                if isinstance(inner, list) and below.nullable:
                    yield (*steps, name), below, inner
                yield from places(inner, below, (*steps, name))


def named(collection, steps):
    """A place without the indexes: `users/signInActivity/lastSignInDateTime`."""
    return "/".join([collection, *(step for step in steps if isinstance(step, str))])


def others(value, shape, known):
    """What might have stood there instead."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int | float):
        return [0, 1, 999_999, -1]
    if isinstance(value, str):
        listed = [one for one in shape.values or () if one is not None]
        return [one for one in (*listed, *sorted(known)[:8], *TEXTS) if one != value]
    if isinstance(value, list):
        words = (shape.items.values or ("zzz",)) if shape.items is not None else ()
        return [[], *([word] for word in words[:4] if word)]
    return [{}]


def with_value(tenant, collection, steps, new):
    """The tenant with another value at a place."""
    mine = copy.deepcopy(tenant)
    parent = mine["collections"][collection]["data"]
    for step in steps[:-1]:
        parent = parent[step]
    parent[steps[-1]] = new
    return mine


def texts_by_place(every, shapes):
    """The texts that stand at each place in any of a policy's cases."""
    found = {}
    for tenant in every:
        for name, entry in tenant["collections"].items():
            for steps, _, value in places(entry.get("data"), shapes[name].shape):
                if isinstance(value, str):
                    found.setdefault(named(name, steps), set()).add(value)
    return found


def harmless_nulls(pack, policy, shapes):
    """Yield the places at which null is as good as the value that passes, and another fails."""
    every = list(tenants(pack, policy))
    known = texts_by_place((tenant for _, tenant in every), shapes)
    passing = [pair for pair in every if pair[0]["verdict"] in ("pass", "manual")][:CASES]
    found = set()
    for case, tenant in passing:
        tried = Counter()

        def judged(collection, steps, new, case=case, tenant=tenant):
            changed = with_value(tenant, collection, steps, new)
            finding = verdict(pack, policy, case, changed, shapes)
            return None if finding is None else finding.verdict

        for name in sources(pack, policy, shapes):
            data = tenant["collections"].get(name, {}).get("data")
            for steps, shape, value in places(data, shapes[name].shape):
                place = named(name, steps)
                tried[place] += 1
                if place in found or tried[place] > SAME_PLACE:
                    continue
                if judged(name, steps, None) in FINE and any(
                    judged(name, steps, other) is Verdict.FAIL
                    for other in others(value, shape, known.get(place, ()))
                ):
                    found.add(place)
    return found


def test_null_passes_only_where_it_is_known_what_it_means(pack, policy_id, shapes):
    """Otherwise it is unknown, or counts as what fails."""
    found = harmless_nulls(pack, pack.policies[policy_id], shapes)
    assert sorted(found - MEANS.keys()) == []


def test_every_meaning_is_of_a_property_that_may_be_null(shapes):
    """A place that a schema no longer has, or where null is damage, needs no words here."""
    for place in MEANS:
        collection, *names = place.split("/")
        shape = shapes[collection].record
        for name in names:
            shape = (shape.items or shape).properties[name]
        assert shape.nullable, place
