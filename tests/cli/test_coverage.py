"""`coverage`: requirements and their policies, and what a changed source text touches."""

from __future__ import annotations

import json

import pytest
from small import ASKED, CASES_ASKED, DEFAULTS_ON, HEAD, TAIL

from tenantproof.source_text import paragraphs

TEXT = """\
# Rules

Switch security defaults on.

Keep the envelope in the safe.

Rules are `good`.
"""
RULES, ON, SAFE, GOOD = paragraphs(TEXT)
REQUIREMENTS = f"""\
format: 1
source:
  title: A text
  url: https://example.com/rules
  dated: "2026-01-01"
  without_obligation:
    - {{ paragraph: {RULES.place}, digest: {RULES.digest} }}
requirements:
  - {{ id: REQ-1, title: Security defaults, level: mandatory, section: One, paragraph: {ON.place},
      digest: {ON.digest} }}
  - {{ id: REQ-2, title: The envelope, level: mandatory, section: One, paragraph: {SAFE.place},
      digest: {SAFE.digest} }}
  - {{ id: REQ-3, title: Rules | are *good*, level: informational, section: Two,
      paragraph: {GOOD.place}, digest: {GOOD.digest} }}
  - {{ id: REQ-4, title: A gap, level: recommended, section: Two }}
  - {{ id: REQ-5, title: Both, level: strongly_recommended, section: Two }}
"""
EITHER = """\
check:
  any_of:
    defaults are on:
      that: { enforces security defaults: { path: securityDefaults.isEnabled, equals: true } }
    somebody says so:
      manual: { question: Is it so?, answered_by: the officer, valid_for: 90 days }
report: { pass: It is., fail: It is not. }
"""
POLICIES = {
    "ASK-001": ("[REQ-2]", ASKED),
    "MIX-001": ("[REQ-2, REQ-5]", EITHER),
    "SEC-001": ("[REQ-5]", DEFAULTS_ON),
}
CHANGED = TEXT.replace("Keep", "Leave").replace("# Rules\n", "# Rules\n\n- A new *rule*.\n")


@pytest.fixture
def covered(small):
    """The small pack with five requirements and a policy of every kind."""
    pack = small.path("pack")
    (pack / "requirements.yaml").write_text(REQUIREMENTS, encoding="utf-8")
    for name, (requirements, check) in POLICIES.items():
        head = HEAD.format(id=name, title=f"Title of {name}", severity="low", status="stable")
        head = head.replace("[REQ-1]", requirements)
        folder = pack / name[:3].lower()
        folder.mkdir()
        text = head + check + TAIL.format(id=name) + CASES_ASKED
        (folder / f"{name}-holds.yaml").write_text(text, encoding="utf-8")
    small.path("same.md").write_text(TEXT, encoding="utf-8")
    small.path("changed.md").write_text(CHANGED, encoding="utf-8")
    return small


def coverage(small, *more):
    """Run `coverage` on the small pack."""
    return small.run("coverage", "--pack", "pack", *more)


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_coverage_of_a_changed_text(form, covered, golden):
    """Every format shows the rows, the counts, what the text touches and what nobody knows."""
    ran = coverage(covered, "--source", "changed.md", "--output", form)
    assert (ran.code, ran.err) == (0, "")
    assert golden(name=form) == ran.out


def test_coverage_without_a_text(covered):
    """Nothing is told of changes where no text was given."""
    ran = coverage(covered, "--output", "json")
    [pack] = json.loads(ran.out)["packs"]
    assert (ran.code, "changes" in pack, pack["summary"]["policies"]) == (
        0, False, {"automated": 3, "partly": 1, "manual": 1})


def test_the_same_text_touches_nothing(covered):
    """A text that is as it was read is told to be so."""
    ran = coverage(covered, "--source", "same.md")
    assert ran.code == 0
    assert ran.out.endswith(
        "What the text touches\n  Nothing: every paragraph stands as it was read.\n"
    )


def test_only_the_policies_of_a_profile_count(covered):
    """What a profile leaves out answers for nothing."""
    covered.path("ours.yaml").write_text(
        "format: 1\nid: ours\ntitle: Ours\nselect: { ids: [ASK-001] }\n", encoding="utf-8"
    )
    ran = coverage(covered, "--profile", "ours.yaml", "--output", "json")
    rows = json.loads(ran.out)["packs"][0]["requirements"]
    assert [(row["id"], row["status"]) for row in rows] == [
        ("REQ-1", "uncovered"), ("REQ-2", "manual"), ("REQ-3", "informational"),
        ("REQ-4", "uncovered"), ("REQ-5", "uncovered"),
    ]


@pytest.mark.parametrize(("data", "told"), [
    (None, "`today.md` cannot be read"),
    (b"\xff\xfe", "`today.md` is not UTF-8 text"),
    (b"", "`today.md` holds no paragraph"),
    (b"\n <!DOCTYPE html><p>Rules", "`today.md` is HTML"),
    (b"\xef\xbb\xbf<html><p>Rules", "`today.md` is HTML"),
])  # fmt: skip
def test_a_text_that_cannot_be_compared(data, told, covered):
    """A file that is no Markdown text is unreadable, not a text that changed everything."""
    if data is not None:
        covered.path("today.md").write_bytes(data)
    ran = coverage(covered, "--source", "today.md")
    assert (ran.code, ran.out, told in ran.err) == (3, "", True)


def test_a_pack_without_digests_cannot_be_compared(small):
    """Nothing could be touched, and that must not look like an unchanged text."""
    small.path("same.md").write_text(TEXT, encoding="utf-8")
    ran = coverage(small, "--source", "same.md")
    assert (ran.code, ran.out, "no requirement of `pack` has a digest" in ran.err) == (2, "", True)


def test_a_wrong_pack(covered):
    """A pack that is wrong is told, and nothing is shown."""
    covered.path("pack/requirements.yaml").write_text("format: 2\n", encoding="utf-8")
    ran = coverage(covered)
    assert (ran.code, ran.out, "requirements.yaml:1:" in ran.err) == (2, "", True)
