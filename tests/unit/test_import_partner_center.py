"""Partner Center's answers and tables become a snapshot."""

from __future__ import annotations

import codecs
import json

import msgspec
import pytest

from tenantproof.importers.base import ImportOptions
from tenantproof.importers.table import IMPORTERS
from tenantproof.problem import SnapshotError
from tenantproof.shape import bundled_shapes

TENANT = "0f8fad5b-d9cb-469f-a165-70867728950e"
SHAPES = bundled_shapes()
NOT_SAID = "nothing tells whether all of them were exported"

# learn.microsoft.com/partner-center/developer/get-a-list-of-customers, the response example: the
# service's list, with links and attributes at every level.
CUSTOMERS = {
    "totalCount": 1,
    "items": [{
        "id": "53eb21cb-6b2d-4ee5-9e92-27dfc927e93c",
        "companyProfile": {
            "tenantId": "53eb21cb-6b2d-4ee5-9e92-27dfc927e93c",
            "domain": "FourthCoffee137.onmicrosoft.com", "companyName": "FourthCoffee137",
            "links": {"self": {"uri": "/customers/53eb21cb/profiles/company", "method": "GET",
                               "headers": []}},
            "attributes": {"objectType": "CustomerCompanyProfile"}},
        "relationshipToPartner": "reseller",
        "attributes": {"objectType": "Customer"}}],
    "links": {"self": {"uri": "/customers?size=40", "method": "GET", "headers": []}},
    "attributes": {"objectType": "Collection"},
}
# learn.microsoft.com/partner-center/developer/list-delegated-admin-customers: the DAP service.
DAP = {"value": [{
    "id": "r1", "customerTenantId": "c1", "organizationDisplayName": "Fabrikam",
    "partnerAgentCount": 2, "dapEnabled": True, "startDateTime": "2020-01-01T00:00:00Z",
    "endDateTime": None}]}
# The rows of the administrative relationships report; its header is not documented, these are the
# names that learn.microsoft.com/partner-center/dap-monitor-self-serve-removal speaks of.
REPORT = (
    "Customer name,Microsoft ID,DAP status,Days enabled,Days inactive,Recommendation,Owner\r\n"
    '"Fabrikam, Inc.",c1,Enabled,60+,,Disable DAP,x\r\n'
    "Söhne,c2,Perhaps,12,90+,,y\r\n"
)
# learn.microsoft.com/graph/api/resources/delegatedadminrelationship, flattened by Export-Csv.
GDAP = (
    "id,displayName,status,duration,customer.tenantId,customer.displayName,endDateTime\r\n"
    "g1,MLT_1,active,P730D,c1,Fabrikam,2027-01-01T00:00:00Z\r\n"
)
# learn.microsoft.com/graph/api/resources/partner-security-partnersecurityscore (beta).
SCORE = {"@odata.context": "https://graph.microsoft.com/beta/$metadata#security/partner/"
                           "securityScore/$entity", "id": "s", "currentScore": 40, "maxScore": 60}


def put(root, files):
    """Write files: text and bytes as they are, all else as JSON."""
    for name, value in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(value, str):
            value = codecs.BOM_UTF8 + value.encode()
        path.write_bytes(value if isinstance(value, bytes) else json.dumps(value).encode())


def imported(root, complete=()):
    """The import of a folder, its collections, and its rows by name."""
    found = IMPORTERS["partner-center"](root, ImportOptions(
        shapes=SHAPES, exported_at="2026-11-20T06:00:00Z", tenant_id=TENANT,
        complete=frozenset(complete)))
    values = {name.removesuffix(".json"): msgspec.json.decode(data)
              for name, data in found.files.items() if name != "tenant.json"}
    return found, values, {row.collection: row for row in found.rows}


def test_an_answer_says_itself_whether_it_is_whole(tmp_path):
    """A list with its envelope is whole; what the list leaves out stays out."""
    put(tmp_path, {"customers.json": CUSTOMERS})
    _, values, rows = imported(tmp_path)
    assert rows["partnerCustomers"].complete
    assert "allowDelegatedAccess" not in values["partnerCustomers"][0]
    assert values["partnerCustomers"][0]["companyProfile"]["companyName"] == "FourthCoffee137"
    assert rows["users"].why == "not_exported"


@pytest.mark.parametrize(("body", "why"), [
    ({**CUSTOMERS, "totalCount": 2}, "truncated"),
    ({**CUSTOMERS, "links": {"next": {"uri": "/customers?seek=Next"}}}, "truncated"),
    ({"value": [], "@odata.nextLink": "https://x"}, "truncated"),
    ({"code": 2000, "description": "Access denied"}, "denied"),
    ({"error": {"code": "InternalError"}}, "not_exported"),
    ([], "not_exported"),
    (b"", "not_exported"),
    ("7", "wrong_type"),
])
def test_an_answer_that_is_not_whole_does_not_count_as_whole(tmp_path, body, why):
    """Further pages, refusals, blanks and bare lists are no complete list, whatever is in them."""
    put(tmp_path, {"customers.json": body})
    _, _, rows = imported(tmp_path)
    assert (rows["partnerCustomers"].complete, rows["partnerCustomers"].why) == (False, why)


def test_customers_one_by_one_make_a_list(tmp_path):
    """Each customer's answer is one record, its budget gets the customer's id from the path."""
    one = {**CUSTOMERS["items"][0], "allowDelegatedAccess": False}
    put(tmp_path, {"customers/a.json": one, "customers/b.json": {**one, "id": "b"},
                   "customers/a/usagebudget.json": {"amount": 100.0}})
    _, values, rows = imported(tmp_path, ["partnerCustomers"])
    assert [c["allowDelegatedAccess"] for c in values["partnerCustomers"]] == [False, False]
    assert values["usageBudgets"] == [{"customerId": "a", "amount": 100.0}]
    assert (rows["partnerCustomers"].complete, rows["usageBudgets"].detail) == (True, NOT_SAID)


def test_the_list_of_the_dap_service_is_known_by_its_content(tmp_path):
    """Its address is that of a Graph collection that holds something else."""
    put(tmp_path, {"delegatedAdminCustomers.json": DAP})
    _, values, rows = imported(tmp_path)
    assert values["dapRelationships"] == DAP["value"]
    assert rows["dapRelationships"].complete
    assert not rows["delegatedAdminCustomers"].complete


@pytest.mark.parametrize("write", [
    lambda text: codecs.BOM_UTF8 + text.encode(),
    lambda text: text.encode("utf-16"),
    lambda text: text.replace('"Fabrikam, Inc."', "Fabrikam").replace(",", ";").encode(),
], ids=["utf-8 with mark", "utf-16", "semicolons"])
def test_a_table_gets_the_names_and_types_of_its_collection(tmp_path, write):
    """A word that is no truth value stays; a blank says nothing, but for a column that says so."""
    put(tmp_path, {"report.csv": write(REPORT)})
    found, values, rows = imported(tmp_path)
    first, second = values["dapRelationships"]
    assert first | {"organizationDisplayName": ""} == {
        "organizationDisplayName": "", "customerTenantId": "c1", "dapEnabled": True,
        "daysEnabled": "60+", "daysInactive": "", "recommendation": "Disable DAP"}
    assert (second["organizationDisplayName"], second["dapEnabled"]) == ("Söhne", "Perhaps")
    assert "recommendation" not in second
    assert "`Owner`" in next(n for n in found.notes if n.rule == "unknown-column").message
    assert rows["dapRelationships"].detail == NOT_SAID


def test_a_table_of_relationships_is_nested_as_graph_nests_it(tmp_path):
    """Dotted headers are paths."""
    put(tmp_path, {"gdap.csv": GDAP})
    _, values, rows = imported(tmp_path, ["delegatedAdminRelationships"])
    (record,) = values["delegatedAdminRelationships"]
    assert record["customer"] == {"tenantId": "c1", "displayName": "Fabrikam"}
    assert rows["delegatedAdminRelationships"].complete


@pytest.mark.parametrize("tail", ["Fab,c3\r\n", '"Fab,c3,Enabled,1,1,,x\r\n', 'a"b,"c"d,e\r\n'])
def test_a_damaged_table_is_cut_whatever_its_owner_says(tmp_path, tail):
    """The rows before the damage are kept, the line is told."""
    put(tmp_path, {"report.csv": REPORT + tail})
    found, values, rows = imported(tmp_path, ["dapRelationships"])
    assert (len(values["dapRelationships"]), rows["dapRelationships"].why) == (2, "truncated")
    assert "unreadable-line" in [note.rule for note in found.notes]


def test_the_security_score_is_taken_over(tmp_path):
    """The score and its parts are answers of Graph under their requests' names."""
    put(tmp_path, {"securityScore.json": SCORE, "securityScore/requirements.json": {"value": [
        {"id": "r", "requirementType": "mfaEnforcedForAdmins",
         "complianceStatus": "noncomplaint"}]}})
    _, values, rows = imported(tmp_path)
    assert values["partnerSecurityScore"]["currentScore"] == 40
    assert rows["partnerSecurityScore"].complete
    assert rows["partnerSecurityRequirements"].complete


@pytest.mark.parametrize("files", [
    {"activity.csv": "Date-Time,Affected customer,Action,Performed by\r\n1,2,3,4\r\n"},
    {"notes.txt": "x"}, {"other.json": {}}, {"customers.json": "{"}, {"empty.csv": ""},
    {"customers.json": CUSTOMERS, "old/customers.json": CUSTOMERS},
])
def test_a_source_that_is_nothing_or_twice_is_refused(tmp_path, files):
    """Nothing is made of a history, of foreign or damaged files, or of two lists."""
    put(tmp_path, files)
    with pytest.raises(SnapshotError):
        imported(tmp_path)
