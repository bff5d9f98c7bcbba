"""Whose snapshot an import makes, and of when: what the options say and the source confirms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import msgspec

from tenantproof.importers.answers import Answer, SavedFile
from tenantproof.importers.base import FROM_FILES, ImportOptions, refuse
from tenantproof.importers.joining import Joined
from tenantproof.language.instants import read_instant, write_instant
from tenantproof.problem import Problem, UsageError

CLOUDS: Final = {
    "graph.microsoft.com": "global",
    "graph.microsoft.us": "usgov",
    "dod-graph.microsoft.us": "usgov",
    "microsoftgraph.chinacloudapi.cn": "china",
}


class Organization(msgspec.Struct):
    """What names a tenant."""

    id: str = ""
    displayName: str | None = None  # noqa: N815  Graph's own name


def tenant_of(
    organization: Joined | None, answers: Sequence[Answer], options: ImportOptions, source: str
) -> dict[str, Any]:
    """Return the manifest's `tenant`.

    Raises UsageError where its id is not known or is another one than the source's, SnapshotError
    where the source mixes clouds.
    """
    cloud = options.cloud or _cloud(answers, source)
    return tenant_of_organization(_organization(organization), replace(options, cloud=cloud))


def tenant_of_organization(found: Organization, options: ImportOptions) -> dict[str, Any]:
    """Return the manifest's `tenant` by what the source says of its organization, if anything.

    Raises UsageError where its id is not known or is another one than the source's.
    """
    if options.tenant_id and found.id and options.tenant_id.casefold() != found.id.casefold():
        raise _usage(f"`--tenant-id {options.tenant_id}` is not the tenant of the source, "
                     f"`{found.id}`", "name the folder of that tenant, or leave the option out")
    tenant_id = options.tenant_id or found.id
    if not tenant_id:
        raise _usage("nothing tells whose responses these are",
                     "give `--tenant-id`, or save `GET /v1.0/organization` beside them")
    tenant = {
        "id": tenant_id,
        "displayName": options.tenant_name or found.displayName,
        "kind": options.kind,
        "partnerType": options.partner_type,
        "cloud": options.cloud,
    }
    return {name: value for name, value in tenant.items() if value}


def _organization(joined: Joined | None) -> Organization:
    if joined is None or not joined.complete:
        return Organization()
    raw = joined.pages[0].raw
    try:
        rows = msgspec.json.decode(raw if raw.startswith(b"[") else b"[" + raw + b"]",
                                   type=list[Organization])
    except msgspec.ValidationError:
        return Organization()
    return rows[0] if len(rows) == 1 else Organization()


def _cloud(answers: Sequence[Answer], source: str) -> str | None:
    hosts = sorted({a.context.host for a in answers if a.context.host in CLOUDS})
    clouds = {CLOUDS[host] for host in hosts}
    if len(clouds) > 1:
        raise refuse("several-clouds", "the responses come from several clouds: "
                     + ", ".join(f"`{host}`" for host in hosts), source,
                     "import the responses of one tenant at a time")
    return next(iter(clouds), None)


def exported_at(options: ImportOptions, files: Sequence[SavedFile]) -> str:
    """Return when the export was made, in RFC 3339; raises UsageError for what is no instant."""
    if options.exported_at == FROM_FILES:
        return write_instant(min(file.modified for file in files))
    if read_instant(options.exported_at) is None:
        raise _usage(f"`--exported-at {options.exported_at}` is not an instant",
                     "write RFC 3339 with a time zone, such as `2026-11-20T06:00:00Z`, or `files` "
                     "for the date of the oldest file")
    return options.exported_at


def _usage(message: str, remedy: str) -> UsageError:
    return UsageError([Problem("usage", message, remedy)])
