"""One tenant through the formats of several tools is judged alike, or not at all."""

from __future__ import annotations

import codecs
import json
import re
from functools import cache
from pathlib import Path

import pytest

from tenantproof.cli.importing import policies_in_doubt
from tenantproof.cli.request import Asked, judge_one, request_of
from tenantproof.importers.base import ImportOptions, MemorySource
from tenantproof.importers.table import IMPORTERS
from tenantproof.shape import bundled_shapes
from tenantproof.snapshot import load
from tenantproof.sources import open_source

SHAPES = bundled_shapes()
SAMPLE = Path(__file__).parents[2] / "snapshots" / "customer-security-defaults"
AT = "2026-11-20T06:00:00Z"
V1 = "https://graph.microsoft.com/v1.0/$metadata#"
PARTS = ("groupMembers", "crossTenantAccessPolicy")  # Graph gives them in several answers
EXCHANGE = ("exchangeOrganizationConfig", "exchangeTransportConfig")
# EntraExporter at ce0d04c, src/Get-EEDefaultSchema.ps1: the folders that the sample has data for.
TREE = {
    "organization": "Organization/Organization.json",
    "domains": "Domains/{id}/{id}.json",
    "subscribedSkus": "SubscribedSkus/{id}/{id}.json",
    "securityDefaults": "Policies/IdentitySecurityDefaultsEnforcementPolicy/{id}/{id}.json",
    "authorizationPolicy": "Policies/AuthorizationPolicy/{id}/{id}.json",
    "roleAssignments": "RoleManagement/Directory/RoleAssignments/{id}/{id}.json",
    "roleDefinitions": "RoleManagement/Directory/RoleDefinitions/{id}/{id}.json",
    "roleAssignmentScheduleInstances":
        "RoleManagement/Directory/RoleAssignmentScheduleInstances/{id}/{id}.json",
    "users": "Users/{id}/{id}.json",
    "groups": "Groups/{id}/{id}.json",
}
# ScubaGear at 4d34e9a4, Modules/Providers/ExportAADProvider.psm1 and ExportEXOProvider.psm1: the
# keys of the provider export.
SCUBA = {
    "conditionalAccessPolicies": "conditional_access_policies",
    "authorizationPolicy": "authorization_policies",
    "domains": "domain_settings",
    "exchangeOrganizationConfig": "org_config",
    "exchangeTransportConfig": "transport_config",
}


@cache
def sample():
    """The sample's collections as decoded JSON, without Graph's envelope."""
    manifest = json.loads((SAMPLE / "tenant.json").read_text())
    found = {}
    for name, entry in manifest["collections"].items():
        if isinstance(entry.get("file"), str) and entry.get("complete"):
            value = json.loads((SAMPLE / entry["file"]).read_text())
            inner = value.get("value") if isinstance(value, dict) else None
            found[name] = inner if isinstance(inner, list) else value
    return manifest["tenant"], found


def pascal(value):
    """Names as PowerShell's objects have them."""
    if isinstance(value, list):
        return [pascal(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {key if "@" in key else key[:1].upper() + key[1:]: pascal(item)
            for key, item in value.items()}


def unrolled(value):
    """Windows PowerShell's lists: one element alone, nothing as null; dates in milliseconds."""
    if isinstance(value, list):
        items = [unrolled(item) for item in value]
        return items[0] if len(items) == 1 else items or None
    if isinstance(value, dict):
        return {key: unrolled(item) for key, item in value.items()}
    return value


def windows(value):
    """A file of Windows PowerShell 5.1's `Out-File`: UTF-16 with a mark, CRLF."""
    text = json.dumps(value, indent=4, ensure_ascii=False).replace("\n", "\r\n") + "\r\n"
    return codecs.BOM_UTF16_LE + text.encode("utf-16-le")


def as_graph(collections):
    """Answers as the service sends them, each under the address of its request."""
    for name, value in collections.items():
        request = re.match(r"GET /(?:v1\.0|beta)/([^?,\s{]+)(?=$|[?,\s])", SHAPES[name].endpoint)
        if name in PARTS or not request:
            continue
        body = {"value": value} if isinstance(value, list) else value
        context = V1 + request[1] + ("" if isinstance(value, list) else "/$entity")
        yield f"{request[1]}.json", json.dumps(
            {"@odata.context": context, **body}, separators=(",", ":")).encode()


def as_powershell(collections):
    """`Get-Mg... | ConvertTo-Json -Depth 20 | Out-File`: the pipeline unrolls a list of one."""
    for name, value in collections.items():
        if name in PARTS:
            continue
        spelled = value if name in EXCHANGE else pascal(value)
        alone = isinstance(spelled, list) and len(spelled) == 1
        if spelled != []:  # nothing goes down the pipeline, and the file stays blank
            yield f"{name}.json", windows(spelled[0] if alone else spelled)


def as_entraexporter(collections):
    """One object a file below the folder of its kind; nothing where there is none."""
    for name, path in TREE.items():
        value = collections[name]
        for one in value if isinstance(value, list) else [value]:
            yield path.format(id=one.get("id", name)), windows(one)


def as_scubagear(collections):
    """The provider export of Windows PowerShell, without a mark."""
    tenant = {"TenantId": sample()[0]["id"], "DisplayName": "x",
              "AADAdditionalData": [pascal(collections["organization"])]}
    export = {"baseline_version": "1", "tenant_details": [tenant],
              "aad_unsuccessful_commands": [None]}
    for name, key in SCUBA.items():
        export[key] = unrolled(pascal(collections[name]))
    yield "ProviderSettingsExport.json", json.dumps(
        export, indent=4).replace("\n", "\r\n").encode()


WRITERS = {"graph": as_graph, "powershell": as_powershell, "entraexporter": as_entraexporter,
           "scubagear": as_scubagear}


@cache
def request():
    """All policies of both packs, with their defaults."""
    packs = SAMPLE.parents[1] / "policies"
    named = (str(packs / "partner-center"), str(packs / "cisa-scuba-entra"))
    return request_of(Asked(packs=named))


def judged(snapshot):
    """The verdict of each policy on a snapshot."""
    return {f.policy.id: f.verdict.value for f in judge_one(snapshot, request()).findings}


@cache
def reference():
    """The verdicts on the sample itself."""
    return judged(load(open_source(str(SAMPLE)), SHAPES))


def imported(form, root):
    """What the importer makes of the sample as that tool writes it."""
    for name, data in WRITERS[form](sample()[1]):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    said = sample()[0]
    return IMPORTERS[form](root, ImportOptions(
        shapes=SHAPES, exported_at=AT, tenant_id=said["id"], kind=said["kind"],
        cloud=said["cloud"], complete=frozenset(n for n in SHAPES if SHAPES[n].is_list)))


@pytest.mark.parametrize("form", WRITERS)
def test_the_verdict_is_the_same_or_unknown(form, tmp_path):
    """What came whole is judged as in the sample; what did not leaves unknown, never a verdict."""
    found = imported(form, tmp_path)
    verdicts = judged(load(MemorySource("imported", found.files), SHAPES))
    missing = {row.collection for row in found.rows if not row.complete}
    in_doubt = policies_in_doubt(request().policies, missing)
    other = {policy: (reference()[policy], verdict) for policy, verdict in verdicts.items()
             if verdict != reference()[policy]}
    whole = {policy: pair for policy, pair in other.items() if policy not in in_doubt}
    assert whole == {}
    assert {verdict for _, verdict in other.values()} <= {"unknown"}
    firm = {policy for policy, verdict in verdicts.items() if verdict in ("pass", "fail")}
    assert firm - in_doubt.keys()
    assert bool(other) == (form != "graph")


@pytest.mark.parametrize(("form", "file", "start", "inside"), [
    ("graph", "users.json", b'{"@odata.context":"https://', '"userPrincipalName":"'),
    ("powershell", "organization.json", b"\xff\xfe{\0\r\0\n\0", '"DisplayName": "'),
    ("powershell", "users.json", b"\xff\xfe[\0\r\0\n\0", '"UserPrincipalName": "'),
    ("powershell", "exchangeOrganizationConfig.json", b"\xff\xfe{\0", '"OAuth2ClientProfile'),
    ("entraexporter", "Organization/Organization.json", b"\xff\xfe{\0", '"displayName": "'),
    ("scubagear", "ProviderSettingsExport.json", b"{\r\n", '"transport_config": {'),
    ("scubagear", "ProviderSettingsExport.json", b"{\r\n", '"conditional_access_policies": null'),
])
def test_each_source_is_written_as_its_tool_writes_it(form, file, start, inside):
    """Mark, encoding, spelling and unrolled lists are those of the tool, byte by byte."""
    data = dict(WRITERS[form](sample()[1]))[file]
    assert data.startswith(start)
    assert inside in data.decode("utf-16" if start.startswith(b"\xff\xfe") else "utf-8")
