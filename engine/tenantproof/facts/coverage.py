"""The facts `mfaCoverage` and `legacyAuthCoverage`: what closes the sign-ins of each account.

One record per account that is not switched off. *Can this account complete a sign-in to any
resource without MFA* and *can it use a legacy client at all*: asked of Conditional Access and of
security defaults, not of what users have registered or done. Accounts that all policies treat alike
are judged once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct, field

from tenantproof.collection import Collection
from tenantproof.facts.base import Columns, Fact, Inputs, Ready, fact, value_at
from tenantproof.facts.coverage_accounts import Signature
from tenantproof.facts.coverage_demands import closes_for_mfa, resists_phishing, stops_legacy
from tenantproof.facts.coverage_gap import LEGACY_CLIENTS, MFA_CLIENTS
from tenantproof.facts.coverage_rules import rules_of
from tenantproof.facts.coverage_view import INPUTS, Tenant, Told, View
from tenantproof.facts.coverage_who import through
from tenantproof.records import POINTER_FIELD
from tenantproof.verdict import Truth, Unknown, any_true

MFA: Final = "mfaCoverage"
LEGACY: Final = "legacyAuthCoverage"
COPIED: Final = (
    "id", "userPrincipalName", "displayName", "userType", "accountEnabled", "isGuest",
    "isExternal", "externalType", "isPrivileged", "isPartnerAgent", "isEmergencyAccount",
    "isServiceAccount", "isSynchronisationAccount", "activeRoleIds", "eligibleRoleIds",
)
SHOWN: Final = (
    "perUserMfaState", "domainAuthenticationType", "federatedIdpMfaBehavior", "providerDoesMfa",
)
JUDGED: Final = ("enforced", "whenActivated", "gapWhenActivated", "phishingResistant")
REASONS: Final = (
    "by", "byNames", "excludedFrom", "narrowedBy", "gap", "closest", "notes", "blockedEntirely",
    "inconsistent",
)
PROMPTS: Final = "Microsoft decides when ordinary users are prompted"
BLOCKED: Final = "blocked entirely"
FLAGGED: Final = "whether the account is switched on is not known"
NOBODY: Final = Ready([])
MFA_COLUMNS, LEGACY_COLUMNS = Columns(*COPIED, *SHOWN), Columns(*COPIED)


class Seen(Struct, frozen=True, eq=False):
    """The tenant as one fact sees it: as it is, with all eligible roles held, and strictly."""

    tenant: Tenant
    now: View
    later: View
    strict: View
    judged: dict[tuple[Signature, Signature, Truth], dict[str, Any]] = field(default_factory=dict)


def build_mfa(inputs: Inputs) -> Collection:
    """Return one record per account that is not switched off: whether MFA is enforced."""
    shape = inputs.shape(MFA)
    rules, strict = rules_of(inputs, closes_for_mfa), rules_of(inputs, resists_phishing)
    tenant = Tenant(inputs, rules)
    now, later = tenant.now.signatures, tenant.later.signatures
    view = View(inputs, shape, rules, now, MFA_CLIENTS)
    seen = Seen(
        tenant, view,
        view if later is now else View(inputs, shape, rules, later, MFA_CLIENTS),
        View(inputs, shape, strict, later, MFA_CLIENTS),
    )
    people = inputs.collection("accounts")
    rows = ((_pointer(one), _mfa_row(one, seen)) for one in _enabled(people))
    return fact(shape, rows, people)


def build_legacy(inputs: Inputs) -> Collection:
    """Return one record per account that is not switched off: whether it is kept from legacy."""
    shape = inputs.shape(LEGACY)
    rules = rules_of(inputs, stops_legacy)
    tenant = Tenant(inputs, rules)
    view = View(inputs, shape, rules, tenant.now.signatures, LEGACY_CLIENTS)
    people = inputs.collection("accounts")
    rows = ((_pointer(one), _legacy_row(one, tenant, view)) for one in _enabled(people))
    return fact(shape, rows, people)


def _enabled(people: Collection) -> Iterator[Struct]:
    return (one for one in people.records if value_at(one, "accountEnabled") is not False)


def _pointer(account: Struct) -> str:
    return str(getattr(account, POINTER_FIELD))


def _mfa_row(account: Struct, seen: Seen) -> Mapping[str, Any]:
    copied = MFA_COLUMNS.of(account)
    key, kind = copied["id"], copied["externalType"]
    if not isinstance(key, str):
        return {**copied, **dict.fromkeys((*JUDGED, *REASONS), key)}
    user = key.casefold()
    defaults = seen.tenant.defaults.enforce_mfa(user, account)
    now, later = (who.signature(user, kind) for who in (seen.tenant.now, seen.tenant.later))
    told = seen.now.told(now, defaults is True)
    alike = (now, later, defaults)
    if alike not in seen.judged:
        seen.judged[alike] = _judged(told, later, defaults, seen)
    return {
        **copied,
        **told.row,
        **_own(told, user, copied, defaults, seen.tenant),
        **seen.judged[alike],
    }


def _judged(told: Told, later: Signature, defaults: Truth, seen: Seen) -> dict[str, Any]:
    """Return whether MFA is demanded of accounts of the same signatures."""
    activated = seen.later.told(later, defaults is True)
    return {
        "enforced": any_true([told.cover.truth, defaults]),
        "phishingResistant": seen.strict.cover(later).truth,
        "whenActivated": any_true([activated.cover.truth, defaults]),
        "gapWhenActivated": activated.row["gap"],
    }


def _legacy_row(account: Struct, tenant: Tenant, view: View) -> Mapping[str, Any]:
    copied = LEGACY_COLUMNS.of(account)
    key = copied["id"]
    if not isinstance(key, str):
        return {**copied, **dict.fromkeys(("blocked", *REASONS), key)}
    user = key.casefold()
    defaults = tenant.defaults.block_legacy(user, account)
    told = view.told(tenant.now.signature(user, copied["externalType"]), defaults is True)
    return {
        **copied,
        **told.row,
        **_own(told, user, copied, defaults, tenant),
        "blocked": any_true([told.cover.truth, defaults]),
    }


def _own(
    told: Told, user: str, copied: Mapping[str, Any], defaults: Truth, tenant: Tenant
) -> dict[str, Any]:
    """Return what both facts tell of an account alone."""
    return {
        "excludedFrom": _excluded(told.cover.left_out, user, copied["externalType"], tenant),
        "notes": list(_notes(copied, told.cover.blocked, defaults)),
        "inconsistent": tenant.inconsistent,
    }


def _excluded(rules: Sequence[Any], user: str, kind: Any, tenant: Tenant) -> Any:
    if not rules:
        return NOBODY
    traits = tenant.now.kinds.of(user, kind)
    return [
        {"policy": rule.id, "policyName": rule.name,
         "through": through(rule.users, traits, tenant.directory, user)}
        for rule in rules
    ]


def _notes(copied: Mapping[str, Any], blocked: bool, defaults: Truth) -> Iterator[str]:
    if blocked:
        yield BLOCKED
    if defaults is True:
        yield PROMPTS
    if isinstance(copied["accountEnabled"], Unknown):
        yield FLAGGED


MFA_FACT: Final = Fact(MFA, tuple(dict.fromkeys(INPUTS)), (), build_mfa)
LEGACY_FACT: Final = Fact(LEGACY, tuple(dict.fromkeys(INPUTS)), (), build_legacy)
