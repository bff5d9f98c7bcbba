"""A gap in coverage as an administrator reads it: one concrete sign-in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tenantproof.facts.coverage_gap import Gap
from tenantproof.facts.coverage_reach import ALL, OTHER
from tenantproof.facts.coverage_rules import Rules

CLIENTS: Final = {
    "browser": "browser",
    "mobileappsanddesktopclients": "mobile app or desktop client",
    "exchangeactivesync": "Exchange ActiveSync client",
    "other": "other legacy client",
}
SUITES: Final = {"office365": "Office 365", "microsoftadminportals": "Microsoft admin portals"}


class Words:
    """Gaps in words; `names` are those of applications by their ids."""

    def __init__(self, rules: Rules, names: Mapping[str, str]) -> None:
        self._names = names
        self._locations = rules.networks.names
        reaches = [rule.reaches.most for rule in rules.rules if rule.reaches.most is not None]
        self._by_platform = any(one.platforms != ALL for one in reaches)
        self._by_network = any(one.networks != ALL for one in reaches)
        self._said: dict[Gap, str] = {}

    def of(self, gap: Gap) -> str:
        """Return a gap in words: a resource, a network, a platform, a client."""
        if gap not in self._said:
            self._said[gap] = ", ".join([
                _resource(gap.resource, self._names), self._network(gap.locations),
                *self._platform(gap.platform), CLIENTS[gap.client]])
        return self._said[gap]

    def _platform(self, word: str) -> list[str]:
        if word != OTHER:
            return [f"platform {word}"]
        return ["a platform that no policy names"] if self._by_platform else []

    def _network(self, locations: frozenset[str]) -> str:
        if not locations:
            return "a network in no named location" if self._by_network else "any network"
        words = (self._locations.get(one, one) for one in sorted(locations))
        return f"network {' and '.join(words)}"


def _resource(words: frozenset[str], names: Mapping[str, str]) -> str:
    suites = " and ".join(SUITES[word] for word in sorted(words) if word in SUITES)
    others = " and ".join(names.get(word, word) for word in sorted(words) if word not in SUITES)
    if not others:
        return f"resource {suites}" if suites else "any resource that no policy names"
    return f"resource {others}{f' (if it belongs to {suites})' if suites else ''}"
