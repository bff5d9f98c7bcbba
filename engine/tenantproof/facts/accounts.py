"""The fact `accounts`: each user with registration, roles, groups, licences and domain."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

from msgspec import Struct

from tenantproof.collection import Collection
from tenantproof.facts import groups, roles
from tenantproof.facts.account_licences import Licences
from tenantproof.facts.account_parts import (
    Domains,
    Records,
    agent_groups,
    external_type,
    flag_is,
    held,
    held_ids,
    last_sign_in,
    outside,
)
from tenantproof.facts.addresses import MailDomains
from tenantproof.facts.base import Columns, Fact, Inputs, built, from_columns, turned
from tenantproof.facts.groups import Groups
from tenantproof.facts.lists import Listed, Lookup, declared
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
PER_USER: Final = Columns("perUserMfaState")
DECLARED: Final = {
    "isEmergencyAccount": "emergency_accounts",
    "isServiceAccount": "service_accounts",
}


class Directory:
    """What the other collections say of users, indexed once."""

    def __init__(self, inputs: Inputs) -> None:
        self.properties = inputs.shape(NAME).record.properties
        self.groups = inputs.shared(Groups)
        self.active = inputs.shared(active)
        self.eligible = inputs.shared(eligible)
        self.agents = agent_groups(inputs.collection("groups"), self.groups)
        self.registration = Records(inputs, "userRegistrationDetails")
        self.per_user_mfa = Records(inputs, "perUserMfa")
        self.domains = Domains(inputs)
        self.licences = Licences()
        self.mail_domains = MailDomains()
        self.methods = Methods(inputs)
        self.mfa_trust = mfa_trust(inputs.collection("crossTenantAccessPolicy"))
        self.synchronisation = Lookup(declared(inputs, "synchronisation_accounts"))
        self.declared = {name: Lookup(declared(inputs, key)) for name, key in DECLARED.items()}
        self.named = frozenset(self._named())
        nobody = "nobody"
        while nobody in self.named:
            nobody += "!"
        self.plain = self.of(nobody)

    def of(self, user: str) -> tuple[Any, ...]:
        """Return what hangs on a user's id in lower case, in the order of `BY_ID`."""
        return tuple([built(find(user, self), self.properties[name])
                      for name, find in BY_ID.items()])

    def _named(self) -> Iterator[str]:
        """Yield the ids of all accounts that hold, are in or are declared to be something."""
        yield from (*self.active.by_user, *self.eligible.by_user)
        yield from (user for _, members in self.agents.groups for user in members.found_in)
        for one in (self.synchronisation, *self.declared.values()):
            yield from one.texts


def build(inputs: Inputs) -> Collection:
    """Return one record per user, in the export's order."""
    users = inputs.collection("users")
    pointers = [users.pointer(index) for index in range(len(users.records))]
    return from_columns(
        inputs.shape(NAME), _columns(users.records, Directory(inputs)), pointers, users)


def _columns(users: Sequence[Struct], directory: Directory) -> dict[str, Sequence[Any]]:
    """Return every property of all accounts, by name."""
    copied = dict(zip(COPIED, COLUMNS.whole(users), strict=True))
    keys, kinds = copied["id"], copied["userType"]
    registered = dict(zip(
        REGISTRATION, directory.registration.whole(keys, REGISTERED), strict=True))
    external, guest = outside(users), [flag_is(kind, "guest") for kind in kinds]
    by_id = [_of_id(key, directory) for key in keys]
    return {
        **copied, **registered,
        **directory.licences.whole(users),
        **directory.domains.whole(copied["userPrincipalName"]),
        **dict(zip(BY_ID, turned(by_id, len(BY_ID)), strict=True)),
        "hasPhishingResistantMethod": [
            directory.methods.of(one) for one in registered["methodsRegistered"]],
        "canPerformMfa": [
            can_perform_mfa(capable, foreign, directory.mfa_trust)
            for capable, foreign in zip(registered["isMfaCapable"], external, strict=True)],
        "isGuest": guest,
        "isExternal": external,
        "externalType": [external_type(*both) for both in zip(guest, external, strict=True)],
        "perUserMfaState": directory.per_user_mfa.whole(keys, PER_USER)[0],
        "lastSignIn": [last_sign_in(user) for user in users],
        "mailDomains": directory.mail_domains.whole(users),
    }


def _of_id(key: Any, directory: Directory) -> Sequence[Any]:
    """Return what hangs on the user's id; all of it is unknown where the id is."""
    if not isinstance(key, str):
        return [key] * len(BY_ID)
    user = key.casefold()
    return directory.of(user) if user in directory.named else directory.plain


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
