"""Which collection a saved Graph response belongs to, by its `@odata.context` or its file's path.

The context is the service's own word and outranks the path. Where the context only names a type
(``#directoryObjects``), or there is none, the path has to be the relative URI of the request.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from tenantproof.shape import Shapes

OBJECT: Final = "{id}"
GUID: Final = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
REQUEST: Final = re.compile(r"GET /(?:v1\.0|beta)/([^?,\s]+)")
# Addresses and contexts that Graph uses besides the one that a schema names; (URI, collection).
ALIASES: Final = (
    ("conditionalAccess/policies", "conditionalAccessPolicies"),
    ("conditionalAccess/namedLocations", "namedLocations"),
    ("namedLocations", "namedLocations"),
    ("identity/conditionalAccess/authenticationStrength/policies",
     "authenticationStrengthPolicies"),
    ("authenticationMethodsPolicy", "authenticationMethodsPolicy"),
    ("tenantRelationships/accessAssignments", "delegatedAdminAccessAssignments"),
    ("identityGovernance/privilegedAccess/group/eligibilityScheduleInstances/{id}",
     "groupEligibilityScheduleInstances"),
)  # fmt: skip
# An object that Graph gives in several answers; (URI, collection, property that the answer fills).
PARTS: Final = (
    ("policies/crossTenantAccessPolicy/default", "crossTenantAccessPolicy", "default"),
    ("policies/crossTenantAccessPolicy/partners", "crossTenantAccessPolicy", "partners"),
)
# Contexts that name a type and not an address: then the path decides.
TYPES: Final = re.compile(
    r"collection|directoryObjects|strongAuthenticationRequirements|(edm|microsoft\.graph)\..*",
    re.IGNORECASE,
)
# Such answers carry the context of the whole collection although they hold a part of it.
NARROWED: Final = re.compile(
    r"members|owners|memberOf|directReports|transitive|deletedItems|microsoft\.graph\.|filter|"
    r"search|delta|ownedObjects|registered(?!Details)",
    re.IGNORECASE,
)
VERSION: Final = r"(?:(?:https?[/_:-]+)?graph\.microsoft\.com[/_-]+)?(?:(?:v1\.0|beta)[/_-]+)?"
PAGE: Final = re.compile(
    r"(?:[-_. ]*(?:page|part)[-_. ]*|[-_. ]+\(?|\()(?P<page>\d{1,6})\)?$", re.IGNORECASE
)
STEP: Final = re.compile(r"([^/()]+)(?:\((.*)\))?")


@dataclass(frozen=True, slots=True)
class Place:
    """A collection; for answers about one object its id, for parts of an object the property."""

    collection: str
    object_id: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """What an `@odata.context` says: the address in steps, ids among them, and the selection.

    `select` is None where the context does not name properties. `host` is lower case.
    """

    host: str
    version: str
    steps: tuple[str, ...]
    select: frozenset[str] | None

    @property
    def names_a_type(self) -> bool:
        """Whether it names the type of the answer only, and not where it was asked for."""
        return bool(self.steps) and TYPES.fullmatch(self.steps[-1]) is not None


NO_CONTEXT: Final = Context("", "", (), None)


def read_context(text: str) -> Context:
    """Return what an `@odata.context` says; nothing where it is not one."""
    before, found, after = text.partition("$metadata#")
    if not found:
        return NO_CONTEXT
    host, _, path = re.sub(r"^https?://", "", before).partition("/")
    version, _, prefix = path.strip("/").partition("/")
    steps: list[str] = [step for step in prefix.split("/") if step]
    select: frozenset[str] | None = None
    for word in _split(after, "/"):
        name, inside = _step(word)
        if name in {"$entity", "$delta"}:
            continue
        steps.append(name)
        if inside.startswith("'"):
            steps.append(inside.strip("'"))
        elif inside and name.casefold() != "collection":
            select = _selected(inside)
    return Context(host.casefold(), version, tuple(steps), select)


def _step(word: str) -> tuple[str, str]:
    match = STEP.fullmatch(word)
    return (match[1], match[2] or "") if match else (word, "")


def _selected(inside: str) -> frozenset[str] | None:
    """Return the plain properties; one that was expanded may be cut short and is not counted."""
    names = frozenset(n for n in _split(inside, ",") if n and "(" not in n and "/" not in n)
    return None if not names or "*" in names else names


def _split(text: str, separator: str) -> Iterator[str]:
    """Yield the words between separators that do not stand inside brackets."""
    depth = start = 0
    for index, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if character == separator and depth == 0:
            yield text[start:index].strip()
            start = index + 1
    yield text[start:].strip()


def page_of(stem: str) -> tuple[str, int | None]:
    """Return a file's name without its page number, and the number."""
    match = PAGE.search(stem)
    return (stem[: match.start()], int(match["page"])) if match and match.start() else (stem, None)


@dataclass(frozen=True, slots=True)
class _Template:
    steps: tuple[str, ...]
    place: Place
    path: re.Pattern[str]


class Places:
    """The places of all collections of the schemas."""

    def __init__(self, shapes: Shapes) -> None:
        self._templates = tuple(_templates(shapes))
        self._names = {
            name.casefold(): name for name in shapes if not shapes[name].is_fact
        }

    def find(self, context: Context, path: str) -> Place | None:
        """Return the place of an answer, None where nothing tells it or context and path differ.

        `path` is relative to the source, without extension.
        """
        by_path = self.of_path(path)
        if not context.steps:
            return by_path
        by_context = self._of_context(context)
        if by_context is None:
            return by_path if self._may_be(context, by_path) else None
        if by_path is None:
            narrowed = NARROWED.search(path) and not by_context.object_id
            return None if narrowed else by_context
        if by_path.collection != by_context.collection:
            return None
        return replace(by_context, object_id=by_context.object_id or by_path.object_id)

    def _may_be(self, context: Context, place: Place | None) -> bool:
        """Whether a context that is no known address may stand in the answer at `place`."""
        if place is None or context.names_a_type:
            return place is not None
        last = context.steps[-1].casefold()
        return len(context.steps) == 1 and any(
            template.steps[-1].casefold() == last
            for template in self._templates if template.place.collection == place.collection
        )

    def of_path(self, path: str) -> Place | None:
        """Return the place that a file's path tells; a page number at its end does not matter."""
        query = path.partition("?")[2]
        if NARROWED.search(query):
            return None
        plain = path.partition("?")[0]
        return self._of_plain_path(plain) or self._of_plain_path(page_of(plain)[0])

    def _of_plain_path(self, path: str) -> Place | None:
        for template in self._templates:
            match = template.path.fullmatch(path)
            if match:
                object_id = match.groupdict().get("id") or ""
                return Place(template.place.collection, object_id, template.place.part)
        name = self._names.get(path.casefold())
        return Place(name) if name else None

    def _of_context(self, context: Context) -> Place | None:
        for template in self._templates:
            object_id = _fits(template.steps, context.steps)
            if object_id is not None:
                return Place(template.place.collection, object_id, template.place.part)
        return None


def _fits(template: tuple[str, ...], steps: tuple[str, ...]) -> str | None:
    """Return the object's id (empty where there is none) if the steps fit; else None."""
    if len(template) != len(steps):
        return None
    object_id = ""
    for wanted, found in zip(template, steps, strict=True):
        if wanted == OBJECT:
            object_id = found
        elif wanted.casefold() != found.casefold():
            return None
    return object_id


def _templates(shapes: Shapes) -> Iterator[_Template]:
    for uri, collection, part in PARTS:
        yield _template(uri, Place(collection, part=part))
    for uri, collection in ALIASES:
        yield _template(uri, Place(collection))
    for name in shapes:
        match = REQUEST.match(shapes[name].endpoint)
        if match:
            yield _template(match[1], Place(name))


def _template(uri: str, place: Place) -> _Template:
    steps = tuple(uri.split("/"))
    words = [re.escape(step) for step in steps]
    for index, step in enumerate(steps):
        if step == OBJECT:
            last = index == len(steps) - 1
            words[index] = f"(?P<id>{GUID})" if last else "(?P<id>[^/]+?)"
    # Only an address of several steps may stand below other folders: `backup/users` is anything.
    folders = r"(?:.*/)?" if len(steps) > 1 else ""
    pattern = re.compile(f"{folders}{VERSION}{'[/_-]+'.join(words)}", re.IGNORECASE)
    return _Template(steps, place, pattern)
