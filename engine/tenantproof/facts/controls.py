"""What a Conditional Access policy demands: MFA, a block, or something weaker."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from tenantproof.collection import Collection
from tenantproof.facts.base import by_key, doubt, no_record, value_at, why_not
from tenantproof.facts.lists import Listed, listed
from tenantproof.plain_records import strange_properties
from tenantproof.records import delimited
from tenantproof.verdict import Truth, Unknown, Why, all_true, any_true, negated, unknown

# Built in and not to be changed: multifactor, passwordless and phishing-resistant.
BUILT_IN_STRENGTHS: Final = frozenset(
    f"00000000-0000-0000-0000-00000000000{number}" for number in (2, 3, 4)
)
PHISHING_RESISTANT: Final = "00000000-0000-0000-0000-000000000004"
RESISTING: Final = frozenset({
    "fido2", "windowshelloforbusiness", "x509certificatemultifactor",
})
DEVICES: Final = frozenset({"compliantdevice", "domainjoineddevice"})
MULTIFACTOR_ALONE: Final = frozenset({
    "fido2", "windowshelloforbusiness", "x509certificatemultifactor", "devicebasedpush",
    "federatedmultifactor", "temporaryaccesspassonetime", "temporaryaccesspassmultiuse",
})


class Strengths:
    """The authentication strengths of a tenant, by id."""

    def __init__(self, collection: Collection) -> None:
        self._by_id: Mapping[str, list[Struct]] = by_key(collection, "id")
        self._doubt = doubt(collection)

    def is_phishing_resistant(self, strength: Any) -> Truth:
        """Tell whether every combination that a policy's strength allows resists phishing."""
        key = value_at(strength, "id")
        if isinstance(key, str) and key.casefold() == PHISHING_RESISTANT:
            return True
        if _is_odd(strength):
            return _resists(strength)
        found = self._by_id.get(key.casefold(), []) if isinstance(key, str) else []
        answers = [_resists(one) for one in (strength, *found)]
        known = [one for one in answers if not isinstance(one, Unknown)]
        return all_true(known) if known else answers[0]

    def is_multifactor(self, strength: Any) -> Truth:
        """Tell whether every combination that a policy's strength allows is multifactor."""
        stated = _stated(strength)
        if not isinstance(stated, Unknown) or _is_odd(strength):
            return stated
        key = value_at(strength, "id")
        if not isinstance(key, str):
            return stated
        if key.casefold() in BUILT_IN_STRENGTHS:
            return True
        return self._looked_up(key)

    def _looked_up(self, key: str) -> Truth:
        records = self._by_id.get(key.casefold())
        if records:
            return all_true(_stated(record) for record in records)
        return no_record(
            self._doubt, "authenticationStrengthPolicies", "allowedCombinations",
            f"the strength `{key}`",
        )


def _resists(strength: Any) -> Truth:
    value = value_at(strength, "allowedCombinations")
    combinations = listed(value)
    if value is None or combinations.is_empty() is True:
        path = "grantControls.authenticationStrength.allowedCombinations"
        return unknown(Why.UNDETERMINED, "conditionalAccessPolicies", path)
    return all_true([*(text in RESISTING for text in combinations.texts), *combinations.doubts])


def _is_odd(strength: Any) -> bool:
    """Tell whether a strength allows something that is not understood; its id cannot mend that."""
    return bool(listed(value_at(strength, "allowedCombinations")).odd)


def _stated(strength: Any) -> Truth:
    """Say what a strength tells of itself; what it says twice has to agree to be true."""
    combinations = _combinations(value_at(strength, "allowedCombinations"))
    satisfied = value_at(strength, "requirementsSatisfied")
    claims = [combinations, satisfied == "mfa" if isinstance(satisfied, str) else None]
    known = [claim for claim in claims if isinstance(claim, bool)]
    if known:
        return all_true(known)
    if isinstance(combinations, Unknown):
        return combinations
    path = "grantControls.authenticationStrength.allowedCombinations"
    return unknown(Why.UNDETERMINED, "conditionalAccessPolicies", path)


def _combinations(value: Any) -> Truth | None:
    combinations = listed(value)
    if value is None or combinations.is_empty() is True:
        return None
    return all_true([*(_is_multifactor(text) for text in combinations.texts),
                     *combinations.doubts])


def _is_multifactor(combination: str) -> bool:
    modes = set(delimited(combination, ","))
    return len(modes) > 1 or (len(modes) == 1 and modes <= MULTIFACTOR_ALONE)


def requires_mfa(policy: Struct, strengths: Strengths) -> Truth:
    """Tell whether a sign-in that the policy reaches cannot do without MFA.

    One control that is no MFA spoils an OR; under AND one MFA control is enough.
    """
    grant = value_at(policy, "grantControls")
    if not isinstance(grant, Struct):
        return grant if isinstance(grant, Unknown) else False
    built_in = listed(value_at(grant, "builtInControls"))
    strength = value_at(grant, "authenticationStrength")
    if "mfa" in built_in.texts and isinstance(strength, Struct):
        return unknown(
            Why.UNDETERMINED, "conditionalAccessPolicies", "grantControls.authenticationStrength",
            "`mfa` and an authentication strength cannot stand in one policy",
        )
    return _combined(value_at(grant, "operator"), list(_demands(grant, built_in, strengths)))


def names_mfa(policy: Struct) -> Truth:
    """Tell whether MFA or an authentication strength is among the controls, alone or not."""
    grant = value_at(policy, "grantControls")
    strength = value_at(grant, "authenticationStrength")
    return any_true([
        listed(value_at(grant, "builtInControls")).contains("mfa"),
        strength if isinstance(strength, Unknown) else isinstance(strength, Struct),
    ])


def requires_phishing_resistance(policy: Struct, strengths: Strengths) -> Truth:
    """Tell whether a sign-in that the policy reaches needs MFA that resists phishing."""
    grant = value_at(policy, "grantControls")
    if not isinstance(grant, Struct):
        return grant if isinstance(grant, Unknown) else False
    built_in = listed(value_at(grant, "builtInControls"))
    demands = [*(False for _ in built_in.texts), *built_in.doubts, *_others(grant)]
    strength = value_at(grant, "authenticationStrength")
    if isinstance(strength, Struct):
        demands.append(strengths.is_phishing_resistant(strength))
    elif isinstance(strength, Unknown):
        demands.append(strength)
    return _combined(value_at(grant, "operator"), demands)


def requires_device(policy: Struct) -> Truth:
    """Tell whether a sign-in that the policy reaches needs a managed device."""
    grant = value_at(policy, "grantControls")
    if not isinstance(grant, Struct):
        return grant if isinstance(grant, Unknown) else False
    built_in = listed(value_at(grant, "builtInControls"))
    demands = [*(one in DEVICES for one in built_in.texts), *built_in.doubts, *_others(grant)]
    if isinstance(value_at(grant, "authenticationStrength"), Struct):
        demands.append(False)
    return _combined(value_at(grant, "operator"), demands)


def _demands(grant: Struct, built_in: Listed, strengths: Strengths) -> Iterator[Truth]:
    """Yield for each control whether it is MFA; a list that is not known counts as one."""
    yield from (control == "mfa" for control in built_in.texts)
    yield from built_in.doubts
    yield from _others(grant)
    strength = value_at(grant, "authenticationStrength")
    if isinstance(strength, Struct):
        yield strengths.is_multifactor(strength)
    elif isinstance(strength, Unknown) and not {"mfa", "block"} & set(built_in.texts):
        yield strength


def _others(grant: Struct) -> Iterator[Truth]:
    for name in ("customAuthenticationFactors", "termsOfUse"):
        others = listed(value_at(grant, name))
        yield from (False for _ in (*others.items, *others.odd))
        yield from others.rest
    yield from strange(grant, "grantControls")


def _combined(operator: Any, demands: list[Truth]) -> Truth:
    if not demands:
        return False
    if len(demands) == 1:
        return demands[0]
    one, every = any_true(demands), all_true(demands)
    if operator == "AND":
        return one
    if operator == "OR" or one is every:
        return every
    return why_not(operator, "conditionalAccessPolicies", "grantControls.operator")


def blocks(policy: Struct) -> Truth:
    """Tell whether the policy refuses every sign-in that it reaches.

    Entra lets `block` stand only alone: beside another control under OR it is damaged data.
    """
    grant = value_at(policy, "grantControls")
    built_in = listed(value_at(grant, "builtInControls"))
    has_block = built_in.contains("block")
    if isinstance(has_block, Unknown) and any(_beside_block(grant, built_in)):
        return False  # what is not known stands beside another control, where no block can be
    if has_block is not True or value_at(grant, "operator") == "AND":
        return has_block
    alone = negated(any_true(_beside_block(grant, built_in)))
    return True if alone is True else unknown(
        Why.UNDETERMINED, "conditionalAccessPolicies", "grantControls.builtInControls",
        "`block` and another control cannot stand in one policy",
    )


def _beside_block(grant: Any, built_in: Listed) -> Iterator[bool]:
    yield len(set(built_in.texts)) + len(built_in.odd) > 1
    yield isinstance(value_at(grant, "authenticationStrength"), Struct)
    for name in ("customAuthenticationFactors", "termsOfUse"):
        others = listed(value_at(grant, name))
        yield bool(others.items or others.odd)


def strange(value: Any, path: str) -> list[Unknown]:
    """Return why an object may mean more than is known: properties that no schema lists."""
    if not isinstance(value, Struct):
        return []
    return [
        unknown(Why.UNKNOWN_VALUE, "conditionalAccessPolicies", f"{path}.{name}",
                "this property is not known to tenantproof")
        for name in strange_properties(value)
    ]
