"""``import powershell``: what Graph and Exchange Online PowerShell gave to ``ConvertTo-Json``.

A file is known by its name: that of the cmdlet (``Get-MgUser.json``) or of the collection
(``users.json``). The objects are put into Graph's spelling and shape; nothing is added.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Final

import msgspec

from tenantproof.document import decode_bytes, json_problem
from tenantproof.importers.answers import SavedFile, may_be_json, source_files
from tenantproof.importers.base import Imported, ImportOptions, warning
from tenantproof.importers.collected import Found, snapshot_of
from tenantproof.importers.shaped import shaped
from tenantproof.problem import Problem, SnapshotError
from tenantproof.shape import CollectionShape, Shape, Shapes
from tenantproof.verdict import Why

# The cmdlets of Microsoft.Graph (https://learn.microsoft.com/powershell/microsoftgraph/), without
# `Get-Mg` and, for the beta module, `Get-MgBeta`.
CMDLETS: Final = {
    "AuditLogDirectoryAudit": "directoryAudits",
    "AuditLogSignIn": "signIns",
    "Application": "applications",
    "Domain": "domains",
    "Group": "groups",
    "IdentityConditionalAccessNamedLocation": "namedLocations",
    "IdentityConditionalAccessPolicy": "conditionalAccessPolicies",
    "Oauth2PermissionGrant": "oauth2PermissionGrants",
    "Organization": "organization",
    "PolicyAdminConsentRequestPolicy": "adminConsentRequestPolicy",
    "PolicyAuthenticationMethodPolicy": "authenticationMethodsPolicy",
    "PolicyAuthenticationStrengthPolicy": "authenticationStrengthPolicies",
    "PolicyAuthorizationPolicy": "authorizationPolicy",
    "PolicyIdentitySecurityDefaultEnforcementPolicy": "securityDefaults",
    "ReportAuthenticationMethodUserRegistrationDetail": "userRegistrationDetails",
    "RiskyUser": "riskyUsers",
    "RoleManagementDirectoryRoleAssignment": "roleAssignments",
    "RoleManagementDirectoryRoleAssignmentScheduleInstance": "roleAssignmentScheduleInstances",
    "RoleManagementDirectoryRoleDefinition": "roleDefinitions",
    "RoleManagementDirectoryRoleEligibilityScheduleInstance": "roleEligibilityScheduleInstances",
    "ServicePrincipal": "servicePrincipals",
    "SubscribedSku": "subscribedSkus",
    "TenantRelationshipDelegatedAdminCustomer": "delegatedAdminCustomers",
    "TenantRelationshipDelegatedAdminRelationship": "delegatedAdminRelationships",
    "User": "users",
}
GRAPH: Final = re.compile(r"get-mg(?:beta)?([a-z0-9]+)")
ALONE: Final = "leave it out, or name the file after its cmdlet or its collection"
NOT_SAID: Final = "whether `-All` was given is not known"


def import_powershell(source: Path, options: ImportOptions) -> Imported:
    """Return the snapshot that a folder of such files, or one of them, holds.

    Raises SnapshotError with all files that cannot be read, or where nothing is recognised;
    UsageError where the tenant or the date of the export is not known.
    """
    names = dict(_names(options.shapes))
    found: dict[str, Found] = {}
    notes: list[Problem] = []
    problems: list[Problem] = []
    for file in source_files(source):
        name = _collection(file, names)
        if name is None or not (may_be_json(file) or not file.data.strip()):
            notes.append(_unrecognised(file))
        elif name in found:
            problems.append(_twice(file, name))
        else:
            try:
                found[name] = _found(file, options.shapes[name], options)
            except SnapshotError as error:
                problems.extend(error.problems)
    if problems:
        raise SnapshotError(problems)
    return snapshot_of(found, "powershell", str(source), options, notes)


def _names(shapes: Shapes) -> Iterator[tuple[str, str]]:
    """Yield every name that a file may have, without regard to case, and its collection."""
    for name in shapes:
        if not shapes[name].is_fact:
            yield name.casefold(), name
            if shapes[name].command:
                yield shapes[name].command.casefold(), name
    yield from ((cmdlet.casefold(), name) for cmdlet, name in CMDLETS.items())


def _collection(file: SavedFile, names: Mapping[str, str]) -> str | None:
    stem = PurePosixPath(file.stem).name.casefold()
    cmdlet = GRAPH.fullmatch(stem)
    return names.get(cmdlet[1] if cmdlet else stem)


def _unrecognised(file: SavedFile) -> Problem:
    return warning("unrecognised-file", "this file was not taken in: its name is neither that of "
                   "a cmdlet nor that of a collection", file.label, ALONE)


def _twice(file: SavedFile, name: str) -> Problem:
    return Problem("copy", f"another file holds `{name}` too", ALONE, file.label)


def _found(file: SavedFile, shape: CollectionShape, options: ImportOptions) -> Found:
    data = decode_bytes(file.data, file.label).strip()
    if not data:
        return Found(None, str(Why.NOT_EXPORTED), (file,))
    try:
        value = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError) as error:
        raise SnapshotError([json_problem(error, data, file.label)]) from None
    if value is None:
        return Found(None, str(Why.NOT_EXPORTED), (file,))
    records = asked_for(shaped(_flat(value), shape.shape), shape)
    whole = not shape.is_list or shape.name in options.complete
    return Found(records, "" if whole else NOT_SAID, (file,))


def _flat(value: Any) -> Any:
    """Return objects with what the SDK puts under ``AdditionalProperties`` beside the rest.

    There it keeps the properties of a derived type, such as those of a method's configuration.
    """
    if isinstance(value, list):
        return [_flat(item) for item in value]
    if not isinstance(value, dict):
        return value
    more = value.get("AdditionalProperties")
    own = {key: _flat(child) for key, child in value.items() if key != "AdditionalProperties"}
    return own | _flat(more) if isinstance(more, dict) else own


def asked_for(records: Any, shape: CollectionShape) -> Any:
    """Return records without the properties that nobody asked the service for.

    The SDK writes every property of a type, and null for those that were not in `-Property`. One
    that is null in every record cannot be told from one that was not asked for, so it counts as
    not exported; where one record has a value, the nulls of the others are values.
    """
    if not shape.is_list or not isinstance(records, list) or "$select" not in shape.endpoint:
        return records
    objects = [record for record in records if isinstance(record, dict)]
    given = {key for record in objects for key, value in record.items() if value is not None}
    return [_kept(record, given, shape.record) if isinstance(record, dict) else record
            for record in records]


def _kept(record: Mapping[str, Any], given: set[str], shape: Shape) -> dict[str, Any]:
    return {key: value for key, value in record.items()
            if key in given and not _unasked(key, value, shape)}


def _unasked(key: str, value: Any, shape: Shape) -> bool:
    """An object of which every property is null is the SDK's way to write what is not there."""
    inner = shape.properties.get(key)
    if inner is None or inner.kind != "object" or not isinstance(value, dict):
        return False
    return bool(value) and all(child is None for child in value.values())
