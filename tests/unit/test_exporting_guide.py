"""The exporting guide: current, and its commands give what the importer recognises."""

from __future__ import annotations

import json
import re

import pytest

from tenantproof.authoring.exporting import (
    LOOPS,
    exported_collections,
    exporting_guide,
    file_of,
    graph_requests,
    guide_path,
)
from tenantproof.importers.objects import PER_OBJECT
from tenantproof.importers.places import Places
from tenantproof.shape import bundled_shapes
from tenantproof.snapshot import load_value

SHAPES = bundled_shapes()
GUIDE = exporting_guide(SHAPES, exported_collections(SHAPES))
GUID = "0f5c1d9e-7a34-4a0b-b3a5-9d1f0e2c4b68"


def test_the_committed_guide_is_current():
    """`python -m tenantproof.authoring.exporting` writes it again."""
    assert guide_path().read_text(encoding="utf-8") == GUIDE


@pytest.mark.parametrize("name", exported_collections(SHAPES))
def test_every_collection_has_its_section_and_commands(name):
    """Each collection is described with permission and a way to export it."""
    section = GUIDE.split(f"\n### {name}\n")[1].split("\n#")[0]
    assert SHAPES[name].permission in section
    assert "```" in section or "Write the rows into" in section


@pytest.mark.parametrize("name", [n for n in exported_collections(SHAPES)
                                  if graph_requests(SHAPES[n])])
def test_the_importer_recognises_the_files_that_the_guide_writes(name):
    """A file that the commands save leads to the collection, and to its object's id."""
    places = Places(SHAPES)
    found = [
        places.of_path(file_of(name, uri).replace("{id}", GUID))
        for uri in graph_requests(SHAPES[name])
    ]
    assert [(p.collection, p.object_id) for p in found if p] == [
        (name, GUID if name in PER_OBJECT else "")
    ] * len(found)


def test_the_guide_loops_over_the_owners_that_the_importer_asks_for():
    """Whose ids a command reads is the collection that decides on completeness."""
    places = Places(SHAPES)
    owners = {name: places.of_path(loop.owners) for name, loop in LOOPS.items()}
    assert {name: place.collection for name, place in owners.items() if place} == {
        name: spec.owners for name, spec in PER_OBJECT.items()
    }


def test_the_manifest_of_the_guide_is_one():
    """The whole example is valid as it stands; only its files are not there."""
    example = json.loads(re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL)[0])
    for entry in example["collections"].values():
        if entry.pop("file", None):
            entry["data"] = []
    assert load_value(example, "example", SHAPES).warnings == ()
