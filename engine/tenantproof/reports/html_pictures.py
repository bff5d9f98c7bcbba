"""The pictures of the HTML report, as numbers: bars by severity, and tenants by policies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from tenantproof.audit import VERDICT_ORDER, Report, TenantReport
from tenantproof.finding import Finding
from tenantproof.verdict import Severity, Verdict

LEFT: Final = 140
WIDTH: Final = 560
ROW: Final = 34
CELL: Final = 12
MAP_LEFT: Final = 220
MAP_ROW: Final = 14
MOST_TENANTS: Final = 100


def bars(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Return a bar for each severity that occurs, its parts as wide as their verdicts are many."""
    found = [(s, [f for f in findings if f.severity is s]) for s in Severity]
    return [_bar(index, severity, own) for index, (severity, own) in enumerate(
        (severity, own) for severity, own in found if own)]


def _bar(index: int, severity: Severity, findings: Sequence[Finding]) -> dict[str, Any]:
    counts = Counter(finding.verdict for finding in findings)
    parts, x = [], float(LEFT)
    for verdict in (verdict for verdict in VERDICT_ORDER if counts[verdict]):
        width = WIDTH * counts[verdict] / len(findings)
        parts.append({"verdict": verdict, "count": counts[verdict],
                      "x": round(x, 1), "width": round(width, 1)})
        x += width
    return {"name": severity.value, "total": len(findings), "y": index * ROW + 4, "parts": parts}


def bars_in_words(drawn: Sequence[Mapping[str, Any]], words: Mapping[Verdict, str]) -> str:
    """Return the bars for those who hear the page."""
    return "; ".join(
        f"{bar['name']}: " + ", ".join(f"{part['count']} {words[part['verdict']]}"
                                       for part in bar["parts"])
        for bar in drawn
    )


def heat_map(report: Report, words: Mapping[Verdict, str]) -> dict[str, Any]:
    """Return a row of cells for each tenant, those with the most failures; none for one tenant."""
    if len(report.tenants) < 2:
        return {"cells": [], "map_width": 0, "map_height": 0, "map_in_words": "",
                "more_tenants": 0}
    worst = sorted(report.tenants, key=lambda t: (-t.count(Verdict.FAIL), t.snapshot.tenant.id))
    shown = worst[:MOST_TENANTS]
    names = sorted({finding.policy.id for tenant in shown for finding in tenant.findings})
    columns = {name: MAP_LEFT + CELL * index for index, name in enumerate(names)}
    return {
        "cells": [_row(index, tenant, columns, words) for index, tenant in enumerate(shown)],
        "map_width": MAP_LEFT + CELL * len(names), "map_height": MAP_ROW * len(shown),
        "map_in_words": f"{len(shown)} tenants by {len(names)} policies; every cell's verdict "
                        "stands in the findings above",
        "more_tenants": len(worst) - len(shown),
    }


def _row(
    index: int, tenant: TenantReport, columns: Mapping[str, int], words: Mapping[Verdict, str]
) -> dict[str, Any]:
    who = tenant.snapshot.tenant
    return {
        "name": who.displayName or who.id, "y": index * MAP_ROW,
        "cells": [
            {"policy": f.policy.id, "x": columns[f.policy.id], "verdict": f.verdict.value,
             "words": words[f.verdict]}
            for f in tenant.findings
        ],
    }
