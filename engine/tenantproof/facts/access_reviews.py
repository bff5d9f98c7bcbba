"""The fact `accessReviews`: what access reviews look at wholly, and how often they come back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from tenantproof.collection import Collection
from tenantproof.facts.base import Fact, Inputs, fact, value_at, why_not
from tenantproof.facts.lists import Listed, listed, open_list
from tenantproof.verdict import Truth, Unknown, Why, all_true, any_true, negated, unknown

NAME: Final = "accessReviews"
SOURCE: Final = "accessReviewDefinitions"
OPEN: Final = frozenset({"notstarted", "inprogress"})
DAYS: Final = {
    "daily": 1, "weekly": 7, "absolutemonthly": 30, "relativemonthly": 30,
    "absoluteyearly": 365, "relativeyearly": 365,
}
QUARTER: Final = 92
VERSION: Final = r"^/?(?:(?:v1\.0|beta)/)?"
# The forms that Graph documents for all holders of a role and all members of a group; whatever
# else stands in a query, a filter above all, leaves somebody out.
QUERIES: Final = {
    "roleIds": re.compile(
        VERSION + r"roleManagement/directory/roleDefinitions/([^/?]+)/?$", re.IGNORECASE,
    ),
    "groupIds": re.compile(
        VERSION + r"groups/([^/?]+)/(?:transitiveMembers|members)"
        r"(?:/microsoft\.graph\.user)?/?(?:\?\$count=true)?$", re.IGNORECASE,
    ),
}
EVERYBODY: Final = re.compile(VERSION + r"users/?$", re.IGNORECASE)


def build(inputs: Inputs) -> Collection:
    """Return one record per definition, in the export's order."""
    definitions = inputs.collection(SOURCE)
    rows = (
        (definitions.pointer(index), _row(one, inputs.as_of))
        for index, one in enumerate(definitions.records)
    )
    return fact(inputs.shape(NAME), rows, definitions)


def _row(one: Struct, as_of: datetime) -> Mapping[str, Any]:
    is_open = all_true([_is_open(one), negated(_has_ended(one, as_of))])
    days = _interval(one)
    queries = list(_queries(one))
    return {
        "id": value_at(one, "id"),
        "displayName": value_at(one, "displayName"),
        "status": value_at(one, "status"),
        "isOpen": is_open,
        "intervalDays": days,
        "isQuarterly": all_true([is_open, _within_a_quarter(days)]),
        **{name: _named(form, queries) for name, form in QUERIES.items()},
    }


# --- when --------------------------------------------------------------------------------------


def _is_open(one: Struct) -> Truth:
    status = value_at(one, "status")
    return status.casefold() in OPEN if isinstance(status, str) else why_not(
        status, SOURCE, "status"
    )


def _has_ended(one: Struct, as_of: datetime) -> Truth:
    """Tell whether the last day of the series has passed; without a last day it has not."""
    end = value_at(one, "settings", "recurrence", "range", "endDate")
    kind = value_at(one, "settings", "recurrence", "range", "type")
    if kind in (None, "noEnd", "numbered"):
        return False
    if isinstance(kind, Unknown):
        return kind
    if not isinstance(end, str):
        return why_not(end, SOURCE, "settings.recurrence.range.endDate")
    return end[:10] < as_of.date().isoformat()


def _interval(one: Struct) -> Any:
    """Return the days between two rounds; null where there is one round only."""
    pattern = value_at(one, "settings", "recurrence", "pattern")
    if pattern is None or isinstance(pattern, Unknown):
        return pattern
    kind, count = value_at(pattern, "type"), value_at(pattern, "interval")
    if not isinstance(kind, str):
        return why_not(kind, SOURCE, "settings.recurrence.pattern.type")
    if not isinstance(count, int):
        return why_not(count, SOURCE, "settings.recurrence.pattern.interval")
    if count < 1:
        return unknown(Why.UNDETERMINED, SOURCE, "settings.recurrence.pattern.interval")
    return DAYS[kind.casefold()] * count


def _within_a_quarter(days: Any) -> Truth:
    if isinstance(days, Unknown):
        return days
    return days is not None and days <= QUARTER


# --- of what -----------------------------------------------------------------------------------


def _queries(one: Struct) -> Iterator[str | Unknown]:
    """Yield the queries whose whole result is looked at, and what keeps them from being known."""
    scope = value_at(one, "scope")
    kind = value_at(scope, "@odata.type")
    if isinstance(kind, str):
        read = KINDS.get(kind.rpartition(".")[2].casefold())
        yield from read(scope) if read else ()
    else:
        # a review of inactive users only looks like one of all of them but for its kind
        yield why_not(kind, SOURCE, "scope.@odata.type")


def _plain(scope: Struct) -> Iterator[str | Unknown]:
    query = value_at(scope, "query")
    if query is not None:
        yield query


def _by_resource(scope: Struct) -> Iterator[str | Unknown]:
    truth = _is_for_everybody(scope)
    if isinstance(truth, Unknown):
        yield truth
    elif truth:
        resources = _resources(scope)
        yield from resources.items
        yield from resources.doubts


KINDS: Final[dict[str, Callable[[Struct], Iterator[str | Unknown]]]] = {
    "accessreviewqueryscope": _plain,
    "principalresourcemembershipsscope": _by_resource,
}


def _resources(scope: Any) -> Listed:
    scopes = listed(value_at(scope, "resourceScopes"))
    found = [value_at(one, "query") for one in scopes.items]
    return Listed(
        tuple(one for one in found if isinstance(one, str)),
        tuple(one for one in found if isinstance(one, Unknown)), scopes.rest,
    )


def _is_for_everybody(scope: Any) -> Truth:
    """Tell whether one of the principals' scopes is that of all users."""
    principals = listed(value_at(scope, "principalScopes"))
    queries = [value_at(one, "query") for one in principals.items]
    return any_true([
        *(EVERYBODY.match(one) is not None for one in queries if isinstance(one, str)),
        *(one for one in queries if isinstance(one, Unknown)), *principals.doubts,
    ])


def _named(form: re.Pattern[str], queries: list[str | Unknown]) -> Any:
    """Return the ids, in lower case and sorted, that queries of a form name."""
    found = [form.match(one) for one in queries if isinstance(one, str)]
    ids = {match[1].casefold() for match in found if match is not None}
    return open_list(sorted(ids), [one for one in queries if isinstance(one, Unknown)])


FACT: Final = Fact(NAME, (SOURCE,), (), build)
