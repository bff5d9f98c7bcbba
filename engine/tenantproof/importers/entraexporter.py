"""``import entraexporter``: the folder tree of Microsoft's EntraExporter.

One file per object, ``<Folder>/<id>/<id>.json``, or one file where the folder's object is single
(https://github.com/microsoft/EntraExporter, ``Get-EEDefaultSchema.ps1``). What is not there was not
exported. Nothing tells whether a run ended, so that nobody but its owner knows what is whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, Final

import msgspec

from tenantproof.document import decode_bytes, json_problem
from tenantproof.importers.answers import SavedFile, source_files
from tenantproof.importers.base import Imported, ImportOptions, warning
from tenantproof.importers.collected import Found, snapshot_of
from tenantproof.importers.shaped import shaped
from tenantproof.problem import Problem, SnapshotError
from tenantproof.shape import CollectionShape
from tenantproof.verdict import Why

# Folders of one file per object, and the collection that their objects make up.
FOLDERS: Final = {
    "domains": "domains",
    "subscribedskus": "subscribedSkus",
    "identity/conditional/accesspolicies": "conditionalAccessPolicies",
    "identity/conditional/namedlocations": "namedLocations",
    "rolemanagement/directory/roledefinitions": "roleDefinitions",
    "rolemanagement/directory/roleassignments": "roleAssignments",
    "rolemanagement/directory/roleassignmentscheduleinstances": "roleAssignmentScheduleInstances",
    "applications": "applications",
    "serviceprincipals": "servicePrincipals",
    "users": "users",
    "groups": "groups",
}
# Folders (or files) of a single object.
SINGLE: Final = {
    "organization": "organization",
    "policies/identitysecuritydefaultsenforcementpolicy": "securityDefaults",
    "policies/authorizationpolicy": "authorizationPolicy",
    "policies/adminconsentrequestpolicy": "adminConsentRequestPolicy",
}
METHODS: Final = "policies/authenticationmethodspolicy/authenticationmethodconfigurations"
METHODS_WHY: Final = (
    "EntraExporter leaves out the policy around the methods (its migration and registration)"
)
NOT_SAID: Final = "nothing tells whether the export ended without an error"
BETA_CONSENT: Final = "permissionGrantPolicyIdsAssignedToDefaultUserRole"


def import_entraexporter(source: Path, options: ImportOptions) -> Imported:
    """Return the snapshot that an export's folder holds.

    Raises SnapshotError with all files that cannot be read, or where nothing is recognised;
    UsageError where the tenant or the date of the export is not known.
    """
    parts: dict[str, list[tuple[SavedFile, Any]]] = {}
    notes: list[Problem] = []
    problems: list[Problem] = []
    for file in source_files(source):
        name = _collection(file)
        if name is None:
            notes.append(_unrecognised(file))
            continue
        try:
            parts.setdefault(name, []).extend((file, value) for value in _objects(file))
        except SnapshotError as error:
            problems.extend(error.problems)
    if problems:
        raise SnapshotError(problems)
    found = {name: _found(options.shapes[name], held, options.complete)
             for name, held in parts.items()}
    return snapshot_of(found, "entraexporter", str(source), options, _gathered(notes))


def _collection(file: SavedFile) -> str | None:
    path = PurePosixPath(file.stem.casefold())
    folder = str(path.parent)
    if folder == METHODS:
        return "authenticationMethodsPolicy"
    if folder in SINGLE:
        return SINGLE[folder]
    if path.parent.name == path.name:
        return FOLDERS.get(str(path.parent.parent)) or SINGLE.get(str(path.parent.parent))
    return None


def _objects(file: SavedFile) -> Iterator[Any]:
    """Yield the object of a file; beta writes some around it as ``value``."""
    data = decode_bytes(file.data, file.label).strip()
    if not data:
        yield None
        return
    try:
        value = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError) as error:
        raise SnapshotError([json_problem(error, data, file.label)]) from None
    inner = value.get("value") if isinstance(value, dict) else None
    yield from inner if isinstance(inner, list) else [value]


def _found(
    shape: CollectionShape, held: Sequence[tuple[SavedFile, Any]], complete: frozenset[str]
) -> Found:
    files = tuple(file for file, _ in held)
    values = [value for _, value in held]
    if shape.name == "authenticationMethodsPolicy":
        methods = {"authenticationMethodConfigurations": values}
        return Found(shaped(methods, shape.shape), METHODS_WHY, files)
    if any(not isinstance(value, dict) for value in values):
        return Found(None, str(Why.NOT_EXPORTED), files)
    if not shape.is_list:
        one = shaped(_in_release(values[0]), shape.shape)
        return Found(one, "" if len(values) == 1 else str(Why.WRONG_TYPE), files)
    return Found(shaped(values, shape.shape), "" if shape.name in complete else NOT_SAID, files)


def _in_release(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return an object of the beta API as v1.0 nests it: who may consent to applications."""
    own = dict(value)
    granted = own.pop(BETA_CONSENT, None)
    if granted is not None:
        role = own.get("defaultUserRolePermissions")
        known = role if isinstance(role, dict) else {}
        own["defaultUserRolePermissions"] = {"permissionGrantPoliciesAssigned": granted, **known}
    return own


def _unrecognised(file: SavedFile) -> Problem:
    return warning("unrecognised-file", "this file was not taken in: no collection is made of its "
                   "folder", file.label, "nothing, unless a policy needs it")


def _gathered(notes: Sequence[Problem]) -> list[Problem]:
    """Return one note for each folder: an export has thousands of files that nobody needs."""
    seen: dict[str, Problem] = {}
    for note in notes:
        folder = re.sub(r"[/\\][^/\\]+[/\\][^/\\]+$", "", note.file)
        seen.setdefault(folder, note)
    return list(seen.values())
