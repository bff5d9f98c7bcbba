"""Licences: the products that the samples own, and the plans that an account gets from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from builder.names import Record, Tenant, ago

P1: Final = "41781fb2-bc02-4b7c-bd55-b576c07bb09d"
P2: Final = "eec0eb4f-6444-4f95-aba0-50c24d67f998"


@dataclass(frozen=True, slots=True)
class Plan:
    """A service plan: its id, the name in a product, and the service that it opens."""

    id: str
    name: str
    service: str


EXCHANGE: Final = Plan("9aaf7827-d63c-4b61-89c3-182f06f82e5c", "EXCHANGE_S_STANDARD", "exchange")
TEAMS: Final = Plan("57ff2da0-773e-42df-b2af-ffb7a2317929", "TEAMS1", "TeamspaceAPI")
INTUNE: Final = Plan("c1ec4a95-1f05-45b3-a911-aa3fa01094f5", "INTUNE_A", "SCO")
PREMIUM_P1: Final = Plan(P1, "AAD_PREMIUM", "AADPremiumService")
PREMIUM_P2: Final = Plan(P2, "AAD_PREMIUM_P2", "AADPremiumService")

PLANS: Final[Mapping[str, tuple[Plan, ...]]] = {
    "SPB": (EXCHANGE, TEAMS, INTUNE, PREMIUM_P1),
    "AAD_PREMIUM_P2": (PREMIUM_P2,),
    "O365_BUSINESS_PREMIUM": (EXCHANGE, TEAMS),
}
SKU_IDS: Final = {
    "SPB": "cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46",
    "AAD_PREMIUM_P2": "84a661c4-e949-4bd2-a560-ed7766fcaf2b",
    "O365_BUSINESS_PREMIUM": "f245ecc8-75af-4f8e-b61f-27d8114de5f3",
}


def assigned_plans(skus: Iterable[str]) -> Record:
    """Return `assignedLicenses` and `assignedPlans` of an account with these products."""
    names = list(skus)
    return {
        "assignedLicenses": [{"skuId": SKU_IDS[name], "disabledPlans": []} for name in names],
        "assignedPlans": [plan_record(plan) for name in names for plan in PLANS[name]],
    }


def plan_record(plan: Plan) -> Record:
    """Return a plan as users and organisations carry it."""
    return {
        "servicePlanId": plan.id,
        "service": plan.service,
        "capabilityStatus": "Enabled",
        "assignedDateTime": ago(700),
    }


def subscribed_skus(tenant: Tenant, units: Mapping[str, tuple[int, int]]) -> list[Record]:
    """Return the products of a tenant; `units` gives (bought, assigned) by product name."""
    return [_sku(tenant, name, *counts) for name, counts in units.items()]


def _sku(tenant: Tenant, name: str, bought: int, assigned: int) -> Record:
    return {
        "id": f"{tenant.id}_{SKU_IDS[name]}",
        "skuId": SKU_IDS[name],
        "skuPartNumber": name,
        "capabilityStatus": "Enabled",
        "appliesTo": "User",
        "consumedUnits": assigned,
        "prepaidUnits": {"enabled": bought, "suspended": 0, "warning": 0, "lockedOut": 0},
        "servicePlans": [_service_plan(plan) for plan in PLANS[name]],
    }


def _service_plan(plan: Plan) -> Record:
    return {
        "servicePlanId": plan.id,
        "servicePlanName": plan.name,
        "provisioningStatus": "Success",
        "appliesTo": "User",
    }
