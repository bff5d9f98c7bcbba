"""Seal the bundled packs: their digests and values, so that judging them reads no YAML.

``python -m tenantproof.authoring.seal`` rewrites the files of ``tenantproof/sealed``; a test says
when that is due.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from tenantproof import bundled
from tenantproof.document import load_yaml
from tenantproof.pack import Pack, load_pack
from tenantproof.schema import check
from tenantproof.shape import bundled_shapes


def sealed() -> dict[str, bytes]:
    """Return the sealed files by name; raises PolicyError where a bundled pack is wrong."""
    folders = sorted(p.parent for p in (bundled.root() / "policies").glob("*/pack.yaml"))
    return {f"{folder.name}.json": _seal(folder) for folder in folders}


def _seal(folder: Path) -> bytes:
    pack = load_pack(folder, folder.name, bundled_shapes(), check)
    files = {
        path.relative_to(folder).as_posix(): _file(path, pack)
        for path in sorted(folder.rglob("*.yaml"))
        if path.relative_to(folder).parts[0] != "fixtures"
    }
    value = {"digest": pack.digest, "files": files}
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"


def _file(path: Path, pack: Pack) -> dict[str, Any]:
    document = load_yaml(path.read_bytes(), path.name)
    value = dict(document.value) if isinstance(document.value, dict) else {}
    value.pop("tests", None)
    return {"line": document.key_position(("id",)).line, "value": value}


def main() -> None:
    """Rewrite the files."""
    bundled.sealed().mkdir(exist_ok=True)
    for name, data in sealed().items():
        (bundled.sealed() / name).write_bytes(data)


if __name__ == "__main__":
    main()
