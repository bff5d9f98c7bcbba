"""``--profile``: which profile is in force, by name or by file, or by the packs' own default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from tenantproof.cli.packs import validate
from tenantproof.cli.reading import file_content
from tenantproof.cli.usage import unknown_word, usage_error
from tenantproof.document import load_yaml
from tenantproof.pack import Pack, all_parameters, levels_of
from tenantproof.policy import Policy
from tenantproof.problem import PolicyError
from tenantproof.profile import BETWEEN_PACKS, InForce, Profile, Stock, by_default, in_force
from tenantproof.profile import read_profile as read_document

FILES: Final = (".yaml", ".yml")
A_FILE: Final = "name a profile of the pack, or a file such as `profiles/ours.yaml`"


def profile_in_force(packs: Sequence[Pack], whole: Pack, asked: str | None) -> InForce:
    """Return what the caller's profile comes to; without one, the default of every pack together.

    `whole` holds all packs' policies. Raises UsageError where there is no such profile,
    PolicyError where it is wrong.
    """
    if asked is None:
        return _together([_default(pack) for pack in packs])
    stock = stock_of(whole)
    return in_force(_asked(asked, stock), stock)


def stock_of(pack: Pack) -> Stock:
    """Return what profiles may choose from."""
    return Stock(
        pack.policies, levels_of(pack.requirements),
        all_parameters(pack.parameters, pack.policies.values()), pack.profiles,
    )


def regraded(policies: Mapping[str, Policy], profile: InForce) -> dict[str, Policy]:
    """Return policies with the severities that a profile gives them."""
    return {
        name: policy if (new := profile.severities.get(name)) is None else replace(
            policy, severity=new.severity, severity_reason=new.reason
        )
        for name, policy in policies.items()
    }


def _asked(name: str, stock: Stock) -> Profile:
    if name.endswith(FILES):
        return _from_file(name)
    if name in stock.profiles:
        return stock.profiles[name]
    same = [full for full in stock.profiles if full.rpartition(BETWEEN_PACKS)[2] == name]
    if len(same) > 1:
        raise usage_error(f"two packs have a profile `{name}`",
                          f"write {' or '.join(f'`{full}`' for full in same)}")
    if not same:
        raise _no_profile(name, stock)
    return stock.profiles[same[0]]


def _no_profile(name: str, stock: Stock) -> Exception:
    if not stock.profiles:
        return usage_error(f"there is no profile `{name}`", A_FILE)
    return unknown_word("profile", name, sorted(p.id for p in stock.profiles.values()))


def _from_file(file: str) -> Profile:
    document = load_yaml(file_content(file, A_FILE), file)
    problems = validate(document, "profile")
    if problems:
        raise PolicyError(problems)
    return read_document(document)


def _default(pack: Pack) -> InForce:
    stock = stock_of(pack)
    name = f"{pack.id}{BETWEEN_PACKS}{pack.default_profile}"
    return in_force(stock.profiles[name], stock) if pack.default_profile else by_default(stock)


def _together(found: Sequence[InForce]) -> InForce:
    whole = found[0]
    for one in found[1:]:
        _refuse_contradiction(whole, one)
        whole = InForce(
            ", ".join(filter(None, dict.fromkeys((whole.name, one.name)))),
            whole.policies | one.policies,
            {**whole.parameters, **one.parameters},
            {**whole.severities, **one.severities},
            {**whole.set_by, **one.set_by},
        )
    return whole


def _refuse_contradiction(whole: InForce, one: InForce) -> None:
    for name in sorted(set(whole.parameters) & set(one.parameters)):
        if whole.parameters[name] != one.parameters[name]:
            raise usage_error(
                f"the default profiles of two packs set `{name}` in different ways",
                "name the profile that counts with `--profile`",
            )
