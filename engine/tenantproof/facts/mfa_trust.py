"""Whether MFA that guests perform in their home tenants is trusted here, and what follows.

What a guest can do at home is in nobody's export: where it is trusted, a guest who registered
nothing here may still be able to perform MFA.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tenantproof.collection import Collection
from tenantproof.facts.base import doubt, value_at
from tenantproof.verdict import Truth, Unknown, Why, any_true, unknown


def mfa_trust(policy: Collection) -> Truth:
    """Tell whether MFA of any other tenant is trusted, by default or for one partner."""
    missing = doubt(policy)
    if missing is not None:
        return missing
    if not policy.records:
        return unknown(Why.NOT_EXPORTED, policy.name)
    return any_true(_settings(policy.records[0]))


def _settings(policy: Any) -> Iterator[Truth]:
    partners = value_at(policy, "partners")
    if isinstance(partners, Unknown):
        yield partners
    others = partners if isinstance(partners, list) else []
    for one in (value_at(policy, "default"), *others):
        accepted = value_at(one, "inboundTrust", "isMfaAccepted")
        yield accepted if isinstance(accepted, Unknown) else accepted is True


def can_perform_mfa(capable: Any, external: Truth, trusted: Truth) -> Any:
    """Return whether an account can perform MFA, here or (if that is trusted) at home."""
    if capable is not False or external is False or trusted is False:
        return capable
    if isinstance(trusted, Unknown):
        return trusted
    if isinstance(external, Unknown):
        return external
    return unknown(
        Why.UNDETERMINED, "userRegistrationDetails", "isMfaCapable",
        "the guest's own tenant is trusted to do MFA, and its data are not here",
    )
