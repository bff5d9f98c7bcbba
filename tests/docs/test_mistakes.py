"""`docs/mistakes.md` is current: each mistake is told in one message, and its cure is right."""

from __future__ import annotations

import pytest
from pages import DOCS

from tenantproof.authoring.linted import problems
from tenantproof.authoring.mistakes import MISTAKES
from tenantproof.authoring.mistakes_page import page, told
from tenantproof.authoring.rule import BASE


def test_the_page_is_current():
    """`python -m tenantproof.authoring.mistakes_page` writes it again."""
    assert page() == (DOCS / "mistakes.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.title)
def test_a_mistake_is_one_problem_with_a_remedy(mistake):
    """It is an error on the line that was written, and says what to do."""
    first = BASE[: BASE.index(mistake.of)].count("\n") + 1
    found = [(p.severity, p.position and p.position.line, bool(p.help)) for p in told(mistake)]
    assert [("error", first, True)] == found


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.title)
def test_the_cure_of_a_mistake_is_right(mistake):
    """What the page says to write has no problem."""
    assert 1 == BASE.count(mistake.of)
    assert [] == problems(BASE.replace(mistake.of, mistake.right).encode())
