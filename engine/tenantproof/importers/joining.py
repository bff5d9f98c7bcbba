"""Whether the answers to one request are all there: the pages of a list, or the one object.

An answer does not say which request it belongs to. What cannot be told apart is not taken in:
two lists that both end may be two tenants, two days, or the same list twice.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from tenantproof.importers.answers import ARRAY, ERROR, LIST, Answer
from tenantproof.importers.base import warning
from tenantproof.importers.places import page_of
from tenantproof.problem import Problem
from tenantproof.shape import CollectionShape
from tenantproof.verdict import Why

ALONE: Final = "leave only the files of one export of this tenant in the folder"
AGAIN: Final = "export it again, and follow `@odata.nextLink` to the end"
NUMBERS: Final = re.compile(r"(\d+)")
LINK: Final = b'@odata.nextLink"'


@dataclass(frozen=True, slots=True)
class Joined:
    """The answers of one request that are taken in, in order; `why` is empty if they are whole.

    `why` is a word of the manifest (`denied`, `truncated`, ...) or a clause in plain words.
    """

    pages: tuple[Answer, ...] = ()
    why: str = ""
    notes: tuple[Problem, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether everything that was asked for is there."""
        return bool(self.pages) and not self.why


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why answers are not whole; those that are not `usable` are left out altogether."""

    why: str
    message: str
    remedy: str
    usable: bool = True


Check = Callable[[Sequence[Answer], CollectionShape], Doubt | None]


def join_list(answers: Sequence[Answer], shape: CollectionShape) -> Joined:
    """Return the pages of a list in order, with the first reason to doubt that they are whole."""
    return _join(answers, shape, LIST_CHECKS)


def join_part(answers: Sequence[Answer], shape: CollectionShape) -> Joined:
    """Return the pages that belong to one of many objects, as `join_list` does."""
    return _join(answers, shape, PART_CHECKS)


def join_object(answers: Sequence[Answer], shape: CollectionShape) -> Joined:
    """Return the one answer that holds an object, or why there is none."""
    return _join(answers, shape, OBJECT_CHECKS)


def _join(
    answers: Sequence[Answer], shape: CollectionShape, checks: tuple[Check, ...]
) -> Joined:
    pages, copies = _unlike(sorted(answers, key=_order))
    if not pages:
        return Joined(why=Why.NOT_EXPORTED)
    for check in checks:
        doubt = check(pages, shape)
        if doubt is not None:
            note = warning("incomplete", f"`{shape.name}`: {doubt.message}", pages[0].file.label,
                           doubt.remedy)
            return Joined(tuple(pages) if doubt.usable else (), doubt.why, (*copies, note))
    return Joined(tuple(pages), notes=tuple(copies))


def _order(answer: Answer) -> list[tuple[int, str]]:
    """Order by name as people do: numbers by value, a name without a number first."""
    stem, page = page_of(answer.file.stem)
    parts = NUMBERS.split(stem.casefold())
    key = [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]
    return [*key, (-1 if page is None else page, "")]


def _unlike(answers: Sequence[Answer]) -> tuple[list[Answer], list[Problem]]:
    """Leave out copies: the same answer in two files counts once, and is told."""
    first: dict[bytes, Answer] = {}
    copies: list[Problem] = []
    for answer in answers:
        twin = first.setdefault(answer.data, answer)
        if twin is not answer:
            copies.append(warning("copy", f"it holds the same as `{twin.file.name}`",
                                  answer.file.label, "remove one of the two"))
    return list(first.values()), copies


def _refused(pages: Sequence[Answer], shape: CollectionShape) -> Doubt | None:
    error = next((page for page in pages if page.kind == ERROR), None)
    if error is None:
        return None
    ask = f"export it again with the permission {shape.permission}"
    return Doubt(str(error.why), error.detail, ask)


def _blank(pages: Sequence[Answer], shape: CollectionShape) -> Doubt | None:
    blank = next((page for page in pages if page.why is not None), None)
    return Doubt(Why.NOT_EXPORTED, blank.detail, "export it again") if blank else None


def _not_a_list(pages: Sequence[Answer], shape: CollectionShape) -> Doubt | None:
    if all(page.kind in (LIST, ARRAY) for page in pages):
        return None
    why = "one object stands where a list was expected"
    return Doubt(why, why, f"export the whole list: {shape.endpoint}", usable=False)


def _several_requests(pages: Sequence[Answer], shape: CollectionShape) -> Doubt | None:
    links = Counter(page.link for page in pages if page.link)
    ends = sum(not page.link for page in pages if page.kind == LIST)
    bare = {page_of(page.file.stem)[0] for page in pages if page.kind == ARRAY}
    signs = (
        len({page.context_text for page in pages if page.context_text}),
        len({page.file.folder for page in pages}),
        len({page.kind for page in pages}),
        max(links.values(), default=0),
        len(bare),
        ends,
    )
    if max(signs) < 2:
        return None
    return Doubt("answers to several requests lie side by side",
                 f"the {len(pages)} answers do not belong to one request", ALONE, usable=False)


def _several_objects(pages: Sequence[Answer], shape: CollectionShape) -> Doubt | None:
    if len(pages) < 2:
        return None
    return Doubt("several answers give different objects",
                 f"{len(pages)} answers give different objects", ALONE, usable=False)


def _page_missing(pages: Sequence[Answer], shape: CollectionShape) -> Doubt | None:
    if pages[-1].kind == LIST and pages[-1].link:
        return Doubt(Why.TRUNCATED, "its last page links to a further one", AGAIN)
    named = [page_of(page.file.stem) for page in pages]
    numbers = [-1 if number is None else number for _, number in named]
    one_series = len({stem for stem, _ in named}) == 1 and len(set(numbers)) == len(numbers)
    if not one_series or _follow(numbers):
        return None
    return Doubt(Why.TRUNCATED, "the numbers of its pages have a gap", AGAIN)


def _follow(numbers: Sequence[int]) -> bool:
    """Whether page numbers begin at the beginning and leave none out; -1 has no number."""
    numbered = [n for n in numbers if n >= 0]
    first = (1, 2) if -1 in numbers else (0, 1)
    return not numbered or (
        numbered[0] in (*first, 0) and numbered == list(range(numbered[0], numbered[-1] + 1))
    )


def _cut_inside(pages: Sequence[Answer], shape: CollectionShape) -> Doubt | None:
    if not any(LINK in page.raw for page in pages):
        return None
    return Doubt(Why.TRUNCATED, "a list inside a record links to a further page",
                 "export the records again without `$expand` of a long list")


def _bare(pages: Sequence[Answer], shape: CollectionShape) -> Doubt | None:
    if all(page.kind == LIST for page in pages):
        return None
    return Doubt(Why.NOT_STATED, "a list without its envelope does not say whether it is whole",
                 "save the responses themselves; or, if you know that it is whole, say "
                 "`complete: true` in `tenant.json`")


def _one_of_many(pages: Sequence[Answer], shape: CollectionShape) -> Doubt | None:
    if "{id}" not in shape.endpoint:
        return None
    return Doubt(Why.NOT_STATED, "nothing says whether every request was made",
                 "if you know that it is whole, say `complete: true` in `tenant.json`")


class _SignIn(msgspec.Struct):
    """What tells a sign-in without a person."""

    isInteractive: bool | None = None  # noqa: N815  Graph's own name
    signInEventTypes: list[str] | None = None  # noqa: N815  Graph's own name


def _interactive_only(pages: Sequence[Answer], shape: CollectionShape) -> Doubt | None:
    """Without a filter the log of sign-ins leaves out those in which no person took part."""
    if shape.name != "signIns" or any(_has_non_interactive(page.raw) for page in pages):
        return None
    why = "no non-interactive sign-in is among them, so they may have been left out"
    return Doubt(why, why, f"export both kinds: {shape.endpoint}")


def _has_non_interactive(raw: bytes) -> bool:
    try:
        records = msgspec.json.decode(raw, type=list[_SignIn])
    except msgspec.ValidationError:
        return False
    return any(
        "nonInteractiveUser" in (r.signInEventTypes or ()) or r.isInteractive is False
        for r in records
    )


PART_CHECKS: Final[tuple[Check, ...]] = (
    _refused, _blank, _not_a_list, _several_requests, _page_missing, _cut_inside, _bare,
)
LIST_CHECKS: Final[tuple[Check, ...]] = (*PART_CHECKS, _one_of_many, _interactive_only)
OBJECT_CHECKS: Final[tuple[Check, ...]] = (_refused, _blank, _several_objects)
