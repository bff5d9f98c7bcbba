"""`check` on many tenants: folders, patterns, archives, processes and shards."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import zipfile

import pytest
from small import manifest, write_folder

JSON = ("--output", "json")
METHODS = multiprocessing.get_all_start_methods()


def tenant(number, **how):
    """A snapshot of a tenant of its own."""
    value = manifest(**how)
    value["tenant"]["id"] = f"11111111-2222-4333-8444-{number:012}"
    return value


@pytest.fixture
def exports(small):
    """A folder with a folder, a file, an archive and a damaged snapshot, and what is none."""
    folder = small.path("exports")
    folder.mkdir()
    write_folder(folder / "a", tenant(1))
    (folder / "b.json").write_text(json.dumps(tenant(2, enabled=False)), encoding="utf-8")
    write_folder(small.path("c"), tenant(3))
    with zipfile.ZipFile(folder / "c.zip", "w") as archive:
        for file in sorted(small.path("c").iterdir()):
            archive.write(file, file.name)
    (folder / "d.json").write_text("{", encoding="utf-8")
    (folder / "e").mkdir()
    write_folder(folder / "f", tenant(6, guest=True))
    (folder / "README.txt").write_text("of no tenant", encoding="utf-8")
    return small


def judged(ran):
    """The names that a JSON report holds: of judged snapshots, of unreadable ones."""
    report = json.loads(ran.out)
    return ([one["snapshot"]["name"] for one in report["tenants"]],
            [one["snapshot"] for one in report["unreadable"]])


READ = ["exports/a", "exports/b.json", "exports/c.zip", "exports/f"]
UNREAD = ["exports/d.json", "exports/e"]


@pytest.mark.parametrize("name", ["exports", "exports/*", "expor[t]s"])
def test_folders_and_patterns_stand_for_their_snapshots(exports, name):
    """All snapshots are judged in order, a damaged one stops no other, and the code is 3."""
    ran = exports.check(name, *JSON)
    assert (3, (READ, UNREAD)) == (ran.code, judged(ran))
    assert "note: 1 file of `" in ran.err


def test_a_pattern_that_fits_nothing_is_an_error(small):
    """A pattern without a match ends with 2, even where other snapshots are named."""
    ran = small.check("good.json", "nowhere/*", *JSON)
    assert (2, "") == (ran.code, ran.out)
    assert "no snapshot fits `nowhere/*`" in ran.err


@pytest.mark.parametrize(("first", "second"), [
    ("good.json", "good.json"), ("good.json", "./good.json"), ("exports", "exports/a"),
    ("exports/*", "exports/f"),
])
def test_a_snapshot_that_is_named_twice_is_an_error(exports, first, second):
    """The same snapshot by two names would count twice."""
    ran = exports.check(first, second, *JSON)
    assert (2, "") == (ran.code, ran.out)
    assert "is named twice" in ran.err


def test_a_folder_without_manifest_is_still_told(small):
    """A snapshot that lost its manifest is not taken for a folder of snapshots."""
    (small.path("good") / "tenant.json").unlink()
    ran = small.check("good", *JSON)
    assert (3, ([], ["good"])) == (ran.code, judged(ran))
    assert "no-manifest" in ran.err


@pytest.mark.parametrize("form", ["text", "json", "sarif", "junit", "csv", "markdown", "html",
                                  "oscal"])
def test_processes_do_not_change_a_byte(exports, form):
    """One process, two, and one for each core write the same report and tell the same."""
    one, two, auto = (exports.check("exports", "--jobs", jobs, "--output", form)
                      for jobs in ("1", "2", "auto"))
    assert one == two == auto
    assert one.code == 3
    assert one.out


def test_a_run_on_one_snapshot_says_the_same_as_a_run_on_many(exports):
    """What a tenant's findings are does not depend on the other tenants of the run."""
    whole = json.loads(exports.check("exports", "--jobs", "2", *JSON).out)["tenants"]
    alone = [json.loads(exports.check(name, *JSON).out)["tenants"][0] for name in READ]
    assert alone == whole


def test_standard_input_is_read_whatever_the_processes(exports):
    """`-` is judged in its place among the others."""
    content = json.dumps(tenant(9)).encode()
    ran = exports.check("exports/a", "-", "exports/f", "--jobs", "2", *JSON, stdin=content)
    assert ["exports/a", "<standard input>", "exports/f"] == judged(ran)[0]


@pytest.mark.parametrize("jobs", ["0", "-1", "many", "1.5", "257", ""])
def test_a_number_of_processes_is_a_number(small, jobs):
    """Anything else is a fault of the caller."""
    ran = small.check("good.json", f"--jobs={jobs}")
    assert (2, "") == (ran.code, ran.out)
    assert f"`--jobs {jobs}` is no number of processes" in ran.err


@pytest.mark.parametrize("count", [1, 2, 4, 6])
def test_shards_merge_to_the_whole_byte_for_byte(exports, count):
    """The merged reports of all shards are the report of the whole run."""
    whole = exports.check("exports", *JSON)
    names = [f"part{number}.json" for number in range(1, count + 1)]
    for number, name in enumerate(names, 1):
        exports.check("exports", "--shard", f"{number}/{count}", "--output", f"json={name}")
    merged = exports.run("report", "merge", *names)
    assert (0, whole.out) == (merged.code, merged.out)


@pytest.mark.parametrize(("shard", "words"), [
    ("0/2", "is no part of a whole"), ("3/2", "is no part of a whole"),
    ("1", "is no part of a whole"), ("a/b", "is no part of a whole"), ("1/2", "holds none"),
])
def test_a_shard_is_a_part_that_holds_something(small, shard, words):
    """A shard that does not exist or holds nothing never looks like a success."""
    ran = small.check("good.json", "--shard", shard, *JSON)
    assert (2, "") == (ran.code, ran.out)
    assert words in ran.err


PROCESSES = """\
from functools import partial
import sys
from tenantproof.cli.checking import _judge, _judge_of
from tenantproof.cli.kept import Kept, packed
from tenantproof.cli.many import in_order
from tenantproof.cli.request import Asked, request_of

def main():
    asked = Asked(packs=("pack",))
    request = request_of(asked)
    judge = _judge(request, packed)
    kept = Kept(request.everything)
    names = ["good.json", "bad.json", "guest.json", "broken.json"] * 5
    for one in in_order(names, 2, judge, partial(_judge_of, asked), sys.argv[1]):
        print(one.name, len(one.problems), *([] if one.report is None else (
            f.verdict.value for f in (kept.add(one.report), kept[-1])[1].findings)))

if __name__ == "__main__":
    main()
"""


def test_every_way_to_start_a_process_gives_the_same(small):
    """Processes that inherit the pack, and processes that load it, judge alike."""
    small.path("run.py").write_text(PROCESSES, encoding="utf-8")
    told = {
        method: subprocess.run(
            [sys.executable, "run.py", method], cwd=small.folder, env=small.environment(),
            capture_output=True, text=True, timeout=60, check=True).stdout
        for method in METHODS
    }
    assert 1 == len(set(told.values()))
    assert [5, 0] == [told["spawn"].count(f"{name}.json 0 fail") for name in ("bad", "good")]


CYCLES = """\
import gc
from tenantproof.cli.checking import _judge
from tenantproof.cli.kept import Kept, packed
from tenantproof.cli.request import Asked, request_of

request = request_of(Asked(packs=("pack",)))
judge, kept = _judge(request, packed), Kept(request.everything)
gc.disable()
for name in ("good.json", "bad.json", "bad.json"):
    gc.collect()
    kept.add(judge(name).report)
    kept[-1]
print(gc.collect())
"""


def test_a_judged_tenant_leaves_no_cycle(small):
    """Memory does not grow with the number of tenants, however seldom the collector runs."""
    small.path("run.py").write_text(CYCLES, encoding="utf-8")
    done = subprocess.run([sys.executable, "run.py"], cwd=small.folder, env=small.environment(),
                          capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "0\n"


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT to one process")
def test_ctrl_c_ends_a_pool_cleanly(small):
    """Interrupted, the run ends with 130, without a traceback and without a report."""
    small.write("t1.json", tenant(1))
    os.mkfifo(small.path("t2.json"))
    process = subprocess.Popen(
        [sys.executable, "-m", "tenantproof", "check", "t*.json", "--pack", "pack", "--jobs", "2",
         "--output", "json=out.json"],
        cwd=small.folder, env=small.environment(), stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, start_new_session=True)
    with small.path("t2.json").open("wb"):  # opens as soon as a process of the pool reads
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (130, b"", False) == (process.returncode, out, small.path("out.json").exists())
    assert b"Traceback" not in err
