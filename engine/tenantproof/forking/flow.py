"""Values written as YAML in one line."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_./@ -]*[A-Za-z0-9]", re.ASCII)
WORDS: Final = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def flow(value: Any) -> str:
    """Return a value as YAML in one line that our subset reads back as the same value."""
    if isinstance(value, list):
        return f"[{', '.join(map(flow, value))}]"
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{flow(k)}: {flow(v)}' for k, v in value.items())} }}"
    if not isinstance(value, str):
        return json.dumps(value)
    plain = PLAIN.fullmatch(value) and value.casefold() not in WORDS
    return value if plain else json.dumps(value, ensure_ascii=False)
