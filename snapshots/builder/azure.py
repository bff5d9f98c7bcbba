"""Role assignments on Azure subscriptions, those of a partner's foreign groups among them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from builder.names import Record, ago, guid

OWNER: Final = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
READER: Final = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
CONTRIBUTOR: Final = "b24988ac-6180-42a0-ab88-20f7382dd24c"
AUTHORIZATION: Final = "providers/Microsoft.Authorization"


@dataclass(frozen=True, slots=True)
class Azure:
    """A role on the subscription of a tenant; `group` narrows it to a resource group."""

    owner: str
    principal: str
    kind: str
    role: str
    group: str = ""

    def subscription(self) -> str:
        """Return the scope that is the whole subscription."""
        return f"/subscriptions/{guid('subscription', self.owner)}"

    def scope(self) -> str:
        """Return what the assignment reaches."""
        return self.subscription() + (f"/resourceGroups/{self.group}" if self.group else "")


def role_assignments(rows: Iterable[Azure]) -> list[Record]:
    """Return the assignments as Azure Resource Manager gives them."""
    return [_assignment(row) for row in rows]


def _assignment(row: Azure) -> Record:
    name = guid("azureAssignment", row.scope(), row.principal, row.role)
    return {
        "id": f"{row.scope()}/{AUTHORIZATION}/roleAssignments/{name}",
        "name": name,
        "properties": {
            "principalId": row.principal,
            "principalType": row.kind,
            "roleDefinitionId":
                f"{row.subscription()}/{AUTHORIZATION}/roleDefinitions/{row.role}",
            "scope": row.scope(),
            "condition": None,
            "createdOn": ago(410),
            "updatedOn": ago(410),
        },
    }
