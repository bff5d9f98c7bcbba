"""The table of ``docs/operators.md``, made from the operators themselves.

``python -m tenantproof.authoring.operators_page`` writes it into the page again; a test says when
that is due.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tenantproof import bundled
from tenantproof.language.operators import EVERYTHING, OPERATORS, Operator

BEGIN: Final = "<!-- operators: made by `python -m tenantproof.authoring.operators_page` -->"
END: Final = "<!-- /operators -->"
HEAD: Final = ("operator", "holds where", "left", "right", "of null")
KINDS: Final = ("text", "number", "boolean", "list", "object", "null")
RIGHT: Final = {
    "value": "a value",
    "list": "a list",
    "boolean": "`true` or `false`",
    "pattern": "a regular expression",
    "measure": "a number or a duration",
    "instant": "a date or an instant",
    "duration": "a duration",
    "predicate": "`true` or `false`; alone, a predicate",
}
OF_NULL: Final = {
    "value": "compares it like any value",
    "false": "false",
    "true": "true",
    "unknown": "unknown, or what `if_null` says",
    "empty": "null counts as empty",
    "none of none": "false; true of `[]` on the right",
}
OWN_NULL: Final = {"exists": "null is not there", "is_true": "unknown"}


def operators_table() -> str:
    """Return the Markdown table of all operators, in the order of the table of operators."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield _row(HEAD)
    yield _row("---" for _ in HEAD)
    for one in OPERATORS.values():
        yield _row((f"`{one.name}`", one.meaning, _left(one), RIGHT[one.right], _of_null(one)))


def _row(cells: Iterator[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def _left(one: Operator) -> str:
    if one.left >= EVERYTHING - {"any"}:
        return "anything"
    return ", ".join(kind for kind in KINDS if kind in one.left)


def _of_null(one: Operator) -> str:
    return OWN_NULL.get(one.name, OF_NULL[one.on_null])


def with_table(page: str) -> str:
    """Return the page with the table as it is now; ValueError where a marker is missing."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page needs the lines {BEGIN} and {END}")
    return f"{before}{begin}\n\n{operators_table()}\n{end}{after}"


def main() -> None:
    """Rewrite the page."""
    page: Path = bundled.root() / "docs" / "operators.md"
    page.write_text(with_table(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
