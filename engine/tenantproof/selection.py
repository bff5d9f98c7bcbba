"""Which policies of a run are judged: what the caller asks for, else what a profile chose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

from tenantproof.policy import Policy
from tenantproof.problem import Problem, UsageError, did_you_mean

Policies = Mapping[str, Policy]


def selected(
    policies: Policies,
    chosen: Iterable[str],
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
) -> list[Policy]:
    """Return the policies to judge, by id patterns (``MFA-*``), in the order of their ids.

    Without `select` these are the `chosen` ones. Raises UsageError for a pattern that matches
    nothing and for a selection that is empty.
    """
    wanted = list(select)
    names = _matching(policies, wanted) if wanted else set(chosen)
    names -= _matching(policies, list(ignore))
    if not names:
        raise UsageError([Problem(
            "nothing-selected", "no policy is left to judge",
            help="select at least one policy; `tenantproof list` shows them",
        )])
    return [policies[name] for name in sorted(names)]


def _matching(policies: Policies, patterns: list[str]) -> set[str]:
    found: set[str] = set()
    for pattern in patterns:
        hits = {
            p.id for p in policies.values()
            if fnmatchcase(p.id, pattern) and p.status != "retired"
        }
        if not hits:
            better = did_you_mean(pattern, policies)
            raise UsageError([Problem(
                "pattern-matches-nothing", f"`{pattern}` matches no policy",
                help=f"did you mean `{better}`?" if better else "`tenantproof list` shows them",
            )])
        found |= hits
    return found
