"""What saved Graph responses become: recognised, joined, and never more complete than they are."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tenantproof.importers.base import ImportOptions
from tenantproof.importers.graph import import_graph
from tenantproof.importers.places import Place, Places, page_of, read_context
from tenantproof.importers.table import IMPORTERS
from tenantproof.problem import SnapshotError, UsageError
from tenantproof.shape import bundled_shapes
from tenantproof.snapshot import load
from tenantproof.sources import open_source

EXAMPLES = Path(__file__).parents[1] / "data" / "graph_examples"
SHAPES = bundled_shapes()
V1 = "https://graph.microsoft.com/v1.0/"
BETA = "https://graph.microsoft.com/beta/"
TENANT = "3f1c2a10-5b1e-4a77-9c2b-0a6d5e4f3b21"
GUID = "0f5c1d9e-7a34-4a0b-b3a5-9d1f0e2c4b68"
NEXT = f"{V1}users?$skiptoken=abc"
DENIED = {"error": {"code": "Authorization_RequestDenied", "message": "Insufficient privileges"}}
ANA, BEN = {"id": "u1", "displayName": "Ana"}, {"id": "u2", "displayName": "Ben"}


def listed(context, *records, link=None, root=V1):
    """A response that holds a list."""
    more = {"@odata.nextLink": link} if link else {}
    return {"@odata.context": f"{root}$metadata#{context}", **more, "value": list(records)}


def single(context, root=V1, **properties):
    """A response that holds one object."""
    return {"@odata.context": f"{root}$metadata#{context}/$entity", **properties}


def saved(folder, files):
    """A folder with these files; what is not bytes is written as JSON."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return folder


def options(**said):
    """Options of one tenant at one time."""
    known = {"exported_at": "2026-01-01T00:00:00Z", "tenant_id": TENANT}
    return ImportOptions(shapes=SHAPES, **{**known, **said})


def imported(tmp_path, files, **said):
    """What an import of these files gives."""
    return import_graph(saved(tmp_path / "source", files), options(**said))


def loaded(tmp_path, files, **said):
    """The snapshot that an import of these files gives, written and read again."""
    result = imported(tmp_path, files, **said)
    return load(open_source(str(saved(tmp_path / "snapshot", result.files))), SHAPES)


def state(collection):
    """How many records a collection has, whether all, and if not why."""
    doubts = collection.doubts()
    return (len(collection.records), collection.complete, *(str(d.why) for d in doubts))


def rules(result):
    """The rules of an import's notes."""
    return [note.rule for note in result.notes]


# --- recognition ---------------------------------------------------------------------------------

CONTEXTS = {
    "identity/conditionalAccess/policies": Place("conditionalAccessPolicies"),
    "conditionalAccess/policies": Place("conditionalAccessPolicies"),
    "users": Place("users"),
    "users(id,displayName,owners(id))": Place("users"),
    "organization": Place("organization"),
    "policies/identitySecurityDefaultsEnforcementPolicy/$entity": Place("securityDefaults"),
    "policies/identitySecurityDefaultsEnforcementPolicy": Place("securityDefaults"),
    "auditlogs/directoryaudits": Place("directoryAudits"),
    "policies/crossTenantAccessPolicy/default/$entity": Place(
        "crossTenantAccessPolicy", part="default"
    ),
    "domains('contoso.com')/federationConfiguration": Place("domainFederation", "contoso.com"),
    f"users('{GUID}')/authentication/requirements": Place("perUserMfa", GUID),
    f"servicePrincipals('{GUID}')/appRoleAssignments": Place("appRoleAssignments", GUID),
    f"servicePrincipals('{GUID}')/appRoleAssignedTo": None,
    "devices": None,
    "roleManagement/deviceManagement/roleDefinitions": None,
    "roleManagement/directory/roleDefinitions": Place("roleDefinitions"),
    "Collection(microsoft.graph.user)": None,
    "directoryObjects(id)": None,
    "": None,
}


@pytest.mark.parametrize("text", CONTEXTS)
def test_a_context_tells_the_collection_whatever_the_file_is_called(text):
    """A context that is an address is recognised, one that only names a type is not."""
    context = read_context(f"{V1}$metadata#{text}")
    assert Places(SHAPES).find(context, "response") == CONTEXTS[text]


def test_a_context_below_a_service_root_is_read_with_it():
    """GDAP answers carry the service's name before `$metadata`."""
    context = read_context(f"{V1}tenantRelationships/$metadata#delegatedAdminRelationships")
    assert Places(SHAPES).find(context, "x") == Place("delegatedAdminRelationships")


PATHS = {
    "identity/conditionalAccess/policies": Place("conditionalAccessPolicies"),
    "v1.0/identity/conditionalAccess/policies": Place("conditionalAccessPolicies"),
    "beta/identity/conditionalaccess/policies": Place("conditionalAccessPolicies"),
    "identity_conditionalAccess_policies": Place("conditionalAccessPolicies"),
    "identity-conditionalAccess-policies": Place("conditionalAccessPolicies"),
    "v1.0_identity_conditionalAccess_policies": Place("conditionalAccessPolicies"),
    "graph.microsoft.com/v1.0/identity/conditionalAccess/policies": Place(
        "conditionalAccessPolicies"
    ),
    "export/identity/conditionalAccess/policies-1": Place("conditionalAccessPolicies"),
    "conditionalAccessPolicies": Place("conditionalAccessPolicies"),
    "users": Place("users"),
    "users-1": Place("users"),
    "users_page2": Place("users"),
    "users.1": Place("users"),
    "users (3)": Place("users"),
    "users?$select=id": Place("users"),
    "users?$filter=accountEnabled eq true": None,
    "backup/users": None,
    "users1x": None,
    f"groups/{GUID}/members": Place("groupMembers", GUID),
    f"groups/{GUID}/members-2": Place("groupMembers", GUID),
    f"groups_{GUID}_members": Place("groupMembers", GUID),
    f"groups-{GUID}-members": Place("groupMembers", GUID),
    f"groups/{GUID}/transitiveMembers": None,
    f"groups/{GUID}/members/microsoft.graph.user": None,
    f"groups/{GUID}/owners": None,
    f"directoryRoles/{GUID}/members": None,
    "domains/contoso-corp.com/federationConfiguration": Place(
        "domainFederation", "contoso-corp.com"
    ),
    "domains_contoso-corp.com_federationConfiguration": Place(
        "domainFederation", "contoso-corp.com"
    ),
    f"users/{GUID}/authentication/requirements": Place("perUserMfa", GUID),
    f"tenantRelationships/delegatedAdminRelationships/{GUID}-{GUID}/accessAssignments": Place(
        "delegatedAdminAccessAssignments", f"{GUID}-{GUID}"
    ),
    f"identityGovernance/privilegedAccess/group/eligibilityScheduleInstances/{GUID}": Place(
        "groupEligibilityScheduleInstances", GUID
    ),
    "exchangeOrganizationConfig": Place("exchangeOrganizationConfig"),
    "accounts": None,
    "tenant": None,
}


@pytest.mark.parametrize("path", PATHS)
def test_a_path_is_recognised_as_the_address_of_its_request(path):
    """Folders, flattened names, versions and page numbers all lead to the same place."""
    assert Places(SHAPES).of_path(path) == PATHS[path]


@pytest.mark.parametrize(("context", "path"), [
    ("users", f"groups/{GUID}/members/microsoft.graph.user"),
    ("users", f"groups/{GUID}/members"),
    ("users", "users?$filter=accountEnabled eq true"),
    ("users", "directory_deletedItems"),
    ("devices", "users"),
])
def test_what_context_and_path_tell_differently_is_not_recognised(context, path):
    """A part of a collection carries the context of the whole, and is not taken for it."""
    assert Places(SHAPES).find(read_context(f"{V1}$metadata#{context}"), path) is None


@pytest.mark.parametrize(("text", "select"), [
    ("users", None),
    ("users(id,displayName)", {"id", "displayName"}),
    ("users(id,owners(id,mail))", {"id"}),
    ("groups(members())", None),
    ("users(*)", None),
    ("organization(id)/$entity", {"id"}),
])
def test_a_selection_is_read_from_the_context(text, select):
    """Only plain properties count: a list that was expanded may be cut short."""
    assert read_context(f"{V1}$metadata#{text}").select == select


@pytest.mark.parametrize(("stem", "page"), [
    ("users", ("users", None)), ("users-1", ("users", 1)), ("users_page12", ("users", 12)),
    ("users.2", ("users", 2)), ("users (3)", ("users", 3)), ("page2", ("page2", None)),
    (GUID, (GUID, None)), ("o365", ("o365", None)),
])
def test_a_page_number_stands_at_the_end_of_a_name(stem, page):
    """The number is set apart from the name; ids and other digits are no page numbers."""
    assert page_of(stem) == page


# --- lists and objects ---------------------------------------------------------------------------

WHOLE = listed("users", ANA, BEN)
PAGE_1, PAGE_2 = listed("users", ANA, link=NEXT), listed("users", BEN)
USERS = {
    "a whole response": ({"users.json": WHOLE}, (2, True)),
    "a response under any name": ({"response (7)/x.json": WHOLE}, (2, True)),
    "an empty list": ({"users.json": listed("users")}, (0, True)),
    "UTF-8 with a mark": ({"u.json": b"\xef\xbb\xbf" + json.dumps(WHOLE).encode()}, (2, True)),
    "UTF-16": ({"u.json": json.dumps(WHOLE).encode("utf-16")}, (2, True)),
    "UTF-16 without an extension": ({"u": json.dumps(WHOLE).encode("utf-16")}, (2, True)),
    "two pages": ({"users-1.json": PAGE_1, "users-2.json": PAGE_2}, (2, True)),
    "two pages, the first without a number": (
        {"users.json": PAGE_1, "users-2.json": PAGE_2}, (2, True),
    ),
    "pages in one file": ({"users.json": [PAGE_1, PAGE_2]}, (2, True)),
    "the last page links further": ({"users.json": PAGE_1}, (1, False, "truncated")),
    "the first page is missing": ({"users-2.json": PAGE_2}, (1, False, "truncated")),
    "a page between is missing": (
        {"users-1.json": PAGE_1, "users-3.json": PAGE_2}, (2, False, "truncated"),
    ),
    "an open page behind the last one": (
        {"users-1.json": PAGE_2, "users-2.json": PAGE_1}, (2, False, "truncated"),
    ),
    "fewer than announced": (
        {"users.json": {**WHOLE, "@odata.count": 9}}, (2, False, "truncated"),
    ),
    "a list inside a record goes on": (
        {"users.json": listed("users", {**ANA, "owners@odata.nextLink": NEXT})},
        (1, False, "truncated"),
    ),
    "an error body": ({"users.json": DENIED}, (0, False, "denied")),
    "an error body of numbers": (
        {"users.json": {"error": {"code": "Forbidden", "message": "403"}}}, (0, False, "denied"),
    ),
    "an error for want of a licence": (
        {"users.json": {"error": {
            "code": "Authentication_RequestFromNonPremiumTenantOrB2CTenant", "message": "x",
        }}}, (0, False, "denied"),
    ),
    "another error": (
        {"users.json": {"error": {"code": "Request_ResourceNotFound", "message": "x"}}},
        (0, False, "not_exported"),
    ),
    "an error body instead of the second page": (
        {"users-1.json": PAGE_1, "users-2.json": DENIED}, (1, False, "denied"),
    ),
    "a blank file": ({"users.json": b" \r\n"}, (0, False, "not_exported")),
    "null": ({"users.json": b"null"}, (0, False, "not_exported")),
    "a null value": (
        {"users.json": {"@odata.context": f"{V1}$metadata#users", "value": None}},
        (0, False, "not_exported"),
    ),
    "a list without its envelope": ({"users.json": [ANA, BEN]}, (2, False, "not_stated")),
    "one user": ({"u.json": single("users", **ANA)}, (0, False, "not_exported")),
    "two lists that end": (
        {"a.json": WHOLE, "b.json": listed("users", ANA)}, (0, False, "not_exported"),
    ),
    "two tenants": (
        {"a/users.json": PAGE_1, "b/users.json": PAGE_2}, (0, False, "not_exported"),
    ),
    "two selections": (
        {"u-1.json": listed("users(id)", ANA, link=NEXT), "u-2.json": PAGE_2},
        (0, False, "not_exported"),
    ),
    "the same link twice": (
        {"u-1.json": PAGE_1, "u-2.json": {**PAGE_1, "value": [BEN]},
         "u-3.json": listed("users")}, (0, False, "not_exported"),
    ),
    "the same answer twice": ({"a.json": WHOLE, "b.json": WHOLE}, (2, True)),
}  # fmt: skip


@pytest.mark.parametrize("case", USERS)
def test_a_list_is_complete_only_if_its_answers_show_that_it_is(case, tmp_path):
    """Each state of saved pages gives the records that are there, and the reason for doubt."""
    files, expected = USERS[case]
    files = {**files, "organization.json": listed("organization", {"id": TENANT})}
    assert state(loaded(tmp_path, files).collection("users")) == expected


def test_pages_are_joined_in_natural_order(tmp_path):
    """Page ten comes after page nine."""
    pages = {
        f"users-{n}.json": listed("users", {"id": f"u{n}"}, link=f"{NEXT}{n}" if n < 11 else None)
        for n in range(1, 12)
    }
    users = loaded(tmp_path, pages).collection("users")
    assert [user.id for user in users.records] == [f"u{n}" for n in range(1, 12)]


def test_the_code_of_a_refusal_reaches_the_report(tmp_path):
    """Who reads that a collection was denied also reads what the service said."""
    users = loaded(tmp_path, {"users.json": DENIED}).collection("users")
    assert users.detail == "the service answered `Authorization_RequestDenied`"


def test_records_are_written_as_they_came(tmp_path):
    """The file of a response that was taken in holds the same bytes."""
    data = b'{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#users",\n "value": []}'
    assert imported(tmp_path, {"u.json": data}).files["users.json"] == data


def test_a_selection_goes_into_the_manifest(tmp_path):
    """A selected property that the service leaves out is null, and the loader has to know."""
    files = {"users.json": listed("users(id,displayName,owners(id))", ANA)}
    entry = imported(tmp_path, files).manifest["collections"]["users"]
    assert entry == {"file": "users.json", "complete": True, "select": ["displayName", "id"]}


SIGN_INS = {
    "interactive ones only": ([{"isInteractive": True}], False),
    "none at all": ([], False),
    "both kinds": ([{"isInteractive": True}, {"isInteractive": False}], True),
    "an event of both kinds": ([{"signInEventTypes": ["nonInteractiveUser"]}], True),
}


@pytest.mark.parametrize("case", SIGN_INS)
def test_a_log_of_interactive_sign_ins_is_not_the_log_of_sign_ins(case, tmp_path):
    """Without its filter the service leaves out the sign-ins in which no person takes part."""
    records, complete = SIGN_INS[case]
    files = {"s.json": listed("auditLogs/signIns", *records, root=BETA)}
    assert loaded(tmp_path, files).collection("signIns").complete is complete


def test_a_log_reaches_from_its_oldest_record_to_its_newest(tmp_path):
    """The answer does not tell which dates were asked for; its records tell some."""
    dates = ["2025-12-30T01:02:03.1234567Z", "2025-12-01T00:00:00Z"]
    files = {"a.json": listed("auditLogs/directoryAudits",
                              *({"activityDateTime": date} for date in dates))}
    entry = imported(tmp_path, files).manifest["collections"]["directoryAudits"]
    assert (entry["from"], entry["to"]) == (
        "2025-12-01T00:00:00Z", "2025-12-30T01:02:03.123456Z"
    )


OBJECTS = {
    "an object": ({"s.json": single("policies/identitySecurityDefaultsEnforcementPolicy",
                                    isEnabled=True)}, (1, True)),
    "two objects": ({
        "s.json": single("policies/identitySecurityDefaultsEnforcementPolicy", isEnabled=True),
        "t.json": single("policies/identitySecurityDefaultsEnforcementPolicy", isEnabled=False),
    }, (0, False, "not_exported")),
    "a refusal": ({"policies/identitySecurityDefaultsEnforcementPolicy.json": DENIED},
                  (0, False, "denied")),
}  # fmt: skip


@pytest.mark.parametrize("case", OBJECTS)
def test_a_single_object_needs_exactly_one_answer(case, tmp_path):
    """Two different answers may be two tenants, and neither is believed."""
    files, expected = OBJECTS[case]
    assert state(loaded(tmp_path, files).collection("securityDefaults")) == expected


# --- collections that come object by object ------------------------------------------------------

GROUPS = listed("groups", {"id": "G1"}, {"id": "g2"})
MEMBERS = listed("directoryObjects", {
    "@odata.type": "#microsoft.graph.user", "id": "u1", "displayName": "Ana",
})
MEMBER_FILES = {
    "every group": ({"groups/g1/members.json": MEMBERS, "groups_g2_members.json":
                     listed("directoryObjects")}, (2, True)),
    "a group without a file": ({"groups/g1/members.json": MEMBERS}, (1, False, "not_exported")),
    "a group that was refused": ({"groups/g1/members.json": MEMBERS, "groups/g2/members.json":
                                  DENIED}, (1, False, "denied")),
    "a group with an open page": ({
        "groups/g1/members.json": MEMBERS,
        "groups/g2/members.json": listed("directoryObjects", {"id": "u2"}, link=NEXT),
    }, (1, False, "not_exported")),
    "a group in two pages": ({
        "groups/g1/members.json": MEMBERS,
        "groups/g2/members-1.json": listed("directoryObjects", {"id": "u2"}, link=NEXT),
        "groups/g2/members-2.json": listed("directoryObjects", {"id": "u3"}),
    }, (2, True)),
    "a file that does not tell the group": ({
        "groups/g1/members.json": MEMBERS, "groups/g2/members.json": listed("directoryObjects"),
        "groupMembers.json": listed("directoryObjects", {"id": "u9"}),
    }, (2, False, "not_exported")),
    "no file at all": ({}, (0, False, "not_exported")),
}  # fmt: skip


@pytest.mark.parametrize("case", MEMBER_FILES)
def test_members_are_complete_only_if_every_group_has_a_whole_answer(case, tmp_path):
    """A group without a whole answer gets no record, since no record means not exported."""
    files, expected = MEMBER_FILES[case]
    snapshot = loaded(tmp_path, {"groups.json": GROUPS, **files})
    assert state(snapshot.collection("groupMembers")) == expected


def test_members_become_one_record_of_each_group(tmp_path):
    """A record holds the id that `groups` gives, and of each member its id and type."""
    files = {"groups.json": GROUPS, "groups/g1/members.json": MEMBERS}
    assert json.loads(imported(tmp_path, files).files["groupMembers.json"]) == {
        "value": [{"id": "G1", "members": [{"@odata.type": "#microsoft.graph.user", "id": "u1"}]}]
    }


def test_members_without_all_groups_are_never_complete(tmp_path):
    """Where groups are missing, nobody knows whose members are."""
    files = {"groups.json": {**GROUPS, "@odata.nextLink": NEXT}, "groups/g1/members.json": MEMBERS}
    members = loaded(tmp_path, files).collection("groupMembers")
    assert members.detail == "without all `groups` nobody can say whose are missing"


def test_no_group_at_all_leaves_no_members_to_export(tmp_path):
    """An owner that is not there needs no answer."""
    files = {"groups.json": listed("groups")}
    assert state(loaded(tmp_path, files).collection("groupMembers")) == (0, True)


DOMAINS = listed(
    "domains", {"id": "contoso.com", "authenticationType": "Federated"},
    {"id": "contoso.onmicrosoft.com", "authenticationType": "Managed"},
)
PARTS = {
    "domainFederation": (
        {"domains.json": DOMAINS, "domains/contoso.com/federationConfiguration.json":
         listed("domains('contoso.com')/federationConfiguration", {"id": "f1"})},
        [{"id": "f1", "domainId": "contoso.com"}],
    ),
    "delegatedAdminAccessAssignments": (
        {"r.json": listed("delegatedAdminRelationships", {"id": "r1"},
                          root=f"{V1}tenantRelationships/"),
         "tenantRelationships/delegatedAdminRelationships/r1/accessAssignments.json":
         listed("accessAssignments", {"id": "a1"}, root=f"{V1}tenantRelationships/")},
        [{"id": "a1", "delegatedAdminRelationshipId": "r1"}],
    ),
    "perUserMfa": (
        {"users.json": listed("users", ANA), "users/u1/authentication/requirements.json":
         {"@odata.context": f"{BETA}$metadata#users('u1')/authentication/requirements",
          "perUserMfaState": "enforced"}},
        [{"perUserMfaState": "enforced", "id": "u1"}],
    ),
    "appRoleAssignments": (
        {"s.json": listed("servicePrincipals", {"id": "s1"}), "any.json":
         listed("servicePrincipals('s1')/appRoleAssignments", {"id": "a1", "principalId": "s1"})},
        [{"id": "a1", "principalId": "s1"}],
    ),
    "groupEligibilityScheduleInstances": (
        {"groups.json": listed("groups", {"id": GUID}),
         f"identityGovernance/privilegedAccess/group/eligibilityScheduleInstances/{GUID}.json":
         listed("identityGovernance/privilegedAccess/group/eligibilityScheduleInstances",
                {"id": "e1", "groupId": GUID})},
        [{"id": "e1", "groupId": GUID}],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PARTS)
def test_a_record_is_told_whose_it_is(name, tmp_path):
    """What the answer does not say is taken from the address."""
    files, expected = PARTS[name]
    result = imported(tmp_path, files)
    assert json.loads(result.files[f"{name}.json"]) == {"value": expected}
    assert result.manifest["collections"][name] == {"file": f"{name}.json", "complete": True}


@pytest.mark.parametrize("name", PARTS)
def test_an_owner_without_an_answer_leaves_its_collection_open(name, tmp_path):
    """The same files with the last one taken away are never complete."""
    files = dict(list(PARTS[name][0].items())[:-1])
    assert loaded(tmp_path, files).collection(name).complete is False


def test_an_object_of_several_answers_is_put_together(tmp_path):
    """What one answer of the cross-tenant policy does not give stays not exported."""
    base = "policies/crossTenantAccessPolicy"
    files = {
        "a.json": single(base, id="c1"),
        "b.json": single(f"{base}/default", isServiceDefault=True),
        "c.json": listed(f"{base}/partners", {"tenantId": "t9"}, link=NEXT),
    }
    assert json.loads(imported(tmp_path, files).files["crossTenantAccessPolicy.json"]) == {
        "id": "c1", "default": {"isServiceDefault": True},
    }


# --- what is told --------------------------------------------------------------------------------


def test_every_file_that_is_not_taken_in_is_told(tmp_path):
    """Nothing of a source disappears without a word."""
    files = {"users.json": WHOLE, "devices.json": listed("devices"), "notes.txt": b"hello",
             "backup/users.json": [ANA], "sheet.csv": b"a,b"}
    result = imported(tmp_path, files)
    told = {Path(n.file).name for n in result.notes if n.rule == "unrecognised-file"}
    assert told == {"devices.json", "notes.txt", "users.json", "sheet.csv"}


def test_each_collection_has_a_row(tmp_path):
    """The table shows what came in and, with endpoint and permission, what did not."""
    rows = {row.collection: row for row in imported(tmp_path, {"users.json": WHOLE}).rows}
    assert set(rows) == {name for name in SHAPES if not SHAPES[name].is_fact}
    users, groups = rows["users"], rows["groups"]
    assert (users.files, users.records, users.complete) == (1, 2, True)
    assert (groups.files, groups.complete, groups.why) == (0, False, "not_exported")
    assert groups.endpoint == SHAPES["groups"].endpoint


def batch(*answers):
    """The answer to a batch of requests: (id, status, body) each."""
    return {"responses": [{"id": i, "status": s, "headers": {}, "body": b} for i, s, b in answers]}


def test_a_batch_is_as_many_answers(tmp_path):
    """Each answer in a batch counts like a file that is named after its request."""
    found = loaded(tmp_path, {"batch.json": batch(
        ("users", 200, listed("users", ANA, BEN)),
        ("groups", 403, DENIED),
        ("domains", 503, None),
        ("2", 200, listed("identity/conditionalAccess/policies", {"id": "p"}, link=NEXT)),
    )})
    assert state(found.collection("users")) == (2, True)
    assert state(found.collection("groups")) == (0, False, "denied")
    assert state(found.collection("domains")) == (0, False, "not_exported")
    assert state(found.collection("conditionalAccessPolicies")) == (1, False, "truncated")


@pytest.mark.parametrize("index", [
    {"1.json": f"{V1}users?$select=id,displayName", "2.json": "GET /v1.0/groups"},
    [{"file": "1.json", "url": f"{V1}users"}, {"file": "2.json", "request": "groups"}],
])
def test_an_index_says_what_each_file_answers(tmp_path, index):
    """Names then do not matter, and what was refused is known as refused."""
    found = loaded(tmp_path, {"index.json": index, "1.json": {"value": [ANA]}, "2.json": DENIED})
    assert state(found.collection("users")) == (1, True)
    assert state(found.collection("groups")) == (0, False, "denied")


def test_an_index_that_narrows_is_not_taken_for_all(tmp_path):
    """A request with a filter answers for no whole collection."""
    files = {"index.json": {"1.json": f"{V1}users?$filter=accountEnabled eq true"},
             "1.json": {"value": [ANA]}, "groups.json": listed("groups")}
    assert "users" not in {row.collection for row in imported(tmp_path, files).rows if row.files}


REFUSED = {
    "a batch of which the answers have no status": (
        {"b.json": {"responses": [{"id": "1", "body": {}}]}}, "batch"),
    "a file cut in the middle": ({"users.json": b'{"value": [{"id": "u1"'}, "truncated"),
    "nothing of Graph": ({"x.json": {"a": 1}}, "nothing-recognised"),
    "several clouds": ({
        "a.json": listed("users"),
        "b.json": listed("groups", root="https://graph.microsoft.us/v1.0/"),
    }, "several-clouds"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_source_that_cannot_be_used_is_refused(case, tmp_path):
    """The error names what is wrong with the source."""
    files, rule = REFUSED[case]
    with pytest.raises(SnapshotError) as caught:
        imported(tmp_path, files)
    assert [problem.rule for problem in caught.value.problems] == [rule]


def test_a_source_that_is_not_there_is_refused(tmp_path):
    """A missing folder is an error, not an empty tenant."""
    with pytest.raises(SnapshotError, match="no-source"):
        import_graph(tmp_path / "nothing", options())


@pytest.mark.parametrize(("files", "said", "message"), [
    ({"users.json": WHOLE}, {"tenant_id": ""}, "nothing tells whose responses these are"),
    ({"o.json": listed("organization", {"id": "other"})}, {}, "is not the tenant of the source"),
    ({"users.json": WHOLE}, {"exported_at": "yesterday"}, "is not an instant"),
    ({"users.json": WHOLE}, {"exported_at": "2026-01-01"}, "is not an instant"),
])
def test_what_the_caller_has_to_say_is_asked_for(files, said, message, tmp_path):
    """Whose export it is, and of when, is never guessed."""
    with pytest.raises(UsageError, match=message):
        imported(tmp_path, files, **said)


def test_the_tenant_is_taken_from_its_organization(tmp_path):
    """Id, name and cloud stand in the responses themselves."""
    organization = {"id": TENANT, "displayName": "Contoso"}
    files = {"o.json": listed("organization", organization)}
    manifest = imported(tmp_path, files, tenant_id="", kind="partner").manifest
    assert manifest["tenant"] == {
        "id": TENANT, "displayName": "Contoso", "kind": "partner", "cloud": "global",
    }


def test_the_oldest_file_can_give_the_date(tmp_path):
    """A snapshot is as old as the oldest thing in it."""
    source = saved(tmp_path / "source", {"users.json": WHOLE, "groups.json": GROUPS})
    os.utime(source / "users.json", (1_700_000_000, 1_700_000_000))
    manifest = import_graph(source, options(exported_at="files")).manifest
    assert manifest["exportedAt"] == "2023-11-14T22:13:20Z"


EXAMPLE_FILES = {
    "v1.0__application-list": "applications",
    "v1.0__authenticationstrengthroot-list-policies": "authenticationStrengthPolicies",
    "v1.0__authenticationmethodsroot-list-userregistrationdetails": "userRegistrationDetails",
    "v1.0__authorizationpolicy-get": "authorizationPolicy",
    "v1.0__adminconsentrequestpolicy-get": "adminConsentRequestPolicy",
    "v1.0__conditionalaccessroot-list-namedlocations": "namedLocations",
    "v1.0__conditionalaccessroot-list-policies": "conditionalAccessPolicies",
    "v1.0__directoryaudit-list": "directoryAudits",
    "v1.0__group-list": "groups",
    "v1.0__identitysecuritydefaultsenforcementpolicy-get": "securityDefaults",
    "v1.0__subscribedsku-list": "subscribedSkus",
    "v1.0__tenantrelationship-list-delegatedadmincustomers": "delegatedAdminCustomers",
    "v1.0__tenantrelationship-list-delegatedadminrelationships": "delegatedAdminRelationships",
    "beta__authenticationmethodspolicy-get": "authenticationMethodsPolicy",
}


def test_microsofts_own_examples_are_recognised_by_their_context(tmp_path):
    """Responses as the documentation shows them are complete collections."""
    files = {f"{n}.json": (EXAMPLES / f"{n}.json").read_bytes() for n in EXAMPLE_FILES}
    snapshot = loaded(tmp_path, files)
    complete = {name for name, one in snapshot.collections.items() if one.complete}
    assert set(EXAMPLE_FILES.values()) <= complete


def test_the_table_knows_the_importer():
    """`import graph` is the importer of this module."""
    assert IMPORTERS["graph"] is import_graph
