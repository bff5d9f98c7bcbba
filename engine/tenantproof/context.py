"""What a judgement looks at: one snapshot, its facts, the parameters in force, the instant."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from msgspec import Struct

from tenantproof.attestation import NONE, Attestations
from tenantproof.collection import Collection
from tenantproof.facts.base import Inputs, Made, by_key
from tenantproof.facts.table import FACTS
from tenantproof.language.values import Readable
from tenantproof.parameters import Setting, undeclared
from tenantproof.shape import CollectionShape
from tenantproof.snapshot import Snapshot
from tenantproof.verdict import Reason, Unknown, Why
from tenantproof.waiver import NO_WAIVERS, Waivers


class Context(Readable):
    """One tenant as policies and facts see it; facts are made once, when first asked for."""

    def __init__(
        self,
        snapshot: Snapshot,
        settings: Mapping[str, Setting],
        as_of: datetime,
        attestations: Attestations = NONE,
        waivers: Waivers = NO_WAIVERS,
    ) -> None:
        self.snapshot = snapshot
        self.settings = settings
        self.as_of = as_of
        self.attestations = attestations
        self.waivers = waivers
        self._facts: dict[str, Collection] = {}
        self._once: dict[Hashable, Any] = {}

    @cached_property
    def size(self) -> int:
        """How many records the largest collection of the snapshot has."""
        return max((len(c.records) for c in self.snapshot.collections.values()), default=0)

    @property
    def tenant_kind(self) -> str | None:
        """The tenant's kind, None where the manifest does not say."""
        return self.snapshot.tenant.kind

    def parameter(self, name: str) -> Any:
        """Return a parameter's value, or an Unknown where nobody gave it one."""
        setting = self.settings.get(name)
        return undeclared(name) if setting is None else setting.value

    def shape(self, name: str) -> CollectionShape:
        """Return the schema of a collection or fact."""
        return self.snapshot.shapes[name]

    def collection(self, name: str) -> Collection:
        """Return a collection of the snapshot, or a fact."""
        if name not in FACTS:
            return self.snapshot.collection(name)
        if name not in self._facts:
            self._facts[name] = FACTS[name].build(self)
        return self._facts[name]

    def shared(self, make: Callable[[Inputs], Made]) -> Made:
        """Return what `make` makes of this tenant for the facts: once, when first asked for."""
        return self.once(make, lambda: make(self))

    def index(self, name: str, key: str) -> Mapping[str, list[Struct]]:
        """Return the records of a collection or fact by a text property, in lower case."""
        return self.once((name, key), lambda: by_key(self.collection(name), key))

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what `make` gives, which is the same whenever the same `key` is asked for."""
        if key not in self._once:
            self._once[key] = make()
        made: Made = self._once[key]
        return made

    def read(self, name: str) -> Any:
        """Return what stands at the root under `name`; an incomplete collection is Unknown."""
        if name == "tenant":
            return self.snapshot.tenant
        collection = self.collection(name)
        if not collection.complete:
            return Unknown(collection.doubts())
        if collection.shape.is_list:
            return list(collection.records)
        return collection.records[0]

    def forget(self) -> None:
        """Let go of all that was made of the tenant: conditions may still refer to this context."""
        self.__dict__.clear()

    def staleness(self) -> Unknown | None:
        """Return why nothing is known of a snapshot that is older than the user allows."""
        if self.snapshot.stale is None:
            return None
        days = self.snapshot.stale.days
        return Unknown((Reason("", "", Why.STALE, f"the snapshot is {days} days old"),))
