"""The limits of an expression are those that `docs/operators.md` tells, and far from the packs."""

from __future__ import annotations

import re

import pytest
from pages import DOCS, ROOT, section

from tenantproof import conditions, schema
from tenantproof.language import cost, functions, grammar
from tenantproof.pack import load_pack

PACKS = sorted(place.parent for place in (ROOT / "policies").glob("*/pack.yaml"))
PAGE = section((DOCS / "operators.md").read_text(encoding="utf-8"), "## Limits of an expression")


def test_the_table_has_the_limits():
    """Every number of the table, in the order in which it stands there."""
    limits = [
        grammar.LONGEST, grammar.MOST_NODES, grammar.DEEPEST, cost.MOST_COPIES, cost.MOST_LOOKS,
        conditions.MOST_LOOKS, functions.LONGEST_TEXT,
    ]
    rows = "\n".join(line for line in PAGE.splitlines() if line.startswith("| "))
    assert [f"{limit:,}" for limit in limits] == re.findall(r"\d[\d,]*\d|\d+", rows)


@pytest.mark.parametrize(("text", "words"), [
    ("[@, @]", "holds what it reads twice"),
    ("[@, @] | [@, @]", "four times"),
    ("[id, mail]", "once each"),
    ("users[?a == 'x'].id", "eight times"),
])
def test_the_examples_cost_what_the_page_says(text, words):
    """The page speaks of copies and of looks."""
    found = cost.cost_of(grammar.parse(text))
    said = {"holds what it reads twice": found.copies == 2, "four times": found.copies == 4,
            "once each": found.copies == 1, "eight times": found.looks == 8}
    assert said[words]
    assert f"`{text}`" in PAGE
    assert words in " ".join(PAGE.split())


def test_the_packs_need_what_the_page_says(shapes, monkeypatch):
    """An expression of a team's own may be nine times as much work as any of ours."""
    made = {}
    compiled = conditions.compiled
    monkeypatch.setattr(conditions, "compiled", lambda text: made.setdefault(text, compiled(text)))
    for folder in PACKS:
        load_pack(folder, folder.name, shapes, schema.check)
    costs = [cost.cost_of(one.tree) for one in made.values()]
    most = f"need {max(c.copies for c in costs)} copies and {max(c.looks for c in costs)} looks"
    assert len(costs) > 200
    assert most in " ".join(PAGE.split())
