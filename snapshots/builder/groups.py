"""Groups and their direct members."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from builder.names import Record, Tenant, ago

KINDS: Final = {
    "user": "#microsoft.graph.user",
    "group": "#microsoft.graph.group",
    "application": "#microsoft.graph.servicePrincipal",
}
SELECT: Final = (
    "id", "displayName", "description", "createdDateTime", "securityEnabled", "mailEnabled",
    "groupTypes", "membershipRule", "membershipRuleProcessingState", "isAssignableToRole",
    "onPremisesSyncEnabled", "visibility", "owners",
)


@dataclass(frozen=True, slots=True)
class Group:
    """A group; members and owners are references such as `user:ada.moss` or `group:Staff`."""

    name: str
    members: tuple[str, ...] = ()
    about: str = ""
    assignable: bool | None = None
    owners: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    rule: str | None = None
    mail: bool = False


def people(*keys: str) -> tuple[str, ...]:
    """Return references to accounts."""
    return tuple(f"user:{key}" for key in keys)


def groups(tenant: Tenant, all_groups: Iterable[Group]) -> list[Record]:
    """Return the records of `/groups` with every property that `SELECT` names."""
    return [_group(tenant, group, number) for number, group in enumerate(all_groups)]


def _group(tenant: Tenant, group: Group, number: int) -> Record:
    return {
        "id": tenant.guid("group", group.name),
        "displayName": group.name,
        "description": group.about or None,
        "createdDateTime": ago(1500 - 61 * number),
        "securityEnabled": True,
        "mailEnabled": group.mail,
        "groupTypes": list(group.types),
        "membershipRule": group.rule,
        "membershipRuleProcessingState": "On" if group.rule else None,
        "isAssignableToRole": group.assignable,
        "onPremisesSyncEnabled": None,
        "visibility": "Private",
        "owners": [reference(tenant, owner) for owner in group.owners],
    }


def group_members(tenant: Tenant, all_groups: Iterable[Group]) -> list[Record]:
    """Return the direct members of each group, an empty list for an empty one."""
    return [
        {"id": tenant.guid("group", group.name),
         "members": [reference(tenant, member) for member in group.members]}
        for group in all_groups
    ]


def reference(tenant: Tenant, text: str) -> Record:
    """Return the object that a reference such as `user:ada.moss` stands for."""
    kind = text.partition(":")[0]
    return {"@odata.type": KINDS[kind], "id": object_id(tenant, text)}


def object_id(tenant: Tenant, text: str) -> str:
    """Return the id of the object that a reference stands for."""
    kind, _, key = text.partition(":")
    return tenant.guid(kind, key)
