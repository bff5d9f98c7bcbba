"""Which accounts have registered a method that resists phishing."""

from __future__ import annotations

from typing import Any, Final

from tenantproof.facts.base import Inputs, doubt, no_record, value_at
from tenantproof.facts.lists import listed
from tenantproof.verdict import Truth, Unknown, Why, all_true, any_true, unknown

POLICY: Final = "authenticationMethodsPolicy"
CONFIGURATIONS: Final = "authenticationMethodConfigurations"
# Names in the registration report, Graph's own and those seen in exports.
RESISTING: Final = frozenset({
    "fido2", "fido2securitykey", "passkeydevicebound", "passkeydeviceboundauthenticator",
    "passkeydeviceboundwindowshello", "passkeysynced", "windowshelloforbusiness",
})


class Methods:
    """The methods of all accounts. Certificates do not show in the report of registrations."""

    def __init__(self, inputs: Inputs) -> None:
        self._certificates = _certificates(inputs)
        self._known: dict[Any, Truth] = {}

    def of(self, methods: Any) -> Truth:
        """Tell whether one of these resists phishing; not where certificates may be used, too."""
        key = tuple(methods) if isinstance(methods, list) else methods
        if key not in self._known:
            self._known[key] = self._resists(methods)
        return self._known[key]

    def _resists(self, methods: Any) -> Truth:
        found = listed(methods)
        shown = any_true([*(text in RESISTING for text in found.texts), *found.doubts])
        if shown is not False:
            return shown
        hidden = self._certificates
        return hidden if hidden is not True else unknown(
            Why.UNDETERMINED, "userRegistrationDetails", "methodsRegistered",
            "certificates are allowed, and the report does not show them")


def _certificates(inputs: Inputs) -> Truth:
    """Tell whether certificate-based authentication is switched on."""
    collection = inputs.collection(POLICY)
    if not collection.records:
        return no_record(doubt(collection), POLICY, CONFIGURATIONS, "the policy")
    methods = listed(value_at(collection.records[0], CONFIGURATIONS))
    on = [all_true([_is(value_at(one, "id"), "x509certificate"),
                    _is(value_at(one, "state"), "enabled")]) for one in methods.items]
    return any_true([*on, *methods.doubts])


def _is(value: Any, word: str) -> Truth:
    return value if isinstance(value, Unknown) else (
        isinstance(value, str) and value.casefold() == word)
