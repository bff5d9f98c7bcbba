"""A long log is streamed: the same report in bounded memory, damage told with its line."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from pathlib import Path

import pytest

from tenantproof import streaming
from tenantproof.audit import Report
from tenantproof.cli.request import Asked, judge_one, request_of
from tenantproof.problem import SnapshotError
from tenantproof.pruning import records_read
from tenantproof.reach import with_asked
from tenantproof.reports.json_report import render
from tenantproof.reports.view import View
from tenantproof.shape import bundled_shapes
from tenantproof.snapshot import load
from tenantproof.sources import open_source
from tenantproof.streaming import Stream
from tenantproof.verdict import Severity

SAMPLES = Path(__file__).parents[2] / "snapshots"
POLICIES = ("LOG-001", "LOG-002", "LEG-002", "SAM-001", "GDAP-007")
NAMES = ("partner-at-risk", "partner-clean", "partner-small")


@pytest.fixture(scope="module")
def request_():
    """The policies that look at sign-ins."""
    return request_of(Asked(packs=(str(SAMPLES.parent / "policies" / "partner-center"),),
                            select=POLICIES))


def needed(request_):
    """What these policies read of each collection."""
    return records_read(with_asked(request_.policies, request_.everything), bundled_shapes())


def log_of(name):
    """A sample's manifest, and its sign-ins."""
    manifest = json.loads((SAMPLES / name / "tenant.json").read_text())
    file = manifest["collections"]["signIns"]["file"]
    if file.endswith(".gz"):
        text = gzip.decompress((SAMPLES / name / file).read_bytes()).decode()
    else:
        text = (SAMPLES / name / file).read_text()
    if ".ndjson" in file:
        return manifest, [json.loads(line) for line in text.splitlines() if line.strip()]
    rows = json.loads(text)
    return manifest, rows["value"] if isinstance(rows, dict) else rows


def written(folder, name, data, file="signIns.ndjson"):
    """A copy of a sample whose sign-ins are these bytes."""
    manifest, _ = log_of(name)
    for one in (SAMPLES / name).iterdir():
        if one.is_file() and "signIns" not in one.name:
            (folder / one.name).write_bytes(one.read_bytes())
    manifest["collections"]["signIns"]["file"] = file
    (folder / "tenant.json").write_text(json.dumps(manifest))
    (folder / file).write_bytes(gzip.compress(data) if file.endswith(".gz") else data)
    return folder


def lines(rows, end="\n"):
    """Rows as NDJSON."""
    return end.join(json.dumps(row) for row in rows).encode()


def told(folder, request_, want=None):
    """The report of a snapshot, without what tells files apart; and the log's records."""
    snapshot = load(open_source(str(folder)), bundled_shapes(),
                    needed(request_) if want is None else want)
    report = Report("1", request_.packs, None, (judge_one(snapshot, request_),))
    view = View(exit_code=0, fail_on=Severity.LOW, repository_files=frozenset())
    [found] = json.loads("".join(render(report, view)))["tenants"]
    found["snapshot"].pop("digest")
    assert len(found["findings"]) == len(POLICIES)
    return found, snapshot.collections["signIns"].records, snapshot.digest


@pytest.fixture
def short(monkeypatch):
    """Logs are streamed from the first byte on, in pieces of a few lines."""
    monkeypatch.setattr("tenantproof.sources.LONG", 1)
    monkeypatch.setattr(streaming, "PIECE", 3_000)


SHAPES = {
    "lines": lines, "a line break at the end": lambda rows: lines(rows) + b"\n",
    "blank lines": lambda rows: b"\n" + lines(rows, "\n\n") + b"\n \n",
    "lines of Windows": lambda rows: lines(rows, "\r\n") + b"\r\n",
    "a byte-order mark": lambda rows: b"\xef\xbb\xbf" + lines(rows),
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("file", ["signIns.ndjson", "signIns.ndjson.gz"])
def test_a_streamed_log_gives_the_same_report(name, shape, file, request_, tmp_path, monkeypatch):
    """Every finding, count and digest is that of the log read whole."""
    _, rows = log_of(name)
    folder = written(tmp_path, name, SHAPES[shape](rows), file)
    whole, records, digest = told(folder, request_)
    assert not isinstance(records, Stream)
    monkeypatch.setattr("tenantproof.sources.LONG", 1)
    monkeypatch.setattr(streaming, "PIECE", 3_000)
    streamed, records, again = told(folder, request_)
    assert isinstance(records, Stream) == (len(rows) > 2)
    assert (whole, digest) == (streamed, again)


def test_damaged_rows_are_unknown_as_ever(request_, tmp_path, short, monkeypatch):
    """Text in a number's place, another case, a row that is no object: the others still count."""
    _, rows = log_of("partner-at-risk")
    rows = [*rows, {**rows[0], "status": "ok"}, {**rows[1], "CreatedDateTime": "x"}, 5, None,
            {**rows[2], "isInteractive": "true"}]
    folder = written(tmp_path, "partner-at-risk", lines(rows))
    streamed, records, _ = told(folder, request_)
    assert isinstance(records, Stream)
    monkeypatch.setattr("tenantproof.sources.LONG", 2**40)
    whole, records, _ = told(folder, request_)
    assert not isinstance(records, Stream)
    assert whole == streamed


@pytest.mark.parametrize(("damage", "line", "words"), [
    (b'{"id": ', 6, "json"), (b"{'id': 1}", 6, "json"), (b'{"id": "\xff"}', 6, "utf-8"),
    (b"<html>", 6, "json"), (b'{"id": NaN}', 6, "json"),
])
def test_a_broken_line_is_told_with_its_number(damage, line, words, request_, tmp_path, short):
    """The whole snapshot is refused, as when the log is read whole."""
    _, rows = log_of("partner-at-risk")
    text = [json.dumps(row).encode() for row in rows]
    text[line - 1:line - 1] = [damage]
    folder = written(tmp_path, "partner-at-risk", b"\n".join(text))
    with pytest.raises(SnapshotError) as caught:
        told(folder, request_)
    [problem] = caught.value.problems
    assert line == problem.position.line
    assert problem.file.endswith("signIns.ndjson")


def test_a_record_on_two_lines_is_no_record(request_, tmp_path, short):
    """Put together by a comma the halves would be one."""
    _, rows = log_of("partner-at-risk")
    halves = b'{"id": "x"\n"userId": "y"}\n'
    folder = written(tmp_path, "partner-at-risk", halves + lines(rows))
    with pytest.raises(SnapshotError):
        told(folder, request_)


@pytest.mark.parametrize("cut", [10, 200])
def test_a_packed_log_that_breaks_off_is_refused(cut, request_, tmp_path, short):
    """The end of the file is missing."""
    _, rows = log_of("partner-at-risk")
    folder = written(tmp_path, "partner-at-risk", lines(rows), "signIns.ndjson.gz")
    file = folder / "signIns.ndjson.gz"
    file.write_bytes(file.read_bytes()[:-cut])
    with pytest.raises(SnapshotError, match="gzip"):
        told(folder, request_)


@pytest.mark.parametrize("text", [
    b"", b"null", b'{"error": {"code": "Forbidden", "message": "Insufficient privileges"}}',
    b'{"value": []}',
])
def test_what_is_no_log_is_read_as_ever(text, request_, tmp_path, short):
    """An error body, a blank file, null: incomplete, and never a log without events."""
    folder = written(tmp_path, "partner-at-risk", text)
    streamed, records, _ = told(folder, request_)
    assert not isinstance(records, Stream)
    by_policy = {f["policy"]: f["verdict"] for f in streamed["findings"]}
    assert "pass" not in by_policy.values() or text == b'{"value": []}'


def test_a_policy_that_reads_the_log_itself_gets_it_whole(request_, tmp_path, short):
    """Only facts run through a log from the first event to the last."""
    _, rows = log_of("partner-at-risk")
    folder = written(tmp_path, "partner-at-risk", lines(rows))
    want = {**needed(request_), "signIns": bundled_shapes()["signIns"].record}
    _, records, _ = told(folder, request_, want)
    assert not isinstance(records, Stream)


def test_memory_does_not_grow_with_the_log(request_, tmp_path):
    """Fifty thousand events take no more than five thousand."""
    _, rows = log_of("partner-at-risk")
    peaks = []
    for number in (5_000, 50_000):
        folder = tmp_path / str(number)
        folder.mkdir()
        written(folder, "partner-at-risk", lines(rows * (number // len(rows) + 1)))
        tracemalloc.start()
        _, records, _ = told(folder, request_)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert isinstance(records, Stream)
    assert peaks[1] < peaks[0] * 1.5
