"""The formats of a report, in reading order; a format's module is imported when it is asked for."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from typing import Any, Final

from tenantproof.audit import Report
from tenantproof.reports.view import View

Renderer = Callable[[Report, View], Iterator[str]]


def _by(module: str) -> Renderer:
    def render(report: Report, view: View) -> Iterator[str]:
        found: Any = importlib.import_module(f"tenantproof.reports.{module}")
        pieces: Iterator[str] = found.render(report, view)
        return pieces

    return render


RENDERERS: Final[dict[str, Renderer]] = {
    "text": _by("text"),
    "json": _by("json_report"),
    "sarif": _by("check_sarif"),
    "junit": _by("junit"),
    "csv": _by("csv_report"),
    "markdown": _by("markdown"),
    "html": _by("html_report"),
    "oscal": _by("oscal"),
}
