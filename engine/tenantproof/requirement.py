"""Requirements: the obligations of the source text, and the paragraphs they were read from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from tenantproof.document import Document


class Passage(Struct, frozen=True):
    """A paragraph of the source text: its place as `anchor/number`, and the digest of its text."""

    paragraph: str
    digest: str


class Requirement(Struct, frozen=True):
    """One obligation of the source text.

    `passages` are the paragraphs that it was read from, the chief one first; none where it comes
    from another page.
    """

    id: str
    title: str
    level: str
    section: str = ""
    obligation: str = ""
    source: str = ""
    passages: tuple[Passage, ...] = ()
    note: str = ""


class SourceText(Struct, frozen=True):
    """The text that requirements were read from.

    `without_obligation` are its paragraphs that ask nothing of anybody.
    """

    title: str = ""
    url: str = ""
    dated: str = ""
    without_obligation: tuple[Passage, ...] = ()


def read_requirements(document: Document) -> dict[str, Requirement]:
    """Return the requirements of a document that satisfies the schema, by id, in its order."""
    written: Any = document.value
    return {row["id"]: _requirement(row) for row in written["requirements"]}


def read_source(document: Document) -> SourceText:
    """Return the source text that such a document names."""
    written: Any = document.value
    source = written["source"]
    others = tuple(_passage(one) for one in source.get("without_obligation", ()))
    return SourceText(source["title"], source["url"], source["dated"], others)


def _requirement(row: Mapping[str, Any]) -> Requirement:
    chief = (_passage(row),) if "digest" in row else ()
    return Requirement(
        id=row["id"],
        title=row["title"],
        level=row["level"],
        section=row.get("section", ""),
        obligation=row.get("obligation", ""),
        source=row.get("source", ""),
        passages=(*chief, *(_passage(one) for one in row.get("further", ()))),
        note=row.get("note", ""),
    )


def _passage(written: Mapping[str, Any]) -> Passage:
    return Passage(written.get("paragraph", ""), written["digest"])
