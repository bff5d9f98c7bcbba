"""The facts `signInSummary` and `signInWindow`: what the sign-in log proves, and what not."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tenantproof.context import Context
from tenantproof.facts import sign_in_cover, sign_in_events
from tenantproof.facts.base import value_at
from tenantproof.parameters import Setting
from tenantproof.shape import bundled_shapes
from tenantproof.snapshot import load_value
from tenantproof.verdict import Unknown

UNKNOWN = "?"
ABSENT = object()
OWN = "11111111-1111-4111-8111-111111111111"
OTHER = "22222222-2222-4222-8222-222222222222"
COUNTS = (
    "total", "successful", "singleFactor", "mfaByClaim", "multiFactor", "ropc", "deviceCode",
)


def step(method: Any = "Password", result: Any = "Correct password", **changes: Any) -> Any:
    """Return a step of authentication that succeeded."""
    return {
        "authenticationMethod": method, "authenticationStepResultDetail": result,
        "succeeded": True, "authenticationStepRequirement": "Primary authentication", **changes,
    }


EVENT = {
    "id": "e", "createdDateTime": "2026-11-18T08:00:00Z", "userId": "U",
    "userPrincipalName": "jane@contoso.example", "userDisplayName": "Jane", "appId": "A",
    "appDisplayName": "Azure Portal", "clientAppUsed": "Browser", "isInteractive": True,
    "signInEventTypes": ["interactiveUser"], "homeTenantId": OWN, "resourceTenantId": OWN,
    "crossTenantAccessType": "none", "authenticationProtocol": "none",
    "authenticationRequirement": "singleFactorAuthentication", "authenticationDetails": [step()],
    "status": {"errorCode": 0, "additionalDetails": None},
}
FAILED = {"errorCode": 50126, "additionalDetails": None}
BY_CLAIM = step("Previously satisfied", "MFA requirement satisfied by claim in the token")
FIRST_BY_CLAIM = step(
    "Previously satisfied", "First factor requirement satisfied by claim in the token"
)


def event(**changes: Any) -> dict[str, Any]:
    """Return an event of the log."""
    return {n: v for n, v in {**EVENT, **changes}.items() if v is not ABSENT}


def fact(
    name: str, log: Any, organization: Any = OWN, parameters: Mapping[str, Any] | None = None,
    more: Mapping[str, Any] | None = None, **manifest: Any,
) -> Any:
    """Return a fact of a tenant; a log that is None was not exported."""
    given = {n: {"data": d, "complete": True} for n, d in (more or {}).items()}
    if log is not None:
        given["signIns"] = {"data": log, "complete": True, **manifest}
    if organization is not None:
        given["organization"] = {"data": {"id": organization}, "complete": True}
    value = {
        "format": 1, "tenant": {"id": "t"}, "exportedAt": "2026-11-20T06:00:00Z",
        "collections": given,
    }
    declared = {"sign_in_window": "14 days"} if parameters is None else parameters
    settings = {n: Setting(v, "declarations") for n, v in declared.items()}
    snapshot = load_value(value, "t", bundled_shapes())
    as_of = datetime(2026, 11, 20, 6, tzinfo=UTC)
    return Context(snapshot, settings, as_of).collection(name)


def shown(value: Any) -> Any:
    """Return a value with an Unknown as a question mark."""
    return UNKNOWN if isinstance(value, Unknown) else value


def rows(found: Any, *names: str) -> Any:
    """Return some properties of every record."""
    return [tuple(shown(value_at(one, name)) for name in names) for one in found.records]


def summary(*events: Mapping[str, Any], names: tuple[str, ...] = COUNTS, **more: Any) -> Any:
    """Return properties of every record of the summary of some events."""
    return rows(fact("signInSummary", list(events), **more), *names)


# --- when ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("at", "window", "expected"), [
    ("2026-11-13T06:00:00Z", "7 days", True), ("2026-11-13T05:59:59Z", "7 days", False),
    ("2026-11-12T23:00:00Z", "7 days", False), ("2026-11-12T23:00:00Z", "30 days", True),
    ("yesterday", "7 days", UNKNOWN), (ABSENT, "7 days", UNKNOWN),
    ("2026-11-18T08:00:00Z", "a week", UNKNOWN),
])  # fmt: skip
def test_the_window_counts_back_from_the_judgement(at: Any, window: str, expected: Any) -> None:
    """An event is in the window or older; what cannot be read is neither."""
    log = [event(createdDateTime=at)]
    found = fact("signInSummary", log, parameters={"sign_in_window": window})

    assert rows(found, "isInWindow") == [(expected,)]


def test_older_sign_ins_are_counted_apart() -> None:
    """What happened before the window stands in a record of its own, with an id of its own."""
    old = event(createdDateTime="2026-10-01T08:00:00Z")
    found = summary(event(), event(), old, names=("id", "total"))

    assert found == [(f"u|a|browser|True|none|{OWN}|{OWN}|------", 2),
                     (f"u|a|browser|True|none|{OWN}|{OWN}|------|earlier", 1)]


# --- who, with what, where ---------------------------------------------------------------------


def test_names_come_from_the_first_event() -> None:
    """A record says who signed in with what, from where to where."""
    names = ("id", "userId", "userPrincipalName", "userDisplayName", "appId", "appDisplayName",
             "clientAppUsed", "isInteractive", "crossTenantAccessType", "resourceTenantId",
             "homeTenantId")

    assert summary(event(), names=names) == [(
        f"u|a|browser|True|none|{OWN}|{OWN}|------", "U", "jane@contoso.example", "Jane", "A",
        "Azure Portal", "Browser", True, "none", OWN, OWN,
    )]


@pytest.mark.parametrize(("name", "value", "records"), [
    ("id", "f", 1),
    ("userId", "u", 1),
    ("clientAppUsed", "BROWSER", 1),
    ("userId", "v", 2),
    ("appId", "b", 2),
    ("clientAppUsed", "IMAP4", 2),
    ("isInteractive", False, 2),
    ("crossTenantAccessType", "serviceProvider", 2),
    ("resourceTenantId", OTHER, 2),
    ("homeTenantId", OTHER, 2),
])  # fmt: skip
def test_what_makes_a_record(name: str, value: Any, records: int) -> None:
    """Events of one account, application, client and kind are one record, whatever the case."""
    assert len(summary(event(), event(**{name: value}))) == records


@pytest.mark.parametrize(("kinds", "records"), [
    (["interactiveUser"], 1),
    (["nonInteractiveUser"], 1),
    (["servicePrincipal", "nonInteractiveUser"], 1),
    ([], 1),
    (None, 1),
    (ABSENT, 1),
    (["unknownFutureValue"], 1),
    (["servicePrincipal"], 0),
    (["managedIdentity"], 0),
])  # fmt: skip
def test_sign_ins_of_programs_are_left_out(kinds: Any, records: int) -> None:
    """What is certainly no user's sign-in is no record."""
    assert len(summary(event(signInEventTypes=kinds))) == records


@pytest.mark.parametrize(("client", "expected"), [
    ("Browser", False),
    ("Mobile Apps and Desktop clients", False),
    ("mobile apps and desktop clients", False),
    ("Modern clients", False),
    ("IMAP4", True),
    ("imap4", True),
    ("POP", True),
    ("Authenticated SMTP", True),
    ("Exchange ActiveSync", True),
    ("Outlook Anywhere (RPC over HTTP)", True),
    ("Other clients", True),
    ("Exchange Telepathy", UNKNOWN),
    ("", UNKNOWN),
    (None, UNKNOWN),
    (ABSENT, UNKNOWN),
    (7, UNKNOWN),
])  # fmt: skip
def test_legacy_clients(client: Any, expected: Any) -> None:
    """A client is legacy or modern by its name; an unclassified one is neither."""
    assert summary(event(clientAppUsed=client), names=("isLegacyClient",)) == [(expected,)]


@pytest.mark.parametrize(("kind", "resource", "own", "expected"), [
    ("none", OWN, OWN, False),
    ("none", OWN.upper(), OWN, False),
    ("b2bCollaboration", OWN, OWN, False),
    ("b2bCollaboration", OTHER, OWN, True),
    ("none", OTHER, OWN, True),
    ("serviceProvider", OWN, OWN, True),
    ("serviceProvider", ABSENT, None, True),
    ("none", None, OWN, False),
    ("none", "", OWN, False),
    ("b2bCollaboration", None, OWN, UNKNOWN),
    ("none", ABSENT, OWN, UNKNOWN),
    (ABSENT, OTHER, OWN, True),
    (ABSENT, OWN, OWN, UNKNOWN),
    ("unknownFutureValue", OWN, OWN, UNKNOWN),
    ("none", OTHER, None, UNKNOWN),
])  # fmt: skip
def test_partner_traffic(kind: Any, resource: Any, own: Any, expected: Any) -> None:
    """Partner traffic goes to another tenant, or is a service provider's."""
    log = event(crossTenantAccessType=kind, resourceTenantId=resource)

    assert summary(log, organization=own, names=("isPartnerTraffic",)) == [(expected,)]


# --- what was proven ---------------------------------------------------------------------------


@pytest.mark.parametrize(("changes", "expected"), [
    ({}, (1, 1, 1, 0, 0, 0, 0)),
    ({"status": FAILED}, (1, 0, 0, 0, 0, 0, 0)),
    ({"status": FAILED, "authenticationRequirement": ABSENT}, (1, 0, 0, 0, 0, 0, 0)),
    ({"status": None}, (1, UNKNOWN, UNKNOWN, 0, 0, 0, 0)),
    ({"status": {"errorCode": "0"}}, (1, UNKNOWN, UNKNOWN, 0, 0, 0, 0)),
    ({"authenticationRequirement": "multiFactorAuthentication"}, (1, 1, 0, 0, 1, 0, 0)),
    ({"authenticationRequirement": "SingleFactorAuthentication"}, (1, 1, 1, 0, 0, 0, 0)),
    ({"authenticationRequirement": "multiFactorAuthentication",
      "authenticationDetails": [BY_CLAIM]}, (1, 1, 0, 1, 1, 0, 0)),
    ({"authenticationDetails": [BY_CLAIM]}, (1, 1, 0, 1, 0, 0, 0)),
    ({"authenticationRequirement": ABSENT}, (1, 1, UNKNOWN, 0, UNKNOWN, 0, 0)),
    ({"authenticationRequirement": None}, (1, 1, UNKNOWN, 0, UNKNOWN, 0, 0)),
    ({"authenticationRequirement": "unknownFutureValue"}, (1, 1, UNKNOWN, 0, UNKNOWN, 0, 0)),
    ({"authenticationDetails": ABSENT}, (1, 1, UNKNOWN, UNKNOWN, 0, 0, 0)),
    ({"authenticationDetails": []}, (1, 1, UNKNOWN, UNKNOWN, 0, 0, 0)),
    ({"authenticationDetails": None}, (1, 1, UNKNOWN, UNKNOWN, 0, 0, 0)),
    ({"authenticationDetails": ["@{authenticationMethod=Password}"]},
     (1, 1, UNKNOWN, UNKNOWN, 0, 0, 0)),
    ({"authenticationProtocol": "ropc"}, (1, 1, 1, 0, 0, 1, 0)),
    ({"authenticationProtocol": "ropc", "status": FAILED}, (1, 0, 0, 0, 0, 0, 0)),
    ({"authenticationProtocol": "deviceCode"}, (1, 1, 1, 0, 0, 0, 1)),
    ({"authenticationProtocol": ABSENT}, (1, 1, 1, 0, 0, UNKNOWN, UNKNOWN)),
    ({"authenticationProtocol": None}, (1, 1, 1, 0, 0, UNKNOWN, UNKNOWN)),
])  # fmt: skip
def test_counts_of_one_event(changes: Mapping[str, Any], expected: Any) -> None:
    """Only a success counts, and only as what the log says of it."""
    assert summary(event(**changes)) == [expected]


@pytest.mark.parametrize(("steps", "summary_text", "expected"), [
    ([step()], None, 1),
    ([step()], "MFA completed in Azure AD", 0),
    ([step()], "MFA requirement satisfied by claim in the token", 0),
    ([step()], "MFA required in Azure AD", 1),
    ([step()], 7, UNKNOWN),
    ([BY_CLAIM], None, 0),
    ([step(), BY_CLAIM], None, 0),
    ([FIRST_BY_CLAIM], None, UNKNOWN),
    ([step("Windows Hello for Business", None)], None, 0),
    ([step("Passkey (device-bound)", None)], None, 0),
    ([step("FIDO2 security key", None)], None, 0),
    ([step("Mobile app notification", None)], None, 0),
    ([step("Temporary Access Pass", None)], None, 0),
    ([step("Windows Hello for Business", None, succeeded=False), step()], None, 1),
    ([step("Windows Hello for Business", None, succeeded=None)], None, UNKNOWN),
    ([step("X.509 Certificate", None)], None, UNKNOWN),
    ([step("Text message", None)], None, UNKNOWN),
    ([step("Text message", None, authenticationStepRequirement="Multifactor authentication")],
     None, 0),
    ([step(), step("Text message", "MFA successfully completed")], None, 0),
    ([step(None, None)], None, UNKNOWN),
    ([step(succeeded=None)], None, 1),
    ([{**BY_CLAIM, "succeeded": None}], None, 0),
    ([{**BY_CLAIM, "succeeded": False}], None, 1),
    ([{**BY_CLAIM, "succeeded": "True"}], None, UNKNOWN),
    ([step(result=7)], None, UNKNOWN),
    ([step(authenticationStepRequirement=7)], None, UNKNOWN),
])  # fmt: skip
def test_single_factor_needs_proof(steps: Any, summary_text: Any, expected: Any) -> None:
    """A success is single-factor where MFA was not required and no step shows that it was done."""
    log = event(
        authenticationDetails=steps, status={"errorCode": 0, "additionalDetails": summary_text}
    )

    assert summary(log, names=("singleFactor",)) == [(expected,)]


def test_a_summary_that_was_not_exported() -> None:
    """Without the summary in words the steps decide."""
    assert summary(event(status={"errorCode": 0}), names=("singleFactor",)) == [(1,)]


def test_events_add_up() -> None:
    """Events that agree are counted together, with the first and the last success."""
    log = [event(), event(createdDateTime="2026-11-17T23:00:00.1234567Z"),
           event(createdDateTime="2026-11-19T08:00:00Z"),
           event(createdDateTime="2026-11-19T09:00:00Z", status=FAILED)]

    names = ("total", "successful", "singleFactor", "firstSeen", "lastSeen")

    assert summary(*log, names=names) == [
        (4, 3, 3, "2026-11-17T23:00:00.1234567Z", "2026-11-19T08:00:00Z")
    ]


@pytest.mark.parametrize(("changes", "expected"), [
    ({"status": FAILED}, (None, None)),
    ({"createdDateTime": ABSENT}, (UNKNOWN, UNKNOWN)),
    ({"createdDateTime": "yesterday"}, (UNKNOWN, UNKNOWN)),
    ({"status": None}, (UNKNOWN, UNKNOWN)),
])  # fmt: skip
def test_times_are_those_of_successes(changes: Mapping[str, Any], expected: Any) -> None:
    """Without a success there is no time; with one of unknown time it is not known."""
    assert summary(event(**changes), names=("firstSeen", "lastSeen")) == [expected]


def test_doubt_does_not_hide_proof() -> None:
    """A proven single-factor success stands beside events of which nobody can tell."""
    log = [event(authenticationRequirement=ABSENT), event(), event(status=None)]

    assert summary(*log, names=("total", "successful", "singleFactor")) == [
        (1, 1, UNKNOWN), (1, 1, 1), (1, UNKNOWN, UNKNOWN)
    ]


def test_ids_are_distinct() -> None:
    """Records that differ only in what is known of them have different ids."""
    log = [event(), event(authenticationRequirement=ABSENT), event(userId=ABSENT)]

    assert len(set(summary(*log, names=("id",)))) == 3


@pytest.mark.parametrize("name", ["signInSummary", "signInWindow"])
def test_a_truncated_log_is_incomplete(name: str) -> None:
    """A log of which pages are missing, or that is not there, gives an incomplete fact."""
    both = (fact(name, [event()], complete=False).complete, fact(name, None).complete)

    assert both == (False, False)


# --- signInWindow ------------------------------------------------------------------------------


def window(*events: Mapping[str, Any], names: tuple[str, ...], **manifest: Any) -> Any:
    """Return properties of the only record."""
    (one,) = rows(fact("signInWindow", list(events), **manifest), *names)
    return one


EDGES = ("from", "to", "days", "ageDays")


@pytest.mark.parametrize(("times", "manifest", "expected"), [
    (["2026-11-18T06:00:00Z", "2026-11-10T06:00:00Z", "2026-11-12T06:00:00Z"], {},
     ("2026-11-10T06:00:00Z", "2026-11-18T06:00:00Z", 8, 2)),
    (["2026-11-18T06:00:00Z"], {"from": "2026-10-21T06:00:00Z", "to": "2026-11-20T06:00:00Z"},
     ("2026-10-21T06:00:00Z", "2026-11-20T06:00:00Z", 30, 0)),
    ([], {"from": "2026-10-21", "to": "2026-11-20"},
     ("2026-10-21T00:00:00Z", "2026-11-20T00:00:00Z", 30, 0.25)),
    (["2026-11-18T06:00:00Z"], {"from": "2026-11-08T06:00:00Z"},
     ("2026-11-08T06:00:00Z", "2026-11-18T06:00:00Z", 10, 2)),
    (["2026-11-18T06:00:00Z"], {"from": "long ago"},
     (UNKNOWN, "2026-11-18T06:00:00Z", UNKNOWN, 2)),
    (["2026-11-18T06:00:00Z", None], {}, (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)),
    ([], {}, (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)),
])  # fmt: skip
def test_the_window_is_stated_or_seen(times: Any, manifest: Any, expected: Any) -> None:
    """The log covers what the manifest says, else the time from its first to its last event."""
    events = [event(createdDateTime=one) for one in times]

    assert window(*events, names=EDGES, **manifest) == expected


@pytest.mark.parametrize(("changes", "expected"), [
    ({}, (True, UNKNOWN)),
    ({"signInEventTypes": ["nonInteractiveUser"], "isInteractive": False}, (UNKNOWN, True)),
    ({"signInEventTypes": ABSENT}, (True, UNKNOWN)),
    ({"signInEventTypes": [], "isInteractive": False}, (UNKNOWN, True)),
    ({"signInEventTypes": ABSENT, "isInteractive": False, "userId": ""}, (UNKNOWN, UNKNOWN)),
    ({"signInEventTypes": ABSENT, "isInteractive": None}, (UNKNOWN, UNKNOWN)),
    ({"signInEventTypes": ["nonInteractiveUser"], "isInteractive": ABSENT}, (UNKNOWN, True)),
    ({"signInEventTypes": ["servicePrincipal"], "isInteractive": False, "userId": ""},
     (UNKNOWN, UNKNOWN)),
])  # fmt: skip
def test_kinds_that_were_seen(changes: Mapping[str, Any], expected: Any) -> None:
    """A kind of sign-in was exported where the log holds one; else nobody can tell."""
    names = ("interactiveSeen", "nonInteractiveSeen")

    assert window(event(**changes), names=names) == expected


@pytest.mark.parametrize(("changes", "expected"), [
    ([{}], True),
    ([{}, {"authenticationRequirement": ABSENT}], False),
    ([{}, {"authenticationRequirement": ABSENT, "status": FAILED}], True),
    ([{}, {"authenticationRequirement": None, "status": None}], UNKNOWN),
    ([{"status": FAILED}], UNKNOWN),
    ([], UNKNOWN),
])  # fmt: skip
def test_v1_events_lack_the_requirement(changes: Any, expected: Any) -> None:
    """Every success has to say whether MFA was required."""
    events = [event(**one) for one in changes]

    assert window(*events, names=("hasAuthenticationRequirement",)) == (expected,)


def test_the_window_has_one_record() -> None:
    """The record is called `window` and counts all events."""
    assert window(event(), event(status=FAILED), names=("id", "total")) == ("window", 2)


@pytest.mark.parametrize(("times", "window", "expected"), [
    (["2026-11-13T08:00:00Z", "2026-11-19T08:00:00Z"], "7 days", (2 / 24, True)),
    (["2026-11-01T08:00:00Z", "2026-11-19T08:00:00Z"], "7 days", (0, True)),
    (["2026-11-14T06:00:00Z", "2026-11-18T06:00:00Z"], "7 days", (1, True)),
    (["2026-11-14T07:12:00Z", "2026-11-19T06:00:00Z"], "7 days", (1.05, UNKNOWN)),
    (["2026-11-01T06:00:00Z", "2026-11-18T05:00:00Z"], "7 days", (0, UNKNOWN)),
    (["2026-11-14T06:00:00Z", "2026-11-19T06:00:00Z"], "P30D", (24, UNKNOWN)),
    (["2026-11-14T06:00:00Z"], None, (UNKNOWN, UNKNOWN)),
    (["2026-11-14T06:00:00Z"], "a week", (UNKNOWN, UNKNOWN)),
    ([], "7 days", (UNKNOWN, UNKNOWN)),
])  # fmt: skip
def test_what_the_log_lacks_of_the_window(times: Any, window: Any, expected: Any) -> None:
    """A log covers the window but for a day at its beginning and two at its end, or is open."""
    events = [event(createdDateTime=one) for one in times]
    given = {} if window is None else {"sign_in_window": window}
    found = fact("signInWindow", events, parameters=given)

    assert rows(found, "missingDays", "coversWindow") == [
        (pytest.approx(expected[0]) if expected[0] != UNKNOWN else UNKNOWN, expected[1])
    ]


# --- who signed in -----------------------------------------------------------------------------

PERSON = {"id": "u", "userPrincipalName": "jane@contoso.example", "accountEnabled": True}
WHOLE: Mapping[str, Any] = {name: [] for name in (
    "users", "roleAssignments", "roleAssignmentScheduleInstances", "roleDefinitions", "groups",
    "groupMembers",
)}


@pytest.mark.parametrize(("given", "parameters", "expected"), [
    ({**WHOLE, "users": [PERSON]}, {"service_accounts": []}, (True, False, False)),
    ({**WHOLE, "users": [{**PERSON, "accountEnabled": False}]}, {"service_accounts": ["u"]},
     (False, False, True)),
    ({**WHOLE, "users": [PERSON]}, {"synchronisation_accounts": ["U"]}, (True, True, UNKNOWN)),
    (WHOLE, {"service_accounts": ["x"]}, (None, False, False)),
    ({}, {"service_accounts": ["u"]}, (UNKNOWN, UNKNOWN, True)),
    ({"users": [PERSON]}, {"service_accounts": []}, (True, UNKNOWN, False)),
])  # fmt: skip
def test_who_signed_in(given: Any, parameters: Any, expected: Any) -> None:
    """The account's flags are those of `accounts`; who is none of them is no such account."""
    names = ("accountEnabled", "isSynchronisationAccount", "isServiceAccount")
    declared = {"synchronisation_accounts": [], **parameters}

    assert summary(event(), names=names, parameters=declared, more=given) == [expected]


def test_a_sign_in_without_an_account() -> None:
    """Where the account is not known, nothing about it is."""
    names = ("accountEnabled", "isSynchronisationAccount", "isServiceAccount")

    assert summary(event(userId=ABSENT), names=names) == [(UNKNOWN, UNKNOWN, UNKNOWN)]


def test_events_that_are_alike_in_their_signature_are_seen_alike():
    """The signature names every property that tells what is true of an event."""
    source = Path(sign_in_events.__file__).read_text(encoding="utf-8")
    judged = source[source.index("def succeeded(") :]
    named = set(re.findall(r'"([a-z][A-Za-z]+)"', judged)) & {
        *shape_names(bundled_shapes()["signIns"].record)}
    assert named - {"clientAppUsed", "createdDateTime"} == {
        "status", "authenticationRequirement", "authenticationProtocol", "authenticationDetails",
        *sign_in_events.STATUS, *sign_in_events.STEP}


def test_events_of_one_sort_show_the_same_of_the_log():
    """The signature also has all that the log's cover reads of an event, but its time."""
    told = set(re.findall(r"event\.(\w+)", inspect.getsource(sign_in_events.signature)))
    read = {name.partition(".")[0] for name in sign_in_cover.READ} - {"createdDateTime"}
    judged = set(re.findall(r'"([a-z]\w+)"', inspect.getsource(sign_in_events.is_by_user)))
    assert told >= read | judged
    assert {"signInEventTypes"} == judged
    named = set(re.findall(r'read\(event, "(\w+)"\)', inspect.getsource(sign_in_cover)))
    assert named <= read


def shape_names(shape):
    """Every property name below a shape."""
    for name, child in shape.properties.items():
        yield name
        yield from shape_names(child.items or child)
