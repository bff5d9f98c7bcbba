"""`tenantproof import graph` as a process: what it writes, prints and returns."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tenantproof.cli.importing import policies_in_doubt
from tenantproof.policy import Reference
from tenantproof.verdict import Verdict

V1 = "https://graph.microsoft.com/v1.0/$metadata#"
USERS = {"@odata.context": f"{V1}users", "value": [{"id": "u1", "displayName": "A\u001b[31mna"}]}
ORGANIZATION = {
    "@odata.context": f"{V1}organization", "value": [{"id": "t1", "displayName": "Contoso"}],
}


@pytest.fixture
def source(tmp_path):
    """A folder with two responses and a file that is none."""
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "users.json").write_text(json.dumps(USERS))
    (folder / "o.json").write_text(json.dumps(ORGANIZATION))
    (folder / "notes.txt").write_text("hello")
    return folder


def run(*arguments, at="2026-01-01T00:00:00Z"):
    """Run the command; returns the finished process."""
    return subprocess.run(
        [sys.executable, "-m", "tenantproof", "import", "graph", *map(str, arguments),
         "--exported-at", at],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def test_an_import_writes_a_snapshot_and_says_what_is_missing(source, tmp_path):
    """The table goes to standard output, warnings go to standard error."""
    process = run(source, "--to", tmp_path / "new" / "snapshot")
    assert process.returncode == 0
    assert "users         1 record  1 file  complete" in process.stdout
    assert "groups was not exported\n      export GET /v1.0/groups?$select=" in process.stdout
    assert "warning[unrecognised-file]" in process.stderr
    written = sorted(path.name for path in (tmp_path / "new" / "snapshot").iterdir())
    assert written == ["organization.json", "tenant.json", "users.json"]


def test_one_file_can_be_the_source(source, tmp_path):
    """A single response makes a snapshot of one collection."""
    process = run(source / "users.json", "--to", tmp_path / "out", "--tenant-id", "t1")
    assert process.returncode == 0
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["tenant.json", "users.json"]


def test_a_folder_that_is_empty_may_be_the_target(source, tmp_path):
    """An empty folder is as good as none."""
    (tmp_path / "out").mkdir()
    assert run(source, "--to", tmp_path / "out").returncode == 0
    assert (tmp_path / "out" / "tenant.json").is_file()


def test_a_folder_in_use_is_left_alone(source, tmp_path):
    """An import never adds to what is there."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("x")
    process = run(source, "--to", tmp_path / "out")
    assert (process.returncode, process.stdout) == (2, "")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine"]


@pytest.mark.parametrize(("broken", "at", "code"), [
    (b"{", "2026-01-01T00:00:00Z", 3),
    (b"{}", "yesterday", 2),
    (b'{"responses": []}', "2026-01-01T00:00:00Z", 3),
])
def test_nothing_is_written_when_the_import_fails(broken, at, code, source, tmp_path):
    """Neither the folder nor a temporary one stays behind."""
    (source / "policies.json").write_bytes(broken)
    process = run(source, "--to", tmp_path / "out", at=at)
    assert (process.returncode, process.stdout) == (code, "")
    assert "error[" in process.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["source"]


def test_a_target_that_cannot_be_written_is_an_error(source, tmp_path):
    """An output that could not be written has its own exit code."""
    (tmp_path / "file").write_text("x")
    process = run(source, "--to", tmp_path / "file" / "out")
    assert process.returncode == 3
    assert "cannot be written" in process.stderr


class OnePolicy:
    """A policy that reads these collections and facts."""

    def __init__(self, name, *reads, check=None):
        self.id = name
        self.check = check
        self._reads = frozenset(reads)

    def collections(self):
        """Return what it reads."""
        return self._reads


def test_policies_are_in_doubt_through_the_facts_that_they_read():
    """A fact is no better than the collections that it is made of."""
    policies = [OnePolicy("B-002", "accounts"), OnePolicy("A-001", "users", "domains"),
                OnePolicy("C-003", "securityDefaults")]
    assert policies_in_doubt(policies, {"users"}) == {
        "A-001": frozenset({"users"}), "B-002": frozenset({"users"}),
    }


def test_policies_are_in_doubt_through_the_policies_that_they_ask():
    """A verdict that rests on another one is no better than that."""
    asking = OnePolicy("A-001", check=Reference("B-001", Verdict.PASS))
    policies = [asking, OnePolicy("B-001", "users")]
    assert policies_in_doubt(policies, {"users"}) == {
        "A-001": frozenset({"users"}), "B-001": frozenset({"users"}),
    }
