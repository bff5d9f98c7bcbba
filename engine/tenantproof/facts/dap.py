"""The fact `dapCustomers`: which customers are still managed with delegated admin privileges.

The administrative-relationships report decides where it was exported. Partner Center's
`allowDelegatedAccess` says that there is no delegated access at all when it is false; what a true
means beside GDAP is not documented, so it leaves the question open.
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
    # Either collection, when complete, says of every customer what it says of any.
    sources = () if report.complete or customers.complete else (report, customers)
    return fact(inputs.shape(NAME), rows, *sources)


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
        allowed = value_at(customer, "allowDelegatedAccess")
        yield customers.pointer(index), {
            "customerTenantId": tenant,
            "customerName": value_at(customer, "companyProfile", "companyName"),
            "hasDap": False if more is None else _by_access(allowed, more),
            "allowDelegatedAccess": allowed,
        }


def _by_access(allowed: Any, more: Unknown) -> Any:
    return False if allowed is False else (allowed if isinstance(allowed, Unknown) else more)


def _not_null(value: Any, collection: str, name: str) -> Any:
    return unknown(Why.NULL, collection, name) if value is None else value


FACT: Final = Fact(NAME, (REPORT, CUSTOMERS), (), build)
