"""The small pack and snapshots on disk: written once, copied for every test."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pytest
from small import Small, manifest, write_folder, write_pack

SNAPSHOTS = {
    "good.json": manifest(),
    "bad.json": manifest(enabled=False),
    "guest.json": manifest(guest=True),
    "partial.json": manifest(partial=True),
}


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that every test copies."""
    folder = tmp_path_factory.mktemp("small")
    write_pack(folder / "pack")
    write_folder(folder / "good", manifest())
    for name, value in SNAPSHOTS.items():
        (folder / name).write_text(json.dumps(value), encoding="utf-8")
    (folder / "broken.json").write_text("{", encoding="utf-8")
    with zipfile.ZipFile(folder / "good.zip", "w") as archive:
        for file in sorted((folder / "good").iterdir()):
            archive.write(file, f"good/{file.name}")
    return folder


@pytest.fixture
def small(written: Path, tmp_path: Path) -> Small:
    """A fresh copy of the pack and the snapshots."""
    shutil.copytree(written, tmp_path / "small")
    return Small(tmp_path / "small")
