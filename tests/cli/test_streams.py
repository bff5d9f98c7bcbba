"""Standard output, standard error and files: whole or not at all, whatever they are."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

POSIX = pytest.mark.skipif(os.name == "nt", reason="devices and limits of POSIX")
EMOJI = "Zoë \U0001f600 \u4e2d"


def started(small, *arguments, env=None, **how):
    """Run tenantproof with streams of the test's own."""
    return subprocess.run(
        [sys.executable, "-m", "tenantproof", *arguments], cwd=small.folder,
        env=small.environment({"PYTHONDONTWRITEBYTECODE": "1", **(env or {})}),
        stderr=subprocess.PIPE, timeout=60, check=False, **how,
    )


def test_outputs_go_where_they_are_sent(small):
    """Each output goes to its own place, and nothing else to standard output."""
    ran = small.check("bad.json", "--output", "json=a.json", "--output", "text=b.txt")
    assert (ran.code, ran.out, ran.err) == (1, "", "note: `bad.json` is 6 days old\n")
    assert json.loads(small.path("a.json").read_text())["format"] == 1
    assert small.path("b.txt").read_text().endswith("tenantproof 0.1.0\n")


def test_text_and_json_at_once(small):
    """Text may go to the terminal while JSON goes to a file."""
    ran = small.check("bad.json", "--output", "text", "--output", "json=a.json")
    assert ran.out.splitlines()[1] == "Contoso"
    assert small.path("a.json").exists()


def test_a_report_replaces_the_old_one(small):
    """A new report takes the old one's place and mode; nothing is left beside it."""
    small.path("a.json").write_text("old")
    small.path("a.json").chmod(0o600)
    small.check("good.json", "--output", "json=a.json")
    assert json.loads(small.path("a.json").read_text())["format"] == 1
    assert oct(small.path("a.json").stat().st_mode & 0o777) in ("0o600", "0o666")
    assert [p.name for p in small.folder.glob(".*")] == []


@POSIX
def test_a_link_is_followed(small):
    """A report written to a link replaces what the link leads to."""
    small.path("real.json").write_text("old")
    small.path("link.json").symlink_to("real.json")
    small.check("good.json", "--output", "json=link.json")
    assert small.path("link.json").is_symlink()
    assert json.loads(small.path("real.json").read_text())["format"] == 1


@POSIX
def test_a_full_disk_leaves_the_old_report(small):
    """Where a report cannot be written in full, exit 3, and the old one is intact."""
    small.path("a.json").write_text("old")

    def limit():
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))

    ran = started(small, "check", "good.json", "--pack", "pack", "--output", "json=a.json",
                  stdout=subprocess.PIPE, preexec_fn=limit)
    assert (ran.returncode, b"Traceback" in ran.stderr) == (3, False)
    assert b"error[output]: `a.json` cannot be written" in ran.stderr
    assert small.path("a.json").read_text() == "old"
    assert [p.name for p in small.folder.glob(".*")] == []


@POSIX
def test_a_device_is_written_to_and_not_replaced(small):
    """`/dev/full` takes nothing: exit 3, and the device is still a device."""
    ran = small.check("good.json", "--output", "json=/dev/full")
    assert (ran.code, "Traceback" in ran.err) == (3, False)
    assert Path("/dev/full").is_char_device()


def test_one_output_that_fails_does_not_stop_the_others(small):
    """What can be written is written; what cannot makes the exit code 3."""
    ran = small.check("good.json", "--output", "json=no/a.json", "--output", "text=b.txt")
    assert (ran.code, small.path("b.txt").exists()) == (3, True)


def test_a_folder_is_no_output_file(small):
    """A report cannot take a folder's place."""
    assert small.check("good.json", "--output", "json=pack").code == 3


@POSIX
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_full_standard_output(form, small):
    """Standard output that takes nothing: exit 3, one message, no traceback."""
    with Path("/dev/full").open("wb") as full:
        ran = started(small, "check", "good.json", "--pack", "pack", "--output", form, stdout=full)
    assert (ran.returncode, b"Traceback" in ran.stderr, b"Exception" in ran.stderr) == (
        3, False, False
    )
    assert b"error[output]: standard output cannot be written" in ran.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "good.json", "--pack", "pack"],
        ["list", "--pack", "pack"],
        ["explain", "SD-001", "--pack", "pack"],
        ["lint", "pack"],
        ["test", "pack"],
        ["snapshot", "show", "good.json"],
        ["snapshot", "validate", "partial.json"],
        ["--help"],
        ["--version"],
        ["check", "--help"],
    ],
)
def test_a_closed_pipe(arguments, small):
    """A reader that has gone: exit 3 and no traceback."""
    reader, writer = os.pipe()
    os.close(reader)
    ran = started(small, *arguments, stdout=writer)
    os.close(writer)
    assert (ran.returncode, b"Traceback" in ran.stderr, b"Exception" in ran.stderr) == (
        3, False, False
    ), ran.stderr


@POSIX
def test_no_standard_output_at_all(small):
    """Closed standard output: exit 3 and a message; a report in a file is no matter."""
    shell = 'exec "$@" >&-'
    command = ["sh", "-c", shell, "sh", sys.executable, "-m", "tenantproof", "check", "good.json",
               "--pack", "pack"]
    how = {"cwd": small.folder, "env": small.environment(), "stderr": subprocess.PIPE,
           "timeout": 60, "check": False}
    closed = subprocess.run(command, **how)
    to_file = subprocess.run([*command, "--output", "json=a.json"], **how)
    assert (closed.returncode, b"it is closed" in closed.stderr) == (3, True)
    assert (to_file.returncode, small.path("a.json").exists()) == (0, True)


@POSIX
def test_no_standard_error_at_all(small):
    """Closed standard error changes nothing but that nobody is told."""
    shell = 'exec "$@" 2>&-'
    command = ["sh", "-c", shell, "sh", sys.executable, "-m", "tenantproof", "check",
               "broken.json", "--pack", "pack"]
    done = subprocess.run(command, cwd=small.folder, env=small.environment(),
                          stdout=subprocess.PIPE, timeout=60, check=False)
    assert done.returncode == 3


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8"])
def test_a_console_that_cannot_show_it(encoding, small):
    """A name that the console has no characters for becomes escapes, and no traceback."""
    value = json.loads(small.path("bad.json").read_text())
    value["tenant"]["displayName"] = EMOJI
    small.write("emoji.json", value)
    ran = started(small, "check", "emoji.json", "--pack", "pack", stdout=subprocess.PIPE,
                  env={"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"})
    shown = EMOJI.encode(encoding, "backslashreplace")
    age = b"note: `emoji.json` is 6 days old"
    assert (ran.returncode, shown in ran.stdout, ran.stderr.strip()) == (1, True, age)


def test_json_is_utf8_on_every_console(small):
    """JSON on standard output is UTF-8 whatever the console is."""
    value = json.loads(small.path("bad.json").read_text())
    value["tenant"]["displayName"] = EMOJI
    small.write("emoji.json", value)
    ran = started(small, "check", "emoji.json", "--pack", "pack", "--output", "json",
                  stdout=subprocess.PIPE, env={"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"})
    assert json.loads(ran.stdout)["tenants"][0]["snapshot"]["tenant"]["displayName"] == EMOJI


@pytest.mark.parametrize(
    ("env", "coloured"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "0"}, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ({"NO_COLOR": "", "FORCE_COLOR": "1"}, True),
    ],
)
def test_colour(env, coloured, small):
    """No colour into a pipe unless it is forced, and none at all with NO_COLOR."""
    assert ("\x1b[" in small.check("bad.json", env=env).out) is coloured


def test_colour_changes_nothing_else(small):
    """Without its colours a coloured report is the plain one."""
    import re

    plain = small.check("bad.json").out
    coloured = small.check("bad.json", env={"FORCE_COLOR": "1"}).out
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain


def test_files_are_never_coloured(small):
    """A file holds no escape sequences, even where colour is forced."""
    small.check("bad.json", "--output", "text=b.txt", env={"FORCE_COLOR": "1"})
    assert "\x1b" not in small.path("b.txt").read_text()


def test_names_of_strangers_do_not_reach_the_terminal(small):
    """An escape sequence in a display name is shown and not obeyed."""
    out = small.check("guest.json").out
    assert ("\x1b" in out, "Bob \\x1b[31mRed" in out) == (False, True)
