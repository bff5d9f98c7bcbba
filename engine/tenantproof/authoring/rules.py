"""Every rule that ``lint`` can report on a pack, in a readable order by group.

``docs/lint-rules.md`` is made from them, and a test compares them with the engine.
"""

from __future__ import annotations

from typing import Final

from tenantproof.authoring.rule import Group, Rule
from tenantproof.authoring.rules_of_conditions import CONDITIONS, NAMES
from tenantproof.authoring.rules_of_expressions import EXPRESSIONS
from tenantproof.authoring.rules_of_files import FILES
from tenantproof.authoring.rules_of_format import FORMAT, PACKS

GROUPS: Final[tuple[Group, ...]] = (FILES, FORMAT, NAMES, CONDITIONS, EXPRESSIONS, PACKS)
RULES: Final[tuple[Rule, ...]] = tuple(rule for group in GROUPS for rule in group.rules)
