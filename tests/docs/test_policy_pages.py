"""The catalogue under `docs/policies` is current, and fast to make."""

from __future__ import annotations

import re

import pytest

from tenantproof.authoring.policy_pages import bundled_folder, bundled_pages, stale


@pytest.fixture(scope="module")
def pages():
    """The pages as the pack gives them now."""
    return bundled_pages()


def test_the_pages_are_current(pages):
    """`python -m tenantproof.authoring.policy_pages` writes them again."""
    assert stale(pages, bundled_folder()) == []


def test_pages_are_the_same_each_time(pages):
    """Nothing in them depends on the run."""
    assert bundled_pages() == pages


def test_every_link_between_pages_leads_somewhere(pages):
    """The page is there, and its heading too."""
    anchors = {name: {_anchor(h) for h in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}
               for name, text in pages.items()}
    broken = [
        (name, target) for name, text in pages.items()
        for target in re.findall(r"\]\(([^):]+)\)", text)
        if not _leads(target, anchors)
    ]
    assert broken == []


def _anchor(heading):
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _leads(target, anchors):
    page, _, anchor = target.partition("#")
    return page in anchors and (not anchor or anchor in anchors[page])


def test_every_policy_stands_in_every_index(pack, pages):
    """By family, severity and requirement; by control where it names one."""
    for policy in pack.policies.values():
        link = f"[{policy.id}]({policy.id}.md)"
        indexes = {"README.md", "by-severity.md", "by-requirement.md"}
        indexes |= {"by-control.md"} if policy.controls else set()
        assert {name for name in indexes if link in pages[name]} == indexes
