"""The facts `mfaCoverage` and `legacyAuthCoverage`: what closes the sign-ins of each account.

One record per account that is not switched off. *Can this account complete a sign-in to any
resource without MFA* and *can it use a legacy client at all*: asked of Conditional Access and of
security defaults, not of what users have registered or done. Accounts that all policies treat alike
are judged once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import compress
from typing import Any, Final

from msgspec import Struct, field

from tenantproof.collection import Collection
from tenantproof.facts.base import Columns, Fact, Inputs, built, from_columns, value_at
from tenantproof.facts.coverage_accounts import Signature
from tenantproof.facts.coverage_demands import closes_for_mfa, resists_phishing, stops_legacy
from tenantproof.facts.coverage_gap import LEGACY_CLIENTS, MFA_CLIENTS
from tenantproof.facts.coverage_rules import rules_of
from tenantproof.facts.coverage_view import INPUTS, TOLD, Tenant, Told, View
from tenantproof.facts.coverage_who import through
from tenantproof.records import POINTER_FIELD
from tenantproof.shape import CollectionShape
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
OWN: Final = ("excludedFrom", "notes", "inconsistent")
MFA_ROW: Final = (*COPIED, *SHOWN, *TOLD, *OWN, *JUDGED)
LEGACY_ROW: Final = (*COPIED, *TOLD, *OWN, "blocked")
PROMPTS: Final = "Microsoft decides when ordinary users are prompted"
BLOCKED: Final = "blocked entirely"
FLAGGED: Final = "whether the account is switched on is not known"
NOBODY: Final[list[Any]] = []
TYPE, ENABLED = COPIED.index("externalType"), COPIED.index("accountEnabled")
MFA_COLUMNS, LEGACY_COLUMNS = Columns(*COPIED, *SHOWN), Columns(*COPIED)


class Seen(Struct, frozen=True, eq=False):
    """The tenant as one fact sees it: as it is, with all eligible roles held, and strictly."""

    tenant: Tenant
    now: View
    later: View
    strict: View
    own: Own
    judged: dict[tuple[Signature, Signature, Truth], Sequence[Any]] = field(default_factory=dict)


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
        Own(tenant, shape),
    )
    people = inputs.collection("accounts")
    rows = ((_pointer(one), _mfa_row(one, seen)) for one in _enabled(people))
    return from_columns(shape, MFA_ROW, rows, people)


def build_legacy(inputs: Inputs) -> Collection:
    """Return one record per account that is not switched off: whether it is kept from legacy."""
    shape = inputs.shape(LEGACY)
    rules = rules_of(inputs, stops_legacy)
    tenant = Tenant(inputs, rules)
    view = View(inputs, shape, rules, tenant.now.signatures, LEGACY_CLIENTS)
    people, own = inputs.collection("accounts"), Own(tenant, shape)
    rows = ((_pointer(one), _legacy_row(one, own, view)) for one in _enabled(people))
    return from_columns(shape, LEGACY_ROW, rows, people)


def _enabled(people: Collection) -> Iterator[Struct]:
    return (one for one in people.records if value_at(one, "accountEnabled") is not False)


def _pointer(account: Struct) -> str:
    return str(getattr(account, POINTER_FIELD))


def _mfa_row(account: Struct, seen: Seen) -> tuple[Any, ...]:
    """Return a record's properties in the order of `MFA_ROW`."""
    copied = MFA_COLUMNS.values(account)
    key, kind = copied[0], copied[TYPE]
    if not isinstance(key, str):
        return *copied, *[key] * (len(MFA_ROW) - len(copied))
    user = key.casefold()
    defaults = seen.tenant.defaults.enforce_mfa(user, account)
    now, later = seen.tenant.now.signature(user, kind), seen.tenant.later.signature(user, kind)
    told = seen.now.told(now, defaults is True)
    alike = (now, later, defaults)
    judged = seen.judged.get(alike)
    if judged is None:
        judged = seen.judged[alike] = _judged(told, later, defaults, seen)
    return *copied, *told.row, *seen.own.of(told, user, copied, defaults), *judged


def _judged(told: Told, later: Signature, defaults: Truth, seen: Seen) -> Sequence[Any]:
    """Return whether MFA is demanded of accounts of the same signatures, as `JUDGED`."""
    activated = seen.later.told(later, defaults is True)
    return (
        any_true([told.cover.truth, defaults]),
        any_true([activated.cover.truth, defaults]),
        activated.row[TOLD.index("gap")],
        seen.strict.cover(later).truth,
    )


def _legacy_row(account: Struct, own: Own, view: View) -> tuple[Any, ...]:
    """Return a record's properties in the order of `LEGACY_ROW`."""
    copied, tenant = LEGACY_COLUMNS.values(account), own.tenant
    key = copied[0]
    if not isinstance(key, str):
        return *copied, *[key] * (len(LEGACY_ROW) - len(copied))
    user = key.casefold()
    defaults = tenant.defaults.block_legacy(user, account)
    told = view.told(tenant.now.signature(user, copied[TYPE]), defaults is True)
    return (
        *copied, *told.row, *own.of(told, user, copied, defaults),
        any_true([told.cover.truth, defaults]),
    )


class Own:
    """What both facts tell of an account alone."""

    def __init__(self, tenant: Tenant, shape: CollectionShape) -> None:
        self.tenant = tenant
        self._shape = shape.record.properties["excludedFrom"]
        self._notes: dict[tuple[bool, bool, bool], list[str]] = {}

    def of(
        self, told: Told, user: str, copied: Sequence[Any], defaults: Truth
    ) -> tuple[Any, ...]:
        """Return it in the order of `OWN`."""
        alike = told.cover.blocked, defaults is True, isinstance(copied[ENABLED], Unknown)
        if alike not in self._notes:
            self._notes[alike] = list(compress((BLOCKED, PROMPTS, FLAGGED), alike))
        left_out = told.cover.left_out
        excluded = self._excluded(left_out, user, copied[TYPE]) if left_out else NOBODY
        return excluded, self._notes[alike], self.tenant.inconsistent

    def _excluded(self, rules: Sequence[Any], user: str, kind: Any) -> Any:
        traits = self.tenant.now.kinds.of(user, kind)
        return built([
            {"policy": rule.id, "policyName": rule.name,
             "through": through(rule.users, traits, self.tenant.directory, user)}
            for rule in rules
        ], self._shape)


MFA_FACT: Final = Fact(MFA, tuple(dict.fromkeys(INPUTS)), (), build_mfa)
LEGACY_FACT: Final = Fact(LEGACY, tuple(dict.fromkeys(INPUTS)), (), build_legacy)
