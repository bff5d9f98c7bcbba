"""How long a session may last, and which authentication flows a policy is for."""

from __future__ import annotations

from typing import Any, Final

from msgspec import Struct

from tenantproof.facts.base import value_at
from tenantproof.records import delimited
from tenantproof.verdict import Unknown, Why, unknown

HOURS: Final = {"hours": 1, "days": 24}
FREQUENCY: Final = "sessionControls.signInFrequency"


def sign_in_frequency(policy: Struct) -> float | Unknown | None:
    """Return after how many hours a user signs in again: 0 for every time, None without limit."""
    found = value_at(policy, "sessionControls", "signInFrequency")
    on = value_at(found, "isEnabled")
    if on is not True:
        return on if isinstance(on, Unknown) else None
    interval = value_at(found, "frequencyInterval")
    if interval == "everyTime":
        return 0
    return interval if isinstance(interval, Unknown) else _hours(found)


def _hours(frequency: Any) -> float | Unknown:
    number, unit = value_at(frequency, "value"), value_at(frequency, "type")
    for one in (number, unit):
        if isinstance(one, Unknown):
            return one
    if isinstance(number, int) and unit in HOURS:
        return number * HOURS[unit]
    return unknown(Why.UNDETERMINED, "conditionalAccessPolicies", FREQUENCY,
                   "it is on without a number of hours or days")


def flows(policy: Struct) -> Any:
    """Return the authentication flows that a policy is limited to; empty where to none."""
    value = value_at(policy, "conditions", "authenticationFlows", "transferMethods")
    if isinstance(value, str):
        return [one for one in delimited(value, ",") if one.casefold() != "none"]
    return value if isinstance(value, Unknown) else []
