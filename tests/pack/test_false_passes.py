"""No damage to an export leaves a pass that the damaged part could have turned into another."""

from __future__ import annotations

from drill import damaged_collections, damaged_properties, sources, tenants, verdict

from tenantproof.verdict import Verdict


def passes_that_remain(pack, policy, shapes):
    """Damage every passing tenant of a policy's cases; yield the passes that remain."""
    cases = list(tenants(pack, policy))
    everything = [value for _, value in cases]
    names = sources(pack, policy, shapes)
    for case, value in cases:
        if case["verdict"] != "pass":
            continue
        for damaged in (
            *damaged_collections(value, names, everything),
            *damaged_properties(value, names, everything, shapes),
        ):
            finding = verdict(pack, policy, case, damaged.tenant, shapes)
            if finding is not None and finding.verdict is Verdict.PASS:
                yield case, damaged, finding


def test_a_damage_never_leaves_a_pass_that_it_could_hide_a_change_of(
    pack, policy_id, shapes, golden
):
    """Where a pass remains, none of the contents that the damaged part may have had changes it."""
    policy = pack.policies[policy_id]
    remaining = set()
    for case, damaged, finding in passes_that_remain(pack, policy, shapes):
        for other in damaged.others:
            swapped = verdict(pack, policy, case, other, shapes)
            assert swapped is None or swapped.verdict is Verdict.PASS, (
                f"{policy_id} passes although `{damaged.place}` is damaged ({damaged.damage}), "
                f"and with other content it would be {swapped.verdict}: case `{case['it']}`"
            )
        decided = " + ".join(finding.outcome.deciding) or "the rest of the tenant"
        remaining.add(f"{damaged.place}: {damaged.damage}: {decided}")
    assert golden(name=policy_id) == "".join(f"{line}\n" for line in sorted(remaining))
