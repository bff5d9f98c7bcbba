"""Security defaults: for whom they enforce MFA and refuse legacy clients.

They are for everybody in the tenant but the accounts that synchronise directories
(https://learn.microsoft.com/entra/fundamentals/security-defaults).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from msgspec import Struct

from tenantproof.facts.base import Inputs, doubt, no_record, value_at
from tenantproof.facts.roles import SYNCHRONISATION_ROLES, Holdings
from tenantproof.verdict import Truth, Unknown, Why, all_true, merged, negated, unknown

NAME: Final = "securityDefaults"
SYNC_NAMES: Final = ("sync_", "on-premises directory synchronization service account")


class Defaults:
    """Whether security defaults are on, and which accounts they leave alone."""

    def __init__(self, inputs: Inputs, active: Holdings) -> None:
        collection = inputs.collection(NAME)
        missing = doubt(collection)
        self.enabled: Truth = value_at(collection.records[0], "isEnabled") if collection.records \
            else no_record(missing, NAME, "isEnabled", "security defaults")
        self._of_others = all_true([self.enabled, True])
        organization = inputs.collection("organization")
        synced = value_at(organization.records[0], "onPremisesSyncEnabled") \
            if organization.records else None
        self._synced = synced is not False
        self._synchronisers = frozenset(
            holding.user for role in SYNCHRONISATION_ROLES
            for holding in active.by_role.get(role, ()))
        self._doubts = [one for role in sorted(SYNCHRONISATION_ROLES)
                        for one in active.doubts(role)]

    def enforce_mfa(self, user: str, account: Struct) -> Truth:
        """Tell whether they make an account use MFA."""
        synchronises = self._synchronises(user, account)
        if synchronises is False:
            return self._of_others
        return all_true([self.enabled, negated(synchronises)])

    def block_legacy(self, user: str, account: Struct) -> Truth:
        """Tell whether they refuse an account's legacy clients; of sync accounts nobody says so."""
        if self.enabled is not True or self._synchronises(user, account) is False:
            return self.enabled
        return unknown(Why.UNDETERMINED, NAME, "isEnabled",
                       "whether they block legacy clients of synchronisation accounts is not known")

    def _synchronises(self, user: str, account: Struct) -> Truth:
        if user in self._synchronisers:
            return True
        if not self._doubts or not self._synced or not _looks_like_it(account):
            return False
        return merged(self._doubts)

    def is_inconsistent(self, rules: Iterable[Any]) -> Truth:
        """Tell whether they are on together with a policy, which Entra does not allow."""
        if isinstance(self.enabled, Unknown):
            return self.enabled
        return self.enabled and any(rule.on is True for rule in rules)


def _looks_like_it(account: Struct) -> bool:
    names = (value_at(account, name) for name in ("userPrincipalName", "displayName"))
    return any(isinstance(name, str) and name.casefold().startswith(SYNC_NAMES) for name in names)
