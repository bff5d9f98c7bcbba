"""No damage to an export leaves a pass that the damaged part could have turned into another."""

from __future__ import annotations

from collections import defaultdict

from drill import WHOLE, damaged_collections, damaged_properties, sources, tenants, verdict

from tenantproof.verdict import Verdict


def test_a_damage_never_leaves_a_pass_that_it_could_hide_a_change_of(
    pack, policy_id, shapes, golden
):
    """Where a pass remains, none of the contents that the damaged part may have had changes it."""
    policy = pack.policies[policy_id]
    names = sources(pack, policy, shapes)
    cases = list(tenants(pack, policy))
    everything = [value for _, value in cases]
    remaining = defaultdict(list)
    for case, value in cases:
        if case["verdict"] != "pass":
            continue
        for damaged in (
            *damaged_collections(value, names, everything, shapes),
            *damaged_properties(value, names, everything, shapes),
        ):
            finding = verdict(pack, policy, case, damaged.tenant, shapes)
            stays = finding is not None and finding.verdict is Verdict.PASS
            remaining[damaged.place, damaged.damage].append(
                " + ".join(finding.outcome.deciding) if stays else None
            )
            if not stays:
                continue
            for other in damaged.others:
                swapped = verdict(pack, policy, case, other, shapes)
                assert swapped is None or swapped.verdict is Verdict.PASS, (
                    f"{policy_id} passes although `{damaged.place}` is damaged ({damaged.damage}), "
                    f"and with other content it would be {swapped.verdict}: case `{case['it']}`"
                )
    assert golden == "".join(f"{line}\n" for line in told(remaining))


def told(remaining):
    """The passes that remain, in lines that a person can review.

    A collection (or property) that may be damaged in every way is told as such; of the others
    each damage is told with what alone decides: the branch or subject, or `all else`.
    """
    places = defaultdict(dict)
    for (place, damage), outcomes in remaining.items():
        places[place][damage] = outcomes
    free = {place for place, damages in places.items() if all(
        None not in outcomes for outcomes in damages.values())}
    indifferent = {p for p in free if "/" not in p and len(places[p]) >= len(WHOLE) - 1}
    yield from (f"any damage to {place}" for place in sorted(indifferent))
    for place in sorted(set(places) - indifferent):
        if place.partition("/")[0] in indifferent or _inside(place, free):
            continue
        if place in free:
            yield f"any damage to {place}"
            continue
        for damage, outcomes in sorted(places[place].items()):
            deciding = sorted({outcome or "all else" for outcome in outcomes
                               if outcome is not None})
            if deciding:
                yield f"{place}: {damage}: decided by {' or '.join(deciding)}"


def _inside(place, free):
    return any(place.startswith(f"{other}/") for other in free if "/" in other)
