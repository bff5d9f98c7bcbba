"""Whether an emergency account that one policy leaves out has to perform MFA by another.

The source makes no exception for emergency accounts: one may be left out of one policy only while
another, unconditional one demands MFA of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct, field

from tenantproof.facts.base import value_at
from tenantproof.facts.exclusions import Directory, Excluded, excludes_guests
from tenantproof.facts.lists import listed, open_list
from tenantproof.verdict import Truth, Unknown, Why, all_true, any_true, negated, unknown


class Demand(Struct, frozen=True, eq=False):
    """A policy that may demand MFA of somebody: whether it does so at all, and of whom not.

    `known` are the answers for accounts: every other policy that leaves one out asks again.
    """

    policy: Struct
    always: Truth
    left_out: Excluded
    known: dict[str, Truth] = field(default_factory=dict)

    def covers(self, account: str, directory: Directory) -> Truth:
        """Tell whether an account, by id in lower case, has to perform MFA by this policy."""
        if account not in self.known:
            self.known[account] = self._covers(account, directory)
        return self.known[account]

    def _covers(self, account: str, directory: Directory) -> Truth:
        out = any_true([
            account in self.left_out.accounts, *self.left_out.doubts, _as_guest(self.left_out),
        ])
        return all_true([self.always, _included(self.policy, account, directory), negated(out)])


def _as_guest(left_out: Excluded) -> Truth:
    """Whether an account is a guest is not looked at: where guests are left out, it is open."""
    guests = excludes_guests(left_out.guests)
    if guests is not True:
        return guests
    return unknown(Why.UNDETERMINED, "users", "userType", "a policy leaves guests out")


def _included(policy: Struct, account: str, directory: Directory) -> Truth:
    users = value_at(policy, "conditions", "users")
    named = listed(value_at(users, "includeUsers"))
    groups = listed(value_at(users, "includeGroups"))
    roles = listed(value_at(users, "includeRoles"))
    return any_true([
        named.contains("all"), named.contains(account), *groups.doubts, *roles.doubts,
        *(directory.groups.members(group).has(account) for group in groups.texts),
        *(_holds(account, role, directory) for role in roles.texts),
    ])


def _holds(account: str, role: str, directory: Directory) -> Truth:
    """Conditional Access sees built-in roles that are active for the whole directory, only."""
    held = [h for h in directory.active.of(account) if h.role.id == role]
    return all_true([
        directory.catalogue.is_built_in(role),
        any_true([*(h.tenant_wide() for h in held), *directory.active.doubts(role)]),
    ])


def uncovered(found: Demand, demands: Sequence[Demand], directory: Directory) -> Any:
    """Return the declared emergency accounts that a policy leaves out and no other one covers.

    An ``Unknown``, alone or behind the proven ones, stands for what cannot be told.
    """
    proven: list[str] = []
    doubts: list[Unknown] = []
    for account in found.left_out.accounts:
        covered = any_true([
            negated(directory.emergency.contains(account)),
            *(d.covers(account, directory) for d in demands if d is not found),
            *directory.more_policies,
        ])
        if covered is False:
            proven.append(account)
        elif isinstance(covered, Unknown):
            doubts.append(covered)
    return open_list(proven, doubts)
