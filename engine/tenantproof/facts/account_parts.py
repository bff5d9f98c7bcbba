"""Parts of an account: external or not, domain, registration, agent groups, roles."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from msgspec import Struct

from tenantproof.collection import Collection
from tenantproof.facts.base import Columns, Inputs, doubt, each, no_record, turned, value_at
from tenantproof.facts.groups import Groups, Members
from tenantproof.facts.lists import open_list
from tenantproof.facts.roles import Holding, Holdings
from tenantproof.language.values import RECORD
from tenantproof.verdict import Truth, Unknown, Why, merged, unknown

AGENT_GROUPS: Final = {
    name.casefold(): name for name in ("AdminAgents", "HelpdeskAgents", "SalesAgents")
}


class Records:
    """A collection by its records' ids; an id without a record is not known."""

    def __init__(self, inputs: Inputs, name: str) -> None:
        self._name = name
        self._doubt = doubt(inputs.collection(name))
        self._by_id = inputs.index(name, "id")

    def value(self, key: Any, name: str) -> Any:
        """Return a property of the record with an id, or an Unknown."""
        if not isinstance(key, str):
            return key
        found = self._by_id.get(key.casefold())
        if found:
            return value_at(found[0], name)
        return no_record(self._doubt, self._name, name, f"`{key}`")

    def whole(self, keys: Sequence[Any], columns: Columns) -> Sequence[Sequence[Any]]:
        """Return several properties of the records with these ids, each for all, or Unknowns."""
        found = [self._by_id.get(key.casefold()) if isinstance(key, str) else None for key in keys]
        if all(found):
            return columns.whole([one[0] for one in found if one])
        return turned([
            columns.values(one[0]) if one else [self.value(key, name) for name in columns.names]
            for key, one in zip(keys, found, strict=True)
        ], len(columns.names))


def flag_is(value: Any, word: str) -> Truth:
    """Tell whether a text is a word, without regard to case; null is not."""
    if isinstance(value, Unknown):
        return value
    return isinstance(value, str) and value.casefold() == word


# --- inside or outside -------------------------------------------------------------------------

MARKS: Final[dict[str, Callable[[Any], bool]]] = {
    "userPrincipalName": lambda value: isinstance(value, str) and "#ext#" in value.casefold(),
    "externalUserState": lambda value: value is not None,
    "creationType": lambda value: isinstance(value, str) and value.casefold() == "invitation",
}
MARKED: Final = Columns(*MARKS)


def outside(users: Sequence[Struct]) -> list[Truth]:
    """Tell of each account whether it comes from elsewhere."""
    return [
        "#ext#" in name.casefold() if state is None and creation is None and name.__class__ is str
        else _is_external((name, state, creation))
        for name, state, creation in zip(*MARKED.whole(users), strict=True)
    ]


def _is_external(values: Sequence[Any]) -> Truth:
    """Tell whether an account comes from elsewhere: any of three marks is enough.

    Marks that were not exported do not count as long as one was; a damaged one does.
    """
    for value, marks in zip(values, MARKS.values(), strict=True):
        if not isinstance(value, Unknown) and marks(value):
            return True
    doubts = [value for value in values if isinstance(value, Unknown)]
    damaged = [d for d in doubts if any(r.why is not Why.NOT_EXPORTED for r in d.reasons)]
    return merged(doubts) if damaged or len(doubts) == len(values) else False


def external_type(guest: Truth, external: Truth) -> Any:
    """Return the type under which Conditional Access knows a guest; null for a plain member."""
    if isinstance(guest, Unknown) or isinstance(external, Unknown):
        return merged(one for one in (guest, external) if isinstance(one, Unknown))
    if not external:
        return "internalGuest" if guest else None
    return "b2bCollaborationGuest" if guest else "b2bCollaborationMember"


def last_sign_in(user: Any) -> Any:
    """Return the last sign-in that succeeded; the last attempt where exports do not tell them."""
    activity = user.signInActivity
    if activity is None:
        return None
    if activity.__class__.__class__ is RECORD:
        succeeded = activity.lastSuccessfulSignInDateTime
        if succeeded.__class__ is str:
            return succeeded
    succeeded = value_at(user, "signInActivity", "lastSuccessfulSignInDateTime")
    if not isinstance(succeeded, Unknown):
        return succeeded
    return value_at(user, "signInActivity", "lastSignInDateTime")


# --- domain ------------------------------------------------------------------------------------

DOMAIN_NAMES: Final = (
    "domain", "domainAuthenticationType", "federatedIdpMfaBehavior", "providerDoesMfa",
)


class Domains:
    """The tenant's domains and their federation."""

    def __init__(self, inputs: Inputs) -> None:
        self._domains = Records(inputs, "domains")
        self._federation = inputs.index("domainFederation", "domainId")
        self._doubt = doubt(inputs.collection("domainFederation"))
        self._known: dict[Any, dict[str, Any]] = {}

    def whole(self, names: Sequence[Any]) -> dict[str, Sequence[Any]]:
        """Return each property that is told of a domain, of all accounts with these names."""
        return each(DOMAIN_NAMES, [self.of(name) for name in names])

    def of(self, name: Any) -> dict[str, Any]:
        """Return the domain of a sign-in name, how it authenticates, and whose MFA it accepts."""
        domain = name.rpartition("@")[2].casefold() if isinstance(name, str) else name
        found = self._known.get(domain)
        if found is None:
            found = self._known[domain] = self._of(domain)
        return found

    def _of(self, domain: Any) -> dict[str, Any]:
        kind = self._domains.value(domain, "authenticationType")
        behaviour = self._behaviour(domain, kind)
        return {
            "domain": domain,
            "domainAuthenticationType": kind,
            "federatedIdpMfaBehavior": behaviour,
            "providerDoesMfa": _provider_does_mfa(kind, behaviour),
        }

    def _behaviour(self, domain: Any, kind: Any) -> Any:
        federated = flag_is(kind, "federated")
        if isinstance(federated, Unknown) or not isinstance(domain, str):
            return kind
        if not federated:
            return None
        for one in (domain, *_parents(domain)):
            if one in self._federation:
                return value_at(self._federation[one][0], "federatedIdpMfaBehavior")
        return no_record(
            self._doubt, "domainFederation", "federatedIdpMfaBehavior", f"the domain `{domain}`"
        )


def _provider_does_mfa(kind: Any, behaviour: Any) -> Truth:
    """Tell whether another provider makes the account perform MFA: often no export says."""
    federated = flag_is(kind, "federated")
    if federated is not True or behaviour == "rejectMfaByFederatedIdp":
        return federated if isinstance(federated, Unknown) else False
    return behaviour if isinstance(behaviour, Unknown) else unknown(
        Why.UNDETERMINED, "domainFederation", "federatedIdpMfaBehavior",
        "whether the identity provider makes its users perform MFA is in no export")


def _parents(domain: str) -> Iterator[str]:
    """Yield the domains above: a subdomain follows the federation of its root domain."""
    while "." in domain:
        domain = domain.partition(".")[2]
        yield domain


# --- groups and roles --------------------------------------------------------------------------


class Agents(Struct, frozen=True):
    """The partner groups that exist, with their members; `doubts` say why there may be more."""

    groups: tuple[tuple[str, Members], ...]
    doubts: tuple[Unknown, ...]


def agent_groups(collection: Collection, groups: Groups) -> Agents:
    """Return the groups that bear the name of a partner group."""
    found: list[tuple[str, Members]] = []
    doubts = [one for one in [doubt(collection)] if one is not None]
    for record in collection.records:
        name, key = value_at(record, "displayName"), value_at(record, "id")
        if isinstance(name, Unknown):
            doubts.append(name)
        elif isinstance(name, str) and name.casefold() in AGENT_GROUPS:
            title = AGENT_GROUPS[name.casefold()]
            if isinstance(key, str):
                found.append((title, groups.members(key)))
            elif isinstance(key, Unknown):
                doubts.append(key)
    return Agents(tuple(found), tuple(dict.fromkeys(doubts)))


def held(holdings: Holdings, user: str) -> Any:
    """Return the roles of a user as records, by name."""
    found = sorted(holdings.of(user), key=lambda h: (h.role.name, h.role.id, str(h.scope), h.via))
    return open_list([_record(one) for one in found], holdings.doubts())


def held_ids(holdings: Holdings, user: str) -> Any:
    """Return the ids of the roles of a user, sorted."""
    found = {holding.role.id for holding in holdings.of(user)}
    return open_list(sorted(found), holdings.doubts())


def _record(holding: Holding) -> dict[str, Any]:
    role = holding.role
    return {
        "id": role.id, "name": role.name, "privileged": role.privileged,
        "scope": holding.scope, "via": holding.via or "direct",
    }
