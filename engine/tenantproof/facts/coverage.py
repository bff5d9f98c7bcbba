"""The facts `mfaCoverage` and `legacyAuthCoverage`: what closes the sign-ins of each account.

One record per account that is not switched off. *Can this account complete a sign-in to any
resource without MFA* and *can it use a legacy client at all*: asked of Conditional Access and of
security defaults, not of what users have registered or done. Accounts that all policies treat alike
are judged once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import compress
from operator import attrgetter
from typing import Any, Final

from msgspec import Struct

from tenantproof.collection import Collection
from tenantproof.facts.base import Columns, Fact, Inputs, built, column, from_columns, turned
from tenantproof.facts.coverage_accounts import Signature
from tenantproof.facts.coverage_demands import closes_for_mfa, resists_phishing, stops_legacy
from tenantproof.facts.coverage_gap import LEGACY_CLIENTS, MFA_CLIENTS
from tenantproof.facts.coverage_rules import rules_of
from tenantproof.facts.coverage_view import INPUTS, TOLD, Alike, Tenant, Told, View
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
EXCLUDED: Final = len(TOLD)
PROMPTS: Final = "Microsoft decides when ordinary users are prompted"
BLOCKED: Final = "blocked entirely"
FLAGGED: Final = "whether the account is switched on is not known"
NOBODY: Final[list[Any]] = []
KEY, TYPE, ENABLED = map(COPIED.index, ("id", "externalType", "accountEnabled"))
MFA_COLUMNS, LEGACY_COLUMNS = Columns(*COPIED, *SHOWN), Columns(*COPIED)


def build_mfa(inputs: Inputs) -> Collection:
    """Return one record per account that is not switched off: whether MFA is enforced."""
    shape = inputs.shape(MFA)
    rules, strict = rules_of(inputs, closes_for_mfa), rules_of(inputs, resists_phishing)
    tenant = Tenant(inputs, rules)
    now, later = tenant.now.signatures, tenant.later.signatures
    view = View(inputs, shape, rules, now, MFA_CLIENTS)
    activated = view if later is now else View(inputs, shape, rules, later, MFA_CLIENTS)
    resisting = View(inputs, shape, strict, later, MFA_CLIENTS)

    def judge(told: Told, later: Signature, defaults: Truth) -> tuple[Any, ...]:
        after = activated.told(later, defaults is True)
        return (
            any_true([told.cover.truth, defaults]),
            any_true([after.cover.truth, defaults]),
            after.row[TOLD.index("gap")],
            resisting.cover(later).truth,
        )

    rows = Rows(tenant, view, shape, tenant.defaults.enforce_mfa, judge)
    return _whole(inputs.collection("accounts"), shape, MFA_COLUMNS, JUDGED, rows)


def build_legacy(inputs: Inputs) -> Collection:
    """Return one record per account that is not switched off: whether it is kept from legacy."""
    shape = inputs.shape(LEGACY)
    rules = rules_of(inputs, stops_legacy)
    tenant = Tenant(inputs, rules)
    view = View(inputs, shape, rules, tenant.now.signatures, LEGACY_CLIENTS)

    def judge(told: Told, later: Signature, defaults: Truth) -> tuple[Any, ...]:
        return (any_true([told.cover.truth, defaults]),)

    rows = Rows(tenant, view, shape, tenant.defaults.block_legacy, judge)
    return _whole(inputs.collection("accounts"), shape, LEGACY_COLUMNS, ("blocked",), rows)


def _whole(
    people: Collection, shape: CollectionShape, columns: Columns, judged: Sequence[str], rows: Rows
) -> Collection:
    """Return a fact of all accounts that may be on: what is copied of them, and their rows."""
    enabled = column(people.records, "accountEnabled")
    accounts = [one for one, on in zip(people.records, enabled, strict=True) if on is not False]
    copied = columns.whole(accounts)
    names = (*columns.names, *TOLD, *OWN, *judged)
    width = len(names) - len(copied)
    told = [
        rows.of(one, key.casefold(), kind, on) if isinstance(key, str) else [key] * width
        for one, key, kind, on in zip(
            accounts, copied[KEY], copied[TYPE], copied[ENABLED], strict=True)
    ]
    whole = (*copied, *turned(told, width))
    pointers = map(attrgetter(POINTER_FIELD), accounts)
    return from_columns(shape, dict(zip(names, whole, strict=True)), pointers, people)


class Rows:
    """What is told of accounts beside what is copied; accounts that are treated alike share it.

    `judge` tells the last properties of accounts of a signature.
    """

    def __init__(
        self, tenant: Tenant, view: View, shape: CollectionShape,
        defaults: Callable[[str, Struct], Truth],
        judge: Callable[[Told, Signature, Truth], tuple[Any, ...]],
    ) -> None:
        self._tenant = tenant
        self._view = view
        self._shape = shape.record.properties["excludedFrom"]
        self._defaults = defaults
        self._judge = judge
        self._known: dict[tuple[Alike, Truth, bool], tuple[Told, tuple[Any, ...]]] = {}

    def of(self, account: Struct, user: str, kind: Any, enabled: Any) -> Sequence[Any]:
        """Return the row of an account, in the order of `TOLD`, `OWN` and what is judged.

        `user` is its id in lower case.
        """
        defaults = self._defaults(user, account)
        alike = self._tenant.alike(user, kind), defaults, isinstance(enabled, Unknown)
        found = self._known.get(alike)
        if found is None:
            found = self._known[alike] = self._row(*alike)
        told, row = found
        if not told.cover.left_out:
            return row
        excluded = self._excluded(told.cover.left_out, user, kind)
        return (*row[:EXCLUDED], excluded, *row[EXCLUDED + 1:])

    def _row(
        self, alike: Alike, defaults: Truth, is_flag_open: bool
    ) -> tuple[Told, tuple[Any, ...]]:
        told = self._view.told(alike.now, defaults is True)
        notes = compress(
            (BLOCKED, PROMPTS, FLAGGED), (told.cover.blocked, defaults is True, is_flag_open))
        own = NOBODY, list(notes), self._tenant.inconsistent
        return told, (*told.row, *own, *self._judge(told, alike.later, defaults))

    def _excluded(self, rules: Sequence[Any], user: str, kind: Any) -> Any:
        traits = self._tenant.now.kinds.of(user, kind)
        return built([
            {"policy": rule.id, "policyName": rule.name,
             "through": through(rule.users, traits, self._tenant.directory, user)}
            for rule in rules
        ], self._shape)


MFA_FACT: Final = Fact(MFA, tuple(dict.fromkeys(INPUTS)), (), build_mfa)
LEGACY_FACT: Final = Fact(LEGACY, tuple(dict.fromkeys(INPUTS)), (), build_legacy)
