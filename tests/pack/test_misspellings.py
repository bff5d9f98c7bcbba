"""Whatever name a policy misspells, the pack is refused, and the fault stands at the name."""

from __future__ import annotations

from pathlib import Path

import pytest
from misspell import Token, enumerated, misspellings, texts_of, tokens, without_tests

from tenantproof import schema
from tenantproof.building import build_policy
from tenantproof.document import load_yaml
from tenantproof.policy import Policy
from tenantproof.problem import PolicyError, Position, Problem
from tenantproof.shape import Shape

EVERY_CONSTRUCT = Path(__file__).parent / "data" / "every_construct.yaml"
KINDS = {
    "collection", "property", "function", "operator", "$name", "value", "placeholder", "subject",
    "evidence",
}
Texts = dict[str, tuple[str, Policy]]


def problems(text: str, parameters, shapes) -> tuple[Problem, ...]:
    """What is wrong with a policy."""
    document = load_yaml(text.encode(), "policy.yaml")
    if found := schema.check(document, "policy"):
        return tuple(found)
    try:
        build_policy(document, shapes, parameters)
    except PolicyError as error:
        return error.problems
    return ()


@pytest.fixture(scope="module")
def texts(pack, shapes) -> Texts:
    """The bundled policies and the one that uses every construct, without their cases."""
    text = without_tests(EVERY_CONSTRUCT.read_text(encoding="utf-8"))
    own = build_policy(load_yaml(text.encode(), EVERY_CONSTRUCT.name), shapes, pack.parameters)
    read = {
        name: without_tests("\n".join(pack.documents[name].lines)) for name in pack.policies
    }
    return {own.id: (text, own), **{n: (read[n], p) for n, p in pack.policies.items()}}


def read_by(policy: Policy, shapes) -> list[Shape]:
    """The shapes of what a policy may read."""
    return [*(shapes[n].shape for n in policy.collections()), shapes.root().properties["tenant"]]


def never_enumerated(policy: Policy, shapes) -> set[str]:
    """The properties that hold any text, in whatever it is that the policy reads of that name."""
    found = {pair for shape in read_by(policy, shapes) for pair in texts_of(shape)}
    return {name for name, free in found if free and (name, False) not in found}


def values(policy: Policy, shapes) -> dict[str, bool]:
    """The words of the enumerations that a policy may read, and whether their case matters."""
    known: dict[str, bool] = {}
    for shape in read_by(policy, shapes):
        for word, minds_case in enumerated(shape):
            known[word] = minds_case and known.get(word, True)
    return known


def missed(text: str, token: Token, wrong: str, pack, shapes) -> str:
    """How a misspelling was missed: an empty text where the first problem stands at the name."""
    at, length = token.letters
    found = problems(text[:at] + wrong + text[at + length :], pack.parameters, shapes)
    before = text[: token.start]
    place = Position(before.count("\n") + 1, token.start - before.rfind("\n"))
    if [problem.position for problem in found][:1] == [place]:
        return ""
    return f"{token.kind} {wrong} at {place}: {[(p.rule, p.position) for p in found]}"


def all_missed(text: str, policy: Policy, pack, shapes) -> list[str]:
    """The misspellings of a policy that are not found, or not where they stand."""
    known, free = values(policy, shapes), never_enumerated(policy, shapes)
    told = (
        missed(text, token, wrong, pack, shapes)
        for token in tokens(text, policy.id, known, free)
        for wrong in misspellings(token.word, minds_case=known.get(token.word, True))
    )
    return list(filter(None, told))


def test_every_misspelling_is_found_where_it_stands(texts, policy_id, pack, shapes):
    """One changed letter, or the first in the wrong case: the first problem is at that name."""
    assert [] == all_missed(*texts[policy_id], pack, shapes)


def test_misspellings_are_found_in_every_construct(texts, pack, shapes):
    """So it is where the bundled policies do not use what the language has."""
    assert [] == all_missed(*texts["TST-001"], pack, shapes)


def test_without_misspellings_there_is_no_problem(texts, pack, shapes):
    """The texts that are misspelt are right in themselves."""
    wrong = {name: found for name, (text, _) in texts.items()
             if (found := problems(text, pack.parameters, shapes))}
    assert {} == wrong


def test_every_kind_of_name_is_misspelt(texts, shapes):
    """The one policy that uses every construct writes a name of each kind."""
    text, policy = texts["TST-001"]
    assert KINDS == {token.kind for token in tokens(text, "", values(policy, shapes))}
