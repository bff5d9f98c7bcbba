"""The importers, by the name that `tenantproof import` gives them."""

from __future__ import annotations

from typing import Final

from tenantproof.importers.base import Importer
from tenantproof.importers.graph import import_graph

IMPORTERS: Final[dict[str, Importer]] = {
    "graph": import_graph,
}
