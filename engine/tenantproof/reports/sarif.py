"""SARIF 2.1.0, the format in which code scanners tell what they found.

Specification: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html. Columns count
characters, which SARIF calls ``unicodeCodePoints``; an end column is that after the last character.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import quote

from tenantproof.problem import Position

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
FINGERPRINT: Final = "tenantproof/v1"


def log(
    version: str, rules: Iterable[Mapping[str, Any]], results: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return a log with one run of this tool.

    `rules` are reporting descriptors (`id`, `shortDescription`, ...), `results` what :func:`result`
    returns.
    """
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "tenantproof", "version": version, "semanticVersion": version,
                "rules": list(rules),
            }},
            "columnKind": "unicodeCodePoints",
            "results": list(results),
        }],
    }


def result(
    rule: str, level: str, text: str, location: Mapping[str, Any] | None, *identity: str
) -> dict[str, Any]:
    """Return one result; `level` is ``error``, ``warning`` or ``note``.

    `identity` are the texts that make it the same result in another run, such as a file and what
    is wrong there, without a line that moves.
    """
    digest = hashlib.sha256("\0".join((rule, *identity)).encode("utf-8", "surrogatepass"))
    return {
        "ruleId": rule,
        "level": level,
        "message": {"text": text},
        "locations": [location] if location else [],
        "partialFingerprints": {FINGERPRINT: digest.hexdigest()},
    }


def location(file: str, start: Position | None, end: Position | None) -> dict[str, Any]:
    """Return the place of a result in a file, which is named as the user named it."""
    place: dict[str, Any] = {"artifactLocation": {"uri": uri(file)}}
    if start:
        place["region"] = {"startLine": start.line, "startColumn": start.column, **_end(end)}
    return {"physicalLocation": place}


def uri(file: str) -> str:
    """Return a file's name as a URI reference: relative as it is, absolute with ``file://``."""
    path = file.replace("\\", "/")
    if path[1:2] == ":":
        path = f"/{path}"
    if path.startswith("/"):
        return f"file://{quote(path, safe='/:')}"
    return quote(path.removeprefix("./"))


def _end(end: Position | None) -> dict[str, int]:
    return {"endLine": end.line, "endColumn": end.column} if end else {}
