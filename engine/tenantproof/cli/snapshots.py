"""``tenantproof snapshot``: begin a snapshot, look at one, find what is damaged in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import click

from tenantproof.cli import console, options
from tenantproof.cli.clock import now
from tenantproof.cli.exits import DONE, OPEN
from tenantproof.cli.output import write_file
from tenantproof.cli.packs import load_packs, merged
from tenantproof.cli.reading import read_snapshot, source_of
from tenantproof.cli.usage import usage_error
from tenantproof.damage import damages
from tenantproof.language.instants import write_instant
from tenantproof.manifest import FORMAT
from tenantproof.problem import render
from tenantproof.reach import collections_read
from tenantproof.reports.layout import count_of, labelled, prose, table, text_of
from tenantproof.reports.values import in_days
from tenantproof.shape import Shapes, bundled_shapes
from tenantproof.snapshot import Snapshot, load
from tenantproof.sources import MANIFEST
from tenantproof.verdict import Why
from tenantproof.wording import WHY

KINDS: Final = ("partner", "customer")
NO_TENANT: Final = "00000000-0000-0000-0000-000000000000"


@click.group("snapshot", short_help="Begin, validate or show a snapshot.")
def command() -> None:
    """Begin, validate or show a snapshot: what was exported from one tenant at one time."""


# --- init ---------------------------------------------------------------------------------------


@command.command("init", short_help="Write the manifest of an empty snapshot.")
@click.argument("folder", metavar="DIR")
@options.PACK
@click.option("--tenant-id", default=NO_TENANT, metavar="ID", help="The tenant's id.")
@click.option("--tenant-name", metavar="NAME", help="The tenant's display name.")
@click.option("--kind", type=click.Choice(KINDS), help="What the tenant is to the programme.")
def init(
    folder: str, packs: tuple[str, ...], tenant_id: str, tenant_name: str | None, kind: str | None
) -> int:
    """Write a manifest to DIR that lists everything the pack reads as not exported yet.

    It says for each collection where it comes from and which permission it takes. A manifest that
    is there already is left alone.
    """
    whole = merged(load_packs(packs))
    names = collections_read(whole.policies.values())
    tenant = {"id": tenant_id, "displayName": tenant_name, "kind": kind}
    target = Path(folder) / MANIFEST
    if target.exists() or target.is_symlink():
        raise usage_error(f"`{target}` is there already", "name a folder without a manifest")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise usage_error(f"`{folder}` is a file", "name a folder") from None
    write_file(target, [json.dumps(_manifest(tenant, names), indent=2, ensure_ascii=False), "\n"])
    console.write(text_of(_next_steps(target, names, tenant_id)))
    return DONE


def _manifest(tenant: dict[str, Any], names: list[str]) -> dict[str, Any]:
    shapes = bundled_shapes()
    return {
        "format": FORMAT,
        "tenant": {name: value for name, value in tenant.items() if value is not None},
        "exportedAt": write_instant(now()),
        "collections": {name: _entry(shapes, name) for name in names},
    }


def _entry(shapes: Shapes, name: str) -> dict[str, Any]:
    return {
        "complete": False,
        "reason": Why.NOT_EXPORTED.value,
        "endpoint": shapes[name].endpoint,
        "permission": shapes[name].permission,
    }


def _next_steps(target: Path, names: list[str], tenant_id: str) -> Iterator[str]:
    yield f"{prose(str(target))} lists {count_of(len(names), 'collection')}, none exported yet"
    if tenant_id == NO_TENANT:
        yield "  write the tenant's `id`, `displayName` and `kind` into it"
    yield "  set `exportedAt` to when the export is made"
    yield "  for each collection give its `file`, and `complete: true` once every page is in it"


# --- validate -----------------------------------------------------------------------------------


@command.command("validate", short_help="Find what is incomplete or damaged in a snapshot.")
@click.argument("snapshot", metavar="SNAPSHOT")
def validate(snapshot: str) -> int:
    """Read all of SNAPSHOT and show what is incomplete or damaged in it.

    Exits with 0 where all is well, 3 where it cannot be read, 5 where something is incomplete or
    damaged.
    """
    source = source_of(snapshot)
    read = load(source, bundled_shapes())
    found = list(damages(read, source))
    console.write(f"{render(problem)}\n\n" for problem in found)
    console.write([f"{_validated(read, len(found))}\n"])
    return OPEN if found else DONE


def _validated(snapshot: Snapshot, faults: int) -> str:
    collections = count_of(len(snapshot.collections), "collection")
    records = count_of(sum(len(c.records) for c in snapshot.collections.values()), "record")
    said = f"{faults} to look at" if faults else "all complete and sound"
    return f"{collections}, {records}: {said}"


# --- show ---------------------------------------------------------------------------------------


@command.command("show", short_help="Show what a snapshot holds.")
@click.argument("snapshot", metavar="SNAPSHOT")
def show(snapshot: str) -> int:
    """Show what SNAPSHOT holds: its tenant, its age, every collection with its records."""
    read = read_snapshot(snapshot)
    console.tell_problems(read.warnings)
    console.write(text_of(_shown(read)))
    return DONE


def _shown(snapshot: Snapshot) -> Iterator[str]:
    who = snapshot.tenant
    yield from labelled("Tenant", f"{who.displayName or ''} ({who.id})".strip())
    yield from labelled("Kind", ", ".join(filter(None, (who.kind, who.partnerType))) or "not said")
    age = in_days(now() - snapshot.exported_at)
    yield from labelled("Exported", f"{write_instant(snapshot.exported_at)}, {age}")
    if snapshot.exporter:
        yield from labelled("By", f"{snapshot.exporter.name} {snapshot.exporter.version or ''}")
    yield from labelled("Digest", snapshot.digest)
    yield ""
    yield from table([("collection", "records", "complete"), *_rows(snapshot)])


def _rows(snapshot: Snapshot) -> Iterator[tuple[str, ...]]:
    for name in sorted(snapshot.collections):
        collection = snapshot.collections[name]
        span = f", {collection.since or '...'} to {collection.until or '...'}" if (
            collection.since or collection.until
        ) else ""
        detail = f" ({collection.detail})" if collection.detail else ""
        state = "yes" if collection.complete else f"no: {WHY[collection.why]}{detail}"
        yield name, str(len(collection.records)), f"{state}{span}"
