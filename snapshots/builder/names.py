"""Tenants, ids and instants of the samples: all of them computed, none of them random."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

Record = dict[str, Any]

NAMESPACE: Final = UUID("6d1f0b52-7a0e-5c1c-9d0a-2f4c6b8e9a10")
EXPORTED: Final = datetime(2026, 11, 20, 6, 0, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Tenant:
    """One fictitious organisation; `key` is also the name of its `onmicrosoft.com` domain."""

    key: str
    name: str
    domain: str
    kind: str = "partner"
    partner_type: str | None = "direct-bill"
    synchronised: bool = True

    @property
    def id(self) -> str:
        """Id of the tenant, a GUID."""
        return guid("tenant", self.key)

    @property
    def initial(self) -> str:
        """The domain that the tenant was born with."""
        return f"{self.key}.onmicrosoft.com"

    def guid(self, kind: str, name: str) -> str:
        """Return the id of one of the tenant's objects, such as `("user", "ada.moss")`."""
        return guid(self.key, kind, name)


def guid(*parts: str) -> str:
    """Return the same GUID for the same parts, on every machine."""
    return str(uuid5(NAMESPACE, "/".join(parts)))


def instant(when: datetime) -> str:
    """Return an instant as Graph writes it."""
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def ago(days: float, seconds: int = 0) -> str:
    """Return the instant that lies so many days (and seconds) before the export."""
    return instant(EXPORTED - timedelta(days=days, seconds=seconds))


def ahead(days: float) -> str:
    """Return the instant that lies so many days after the export."""
    return instant(EXPORTED + timedelta(days=days))
