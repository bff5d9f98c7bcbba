"""``tenantproof explain``: one policy, or why one verdict is what it is."""

from __future__ import annotations

import click
from msgspec.structs import replace

from tenantproof.cli import console, options
from tenantproof.cli.attestations import read_attestations
from tenantproof.cli.clock import read_as_of
from tenantproof.cli.exits import DONE
from tenantproof.cli.packs import load_packs, merged
from tenantproof.cli.profiles import profile_in_force, regraded
from tenantproof.cli.reading import read_snapshot
from tenantproof.cli.settings import (
    declared_by,
    read_declarations,
    read_params,
    refuse_unheard,
    settings_of,
)
from tenantproof.cli.usage import unknown_word, usage_error
from tenantproof.context import Context
from tenantproof.pack import Pack
from tenantproof.policy import Policy
from tenantproof.problem import did_you_mean
from tenantproof.profile import InForce
from tenantproof.reports import policy_text, walk_text
from tenantproof.shape import bundled_shapes
from tenantproof.walk import Walk, walk


@click.command("explain", short_help="Show one policy, or why a verdict is what it is.")
@click.argument("policy_id", metavar="ID")
@click.argument("snapshot", required=False, metavar="[SNAPSHOT]")
@options.PACK
@options.PROFILE
@click.option("--subject", metavar="ID",
              help="Only the subject with this id, name, sign-in name or pointer.")
@options.PARAM
@options.DECLARATIONS
@options.ATTESTATIONS
@options.AS_OF
def command(
    policy_id: str,
    snapshot: str | None,
    packs: tuple[str, ...],
    profile: str | None,
    subject: str | None,
    params: tuple[str, ...],
    declarations: str | None,
    attestations: tuple[str, ...],
    as_of: str | None,
) -> int:
    """Show the policy ID: what it demands, how it judges, what it reads.

    With a SNAPSHOT show how its verdict comes about, clause by clause.
    """
    loaded = load_packs(packs)
    pack = merged(loaded)
    if policy_id not in pack.policies:
        raise unknown_word("policy", policy_id, sorted(pack.policies))
    chosen = profile_in_force(loaded, pack, profile)
    pack = replace(pack, policies=regraded(pack.policies, chosen))
    policy = pack.policies[policy_id]
    if snapshot is None:
        _refuse_alone(subject, params, declarations, attestations, as_of)
        palette = console.standard_palette()
        console.write(policy_text.explain(policy, pack, chosen, bundled_shapes(), palette))
        return DONE
    _walk(policy, pack, chosen, snapshot, subject, params, declarations, attestations, as_of)
    return DONE


def _refuse_alone(
    subject: str | None, params: tuple[str, ...], declarations: str | None,
    attestations: tuple[str, ...], as_of: str | None,
) -> None:
    given = {"--subject": subject, "--param": params, "--declarations": declarations,
             "--attestations": attestations, "--as-of": as_of}
    for name, value in given.items():
        if value:
            raise usage_error(f"`{name}` needs a snapshot", "name a snapshot after the policy's id")


def _walk(
    policy: Policy,
    pack: Pack,
    chosen: InForce,
    name: str,
    subject: str | None,
    params: tuple[str, ...],
    declarations: str | None,
    attestations: tuple[str, ...],
    as_of: str | None,
) -> None:
    instant = read_as_of(as_of)
    heard = declared_by(pack, [policy])
    known = declared_by(pack, pack.policies.values())
    given = read_params(params, known)
    refuse_unheard(given, heard)
    declared = read_declarations(declarations, known)
    attested = read_attestations(attestations, pack.policies)
    snapshot = read_snapshot(name)
    console.tell_problems(snapshot.warnings)
    tenant = declared.get(snapshot.tenant.id.casefold(), {})
    context = Context(
        snapshot, settings_of(heard, chosen.parameters, tenant, given),
        instant or snapshot.exported_at, attested,
    )
    walked = walk(policy, context, pack.policies)
    shown = walked if subject is None else _only(walked, subject)
    palette = console.standard_palette()
    console.write(walk_text.explain(shown, snapshot, context.as_of, palette))


def _only(walked: Walk, subject: str) -> Walk:
    parts, names = walk_text.only(walked, subject)
    if not parts:
        better = did_you_mean(subject, names)
        raise usage_error(f"`{walked.policy.id}` judges no `{subject}` in this snapshot",
                          f"did you mean `{better}`?" if better else
                          "leave `--subject` out to see all subjects")
    return replace(walked, parts=tuple(parts))
