"""The fact `dapCustomers`: only the administrative-relationships report tells who has DAP."""

from __future__ import annotations

import pytest

from tenantproof.context import Context
from tenantproof.facts.base import value_at
from tenantproof.shape import bundled_shapes
from tenantproof.snapshot import load_value
from tenantproof.verdict import Unknown

SHAPES = bundled_shapes()
ROW = {"id": "d1", "customerTenantId": "C1", "organizationDisplayName": "Fabrikam"}
CUSTOMER = {"id": "c1", "companyProfile": {"companyName": "Fabrikam"}, "allowDelegatedAccess": True}
U = "unknown"


def found(report, customers):
    """The fact of a tenant with these two collections; None is not exported."""
    given = {"dapRelationships": report, "partnerCustomers": customers}
    value = {
        "format": 1, "tenant": {"id": "t", "kind": "partner"},
        "exportedAt": "2026-01-01T00:00:00Z",
        "collections": {n: {"data": d, "complete": True} for n, d in given.items()
                        if d is not None},
    }
    snapshot = load_value(value, "t", SHAPES)
    fact = Context(snapshot, {}, snapshot.exported_at).collection("dapCustomers")
    rows = [
        tuple(U if isinstance(v, Unknown) else v for v in (
            value_at(r, "customerTenantId"), value_at(r, "hasDap"),
            value_at(r, "allowDelegatedAccess")))
        for r in fact.records
    ]
    return fact.complete, rows


@pytest.mark.parametrize(("report", "customers", "expected"), [
    ([{**ROW, "dapEnabled": True}], [CUSTOMER], (True, [("C1", True, True)])),
    ([{**ROW, "dapEnabled": False}], None, (True, [("C1", False, None)])),
    ([{**ROW, "dapEnabled": None}], [], (True, [("C1", U, None)])),
    ([ROW], [], (True, [("C1", U, None)])),
    ([], [CUSTOMER], (True, [("c1", False, True)])),
    (None, [{**CUSTOMER, "allowDelegatedAccess": False}], (False, [("c1", U, False)])),
    (None, [CUSTOMER], (False, [("c1", U, True)])),
    (None, None, (False, [])),
])  # fmt: skip
def test_only_the_report_tells(report, customers, expected):
    """A customer has DAP by the report; without the report nothing is known of anybody."""
    assert expected == found(report, customers)
