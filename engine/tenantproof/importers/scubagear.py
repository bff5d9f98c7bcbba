"""``import scubagear``: what CISA's ScubaGear read of a tenant, from its provider export.

``ProviderSettingsExport.json``, or ``ScubaResults_*.json`` with the same under ``Raw``
(https://github.com/cisagov/ScubaGear, ``Sample-Reports``). Names below the top are PowerShell's.
The export itself says which commands failed: what they would have given was not exported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from tenantproof.document import decode_bytes, json_problem
from tenantproof.importers.answers import SavedFile, source_files
from tenantproof.importers.base import Imported, ImportOptions, refuse
from tenantproof.importers.collected import Found, snapshot_of
from tenantproof.importers.shaped import shaped
from tenantproof.problem import SnapshotError
from tenantproof.verdict import Why

Export = Mapping[str, Any]
Take = Callable[[Export], Any]
PRIVILEGED_ONLY: Final = "ScubaGear keeps the assignments of highly privileged roles only"
WHERE: Final = "name ScubaGear's report folder, its ProviderSettingsExport.json or ScubaResults"


def import_scubagear(source: Path, options: ImportOptions) -> Imported:
    """Return the snapshot that a report's folder, or its export, holds.

    Raises SnapshotError for what cannot be read and where no export is found, UsageError where the
    tenant or the date of the export is not known.
    """
    file, export = _export(source)
    failed = _failed(export)
    found: dict[str, Found] = {}
    for name, (take, commands, why) in COLLECTIONS.items():
        shape = options.shapes[name].shape
        value = take(export)
        if value is None or commands & failed:
            found[name] = Found(None, _missing(commands, failed), (file,))
        else:
            found[name] = Found(shaped(value, shape), why, (file,))
    return snapshot_of(found, "scubagear", str(source), options, ())


def _export(source: Path) -> tuple[SavedFile, Export]:
    for file in sorted(source_files(source), key=_preferred):
        if not file.name.casefold().endswith(".json"):
            continue
        value = _decoded(file)
        inner = value.get("Raw", value) if isinstance(value, dict) else None
        if isinstance(inner, dict) and "baseline_version" in inner:
            return file, inner
    raise refuse("nothing-recognised", "no provider export of ScubaGear was found", str(source),
                 WHERE)


def _preferred(file: SavedFile) -> tuple[bool, str]:
    return not file.name.casefold().endswith("providersettingsexport.json"), file.name


def _decoded(file: SavedFile) -> Any:
    data = decode_bytes(file.data, file.label).strip()
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError) as error:
        raise SnapshotError([json_problem(error, data, file.label)]) from None


def _failed(export: Export) -> frozenset[str]:
    """Return the commands that the export says have failed, in lower case."""
    lists = (value for key, value in export.items() if key.endswith("_unsuccessful_commands"))
    return frozenset(name.casefold() for names in lists for name in _listed(names)
                     if isinstance(name, str))


def _missing(commands: frozenset[str], failed: frozenset[str]) -> str:
    return str(Why.DENIED if commands & failed else Why.NOT_EXPORTED)


def _listed(value: Any) -> list[Any]:
    """Return a list that PowerShell may have unrolled; null and a list of null are empty."""
    if value is None or value == [None]:
        return []
    return value if isinstance(value, list) else [value]


def _list(key: str) -> Take:
    return lambda export: _listed(export[key]) if key in export else None


def _one(key: str) -> Take:
    return lambda export: next(iter(_listed(export.get(key))), None)


def _organization(export: Export) -> Any:
    details = next(iter(_listed(export.get("tenant_details"))), None)
    if not isinstance(details, dict):
        return None
    more = next((one for one in _listed(details.get("AADAdditionalData"))
                 if isinstance(one, dict)), {})
    known = {"Id": details.get("TenantId"), "DisplayName": details.get("DisplayName")}
    return {**more, **{key: value for key, value in known.items() if value}}


def _methods(export: Export) -> Any:
    """Return the policy of methods, with the configurations that ScubaGear writes beside it."""
    held = next(iter(_listed(export.get("authentication_method"))), None)
    policy = held.get("authentication_method_policy") if isinstance(held, dict) else None
    if not isinstance(held, dict) or not isinstance(policy, dict):
        return None
    settings = _listed(held.get("authentication_method_feature_settings"))
    return policy | ({"AuthenticationMethodConfigurations": settings} if settings else {})


def _authorization(export: Export) -> Any:
    """Return the policy as v1.0 nests it: beta keeps the consent policies beside the rest."""
    policy = next(iter(_listed(export.get("authorization_policies"))), None)
    if not isinstance(policy, dict):
        return None
    own = dict(policy)
    granted = own.pop("PermissionGrantPolicyIdsAssignedToDefaultUserRole", None)
    if granted is not None:
        role = own.get("DefaultUserRolePermissions")
        known = role if isinstance(role, dict) else {}  # text is what depth 2 left of it
        own["DefaultUserRolePermissions"] = {
            "PermissionGrantPoliciesAssigned": _listed(granted), **known}
    return own


def _assignments(export: Export) -> Any:
    if "privileged_roles" not in export:
        return None
    return list(_assigned(_listed(export["privileged_roles"])))


def _assigned(roles: list[Any]) -> Iterator[Any]:
    for role in roles:
        if isinstance(role, dict):
            yield from _listed(role.get("Assignments"))


def _cmdlets(*names: str) -> frozenset[str]:
    return frozenset(name.casefold() for name in names)


# Each collection: how it is taken, the commands that it needs, why it is not whole.
COLLECTIONS: Final[dict[str, tuple[Take, frozenset[str], str]]] = {
    "organization": (_organization, _cmdlets("Get-MgBetaOrganization"), ""),
    "conditionalAccessPolicies": (
        _list("conditional_access_policies"),
        _cmdlets("Get-MgBetaIdentityConditionalAccessPolicy"), ""),
    "authorizationPolicy": (
        _authorization, _cmdlets("Get-MgBetaPolicyAuthorizationPolicy"), ""),
    "domains": (_list("domain_settings"), _cmdlets("Get-MgBetaDomain"), ""),
    "authenticationMethodsPolicy": (
        _methods, _cmdlets("Get-MgBetaPolicyAuthenticationMethodPolicy"), ""),
    "roleAssignmentScheduleInstances": (
        _assignments, _cmdlets("Get-PrivilegedRole"), PRIVILEGED_ONLY),
    "exchangeOrganizationConfig": (_one("org_config"), _cmdlets("Get-OrganizationConfig"), ""),
    "exchangeTransportConfig": (
        _one("transport_config"), _cmdlets("Get-TransportConfig"), ""),
}
