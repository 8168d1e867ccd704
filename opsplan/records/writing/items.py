"""Many upserts in one call, with an answer for each: all of them, or all but those that are refused.

What is committed is committed in one transaction. To find what has to be refused, the whole is tried; a refusal that
names its row is that row's, any other is looked for by halves.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any, Final

from opsplan.graph.driver import Graph
from opsplan.records.declaration import Noun
from opsplan.records.laws import Laws
from opsplan.records.problem import Problem, invalid
from opsplan.records.writing.idempotency import IdempotencyKey
from opsplan.records.writing.transaction import Writing, write
from opsplan.records.writing.upsert import Outcome
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.clock import Clock
from opsplan.vocabulary.errors import (
    Conflict,
    Forbidden,
    IdempotencyConflict,
    Invalid,
    KeysMissing,
    NotFound,
    OpsplanError,
    StateConflict,
    TooManyConflicts,
    VersionConflict,
)
from opsplan.vocabulary.sentences import Sentence, revived

MOST_ITEMS = 1_000
"""Items of one call."""
MOST_SOUGHT = 10
"""Refusals that name no row, and so have to be sought, before the whole call is refused."""

_ROW = re.compile(r"row (\d+), ")
_KINDS: Final = (IdempotencyConflict, VersionConflict, StateConflict, Conflict, NotFound, Forbidden, Invalid)
"""Kinds of refusals, the particular ones first."""


class ItemOutcome(StrEnum):
    """What became of an item."""

    CREATED = "CREATED"
    UPDATED = "UPDATED"
    UNCHANGED = "UNCHANGED"
    REFUSED = "REFUSED"
    NOT_APPLIED = "NOT_APPLIED"


_SAID: Final = {
    Outcome.CREATED: ItemOutcome.CREATED,
    Outcome.CHANGED: ItemOutcome.UPDATED,
    Outcome.UNCHANGED: ItemOutcome.UNCHANGED,
}


@dataclass(frozen=True, slots=True)
class Item:
    """What became of one item: the record, where there is one; the refusal, where it was refused."""

    outcome: ItemOutcome
    record_id: str | None = None
    refusal: OpsplanError | None = None


AfterCreate = Callable[[Writing, str], Awaitable[None]]
"""What is checked once a record is created, in the same transaction: it raises to refuse."""


async def upsert_items(
    graph: Graph,
    actor: Actor,
    clock: Clock,
    *,
    laws: Laws,
    noun: Noun,
    items: Sequence[Mapping[str, Any] | OpsplanError],
    is_atomic: bool,
    path: str = "items",
    after_create: AfterCreate | None = None,
    request_id: str,
    idempotency: IdempotencyKey | None = None,
    seen: Iterable[str] = (),
    exigent: str | None = None,
) -> list[Item]:
    """Upsert each item, and say what became of it, in order.

    Parameters
    ----------
    items
        Checked rows, or what was wrong with them.
    is_atomic
        Whether one that is refused keeps all others out.
    path
        Where the items stand in the caller's input; problems are placed at ``path[place].name``.
    seen, exigent
        As for `write`.

    Raises
    ------
    OpsplanError
        When the call is refused as a whole: another request had its key, it conflicts with what its caller has not
        shown to have seen, or too many refusals name no item.
    """
    everything = partial(
        write,
        graph,
        actor,
        clock,
        laws=laws,
        request_id=request_id,
        idempotency=idempotency,
        seen=seen,
        exigent=exigent,
    )
    refused = {place: each for place, each in enumerate(items) if isinstance(each, OpsplanError)}
    sought = 0
    while not (is_atomic and refused):
        places = [place for place in range(len(items)) if place not in refused]

        attempt = partial(_attempt, noun, items, places, dict(refused), after_create, everything)
        try:
            return _items(await attempt(), len(items))
        except (IdempotencyConflict, KeysMissing, TooManyConflicts):
            # What was not seen is told whole: to leave out what conflicts is for the caller to decide.
            raise
        except _KINDS as error:
            found = _by_row(error, places, path)
            if not found:
                sought += 1
                if sought > MOST_SOUGHT or not places:
                    raise
                place, why = await _first_refused(attempt, places, error)
                found = _by_row(why, places, path) or {place: why}
            refused |= found
    return [
        Item(ItemOutcome.REFUSED, refusal=refused[place]) if place in refused else Item(ItemOutcome.NOT_APPLIED)
        for place in range(len(items))
    ]


async def _attempt(
    noun: Noun,
    items: Sequence[Any],
    places: Sequence[int],
    refused: Mapping[int, OpsplanError],
    after_create: AfterCreate | None,
    everything: Callable[..., Awaitable[Any]],
    count: int | None = None,
) -> Any:
    """Upsert the items at some places and give the answer, with what is refused beside; or try the first `count`."""

    async def work(writing: Writing) -> Any:
        done = await _upserted(writing, noun, [items[place] for place in places[:count]], after_create)
        return {
            "done": dict(zip(map(str, places), done, strict=count is None)),
            "refused": {str(place): _kept(each) for place, each in refused.items()},
        }

    if count is None:
        return await everything(work)
    return await everything(work, idempotency=None, only_tried=True)


async def _upserted(
    writing: Writing, noun: Noun, rows: Sequence[Any], after_create: AfterCreate | None
) -> list[tuple[str, str]]:
    done = await writing.upsert(noun, rows)
    if after_create is not None:
        for each in done:
            if each.outcome is Outcome.CREATED:
                await after_create(writing, each.record_id)
    return [(_SAID[each.outcome].name, each.record_id) for each in done]


async def _first_refused(
    attempt: Callable[[int], Awaitable[Any]], places: Sequence[int], error: OpsplanError
) -> tuple[int, OpsplanError]:
    """Give the first item with which those up to it are refused, and that refusal."""
    fine, refused = 0, len(places)
    while refused - fine > 1:
        middle = (fine + refused) // 2
        try:
            await attempt(middle)
            fine = middle
        except _KINDS as found:
            refused, error = middle, found
    return places[refused - 1], error


def _by_row(error: OpsplanError, places: Sequence[int], path: str) -> dict[int, OpsplanError]:
    """Give the refusals of the items that an error names; an error about one item alone need not name it."""
    problems = [each for each in error.facts.get("problems", ()) if isinstance(each, Problem)]
    by_place: dict[int, list[Problem]] = {}
    for each in problems:
        row = 0 if len(places) == 1 else each.row
        if row is not None:
            name = each.name or _ROW.sub("", each.field)
            message = each.message
            other = message.parts.get("other")
            if isinstance(other, Sentence):
                # Rows are counted from 1, and those of this attempt alone.
                message = message.having(other=f"{path}[{places[other.parts['number'] - 1]}]")
            placed = Problem(f"{path}[{places[row]}].{name}", each.value, message, each.remedy, name, None, each.code)
            by_place.setdefault(places[row], []).append(placed)
    if by_place:
        return {
            place: Forbidden(those[0].sentence, field=those[0].field, value=those[0].value, remedy=those[0].remedy)
            if those[0].code == Forbidden.code
            else invalid(those)
            for place, those in by_place.items()
        }
    named = _ROW.match(error.field or "")
    if named or len(places) == 1:
        place = places[int(named[1]) - 1] if named else places[0]
        return {place: error}
    return {}


def _kept(error: OpsplanError) -> dict[str, Any]:
    """Give a refusal as it is kept under an idempotency key."""
    problems = [each for each in error.facts.get("problems", ()) if isinstance(each, Problem)]
    return {
        "kind": next(kind.__name__ for kind in _KINDS if isinstance(error, kind)),
        "code": error.code,
        "message": error.message.kept(),
        "field": error.field,
        "value": _plain(error.value),
        "remedy": None if error.remedy is None else error.remedy.kept(),
        "problems": [
            [each.field, _plain(each.value), each.message.kept(), each.remedy.kept(), each.name] for each in problems
        ],
    }


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def _items(answer: Mapping[str, Any], count: int) -> list[Item]:
    """Read an answer, one that was given just now or one that was kept."""
    done, refused = answer["done"], answer["refused"]
    return [
        Item(ItemOutcome[done[place][0]], done[place][1])
        if place in done
        else Item(ItemOutcome.REFUSED, refusal=_revived(refused[place]))
        for place in map(str, range(count))
    ]


def _revived(kept: Mapping[str, Any]) -> OpsplanError:
    kind = next(each for each in _KINDS if each.__name__ == kept["kind"])
    problems = tuple(
        Problem(field, value, revived(message), revived(remedy), name)
        for field, value, message, remedy, name in kept["problems"]
    )
    facts = {"problems": problems} if problems else {}
    remedy = None if kept["remedy"] is None else revived(kept["remedy"])
    error = kind(revived(kept["message"]), field=kept["field"], value=kept["value"], remedy=remedy, **facts)
    # As the first answer had it, whatever its class was.
    vars(error)["code"] = kept["code"]
    return error
