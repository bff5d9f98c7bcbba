"""The traits of each account, gathered policy by policy and not account by account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from tenantproof.facts.coverage_rules import Rules
from tenantproof.facts.coverage_who import Traits
from tenantproof.facts.groups import Groups
from tenantproof.facts.roles import Holdings

Sets = Mapping[str, set[str]]
NONE: frozenset[str] = frozenset()


class Kinds:
    """What the policies' users may choose each account by, in time linear in what they name."""

    def __init__(self, rules: Rules, groups: Groups, active: Holdings, held: Holdings) -> None:
        self._named = rules.named
        self._groups: Sets = defaultdict(set)
        for group in rules.groups():
            for user in groups.members(group).found_in:
                self._groups[user].add(group)
        self._now = _roles(rules, active)
        self._later = _roles(rules, held)
        self._seen: dict[tuple[Any, ...], Traits] = {}

    def now(self, user: str, kind: Any) -> Traits:
        """Return the traits of an account, by id in lower case, as they are."""
        return self._traits(user, kind, *self._now)

    def later(self, user: str, kind: Any) -> Traits:
        """Return the traits of an account as if it had activated every role it may."""
        return self._traits(user, kind, *self._later)

    def _traits(self, user: str, kind: Any, sure: Sets, perhaps: Sets) -> Traits:
        key = (
            user if user in self._named else "", frozenset(self._groups.get(user, NONE)), kind,
            frozenset(sure.get(user, NONE)), frozenset(perhaps.get(user, NONE)),
        )
        return self._seen.setdefault(key, Traits(*key))


def _roles(rules: Rules, holdings: Holdings) -> tuple[Sets, Sets]:
    sure: Sets = defaultdict(set)
    perhaps: Sets = defaultdict(set)
    for role in rules.roles():
        for holding in holdings.by_role.get(role, ()):
            wide = holding.tenant_wide()
            if wide is True:
                sure[holding.user].add(role)
            elif wide is not False:
                perhaps[holding.user].add(role)
    return sure, perhaps
