"""The fact `licences`: which service plans the tenant can use, how many, and who holds them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tenantproof.context import Context
from tenantproof.facts.base import value_at
from tenantproof.shape import bundled_shapes
from tenantproof.snapshot import load_value
from tenantproof.verdict import Unknown

P1 = "41781fb2-bc02-4b7c-bd55-b576c07bb09d"
P2 = "eec0eb4f-6444-4f95-aba0-50c24d67f998"
INTUNE = "c1ec4a95-1f05-45b3-a911-aa3fa01094f5"
UNKNOWN = "?"
ABSENT = object()


def plan(key: Any = P1, status: Any = "Success", name: str = "AAD_PREMIUM") -> dict[str, Any]:
    """Return a service plan of a subscription."""
    return {"servicePlanId": key, "servicePlanName": name, "provisioningStatus": status}


def sku(*plans: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return a subscription with ten licences, of which four are handed out."""
    record = {
        "id": "s", "skuId": "k", "capabilityStatus": "Enabled", "consumedUnits": 4,
        "prepaidUnits": {"enabled": 10}, "servicePlans": list(plans), **changes,
    }
    return {name: value for name, value in record.items() if value is not ABSENT}


def user(key: str, *plans: str, enabled: Any = True, status: str = "Enabled") -> dict[str, Any]:
    """Return an account with service plans."""
    held = [{"servicePlanId": one, "capabilityStatus": status} for one in plans]
    return {"id": key, "accountEnabled": enabled, "assignedPlans": held}


def found(skus: Any, users: Any = (), incomplete: str = "") -> Any:
    """Return the fact of a tenant; a collection that is None was not exported."""
    given = {"subscribedSkus": skus, "users": users}
    value = {
        "format": 1, "tenant": {"id": "t"}, "exportedAt": "2026-01-01T00:00:00Z",
        "collections": {n: {"data": list(d), "complete": n != incomplete}
                        for n, d in given.items() if d is not None},
    }
    snapshot = load_value(value, "t", bundled_shapes())
    return Context(snapshot, {}, snapshot.exported_at).collection("licences")


def shown(value: Any) -> Any:
    """Return a value with every Unknown as a question mark."""
    if isinstance(value, list):
        return [shown(one) for one in value]
    return UNKNOWN if isinstance(value, Unknown) else value


def rows(fact: Any, *names: str) -> Any:
    """Return some properties of every record."""
    return [tuple(shown(value_at(one, name)) for name in names) for one in fact.records]


def test_a_plan_says_everything() -> None:
    """A plan is shown with its name, the units of its subscription and its holders."""
    fact = found([sku(plan(P1.upper()))], [user("b", P1), user("a", P1)])

    assert rows(fact, "servicePlanId", "servicePlanName", "tenantHasIt", "enabledUnits",
                "consumedUnits", "holders", "holderIds") == [
        (P1, "AAD_PREMIUM", True, 10, 4, 2, ["a", "b"])
    ]


@pytest.mark.parametrize(("changes", "status", "expected"), [
    ({}, "Success", (True, 10, 4)),
    ({"capabilityStatus": "Warning"}, "Success", (True, 10, 4)),
    ({"capabilityStatus": "Suspended"}, "Success", (False, 0, 0)),
    ({"capabilityStatus": "Deleted"}, "Success", (False, 0, 0)),
    ({}, "Disabled", (False, 0, 0)),
    ({}, "PendingActivation", (False, 0, 0)),
    ({"capabilityStatus": "Suspended"}, None, (False, 0, 0)),
    ({"capabilityStatus": ABSENT}, "Success", (UNKNOWN, UNKNOWN, UNKNOWN)),
    ({"capabilityStatus": "NewWord"}, "Success", (UNKNOWN, UNKNOWN, UNKNOWN)),
    ({}, None, (UNKNOWN, UNKNOWN, UNKNOWN)),
    ({"prepaidUnits": None}, "Success", (True, UNKNOWN, 4)),
    ({"prepaidUnits": {"enabled": "10"}}, "Success", (True, UNKNOWN, 4)),
    ({"consumedUnits": ABSENT}, "Success", (True, 10, UNKNOWN)),
])  # fmt: skip
def test_only_working_subscriptions_count(
    changes: Mapping[str, Any], status: Any, expected: Any
) -> None:
    """A plan counts where its subscription works and the plan is provisioned."""
    fact = found([sku(plan(status=status), **changes)])

    assert rows(fact, "tenantHasIt", "enabledUnits", "consumedUnits") == [expected]


def test_units_of_several_subscriptions() -> None:
    """Units add up over the subscriptions that work; a suspended one adds nothing."""
    skus = [sku(plan()), sku(plan(), prepaidUnits={"enabled": 5}, consumedUnits=1),
            sku(plan(), capabilityStatus="Suspended", prepaidUnits={"enabled": 99})]

    assert rows(found(skus), "tenantHasIt", "enabledUnits", "consumedUnits") == [(True, 15, 5)]


@pytest.mark.parametrize(("plans", "expected"), [
    ([plan(P2, name="AAD_PREMIUM_P2")], {(P2, True, 10), (P1, True, 10)}),
    ([plan(), plan(P2)], {(P2, True, 10), (P1, True, 10)}),
    ([plan(status="Disabled"), plan(P2)], {(P2, True, 10), (P1, True, 10)}),
    ([plan(P2, status="Disabled")], {(P2, False, 0), (P1, False, 0)}),
    ([plan(), plan(P2, status="Disabled")], {(P2, False, 0), (P1, True, 10)}),
    ([plan(INTUNE)], {(INTUNE, True, 10)}),
])  # fmt: skip
def test_p2_includes_p1(plans: Any, expected: Any) -> None:
    """What brings P2 brings P1, and its units count once for each."""
    got = rows(found([sku(*plans)]), "servicePlanId", "tenantHasIt", "enabledUnits")

    assert (len(got), set(got)) == (len(expected), expected)


@pytest.mark.parametrize(("users", "expected"), [
    ([user("a", P2)], (1, ["a"])),
    ([user("a", P1, P2)], (1, ["a"])),
    ([user("a", INTUNE)], (0, [])),
    ([user("a", P1, enabled=False)], (0, [])),
    ([user("a", P1, status="Suspended")], (0, [])),
    ([user("a", P1), user("b", P1, enabled=None)], (UNKNOWN, ["a", UNKNOWN])),
    ([user("a", P1, enabled="True")], (UNKNOWN, UNKNOWN)),
    ([user("a", P1), {"id": "b", "accountEnabled": True}], (UNKNOWN, ["a", UNKNOWN])),
    ([{"id": "b", "accountEnabled": False}], (0, [])),
    (None, (UNKNOWN, UNKNOWN)),
])  # fmt: skip
def test_holders_are_enabled_accounts(users: Any, expected: Any) -> None:
    """Holders are enabled accounts on which the plan is enabled; P2 includes P1."""
    assert rows(found([sku(plan())], users), "holders", "holderIds") == [expected]


def test_first_page_of_users() -> None:
    """With a part of the users, those found are named and their number is not known."""
    fact = found([sku(plan())], [user("a", P1)], incomplete="users")

    assert (fact.complete, rows(fact, "holders", "holderIds")) == (
        True, [(UNKNOWN, ["a", UNKNOWN])]
    )


@pytest.mark.parametrize(("skus", "expected"), [
    ([], True),
    ([sku(plan())], True),
    ([sku(plan()), sku(servicePlans=ABSENT)], False),
    ([sku(plan(), plan(None))], False),
    ([sku(plan(), plan(7))], False),
    (None, False),
])  # fmt: skip
def test_unread_plans_make_the_fact_incomplete(skus: Any, expected: bool) -> None:
    """Where a subscription's plans cannot be read, there may be plans that the fact lacks."""
    assert found(skus).complete == expected
