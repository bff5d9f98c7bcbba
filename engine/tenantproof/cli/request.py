"""What a run is to judge, and by what: from the caller's words to policies, values and people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from tenantproof.attestation import Attestations
from tenantproof.audit import TenantReport, audit
from tenantproof.cli.attestations import read_attestations
from tenantproof.cli.clock import now, read_as_of, read_span
from tenantproof.cli.packs import load_packs, merged
from tenantproof.cli.profiles import profile_in_force, regraded
from tenantproof.cli.settings import (
    Declared,
    declared_by,
    read_declarations,
    read_params,
    refuse_unheard,
    settings_of,
)
from tenantproof.cli.waiving import read_waivers
from tenantproof.context import Context
from tenantproof.pack import Pack
from tenantproof.parameters import Setting
from tenantproof.policy import Policy
from tenantproof.profile import InForce
from tenantproof.selection import selected
from tenantproof.snapshot import Snapshot
from tenantproof.waiver import Waivers


class Asked(Struct, frozen=True):
    """What the caller said, as the options have it; the same words give the same request."""

    packs: tuple[str, ...] = ()
    profile: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    params: tuple[str, ...] = ()
    declarations: str | None = None
    attestations: tuple[str, ...] = ()
    waivers: tuple[str, ...] = ()
    as_of: str | None = None
    max_age: str | None = None


class Request(Struct, frozen=True):
    """What is to be judged, and by what; the same for every snapshot of a run."""

    packs: tuple[Pack, ...]
    policies: tuple[Policy, ...]
    everything: Mapping[str, Policy]
    profile: InForce
    declared: Declared
    given: Mapping[str, Any]
    declarations: Mapping[str, Mapping[str, Any]]
    attested: Attestations
    waivers: Waivers
    as_of: datetime | None
    seen_at: datetime
    max_age: timedelta | None = None


def request_of(asked: Asked) -> Request:
    """Return what the caller asked for, read and checked; raises with everything that is wrong."""
    instant, span = read_as_of(asked.as_of), read_span("--max-age", asked.max_age)
    loaded = load_packs(asked.packs)
    whole = merged(loaded)
    chosen = profile_in_force(loaded, whole, asked.profile)
    everything = regraded(whole.policies, chosen)
    policies = selected(everything, chosen.policies, asked.select, asked.ignore)
    heard = declared_by(whole, policies)
    known = declared_by(whole, whole.policies.values())
    given = read_params(asked.params, known)
    refuse_unheard(given, heard)
    return Request(
        packs=tuple(loaded),
        policies=tuple(policies),
        everything=everything,
        profile=chosen,
        declared=heard,
        given=given,
        declarations=read_declarations(asked.declarations, known),
        attested=read_attestations(asked.attestations, whole.policies),
        waivers=read_waivers(asked.waivers, whole),
        as_of=instant,
        seen_at=instant or now(),
        max_age=span,
    )


def judge_one(
    snapshot: Snapshot, request: Request, done: Callable[[Context], None] = Context.forget
) -> TenantReport:
    """Return the findings of one snapshot; see `audit`."""
    settings = settings_for(snapshot, request)
    aged = aged_by(snapshot, request.seen_at, request.max_age)
    return audit(
        aged, request.policies, request.everything, settings, request.as_of, request.attested,
        request.waivers, done,
    )


def settings_for(snapshot: Snapshot, request: Request) -> dict[str, Setting]:
    """Return the parameters in force for the tenant of a snapshot."""
    tenant = request.declarations.get(snapshot.tenant.id.casefold(), {})
    return settings_of(request.declared, request.profile.parameters, tenant, request.given)


def aged_by(snapshot: Snapshot, seen_at: datetime, max_age: timedelta | None) -> Snapshot:
    """Return a snapshot that says of itself that it is stale, where it is older than allowed."""
    age = seen_at - snapshot.exported_at
    if max_age is None or age <= max_age:
        return snapshot
    return replace(snapshot, stale=age)
