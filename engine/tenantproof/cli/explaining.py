"""``tenantproof explain``: one policy, or why one verdict is what it is."""

from __future__ import annotations

from typing import Any, Final

import click
from click.core import ParameterSource
from msgspec.structs import replace

from tenantproof.cli import console, options
from tenantproof.cli.attestations import read_attestations
from tenantproof.cli.clock import read_as_of
from tenantproof.cli.exits import DONE
from tenantproof.cli.packs import load_packs, merged
from tenantproof.cli.profiles import profile_in_force, regraded
from tenantproof.cli.reading import read_snapshot
from tenantproof.cli.request import Asked
from tenantproof.cli.settings import (
    declared_by,
    read_declarations,
    read_params,
    refuse_unheard,
    settings_of,
)
from tenantproof.cli.usage import unknown_word, usage_error
from tenantproof.cli.waiving import read_waivers
from tenantproof.context import Context
from tenantproof.pack import Pack
from tenantproof.policy import Policy
from tenantproof.problem import did_you_mean
from tenantproof.profile import InForce
from tenantproof.reports import policy_text, walk_text
from tenantproof.shape import bundled_shapes
from tenantproof.walk import Walk, walk

OF_A_SNAPSHOT: Final = frozenset({
    "subject", "params", "declarations", "attestations", "waivers", "as_of",
})


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
@options.WAIVERS
@options.AS_OF
def command(
    policy_id: str,
    snapshot: str | None,
    subject: str | None,
    **asked: Any,
) -> int:
    """Show the policy ID: what it demands, how it judges, what it reads.

    With a SNAPSHOT show how its verdict comes about, clause by clause.
    """
    question = Asked(**asked)
    loaded = load_packs(question.packs)
    pack = merged(loaded)
    if policy_id not in pack.policies:
        raise unknown_word("policy", policy_id, sorted(pack.policies))
    chosen = profile_in_force(loaded, pack, question.profile)
    pack = replace(pack, policies=regraded(pack.policies, chosen))
    policy = pack.policies[policy_id]
    if snapshot is None:
        _refuse_alone()
        palette = console.standard_palette()
        console.write(policy_text.explain(policy, pack, chosen, bundled_shapes(), palette))
        return DONE
    _walk(policy, pack, chosen, snapshot, subject, question)
    return DONE


def _refuse_alone() -> None:
    """Refuse what the caller wrote, not what a configuration says for all commands."""
    context = click.get_current_context()
    for parameter in context.command.params:
        name = parameter.name or ""
        written = context.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if name in OF_A_SNAPSHOT and written:
            raise usage_error(f"`{parameter.opts[0]}` needs a snapshot",
                              "name a snapshot after the policy's id")


def _walk(
    policy: Policy, pack: Pack, chosen: InForce, name: str, subject: str | None, asked: Asked
) -> None:
    instant = read_as_of(asked.as_of)
    heard = declared_by(pack, [policy])
    known = declared_by(pack, pack.policies.values())
    given = read_params(asked.params, known)
    refuse_unheard(given, heard)
    declared = read_declarations(asked.declarations, known)
    attested = read_attestations(asked.attestations, pack.policies)
    waivers = read_waivers(asked.waivers, pack)
    snapshot = read_snapshot(name)
    console.tell_problems(snapshot.warnings)
    tenant = declared.get(snapshot.tenant.id.casefold(), {})
    context = Context(
        snapshot, settings_of(heard, chosen.parameters, tenant, given),
        instant or snapshot.exported_at, attested, waivers,
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
