"""The domains of an account's addresses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from msgspec import Struct

from tenantproof.facts.base import Columns
from tenantproof.facts.lists import listed, open_list
from tenantproof.verdict import Unknown

ADDRESSES: Final = Columns("userPrincipalName", "mail", "otherMails")


class MailDomains:
    """The domains of accounts' addresses: accounts of the same domains share what is told."""

    def __init__(self) -> None:
        self._known: dict[tuple[str | None, str | None], Any] = {}

    def whole(self, users: Sequence[Struct]) -> list[Any]:
        """Return for each account the domains of its addresses, in lower case, sorted.

        The addresses are the sign-in name, the mail address and the other ones; a guest's sign-in
        name has the address at home in it.
        """
        return [self._of(*told) for told in zip(*ADDRESSES.whole(users), strict=True)]

    def _of(self, name: Any, mail: Any, more: Any) -> Any:
        if more is None or (more.__class__ is list and not more):
            key = _plain_domain(name), _plain_domain(mail)
            if None not in key:
                found = self._known.get(key)
                if found is None:
                    found = self._known[key] = _mail_domains(key, ())
                return found
        return _mail_domains((name, mail), more)


def _plain_domain(address: Any) -> str | None:
    """Return the domain of an address behind its ``@``; None where it has more, or none."""
    if address.__class__ is not str or "#" in address:
        return None
    at = address.rfind("@")
    return None if at < 0 else str(address[at:])


def _mail_domains(single: Sequence[Any], more: Any) -> Any:
    others = listed(more)
    texts = [one.casefold() for one in (*single, *others.items) if isinstance(one, str)]
    found = {domain for text in texts for domain in _domains(text)}
    return open_list(
        sorted(found), [*others.doubts, *(o for o in single if isinstance(o, Unknown))]
    )


def _domains(address: str) -> list[str]:
    """Return the domain of an address; of `ana_b.example#ext#@c.example` both."""
    found = [address.rpartition("@")[2]] if "@" in address else []
    if "#ext#" in address:
        home = address.partition("#ext#")[0]
        found += [home.rpartition("_")[2]] if "_" in home else []
    return found
