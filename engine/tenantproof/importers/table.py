"""The importers, by the name that `tenantproof import` gives them."""

from __future__ import annotations

from typing import Final

from tenantproof.importers.base import Importer
from tenantproof.importers.entraexporter import import_entraexporter
from tenantproof.importers.graph import import_graph
from tenantproof.importers.powershell import import_powershell
from tenantproof.importers.scubagear import import_scubagear

IMPORTERS: Final[dict[str, Importer]] = {
    "graph": import_graph,
    "powershell": import_powershell,
    "entraexporter": import_entraexporter,
    "scubagear": import_scubagear,
}

# Formats that cannot tell whether a list is whole: there the caller may say so.
UNSAID: Final = frozenset({"powershell", "entraexporter"})
