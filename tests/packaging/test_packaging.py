"""The wheel and the sdist work where nothing of the checkout is there, and so does an edit."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "snapshots" / "partner-at-risk"


def run(*command: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command far from the checkout."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL"))}
    return subprocess.run(
        [str(word) for word in command], cwd=cwd, env=environment, capture_output=True, text=True,
        check=False, timeout=600,
    )  # fmt: skip


def succeeded(ran: subprocess.CompletedProcess[str]) -> str:
    """The standard output of a command that must have succeeded."""
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The folder with the sdist, and the wheel that is built from it."""
    out = tmp_path_factory.mktemp("dist")
    succeeded(run(sys.executable, "-m", "build", "-q", "-o", out, ROOT, cwd=out))
    return out


def installed(target: Path, *what: object) -> Path:
    """A new environment with these installed; returns its folder of commands."""
    venv.create(target, with_pip=True)
    binaries = target / "bin"
    succeeded(run(binaries / "python", "-m", "pip", "install", "-q", *what, cwd=target))
    return binaries


@pytest.mark.parametrize("kind", ["*.whl", "*.tar.gz"])
def test_an_archive_installs_and_judges_elsewhere(built, tmp_path, kind):
    """Installed from the wheel or the sdist, the command judges a sample from another folder."""
    (archive,) = built.glob(kind)
    binaries = installed(tmp_path / "env", archive)
    judged = run(binaries / "tenantproof", "check", SAMPLE, "--output", "json", cwd=tmp_path)
    assert judged.returncode == 1, judged.stderr
    here = run(sys.executable, "-m", "tenantproof", "check", SAMPLE, "--output", "json",
               cwd=tmp_path)
    assert here.stdout == judged.stdout
    succeeded(run(binaries / "tenantproof", "lint", cwd=tmp_path))
    succeeded(run(binaries / "tenantproof", "test", cwd=tmp_path))
    team = tmp_path / "team"
    succeeded(run(binaries / "tenantproof", "init", team, "--id", "contoso", "--copy",
                  cwd=tmp_path))
    succeeded(run(binaries / "tenantproof", "pack", "verify", cwd=team))
    succeeded(run(binaries / "tenantproof", "pack", "update", "--from", "upstream/partner-center",
                  "--to", "partner-center", cwd=team))


def test_an_editable_install_reads_the_checkout(tmp_path):
    """In an editable install policies and schemas are read from the checkout itself."""
    binaries = installed(tmp_path / "env", "-e", ROOT)
    where = "from tenantproof import bundled; print(bundled.root())"
    assert f"{ROOT}\n" == succeeded(run(binaries / "python", "-c", where, cwd=tmp_path))
    judged = run(binaries / "tenantproof", "check", SAMPLE, cwd=tmp_path)
    assert judged.returncode == 1, judged.stderr


def test_the_wheel_holds_what_the_package_reads(built):
    """Policies, schemas and the type marker lie inside the package, and nothing else does."""
    import zipfile

    (wheel,) = built.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "tenantproof/policies/partner-center/pack.yaml" in names
    assert "tenantproof/schemas/policy.schema.json" in names
    assert "tenantproof/py.typed" in names
    assert {"tenantproof"} == {n.split("/")[0] for n in names if ".dist-info/" not in n}
