"""The formats of a report, in reading order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from tenantproof.audit import Report
from tenantproof.reports import (
    check_sarif,
    csv_report,
    html_report,
    json_report,
    junit,
    markdown,
    oscal,
    text,
)
from tenantproof.reports.view import View

Renderer = Callable[[Report, View], Iterator[str]]

RENDERERS: Final[dict[str, Renderer]] = {
    "text": text.render,
    "json": json_report.render,
    "sarif": check_sarif.render,
    "junit": junit.render,
    "csv": csv_report.render,
    "markdown": markdown.render,
    "html": html_report.render,
    "oscal": oscal.render,
}
