"""What ``lint`` says of one policy text, read in the small pack that the documentation uses."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tenantproof import schema
from tenantproof.authoring.rule import BASE
from tenantproof.pack import load_pack
from tenantproof.problem import PolicyError, Problem, in_file_order
from tenantproof.shape import bundled_shapes

FILES: Final = {
    "pack.yaml": 'format: 1\nid: examples\nversion: "1.0.0"\ntitle: Examples\n',
    "requirements.yaml": (
        "format: 1\n"
        'source: { title: Example, url: "https://example.com/", dated: "2026-01-01" }\n'
        "requirements:\n  - { id: TST-REQ-01, title: MFA is asked for, level: mandatory }\n"
    ),
    "controls/handbook.yaml": (
        'format: 1\nid: handbook\ntitle: Handbook\nversion: "1"\nurl: https://example.com/\n'
        'controls: [{ id: "7.2", title: MFA }]\n'
    ),
    "tst/TST-000-another.yaml": BASE.replace("id: TST-001", "id: TST-000"),
}
POLICY: Final = "tst/TST-001-mfa.yaml"


def problems(policy: bytes) -> list[Problem]:
    """Return the problems and warnings of a policy's file, in file order."""
    with TemporaryDirectory() as folder:
        return _linted(Path(folder), policy)


def _linted(folder: Path, policy: bytes) -> list[Problem]:
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    (folder / POLICY).write_bytes(policy)
    try:
        pack = load_pack(folder, "examples", bundled_shapes(), schema.check)
    except PolicyError as error:
        return in_file_order(error.problems)
    return in_file_order(pack.warnings)
