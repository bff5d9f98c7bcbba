"""A long list is read piece by piece: the same snapshot as when its file is read whole."""

from __future__ import annotations

import io
import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenantproof import long_lists, snapshot
from tenantproof.collection import Unread
from tenantproof.long_lists import OddListError, lists
from tenantproof.problem import SnapshotError
from tenantproof.shape import bundled_shapes
from tenantproof.snapshot import load
from tenantproof.sources import FolderSource

MANIFEST = {
    "format": 1, "tenant": {"id": "11111111-1111-4111-8111-111111111111",
                                   "displayName": "Contoso", "kind": "partner"},
    "exportedAt": "2026-11-01T00:00:00Z",
}
STYLES = {
    "compact": {"separators": (",", ":")}, "Python's": {}, "indented": {"indent": 2},
    "with tabs": {"indent": "\t"}, "in ASCII": {"ensure_ascii": True, "indent": 1},
}


def users(number, **more):
    """Accounts whose texts look like the borders between records."""
    return [{
        "id": f"00000000-0000-4000-8000-{n:012}", "displayName": 'a"},{"id":"x","displayName":"é',
        "accountEnabled": n % 3 > 0, "userType": "Member", "assignedPlans": [
            {"id": "p", "displayName": "q"}, {"id": "p", "service": "{"}],
        **more,
    } for n in range(number)]


def snapshot_of(folder, text, name="users", **entry):
    """The snapshot of a folder whose one collection is this text."""
    file = f"{name}.json"
    (folder / file).write_bytes(text.encode() if isinstance(text, str) else text)
    (folder / "tenant.json").write_text(json.dumps(
        {**MANIFEST, "collections": {name: {"file": file, "complete": True, **entry}}}))
    return folder


def loaded(folder, needed=None):
    """What is known of the snapshot: its records as plain values and its digest, or the faults."""
    try:
        found = load(FolderSource(folder), bundled_shapes(), needed)
    except SnapshotError as error:
        return [(one.rule, one.message, one.position) for one in error.problems]
    one = found.collections["users"]
    records = len(one.records) if isinstance(one.records, Unread) else [
        repr(record) for record in one.records]
    return records, one.complete, one.why, one.detail, found.digest


@pytest.fixture
def pieces(monkeypatch):
    """Counts the pieces that were read; a piece holds a few records, and each list is long."""
    made = []

    def counted(stream, seen):
        for one in lists(stream, seen):
            made.append(bytes(one))
            yield one

    monkeypatch.setattr("tenantproof.sources.LONG_LIST", 1)
    monkeypatch.setattr(long_lists, "PIECE", 1_500)
    monkeypatch.setattr(snapshot, "lists", counted)
    return made


def whole(folder, needed, monkeypatch):
    """The same when the file is read whole."""
    with monkeypatch.context() as patched:
        patched.setattr("tenantproof.sources.LONG_LIST", 2**40)
        return loaded(folder, needed)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("needed", [None, {}], ids=["every property", "only counted"])
@pytest.mark.parametrize("end", ["", "\n", " \r\n"])
def test_pieces_come_to_the_same_as_the_whole(style, needed, end, pieces, tmp_path, monkeypatch):
    """Records, completeness and digest, however the list was written."""
    text = json.dumps(users(40), **{"ensure_ascii": False, **STYLES[style]}) + end
    folder = snapshot_of(tmp_path, text)
    assert loaded(folder, needed) == whole(folder, needed, monkeypatch)
    assert len(pieces) > 5
    assert sum(len(json.loads(piece)) for piece in pieces) == 40


def test_a_selected_property_that_is_absent_is_null(pieces, tmp_path, monkeypatch):
    """The manifest's `select` says so, for every piece."""
    folder = snapshot_of(tmp_path, json.dumps(users(40)), select=["id", "mail", "accountEnabled"])
    assert loaded(folder) == whole(folder, None, monkeypatch)
    assert len(pieces) > 5


LIST = json.dumps(users(40), ensure_ascii=False)
ODD = {
    "cut short": LIST[:-1],
    "cut within a record": LIST[:-20],
    "cut behind a comma": LIST[:LIST.rindex(", {")] + ",",
    "a comma at the end": LIST[:-1] + ",]",
    "two lists": LIST + LIST,
    "a missing comma": LIST.replace('}, {"id": "00000000-0000-4000-8000-000000000020"',
                                    '} {"id": "00000000-0000-4000-8000-000000000020"'),
    "something behind it": LIST + "x",
    "broken text": LIST.encode().replace("é".encode(), b"\xe9", 30),
    "broken text in the last record": LIST.encode()[:-200] + LIST.encode()[-200:].replace(
        "é".encode(), b"\xff"),
    "a lone surrogate": LIST.replace("é", "\\ud800"),
    "no number": LIST.replace("true", "NaN"),
    "nested without end": LIST[:-1] + ", " + "[" * 2_000 + "]" * 2_000 + "]",
}
UNUSUAL = {
    "a byte-order mark": b"\xef\xbb\xbf" + LIST.encode(),
    "UTF-16": LIST.encode("utf-16"),
    "blanks before it": "\n " + LIST,
    "a response around it": json.dumps({"value": users(40)}),
    "pages in one file": json.dumps([{"@odata.context": "x", "value": users(1)}] * 30),
    "pages, value first": json.dumps([{"value": users(30), "@odata.nextLink": None}]),
    "an error": json.dumps([{"error": {"code": "Forbidden", "message": "x" * 3_000}}]),
    "an empty list": "[]" + " " * 3_000,
    "null among the records": LIST[:-1] + ", null]",
    "a wrong type": LIST.replace("true", '"yes"', 1),
    "a wrong case": LIST.replace('"accountEnabled"', '"AccountEnabled"'),
    "a value that no schema knows": LIST.replace('"Member"', '"Visitor"', 1),
    "one property each": json.dumps([{"id": "x" * 40} for _ in range(90)]),
    "a list first": json.dumps([{"assignedPlans": [], "id": str(n)} for n in range(90)]),
    "another order": json.dumps([users(1)[0], *(dict(reversed(one.items())) for one in users(40))]),
    "a huge record": json.dumps([*users(3), *users(1, mail="x" * 9_000), *users(3)]),
    "twins within": json.dumps(users(40, assignedPlans=[{"id": "a", "displayName": "b"}] * 12)),
    "one text": '"' + "x" * 3_000 + '"',
    "nothing": "",
    "blank": " " * 3_000,
}


@pytest.mark.parametrize("needed", [None, {}], ids=["every property", "only counted"])
@pytest.mark.parametrize("text", {**ODD, **UNUSUAL}.values(), ids={**ODD, **UNUSUAL}.keys())
def test_whatever_is_odd_is_told_as_ever(text, needed, pieces, tmp_path, monkeypatch):
    """Damage has its place and its words, and what is merely unusual is read."""
    folder = snapshot_of(tmp_path, text)
    assert loaded(folder, needed) == whole(folder, needed, monkeypatch)


RULES = {"truncated", "json-syntax", "not-utf8", "lone-surrogate", "not-a-number", "too-deep"}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
def test_damage_is_never_mended(text, pieces, tmp_path):
    """A bracket that stands in the place of a comma closes no list that was cut short."""
    [(rule, _, _)] = loaded(snapshot_of(tmp_path, text))
    assert rule in RULES


@pytest.mark.parametrize("place", ["file", "folder"])
def test_a_link_out_of_the_folder_is_refused(place, pieces, tmp_path):
    """A long list is opened by the same rule as any other file."""
    folder, outside = tmp_path / "tenant", tmp_path / "outside"
    folder.mkdir()
    outside.mkdir()
    snapshot_of(folder, LIST)
    (folder / "users.json").rename(outside / "users.json")
    if place == "file":
        (folder / "users.json").symlink_to(outside / "users.json")
    else:
        (folder / "linked").symlink_to(outside)
        manifest = json.loads((folder / "tenant.json").read_text())
        manifest["collections"]["users"]["file"] = "linked/users.json"
        (folder / "tenant.json").write_text(json.dumps(manifest))
    [(rule, _, _)] = loaded(folder)
    assert rule == "file-outside"
    assert not pieces


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text('a{}[],":\\ é\n', max_size=6),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["id", "b", "c"]), inner, max_size=3),
    max_leaves=6)
RECORDS = st.lists(st.fixed_dictionaries(
    {"id": VALUES}, optional={"b": VALUES, "c": VALUES}), max_size=12)
BORDERS = [b'},{', b']', b'[', b',', b'"']
WRITTEN = st.sampled_from([{"separators": (",", ":")}, {}, {"indent": 1}])


def parts_of(data, piece, monkeypatch):
    """The values of all pieces, and the bytes that were seen; None where the list is odd."""
    seen = []
    with monkeypatch.context() as patched:
        patched.setattr(long_lists, "PIECE", piece)
        try:
            found = [value for part in lists(io.BytesIO(data), lambda raw: seen.append(bytes(raw)))
                     for value in msgspec.json.decode(part)]
        except (OddListError, msgspec.DecodeError, UnicodeDecodeError):
            return None
    return found, b"".join(seen)


@given(RECORDS, WRITTEN, st.integers(16, 400))
def test_no_cut_is_ever_wrong(records, style, piece):
    """Whatever the records hold, and wherever a piece ends: all of them, or a refusal."""
    data = json.dumps(records, ensure_ascii=False, **style).encode()
    with pytest.MonkeyPatch.context() as monkeypatch:
        found = parts_of(data, piece, monkeypatch)
    assert found is None or found == (records, data)


@given(RECORDS, WRITTEN, st.integers(16, 400), st.data())
def test_no_damage_is_mended(records, style, piece, data):
    """A file with a part left out, or a byte changed, is read as JSON reads it, or refused."""
    text = bytearray(json.dumps(records, **style).encode())
    at = data.draw(st.integers(0, len(text) - 1))
    to = data.draw(st.integers(at, min(len(text), at + 9)))
    text[at:to] = data.draw(st.binary(max_size=2) | st.sampled_from(BORDERS))
    with pytest.MonkeyPatch.context() as monkeypatch:
        found = parts_of(bytes(text), piece, monkeypatch)
    if found is not None:
        assert found == (msgspec.json.decode(text), bytes(text))


def test_pieces_are_cut_where_real_exports_have_borders(tmp_path, pieces):
    """Accounts of the sample, however often, are read by pieces and not whole."""
    sample = Path(__file__).parents[2] / "snapshots" / "partner-at-risk" / "users-1.json"
    rows = json.loads(sample.read_text())
    rows = rows["value"] if isinstance(rows, dict) else rows
    many = [{**row, "id": f"{row['id']}-{turn}"} for turn in range(9) for row in rows]
    assert len(loaded(snapshot_of(tmp_path, json.dumps(many)))[0]) == len(rows) * 9
    assert len(pieces) > 3
