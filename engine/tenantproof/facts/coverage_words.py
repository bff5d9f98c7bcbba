"""A gap in coverage as an administrator reads it: one concrete sign-in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tenantproof.facts.coverage_gap import Gap
from tenantproof.facts.coverage_reach import OTHER, TRUSTED_ADDRESSES
from tenantproof.facts.coverage_rules import Rules

CLIENTS: Final = {
    "browser": "browser",
    "mobileappsanddesktopclients": "mobile app or desktop client",
    "exchangeactivesync": "Exchange ActiveSync client",
    "other": "other legacy client",
}
SUITES: Final = {"office365": "Office 365", "microsoftadminportals": "Microsoft admin portals"}


def in_words(gap: Gap, rules: Rules, names: Mapping[str, str]) -> str:
    """Return a gap in words; `names` are those of applications by their ids."""
    parts = [_resource(gap.resource, names), _network(gap, rules), CLIENTS[gap.client]]
    if gap.platform != OTHER:
        parts.insert(2, f"platform {gap.platform}")
    elif any(_names_platforms(rule.reaches.most) for rule in rules.rules):
        parts.insert(2, "a platform that no policy names")
    return ", ".join(parts)


def _resource(word: str, names: Mapping[str, str]) -> str:
    if word == OTHER:
        return "any resource that no policy names"
    return f"resource {SUITES.get(word) or names.get(word, word)}"


def _network(gap: Gap, rules: Rules) -> str:
    if not gap.locations:
        named = any(_names_networks(rule.reaches.most) for rule in rules.rules)
        return "a network in no named location" if named else "any network"
    words = (TRUSTED_ADDRESSES if one == TRUSTED_ADDRESSES else rules.networks.names.get(one, one)
             for one in sorted(gap.locations))
    return f"network {' and '.join(words)}"


def _names_platforms(reach: object) -> bool:
    return getattr(reach, "platforms", (None, frozenset())) != (None, frozenset())


def _names_networks(reach: object) -> bool:
    return getattr(reach, "networks", (None, frozenset())) != (None, frozenset())
