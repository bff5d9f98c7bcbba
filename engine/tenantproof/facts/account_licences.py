"""The licences of an account: its products, its service plans, and whether it has P1 or P2."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter
from typing import Any, Final

from msgspec import Struct

from tenantproof.facts.base import each, value_at
from tenantproof.facts.lists import listed, open_list
from tenantproof.language.values import RECORD
from tenantproof.verdict import Unknown, any_true

P1: Final = "41781fb2-bc02-4b7c-bd55-b576c07bb09d"
P2: Final = "eec0eb4f-6444-4f95-aba0-50c24d67f998"
LICENCE_NAMES: Final = ("skuIds", "servicePlanIds", "enabledServices", "hasP1", "hasP2")
PLAN: Final = attrgetter("capabilityStatus", "servicePlanId", "service")


class Licences:
    """The licences of accounts: accounts of the same products and plans share what is told."""

    def __init__(self) -> None:
        self._known: dict[Any, dict[str, Any]] = {}

    def of(self, user: Any) -> dict[str, Any]:
        """Return what `licences` tells of an account."""
        key = _alike(user.assignedPlans, PLAN), _alike(user.assignedLicenses, _licence)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = licences(user)
        return found

    def whole(self, users: Sequence[Any]) -> dict[str, Sequence[Any]]:
        """Return each property that `licences` tells, of all accounts."""
        return each(LICENCE_NAMES, [self.of(user) for user in users])


def _alike(value: Any, told: Callable[[Any], Any]) -> Any:
    """Return what tells one list of records from another; what is no record is its own mark."""
    if value.__class__ is not list:
        return value
    return tuple([told(one) if one.__class__.__class__ is RECORD else one for one in value])


def _licence(one: Any) -> tuple[Any]:
    return (one.skuId,)  # in a tuple, since null in the place of a record is something else


def licences(user: Struct) -> dict[str, Any]:
    """Return the products and the enabled service plans of an account; P2 includes P1."""
    plans = _enabled(user, "servicePlanId")
    found = listed(plans)
    has_p2 = found.contains(P2)
    return {
        "skuIds": _skus(user),
        "servicePlanIds": plans,
        "enabledServices": _enabled(user, "service"),
        "hasP1": any_true([found.contains(P1), has_p2]),
        "hasP2": has_p2,
    }


def _enabled(user: Struct, name: str) -> Any:
    plans = listed(value_at(user, "assignedPlans"))
    found = [one for plan in plans.items for one in _of_plan(plan, name)]
    texts = {one for one in found if isinstance(one, str)}
    return open_list(sorted(texts), [*plans.doubts, *(o for o in found if isinstance(o, Unknown))])


def _of_plan(plan: Any, name: str) -> Iterator[Any]:
    """Yield a plan's id or service where it is enabled, an Unknown where it may be."""
    status = value_at(plan, "capabilityStatus")
    if isinstance(status, Unknown):
        yield status
    elif status == "Enabled":
        value = value_at(plan, name)
        yield value.casefold() if isinstance(value, str) and name == "servicePlanId" else value


def _skus(user: Struct) -> Any:
    assigned = listed(value_at(user, "assignedLicenses"))
    found = [value_at(one, "skuId") for one in assigned.items]
    ids = {one.casefold() for one in found if isinstance(one, str)}
    return open_list(
        sorted(ids), [*assigned.doubts, *(o for o in found if isinstance(o, Unknown))]
    )
