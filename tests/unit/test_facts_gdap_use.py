"""The fact `gdapUse`: a use that is proven, one that is ruled out, and what the log cannot show."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tenantproof.context import Context
from tenantproof.facts.base import value_at
from tenantproof.parameters import Setting
from tenantproof.shape import bundled_shapes
from tenantproof.snapshot import load_value
from tenantproof.verdict import Unknown

HOME, CUSTOMER = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
RELATIONSHIP = {
    "@odata.type": "#microsoft.graph.delegatedAdminRelationship", "id": "r", "displayName": "R",
    "status": "active", "duration": "P365D", "autoExtendDuration": "PT0S",
    "customer": {"tenantId": CUSTOMER, "displayName": "Fabrikam"},
    "accessDetails": {"unifiedRoles": []}, "createdDateTime": "2026-01-10T08:00:00Z",
    "activatedDateTime": "2026-01-11T08:00:00Z", "endDateTime": "2027-01-11T08:00:00Z",
}


def event(at="2026-11-10T08:00:00Z", where=CUSTOMER, error=0, interactive=True, **more):
    """A sign-in by Ana."""
    kind = "interactiveUser" if interactive else "nonInteractiveUser"
    return {
        "id": f"{at}{where}{kind}", "createdDateTime": at, "userId": "ana", "userType": "member",
        "userPrincipalName": "ana@contoso.example", "userDisplayName": "Ana", "appId": "app",
        "appDisplayName": "App", "clientAppUsed": "Browser", "isInteractive": interactive,
        "signInEventTypes": [kind], "homeTenantId": HOME, "resourceTenantId": where,
        "crossTenantAccessType": "none", "authenticationProtocol": "none",
        "authenticationRequirement": "multiFactorAuthentication", "authenticationDetails": [],
        "status": {"errorCode": error}, **more,
    }


SILENT = event("2026-11-11T08:00:00Z", HOME, interactive=False)


def use(*events, since="2026-08-01T00:00:00Z", complete=True, after="90 days", **changes):
    """Whether the relationship is used, and when it was last."""
    held = {
        "delegatedAdminRelationships": [{**RELATIONSHIP, **changes}],
        "delegatedAdminAccessAssignments": [], "roleDefinitions": [], "groups": [],
        "groupMembers": [], "roleAssignments": [], "roleAssignmentScheduleInstances": [],
        "roleEligibilityScheduleInstances": [], "servicePrincipals": [],
        "users": [{"id": "ana", "userPrincipalName": "ana@contoso.example",
                   "accountEnabled": True}],
        "organization": {"id": HOME},
    }
    collections = {name: {"complete": True, "data": data} for name, data in held.items()}
    collections["signIns"] = {"complete": complete, "data": list(events), "from": since,
                              "to": "2026-11-20T06:00:00Z"}
    snapshot = load_value(
        {"format": 1, "tenant": {"id": HOME, "kind": "partner"},
         "exportedAt": "2026-11-20T06:00:00Z", "collections": collections},
        "test", bundled_shapes())
    settings = {"unused_after": Setting(after, "test")} if after else {}
    context = Context(snapshot, settings, datetime(2026, 11, 20, 6, tzinfo=UTC))
    (record,) = context.collection("gdapUse").records
    found = value_at(record, "isUsed")
    return "?" if isinstance(found, Unknown) else found, value_at(record, "lastUse")


@pytest.mark.parametrize(("events", "options", "expected"), [
    ([event(), SILENT], {}, True),
    ([event()], {"complete": False}, True),
    ([SILENT], {"complete": False}, "?"),
    ([event(interactive=False)], {"since": "2026-11-01T00:00:00Z"}, True),
    ([event(error=50126), SILENT], {}, False),
    ([event(where=HOME), SILENT], {}, False),
    ([event(where=CUSTOMER.upper()), SILENT], {}, True),
    ([event("2026-08-15T08:00:00Z"), SILENT], {}, False),
    ([SILENT], {"after": "120 days"}, "?"),
    ([SILENT], {"since": "2026-11-01T00:00:00Z"}, "?"),
    ([event(where=HOME)], {}, "?"),
    ([event(where=None), SILENT], {}, False),
    ([{k: v for k, v in event().items() if k != "resourceTenantId"}, SILENT], {}, "?"),
    ([], {}, "?"),
    ([event(), SILENT], {"after": None}, "?"),
    ([event(), SILENT], {"customer": None}, "?"),
])
def test_a_use_is_proven_ruled_out_or_open(events, options, expected):
    """A success counts; silence counts only in a log that is whole, long and of both kinds."""
    assert use(*events, **options)[0] == expected


def test_the_last_use_is_told():
    """The latest of several successes, whether it still counts or not."""
    events = [event("2026-08-15T08:00:00Z"), event("2026-08-16T08:00:00Z"), SILENT]
    assert use(*events) == (False, "2026-08-16T08:00:00Z")
