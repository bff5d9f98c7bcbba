"""The facts `mfaCoverage` and `legacyAuthCoverage`: what closes the sign-ins of each account.

One record per account that is not switched off. *Can this account complete a sign-in to any
resource without MFA* and *can it use a legacy client at all*: asked of Conditional Access and of
security defaults, not of what users have registered or done. Accounts that no policy can tell apart
are judged once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from tenantproof.collection import Collection
from tenantproof.facts import groups, roles
from tenantproof.facts.base import Fact, Inputs, fact, value_at
from tenantproof.facts.coverage_accounts import Kinds
from tenantproof.facts.coverage_demands import closes_for_mfa, stops_legacy
from tenantproof.facts.coverage_gap import LEGACY_CLIENTS, MFA_CLIENTS
from tenantproof.facts.coverage_rules import Closes, Cover, Rules, cover, rules_of
from tenantproof.facts.coverage_who import Directory, Traits, through
from tenantproof.facts.coverage_words import in_words
from tenantproof.facts.defaults import Defaults
from tenantproof.facts.groups import Groups
from tenantproof.facts.roles import Catalogue, active, eligible
from tenantproof.records import POINTER_FIELD
from tenantproof.verdict import Truth, Unknown, any_true

MFA: Final = "mfaCoverage"
LEGACY: Final = "legacyAuthCoverage"
BY_DEFAULTS: Final = "securityDefaults"
COPIED: Final = (
    "id", "userPrincipalName", "displayName", "userType", "accountEnabled", "isGuest",
    "isExternal", "externalType", "isPrivileged", "isPartnerAgent", "isEmergencyAccount",
    "isServiceAccount", "isSynchronisationAccount", "activeRoleIds", "eligibleRoleIds",
)
SHOWN: Final = ("perUserMfaState", "domainAuthenticationType", "federatedIdpMfaBehavior")
PROMPTS: Final = "Microsoft decides when ordinary users are prompted"
BLOCKED: Final = "blocked entirely"
FLAGGED: Final = "whether the account is switched on is not known"


class Tenant:
    """What both facts look at, read once: policies as rules, groups, roles, security defaults."""

    def __init__(self, inputs: Inputs, closes: Closes, clients: Sequence[str]) -> None:
        self.rules: Rules = rules_of(inputs, closes)
        self.clients = clients
        self.directory = Directory(Groups(inputs), Catalogue(inputs))
        self.active = active(inputs, self.directory.groups, self.directory.catalogue)
        self.eligible = eligible(inputs, self.directory.groups, self.directory.catalogue)
        self.held = self.active.joined(self.eligible)
        self.kinds = Kinds(self.rules, self.directory.groups, self.active, self.held)
        self.defaults = Defaults(inputs, self.active)
        self.names = dict(_names(inputs.collection("servicePrincipals")))
        self._covers: dict[tuple[Traits, bool], Cover] = {}

    def cover(self, traits: Traits, activated: bool) -> Cover:
        """Return what the policies come to; `activated` takes eligible roles as held."""
        key = (traits, activated)
        if key not in self._covers:
            holdings = self.held if activated else self.active
            self._covers[key] = cover(
                self.rules, traits, self.directory, holdings, self.clients)
        return self._covers[key]


def _names(collection: Collection) -> Iterator[tuple[str, str]]:
    """Yield the names of applications by their application ids."""
    for record in collection.records:
        key, name = value_at(record, "appId"), value_at(record, "displayName")
        if isinstance(key, str) and isinstance(name, str):
            yield key.casefold(), name


def build_mfa(inputs: Inputs) -> Collection:
    """Return one record per account that is not switched off: whether MFA is enforced."""
    tenant = Tenant(inputs, closes_for_mfa, MFA_CLIENTS)
    people = inputs.collection("accounts")
    rows = ((_pointer(one), _mfa_row(one, tenant)) for one in _enabled(people))
    return fact(inputs.shape(MFA), rows, people)


def build_legacy(inputs: Inputs) -> Collection:
    """Return one record per account that is not switched off: whether it is kept from legacy."""
    tenant = Tenant(inputs, stops_legacy, LEGACY_CLIENTS)
    people = inputs.collection("accounts")
    rows = ((_pointer(one), _legacy_row(one, tenant)) for one in _enabled(people))
    return fact(inputs.shape(LEGACY), rows, people)


def _enabled(people: Collection) -> Iterator[Struct]:
    return (one for one in people.records if value_at(one, "accountEnabled") is not False)


def _pointer(account: Struct) -> str:
    return str(getattr(account, POINTER_FIELD))


def _mfa_row(account: Struct, tenant: Tenant) -> Mapping[str, Any]:
    key = value_at(account, "id")
    if not isinstance(key, str):
        return _nobody(account, key, ("enforced", "whenActivated", "gapWhenActivated"), SHOWN)
    user = key.casefold()
    kind = value_at(account, "externalType")
    now = tenant.cover(tenant.kinds.now(user, kind), False)
    later = tenant.cover(tenant.kinds.later(user, kind), True)
    defaults = tenant.defaults.enforce_mfa(user, account)
    return {
        **_common(account, user, now, defaults, tenant),
        **{name: value_at(account, name) for name in SHOWN},
        "enforced": any_true([now.truth, defaults]),
        "whenActivated": any_true([later.truth, defaults]),
        "gapWhenActivated": _gap(later, defaults, tenant),
    }


def _legacy_row(account: Struct, tenant: Tenant) -> Mapping[str, Any]:
    key = value_at(account, "id")
    if not isinstance(key, str):
        return _nobody(account, key, ("blocked",), ())
    user = key.casefold()
    found = tenant.cover(tenant.kinds.now(user, value_at(account, "externalType")), False)
    defaults = tenant.defaults.block_legacy(user, account)
    return {
        **_common(account, user, found, defaults, tenant),
        "blocked": any_true([found.truth, defaults]),
    }


REASONS: Final = (
    "by", "byNames", "excludedFrom", "narrowedBy", "gap", "closest", "notes", "blockedEntirely",
    "inconsistent",
)


def _nobody(
    account: Struct, why: Any, judged: Sequence[str], shown: Sequence[str]
) -> dict[str, Any]:
    """Return what is told of an account of which not even the id is known: nothing."""
    return {
        **{name: value_at(account, name) for name in (*COPIED, *shown)},
        **dict.fromkeys((*judged, *REASONS), why),
    }


def _common(
    account: Struct, user: str, found: Cover, defaults: Truth, tenant: Tenant
) -> dict[str, Any]:
    by = [rule for rule in found.by if found.truth is True]
    settled = any_true([found.truth, defaults]) is True
    narrowed = [] if settled else [
        {"policy": rule.id, "policyName": rule.name, "condition": condition, "value": value}
        for rule in found.applying for condition, value in rule.narrowed
    ]
    closest = None if settled else min(
        found.applying, key=lambda rule: (rule.closes is not True, len(rule.narrowed), rule.id),
        default=None)
    return {
        **{name: value_at(account, name) for name in COPIED},
        "by": [rule.id for rule in by] + [BY_DEFAULTS] * (defaults is True),
        "byNames": [rule.name for rule in by] + ["Security defaults"] * (defaults is True),
        "excludedFrom": _excluded(found, user, account, tenant),
        "narrowedBy": narrowed,
        "gap": _gap(found, defaults, tenant),
        "closest": closest.name if closest else None,
        "notes": list(_notes(account, found, defaults)),
        "blockedEntirely": found.blocked,
        "inconsistent": tenant.defaults.is_inconsistent(tenant.rules.rules),
    }


def _excluded(
    found: Cover, user: str, account: Struct, tenant: Tenant
) -> list[dict[str, Any]]:
    if not found.left_out:
        return []
    traits = tenant.kinds.now(user, value_at(account, "externalType"))
    return [
        {"policy": rule.id, "policyName": rule.name,
         "through": through(rule.users, traits, tenant.directory, user)}
        for rule in found.left_out
    ]


def _gap(found: Cover, defaults: Truth, tenant: Tenant) -> str | None:
    if found.gap is None or defaults is True:
        return None
    return in_words(found.gap, tenant.rules, tenant.names)


def _notes(account: Struct, found: Cover, defaults: Truth) -> Iterator[str]:
    if found.blocked:
        yield BLOCKED
    if defaults is True:
        yield PROMPTS
    if isinstance(value_at(account, "accountEnabled"), Unknown):
        yield FLAGGED


INPUTS: Final = (
    "accounts", "conditionalAccessPolicies", "authenticationStrengthPolicies", "namedLocations",
    "securityDefaults", "organization", "servicePrincipals", *groups.INPUTS, *roles.INPUTS,
    *roles.ELIGIBLE,
)
MFA_FACT: Final = Fact(MFA, tuple(dict.fromkeys(INPUTS)), (), build_mfa)
LEGACY_FACT: Final = Fact(LEGACY, tuple(dict.fromkeys(INPUTS)), (), build_legacy)
