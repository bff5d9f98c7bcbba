"""An index beside saved responses: which request each file answers, whatever its name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

NAME: Final = "index.json"
ADDRESS_KEYS: Final = ("url", "uri", "request", "requestUrl")
ROOT: Final = re.compile(r"^(?:GET\s+)?(?:https?://[^/]+)?/*", re.IGNORECASE)


def read_index(source: Path) -> Mapping[str, str]:
    """Return the address that the index gives for each file, without service and method.

    The index is `index.json` in the source: an object of addresses by file name, or a list of
    objects with `file` and `url`. Anything else is no index, and gives nothing.
    """
    file = source / NAME
    try:
        value = msgspec.json.decode(file.read_bytes())
    except (OSError, msgspec.DecodeError, RecursionError):
        return {}
    pairs = dict(_pairs(value))
    known = {name: address for name, address in pairs.items() if (source / name).is_file()}
    return {name: ROOT.sub("", address) for name, address in known.items()}


def _pairs(value: Any) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        found = list(value.items())
    elif isinstance(value, list):
        found = [(one.get("file"), _address(one)) for one in value if isinstance(one, dict)]
    else:
        found = []
    return [(n, a) for n, a in found if isinstance(n, str) and isinstance(a, str)]


def _address(entry: Mapping[str, Any]) -> Any:
    return next((entry[key] for key in ADDRESS_KEYS if key in entry), None)
