"""Collections that Graph gives only object by object: the members of a group, and the like.

They are whole when the collection of their owners is, and every owner has a whole answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from tenantproof.importers.answers import Answer
from tenantproof.importers.base import warning
from tenantproof.importers.joining import Joined, join_object, join_part
from tenantproof.importers.places import Place
from tenantproof.problem import Problem
from tenantproof.shape import CollectionShape
from tenantproof.verdict import Why

Record = dict[str, Any]
SHOWN: Final = 3


class Owner(msgspec.Struct, frozen=True):
    """A group, user, domain or relationship, as far as its parts need it."""

    id: str
    authenticationType: str | None = None  # noqa: N815  Graph's own name


@dataclass(frozen=True, slots=True)
class PerObject:
    """How a collection is put together: whose parts they are, and what an answer becomes."""

    owners: str
    join: Callable[[Sequence[Answer], CollectionShape], Joined]
    build: Callable[[str, list[Record]], list[Record]]
    concerns: Callable[[Owner], bool] = lambda owner: True


def _members(group: str, rows: list[Record]) -> list[Record]:
    kept = [{key: row[key] for key in ("@odata.type", "id") if key in row} for row in rows]
    return [{"id": group, "members": kept}]


def _marked(name: str) -> Callable[[str, list[Record]], list[Record]]:
    def mark(owner: str, rows: list[Record]) -> list[Record]:
        return [{**row, name: owner} for row in rows]

    return mark


def _as_they_are(owner: str, rows: list[Record]) -> list[Record]:
    return rows


PER_OBJECT: Final[Mapping[str, PerObject]] = {
    "groupMembers": PerObject("groups", join_part, _members),
    "groupEligibilityScheduleInstances": PerObject("groups", join_part, _as_they_are),
    "perUserMfa": PerObject("users", join_object, _marked("id")),
    "domainFederation": PerObject(
        "domains", join_part, _marked("domainId"),
        # A domain whose type was not exported may be federated.
        lambda owner: owner.authenticationType is None
        or owner.authenticationType.casefold() == "federated",
    ),
    "delegatedAdminAccessAssignments": PerObject(
        "delegatedAdminRelationships", join_part, _marked("delegatedAdminRelationshipId")
    ),
    "appRoleAssignments": PerObject("servicePrincipals", join_part, _as_they_are),
}


@dataclass(frozen=True, slots=True)
class Assembled:
    """The records of such a collection; `why` is empty if they are all there."""

    records: tuple[Record, ...]
    why: str
    notes: tuple[Problem, ...]


def assemble(
    shape: CollectionShape,
    answers: Sequence[tuple[Place, Answer]],
    owners: Sequence[Owner] | None,
) -> Assembled | None:
    """Return the records of a collection whose answers are about one object each.

    `owners` are all objects that may have such parts, None where they were not exported as a
    whole. None is returned where nothing came and nothing is known to be missing.
    """
    spec = PER_OBJECT[shape.name]
    wanted = None if owners is None else {o.id.casefold(): o.id for o in owners if spec.concerns(o)}
    if not answers and (wanted is None or wanted):
        return None
    placed: dict[str, list[Answer]] = defaultdict(list)
    for place, answer in answers:
        placed[place.object_id.casefold()].append(answer)
    notes = [_nobodys(answer) for answer in placed.pop("", ())]
    ids = {place.object_id.casefold(): place.object_id for place, _ in answers}
    records: list[Record] = []
    broken: dict[str, str] = {}
    for key, own in placed.items():
        joined = spec.join(own, shape)
        notes.extend(joined.notes)
        rows = _rows(joined) if joined.complete else None
        if rows is None:
            broken[key] = joined.why or Why.WRONG_TYPE
            continue
        records.extend(spec.build((wanted or {}).get(key, ids[key]), rows))
    unplaced = bool(notes) and any(note.rule == "no-object" for note in notes)
    why = _why(spec, wanted, placed.keys() - broken.keys(), broken, unplaced)
    notes.extend(_strangers(spec, wanted, placed, ids))
    if why:
        notes.append(warning("incomplete", f"`{shape.name}`: {why}", answers[0][1].file.label,
                             f"export for each of them: {shape.endpoint}"))
    return Assembled(tuple(records), why, tuple(notes))


def _nobodys(answer: Answer) -> Problem:
    return warning(
        "no-object", "nothing tells which object this answer is about", answer.file.label,
        "save it under the address of its request, such as `groups/<id>/members.json`",
    )


def _rows(joined: Joined) -> list[Record] | None:
    """Return the records of whole pages, without what belongs to the envelope of an object."""
    rows: list[Record] = []
    try:
        for page in joined.pages:
            raw = page.raw if page.raw.startswith(b"[") else b"[" + page.raw + b"]"
            rows.extend(msgspec.json.decode(raw, type=list[Record]))
    except msgspec.ValidationError:
        return None
    return [{k: v for k, v in row.items() if k != "@odata.context"} for row in rows]


def _why(
    spec: PerObject,
    wanted: Mapping[str, str] | None,
    whole: Iterable[str],
    broken: Mapping[str, str],
    unplaced: bool,
) -> str:
    if Why.DENIED in broken.values():
        return Why.DENIED
    if wanted is None:
        return f"without all `{spec.owners}` nobody can say whose are missing"
    missing = sorted(wanted[key] for key in wanted.keys() - set(whole))
    if missing:
        shown = ", ".join(missing[:SHOWN]) + (", ..." if len(missing) > SHOWN else "")
        return f"{len(missing)} of {len(wanted)} `{spec.owners}` have no whole answer: {shown}"
    if broken or unplaced:
        return "an answer could not be used"
    return ""


def _strangers(
    spec: PerObject,
    wanted: Mapping[str, str] | None,
    placed: Mapping[str, Sequence[Answer]],
    ids: Mapping[str, str],
) -> Iterable[Problem]:
    if wanted is None:
        return
    for key in placed:
        if key not in wanted:
            yield warning(
                "unknown-object", f"`{ids[key]}` is none of the exported `{spec.owners}`",
                placed[key][0].file.label, "export both at the same time, from the same tenant",
            )
