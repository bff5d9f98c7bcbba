"""The fact `gdapGroups`: each group through which people reach customers, and who is in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from msgspec import Struct, field

from tenantproof.collection import Collection
from tenantproof.facts.account_parts import AGENT_GROUPS, Records
from tenantproof.facts.base import Fact, Inputs, doubt, value_at, why_not
from tenantproof.facts.gdap_grants import is_active
from tenantproof.facts.group_parts import (
    GroupRecords,
    eligible_for,
    ids_where,
    is_true_of,
    only_eligible,
    open_fact,
)
from tenantproof.facts.groups import INPUTS, KINDS, Groups
from tenantproof.facts.lists import Listed, listed, open_list
from tenantproof.facts.roles import Catalogue
from tenantproof.records import POINTER_FIELD
from tenantproof.verdict import Truth, Unknown, all_true, any_true, merged, negated

NAME: Final = "gdapGroups"
SOURCE: Final = "gdapRelationships"
ASSIGNMENTS: Final = "delegatedAdminAccessAssignments"
ELIGIBILITIES: Final = "groupEligibilityScheduleInstances"


class Reach(Struct):
    """What a group reaches: its roles and customers (by tenant id, with names), and doubts."""

    pointer: str
    roles: set[str] = field(default_factory=set)
    customers: dict[str, str] = field(default_factory=dict)
    role_doubts: list[Unknown] = field(default_factory=list)
    customer_doubts: list[Unknown] = field(default_factory=list)

    def add(self, relationship: Struct, assignment: Struct) -> None:
        """Take in an active assignment of an active relationship."""
        roles = listed(value_at(assignment, "roleIds"))
        self.roles.update(roles.texts)
        self.role_doubts.extend(roles.doubts)
        tenant, name = (value_at(relationship, n) for n in ("customerTenantId", "customerName"))
        if isinstance(tenant, str):
            key = tenant.casefold()
            self.customers[key] = name if isinstance(name, str) else key
        else:
            self.customer_doubts.append(why_not(tenant, SOURCE, "customerTenantId"))


class Directory:
    """What the other collections say of groups and accounts, indexed once."""

    def __init__(self, inputs: Inputs) -> None:
        self.groups = inputs.shared(Groups)
        self.records = GroupRecords(inputs, self.groups)
        self.accounts = Records(inputs, "accounts")
        self.coverage = Records(inputs, "mfaCoverage")
        self.users = frozenset(inputs.index("users", "id"))
        self.catalogue = inputs.shared(Catalogue)
        self._eligibilities = inputs.index(ELIGIBILITIES, "groupId")
        self._doubt = doubt(inputs.collection(ELIGIBILITIES))

    def eligibilities(self, group: str) -> Listed:
        """Return the records by which membership of a group can be activated."""
        found = [(one, _for_members(one)) for one in self._eligibilities.get(group, [])]
        doubts = [truth for _, truth in found if isinstance(truth, Unknown)]
        return Listed(
            tuple(one for one, truth in found if truth is True),
            rest=(*doubts, *([] if self._doubt is None else [self._doubt])),
        )

    def flag(self, name: str, user: str) -> Truth:
        """Return a flag of an account, by id in lower case."""
        return is_true_of(self.accounts.value(user, name), "accounts", name)

    def is_covered(self, user: str) -> Truth:
        """Tell whether MFA is demanded of an enabled account, by id in lower case."""
        return is_true_of(self.coverage.value(user, "enforced"), "mfaCoverage", "enforced")


def build(inputs: Inputs) -> Collection:
    """Return one record per group, in the order in which relationships name them."""
    relationships = inputs.collection(SOURCE)
    found, unread = _reached(relationships)
    directory = Directory(inputs)
    rows = ((reach.pointer, _row(group, reach, directory)) for group, reach in found.items())
    return open_fact(inputs.shape(NAME), rows, unread, relationships)


def _reached(relationships: Collection) -> tuple[dict[str, Reach], list[Unknown]]:
    """Return what each group reaches, and why there may be more groups."""
    found: dict[str, Reach] = {}
    unread: list[Unknown] = []
    for one in relationships.records:
        pointer = str(getattr(one, POINTER_FIELD))
        for assignment in _of(one, unread):
            group = value_at(assignment, "groupId")
            if isinstance(group, str):
                reach = found.setdefault(group.casefold(), Reach(pointer))
                reach.add(one, assignment)
            else:
                unread.append(why_not(group, ASSIGNMENTS, "accessContainer.accessContainerId"))
    return found, unread


def _of(relationship: Struct, unread: list[Unknown]) -> list[Struct]:
    """Return the active assignments of a relationship that is active, and note what is open."""
    assignments = listed(value_at(relationship, "assignments"))
    state = value_at(relationship, "isActive")
    if state is False:
        return []
    truths = [(one, all_true([state, is_active(one)])) for one in assignments.items]
    unread.extend(truth for _, truth in truths if isinstance(truth, Unknown))
    unread.extend(assignments.doubts)
    return [one for one, truth in truths if truth is True]


# --- one group ---------------------------------------------------------------------------------


def _row(group: str, reach: Reach, directory: Directory) -> Mapping[str, Any]:
    records = directory.records
    described = records.described(group)
    return {
        **described,
        "securityEnabled": records.value(group, "securityEnabled"),
        "mailEnabled": records.value(group, "mailEnabled"),
        "isRoleGroup": _is_role_group(described["displayName"]),
        **_reach(reach, directory.catalogue),
        **_members(group, directory),
        "unprivilegedOwners": _unprivileged(records.owners(group), directory),
    }


def _is_role_group(name: Any) -> Truth:
    if isinstance(name, Unknown):
        return name
    return isinstance(name, str) and name.casefold() in AGENT_GROUPS


def _reach(reach: Reach, catalogue: Catalogue) -> dict[str, Any]:
    roles = [catalogue.role(key) for key in sorted(reach.roles)]
    privileged = {role.id: role.privileged for role in roles}
    customers = sorted(reach.customers)
    return {
        "roleIds": open_list([role.id for role in roles], reach.role_doubts),
        "roleNames": open_list([role.name for role in roles], reach.role_doubts),
        "privilegedRoleIds": ids_where(privileged, privileged.__getitem__, reach.role_doubts),
        "hasPrivilegedRoles": any_true([*privileged.values(), *reach.role_doubts]),
        "customerIds": open_list(customers, reach.customer_doubts),
        "customerNames": open_list(
            [reach.customers[one] for one in customers], reach.customer_doubts
        ),
        "customerCount": merged(reach.customer_doubts) if reach.customer_doubts
        else len(customers),
    }


def _members(group: str, directory: Directory) -> dict[str, Any]:
    members = directory.groups.members(group)
    eligibilities = directory.eligibilities(group)
    has = any_true([bool(eligibilities.items), *eligibilities.rest])
    eligible = eligible_for(eligibilities, directory.groups)
    ids = sorted(members.found_in)
    return {
        **{name: ids_where(ids, partial(test, directory), members.doubts)
           for name, test in TESTS.items()},
        "nestedGroups": open_list(sorted(members.parents), members.doubts),
        "hasEligibilities": has,
        "hasEligibleMembersOnly": all_true([has, only_eligible(group, members, eligible)]),
    }


Test = Callable[[Directory, str], Truth]
TESTS: Final[dict[str, Test]] = {
    "guestMembers": lambda directory, user: any_true(
        directory.flag(name, user) for name in ("isGuest", "isExternal")
    ),
    "disabledMembers": lambda directory, user: negated(directory.flag("accountEnabled", user)),
    "membersNotMfaCapable": lambda directory, user: negated(directory.flag("canPerformMfa", user)),
    "membersNotCovered": lambda directory, user: all_true([
        directory.flag("accountEnabled", user), negated(directory.is_covered(user)),
    ]),
}


def _for_members(record: Struct) -> Truth:
    access = value_at(record, "accessId")
    return access == "member" if isinstance(access, str) else why_not(
        access, ELIGIBILITIES, "accessId"
    )


def _unprivileged(owners: Listed, directory: Directory) -> Any:
    """Return the owners without a privileged role, and those that are no users."""
    by_id = {
        key.casefold(): one for one in owners.items
        if isinstance(key := value_at(one, "id"), str)
    }
    unnamed = [why_not(value_at(one, "id"), "groups", "owners.id") for one in owners.items
               if not isinstance(value_at(one, "id"), str)]
    return ids_where(
        sorted(by_id), lambda key: _lacks_privilege(key, by_id[key], directory),
        [*unnamed, *owners.doubts],
    )


def _lacks_privilege(key: str, owner: Struct, directory: Directory) -> Truth:
    kind = value_at(owner, "@odata.type")
    if key in directory.users:
        return negated(directory.flag("isPrivileged", key))
    if not isinstance(kind, str):
        return why_not(kind, "groups", "owners.@odata.type")
    if KINDS.get(kind.lstrip("#").casefold()) != "user":
        return True
    return negated(directory.flag("isPrivileged", key))


FACT: Final = Fact(
    NAME, (SOURCE, "accounts", "mfaCoverage", "roleDefinitions", *INPUTS, ELIGIBILITIES), (), build,
)
