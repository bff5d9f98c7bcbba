"""The fact `dapCustomers`: which customers are still managed with delegated admin privileges.

Only the administrative-relationships report tells. What Partner Center's `allowDelegatedAccess`
means beside GDAP is not documented, so it is shown and decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from tenantproof.collection import Collection
from tenantproof.facts.base import Fact, Inputs, by_key, doubt, fact, value_at
from tenantproof.verdict import Unknown, Why, unknown

NAME: Final = "dapCustomers"
REPORT: Final = "dapRelationships"
CUSTOMERS: Final = "partnerCustomers"


def build(inputs: Inputs) -> Collection:
    """Return one record per row of the report, and per customer that the report does not list."""
    report, customers = inputs.collection(REPORT), inputs.collection(CUSTOMERS)
    listed = by_key(report, "customerTenantId")
    known = by_key(customers, "id")
    rows = [*_reported(report, known), *_others(customers, listed, doubt(report))]
    return fact(inputs.shape(NAME), rows, report)


def _reported(
    report: Collection, customers: Mapping[str, list[Struct]]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for index, row in enumerate(report.records):
        enabled, tenant = value_at(row, "dapEnabled"), value_at(row, "customerTenantId")
        same = customers.get(tenant.casefold(), []) if isinstance(tenant, str) else []
        yield report.pointer(index), {
            "customerTenantId": tenant,
            "customerName": value_at(row, "organizationDisplayName"),
            "hasDap": _not_null(enabled, REPORT, "dapEnabled"),
            "allowDelegatedAccess": value_at(same[0], "allowDelegatedAccess") if same else None,
        }


def _others(
    customers: Collection, listed: Mapping[str, list[Struct]], more: Unknown | None
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for index, customer in enumerate(customers.records):
        tenant = value_at(customer, "id")
        if isinstance(tenant, str) and tenant.casefold() in listed:
            continue
        yield customers.pointer(index), {
            "customerTenantId": tenant,
            "customerName": value_at(customer, "companyProfile", "companyName"),
            "hasDap": False if more is None else more,
            "allowDelegatedAccess": value_at(customer, "allowDelegatedAccess"),
        }


def _not_null(value: Any, collection: str, name: str) -> Any:
    return unknown(Why.NULL, collection, name) if value is None else value


FACT: Final = Fact(NAME, (REPORT, CUSTOMERS), (), build)
