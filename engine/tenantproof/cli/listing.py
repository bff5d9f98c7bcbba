"""``tenantproof list``: the policies of a pack."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import click
from msgspec.structs import replace

from tenantproof.cli import options
from tenantproof.cli.output import deliver, read_outputs
from tenantproof.cli.packs import load_packs, merged
from tenantproof.cli.profiles import profile_in_force, regraded
from tenantproof.pack import Pack
from tenantproof.policy import Policy
from tenantproof.profile import InForce, Profile
from tenantproof.reports.layout import count_of, prose, table, text_of
from tenantproof.reports.view import Palette

Listing = Callable[[Sequence[Pack], Palette], Iterator[str]]


@click.command("list", short_help="Show the policies of a pack.")
@options.PACK
@click.option("--profile", metavar="NAME|FILE", envvar="TENANTPROOF_PROFILE",
              help="Only the policies that this profile selects, as it grades them.")
@options.output("text, json")
def command(packs: tuple[str, ...], profile: str | None, outputs: tuple[str, ...]) -> int:
    """Show every policy with its severity and title, family by family; and the profiles."""
    places = read_outputs(outputs, LISTINGS)
    loaded = load_packs(packs)
    if profile is not None:
        chosen = profile_in_force(loaded, merged(loaded), profile)
        loaded = [_only(pack, chosen) for pack in loaded]
    return deliver(places, lambda name, palette: LISTINGS[name](loaded, palette))


def _only(pack: Pack, chosen: InForce) -> Pack:
    policies = regraded(pack.policies, chosen)
    return replace(pack, policies={n: p for n, p in policies.items() if n in chosen.policies})


def _text(packs: Sequence[Pack], palette: Palette) -> Iterator[str]:
    return text_of(line for pack in packs for line in _pack(pack, palette))


def _pack(pack: Pack, palette: Palette) -> Iterator[str]:
    count = count_of(len(pack.policies), "policy", "policies")
    families: dict[str, list[Policy]] = {}
    for name in sorted(pack.policies):
        families.setdefault(pack.policies[name].family, []).append(pack.policies[name])
    yield palette.paint("strong", prose(f"{pack.id} {pack.version}: {pack.title}"))
    yield f"{count} in {count_of(len(families), 'family', 'families')}"
    for family, policies in families.items():
        yield ""
        yield palette.paint("strong", family)
        yield from table([_row(policy) for policy in policies], "  ")
    if pack.profiles:
        yield ""
        yield palette.paint("strong", "Profiles")
        yield from table([_profile_row(pack, p) for p in _profiles(pack)], "  ")


def _profiles(pack: Pack) -> list[Profile]:
    return [pack.profiles[name] for name in sorted(pack.profiles)]


def _profile_row(pack: Pack, profile: Profile) -> tuple[str, ...]:
    default = " (taken unless said)" if profile.id == pack.default_profile else ""
    return profile.id, f"{prose(profile.title)}{default}"


def _row(policy: Policy) -> tuple[str, ...]:
    status = "" if policy.status == "stable" else f" ({policy.status})"
    return policy.id, policy.severity.value, f"{prose(policy.title)}{status}"


def _json(packs: Sequence[Pack], palette: Palette) -> Iterator[str]:
    value = {"format": 1, "packs": [_pack_value(pack) for pack in packs]}
    yield json.dumps(value, indent=2, ensure_ascii=False)
    yield "\n"


def _pack_value(pack: Pack) -> dict[str, Any]:
    return {
        "id": pack.id,
        "version": pack.version,
        "title": pack.title,
        "digest": pack.digest,
        "policies": [_policy_value(pack.policies[name]) for name in sorted(pack.policies)],
        "profiles": [
            {"id": p.id, "title": p.title, "default": p.id == pack.default_profile}
            for p in _profiles(pack)
        ],
    }


def _policy_value(policy: Policy) -> dict[str, Any]:
    return {
        "id": policy.id,
        "family": policy.family,
        "revision": policy.revision,
        "title": policy.title,
        "severity": policy.severity.value,
        "status": policy.status,
        "requirements": list(policy.requirements),
        "collections": sorted(policy.collections()),
        "location": {"file": policy.file, "line": policy.line},
    }


LISTINGS: Final[dict[str, Listing]] = {"text": _text, "json": _json}
