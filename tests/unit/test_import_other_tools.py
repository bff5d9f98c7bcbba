"""The exports of other tools, written as those tools write them, become snapshots."""

from __future__ import annotations

import codecs
import json

import msgspec
import pytest

from tenantproof.importers.base import ImportOptions
from tenantproof.importers.shaped import shaped
from tenantproof.importers.table import IMPORTERS
from tenantproof.problem import SnapshotError
from tenantproof.shape import bundled_shapes

TENANT = "0f8fad5b-d9cb-469f-a165-70867728950e"
SHAPES = bundled_shapes()

# cisagov/ScubaGear, PowerShell/ScubaGear/Sample-Reports/ProviderSettingsExport.json from line 1,
# and Modules/Providers/ExportAADProvider.psm1 (the text before Get-AADTenantDetail): Windows
# PowerShell's two blanks behind a colon, `/Date()/`, a list of one unrolled, depth 2 in places.
SCUBAGEAR = r"""{
    "baseline_version":  "1",
    "module_version":  "1.8.0",
    "timestamp_zulu":  "2026-05-04T17:15:48.307Z",
    "tenant_details":  [
        {
            "AADAdditionalData":  [
                {
                    "State":  null,
                    "DisplayName":  "tqhjy",
                    "CreatedDateTime":  "\/Date(1613679244000)\/",
                    "OnPremisesSyncEnabled":  true,
                    "AssignedPlans":  {
                        "ServicePlanId":  "41781fb2-bc02-4b7c-bd55-b576c07bb09d",
                        "Service":  "AADPremiumService",
                        "CapabilityStatus":  "Enabled",
                        "AssignedDateTime":  "\/Date(1666300530000)\/"
                    }
                }
            ],
            "DisplayName":  "tqhjy",
            "TenantId":  "0f8fad5b-d9cb-469f-a165-70867728950e"
        }
    ],
    "conditional_access_policies":  {
        "Id":  "11111111-0000-4000-8000-000000000001",
        "DisplayName":  "Block legacy",
        "State":  "enabled",
        "CreatedDateTime":  "\/Date(1677685710123)\/",
        "Conditions":  {
            "ClientAppTypes":  ["exchangeActiveSync", "other"],
            "Users":  {
                "IncludeUsers":  "All",
                "ExcludeUsers":  null,
                "ExcludeGroups":  [],
                "ExcludeGuestsOrExternalUsers":  null
            },
            "Applications":  {
                "IncludeApplications":  "All",
                "ExcludeApplications":  []
            },
            "Locations":  null
        },
        "GrantControls":  {
            "BuiltInControls":  "block",
            "Operator":  "OR"
        }
    },
    "authorization_policies":  [
        {
            "Id":  "authorizationPolicy",
            "AllowInvitesFrom":  "adminsAndGuestInviters",
            "PermissionGrantPolicyIdsAssignedToDefaultUserRole":  "ManagePermissionGrantsForSelf.x",
            "DefaultUserRolePermissions":  "@{AllowedToCreateApps=False}"
        }
    ],
    "domain_settings":  {
        "Id":  "contoso.example",
        "AuthenticationType":  "Managed",
        "SupportedServices":  "System.Object[]"
    },
    "privileged_roles":  [
        {
            "DisplayName":  "Global Administrator",
            "RoleTemplateId":  "62e90394-69f5-4237-9190-012177145e10",
            "Assignments":  {
                "Id":  "a1",
                "PrincipalId":  "p1",
                "RoleDefinitionId":  "62e90394-69f5-4237-9190-012177145e10",
                "EndDateTime":  null,
                "AssignmentType":  "Assigned"
            }
        }
    ],
    "org_config":  [
        {
            "Identity":  "contoso.example",
            "OAuth2ClientProfileEnabled":  true,
            "AuditDisabled":  false
        }
    ],
    "transport_config":  [null],
    "aad_successful_commands":  ["Get-MgBetaOrganization"],
    "aad_unsuccessful_commands":  [null],
    "exo_unsuccessful_commands":  ["Get-TransportConfig"]
}
"""

# microsoft/EntraExporter, src/Get-EEDefaultSchema.ps1 and src/Export-Entra.ps1: one object a file,
# `ConvertTo-Json -Depth 100 | Out-File`, which Windows PowerShell writes as UTF-16 with a mark.
ENTRAEXPORTER = {
    "Organization/Organization.json": {"id": TENANT, "displayName": "Contoso"},
    "Identity/Conditional/AccessPolicies/p1/p1.json": {
        "id": "p1", "displayName": "MFA", "state": "enabled", "grantControls": None},
    "Policies/AuthorizationPolicy/AuthorizationPolicy.json": {
        "value": [{"id": "authorizationPolicy", "allowInvitesFrom": "everyone",
                   "permissionGrantPolicyIdsAssignedToDefaultUserRole": ["x"]}]},
    "Policies/IdentitySecurityDefaultsEnforcementPolicy/x/x.json": {"id": "x", "isEnabled": True},
    "Policies/AuthenticationMethodsPolicy/AuthenticationMethodConfigurations/SMS.json": {
        "id": "Sms", "state": "disabled"},
    "Devices/d1/d1.json": {"id": "d1"},
    "Devices/d2/d2.json": {"id": "d2"},
}

# `Get-MgUser -All -Property id,displayName,accountEnabled,externalUserState | ConvertTo-Json`: the
# SDK writes every property of the type, null where it was not asked for.
USERS = [
    {"Id": "u1", "DisplayName": "Ada", "AccountEnabled": True, "ExternalUserState": None,
     "UserType": None, "SignInActivity": {"LastSignInDateTime": None, "Id": None},
     "AdditionalProperties": {}},
    {"Id": "u2", "DisplayName": "Grace", "AccountEnabled": False, "ExternalUserState": "Accepted",
     "UserType": None, "SignInActivity": {"LastSignInDateTime": None, "Id": None},
     "AdditionalProperties": {"onPremisesSyncEnabled": True}},
]


def imported(form, source, complete=()):
    """What an importer makes of a source: the collections' values, and why they are not whole."""
    found = IMPORTERS[form](source, ImportOptions(
        shapes=SHAPES, exported_at="2026-11-20T06:00:00Z", tenant_id=TENANT,
        complete=frozenset(complete)))
    values = {name.removesuffix(".json"): msgspec.json.decode(data)
              for name, data in found.files.items() if name != "tenant.json"}
    whys = {row.collection: row.why for row in found.rows if row.collection in values}
    return found, values, whys


@pytest.fixture
def scubagear(tmp_path):
    """A report's folder; its results carry a byte-order mark, its export none."""
    (tmp_path / "TestResults.json").write_bytes(codecs.BOM_UTF8 + b"[]")
    (tmp_path / "ProviderSettingsExport.json").write_bytes(
        SCUBAGEAR.replace("\n", "\r\n").encode())
    return tmp_path


@pytest.fixture
def entraexporter(tmp_path):
    """An export by Windows PowerShell: UTF-16 with a mark."""
    for name, value in ENTRAEXPORTER.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(codecs.BOM_UTF16_LE + json.dumps(value, indent=4).encode("utf-16-le"))
    return tmp_path


def test_scubagear_puts_objects_into_graphs_shape(scubagear):
    """Names, unrolled lists and dates are as Graph has them."""
    _, values, _ = imported("scubagear", scubagear)
    (policy,) = values["conditionalAccessPolicies"]
    assert policy["conditions"]["users"] == {
        "includeUsers": ["All"], "excludeUsers": [], "excludeGroups": [],
        "excludeGuestsOrExternalUsers": None}
    assert policy["createdDateTime"] == "2023-03-01T15:48:30.123000Z"
    assert policy["grantControls"] == {"builtInControls": ["block"], "operator": "OR"}
    organization = values["organization"]
    assert (organization["id"], organization["onPremisesSyncEnabled"]) == (TENANT, True)
    assert organization["assignedPlans"][0]["service"] == "AADPremiumService"
    assert values["exchangeOrganizationConfig"]["OAuth2ClientProfileEnabled"] is True


def test_scubagear_says_what_is_not_whole(scubagear):
    """A failed command was denied; assignments are those of privileged roles only."""
    found, values, whys = imported("scubagear", scubagear)
    rows = {row.collection: row for row in found.rows}
    assert (rows["exchangeTransportConfig"].complete, rows["exchangeTransportConfig"].why) == (
        False, "denied")
    assert not rows["users"].complete
    assert not rows["roleAssignmentScheduleInstances"].complete
    assert whys["conditionalAccessPolicies"] == ""
    assert [r["principalId"] for r in values["roleAssignmentScheduleInstances"]] == ["p1"]


def test_what_depth_two_cut_stays_damaged(scubagear):
    """Text in the place of a list or object is kept, so that loading tells the damage."""
    _, values, _ = imported("scubagear", scubagear)
    assert values["domains"][0]["supportedServices"] == "System.Object[]"


def test_scubagear_reads_its_results_file_too(tmp_path):
    """`ScubaResults_*.json` holds the same export under `Raw`."""
    (tmp_path / "ScubaResults_fa5589b7.json").write_bytes(
        codecs.BOM_UTF8 + json.dumps({"MetaData": {}, "Raw": json.loads(SCUBAGEAR)}).encode())
    _, values, _ = imported("scubagear", tmp_path)
    assert values["conditionalAccessPolicies"][0]["state"] == "enabled"


def test_entraexporter_reads_its_tree(entraexporter):
    """Folders become collections, single objects objects; beta's consent policies are nested."""
    _, values, _ = imported("entraexporter", entraexporter)
    assert values["securityDefaults"]["isEnabled"] is True
    assert values["authorizationPolicy"]["defaultUserRolePermissions"] == {
        "permissionGrantPoliciesAssigned": ["x"]}
    assert [p["id"] for p in values["conditionalAccessPolicies"]] == ["p1"]
    methods = values["authenticationMethodsPolicy"]["authenticationMethodConfigurations"]
    assert [method["id"] for method in methods] == ["Sms"]


def test_entraexporter_does_not_claim_what_nobody_said(entraexporter):
    """A list is whole only where the caller says so; thousands of other files are one note."""
    found, _, whys = imported("entraexporter", entraexporter)
    assert (whys["conditionalAccessPolicies"], whys["securityDefaults"]) == ("not_exported", "")
    assert [note.rule for note in found.notes] == ["unrecognised-file"]
    _, _, said = imported("entraexporter", entraexporter, ["conditionalAccessPolicies"])
    assert said["conditionalAccessPolicies"] == ""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_powershell_leaves_out_what_was_not_asked_for(tmp_path, encoding):
    """A property that is null in every record was not exported; one with a value has nulls."""
    (tmp_path / "Get-MgUser.json").write_bytes(json.dumps(USERS, indent=2).encode(encoding))
    _, values, whys = imported("powershell", tmp_path, ["users"])
    assert values["users"] == [
        {"id": "u1", "displayName": "Ada", "accountEnabled": True, "externalUserState": None},
        {"id": "u2", "displayName": "Grace", "accountEnabled": False,
         "externalUserState": "Accepted", "onPremisesSyncEnabled": True},
    ]
    assert whys["users"] == ""


@pytest.mark.parametrize("name", [
    "Get-MgUser.json", "get-mgbetauser.json", "users.json", "Users.txt",
])
def test_powershell_knows_a_file_by_its_name(tmp_path, name):
    """The cmdlet of either module, or the collection, in any case."""
    (tmp_path / name).write_text(json.dumps(USERS[0]))
    _, values, whys = imported("powershell", tmp_path)
    assert [user["id"] for user in values["users"]] == ["u1"]
    assert whys["users"] == "not_exported"


def test_powershell_keeps_exchange_as_it_is(tmp_path):
    """Exchange Online's own names are the schema's; one object is whole."""
    (tmp_path / "Get-OrganizationConfig.json").write_text(
        json.dumps({"Identity": "x", "OAuth2ClientProfileEnabled": False}))
    _, values, whys = imported("powershell", tmp_path)
    assert values["exchangeOrganizationConfig"] == {
        "Identity": "x", "OAuth2ClientProfileEnabled": False}
    assert whys["exchangeOrganizationConfig"] == ""


@pytest.mark.parametrize("form", ["powershell", "entraexporter", "scubagear"])
@pytest.mark.parametrize("content", [b"", b"{", b"nonsense", b"\xff\xfe{", b"[]"])
def test_a_source_that_is_nothing_is_refused(tmp_path, form, content):
    """A folder of damaged or foreign files is told as a whole; nothing is made of it."""
    names = {"powershell": "other.json", "entraexporter": "other.json",
             "scubagear": "ProviderSettingsExport.json"}
    (tmp_path / names[form]).write_bytes(content)
    with pytest.raises(SnapshotError) as caught:
        imported(form, tmp_path)
    assert all(problem.help or problem.position for problem in caught.value.problems)


@pytest.mark.parametrize(("value", "expected"), [
    ("/Date(1660328610000)/", "2022-08-12T18:23:30Z"),
    ("/Date(-62135596800000)/", "0001-01-01T00:00:00Z"),
    ("2023-07-21 05:05:12.056", "2023-07-21T05:05:12.056Z"),
    ("2023-07-21T05:05:12.0560000Z", "2023-07-21T05:05:12.0560000Z"),
    ("/Date(99999999999999999)/", "0001-01-01T00:00:00Z"),
])
def test_dates_of_powershell_and_logs(value, expected):
    """Milliseconds since 1970 and dates without a zone become RFC 3339; others stay."""
    assert shaped({"CreatedDateTime": value}, SHAPES["users"].record) == {
        "createdDateTime": expected}
