"""``docs/exporting.md``: how to export everything that policies read, made from the schemas.

``python -m tenantproof.authoring.exporting`` writes the page again; a test says when that is due.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tenantproof import bundled
from tenantproof.authoring import exporting_words as words
from tenantproof.shape import CollectionShape, Shapes, bundled_shapes

GRAPH: Final = re.compile(r"GET (/(?:v1\.0|beta)/.+)")
WEB: Final = re.compile(r"GET (https://\S+)")
PARTS: Final = re.compile(r"GET (/[^\s,]+)")
COMPOSED: Final = ", with "
GRAPH_PERMISSION: Final = re.compile(r"[A-Z][A-Za-z-]*(\.[A-Za-z]+){2,}|[A-Z][A-Za-z]*\.Read\.All")


@dataclass(frozen=True, slots=True)
class Loop:
    """Whose ids a request is made for, and how the saved owners are read in each shell."""

    owners: str
    powershell: str = ""
    jq: str = ".value[]"


LOOPS: Final[Mapping[str, Loop]] = {
    "groupMembers": Loop("groups"),
    "groupEligibilityScheduleInstances": Loop("groups"),
    "perUserMfa": Loop("users"),
    "appRoleAssignments": Loop("servicePrincipals"),
    "delegatedAdminAccessAssignments": Loop("tenantRelationships/delegatedAdminRelationships"),
    "domainFederation": Loop(
        "domains", " | Where-Object authenticationType -eq 'Federated'",
        '.value[] | select(.authenticationType == "Federated")',
    ),
}  # fmt: skip


def exporting_guide(shapes: Shapes, collections: Iterable[str]) -> str:
    """Return the guide as Markdown for these collections, in alphabetical order."""
    chosen = [shapes[name] for name in sorted(collections)]
    return "\n".join(_lines(chosen)) + "\n"


def exported_collections(shapes: Shapes) -> list[str]:
    """Return the names of everything that is exported; facts are derived."""
    return [name for name in shapes if not shapes[name].is_fact]


def _lines(shapes: list[CollectionShape]) -> Iterator[str]:
    yield words.INTRODUCTION
    yield from _permissions(shapes)
    yield words.SNAPSHOT
    yield words.FUNCTIONS
    yield "## Everything at a glance\n"
    yield "| collection | request or command | permission |"
    yield "| --- | --- | --- |"
    yield from map(_row, shapes)
    yield "\n## Collection by collection\n"
    yield words.ORDER
    for shape in shapes:
        yield from _section(shape)
    yield words.RECOGNITION


def _row(shape: CollectionShape) -> str:
    link = re.sub(r"[^a-z0-9]", "", shape.name.casefold())
    request = _cell(f"`{shape.endpoint}`" if _is_code(shape) else shape.endpoint)
    return f"| [{shape.name}](#{link}) | {request} | {_cell(shape.permission)} |"


def _is_code(shape: CollectionShape) -> bool:
    return bool(shape.command) or (shape.endpoint.startswith("GET ") and "`" not in shape.endpoint)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


# --- permissions ---------------------------------------------------------------------------------


def _permissions(shapes: list[CollectionShape]) -> Iterator[str]:
    graph = sorted({p for s in shapes for p in _graph_permissions(s)})
    others = sorted({s.permission for s in shapes if not graph_requests(s) and s.permission})
    yield "## Permissions\n"
    yield words.PERMISSIONS
    yield "```text"
    yield from graph
    yield "```\n"
    if others:
        yield "What does not come from Microsoft Graph needs besides:\n"
        yield from (f"- {permission}" for permission in others)
        yield ""
    yield "Sign in with just these:\n"
    yield "```powershell"
    yield "Connect-MgGraph -NoWelcome -Scopes @("
    yield ",\n".join(f"    '{permission}'" for permission in graph)
    yield ")\n```\n"


def _graph_permissions(shape: CollectionShape) -> list[str]:
    if not graph_requests(shape):
        return []
    return [p for p in shape.permission.split(", ") if GRAPH_PERMISSION.fullmatch(p)]


# --- one collection ------------------------------------------------------------------------------


def _section(shape: CollectionShape) -> Iterator[str]:
    yield f"### {shape.name}\n"
    yield f"{shape.description} Permission: {shape.permission}. [Documentation]({shape.source}).\n"
    yield from _commands(shape)


def _commands(shape: CollectionShape) -> Iterator[str]:
    if shape.command:
        yield from _block("powershell", [_cmdlet(shape)])
        return
    requests = graph_requests(shape)
    if requests:
        yield from _block("powershell", [_powershell(shape, uri) for uri in requests])
        yield from _block("bash", [_bash(shape, uri) for uri in requests])
        return
    web = WEB.match(shape.endpoint)
    yield from _web(shape, web[1]) if web else _by_hand(shape)


def _block(language: str, lines: list[str]) -> Iterator[str]:
    yield f"```{language}"
    yield from lines
    yield "```\n"


def graph_requests(shape: CollectionShape) -> list[str]:
    """Return the relative addresses of a collection; one that is composed has several."""
    if COMPOSED in shape.endpoint:
        return PARTS.findall(shape.endpoint)
    match = GRAPH.fullmatch(shape.endpoint)
    return [match[1]] if match else []


def file_of(name: str, uri: str) -> str:
    """Return the file in which `import graph` recognises the answer to a request, without `.json`.

    `{id}` stands for the object's id. It is the address without version and query; an id that
    stands in the query gets a file of its own.
    """
    path, _, query = re.sub(r"^/(v1\.0|beta)/", "", uri).partition("?")
    return f"{path}/{{id}}" if name in LOOPS and "{id}" in query else path


def _powershell(shape: CollectionShape, uri: str) -> str:
    loop = LOOPS.get(shape.name)
    call = f"Export-Graph {_ps(uri)} {_ps(file_of(shape.name, uri))}"
    if loop is None:
        return call
    return (
        f"foreach ($Id in (Get-Saved '{loop.owners}'{loop.powershell}).id) {{\n    {call}\n}}"
    )


def _ps(text: str) -> str:
    """Return PowerShell's text; `{id}` and `{from}` become variables."""
    if "{id}" not in text and "{from}" not in text:
        return "'" + text.replace("'", "''") + "'"
    inner = text.replace("`", "``").replace("$", "`$").replace('"', '`"')
    return '"' + inner.replace("{id}", "$Id").replace("{from}", "$From") + '"'


def _bash(shape: CollectionShape, uri: str) -> str:
    loop = LOOPS.get(shape.name)
    call = f"export_graph {_sh(uri)} {_sh(file_of(shape.name, uri))}"
    if loop is None:
        return call
    return (
        f"saved '{loop.owners}' '{loop.jq} | .id' | while read -r id; do\n    {call}\ndone"
    )


def _sh(text: str) -> str:
    """Return the shell's text; `{id}` and `{from}` become variables."""
    if "{id}" not in text and "{from}" not in text:
        return "'" + text.replace("'", "'\\''") + "'"
    inner = text.replace("\\", "\\\\").replace("$", "\\$").replace('"', '\\"').replace("`", "\\`")
    return '"' + inner.replace("{id}", "$id").replace("{from}", "$from") + '"'


def _cmdlet(shape: CollectionShape) -> str:
    if shape.is_list:
        return (
            f"@{{ value = @({shape.endpoint}) }} | ConvertTo-Json -Depth 20 |\n"
            f"    Out-File -Encoding utf8 '{shape.name}.json'"
        )
    return (
        f"{shape.endpoint} | ConvertTo-Json -Depth 20 | Out-File -Encoding utf8 "
        f"'{shape.name}.json'"
    )


def _web(shape: CollectionShape, url: str) -> Iterator[str]:
    azure = "management.azure.com" in url
    if "{id}" in url:
        whose = "subscription" if azure else "customer"
        yield words.ONE_BY_ONE.format(whose=whose, name=shape.name)
        plain = url.replace("{id}", f"<{whose} id>")
    else:
        plain = url
    file = f"{shape.name}.json"
    if azure:
        yield from _block("bash", [f"az rest --method get --url '{plain}' --output json > {file}"])
        return
    yield from _block("powershell", [
        f"(Invoke-WebRequest -UseBasicParsing -Headers $PartnerCenter -Uri '{plain}').Content |",
        f"    Out-File -Encoding utf8 '{file}'",
    ])
    yield from _block("bash", [
        'curl --silent --show-error --header "Authorization: Bearer $partner_center" \\',
        f"    '{plain}' > {file}",
    ])


def _by_hand(shape: CollectionShape) -> Iterator[str]:
    names = ", ".join(f"`{name}`" for name in shape.record.properties)
    yield words.BY_HAND.format(source=shape.endpoint, name=shape.name, properties=names)


def guide_path() -> Path:
    """Return where the committed page lies in a checkout."""
    return bundled.root() / "docs" / "exporting.md"


def main() -> None:
    """Write the committed page again."""
    shapes = bundled_shapes()
    text = exporting_guide(shapes, exported_collections(shapes))
    guide_path().write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
