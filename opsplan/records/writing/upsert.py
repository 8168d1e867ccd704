"""Upsert records: by id or external id, create what is not there, change what differs, leave what is equal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from opsplan.records.declaration import Noun
from opsplan.records.problem import Problem, at, invalid
from opsplan.records.writing.change import change_batch
from opsplan.records.writing.create import create, owners_of
from opsplan.records.writing.keys import ids_by_external_id, ids_by_key
from opsplan.records.writing.references import meet
from opsplan.records.writing.unit import BATCH_ROWS, Unit
from opsplan.vocabulary.sentences import say


class Outcome(StrEnum):
    """What an upsert did with a row."""

    CREATED = "CREATED"
    CHANGED = "CHANGED"
    UNCHANGED = "UNCHANGED"


@dataclass(frozen=True, slots=True)
class UpsertOutcome:
    """The record that a row led to, and what was done with it."""

    record_id: str
    outcome: Outcome


async def upsert(
    unit: Unit, noun: Noun, rows: Sequence[Mapping[str, Any]], *, owner_id: str | None = None
) -> list[UpsertOutcome]:
    """Make the graph hold what the rows say; a row names its record by ``id``, or by owner and ``external_id``.

    An agency may also be named by its key. A row that names none creates a record. What a row does not give stays as
    it is in a record that is there. An ``id`` that is nobody's is an error, but for administrators, who restore.

    Raises
    ------
    Invalid
        When two rows name the same record. Else as `create` and `change`.
    """
    unit.may_write(noun)
    _refuse_twice(noun, rows)
    outcomes: list[UpsertOutcome] = []
    for start in range(0, len(rows), BATCH_ROWS):
        outcomes.extend(await _upsert_batch(unit, noun, rows[start : start + BATCH_ROWS], owner_id))
    return outcomes


async def _upsert_batch(
    unit: Unit, noun: Noun, rows: Sequence[Mapping[str, Any]], owner_id: str | None
) -> list[UpsertOutcome]:
    found = await _existing(unit, noun, rows, owner_id)
    new = [place for place, record_id in enumerate(found) if record_id is None]
    old = [place for place, record_id in enumerate(found) if record_id is not None]
    outcomes: dict[int, UpsertOutcome] = {}
    if old:
        changed = await change_batch(unit, noun, [{**_without_owner(rows[place]), "id": found[place]} for place in old])
        for place, done in zip(old, changed, strict=True):
            outcomes[place] = UpsertOutcome(str(found[place]), Outcome.CHANGED if done else Outcome.UNCHANGED)
    if new:
        created = [rows[place] for place in new]
        # Without an id, a row was looked for by its key or external id; with one, the rest of it may be another's.
        known_new = not any(row.get("id") for row in created)
        ids = await create(unit, noun, created, owner_id=owner_id, known_new=known_new)
        for place, record_id in zip(new, ids, strict=True):
            outcomes[place] = UpsertOutcome(record_id, Outcome.CREATED)
    return [outcomes[place] for place in range(len(rows))]


def _without_owner(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "owner"}


def _refuse_twice(noun: Noun, rows: Sequence[Mapping[str, Any]]) -> None:
    seen: dict[tuple[str, str], int] = {}
    for place, row in enumerate(rows):
        for name in ("id", "external_id", *((noun.key,) if noun.key else ())):
            value = row.get(name)
            if value is None:
                continue
            owner = str(row.get("owner") or "") if name == "external_id" else ""
            first = seen.setdefault((name, f"{owner}|{value}"), place)
            if first != place:
                what = say("{other} names the same record", other=say("row {number}", number=first + 1))
                raise invalid(
                    [Problem(at(f"row {place + 1}, ", name), value, what, say("keep one of the two"), name, place)]
                )


async def _existing(
    unit: Unit, noun: Noun, rows: Sequence[Mapping[str, Any]], owner_id: str | None
) -> list[str | None]:
    given = [str(row["id"]) for row in rows if row.get("id")]
    await meet(unit, given)
    found: list[str | None] = [None] * len(rows)
    by_key: list[int] = []
    by_external: list[int] = []
    for place, row in enumerate(rows):
        if row.get("id"):
            # Nobody's id: `create` lets administrators restore it and refuses all others.
            found[place] = str(row["id"]) if row["id"] in unit.known else None
        elif noun.key and row.get(noun.key):
            by_key.append(place)
        elif row.get("external_id"):
            by_external.append(place)
    ids = await ids_by_key(unit, noun, [rows[place][noun.key or ""] for place in by_key])
    for place in by_key:
        found[place] = ids.get(rows[place][noun.key or ""])
    if by_external:
        owners = await owners_of(unit, noun, [rows[place] for place in by_external], owner_id)
        pairs = [(owner, rows[place]["external_id"]) for owner, place in zip(owners, by_external, strict=True)]
        there = await ids_by_external_id(unit, noun, pairs)
        for pair, place in zip(pairs, by_external, strict=True):
            found[place] = there.get(pair)
    return found
