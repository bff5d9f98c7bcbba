"""The digests of ``requirements.yaml``, held against the source text.

``python -m tenantproof.authoring.requirement_digests FILE`` tells of every paragraph of the text
which requirements know it, and of every requirement which of its paragraphs are gone. With
``--write`` the digests and places in the pack's file follow the text: a paragraph that moved gets
its new place, and one that changed the digest of what stands in its place now. Read the changed
requirements first: afterwards nothing tells that they changed.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from tenantproof import bundled
from tenantproof.document import load_yaml
from tenantproof.requirement import Passage, read_requirements, read_source
from tenantproof.source_text import Paragraph, paragraphs

PASSAGE: Final = re.compile(r"(paragraph: )(\S+?)(,? *\n? *digest: )(sha256:[0-9a-f]{64})")
OTHERS: Final = "(asks nothing)"
NOBODY: Final = "(nobody)"


def told(requirements: bytes, source: str) -> Iterator[str]:
    """Yield a line per paragraph of the text, and one per passage that the text lacks."""
    known = _known(requirements)
    text = paragraphs(source)
    there = {paragraph.digest for paragraph in text}
    for paragraph in text:
        names = [name for name, passage in known if passage.digest == paragraph.digest]
        who = ", ".join(names) or NOBODY
        yield f"{paragraph.place}  {paragraph.digest}  {who}"
    for name, passage in known:
        if passage.digest not in there:
            yield f"gone: {passage.paragraph}  {passage.digest}  {name}"


def updated(requirements: str, source: str) -> str:
    """Return the text of ``requirements.yaml`` with places and digests as the source has them.

    A passage of which neither the text nor the place is there any more stays as it is.
    """
    text = paragraphs(source)
    known = {match[4] for match in PASSAGE.finditer(requirements)}
    new = [paragraph for paragraph in text if paragraph.digest not in known]

    def renew(match: re.Match[str]) -> str:
        now = _now(match[2], match[4], text, new)
        return match[0] if now is None else f"{match[1]}{now.place}{match[3]}{now.digest}"

    return PASSAGE.sub(renew, requirements)


def _known(requirements: bytes) -> list[tuple[str, Passage]]:
    document = load_yaml(requirements, "requirements.yaml")
    rows = read_requirements(document).values()
    others = read_source(document).without_obligation
    return [*((row.id, passage) for row in rows for passage in row.passages),
            *((OTHERS, passage) for passage in others)]


def _now(
    place: str, digest: str, text: Sequence[Paragraph], new: Sequence[Paragraph]
) -> Paragraph | None:
    """Return the paragraph with this digest, unmoved before moved; else a new one in its place."""
    same = [one for one in text if one.digest == digest]
    unmoved = [one for one in same if one.place == place]
    instead = [one for one in new if one.place == place]
    return next(iter([*unmoved, *same, *instead]), None)


def main(arguments: Sequence[str]) -> int:
    """Tell, or with ``--write`` renew, the digests of the bundled pack."""
    names = [name for name in arguments if name != "--write"]
    if len(names) != 1:
        sys.stderr.write("usage: requirement_digests FILE [--write]\n")
        return 2
    source = Path(names[0]).read_text(encoding="utf-8")
    file = bundled.pack() / "requirements.yaml"
    if "--write" in arguments:
        renewed = updated(file.read_text(encoding="utf-8"), source)
        file.write_text(renewed, encoding="utf-8", newline="\n")
    sys.stdout.writelines(f"{line}\n" for line in told(file.read_bytes(), source))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
