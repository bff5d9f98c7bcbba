"""Two hundred random pairs of changes: the verdict diff is that of judging the packs anew.

The packs are written from what each policy is to say, so the merged pack is known without merging.
"""

from __future__ import annotations

import json
import random

import pytest

from tenantproof.cli.reading import read_snapshot
from tenantproof.cli.request import Asked, judge_one, request_of
from tenantproof.cli.verdict_diff import effects
from tenantproof.forking.files import read_files
from tenantproof.forking.updating import clashes_of, updated

TOP = """\
format: 1
id: {id}
version: "{version}"
title: A pack
description: For tests.
parameters:
  wanted: {{ type: text, title: The wanted kind, default: {wanted} }}
"""
REQUIREMENTS = """\
format: 1
source: { title: T, url: "https://example.com/", dated: "2026-01-01" }
requirements:
  - { id: R-1, title: One, level: mandatory, section: S, obligation: Do it. }
"""
POLICY = """\
format: 1
id: {id}
revision: {revision}
title: {title}
statement: It MUST be so.
rationale: {rationale}   # why
requirements: [R-1]
severity: {severity}
status: stable
check:
  for: users
  where:
    is enabled: {{ path: accountEnabled, equals: {enabled} }}
  # how many
  expect: {expect}
  if_empty: {if_empty}
  that:
    is wanted: {{ path: userType, {condition} }}
report: {{ subject: displayName, pass: so, fail: not so }}
remediation: {{ summary: {summary}, steps: [Mend it.] }}
tests:
  tenant: {{ collections: {{ users: {{ data: [] }} }} }}
  cases:
    - {{ it: {case}, verdict: {if_empty} }}
"""
CHOICES = {
    "title": ["One", "Two", "Three"], "rationale": ["Because", "Since", "As"],
    "severity": ["low", "high", "critical"], "enabled": ["true", "false"],
    "expect": ["every", "none", "at_least_one"], "if_empty": ["pass", "fail"],
    "condition": ["equals: Member", "not_equals: Member", "equals: Guest", "equals: $wanted"],
    "summary": ["Mend it", "Repair it"],
}
WANTED = ["Member", "Guest"]
TENANT = "11111111-2222-4333-8444-555555555555"


def first(draw):
    """What every policy says in the old release, and the pack's parameter."""
    policies = {f"T-00{n}": {key: draw.choice(values) for key, values in CHOICES.items()}
                for n in range(1, 5)}
    return {"wanted": draw.choice(WANTED), "policies": policies}


def changed(state, draw, count):
    """A state with some fields changed, and which."""
    policies = {name: dict(says) for name, says in state["policies"].items()}
    fields = set()
    for _ in range(count):
        name, key = draw.choice(sorted(policies)), draw.choice(sorted(CHOICES))
        policies[name][key] = draw.choice(CHOICES[key])
        fields.add((name, key))
    wanted = draw.choice(WANTED) if draw.random() < 0.3 else state["wanted"]
    if draw.random() < 0.3:
        policies[f"N-00{draw.randint(1, 9)}"] = dict(policies["T-001"])
    if draw.random() < 0.2:
        del policies["T-004"]
    return {"wanted": wanted, "policies": policies}


def write(folder, state, id="team", version="1.0.0"):
    """Write a pack that says this."""
    folder.mkdir()
    (folder / "pack.yaml").write_text(TOP.format(id=id, version=version, wanted=state["wanted"]))
    (folder / "requirements.yaml").write_text(REQUIREMENTS)
    for name, says in state["policies"].items():
        family = folder / name[0].lower()
        family.mkdir(exist_ok=True)
        (family / f"{name}-holds.yaml").write_text(POLICY.format(
            id=name, revision=1, case="passes", **says))
    return folder


def by_field(old, ours, new):
    """Merge three states field by field; None where both changed one field differently."""
    def pick(before, mine, theirs):
        if mine == theirs or theirs == before:
            return mine
        return theirs if mine == before else CLASH

    policies = {}
    for name in {*ours["policies"], *new["policies"]}:
        b, m, t = (side["policies"].get(name) for side in (old, ours, new))
        if b and m and t:
            policies[name] = {key: pick(b[key], m[key], t[key]) for key in CHOICES}
        elif m and t:
            policies[name] = m if m == t else CLASH
        else:
            kept = pick(b, m, t)
            if kept is not None:
                policies[name] = kept
    wanted = pick(old["wanted"], ours["wanted"], new["wanted"])
    said = [wanted, *policies.values(), *(v for p in policies.values() if p is not CLASH
                                          for v in p.values())]
    return None if any(one is CLASH for one in said) else {"wanted": wanted, "policies": policies}


CLASH = object()


@pytest.fixture(scope="module")
def tenant(tmp_path_factory):
    """A snapshot with accounts of every kind."""
    users = [{"id": f"u{n}", "displayName": f"U{n}", "userType": kind, "accountEnabled": on}
             for n, (kind, on) in enumerate([("Member", True), ("Guest", True), ("Member", False)])]
    file = tmp_path_factory.mktemp("tenant") / "t.json"
    file.write_text(json.dumps({
        "format": 1, "tenant": {"id": TENANT, "displayName": "T", "kind": "partner"},
        "exportedAt": "2026-11-20T06:00:00Z",
        "collections": {"users": {"data": users, "complete": True}}}))
    return str(file)


def judged(pack, tenant):
    """Each policy's verdict and failing subjects."""
    found = judge_one(read_snapshot(tenant), request_of(Asked(packs=(str(pack),)))).findings
    return {f.policy.id: (f.verdict.value, frozenset(
        s.id for s in f.outcome.subjects if s.verdict.value == "fail")
        if f.verdict.value == "fail" else frozenset()) for f in found}


@pytest.mark.parametrize("seed", range(200))
def test_the_verdict_diff_is_that_of_judging_anew(seed, tenant, tmp_path):
    """Where two sides clash somebody is asked; else both are judged, and every change is told."""
    draw = random.Random(seed)
    old = first(draw)
    ours, new = changed(old, draw, draw.randint(1, 4)), changed(old, draw, draw.randint(1, 4))
    folders = (write(tmp_path / "old", old), write(tmp_path / "ours", ours),
               write(tmp_path / "new", new, version="2.0.0"))
    outcomes = updated(*(read_files(folder, folder.name) for folder in folders), {})
    merged = by_field(old, ours, new)
    assert (merged is None) == bool(list(clashes_of(outcomes)))
    if merged is None:
        return
    result = tmp_path / "merged"
    for outcome in outcomes:
        if outcome.text is not None:
            (result / outcome.name).parent.mkdir(parents=True, exist_ok=True)
            (result / outcome.name).write_bytes(outcome.text)
    before = judged(folders[1], tenant)
    after = judged(write(tmp_path / "known", merged), tenant)
    assert after == judged(result, tenant)
    found = effects(str(folders[1]), str(result), [tenant], {}, outcomes)
    told = {one.change.policy: one for one in found.findings}
    assert {name for name in {*before, *after} if before.get(name) != after.get(name)} == set(told)
    for name, one in told.items():
        assert (before.get(name, (None,))[0], after.get(name, (None,))[0]) == (
            one.change.before, one.change.after)
        assert one.causes, name
