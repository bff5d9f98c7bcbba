"""`docs`: the pages of a pack are written, kept and checked."""

from __future__ import annotations

import pytest

MADE = "<!-- made by `tenantproof docs`: change the policy instead -->\n"
NAMES = ["MAN-001.md", "README.md", "SD-001.md", "USR-001.md", "by-control.md",
         "by-requirement.md", "by-severity.md"]


@pytest.fixture
def pages(small):
    """The small pack with a controls' catalogue and a nasty title, and its pages in `pages`."""
    policy = small.path("pack/usr/USR-001-holds.yaml")
    text = policy.read_text(encoding="utf-8")
    text = text.replace("title: No guest is enabled", 'title: "No <b>guest</b> | is *enabled*"')
    text = text.replace("tests:\n", 'controls: { handbook: ["7.2"] }\ntests:\n')
    policy.write_text(text, encoding="utf-8")
    small.path("pack/controls").mkdir()
    small.path("pack/controls/handbook.yaml").write_text(
        'format: 1\nid: handbook\ntitle: Handbook\nversion: "1"\nurl: https://example.com/\n'
        'controls: [{ id: "7.2", title: Guests are known }]\n', encoding="utf-8",
    )
    ran = docs(small)
    assert (ran.code, ran.out, ran.err) == (0, "7 pages in pages, 7 changed\n", "")
    return small


def docs(small, *more):
    """Run `docs` on the small pack."""
    return small.run("docs", "--pack", "pack", "--to", "pages", *more)


def read(small):
    """Return the pages by name."""
    return {file.name: file.read_text("utf-8") for file in sorted(small.path("pages").iterdir())}


def test_there_is_a_page_for_every_policy_and_index(pages):
    """Each page says that it is made."""
    found = read(pages)
    assert list(found) == NAMES
    assert [name for name, text in found.items() if not text.startswith(MADE)] == []


@pytest.mark.parametrize("name", NAMES)
def test_page(name, pages, golden):
    """A page shows everything of its policy, and an index leads to it."""
    assert golden(name=name) == read(pages)[name]


def test_pages_do_not_depend_on_the_pack_s_place(pages):
    """The same pack in another place gives the same pages."""
    pages.path("pack").rename(pages.path("moved"))
    ran = pages.run("docs", "--pack", "./moved/", "--to", "pages", "--check")
    assert (ran.code, ran.out, ran.err) == (0, "7 pages: all current\n", "")


def test_a_second_run_writes_nothing(pages):
    """What is current stays untouched."""
    before = {file: file.stat().st_mtime_ns for file in pages.path("pages").iterdir()}
    assert docs(pages).out == "7 pages in pages, 0 changed\n"
    assert before == {file: file.stat().st_mtime_ns for file in pages.path("pages").iterdir()}


def test_check_tells_what_is_not_current(pages):
    """Pages that are missing, different or of no policy are told; nothing is written."""
    folder = pages.path("pages")
    (folder / "SD-001.md").unlink()
    (folder / "README.md").write_text("# Mine\n", encoding="utf-8")
    (folder / "OLD-001.md").write_text(f"{MADE}\n# OLD-001\n", encoding="utf-8")
    (folder / "notes.md").write_text("# Notes\n", encoding="utf-8")
    ran = docs(pages, "--check")
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.splitlines() == [
        "pages/OLD-001.md", "pages/README.md", "pages/SD-001.md",
        "3 not current: run `tenantproof docs` without `--check`",
    ]
    assert not (folder / "SD-001.md").exists()


def test_pages_of_no_policy_are_removed_and_others_are_left_alone(pages):
    """Only what was made before is taken away."""
    folder = pages.path("pages")
    (folder / "OLD-001.md").write_text(f"{MADE}\n# OLD-001\n", encoding="utf-8")
    (folder / "notes.md").write_text("# Notes\n", encoding="utf-8")
    assert docs(pages).out == "7 pages in pages, 1 changed\n"
    assert list(read(pages)) == [*NAMES, "notes.md"]


def test_check_of_a_folder_that_is_not_there(small):
    """Every page is missing."""
    ran = docs(small, "--check")
    assert (ran.code, small.path("pages").exists()) == (1, False)


def test_a_file_is_no_folder(small):
    """A file in the folder's place is a mistake of the caller."""
    small.path("pages").write_text("", encoding="utf-8")
    ran = docs(small)
    assert (ran.code, ran.out, "`pages` is a file" in ran.err) == (2, "", True)


def test_a_page_that_cannot_be_written(small):
    """What stands in a page's way is told."""
    (small.path("pages") / "SD-001.md").mkdir(parents=True)
    ran = docs(small)
    assert (ran.code, ran.out, "SD-001.md" in ran.err) == (3, "", True)
