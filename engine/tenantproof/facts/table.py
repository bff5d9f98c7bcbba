"""All facts, in reading order."""

from __future__ import annotations

from typing import Final

from tenantproof.facts import accounts, conditional_access, dap, gdap
from tenantproof.facts.base import Fact

FACTS: Final[dict[str, Fact]] = {
    one.name: one for one in (accounts.FACT, conditional_access.FACT, gdap.FACT, dap.FACT)
}
