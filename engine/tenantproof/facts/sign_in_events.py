"""What one event of the sign-in log tells: whether it succeeded, and how the user proved to be one.

`singleFactorAuthentication` says that MFA was not required, not that it was not done: the steps of
authentication decide. "First factor requirement satisfied by claim" is no MFA, nor its absence: an
earlier sign-in stood in, which has its own event.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final, NamedTuple

from msgspec import UNSET, Struct

from tenantproof.facts.base import value_at, why_not
from tenantproof.facts.lists import listed
from tenantproof.facts.spans import instant
from tenantproof.language.values import RECORD, not_exported
from tenantproof.shape import bundled_shapes
from tenantproof.verdict import Truth, Unknown, Why, all_true, any_true, negated, unknown

LOG: Final = "signIns"
LEGACY: Final = frozenset({
    "authenticated smtp", "autodiscover", "exchange activesync", "exchange online powershell",
    "exchange web services", "imap", "imap4", "mapi", "mapi over http", "offline address book",
    "other clients", "outlook anywhere (rpc over http)", "outlook anywhere", "outlook service",
    "pop", "pop3", "reporting web services", "smtp", "universal outlook",
})
MODERN: Final = frozenset({"browser", "mobile apps and desktop clients", "modern clients"})
SINGLE: Final = "singlefactorauthentication"
MULTI: Final = "multifactorauthentication"
BY_CLAIM: Final = "mfa requirement satisfied by claim"
MFA_DONE: Final = (BY_CLAIM, "mfa successfully completed", "mfa completed in azure ad")
MFA_PURPOSE: Final = frozenset({"multifactor authentication", "multi-factor authentication"})
MULTIFACTOR_METHODS: Final = (
    "windows hello for business", "passkey", "fido2", "authenticator app",
    "mobile app notification", "passwordless phone sign-in", "temporary access pass",
)
STATUS: Final = ("errorCode", "additionalDetails")
STEP: Final = (
    "succeeded", "authenticationStepResultDetail", "authenticationStepRequirement",
    "authenticationMethod",
)
SEEN: Final = 4
_status, _step_of = attrgetter(*STATUS), attrgetter(*STEP)
READ: Final = (
    "createdDateTime", "signInEventTypes", "authenticationRequirement", "authenticationProtocol",
    *(f"status.{name}" for name in STATUS), *(f"authenticationDetails.{name}" for name in STEP),
)
USER_KINDS: Final = frozenset({"interactiveUser", "nonInteractiveUser"})


class Seen(NamedTuple):
    """What is true of one event; all but the first only of a success."""

    successful: Truth
    single_factor: Truth
    mfa_by_claim: Truth
    multi_factor: Truth
    ropc: Truth
    device_code: Truth


NOTHING: Final = Seen(False, False, False, False, False, False)


def read(event: Any, name: str) -> Any:
    """Return a property of an event whose name is its attribute's: quicker than `value_at`."""
    value = getattr(event, name)
    return not_exported(event, name) if value is UNSET else value


def is_by_user(event: Any) -> bool:
    """Tell whether an event may be a user's; those of programs alone are of other kinds."""
    kinds = read(event, "signInEventTypes")
    if not isinstance(kinds, list) or not kinds:
        return True
    if kinds[0] in USER_KINDS:
        return True
    return any(isinstance(kind, Unknown) or kind in USER_KINDS for kind in kinds)


def succeeded(event: Any) -> Truth:
    """Tell whether a sign-in succeeded: a failed one is no breach."""
    status = event.status
    if isinstance(status, Struct) and type(quick := getattr(status, "errorCode", None)) is int:
        return bool(quick == 0)
    code = value_at(event, "status", "errorCode")
    return code == 0 if isinstance(code, int) else why_not(code, LOG, "status.errorCode")


def happened(event: Any) -> datetime | Unknown:
    """Return when a sign-in was."""
    value = read(event, "createdDateTime")
    return value if isinstance(value, Unknown) else _instant(value)


@lru_cache(maxsize=2**8)
def _instant(value: Any) -> datetime | Unknown:
    at = instant(value, bundled_shapes()[LOG].record.properties["createdDateTime"])
    return unknown(Why.NULL, LOG, "createdDateTime") if at is None else at


def signature(event: Any) -> tuple[Any, ...]:
    """Return everything of an event that tells its sort: events alike in it are of one.

    The first `SEEN` parts are what `seen` looks at.
    """
    status, steps = event.status, event.authenticationDetails
    kinds, user = event.signInEventTypes, event.userId
    if status.__class__.__class__ is RECORD:
        code = status.errorCode
        status = _status(status) if code.__class__ is int else (*_status(status), code.__class__)
    return (
        status, event.authenticationRequirement, event.authenticationProtocol,
        tuple([_step_of(one) if one.__class__.__class__ is RECORD else one for one in steps])
        if steps.__class__ is list else steps,
        tuple(kinds) if kinds.__class__ is list else kinds,
        bool(user) if user.__class__ is str else user, event.isInteractive,
    )


def seen(event: Any) -> Seen:
    """Return what is true of an event."""
    success = succeeded(event)
    if success is False:
        return NOTHING
    required = word(event, "authenticationRequirement")
    protocol = word(event, "authenticationProtocol")
    found = (
        all_true([is_word(required, SINGLE), negated(_shows_mfa(event))]),
        _by_claim(event),
        is_word(required, MULTI),
        is_word(protocol, "ropc"),
        is_word(protocol, "devicecode"),
    )
    return Seen(success, *(all_true([success, truth]) for truth in found))


def word(event: Any, name: str) -> Any:
    """Return a text in lower case; an Unknown where there is none."""
    value = read(event, name)
    return value.casefold() if isinstance(value, str) else why_not(value, LOG, name)


def is_word(value: Any, expected: str) -> Truth:
    """Tell whether a value of `word` is a certain one."""
    return value if isinstance(value, Unknown) else bool(value == expected)


@lru_cache(maxsize=2**10)
def is_legacy(client: Any) -> Truth:
    """Tell whether a client speaks a legacy protocol; a name that nobody knows is Unknown."""
    if not isinstance(client, str):
        return why_not(client, LOG, "clientAppUsed")
    name = client.strip().casefold()
    if name in LEGACY or name in MODERN:
        return name in LEGACY
    return unknown(
        Why.UNDETERMINED, LOG, "clientAppUsed",
        f"`{client}` is known neither as a legacy nor as a modern client",
    )


# --- how the user was authenticated ------------------------------------------------------------


def _shows_mfa(event: Any) -> Truth:
    return any_true([_ends_with_mfa(event, MFA_DONE), *(_step(one) for one in _steps(event))])


def _by_claim(event: Any) -> Truth:
    steps = (_says(one, BY_CLAIM) for one in _steps(event))
    return any_true([_ends_with_mfa(event, (BY_CLAIM,)), *steps])


def _ends_with_mfa(event: Any, words: tuple[str, ...]) -> Truth:
    """Tell whether the event's summary says so; where it was not exported, the steps decide."""
    text = value_at(event, "status", "additionalDetails")
    if isinstance(text, Unknown):
        return text if any(r.why is not Why.NOT_EXPORTED for r in text.reasons) else False
    return _begins(text, words)


def _begins(text: Any, words: tuple[str, ...]) -> bool:
    return isinstance(text, str) and text.strip().casefold().startswith(words)


def _steps(event: Any) -> Iterator[Any]:
    steps = listed(read(event, "authenticationDetails"))
    yield from steps.items
    yield from steps.doubts
    if not steps.items and not steps.doubts:
        yield unknown(
            Why.UNDETERMINED, LOG, "authenticationDetails", "the log shows no authentication step"
        )


def _says(step: Any, *words: str) -> Truth:
    text = step if isinstance(step, Unknown) else value_at(step, "authenticationStepResultDetail")
    return text if isinstance(text, Unknown) else _begins(text, words)


def _step(step: Any) -> Truth:
    """Tell whether a step shows MFA; only a typed password is certain not to."""
    if isinstance(step, Unknown):
        return step
    done, said = value_at(step, "succeeded"), _says(step, *MFA_DONE)
    if done is False or (said is True and done is None):
        return done is None
    mfa = any_true([said, _is_for_mfa(step), _is_multifactor(step)])
    if mfa is False or done is True:
        return mfa
    return why_not(done, LOG, "authenticationDetails.succeeded")


def _is_for_mfa(step: Any) -> Truth:
    purpose = value_at(step, "authenticationStepRequirement")
    if isinstance(purpose, Unknown):
        return purpose
    return isinstance(purpose, str) and purpose.strip().casefold() in MFA_PURPOSE


def _is_multifactor(step: Any) -> Truth:
    method = value_at(step, "authenticationMethod")
    if not isinstance(method, str):
        return why_not(method, LOG, "authenticationDetails.authenticationMethod")
    name = method.strip().casefold()
    if name == "password":
        return False
    if name.startswith(MULTIFACTOR_METHODS):
        return True
    return unknown(
        Why.UNDETERMINED, LOG, "authenticationDetails.authenticationMethod",
        f"`{method}` says neither that MFA was done nor that it was not",
    )
