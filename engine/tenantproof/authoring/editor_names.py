"""Keeps what an editor offers for ``for:`` in step with the collections and facts.

``python -m tenantproof.authoring.editor_names`` rewrites ``schemas/policy.schema.json``. The names
stand there as `examples`, which editors offer and validators ignore: a name that no schema knows is
found by ``lint``, whose message is better.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final

from tenantproof import bundled

PLACE: Final = re.compile(r'("source": \{(?:(?!\n    \}).)*?"examples": \[)[^\]]*(\])', re.DOTALL)


def names() -> list[str]:
    """Return the names of all collections and facts, in alphabetical order."""
    folder: Path = bundled.schemas() / "collections"
    return sorted(path.name.removesuffix(".schema.json") for path in folder.glob("*.schema.json"))


def with_names(schema: str) -> str:
    """Return the policy schema's text with the names as they are; ValueError without a place."""
    listed = ",\n".join(f"        {json.dumps(name)}" for name in names())
    changed, count = PLACE.subn(rf"\g<1>\n{listed}\n      \g<2>", schema)
    if count != 1:
        raise ValueError("the schema's `source` needs `examples`")
    return changed


def main() -> None:
    """Rewrite the schema."""
    path: Path = bundled.schemas() / "policy.schema.json"
    path.write_text(with_names(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
