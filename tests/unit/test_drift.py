"""What changed between two reports, from the smallest reports that show it."""

from __future__ import annotations

import json

import pytest

from tenantproof.reports.drift import changes
from tenantproof.reports.read_report import read_told

SUBJECT = {"id": "u1", "name": "Ada", "verdict": "fail", "missing": ["is enabled"]}


def told(verdict="fail", subjects=(SUBJECT,), tenant="T1", parameters=None, **more):
    """A report with one tenant and one finding."""
    finding = {"policy": "A-001", "revision": 1, "title": "Title", "severity": "high",
               "verdict": verdict, "message": "m", "subjects": list(subjects), "unknowns": []}
    part = {"asOf": "2026-11-20T06:00:00Z",
            "snapshot": {"name": "s", "tenant": {"id": tenant, "displayName": None},
                         "digest": "sha256:0"},
            "parameters": parameters or {}, "findings": [{**finding, **more}]}
    report = {"format": 1, "tool": {"name": "tenantproof", "version": "1"}, "packs": [],
              "profile": None, "parameters": {}, "tenants": [part], "unreadable": []}
    return read_told(json.dumps(report).encode(), "r.json")


def setting(value):
    """A value in force."""
    return {"value": value, "origin": "option"}


OTHER = {**SUBJECT, "id": "u2", "name": "Grace"}


@pytest.mark.parametrize(("old", "new", "expected"), [
    (told(), told(), []),
    (told("pass", ()), told(), [("new", ("Ada",), ())]),
    (told("unknown", ()), told(), [("new", ("Ada",), ())]),
    (told(), told("pass", ()), [("fixed", (), ("Ada",))]),
    (told(), told("unknown", ()), [("changed", (), ("Ada",))]),
    (told(), told("waived"), [("changed", (), ("Ada",))]),
    (told(), told(subjects=(SUBJECT, OTHER)), [("worse", ("Grace",), ())]),
    (told(), told(subjects=(OTHER,)), [("worse", ("Grace",), ("Ada",))]),
    (told(subjects=(SUBJECT, OTHER)), told(), [("better", (), ("Grace",))]),
    (told(), told(subjects=({**SUBJECT, "name": "Ada L."},)), []),
])
def test_a_change_has_a_kind(old, new, expected):
    """Failures that are new, worse, better and fixed; a renamed subject is the same one."""
    assert [(c.kind, c.appeared, c.disappeared) for c in changes(old, new)] == expected


def test_a_tenant_that_is_gone_is_told():
    """Two reports on different tenants: each verdict stands in one of them only."""
    found = changes(told(), told(tenant="T2"))
    assert [(c.tenant, c.before, c.after, c.because) for c in found] == [
        ("T2", None, "fail", ("the tenant is in one report only",)),
        ("T1", "fail", None, ("the tenant is in one report only",)),
    ]


def test_tenants_are_the_same_in_any_case():
    """An id is compared without regard to case."""
    assert changes(told(tenant="AB"), told(tenant="ab")) == []


@pytest.mark.parametrize(("old", "new", "because"), [
    ({}, {"limit": setting(1)}, ("the parameter `limit` was changed",)),
    ({"A-001.limit": setting(1)}, {"A-001.limit": setting(2)},
     ("the parameter `A-001.limit` was changed",)),
    ({"B-001.limit": setting(1)}, {"B-001.limit": setting(2)}, ()),
])
def test_only_parameters_that_the_policy_may_read_are_causes(old, new, because):
    """A shared parameter, or the policy's own; never that of another policy."""
    (change,) = changes(told("pass", (), parameters=old), told(parameters=new))
    assert change.because == because


def test_what_is_newly_unknown_is_named():
    """A collection that was there and is no more."""
    gap = {"collection": "users", "property": "mail", "reason": "not_exported"}
    (change,) = changes(told("pass", ()), told("unknown", (), unknowns=[gap]))
    assert (change.kind, change.newly_unknown) == ("changed", ("users.mail",))
