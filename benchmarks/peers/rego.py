"""The same policies in Rego: regorus in this process, and OPA's own engine as a program."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from policies_judged import Answers, answers_of

from peers.reading import files_of

NEEDS = ("regorus",)
PROGRAM: Final = "opa"
POLICIES: Final = Path(__file__).with_name("policies.rego")
RULE: Final = "data.bench.failing"


def run(folder: Path, out: Path) -> Answers:
    """Judge a tenant with regorus, which is given one document of all files as text."""
    import regorus

    engine = regorus.Engine()
    engine.add_policy(POLICIES.name, POLICIES.read_text())
    engine.set_input_json("".join(_document(folder)))
    answers = answers_of(json.loads(engine.eval_rule_as_json(RULE)))
    out.write_text(json.dumps(answers))
    return answers


def _document(folder: Path) -> Iterator[str]:
    comma = "{"
    for name, path in files_of(folder).items():
        yield f'{comma}"{name}":'
        yield path.read_text()
        comma = ","
    yield "}"


def run_opa(folder: Path, out: Path) -> Answers:
    """Judge a tenant with OPA's Go engine; its program reads one file of the whole tenant."""
    snapshot = out.with_suffix(".input.json")
    with snapshot.open("w") as file:
        file.writelines(_document(folder))
    program = shutil.which(PROGRAM) or PROGRAM
    told = subprocess.run(
        [program, "eval", "--format", "json", "--data", str(POLICIES), "--input", str(snapshot),
         RULE], capture_output=True, check=True)
    snapshot.unlink()
    value: Any = json.loads(told.stdout)["result"][0]["expressions"][0]["value"]
    out.write_text(json.dumps(value))
    return answers_of(value)
