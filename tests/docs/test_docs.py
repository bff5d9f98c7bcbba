"""The documentation says what the code does, in both directions, and its examples run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from pages import DOCS, PAGES, PLAYED, ROOT, Block, blocks, first_column, played, section, written

from tenantproof import schema
from tenantproof.authoring.operators_page import operators_table, with_table
from tenantproof.authoring.trial import run_cases
from tenantproof.building import PLACEHOLDERS, build_policy
from tenantproof.cli import exits
from tenantproof.cli.app import group
from tenantproof.document import load_yaml
from tenantproof.facts.table import FACTS
from tenantproof.language.operators import OPERATORS
from tenantproof.pack import load_pack
from tenantproof.parameters import Parameter
from tenantproof.problem import PolicyError
from tenantproof.shape import bundled_shapes
from tenantproof.verdict import Severity, Verdict, Why

SCHEMAS = ROOT / "schemas"
POLICY_KEYS = json.loads((SCHEMAS / "policy.schema.json").read_text())
PACK_KEYS = json.loads((SCHEMAS / "pack.schema.json").read_text())
HELP = {"--help"}
EXAMPLES = ("policy-format.md", "auditors.md")
SOURCES = ("accounts", "conditionalAccessAnalysis", "gdapRelationships")
LISTS = ("emergency_accounts", "service_accounts", "approved_guests")
NAMES_THE_SCHEMA = re.compile(r'node\.get\("(x-[a-z]+)"|document\.get\("(x-[a-z]+)"')


def read(name: str) -> str:
    """Return a page of the documentation."""
    return (DOCS / name).read_text(encoding="utf-8")


# --- the command line ---------------------------------------------------------------------------


def commands(command: click.Command = group, name: str = "") -> Iterator[tuple[str, click.Command]]:
    """Yield every command that is no group, with the words that call it."""
    if not isinstance(command, click.Group):
        yield name, command
        return
    context = click.Context(command)
    for word in command.list_commands(context):
        below = command.get_command(context, word)
        assert below is not None
        yield from commands(below, f"{name} {word}".strip())


COMMANDS = dict(commands())


def options(command: click.Command) -> set[str]:
    """Return a command's options as a user writes them."""
    return {
        name for parameter in command.params for name in parameter.opts if name.startswith("-")
    } - HELP


def named_options(text: str) -> set[str]:
    """Return the options that stand in the first column of the tables of a text."""
    return {word.partition(" ")[0] for word in first_column(text)}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented_with_exactly_its_options(name):
    """`docs/commands.md` has a section per command, with a row per option."""
    assert options(COMMANDS[name]) == named_options(section(read("commands.md"), f"## {name}"))


@pytest.mark.parametrize("name", [n for n, c in COMMANDS.items() if "--output" in options(c)])
def test_every_format_of_an_output_is_documented(name):
    """The row of `--output` names the formats that the command's help names."""
    [option] = [p for p in COMMANDS[name].params if "--output" in p.opts]
    formats = re.search(r"\((.+?)\)", option.help)[1].split(", ")
    [row] = re.findall(r"^\| `--output .+$", section(read("commands.md"), f"## {name}"),
                       re.MULTILINE)
    assert formats == re.findall(r"`([a-z]+)`", row)


def test_every_variable_that_stands_for_an_option_is_documented():
    """`docs/commands.md` lists them under the environment."""
    named = {one.envvar for command in (group, *COMMANDS.values()) for one in command.params
             if one.envvar}
    page = section(read("commands.md"), "## The environment")
    assert named == set(re.findall(r"`(TENANTPROOF_\w+)`", page))


def test_no_command_is_documented_that_does_not_exist():
    """The sections of `docs/commands.md` are the commands, and the environment."""
    headings = re.findall(r"^## (.+)$", read("commands.md"), re.MULTILINE)
    assert sorted([*COMMANDS, "The environment"]) == sorted(headings)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_line_in_an_example_exists(page):
    """What stands in a shell example is a command, with options that it has."""
    for line in command_lines(page.read_text(encoding="utf-8")):
        name, rest = _called(line)
        given = {word.partition("=")[0] for word in rest if word.startswith("--")}
        assert name in COMMANDS or given <= {"--version", "--help"}, line
        if name in COMMANDS:
            assert given <= options(COMMANDS[name]) | HELP, line


def command_lines(page: str) -> Iterator[str]:
    """Yield the calls of tenantproof in the shell blocks of a page."""
    for block in blocks(page):
        if block.language in ("sh", "bash", "console"):
            text = block.text.replace("\\\n", " ")
            yield from re.findall(r"^(?:\$ )?(?:\S*/)?tenantproof (.+?)(?: \|\| .*)?$", text,
                                  re.MULTILINE)


def _called(line: str) -> tuple[str, list[str]]:
    words = line.split()
    length = 2 if " ".join(words[:2]) in COMMANDS else 1
    return " ".join(words[:length]), words[length:]


# --- words --------------------------------------------------------------------------------------


def test_the_table_of_operators_is_current():
    """`python -m tenantproof.authoring.operators_page` writes it again."""
    page = read("operators.md")
    assert with_table(page) == page


def test_the_table_of_operators_has_a_row_for_each_and_no_other():
    """Every operator stands in the table once, in order."""
    assert list(OPERATORS) == first_column(operators_table())


@pytest.mark.parametrize(("heading", "words"), [
    ("## Verdicts", list(Verdict)),
    ("## Severities", list(Severity)),
    ("## Why something is not known", list(Why)),
])  # fmt: skip
def test_every_word_of_a_judgement_is_documented(heading, words):
    """The tables of `docs/semantics.md` list the words of the engine, in its order."""
    assert [word.value for word in words] == first_column(section(read("semantics.md"), heading))


def test_every_exit_code_is_documented():
    """`docs/exit-codes.md` lists the codes, and says their precedence as the code has it."""
    page = read("exit-codes.md")
    listed = first_column(page.split("## By command")[0])
    order = ", ".join(f"`{code}`" for code in exits.PRECEDENCE)
    assert [str(code) for code in sorted(exits.PRECEDENCE)] == listed
    assert f"the first of these stands: {order}." in " ".join(page.split())


def test_every_command_tells_its_exit_codes():
    """`docs/exit-codes.md` has a row for each command."""
    assert set(COMMANDS) == set(first_column(section(read("exit-codes.md"), "## By command")))


def test_every_mark_of_the_collection_schemas_is_documented():
    """`docs/semantics.md` lists the marks that stand in schemas or that the engine reads."""
    source = (ROOT / "engine" / "tenantproof" / "shape.py").read_text(encoding="utf-8")
    read_by_the_engine = {a or b for a, b in NAMES_THE_SCHEMA.findall(source)}
    files = (SCHEMAS / "collections").glob("*.schema.json")
    in_schemas = {mark for file in files for mark in marks(json.loads(file.read_text()))}
    listed = first_column(section(read("semantics.md"), "### Marks in the collection schemas"))
    assert in_schemas | read_by_the_engine == set(listed)


def marks(node: Any) -> Iterator[str]:
    """Yield the marks of a schema; the source of an `x-absent` belongs to it."""
    if isinstance(node, list):
        for item in node:
            yield from marks(item)
    if isinstance(node, dict):
        for name, child in node.items():
            if name.startswith("x-") and name != "x-absent-source":
                yield name
            yield from marks(child)


def keys(node: Any) -> set[str]:
    """Return the names of all properties that a schema lists, at any depth."""
    if isinstance(node, list):
        return {key for item in node for key in keys(item)}
    if not isinstance(node, dict):
        return set()
    own = set(node["properties"]) if isinstance(node.get("properties"), dict) else set()
    return own | {key for child in node.values() for key in keys(child)}


@pytest.mark.parametrize("key", sorted(keys(POLICY_KEYS) | keys(PACK_KEYS)))
def test_every_key_of_a_policy_and_of_a_pack_is_documented(key):
    """`docs/policy-format.md` names each key that the schemas know."""
    assert f"`{key}`" in read("policy-format.md")


def test_every_placeholder_is_documented():
    """`docs/policy-format.md` lists the placeholders of messages."""
    listed = first_column(section(read("policy-format.md"), "### report"))
    assert {f"{{{name}}}" for name in PLACEHOLDERS} == {w for w in listed if w.startswith("{")}


def test_the_changelog_names_every_fact_and_command():
    """What exists is told."""
    page = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert [name for name in (*FACTS, *COMMANDS) if f"`{name}`" not in page] == []


# --- examples -----------------------------------------------------------------------------------


def examples(name: str) -> list[Block]:
    """Return the YAML blocks of a page."""
    return [block for block in blocks(read(name)) if block.language == "yaml"]


def value_of(block: Block) -> Any:
    """Return what a YAML block holds; a clause or a line of a list is none of its own."""
    try:
        return yaml.safe_load(block.text)
    except yaml.YAMLError:
        return None


def whole(name: str) -> list[Block]:
    """Return the blocks of a page that are whole policies."""
    return [b for b in examples(name) if isinstance(v := value_of(b), dict) and "id" in v
            and "check" in v]


@pytest.mark.parametrize("name", EXAMPLES)
def test_whole_policies_load_and_do_what_their_cases_say(name, tmp_path):
    """The pack of a page is right, and every case of its policies passes."""
    assert whole(name) != []
    for _ in written(read(name), tmp_path):
        pass
    shapes = bundled_shapes()
    pack = load_pack(tmp_path / "house-rules", "house-rules", shapes, schema.check)
    assert [value_of(block)["id"] for block in whole(name)] == list(pack.policies)
    results = [r for p in pack.policies.values() for r in run_cases(pack, p, shapes)]
    assert [] == [(r.it, r.differences) for r in results if not r.passed]


def fragments() -> list[Any]:
    """Return the parts of policies that `docs/policy-format.md` shows."""
    values = [value_of(block) for block in examples("policy-format.md")]
    return [v for v in values if isinstance(v, dict) and "check" in v and "id" not in v]


def test_there_is_a_fragment_for_every_form_of_check():
    """Each form of check that the schema knows is shown."""
    shown = {key for fragment in fragments() for key in fragment["check"]}
    assert {"for", "that", "any_of", "manual"} <= shown


@pytest.mark.parametrize("fragment", fragments(), ids=lambda f: " ".join(f["check"]))
def test_fragments_fit_into_the_whole_policy_of_the_page(fragment, tmp_path):
    """A check that the page shows is one that a policy may have."""
    for _ in written(read("policy-format.md"), tmp_path):
        pass
    [file] = (tmp_path / "house-rules" / "gst").glob("*.yaml")
    base = load_yaml(file.read_bytes(), file.name).value
    report = {"pass": "It is so.", "fail": "It is not so."}
    policy = {**base, "id": "GST-002", "report": report, **fragment}
    policy["tests"] = {"tenant": {}, "cases": [{"it": "judges", "verdict": "unknown"}]}
    (file.parent / "GST-002-shown.yaml").write_text(json.dumps(policy), encoding="utf-8")
    pack = load_pack(tmp_path / "house-rules", "house-rules", bundled_shapes(), schema.check)
    assert ["GST-001", "GST-002"] == sorted(pack.policies)


def clauses() -> list[str]:
    """Return the clauses that `docs/operators.md` and `docs/auditors.md` show."""
    shown = [
        block.text for block in examples("operators.md")
    ] + re.findall(r"`(\{ path: .+? \})` \|", read("auditors.md"))
    return [line.partition(": ")[2] if not line.startswith("{") else line
            for text in shown for line in text.splitlines()]


@pytest.mark.parametrize("clause", clauses())
def test_a_clause_that_is_shown_fits_a_collection(clause, tmp_path):
    """Some collection or fact has the property, and the operator fits it."""
    for _ in written(read("policy-format.md"), tmp_path):
        pass
    [file] = (tmp_path / "house-rules" / "gst").glob("*.yaml")
    base = load_yaml(file.read_bytes(), file.name).value
    shared = {name: Parameter(name, "list", name) for name in LISTS}
    faults = [fault_of(_asking(base, source, clause), shared) for source in SOURCES]
    assert "" in faults, faults


def _asking(base: Any, source: str, clause: str) -> Any:
    check = {"for": source, "expect": "every", "if_empty": "pass",
             "that": {"is so": yaml.safe_load(clause)}}
    return {**base, "check": check, "report": {"pass": "It is so.", "fail": "It is not so."}}


def fault_of(policy: Any, shared: dict[str, Parameter]) -> str:
    """Return what is wrong with a policy, or an empty text."""
    try:
        build_policy(load_yaml(json.dumps(policy).encode(), "shown.yaml"), bundled_shapes(), shared)
    except PolicyError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("name", ["declarations.yaml", "house-rules/requirements.yaml"])
def test_the_other_documents_of_the_format_page_have_the_right_shape(name, tmp_path):
    """Declarations and requirements satisfy their schemas."""
    for _ in written(read("policy-format.md"), tmp_path):
        pass
    document = load_yaml((tmp_path / name).read_bytes(), name)
    assert [] == schema.check(document, Path(name).stem)


@pytest.mark.parametrize("name", PLAYED)
def test_what_commands_print_is_current(name):
    """`python tests/docs/pages.py` writes it again."""
    assert played(read(name)) == read(name)


# --- links --------------------------------------------------------------------------------------


def anchors(page: str) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    kept = [re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings]
    return {heading.replace(" ", "-") for heading in kept}


def links(page: Path) -> list[str]:
    """Return the relative links of a page, outside of its code blocks."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"),
                  flags=re.DOTALL | re.MULTILINE)
    found = re.findall(r"\]\(([^)\s]+)\)", text)
    return [link for link in found if not link.startswith(("http://", "https://"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_relative_links_resolve(page):
    """A link leads to a file of the repository, and its anchor to a heading."""
    broken = []
    for link in links(page):
        name, _, anchor = link.partition("#")
        target = (page.parent / name) if name else page
        if not target.exists() or (anchor and anchor not in anchors(target.read_text("utf-8"))):
            broken.append(link)
    assert [] == broken


def test_the_index_leads_to_every_page():
    """`docs/README.md` links each page of the folder, or the index of its catalogue does."""
    reached = {link.partition("#")[0] for link in links(DOCS / "README.md")}
    listed = {f"policies/{link.partition('#')[0]}" for link in links(DOCS / "policies/README.md")}
    pages = {p.relative_to(DOCS).as_posix() for p in DOCS.rglob("*.md")} - {"README.md"}
    assert set() == pages - reached - listed
