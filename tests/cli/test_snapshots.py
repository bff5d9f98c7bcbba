"""`snapshot init`, `snapshot validate` and `snapshot show`."""

from __future__ import annotations

import json

import pytest
from small import manifest


def test_init_lists_what_the_pack_reads(small):
    """A new manifest names each collection that the pack reads, how to get it, and lacks all."""
    ran = small.run("snapshot", "init", "new/deep", "--pack", "pack", "--kind", "partner")
    written = json.loads(small.path("new/deep/tenant.json").read_text())
    assert ran.code == 0
    assert sorted(written["collections"]) == ["securityDefaults", "users"]
    assert written["collections"]["securityDefaults"] == {
        "complete": False,
        "reason": "not_exported",
        "endpoint": "GET /v1.0/policies/identitySecurityDefaultsEnforcementPolicy",
        "permission": "Policy.Read.All",
    }
    assert written["tenant"]["kind"] == "partner"


def test_an_empty_snapshot_is_all_unknown(small):
    """No data is never a pass: what `init` wrote leaves everything unknown."""
    small.run("snapshot", "init", "new", "--pack", "pack")
    ran = small.check("new", "--output", "json")
    summary = json.loads(ran.out)["tenants"][0]["summary"]
    assert (ran.code, summary["unknown"], summary["pass"]) == (5, 2, 0)


def test_init_overwrites_nothing(small):
    """A manifest that is there is left alone: exit 2."""
    before = small.path("good/tenant.json").read_bytes()
    ran = small.run("snapshot", "init", "good", "--pack", "pack")
    assert (ran.code, "is there already" in ran.err) == (2, True)
    assert small.path("good/tenant.json").read_bytes() == before


def test_validate_a_sound_snapshot(small):
    """Nothing to say of a sound snapshot: exit 0."""
    ran = small.run("snapshot", "validate", "good")
    assert (ran.code, ran.out) == (0, "2 collections, 3 records: all complete and sound\n")


def damaged(**changes):
    """Return a snapshot of which the first user's properties are changed."""
    value = manifest()
    value["collections"]["users"]["data"][0].update(changes)
    return value


DAMAGES = {
    "wrong type": (damaged(accountEnabled="True"), "warning[wrong-type]",
                   "/users/0/accountEnabled"),
    "unknown value": (damaged(userType="Alien"), "warning[unknown-value]", "/users/0/userType"),
    "duplicate id": (damaged(id="U2"), "warning[duplicate-id]", "2 records of `users`"),
    "incomplete": (manifest(partial=True), "warning[incomplete]", "`users` could not be read"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_validate_finds(name, small):
    """Damage is told with its place: exit 5."""
    value, rule, place = DAMAGES[name]
    ran = small.run("snapshot", "validate", small.write("x.json", value))
    assert (ran.code, rule in ran.out, place in ran.out) == (5, True, True), ran.out


def test_validate_finds_what_is_written_in_the_wrong_case(small):
    """A property in the wrong case is told with the name it has."""
    value = manifest()
    user = value["collections"]["users"]["data"][0]
    user["AccountEnabled"] = user.pop("accountEnabled")
    user["userType"] = 1
    ran = small.run("snapshot", "validate", small.write("x.json", value))
    assert (ran.code, "written as `AccountEnabled`" in ran.out) == (5, True)


def test_validate_finds_keys_that_are_set_twice(small):
    """A key that is set twice in one object is told with its line."""
    file = small.path("good/users.json")
    file.write_text(file.read_text().replace('{"id": "u1"', '{"id": "u0", "id": "u1"', 1))
    ran = small.run("snapshot", "validate", "good")
    assert ran.code == 5
    assert "good/users.json:1:15: warning[duplicate-key]: `id` is set twice in `/0`" in ran.out


def test_validate_finds_files_that_are_not_listed(small):
    """A file that the manifest does not list is told."""
    small.path("good/extra.json").write_text("[]")
    ran = small.run("snapshot", "validate", "good")
    assert (ran.code, "warning[unlisted-file]" in ran.out) == (5, True)


def test_validate_what_cannot_be_read(small):
    """An unreadable snapshot: exit 3."""
    ran = small.run("snapshot", "validate", "broken.json")
    assert (ran.code, ran.out) == (3, "")


def test_show(small):
    """`show` lists the collections with their records and what is missing."""
    ran = small.run("snapshot", "show", "partial.json")
    assert ran.code == 0
    assert "Tenant        Contoso (11111111-2222-4333-8444-555555555555)\n" in ran.out
    assert "Exported      2026-11-20T06:00:00Z, 6 days old\n" in ran.out
    assert "users             0        no: could not be read: access was denied\n" in ran.out
    assert "securityDefaults  1        yes\n" in ran.out
