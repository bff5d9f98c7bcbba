"""The fact `accounts`: each user with registration, roles, groups, licences and domain."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from tenantproof.collection import Collection
from tenantproof.facts import groups, roles
from tenantproof.facts.account_parts import (
    Domains,
    Licences,
    Records,
    agent_groups,
    external_type,
    flag_is,
    held,
    held_ids,
    is_external,
    last_sign_in,
    mail_domains,
)
from tenantproof.facts.base import Columns, Fact, Inputs, fact
from tenantproof.facts.groups import Groups
from tenantproof.facts.lists import Listed, declared
from tenantproof.facts.methods import Methods
from tenantproof.facts.mfa_trust import can_perform_mfa, mfa_trust
from tenantproof.facts.roles import Holdings, active, eligible, synchronises
from tenantproof.verdict import Truth, Unknown, any_true

NAME: Final = "accounts"
COPIED: Final = (
    "id", "userPrincipalName", "displayName", "userType", "accountEnabled", "createdDateTime",
    "employeeLeaveDateTime", "onPremisesSyncEnabled", "onPremisesImmutableId",
)
REGISTRATION: Final = {
    "isMfaCapable": "isMfaCapable",
    "isMfaRegistered": "isMfaRegistered",
    "methodsRegistered": "methodsRegistered",
    "registrationUpdated": "lastUpdatedDateTime",
}
COLUMNS: Final = Columns(*COPIED)
REGISTERED: Final = Columns(*REGISTRATION.values())
DECLARED: Final = {
    "isEmergencyAccount": "emergency_accounts",
    "isServiceAccount": "service_accounts",
}


class Directory:
    """What the other collections say of users, indexed once."""

    def __init__(self, inputs: Inputs) -> None:
        self.groups = inputs.shared(Groups)
        self.active = inputs.shared(active)
        self.eligible = inputs.shared(eligible)
        self.agents = agent_groups(inputs.collection("groups"), self.groups)
        self.registration = Records(inputs, "userRegistrationDetails")
        self.per_user_mfa = Records(inputs, "perUserMfa")
        self.domains = Domains(inputs)
        self.licences = Licences()
        self.methods = Methods(inputs)
        self.mfa_trust = mfa_trust(inputs.collection("crossTenantAccessPolicy"))
        self.synchronisation = declared(inputs, "synchronisation_accounts")
        self.declared = {name: declared(inputs, key) for name, key in DECLARED.items()}
        self.named = frozenset(self._named())
        nobody = "nobody"
        while nobody in self.named:
            nobody += "!"
        self.plain = {name: find(nobody, self) for name, find in BY_ID.items()}

    def _named(self) -> Iterator[str]:
        """Yield the ids of all accounts that hold, are in or are declared to be something."""
        yield from (*self.active.by_user, *self.eligible.by_user)
        yield from (user for _, members in self.agents.groups for user in members.found_in)
        for one in (self.synchronisation, *self.declared.values()):
            yield from one.texts


def build(inputs: Inputs) -> Collection:
    """Return one record per user, in the export's order."""
    users = inputs.collection("users")
    directory = Directory(inputs)
    rows = (
        (users.pointer(index), row(user, directory)) for index, user in enumerate(users.records)
    )
    return fact(inputs.shape(NAME), rows, users)


def row(user: Struct, directory: Directory) -> Mapping[str, Any]:
    """Return one account, by property."""
    copied = COLUMNS.of(user)
    key, external = copied["id"], is_external(user)
    registered = directory.registration.values(key, REGISTERED)
    row = dict(zip(REGISTRATION, registered, strict=True))
    return {
        **copied,
        **row,
        **directory.licences.of(user),
        **directory.domains.of(copied["userPrincipalName"]),
        **_of_id(key, directory),
        "hasPhishingResistantMethod": directory.methods.of(row["methodsRegistered"]),
        "canPerformMfa": can_perform_mfa(row["isMfaCapable"], external, directory.mfa_trust),
        "isGuest": flag_is(copied["userType"], "guest"),
        "isExternal": external,
        "externalType": external_type(user, external),
        "perUserMfaState": directory.per_user_mfa.value(key, "perUserMfaState"),
        "lastSignIn": last_sign_in(user),
        "mailDomains": mail_domains(user),
    }


def _of_id(key: Any, directory: Directory) -> dict[str, Any]:
    """Return what hangs on the user's id; all of it is unknown where the id is."""
    if not isinstance(key, str):
        return dict.fromkeys(BY_ID, key)
    user = key.casefold()
    if user not in directory.named:
        return directory.plain
    return {name: find(user, directory) for name, find in BY_ID.items()}


def _is_declared(name: str) -> Find:
    return lambda user, directory: directory.declared[name].contains(user)


def _is_synchronisation(user: str, directory: Directory) -> Truth:
    return any_true([
        directory.synchronisation.contains(user), synchronises(user, directory.active)
    ])


def _is_privileged(user: str, directory: Directory) -> Truth:
    both: tuple[Holdings, ...] = (directory.active, directory.eligible)
    certain = (holding.role.privileged for one in both for holding in one.of(user))
    return any_true([*certain, *(
        open_ for one in both for open_ in _privileged_doubts(one)
    )])


def _privileged_doubts(holdings: Holdings) -> Iterable[Unknown]:
    return [g.doubt for g in holdings.gaps if g.role is None or g.role.privileged is not False]


def _agent_groups(user: str, directory: Directory) -> Listed:
    names = [name for name, members in directory.agents.groups if user in members.found_in]
    open_ = [doubt for _, members in directory.agents.groups for doubt in members.doubts]
    return Listed(tuple(sorted(set(names))), rest=(*directory.agents.doubts, *open_))


def _is_agent(user: str, directory: Directory) -> Truth:
    found = _agent_groups(user, directory)
    return True if found.items else any_true(found.doubts)


Find = Callable[[str, Directory], Any]
BY_ID: Final[dict[str, Find]] = {
    "isSynchronisationAccount": _is_synchronisation,
    **{name: _is_declared(name) for name in DECLARED},
    "activeRoles": lambda user, directory: held(directory.active, user),
    "eligibleRoles": lambda user, directory: held(directory.eligible, user),
    "activeRoleIds": lambda user, directory: held_ids(directory.active, user),
    "eligibleRoleIds": lambda user, directory: held_ids(directory.eligible, user),
    "isPrivileged": _is_privileged,
    "agentGroups": lambda user, directory: _agent_groups(user, directory).as_property(),
    "isPartnerAgent": _is_agent,
}
FACT: Final = Fact(
    NAME,
    ("userRegistrationDetails", "authenticationMethodsPolicy", "perUserMfa", "domains",
     "domainFederation", "crossTenantAccessPolicy", *groups.INPUTS, *roles.INPUTS,
     *roles.ELIGIBLE),
    ("emergency_accounts", "service_accounts", "synchronisation_accounts"),
    build,
    {"userRegistrationDetails": ("id", *REGISTRATION.values())},
)
