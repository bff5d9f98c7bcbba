"""The importers, by the name that `tenantproof import` gives them."""

from __future__ import annotations

from typing import Final

from tenantproof.importers.azure_monitor import import_azure_monitor
from tenantproof.importers.base import Importer
from tenantproof.importers.entraexporter import import_entraexporter
from tenantproof.importers.graph import import_graph
from tenantproof.importers.partner_center import import_partner_center
from tenantproof.importers.powershell import import_powershell
from tenantproof.importers.scubagear import import_scubagear

IMPORTERS: Final[dict[str, Importer]] = {
    "graph": import_graph,
    "powershell": import_powershell,
    "entraexporter": import_entraexporter,
    "scubagear": import_scubagear,
    "azure-monitor": import_azure_monitor,
    "partner-center": import_partner_center,
}

# Formats that cannot tell whether a list is whole: there the caller may say so.
UNSAID: Final = frozenset({"powershell", "entraexporter", "azure-monitor", "partner-center"})
