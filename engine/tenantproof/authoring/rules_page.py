"""``docs/lint-rules.md``, made from the rules and from what ``lint`` says of their examples.

``python -m tenantproof.authoring.rules_page`` writes the page; a test says when that is due.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tenantproof import bundled
from tenantproof.authoring.linted import problems
from tenantproof.authoring.rule import BASE, Rule, example
from tenantproof.authoring.rules import GROUPS
from tenantproof.authoring.rules_elsewhere import TABLES, Table
from tenantproof.problem import render
from tenantproof.safe import printable

INTRO: Final = """\
# What lint refuses

<!-- made by `python -m tenantproof.authoring.rules_page` -->

`tenantproof lint` reads every file of a pack and tells what is wrong, each time with the place,
what to do, and what the mistake would have caused. Each rule below has an example that it refuses,
and the same lines put right. [mistakes.md](mistakes.md) has the mistakes that people make most.

At the end stand the ids that other commands tell:

{tables}

## The example

All examples change a few lines of this policy:

"""


def page() -> str:
    """Return the whole page."""
    return "".join(_pieces())


def _pieces() -> Iterator[str]:
    yield INTRO.format(tables="\n".join(_link(table.title) for table in TABLES))
    yield _block("yaml", BASE)
    for group in GROUPS:
        yield f"\n## {group.title}\n\n{group.intro}\n"
        yield from map(_rule, group.rules)
    yield from map(_table, TABLES)


def _link(title: str) -> str:
    return f"- [{title}](#{title.lower().replace(' ', '-')})"


def _rule(rule: Rule) -> str:
    return (
        f"\n### {rule.id}\n\n{rule.title}.\n\n*Why:* {rule.why}\n"
        f"{_example(rule) if rule.wrong else ''}"
    )


def _example(rule: Rule) -> str:
    first = problems(example(rule, rule.wrong).encode())[0]
    return (
        f"\nWrong:\n\n{_block('yaml', rule.wrong)}\nLint says:\n\n{_block('text', render(first))}"
        f"\nRight:\n\n{_block('yaml', rule.right)}"
    )


def _block(language: str, text: str) -> str:
    lines = "\n".join(map(printable, text.rstrip("\n").split("\n")))
    return f"```{language}\n{lines}\n```\n"


def _table(table: Table) -> str:
    rows = "".join(f"| `{row.id}` | {row.meaning} |\n" for row in table.rows)
    return f"\n## {table.title}\n\n{table.intro}\n\n| id | means |\n| --- | --- |\n{rows}"


def main() -> None:
    """Write the page."""
    place: Path = bundled.root() / "docs" / "lint-rules.md"
    place.write_text(page(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
