"""The catalogue of a pack in Markdown: a page per policy, and indexes.

``python -m tenantproof.authoring.policy_pages`` writes ``docs/policies`` again; a test says when
that is due. ``tenantproof docs`` does the same for any pack.
"""

from __future__ import annotations

from pathlib import Path

from tenantproof import bundled
from tenantproof.authoring.policy_indexes import index_pages
from tenantproof.authoring.policy_page import MADE, policy_page
from tenantproof.pack import Pack, load_pack
from tenantproof.schema import check
from tenantproof.shape import Shapes, bundled_shapes


def policy_pages(pack: Pack, shapes: Shapes) -> dict[str, str]:
    """Return the pages by file name; retired policies keep theirs, for links from old reports."""
    pages = {name: policy_page(pack.policies[name], pack, shapes) for name in pack.policies}
    current = [pack.policies[n] for n in sorted(pack.policies) if _is_current(pack, n)]
    return {
        **index_pages(pack, current), **{f"{name}.md": pages[name] for name in sorted(pages)}
    }


def _is_current(pack: Pack, name: str) -> bool:
    return pack.policies[name].status != "retired"


def stale(pages: dict[str, str], folder: Path) -> list[str]:
    """Return the files of a folder that are not as the pages say, in the order of their names.

    These are pages that are missing or different, and pages that were made before and are none
    now; other files do not matter. Raises OSError where a file cannot be read.
    """
    different = {name for name, text in pages.items() if _read(folder / name) != text.encode()}
    return sorted(different | surplus(pages, folder))


def surplus(pages: dict[str, str], folder: Path) -> set[str]:
    """Return the files of a folder that were made before and are no pages now."""
    files = {file.name for file in folder.glob("*.md")} - set(pages)
    return {name for name in files if (_read(folder / name) or b"").startswith(MADE.encode())}


def _read(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None


def bundled_pages() -> dict[str, str]:
    """Return the pages of the bundled pack."""
    shapes = bundled_shapes()
    label = f"policies/{bundled.DEFAULT_PACK}"
    return policy_pages(load_pack(bundled.pack(), label, shapes, check), shapes)


def bundled_folder() -> Path:
    """Return where the committed pages lie in a checkout."""
    return bundled.root() / "docs" / "policies"


def main() -> None:
    """Write the committed pages again."""
    pages, folder = bundled_pages(), bundled_folder()
    folder.mkdir(exist_ok=True)
    for name in surplus(pages, folder):
        (folder / name).unlink()
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
