"""What all tests share: the schemas, the bundled pack, and golden files one can read."""

from __future__ import annotations

from pathlib import Path

import pytest
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from tenantproof import bundled, schema
from tenantproof.pack import Pack, load_pack
from tenantproof.shape import Shapes, bundled_shapes

ROOT = Path(__file__).parents[1]
PACK = bundled.pack()
POLICIES = "*/[A-Z]*-[0-9][0-9][0-9]-*.yaml"


class Golden(SingleFileSnapshotExtension):
    """One readable file per golden output, in a folder `golden` beside the test."""

    file_extension = "txt"
    _write_mode = WriteMode.TEXT

    @classmethod
    def dirname(cls, *, test_location):
        """The folder of a test module's golden files; nothing but an export is a snapshot."""
        place = Path(test_location.filepath)
        return str(place.parent / "golden" / place.stem)


@pytest.fixture
def golden(snapshot):
    """Compare with a golden file: `assert golden(name="...") == text`."""
    return snapshot.use_extension(Golden)


@pytest.fixture(scope="session")
def shapes() -> Shapes:
    """The bundled schemas of collections and facts."""
    return bundled_shapes()


@pytest.fixture(scope="session")
def pack(shapes) -> Pack:
    """The bundled pack."""
    return load_pack(PACK, "policies/partner-center", shapes, schema.check)


def policy_ids() -> list[str]:
    """The ids of the bundled policies, from their file names."""
    names = (path.name.split("-") for path in PACK.glob(POLICIES))
    return sorted(f"{family}-{number}" for family, number, *_ in names)


def pytest_generate_tests(metafunc):
    """Give every test that asks for `policy_id` one run per bundled policy."""
    if "policy_id" in metafunc.fixturenames:
        metafunc.parametrize("policy_id", policy_ids())
