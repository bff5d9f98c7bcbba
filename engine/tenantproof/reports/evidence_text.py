"""Labelled evidence as lines of text, the same in a report and in an explanation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tenantproof.finding import Evidence
from tenantproof.reports.layout import with_pointer, wrapped
from tenantproof.reports.values import in_line
from tenantproof.reports.view import Palette
from tenantproof.safe import printable


def evidence_lines(
    evidence: Sequence[Evidence], subject: str, indent: str, palette: Palette
) -> Iterator[str]:
    """Yield each label with its value, and its pointer where it is not the subject's."""
    for one in evidence:
        lead = f"{indent}{printable(one.label)}: "
        *lines, last = wrapped(in_line(one.value), f"{indent}  ", lead)
        yield from lines
        yield from with_pointer(last, "" if one.pointer == subject else one.pointer, palette)
