"""Sign-in logs in a storage account become a snapshot, line by line."""

from __future__ import annotations

import json
import subprocess
import sys
import tracemalloc

import pytest

from tenantproof.importers.base import ImportOptions
from tenantproof.importers.table import IMPORTERS
from tenantproof.problem import SnapshotError
from tenantproof.shape import bundled_shapes

TENANT = "0f8fad5b-d9cb-469f-a165-70867728950e"
SHAPES = bundled_shapes()
FOLDER = "tenantId={tenant}/y=2026/m=11/d={day:02}/h=06/m=00/PT1H.json"

# MicrosoftDocs/azure-docs at 012ad308, articles/active-directory/reports-monitoring/
# reference-azure-monitor-sign-ins-log-schema.md from line 24: the envelope of a diagnostic setting.
RECORD = {
    "time": "2026-11-19T16:02:15.5522137Z",
    "resourceId": f"/tenants/{TENANT}/providers/Microsoft.aadiam",
    "operationName": "Sign-in activity", "operationVersion": "1.0", "category": "SignInLogs",
    "tenantId": TENANT, "resultType": "50140", "resultSignature": "None", "durationMs": 0,
    "callerIpAddress": "203.0.113.10", "Level": 4, "location": "US",
    "properties": {
        "id": "0231f922-93fa-4005-bb11-b344eca03c01",
        "createdDateTime": "2026-11-19T16:02:15.5522137+00:00",
        "userPrincipalName": "ada@contoso.example", "userId": "u1",
        "status": {"errorCode": 50140}, "clientAppUsed": "Browser",
        "location": {"city": "Bellevue", "countryOrRegion": "US"},
        "isInteractive": True, "resourceId": "797f4846-ba00-4fd7-ba43-dac1f8f63013",
        "authenticationRequirement": "multiFactorAuthentication", "userType": "Member",
    },
}

# The columns of the table AADNonInteractiveUserSignInLogs (learn.microsoft.com/azure/azure-monitor/
# reference/tables/aadnoninteractiveusersigninlogs): capitalised, objects and lists as text.
COLUMNS = {
    "TimeGenerated": "2026-11-20T05:00:00Z", "TenantId": "a-workspace", "AADTenantId": TENANT,
    "ResourceId": f"/tenants/{TENANT}/providers/Microsoft.aadiam",
    "OperationName": "Sign-in activity", "Category": "NonInteractiveUserSignInLogs",
    "ResultType": "0", "ResultDescription": "", "Location": "DE", "Id": "s2",
    "CreatedDateTime": "2026-11-20T04:59:58.1234567Z", "UserId": "u2", "IPAddress": "198.51.100.7",
    "ConditionalAccessPolicies": '[{"id":"p1","displayName":"MFA","result":"success",'
                                 '"enforcedGrantControls":["Mfa"]}]',
    "LocationDetails": '{"city":"Berlin","countryOrRegion":"DE"}',
    "DeviceDetail": '{"deviceId":"","isManaged":"true"}', "AuthenticationDetails": "",
    "ResourceIdentity": "00000003-0000-0000-c000-000000000000", "ClientAppUsed": "Browser",
    "Type": "AADNonInteractiveUserSignInLogs",
}


def line(value):
    """A record as the service writes it: compact, one line, CRLF."""
    return json.dumps(value, separators=(",", ":")).encode() + b"\r\n"


def put(root, content, tenant=TENANT, day=19):
    """Write one blob of a container."""
    path = root / FOLDER.format(tenant=tenant, day=day)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def imported(source, complete=(), tenant=""):
    """What the importer makes of a folder: the import, its sign-ins and their row."""
    found = IMPORTERS["azure-monitor"](source, ImportOptions(
        shapes=SHAPES, exported_at="2026-11-20T06:00:00Z", tenant_id=tenant,
        complete=frozenset(complete)))
    with found.streams["signIns.ndjson"] as stream:
        records = [json.loads(text) for text in stream.read().splitlines()]
    return found, records, next(row for row in found.rows if row.collection == "signIns")


def test_the_envelope_of_a_diagnostic_setting_holds_graphs_object(tmp_path):
    """What stands under `properties` is kept, and the envelope is not; a mark does no harm."""
    put(tmp_path, b"\xef\xbb\xbf" + line(RECORD))
    found, records, row = imported(tmp_path)
    assert records == [
        {"signInEventTypes": ["interactiveUser"], **RECORD["properties"]}]
    assert (row.records, row.files, row.complete) == (1, 1, False)
    assert row.detail == "the category `NonInteractiveUserSignInLogs` is not among the files"
    assert found.manifest["tenant"]["id"] == TENANT


def test_the_columns_of_a_table_get_graphs_names_and_types(tmp_path):
    """Text becomes an object, list, number or truth value; a blank says nothing."""
    put(tmp_path, line(COLUMNS))
    _, (record,), _ = imported(tmp_path)
    assert record["appliedConditionalAccessPolicies"] == [
        {"id": "p1", "displayName": "MFA", "result": "success", "enforcedGrantControls": ["Mfa"]}]
    assert record["location"] == {"city": "Berlin", "countryOrRegion": "DE"}
    assert record["deviceDetail"] == {"deviceId": "", "isManaged": True}
    assert record["resourceId"] == "00000003-0000-0000-c000-000000000000"
    assert record["status"]["errorCode"] == 0
    assert record["createdDateTime"] == "2026-11-20T04:59:58.1234567Z"
    assert (record["isInteractive"], record["signInEventTypes"]) == (False, ["nonInteractiveUser"])
    assert "authenticationDetails" not in record


def test_a_log_is_whole_only_where_its_owner_says_so(tmp_path):
    """Both categories are there, and still nothing tells whether hours are missing."""
    put(tmp_path, line(RECORD) + line(COLUMNS))
    assert "hours" in imported(tmp_path)[2].detail
    found, _, row = imported(tmp_path, ["signIns"])
    assert (row.complete, row.why) == (True, "")
    assert found.manifest["collections"]["signIns"] == {
        "file": "signIns.ndjson", "complete": True, "from": "2026-11-19T16:02:15.552213Z",
        "to": "2026-11-20T04:59:58.123456Z"}


@pytest.mark.parametrize(("damage", "why"), [
    (line(RECORD)[:-40], "truncated"),
    (b"[]\n", "truncated"),
    (line({"category": "SignInLogs", "properties": {}}), "truncated"),
    (line({"category": "SignInLogs", "properties": "{"}), "truncated"),
    (b"\xff\xfe\x00\n", "truncated"),
    (b"<?xml version='1.0'?><Error><Code>AuthorizationPermissionMismatch</Code></Error>", "denied"),
])
def test_a_line_that_cannot_be_read_outranks_what_its_owner_says(tmp_path, damage, why):
    """The rest is kept, the place is told, and the log does not count as whole."""
    path = put(tmp_path, line(RECORD) + line(COLUMNS) + damage)
    found, records, row = imported(tmp_path, ["signIns"])
    assert (len(records), row.complete, row.why) == (2, False, why)
    (note,) = found.notes
    assert (note.rule, note.file) == ("unreadable-line", str(path))
    assert "line 3" in note.message


def test_other_logs_are_told_once_and_left_out(tmp_path):
    """The container of service principals holds no user's sign-in."""
    other = {**RECORD, "category": "ServicePrincipalSignInLogs"}
    put(tmp_path, line(RECORD) + line(other))
    put(tmp_path, line(other), day=20)
    found, records, _ = imported(tmp_path)
    assert ([note.rule for note in found.notes], len(records)) == (["other-log"], 1)


@pytest.mark.parametrize("content", [b"", b"{}", b'{"value": []}', line(
    {**RECORD, "category": "AuditLogs"})])
def test_a_folder_without_sign_ins_is_refused(tmp_path, content):
    """No data is no snapshot of an empty log."""
    put(tmp_path, content)
    with pytest.raises(SnapshotError):
        imported(tmp_path)


def test_several_tenants_are_refused(tmp_path):
    """A container may hold the logs of more than one tenant."""
    put(tmp_path, line(RECORD))
    put(tmp_path, line({**RECORD, "resourceId": "/tenants/t2/providers/Microsoft.aadiam"}), "t2")
    with pytest.raises(SnapshotError, match="several tenants"):
        imported(tmp_path)


def test_memory_does_not_grow_with_the_log(tmp_path):
    """Ten times the records, some six megabytes, take not one megabyte more."""
    peaks = []
    for count in (400, 4_000):
        put(tmp_path, (line(RECORD) + line(COLUMNS)) * count)
        tracemalloc.start()
        found = IMPORTERS["azure-monitor"](tmp_path, ImportOptions(
            shapes=SHAPES, exported_at="2026-11-20T06:00:00Z"))
        found.streams["signIns.ndjson"].close()
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 1_000_000


def test_the_snapshot_is_written_and_can_be_read(tmp_path):
    """What the command writes can be shown; a refused source leaves nothing behind."""
    put(tmp_path / "in", line(RECORD) + line(COLUMNS))
    run = [sys.executable, "-m", "tenantproof"]
    made = subprocess.run(
        [*run, "import", "azure-monitor", tmp_path / "in", "--to", tmp_path / "out",
         "--exported-at", "files", "--complete", "signIns"],
        capture_output=True, text=True, check=False, timeout=60)  # fmt: skip
    assert (made.returncode, made.stderr) == (0, "")
    assert "signIns  2 records  1 file  complete" in made.stdout
    shown = subprocess.run([*run, "snapshot", "show", tmp_path / "out"],
                           capture_output=True, text=True, check=False, timeout=60)
    assert shown.returncode == 0
    assert "signIns" in shown.stdout
    put(tmp_path / "bad", b"nonsense")
    refused = subprocess.run(
        [*run, "import", "azure-monitor", tmp_path / "bad", "--to", tmp_path / "no",
         "--exported-at", "files"], capture_output=True, text=True, check=False, timeout=60)
    assert (refused.returncode, (tmp_path / "no").exists()) == (3, False)
