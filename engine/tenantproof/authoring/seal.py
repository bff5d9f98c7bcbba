"""Write down the digests of the bundled packs, checked against the schemas, for a quick start.

``python -m tenantproof.authoring.seal`` rewrites ``known_packs.txt``; a test says when it is due.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tenantproof import bundled
from tenantproof.pack import load_pack
from tenantproof.schema import check
from tenantproof.shape import bundled_shapes

FILE: Final = Path(__file__).parents[1] / "known_packs.txt"
HEAD: Final = (
    "# Packs that satisfied every schema when this version was made; written by\n"
    "# `python -m tenantproof.authoring.seal`.\n"
)


def sealed() -> str:
    """Return what the file has to say; raises PolicyError where a bundled pack is wrong."""
    folders = sorted(p.parent for p in (bundled.root() / "policies").glob("*/pack.yaml"))
    packs = [load_pack(f, f"policies/{f.name}", bundled_shapes(), check) for f in folders]
    return HEAD + "".join(f"{pack.digest} {pack.id}\n" for pack in packs)


def main() -> None:
    """Rewrite the file."""
    FILE.write_text(sealed(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
