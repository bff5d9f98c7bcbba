"""Regular expressions, on RE2 only: linear in the text, whatever the pattern."""

from __future__ import annotations

from functools import cache
from typing import Any

LONGEST_PATTERN = 1_000


@cache
def _compiled(pattern: str, ignore_case: bool) -> Any:
    import re2  # loaded on first use: it costs as much as all of click

    options = re2.Options()
    options.case_sensitive = not ignore_case
    options.log_errors = False
    return re2.compile(pattern, options)


def found(pattern: str, text: str, *, ignore_case: bool) -> bool:
    """Tell whether a pattern matches somewhere in a text; anchor it with ``^`` and ``$``."""
    return _compiled(pattern, ignore_case).search(text) is not None


def fault(pattern: str) -> str:
    """Return why RE2 refuses a pattern, or an empty text where it takes it."""
    if len(pattern) > LONGEST_PATTERN:
        return f"a pattern has at most {LONGEST_PATTERN} characters"
    import re2  # see above

    try:
        _compiled(pattern, False)
    except re2.error as error:
        words = error.args[0] if error.args else error
        return words.decode() if isinstance(words, bytes) else str(words)
    return ""
