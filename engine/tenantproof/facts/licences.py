"""The fact `licences`: each service plan with the units that were bought and the accounts on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from msgspec import Struct

from tenantproof.collection import Collection
from tenantproof.facts.account_licences import P1, P2, Licences
from tenantproof.facts.base import Columns, Fact, Inputs, doubt, fact, value_at, why_not
from tenantproof.facts.lists import Listed, listed
from tenantproof.verdict import Truth, Unknown, Why, all_true, any_true, merged, unknown

NAME: Final = "licences"
SKUS: Final = "subscribedSkus"
WORKING: Final = frozenset({"Enabled", "Warning"})
WHO: Final = Columns("accountEnabled", "id")
NAME_OF_P1: Final = "AAD_PREMIUM"


class Offer(Struct, frozen=True):
    """A subscription that lists a plan: where it stands, and whether the plan can be used."""

    index: int
    name: Any
    usable: Truth
    bought: Any
    used: Any


def build(inputs: Inputs) -> Collection:
    """Return one record per service plan, in the order in which subscriptions list them."""
    skus, users = inputs.collection(SKUS), inputs.collection("users")
    offers, unread = _offers(skus)
    holders = Holders(users) if offers else None
    rows = () if holders is None else (
        (skus.pointer(found[0].index), _row(plan, found, holders.of(plan)))
        for plan, found in offers.items()
    )
    return _with_doubts(fact(inputs.shape(NAME), rows, skus), unread)


def _with_doubts(found: Collection, unread: Iterable[Unknown]) -> Collection:
    """Return a fact as incomplete where plans of a subscription could not be read."""
    reasons = merged(unread).reasons
    if not reasons:
        return found
    return Collection(
        shape=found.shape, records=found.records, complete=False,
        reasons=tuple(dict.fromkeys((*found.doubts(), *reasons))),
    )


# --- what the tenant bought --------------------------------------------------------------------


def _offers(skus: Collection) -> tuple[dict[str, list[Offer]], list[Unknown]]:
    """Return the subscriptions of each plan, and why there may be more plans."""
    offers: dict[str, list[Offer]] = {}
    unread: list[Unknown] = []
    for index, sku in enumerate(skus.records):
        plans = listed(value_at(sku, "servicePlans"))
        unread += plans.doubts
        for plan, found in _of_sku(index, sku, plans).items():
            if isinstance(found, Unknown):
                unread.append(found)
            else:
                offers.setdefault(plan, []).append(found)
    return offers, unread


def _of_sku(index: int, sku: Struct, plans: Listed) -> dict[str, Offer | Unknown]:
    """Return what a subscription offers, by plan; P2 includes P1, listed beside it or not."""
    found: dict[str, Offer | Unknown] = {}
    for at, plan in enumerate(plans.items):
        key = value_at(plan, "servicePlanId")
        if isinstance(key, str):
            found[key.casefold()] = _offer(index, sku, plan)
        else:
            found[f"?{at}"] = why_not(key, SKUS, "servicePlans.servicePlanId")
    p2 = found.get(P2)
    if isinstance(p2, Offer):
        found[P1] = _included(found.get(P1), p2)
    return found


def _included(p1: Offer | Unknown | None, p2: Offer) -> Offer:
    name = p1.name if isinstance(p1, Offer) else NAME_OF_P1
    usable = any_true([p2.usable, p1.usable]) if isinstance(p1, Offer) else p2.usable
    return Offer(p2.index, name, usable, p2.bought, p2.used)


def _offer(index: int, sku: Struct, plan: Any) -> Offer:
    works = _one_of(value_at(sku, "capabilityStatus"), WORKING, "capabilityStatus")
    provisioned = _one_of(
        value_at(plan, "provisioningStatus"), {"Success"}, "servicePlans.provisioningStatus"
    )
    return Offer(
        index, value_at(plan, "servicePlanName"), all_true([works, provisioned]),
        value_at(sku, "prepaidUnits", "enabled"), value_at(sku, "consumedUnits"),
    )


def _one_of(value: Any, words: Iterable[str], path: str) -> Truth:
    return value in words if isinstance(value, str) else why_not(value, SKUS, path)


def _row(plan: str, offers: list[Offer], holders: Listed) -> Mapping[str, Any]:
    return {
        "servicePlanId": plan,
        "servicePlanName": offers[0].name,
        "tenantHasIt": any_true(one.usable for one in offers),
        "enabledUnits": _sum("prepaidUnits.enabled", [(one.usable, one.bought) for one in offers]),
        "consumedUnits": _sum("consumedUnits", [(one.usable, one.used) for one in offers]),
        "holders": merged(holders.doubts) if holders.doubts else len(holders.items),
        "holderIds": holders.as_property(),
    }


def _sum(path: str, units: Iterable[tuple[Truth, Any]]) -> Any:
    """Return the units of what can be used; an Unknown where one that may count is not known."""
    counted = [(usable, number) for usable, number in units if usable is not False]
    doubts = [
        usable if isinstance(usable, Unknown) else why_not(number, SKUS, path)
        for usable, number in counted if isinstance(usable, Unknown) or not isinstance(number, int)
    ]
    return merged(doubts) if doubts else sum(number for _, number in counted)


# --- who holds it ------------------------------------------------------------------------------


class Holders:
    """The enabled accounts of each plan, and what keeps the lists from being whole."""

    def __init__(self, users: Collection) -> None:
        whole = doubt(users)
        self._everywhere: list[Unknown] = [] if whole is None else [whole]
        self._found: dict[str, list[str]] = {}
        self._perhaps: dict[str, list[Unknown]] = {}
        self._licences = Licences()
        for user in users.records:
            self._add(user)

    def _add(self, user: Struct) -> None:
        enabled, key = (_not_null(v, n) for v, n in zip(WHO.values(user), WHO.names, strict=True))
        if enabled is False:
            return
        held = listed(self._licences.of(user)["servicePlanIds"])
        self._everywhere += held.doubts
        doubts = [one for one in (enabled, key) if isinstance(one, Unknown)]
        for plan in {*held.items, P1} if P2 in held.items else held.items:
            if doubts:
                self._perhaps.setdefault(plan, []).extend(doubts)
            else:
                self._found.setdefault(plan, []).append(key)

    def of(self, plan: str) -> Listed:
        """Return the accounts of a plan, sorted, with every doubt."""
        return Listed(
            tuple(sorted(self._found.get(plan, ()))),
            tuple(self._perhaps.get(plan, ())), tuple(self._everywhere),
        )


def _not_null(value: Any, path: str) -> Any:
    return unknown(Why.NULL, "users", path) if value is None else value


FACT: Final = Fact(NAME, (SKUS, "users"), (), build)
