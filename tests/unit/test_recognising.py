"""Sources that `check` can read without an import are known by what only one tool writes."""

from __future__ import annotations

import json

import pytest

from tenantproof.cli.recognising import imported_source, recognised
from tenantproof.shape import bundled_shapes
from tenantproof.snapshot import load

ORGANIZATION = {"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#organization",
                "value": [{"id": "t1", "displayName": "Contoso"}]}


@pytest.mark.parametrize(("file", "content", "expected"), [
    ("ProviderSettingsExport.json", "{}", "scubagear"),
    ("report/ScubaResults_1.json", "{}", "scubagear"),
    ("Organization/Organization.json", "{}", "entraexporter"),
    ("tenantId=t/y=2026/m=11/d=1/h=1/m=00/PT1H.json", "", "azure-monitor"),
    ("Get-MgUser.json", "[]", "powershell"),
    ("organization.json", json.dumps(ORGANIZATION), "graph"),
    ("tenant.json", json.dumps(ORGANIZATION), None),
    ("users.json", "[]", None),
    ("notes.txt", "x", None),
])
def test_a_source_is_known_by_its_files(tmp_path, file, content, expected):
    """A snapshot is never taken for an export, nor what any tool may have written."""
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    assert recognised(tmp_path) == expected


def test_a_recognised_source_becomes_a_snapshot(tmp_path, capsys):
    """It is loaded as if it had been imported, and how it was read is told."""
    (tmp_path / "organization.json").write_text(json.dumps(ORGANIZATION))
    source = imported_source(str(tmp_path))
    assert load(source, bundled_shapes()).tenant.id == "t1"
    assert "tenantproof import graph" in capsys.readouterr().err


def test_what_is_not_recognised_is_left_to_the_reader(tmp_path):
    """A folder of anything, or nothing at all, is no source."""
    assert imported_source(str(tmp_path)) is None
    assert imported_source(str(tmp_path / "absent")) is None
