"""The formats of a report, in reading order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from tenantproof.audit import Report
from tenantproof.reports import json_report, text
from tenantproof.reports.view import View

Renderer = Callable[[Report, View], Iterator[str]]

RENDERERS: Final[dict[str, Renderer]] = {
    "text": text.render,
    "json": json_report.render,
}
