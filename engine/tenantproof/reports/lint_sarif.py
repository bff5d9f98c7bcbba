"""What ``lint`` found, in SARIF: one result per problem."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tenantproof.problem import Problem
from tenantproof.reports import sarif


def lint_log(
    version: str, titles: Mapping[str, str], problems: Iterable[Problem]
) -> dict[str, Any]:
    """Return the log of a run of ``lint``; `titles` has a sentence for each rule's id."""
    told = list(problems)
    used = sorted({problem.rule for problem in told})
    rules = [_rule(name, titles.get(name, name)) for name in used]
    return sarif.log(version, rules, _results(told))


def _rule(name: str, title: str) -> dict[str, Any]:
    return {
        "id": name,
        "shortDescription": {"text": title},
        "help": {
            "text": f"See the section {name} of docs/lint-rules.md.",
            "markdown": f"See the section `{name}` of `docs/lint-rules.md`.",
        },
    }


def _results(problems: Iterable[Problem]) -> Iterator[dict[str, Any]]:
    seen: Counter[tuple[str, str, str]] = Counter()
    for problem in problems:
        same = (problem.file, problem.rule, problem.message)
        seen[same] += 1
        yield sarif.result(
            problem.rule, problem.severity, _text(problem), _location(problem),
            problem.file, problem.message, str(seen[same]),
        )


def _location(problem: Problem) -> dict[str, Any] | None:
    if not problem.file:
        return None
    return sarif.location(problem.file, problem.position, problem.end)


def _text(problem: Problem) -> str:
    lines = (problem.message, f"help: {problem.help}" if problem.help else "", problem.consequence)
    return "\n".join(line for line in lines if line)
