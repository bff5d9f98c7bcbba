"""``docs/mistakes.md``, made from the mistakes and from what ``lint`` says of them.

``python -m tenantproof.authoring.mistakes_page`` writes the page; a test says when that is due.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tenantproof import bundled
from tenantproof.authoring.linted import problems
from tenantproof.authoring.mistakes import MISTAKES, Mistake
from tenantproof.authoring.rule import BASE
from tenantproof.problem import Problem, render

INTRO: Final = """\
# The mistakes that people make most

<!-- made by `python -m tenantproof.authoring.mistakes_page` -->

Each of these looks right, and most of them would make a policy pass for everybody, or for nobody.
`tenantproof lint` refuses all of them. What it says is always built in the same way:

1. the file, the line and the column; the rule in brackets; what is wrong,
2. `help`: what to do,
3. your line, with `^` under the mistake,
4. what the mistake would have caused.

[lint-rules.md](lint-rules.md) has every rule, and the policy of which the lines below are part.
"""


def page() -> str:
    """Return the whole page."""
    return "".join(_pieces())


def told(mistake: Mistake) -> list[Problem]:
    """Return what `lint` says of a mistake."""
    return problems(BASE.replace(mistake.of, mistake.wrong).encode())


def _pieces() -> Iterator[str]:
    yield INTRO
    for number, mistake in enumerate(MISTAKES, 1):
        yield f"\n## {number}. {mistake.title}\n\n{mistake.cause} You wrote:\n\n"
        yield _block("yaml", mistake.wrong)
        yield "\nLint says:\n\n"
        yield _block("text", "\n\n".join(map(render, told(mistake))))
        yield "\nRight is:\n\n"
        yield _block("yaml", mistake.right)


def _block(language: str, text: str) -> str:
    return f"```{language}\n{text}\n```\n"


def main() -> None:
    """Write the page."""
    place: Path = bundled.root() / "docs" / "mistakes.md"
    place.write_text(page(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
