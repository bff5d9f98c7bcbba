"""`docs/lint-rules.md` is current, and its examples are refused, or taken, as it says."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator

import pytest
import yaml
from pages import DOCS, ROOT

from tenantproof import yaml_events
from tenantproof.authoring import linted
from tenantproof.authoring.rule import BASE, CLAUSE, LET, example
from tenantproof.authoring.rules import RULES
from tenantproof.authoring.rules_elsewhere import TABLES
from tenantproof.authoring.rules_page import page
from tenantproof.document import LARGEST
from tenantproof.pack import load_pack
from tenantproof.problem import Position, TenantproofError
from tenantproof.shape import bundled_shapes

ENGINE = ROOT / "engine" / "tenantproof"
SHOWN = [rule for rule in RULES if rule.wrong]

# What no line of a policy can show, as whole files.
FILES = {
    "file-too-large": b"#" * (LARGEST + 1),
    "encoding": BASE.encode("utf-16"),
    "not-utf8": BASE.replace("title: A", "title: \xc4").encode("latin-1"),
    "empty-file": b"# nothing\n",
    "too-many-values": b"[" + b"1," * 100_000 + b"1]",
    "too-deep": b"[" * 50 + b"]" * 50,
    "too-much-work": BASE.replace(LET, "\n".join(
        [LET, *(LET.replace("risky", f"risky_{n}") for n in range(250))]
    )).encode(),
}
# What a policy's file cannot show: each has a test of its own.
OTHER = {"no-pack", "unreadable-file", "lone-surrogate"}


def test_the_page_is_current():
    """`python -m tenantproof.authoring.rules_page` writes it again."""
    assert page() == (DOCS / "lint-rules.md").read_text(encoding="utf-8")


def test_a_rule_stands_once():
    """No id is explained twice, in the rules or in one of the tables."""
    ids = [[rule.id for rule in RULES], *([row.id for row in table.rows] for table in TABLES)]
    assert [] == [name for part in ids for name, times in Counter(part).items() if times > 1]


def test_the_policy_of_the_examples_is_right():
    """Nothing is wrong with it, and each place that an example changes stands in it once."""
    assert [] == linted.problems(BASE.encode())
    assert [] == [rule.id for rule in RULES if BASE.count(rule.of) != 1]


@pytest.mark.parametrize("rule", SHOWN, ids=lambda rule: rule.id)
def test_a_wrong_example_is_refused_at_its_token(rule):
    """The first problem is the rule's, and stands where the mistake is."""
    text = example(rule, rule.wrong)
    first = BASE.index(rule.of) + rule.wrong.index(rule.at)
    place = Position(text.count("\n", 0, first) + 1, first - text.rfind("\n", 0, first))
    told = [(problem.rule, problem.position) for problem in linted.problems(text.encode())]
    assert [(rule.id, place)] == told[:1]


@pytest.mark.parametrize("rule", SHOWN, ids=lambda rule: rule.id)
def test_a_right_example_is_taken(rule):
    """The same lines put right are no problem, and no warning."""
    assert [] == linted.problems(example(rule, rule.right).encode())


@pytest.mark.parametrize("rule", FILES)
def test_a_wrong_file_is_refused(rule):
    """A file as a whole breaks the rules that no line can show."""
    assert [rule] == [problem.rule for problem in linted.problems(FILES[rule])]


NULLS = LET.replace("signIns[?riskState == 'atRisk'].userId", "users[].mail")


@pytest.mark.parametrize(("condition", "at"), [
    ("path: displayName, none_of: $risky", "$risky"),
    ("path: displayName, none_of: [a, $risky]", "$risky"),
    ("path: grantControls.builtInControls, contains_none: $risky", "$risky"),
    ("path: grantControls.builtInControls, contains_all: $risky", "$risky"),
    ("path: displayName, one_of: $risky", ""),
    ("path: displayName, one_of: [a, $risky]", ""),
    ("path: grantControls.builtInControls, contains_any: $risky", ""),
])
def test_a_list_without_its_nulls_hides_nothing_on_the_right(condition, at):
    """Where more values would make the condition false, one that was left out is missed."""
    text = BASE.replace(LET, NULLS).replace(CLAUSE, f"    asks for MFA: {{ {condition} }}")
    told = [(one.rule, text.splitlines()[one.position.line - 1][one.position.column - 1 :])
            for one in linted.problems(text.encode()) if one.rule == "null-dropped"]
    expected = [("null-dropped", True)] if at else []
    assert expected == [(rule, rest.startswith(at)) for rule, rest in told]


def test_a_folder_without_a_pack_is_refused(tmp_path):
    """There is no `pack.yaml`."""
    with pytest.raises(TenantproofError) as caught:
        load_pack(tmp_path, "nothing", bundled_shapes(), lambda document, name: [])
    assert ["no-pack"] == [problem.rule for problem in caught.value.problems]


def test_a_file_that_cannot_be_read_is_refused(tmp_path):
    """Something is called like a policy, and is a link that leads nowhere."""
    (tmp_path / "pack.yaml").write_text("format: 1\n")
    (tmp_path / "broken.yaml").symlink_to(tmp_path / "nowhere")
    with pytest.raises(TenantproofError) as caught:
        load_pack(tmp_path, "broken", bundled_shapes(), lambda document, name: [])
    assert ["unreadable-file"] == [problem.rule for problem in caught.value.problems]


def test_half_a_character_is_refused(monkeypatch):
    """The reader in C refuses the escape itself; the one in Python leaves that to us."""
    monkeypatch.setattr(yaml_events, "LOADER", yaml.Loader)
    text = BASE.replace("title: A policy asks for MFA", 'title: "\\ud83d"')
    assert ["lone-surrogate"] == [problem.rule for problem in linted.problems(text.encode())]


def test_every_rule_has_an_example():
    """It stands on the page, or it is a file, or it has a test of its own."""
    assert {rule.id for rule in RULES} == {rule.id for rule in SHOWN} | FILES.keys() | OTHER


# --- both directions ----------------------------------------------------------------------------

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def rule_places() -> dict[str, set[int]]:
    """Where a rule stands among the arguments of each function of the engine that takes one."""
    places: dict[str, set[int]] = {"Problem": {0}, "Fault": {0}, "Unfit": {0}}
    for tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                names = [a.arg for a in node.args.args if a.arg != "self"]
                if "rule" in names:
                    places.setdefault(node.name, set()).add(names.index("rule"))
    return places


def trees() -> Iterator[ast.Module]:
    """The modules of the engine, without the texts about the rules."""
    for path in sorted(ENGINE.rglob("*.py")):
        if "authoring" not in path.parts:
            yield ast.parse(path.read_text(encoding="utf-8"))


def given_rules(call: ast.Call, places: set[int]) -> Iterator[str]:
    """The ids that a call gives as its rule."""
    named = [k.value for k in call.keywords if k.arg == "rule"]
    for value in (*(call.args[i] for i in places if i < len(call.args)), *named):
        if isinstance(value, ast.Constant) and ID.fullmatch(str(value.value)):
            yield str(value.value)


def emitted() -> set[str]:
    """The ids that the engine can tell."""
    places = rule_places()
    found = {"usage", "bug"}  # a default of a `rule`, and a text beside a traceback
    for tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                found |= set(given_rules(node, places.get(name, set())))
    return found


def test_every_id_that_the_engine_tells_is_documented_and_no_other():
    """The rules and the tables of the page name what stands in the engine's source."""
    documented = {rule.id for rule in RULES} | {row.id for table in TABLES for row in table.rows}
    assert emitted() == documented
