"""Random policies from a seed, with every form of check and every operator.

A policy is a plain document of a kind that the static checks mostly accept; what they refuse the
caller replaces by another one.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from generate_expression import Typed, expression, fields, predicate, root_fields, word
from generate_snapshot import INSTANTS, PROPERTIES, SPANS, Raw, given, kind, shape, snapshot

__all__ = ["SHARED", "given", "policy", "snapshot"]

SOURCES = (
    *(name for name in PROPERTIES for _ in range(2)), "users[].assignedLicenses[]",
    "users.assignedLicenses[].disabledPlans[]", "users.signInActivity", "users.otherMails",
    "groups.owners", "delegatedAdminRelationships.accessDetails.unifiedRoles[]",
    "conditionalAccessPolicies.conditions.clientAppTypes", "signIns.signInEventTypes[]",
    "conditionalAccessPolicies.conditions.users", "signIns.appliedConditionalAccessPolicies",
    "authorizationPolicy.defaultUserRolePermissions.permissionGrantPoliciesAssigned",
)
PATTERNS = ("^u", "a", "[0-9]$", "(?:A|b)", "^$", "o.*o")
SHARED = {
    "emergency": {"type": "list", "title": "emergency", "default": ["u0", "a"]},
    "owner": {"type": "text", "title": "owner"},
    "most": {"type": "number", "title": "most", "default": 2},
    "span": {"type": "duration", "title": "span", "default": "30 days"},
    "since": {"type": "instant", "title": "since"},
    "wanted": {"type": "boolean", "title": "wanted", "default": True},
}
NAMES = ("emergency", "owner", "most", "span", "since", "wanted", "chosen", "seen", "limit")
LETS = (
    "users[].id", "groups[].displayName", "users[].userPrincipalName", "securityDefaults.isEnabled",
    "length(users)", "tenant.id", "groups[0].displayName", "conditionalAccessPolicies[].state",
    "authorizationPolicy.defaultUserRolePermissions.permissionGrantPoliciesAssigned",
    "users[].otherMails[]", "delegatedAdminRelationships[0].duration",
)
LIMITS = (
    "length(users)", "signIns[0].status.errorCode", "signIns[2].status.errorCode",
    "conditionalAccessPolicies[0].sessionControls.signInFrequency.value",
)

# --- conditions -------------------------------------------------------------------------------

MATTER = {
    "string": "equals not_equals one_of none_of exists matches",
    "date-time": "before after older_than newer_than newer_than due_within due_within exists",
    "duration": "at_least at_most longer_than shorter_than equals exists",
    "boolean": "equals not_equals one_of none_of exists is_true",
    "number": "equals not_equals one_of none_of at_least at_most exists",
    "array": "contains contains_any contains_all contains_none only is_empty exists equals"
    " not_equals",
    "delimited": "contains contains_any contains_all contains_none only is_empty exists",
    "object": "exists equals not_equals",
}
NEEDS_NULL = frozenset({
    "matches", "at_least", "at_most", "before", "after", "older_than", "newer_than", "due_within",
    "longer_than", "shorter_than",
})
HIDES_NULL = frozenset({"only", "none_of", "contains_none", "is_empty", "at_most"})
FITTING = {
    "at_least": ("most", "span", "limit"), "at_most": ("most", "span", "limit"),
    "before": ("since", "as_of"), "after": ("since", "as_of"), "older_than": ("span",),
    "newer_than": ("span",), "due_within": ("span",), "longer_than": ("span",),
    "shorter_than": ("span",), "exists": ("wanted",), "is_empty": ("wanted",),
}
LISTING = frozenset({"one_of", "none_of", "contains_any", "contains_all", "contains_none", "only"})


def condition(rng: Random, base: list[Typed], names: list[str]) -> Raw:
    """Return a condition on one of the fields."""
    if rng.random() < 0.05:
        tested = [f for f in base if f.kind in ("string", "number", "boolean")]
        return {"is_true": predicate(rng, rng.choice(tested))} if tested else _fixed(base)
    left = expression(rng, base)
    node_format = left.node.get("format", "") if left.kind == "string" else ""
    words = MATTER[node_format or left.kind].split()
    if left.kind == "array" and kind(left.node["items"]) in ("object", "array"):
        words = ["exists", "is_empty"]
    operator = rng.choice([w for w in words if not (left.drops and w in HIDES_NULL)])
    written: Raw = {"path": left.text, operator: _right(rng, operator, left, names)}
    if operator in NEEDS_NULL and (left.null or rng.random() < 0.1):
        written["if_null"] = rng.random() < 0.5
    return written


def _fixed(base: list[Typed]) -> Raw:
    return {"path": base[0].text, "exists": True}


def _right(rng: Random, operator: str, left: Typed, names: list[str]) -> Any:
    luck = rng.random()
    fitting = [n for n in FITTING.get(operator, ()) if n in names or n == "as_of"]
    if fitting and luck < 0.2:
        return f"${rng.choice(fitting)}"
    if operator in NAMEABLE and names and luck < 0.1:
        return f"${rng.choice(names)}"
    if operator in LISTING:
        return _options(rng, left, names)
    return RIGHT.get(operator, _value)(rng, left)


NAMEABLE = LISTING | {"equals", "not_equals", "contains", "at_least", "before", "older_than",
                      "longer_than", "exists", "is_empty"}


def _options(rng: Random, left: Typed, names: list[str]) -> Any:
    lists = [f"${n}" for n in names if n in ("emergency", "chosen", "seen")]
    if lists and rng.random() < 0.25:
        return rng.choice(lists)
    found = [_item(rng, left) for _ in range(rng.choice([0, 1, 2, 2, 3, 4]))]
    if rng.random() < 0.15 and names:
        found.append(f"${rng.choice(names)}")
    if rng.random() < 0.05:
        found.append(None)
    return found


def _item(rng: Random, left: Typed) -> Any:
    node = left.node["items"] if left.kind == "array" else left.node
    made: dict[str, Callable[[], Any]] = {
        "string": lambda: word(rng, node), "number": lambda: rng.choice([0, 1, 1.0, 2, 3]),
        "boolean": lambda: rng.random() < 0.5,
    }
    return made.get(kind(node), lambda: None)()


def _value(rng: Random, left: Typed) -> Any:
    if left.null and rng.random() < 0.1:
        return None
    return _item(rng, left)


def _same(rng: Random, left: Typed) -> Any:
    if left.kind == "array" and "properties" not in left.node["items"]:
        return [_item(rng, left) for _ in range(rng.randint(0, 2))]
    return None if left.kind in ("array", "object") else _value(rng, left)


def _measure(rng: Random, left: Typed) -> Any:
    return rng.choice(SPANS) if left.kind == "string" else rng.choice([0, 1, 2, 2.0, 3])


def _instant(rng: Random, left: Typed) -> str:
    return rng.choice([i for i in INSTANTS if i[0] == "2" and "." not in i])


RIGHT: dict[str, Callable[[Random, Typed], Any]] = {
    "equals": _same, "not_equals": _same, "at_least": _measure, "at_most": _measure,
    "before": _instant, "after": _instant, "contains": _item,
    **dict.fromkeys(("older_than", "newer_than", "due_within", "longer_than", "shorter_than"),
                    lambda rng, left: rng.choice(SPANS)),
    **dict.fromkeys(("exists", "is_empty", "is_true"), lambda rng, left: rng.random() < 0.5),
    "matches": lambda rng, left: rng.choice(PATTERNS),
}


def clauses(rng: Random, base: list[Typed], names: list[str], most: int, letter: str) -> Raw:
    """Return labelled clauses."""
    return {f"{letter}{index}": _clause(rng, base, names) for index in range(rng.randint(1, most))}


def _clause(rng: Random, base: list[Typed], names: list[str]) -> Raw:
    if rng.random() < 0.15:
        return {"any": [condition(rng, base, names) for _ in range(rng.randint(1, 3))]}
    written = condition(rng, base, names)
    return {**written, "severity": "low"} if rng.random() < 0.1 else written


# --- checks -----------------------------------------------------------------------------------


def _source(rng: Random) -> tuple[str, list[Typed]]:
    source = rng.choice(SOURCES)
    name, *steps = source.replace("[]", "").split(".")
    node = shape(name)
    for step in (*steps, ""):
        node = node.get("items", node)
        node = node["properties"][step] if step else node
    return source, list(fields(node))


def _quantified(rng: Random, names: list[str], others: list[str], depth: int) -> Raw:
    source, base = _source(rng)
    expect: Any = rng.choice(["every", "at_least_one", "none", "count"])
    if expect == "count":
        expect = _count(rng, base, names)
    check: Raw = {"for": source, "expect": expect}
    if "distinct" in expect and rng.random() < 0.5:
        return check
    if rng.random() < 0.4:
        check["where"] = clauses(rng, base, names, 2, "w")
    if isinstance(expect, str) or rng.random() < 0.3:
        check["if_empty"] = rng.choice(["pass", "pass", "fail", "not_applicable", "unknown"])
    if expect in ("every", "at_least_one") or rng.random() < 0.8:
        check["that"] = clauses(rng, base, names, 3, "c")
    return check


def _count(rng: Random, base: list[Typed], names: list[str]) -> Raw:
    low, high = sorted([rng.randint(0, 3), rng.randint(0, 4)])
    bounds: Raw = {"at_least": low, "at_most": high}
    numbers = [f"${n}" for n in names if n in ("most", "limit")]
    if numbers and rng.random() < 0.4:
        bounds[rng.choice(["at_least", "at_most"])] = rng.choice(numbers)
    if rng.random() < 0.4:
        del bounds[rng.choice(["at_least", "at_most"])]
    scalars = [f.text for f in base if f.kind in ("string", "boolean", "number")
               for _ in range(4 if f.node.get("x-fold") and not f.node.get("x-key") else 1)]
    if scalars and rng.random() < 0.5:
        bounds["distinct"] = rng.choice(scalars)
    return bounds


def _tenant_wide(rng: Random, names: list[str], others: list[str], depth: int) -> Raw:
    return {"that": clauses(rng, list(root_fields()), names, 3, "t")}


def _combined(rng: Random, names: list[str], others: list[str], depth: int) -> Raw:
    branches = {f"b{i}": check(rng, names, others, depth + 1) for i in range(rng.randint(1, 3))}
    return {rng.choice(["any_of", "all_of"]): branches}


def _manual(rng: Random, names: list[str], others: list[str], depth: int) -> Raw:
    asked: Raw = {"question": "Is it so?", "answered_by": "the owner", "valid_for": "90 days"}
    return {"manual": {**asked, "for": rng.choice(SOURCES)} if rng.random() < 0.5 else asked}


def _reference(rng: Random, names: list[str], others: list[str], depth: int) -> Raw:
    if not others:
        return _manual(rng, names, others, depth)
    said = rng.choice(["pass", "fail", "not_applicable", "unknown"])
    more = {"if_not_applicable": said} if rng.random() < 0.6 else {}
    return {"policy": rng.choice(others), **more}


def check(rng: Random, names: list[str], others: list[str], depth: int = 0) -> Raw:
    """Return a check, or a branch of one, that may name other policies."""
    forms = [_quantified, _tenant_wide, _combined, _manual, _reference]
    weights = [75, 10, 15, 0.5, 1] if depth == 0 else [60, 12, 8 if depth < 2 else 0, 6, 12]
    return rng.choices(forms, weights)[0](rng, names, others, depth)


HEAD: Raw = {
    "format": 1, "revision": 1, "title": "A policy", "statement": "Something MUST hold.",
    "rationale": "For tests.", "requirements": ["R-1"], "severity": "medium", "status": "stable",
    "report": {"pass": "{count} fine.", "fail": "{closest} lacks {missing}."},
    "remediation": {"summary": "Mend it.", "steps": ["Mend it."]},
    "tests": {"tenant": {"collections": {}}, "cases": [{"it": "passes", "verdict": "pass"}]},
}


def policy(rng: Random, name: str, others: list[str]) -> Raw:
    """Return a policy; a branch of it may name one of the `others`."""
    made: Raw = {**HEAD, "id": name}
    names = [n for n in NAMES[:6] if rng.random() < 0.7]
    if rng.random() < 0.3:
        lets = {n: rng.choice(LETS) for n in ("chosen", "seen") if rng.random() < 0.7}
        made["let"] = lets or {"seen": rng.choice(LETS)}
        names += list(made["let"])
    if rng.random() < 0.15:
        made["parameters"] = {"limit": {"type": "number", "title": "Limit", "default": 2}}
        names.append("limit")
    elif rng.random() < 0.6:
        made.setdefault("let", {})["limit"] = rng.choice(LIMITS)
        names.append("limit")
    applies: Raw = {}
    if rng.random() < 0.5:
        applies["tenants"] = rng.choice([["partner"], ["partner"], ["customer", "partner"],
                                         ["customer"]])
    if rng.random() < 0.25:
        applies["unless"] = clauses(rng, list(root_fields()), names, 2, "u")
    if applies:
        made["applies_to"] = applies
    return {**made, "check": check(rng, names, others)}
