"""What a snapshot's damages do: the table of `docs/semantics.md`, row by row."""

from __future__ import annotations

import gzip
import io
import json
import zipfile

import pytest

from tenantproof.facts.base import value_at
from tenantproof.problem import SnapshotError
from tenantproof.shape import bundled_shapes
from tenantproof.snapshot import load, load_value
from tenantproof.sources import open_source
from tenantproof.verdict import Unknown, Why

SHAPES = bundled_shapes()
USER = {"id": "u1", "displayName": "Ana", "accountEnabled": True, "otherMails": ["a@b.example"]}
TENANT = {"id": "t1", "displayName": "Contoso", "kind": "partner"}


def manifest(**collections):
    """A manifest with these entries."""
    return {
        "format": 1, "tenant": TENANT, "exportedAt": "2026-01-01T00:00:00Z",
        "collections": collections,
    }


def folder(tmp_path, users, file="users.json", **entry):
    """A snapshot folder whose `users` file holds these bytes."""
    data = users if isinstance(users, bytes) else json.dumps(users).encode()
    (tmp_path / file).write_bytes(data)
    entry = {"file": file, "complete": True, **entry}
    (tmp_path / "tenant.json").write_text(json.dumps(manifest(users=entry)))
    return str(tmp_path)


def users_of(path):
    """The collection `users` of a snapshot."""
    return load(open_source(path), SHAPES).collection("users")


WHOLE = {
    "an array": json.dumps([USER]).encode(),
    "a response": json.dumps({"@odata.context": "x#users", "value": [USER]}).encode(),
    "pages in one file": json.dumps([
        {"@odata.context": "x", "@odata.nextLink": "y", "value": []}, {"value": [USER]},
    ]).encode(),
    "UTF-8 with a mark": b"\xef\xbb\xbf" + json.dumps([USER]).encode(),
    "UTF-16 little endian with a mark": json.dumps([USER]).encode("utf-16"),
    "UTF-16 big endian with a mark": b"\xfe\xff" + json.dumps([USER]).encode("utf-16-be"),
    "blanks around": b"\r\n  " + json.dumps([USER]).encode() + b"\n",
}


@pytest.mark.parametrize("form", WHOLE)
def test_each_form_of_a_file_gives_the_same_records(form, tmp_path):
    """A collection may come as an array, a response or pages, in any marked encoding."""
    users = users_of(folder(tmp_path, WHOLE[form]))
    assert users.complete
    assert ["u1"] == [value_at(user, "id") for user in users.records]


def test_ndjson_and_gzip_are_read(tmp_path):
    """A log may be NDJSON, packed or not."""
    lines = b"".join(json.dumps({**USER, "id": str(i)}).encode() + b"\r\n" for i in range(3))
    packed = users_of(folder(tmp_path, gzip.compress(lines), "users.ndjson.gz"))
    assert packed.complete
    assert ["0", "1", "2"] == [value_at(user, "id") for user in packed.records]


INCOMPLETE = {
    "an error body": ({"error": {"code": "Authorization_RequestDenied"}}, Why.DENIED),
    "a next page": ({"@odata.nextLink": "https://x", "value": [USER]}, Why.TRUNCATED),
    "fewer than announced": ({"@odata.count": 2, "value": [USER]}, Why.TRUNCATED),
    "null": (b"null", Why.NOT_EXPORTED),
    "a null value": ({"value": None}, Why.NOT_EXPORTED),
    "a blank file": (b" \n", Why.NOT_EXPORTED),
    "an empty file": (b"", Why.NOT_EXPORTED),
    "one unrolled object": (USER, Why.WRONG_TYPE),
    "a number": (b"7", Why.WRONG_TYPE),
    "text": (b'"System.Object[]"', Why.WRONG_TYPE),
    "a value that is no list": ({"value": "x"}, Why.WRONG_TYPE),
}


@pytest.mark.parametrize("damage", INCOMPLETE)
def test_a_damaged_file_is_an_incomplete_collection(damage, tmp_path):
    """What a file shows outranks `complete: true`, and none of it is ever an empty list."""
    content, why = INCOMPLETE[damage]
    users = users_of(folder(tmp_path, content))
    assert (False, why) == (users.complete, users.why)


def test_what_the_manifest_says_counts_too(tmp_path):
    """A collection is complete only where the manifest says so."""
    assert users_of(folder(tmp_path, [USER])).complete
    said = json.loads((tmp_path / "tenant.json").read_text())
    for entry, why in [
        ({"file": "users.json"}, Why.NOT_STATED),
        ({"file": "users.json", "complete": False, "reason": "truncated"}, Why.TRUNCATED),
        ({"complete": False, "reason": "denied"}, Why.DENIED),
        ({"complete": False, "reason": "no time"}, Why.NOT_EXPORTED),
    ]:
        said["collections"]["users"] = entry
        (tmp_path / "tenant.json").write_text(json.dumps(said))
        users = users_of(str(tmp_path))
        assert (False, why) == (users.complete, users.why), entry


def test_a_collection_that_is_not_listed_was_not_exported(tmp_path):
    """What the manifest does not list was not exported, with the request that would supply it."""
    snapshot = load(open_source(folder(tmp_path, [USER])), SHAPES)
    groups = snapshot.collection("groups")
    assert (False, Why.NOT_EXPORTED) == (groups.complete, groups.why)
    assert groups.endpoint.startswith("GET /v1.0/groups")


REFUSED = {
    "no manifest": lambda p: (p / "tenant.json").unlink(),
    "no exportedAt": lambda p: _edit(p, lambda m: m.pop("exportedAt")),
    "a naive exportedAt": lambda p: _edit(p, lambda m: m.update(exportedAt="2026-01-01T00:00:00")),
    "a newer format": lambda p: _edit(p, lambda m: m.update(format=2)),
    "an unknown key": lambda p: _edit(p, lambda m: m.update(complet=True)),
    "an unknown kind": lambda p: _edit(p, lambda m: m["tenant"].update(kind="partnr")),
    "a listed file missing": lambda p: (p / "users.json").unlink(),
    "not JSON": lambda p: (p / "users.json").write_text("[{'id': 1}]"),
    "truncated": lambda p: (p / "users.json").write_text('[{"id": "a"'),
    "NaN": lambda p: (p / "users.json").write_text('[{"id": NaN}]'),
    "nested too deeply": lambda p: (p / "users.json").write_text("[" * 20_000),
    "a lone surrogate": lambda p: (p / "users.json").write_text(r'[{"id": "\ud800"}]'),
    "UTF-16 without a mark": lambda p: (p / "users.json").write_bytes("[]".encode("utf-16-le") * 9),
    "a path out of the folder": lambda p: _file(p, "../users.json"),
    "an absolute path": lambda p: _file(p, "/etc/hostname"),
    "complete without a file": lambda p: _edit(
        p, lambda m: m["collections"]["users"].pop("file")),
}  # fmt: skip


def _edit(path, change):
    said = json.loads((path / "tenant.json").read_text())
    change(said)
    (path / "tenant.json").write_text(json.dumps(said))


def _file(path, name):
    _edit(path, lambda m: m["collections"]["users"].update(file=name))


@pytest.mark.parametrize("damage", REFUSED)
def test_what_cannot_be_read_is_refused(damage, tmp_path):
    """A snapshot that cannot be read is an error with a file and a remedy, never a traceback."""
    path = folder(tmp_path, [USER])
    REFUSED[damage](tmp_path)
    with pytest.raises(SnapshotError) as caught:
        load(open_source(path), SHAPES)
    for problem in caught.value.problems:
        assert problem.file
        assert problem.help
        assert not problem.message.endswith(".")


def test_a_link_out_of_the_folder_is_refused(tmp_path):
    """A file that is a link to the outside is not read."""
    path = folder(tmp_path, [USER])
    (tmp_path / "users.json").unlink()
    (tmp_path / "users.json").symlink_to("/etc/hostname")
    with pytest.raises(SnapshotError, match="leads out of the snapshot"):
        load(open_source(path), SHAPES)


def test_an_archive_reads_like_its_folder(tmp_path):
    """A zip of a folder, with or without the folder itself, gives the same collections."""
    folder(tmp_path, [USER])
    for prefix in ("", "export/"):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for name in ("tenant.json", "users.json"):
                archive.write(tmp_path / name, prefix + name)
        snapshot = load(open_source("-", packed.getvalue()), SHAPES)
        assert snapshot.collection("users").complete


@pytest.mark.parametrize("names", [["../tenant.json"], ["/tenant.json"], ["users.json"],
                                   ["a/tenant.json", "b/tenant.json"]])
def test_a_hostile_archive_is_refused(names):
    """An archive with paths that lead out, or without exactly one snapshot, is refused."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, "{}")
    with pytest.raises(SnapshotError):
        load(open_source("-", packed.getvalue()), SHAPES)


def test_an_archive_that_grows_beyond_all_measure_is_refused():
    """A zip bomb is refused before it is unpacked."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("tenant.json", b" " * (120 * 2**20))
    with pytest.raises(SnapshotError, match="grows beyond all measure"):
        open_source("-", packed.getvalue())


def user(**properties):
    """The one user of a snapshot with these properties."""
    value = manifest(users={"data": [properties], "complete": True})
    return load_value(value, "x", SHAPES).collection("users").records[0]


def why(value):
    """Why a value is not known."""
    assert isinstance(value, Unknown), value
    return value.reasons[0].why


DAMAGED = [
    ({"accountEnabled": "False"}, "accountEnabled", Why.WRONG_TYPE),
    ({"AccountEnabled": True}, "accountEnabled", Why.NOT_EXPORTED),
    ({"otherMails": "one@a.example two@b.example"}, "otherMails", Why.WRONG_TYPE),
    ({"assignedPlans": "System.Object[]"}, "assignedPlans", Why.WRONG_TYPE),
    ({"signInActivity": "@{lastSignInDateTime=}"}, "signInActivity", Why.WRONG_TYPE),
    ({"assignedLicenses": {"skuId": "x"}}, "assignedLicenses", Why.WRONG_TYPE),
    ({"id": 7}, "id", Why.WRONG_TYPE),
    ({"id": None}, "id", Why.WRONG_TYPE),
    ({"userType": "Membre"}, "userType", Why.UNKNOWN_VALUE),
    ({}, "displayName", Why.NOT_EXPORTED),
]


@pytest.mark.parametrize(("properties", "name", "reason"), DAMAGED)
def test_a_damaged_property_is_unknown_alone(properties, name, reason):
    """What does not fit the schema is unknown, and only that: the record's rest stands."""
    record = user(mail="ana@contoso.example", **properties)
    assert reason == why(value_at(record, name))
    assert value_at(record, "mail") == "ana@contoso.example"


def test_a_record_that_is_no_object_is_unknown_as_a_whole():
    """A text between the records makes one record of which nothing is known."""
    value = manifest(users={"data": [USER, "System.Object"], "complete": True})
    whole, odd = load_value(value, "x", SHAPES).collection("users").records
    assert value_at(whole, "accountEnabled") is True
    assert why(value_at(odd, "accountEnabled")) is Why.WRONG_TYPE


def test_select_outranks_both_readings_of_absence():
    """What was selected and is absent is null; what was not selected was not exported."""
    entry = {"data": [{"id": "u1"}], "complete": True, "select": ["id", "mail"]}
    (record,) = load_value(manifest(users=entry), "x", SHAPES).collection("users").records
    assert value_at(record, "mail") is None
    assert why(value_at(record, "displayName")) is Why.NOT_EXPORTED


def test_a_selected_property_in_the_wrong_case_is_not_null():
    """`OnPremisesSyncEnabled` where `onPremisesSyncEnabled` was selected is damage, not null."""
    for spelt in ("OnPremisesSyncEnabled", "onPremisesSync\\u0045nabled"):
        text = f'[{{"id": "u1", "{spelt}": true}}]'
        entry = {"data": json.loads(text), "complete": True, "select": ["onPremisesSyncEnabled"]}
        (record,) = load_value(manifest(users=entry), "x", SHAPES).collection("users").records
        found = value_at(record, "onPremisesSyncEnabled")
        assert found is True if "\\u" in spelt else why(found) is Why.WRONG_CASE


def test_a_null_parent_makes_what_is_below_it_null():
    """Null above is null below; a parent that was not exported makes the rest unknown."""
    assert value_at(user(signInActivity=None), "signInActivity", "lastSignInDateTime") is None
    below = value_at(user(), "signInActivity", "lastSignInDateTime")
    assert why(below) is Why.NOT_EXPORTED


def test_a_misspelt_collection_is_a_warning_with_a_proposal():
    """A collection that no policy can read is named, with the one that was probably meant."""
    snapshot = load_value(manifest(user={"data": [], "complete": True}), "x", SHAPES)
    (warning,) = snapshot.warnings
    assert ("unknown-collection", "did you mean `users`?") == (warning.rule, warning.help)


def test_a_file_that_is_not_listed_is_a_warning(tmp_path):
    """A file beside the manifest that it does not list is not read, and said to be so."""
    path = folder(tmp_path, [USER])
    (tmp_path / "groups.json").write_text("[]")
    (warning,) = load(open_source(path), SHAPES).warnings
    assert warning.rule == "unlisted-file"


def test_the_digest_changes_with_any_byte(tmp_path):
    """The digest covers the manifest and every file."""
    path = folder(tmp_path, [USER])
    before = load(open_source(path), SHAPES).digest
    (tmp_path / "users.json").write_text(json.dumps([USER]) + " ")
    assert before != load(open_source(path), SHAPES).digest
