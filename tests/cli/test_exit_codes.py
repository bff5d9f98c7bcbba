"""Every exit code, and which one stands where several are due, by real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

BUG = """\
import tenantproof.audit
def bug(*_):
    raise KeyError("a \\x1b[31mbug")
tenantproof.audit.judge = bug
"""

CODES = {
    "nothing failed": (["good.json"], 0),
    "something failed": (["bad.json"], 1),
    "something is unknown": (["partial.json"], 5),
    "a question is open": (["good.json", "--select", "MAN-*"], 5),
    "unknown is allowed": (["partial.json", "--allow-unknown"], 0),
    "a failure below the bar": (["guest.json", "--fail-on", "high"], 0),
    "a failure at the bar": (["guest.json", "--fail-on", "low"], 1),
    "an unknown below the bar": (["partial.json", "--fail-on", "high"], 0),
    "a failure, excused": (["bad.json", "--exit-zero"], 0),
    "an unknown, excused": (["partial.json", "--exit-zero"], 0),
    "an unreadable snapshot": (["broken.json"], 3),
    "no such snapshot": (["nowhere"], 3),
    "an unreadable snapshot is never excused": (["broken.json", "--exit-zero"], 3),
    "an output that cannot be written": (["good.json", "--output", "json=no/where/r.json"], 3),
    "a failure outranks an unknown": (["partial.json", "bad.json"], 1),
    "an unreadable snapshot outranks a failure": (["bad.json", "broken.json"], 3),
    "an unwritten output outranks a failure": (["bad.json", "--output", "json=no/r.json"], 3),
    "a wrong option": (["good.json", "--nonsense"], 2),
    "a wrong option outranks all that it forbids": (["broken.json", "--fail-on", "x"], 2),
    "no policy selected": (["good.json", "--ignore", "*"], 2),
    "a pattern that matches nothing": (["good.json", "--select", "MFA-*"], 2),
}


@pytest.mark.parametrize("name", CODES)
def test_exit_code(name, small):
    """The exit code says what came of the run, and never with a traceback."""
    arguments, code = CODES[name]
    ran = small.check(*arguments)
    assert (ran.code, "Traceback" in ran.err) == (code, False), ran.err


def test_exit_zero_says_what_it_hides(small):
    """`--exit-zero` tells on standard error what the code would have been."""
    ran = small.check("bad.json", "--exit-zero")
    assert ran.err == (
        "note: `bad.json` is 6 days old\n"
        "note: the exit code would be 1 (something failed), and is 0 because of `--exit-zero`\n"
    )
    assert "Exit code 0: what is still open, or has failed, was allowed" in ran.out


def test_a_bug_outranks_everything(small):
    """A bug of ours ends in exit code 4 with a safe traceback; the other inputs are still told."""
    small.path("sitecustomize.py").write_text(BUG, encoding="utf-8")
    ran = small.check("bad.json", "broken.json", env={"PYTHONPATH": str(small.folder)})
    assert ran.code == 4
    assert "Traceback" in ran.err
    assert "error[bug]: this is a bug of tenantproof" in ran.err
    assert "\x1b" not in ran.err
    assert "Not judged because of a bug: 2 policies" in ran.out


def test_a_bug_outside_the_judge_is_told_too(small):
    """A bug in the command itself shows a traceback and exits 4."""
    small.path("sitecustomize.py").write_text(
        "import tenantproof.cli.reading as r\nr.load = lambda *_: 1 / 0\n", encoding="utf-8"
    )
    ran = small.check("good.json", env={"PYTHONPATH": str(small.folder)})
    assert (ran.code, ran.out, "ZeroDivisionError" in ran.err) == (4, "", True)


@contextmanager
def opened(fifo, process):
    """Hold a FIFO open once the process reads from it; fail where it ends before that."""
    while process.poll() is None:
        try:
            end = os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            time.sleep(0.01)
            continue
        yield
        os.close(end)
        return
    pytest.fail(f"ended too early: {process.communicate()[1].decode()}")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no FIFOs and no SIGINT for one process")
def test_interrupted(small):
    """Ctrl-C ends a run with 130 and without a traceback."""
    os.mkfifo(small.path("slow.json"))
    process = subprocess.Popen(
        [sys.executable, "-m", "tenantproof", "check", "slow.json", "--pack", "pack"],
        cwd=small.folder, env=small.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )
    with opened(small.path("slow.json"), process):
        time.sleep(0.3)  # a signal between its opening and its reading would wait for the reading
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert (process.returncode, b"Traceback" in err) == (130, False)


def test_a_wrong_policy_is_the_authors_fault(small):
    """`check` with a wrong pack exits 2 with file, line and column."""
    policy = small.path("pack/sd/SD-001-holds.yaml")
    policy.write_text(policy.read_text().replace("isEnabled, equals", "isEnabld, equals"))
    ran = small.check("good.json")
    assert (ran.code, ran.out) == (2, "")
    assert "pack/sd/SD-001-holds.yaml:12:" in ran.err
    assert "did you mean `isEnabled`?" in ran.err
