"""What a Conditional Access policy does to a sign-in that it reaches: MFA, a stop, or neither.

A legacy client cannot do MFA, accept terms of use or go through another provider's page: where
nothing else is offered, it is stopped. A device passes without any of these.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from tenantproof.facts.base import value_at, why_not
from tenantproof.facts.controls import (
    Strengths,
    blocks,
    requires_mfa,
    requires_phishing_resistance,
    strange,
)
from tenantproof.facts.lists import Listed, listed
from tenantproof.verdict import Truth, Unknown, Why, all_true, any_true, unknown

BOTH: Final = unknown(
    Why.UNDETERMINED, "conditionalAccessPolicies", "grantControls.authenticationStrength",
    "`mfa` and an authentication strength cannot stand in one policy",
)


def closes_for_mfa(policy: Struct, strengths: Strengths) -> Truth:
    """Tell whether nobody gets in without MFA, because it is demanded or nobody gets in at all."""
    return any_true([requires_mfa(policy, strengths), blocks(policy)])


def resists_phishing(policy: Struct, strengths: Strengths) -> Truth:
    """Tell whether nobody gets in without MFA that resists phishing, or nobody gets in at all."""
    return any_true([requires_phishing_resistance(policy, strengths), blocks(policy)])


def stops_legacy(policy: Struct, strengths: Strengths) -> Truth:
    """Tell whether no legacy client gets in."""
    return any_true([blocks(policy), _asks_too_much(policy, strengths)])


def _asks_too_much(policy: Struct, strengths: Strengths) -> Truth:
    grant = value_at(policy, "grantControls")
    if not isinstance(grant, Struct):
        return grant if isinstance(grant, Unknown) else False
    built_in = listed(value_at(grant, "builtInControls"))
    mfa = list(_mfa(grant, built_in, strengths))
    others = list(_others(grant, built_in))
    doubts = [*built_in.doubts, *strange(grant, "grantControls")]
    both = any_true([*mfa, *doubts])
    if len(mfa) + len(others) < 2:
        return both
    operator = value_at(grant, "operator")
    named = any_true([*(True for _ in mfa), *doubts])
    either = all_true([named, *mfa, *others])
    if operator == "AND":
        return both
    if operator == "OR" or either is both:
        return either
    return why_not(operator, "conditionalAccessPolicies", "grantControls.operator")


def _mfa(grant: Struct, built_in: Listed, strengths: Strengths) -> Iterator[Truth]:
    """Yield for each control that is MFA by name whether it is so in fact.

    `mfa` and a strength cannot stand in one policy: with both, what holds is not known; with one,
    an export that drops the other is enough.
    """
    strength = value_at(grant, "authenticationStrength")
    if "mfa" in built_in.texts:
        yield BOTH if isinstance(strength, Struct) else True
    elif isinstance(strength, Struct):
        yield strengths.is_multifactor(strength)
    elif isinstance(strength, Unknown):
        yield strength


def _others(grant: Struct, built_in: Listed) -> Iterator[Truth]:
    """Yield for each other control whether a legacy client fails it."""
    yield from (False for control in built_in.texts if control not in ("mfa", "block"))
    yield from built_in.doubts
    for name in ("customAuthenticationFactors", "termsOfUse"):
        others = listed(value_at(grant, name))
        yield from (True for _ in (*others.items, *others.odd))
        yield from others.rest
    yield from strange(grant, "grantControls")
