"""The fact `partnerApplications`: each registration as partner applications are judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from tenantproof.collection import Collection
from tenantproof.facts.app_parts import (
    APPLICATIONS,
    KINDS,
    PARTNER_CENTER,
    count,
    credentials,
    is_expired,
    owner_count,
    permissions,
    resources,
    signs_in,
)
from tenantproof.facts.base import Fact, Inputs, doubt, fact, value_at, why_not
from tenantproof.facts.lists import Listed, declared, joined, listed
from tenantproof.facts.sign_in_events import LOG, happened, read, succeeded
from tenantproof.verdict import Truth, Unknown, Why, all_true, any_true, negated, unknown

NAME: Final = "partnerApplications"
COPIED: Final = ("id", "appId", "displayName", "signInAudience")
FLAGS: Final = {
    "isDisabled": ("isDisabled",),
    "isFallbackPublicClient": ("isFallbackPublicClient",),
    "implicitAccessTokens": ("web", "implicitGrantSettings", "enableAccessTokenIssuance"),
    "implicitIdTokens": ("web", "implicitGrantSettings", "enableIdTokenIssuance"),
}
COUNTS: Final = {"passwordCount": "passwordCredentials", "certificateCount": "keyCredentials"}
LOCK: Final = "servicePrincipalLockConfiguration"


def build(inputs: Inputs) -> Collection:
    """Return one record per registration, in the export's order."""
    applications = inputs.collection(APPLICATIONS)
    if not applications.records:
        return fact(inputs.shape(NAME), (), applications)
    last = LastSignIns(inputs.collection(LOG))
    named = declared(inputs, "partner_applications")
    rows = (
        (applications.pointer(index), _row(one, named, last, inputs.as_of))
        for index, one in enumerate(applications.records)
    )
    return fact(inputs.shape(NAME), rows, applications)


def _row(one: Struct, named: Listed, last: LastSignIns, as_of: datetime) -> Mapping[str, Any]:
    asked = resources(one)
    return {
        **{name: value_at(one, name) for name in COPIED},
        **{name: _flag(value_at(one, *path)) for name, path in FLAGS.items()},
        **{name: count(value_at(one, source)) for name, source in COUNTS.items()},
        "usesPartnerCenter": asked.contains(PARTNER_CENTER),
        "isDeclared": any_true(_is_named(value_at(one, key), named) for key in ("id", "appId")),
        "publicRedirectUris": listed(value_at(one, "publicClient", "redirectUris")).as_property(),
        "redirectUris": joined(
            listed(value_at(one, kind, "redirectUris")) for kind in ("web", "spa")
        ).as_property(),
        "hasCredential": any_true(_credentials(one, as_of)),
        "ownerCount": owner_count(one),
        "verifiedPublisher": _publisher(one),
        "resourceAppIds": asked.as_property(),
        "permissionIds": permissions(one).as_property(),
        "isPropertyLocked": all_true(
            _flag(value_at(one, LOCK, name)) for name in ("isEnabled", "allProperties")
        ),
        "hasManagementPolicy": _has_policy(listed(value_at(one, "appManagementPolicies"))),
        "lastSignIn": last.of(value_at(one, "appId")),
    }


def _flag(value: Any) -> Truth:
    """Return a switch; null is off."""
    return value if isinstance(value, Unknown) else value is True


def _is_named(key: Any, named: Listed) -> Truth:
    if isinstance(key, Unknown):
        return key
    return named.contains(key.casefold()) if isinstance(key, str) else False


def _credentials(one: Struct, as_of: datetime) -> Iterator[Truth]:
    """Yield for each credential whether the application can sign in with it now."""
    for kind in KINDS:
        found = credentials(one, kind)
        for credential in found.items:
            yield all_true([
                signs_in(credential, kind), negated(is_expired(credential, as_of))
            ])
        yield from found.doubts
    yield negated(listed(value_at(one, "federatedIdentityCredentials")).is_empty())


def _publisher(one: Struct) -> Any:
    key = value_at(one, "verifiedPublisher", "verifiedPublisherId")
    if not isinstance(key, str):
        return key
    name = value_at(one, "verifiedPublisher", "displayName")
    return name if isinstance(name, str) else key


def _has_policy(assigned: Listed) -> Truth:
    states = (_flag(value_at(one, "isEnabled")) for one in assigned.items)
    return any_true([*states, *assigned.doubts])


class LastSignIns:
    """The last success of each application in the sign-in log, by people and by itself."""

    def __init__(self, log: Collection) -> None:
        self._doubts: dict[Unknown, None] = {}
        self._last: dict[str, tuple[datetime, str]] = {}
        whole = doubt(log)
        if whole is not None:
            self._doubts[whole] = None
            return
        for event in log.records:
            self._add(event)

    def _add(self, event: Any) -> None:
        app, success = read(event, "appId"), succeeded(event)
        if success is False or app is None:
            return
        at = happened(event)
        doubts = [one for one in (app, success, at) if isinstance(one, Unknown)]
        self._doubts.update(dict.fromkeys(doubts))
        if doubts or isinstance(at, Unknown):
            return
        found = (at, read(event, "createdDateTime"))
        self._last[app.casefold()] = max(self._last.get(app.casefold(), found), found)

    def of(self, app: Any) -> Any:
        """Return when an application was last used; an Unknown where the log does not show it."""
        if not isinstance(app, str):
            return why_not(app, APPLICATIONS, "appId")
        if self._doubts:
            return Unknown(tuple(r for one in self._doubts for r in one.reasons))
        found = self._last.get(app.casefold())
        return found[1] if found else unknown(
            Why.UNDETERMINED, LOG, "appId", f"the log shows no sign-in with `{app}`"
        )


FACT: Final = Fact(
    NAME, (APPLICATIONS, LOG), ("partner_applications",), build,
    {LOG: ("appId", "createdDateTime", "status.errorCode")},
)
