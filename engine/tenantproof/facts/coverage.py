"""The facts `mfaCoverage` and `legacyAuthCoverage`: what closes the sign-ins of each account.

One record per account that is not switched off. *Can this account complete a sign-in to any
resource without MFA* and *can it use a legacy client at all*: asked of Conditional Access and of
security defaults, not of what users have registered or done. Accounts that all policies treat alike
are judged once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from tenantproof.collection import Collection
from tenantproof.facts.base import Fact, Inputs, Ready, fact, value_at
from tenantproof.facts.coverage_demands import closes_for_mfa, resists_phishing, stops_legacy
from tenantproof.facts.coverage_gap import LEGACY_CLIENTS, MFA_CLIENTS
from tenantproof.facts.coverage_rules import rules_of
from tenantproof.facts.coverage_view import INPUTS, Tenant, View
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


class Seen(Struct, frozen=True, eq=False):
    """The tenant as one fact sees it: as it is, with all eligible roles held, and strictly."""

    tenant: Tenant
    now: View
    later: View
    strict: View


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
    key = value_at(account, "id")
    if not isinstance(key, str):
        return _nobody(account, key, JUDGED, SHOWN)
    user, kind = key.casefold(), value_at(account, "externalType")
    defaults = seen.tenant.defaults.enforce_mfa(user, account)
    signature = seen.tenant.later.signature(user, kind)
    later = seen.later.told(signature, defaults is True)
    now, row = _common(account, user, defaults, seen.tenant, seen.now)
    return {
        **row,
        **{name: value_at(account, name) for name in SHOWN},
        "enforced": any_true([now, defaults]),
        "phishingResistant": seen.strict.cover(signature).truth,
        "whenActivated": any_true([later.cover.truth, defaults]),
        "gapWhenActivated": later.row["gap"],
    }


def _legacy_row(account: Struct, tenant: Tenant, view: View) -> Mapping[str, Any]:
    key = value_at(account, "id")
    if not isinstance(key, str):
        return _nobody(account, key, ("blocked",), ())
    user = key.casefold()
    defaults = tenant.defaults.block_legacy(user, account)
    truth, row = _common(account, user, defaults, tenant, view)
    return {**row, "blocked": any_true([truth, defaults])}


def _nobody(
    account: Struct, why: Any, judged: Sequence[str], shown: Sequence[str]
) -> dict[str, Any]:
    """Return what is told of an account of which not even the id is known: nothing."""
    return {
        **{name: value_at(account, name) for name in (*COPIED, *shown)},
        **dict.fromkeys((*judged, *REASONS), why),
    }


def _common(
    account: Struct, user: str, defaults: Truth, tenant: Tenant, view: View
) -> tuple[Truth, dict[str, Any]]:
    """Return whether policies close every sign-in, and what both facts tell of an account."""
    kind = value_at(account, "externalType")
    told = view.told(tenant.now.signature(user, kind), defaults is True)
    row = {name: value_at(account, name) for name in COPIED}
    row.update(told.row)
    row["excludedFrom"] = _excluded(told.cover.left_out, user, kind, tenant)
    row["notes"] = list(_notes(account, told.cover.blocked, defaults))
    row["inconsistent"] = tenant.inconsistent
    return told.cover.truth, row


def _excluded(rules: Sequence[Any], user: str, kind: Any, tenant: Tenant) -> Any:
    if not rules:
        return NOBODY
    traits = tenant.now.kinds.of(user, kind)
    return [
        {"policy": rule.id, "policyName": rule.name,
         "through": through(rule.users, traits, tenant.directory, user)}
        for rule in rules
    ]


def _notes(account: Struct, blocked: bool, defaults: Truth) -> Iterator[str]:
    if blocked:
        yield BLOCKED
    if defaults is True:
        yield PROMPTS
    if isinstance(value_at(account, "accountEnabled"), Unknown):
        yield FLAGGED


MFA_FACT: Final = Fact(MFA, tuple(dict.fromkeys(INPUTS)), (), build_mfa)
LEGACY_FACT: Final = Fact(LEGACY, tuple(dict.fromkeys(INPUTS)), (), build_legacy)
