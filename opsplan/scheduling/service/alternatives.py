"""Propose what would end a conflict: places clear of all claims that the asker may read, the least change first.

The answer is for the asker alone, so it goes by what the asker's agency may read, not by what all readers of the
operation may. Nothing is written.
"""

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, TypeAlias

from opsplan.graph.driver import Graph
from opsplan.graph.transaction import Tx
from opsplan.operations.model import ActionKind
from opsplan.scheduling.answer import PlacedAction, Reason
from opsplan.scheduling.plan.advice import why_no_slot
from opsplan.scheduling.plan.alternatives import ClearPlace, alternatives_for, free_times, others_of
from opsplan.scheduling.problem import snapshot as read
from opsplan.scheduling.problem.clearances import (
    area_claimed,
    claimed_slots,
    clearances_of,
    table_of,
    time_to_keep_clear_of,
    times_to_keep_clear_of,
)
from opsplan.scheduling.problem.frame import Frame
from opsplan.scheduling.problem.means import sparing, times_without_means
from opsplan.scheduling.service.frames import Frames
from opsplan.scheduling.store import statements
from opsplan.scheduling.store.nearby import (
    OwnMeans,
    Reader,
    blind_notices_for,
    claims_around,
    claims_near,
    means_around,
    means_claimed,
    separations,
)
from opsplan.scheduling.store.plans import read_placed
from opsplan.scheduling.store.rows import read_claim
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.errors import Forbidden, Invalid, NotFound
from opsplan.vocabulary.interval import Interval
from opsplan.vocabulary.sentences import say

MOST_ALTERNATIVES = 100
"""Alternatives that one answer may list."""
_REACH = timedelta(days=14)
"""How far before and after its time a bare claim is moved."""


_Around: TypeAlias = tuple[
    tuple[read.ReadClaim, ...], tuple[read.ReadSeparation, ...], tuple[read.ReadBlindNotice, ...], OwnMeans
]


@dataclass(frozen=True, slots=True)
class Alternatives:
    """What would end a conflict on the asker's side.

    Attributes
    ----------
    claim_id, action_id, plan_id
        The asker's claim; the action that it is of, and the plan beside which that would move, where there are such.
    alternatives
        The least change first.
    total
        How many there are in all.
    reasons
        Where there is none: why.
    """

    claim_id: str
    action_id: str | None
    plan_id: str | None
    alternatives: tuple[ClearPlace, ...]
    total: int
    reasons: tuple[Reason, ...] = ()


async def propose_alternatives(
    graph: Graph,
    actor: Actor,
    *,
    frames: Frames,
    conflict_id: str | None = None,
    notice_id: str | None = None,
    first: int = 10,
) -> Alternatives:
    """Propose other places for the asker's side of a conflict, or of what a blind notice tells of.

    An action moves beside the operation's published plan, else its newest one, with nothing else moved; a bare claim
    moves in time, by two weeks at most.

    Raises
    ------
    Invalid
        When not exactly one of conflict and notice is given, or `first` is out of range.
    NotFound
        When there is no such conflict or notice, or the claim has been withdrawn.
    Forbidden
        When the asker is on neither side.
    """
    _check(conflict_id, notice_id, first)

    async def look(tx: Tx) -> _Side:
        query = statements.SIDES_OF_CONFLICT if notice_id is None else statements.SIDE_OF_NOTICE
        rows = await tx.run(query, id=notice_id or conflict_id)
        return _own_side(rows, actor, "conflictId" if notice_id is None else "noticeId", notice_id or conflict_id)

    side = await graph.read(look)
    if side.action_id is None or side.operation_id is None:
        return await _of_claim(graph, side, first)
    frame = await frames.of(side.operation_id)
    if side.action_id not in frame.index.action_ids:
        raise _gone("conflictId", side.claim.id)
    return await _of_action(graph, side, frame, side.action_id, first)


@dataclass(frozen=True, slots=True)
class _Side:
    """The asker's claim, and where what it claims stands."""

    claim: read.ReadClaim
    reader: Reader
    action_id: str | None
    operation_id: str | None
    plan_id: str | None


def _own_side(rows: list[dict[str, Any]], actor: Actor, field: str, value: str | None) -> _Side:
    if not rows:
        raise NotFound(
            say("There is no conflict or notice {value}.", value=value),
            field=field,
            value=value,
            remedy=say("give the id of a conflict of yours, or of a notice to you"),
        )
    own = [row for row in rows if row["owner_id"] == actor.agency_id]
    own += [row for row in rows if row["action_id"] and actor.agency_id in row["coordinator_ids"] and row not in own]
    if actor.agency_id is None or not own:
        raise Forbidden(
            say("Only the two sides of a conflict are told what they could do instead."),
            field=field,
            value=value,
            remedy=say("ask as somebody of the agency that owns one of its claims, or coordinates its operation"),
        )
    row = own[0]
    if not row["stands"]:
        raise _gone(field, value)
    names = read.ReadClaim.__dataclass_fields__.keys() - {"settled_with"}
    claim = read_claim({**{name: row[name] for name in names}, "settled_with": []})
    reader = Reader(actor.agency_id, bool(row["exercise"]), row["operation_id"] or "")
    return _Side(claim, reader, row["action_id"], row["operation_id"], row["plan_id"])


async def _of_action(graph: Graph, side: _Side, frame: Frame, action_id: str, first: int) -> Alternatives:
    number = frame.index.action_ids.index(action_id)

    async def work(tx: Tx) -> tuple[tuple[PlacedAction, ...], read.Snapshot]:
        rows = () if side.plan_id is None else await read_placed(tx, side.plan_id)
        alone = replace(frame.snapshot, actions=(frame.snapshot.actions[number],), separations=await separations(tx))
        claims = await claims_near(tx, alone, side.reader)
        unit_uses, pool_uses = await means_claimed(tx, alone, side.reader)
        return rows, replace(
            alone,
            claims=claims,
            blind_notices=await blind_notices_for(tx, side.claim.id, side.reader),
            unit_uses=unit_uses,
            pool_uses=pool_uses,
        )

    rows, alone = await graph.read(work)
    return await asyncio.to_thread(_weighed, side, frame, number, rows, alone, first)


def _weighed(
    side: _Side, frame: Frame, number: int, rows: tuple[PlacedAction, ...], alone: read.Snapshot, first: int
) -> Alternatives:
    """Hold the action against the claims that the asker may read, in place of those that all readers may."""
    known = clearances_of(alone, frame.index.grid).get(side.action_id or "", ())
    action = frame.problem.actions[number]
    windows = action.windows if action.lock is None else ()
    claimed = claimed_slots(known, windows[0]) if windows else ()
    actions = tuple(
        replace(each, claimed=claimed) if place == number else each for place, each in enumerate(frame.problem.actions)
    )
    index = replace(frame.index, clearances={**frame.index.clearances, number: known})
    problem = replace(frame.problem, actions=actions)
    asked = replace(frame, problem=sparing(problem, index, alone, others_of(rows, frame, number)), index=index)
    found, total = alternatives_for(rows, asked, number, first)
    reasons = () if found else why_no_slot(others_of(rows, asked, number), asked, number)
    return Alternatives(side.claim.id, side.action_id, side.plan_id, found, total, reasons)


async def _of_claim(graph: Graph, side: _Side, first: int) -> Alternatives:
    claim = side.claim
    area = area_claimed(claim)

    reach = Interval(claim.start - _REACH, claim.end + _REACH)

    async def work(tx: Tx) -> _Around:
        rules = await separations(tx)
        widest = table_of(rules).widest_of(ActionKind(claim.kind))
        span = Interval(reach.start - widest.buffer, reach.end + widest.buffer)
        others = await claims_around(tx, area, span, widest.distance_m, side.reader)
        means = await means_around(tx, claim, reach, side.reader)
        return others, rules, await blind_notices_for(tx, claim.id, side.reader), means

    others, rules, blind, means = await graph.read(work)
    kind, table = ActionKind(claim.kind), table_of(rules)
    taken = times_to_keep_clear_of(claim, others, rules)
    taken += [time_to_keep_clear_of(each, kind, table) for each in blind]
    taken += [(each.start, each.end) for each in means.unit_uses]
    taken += times_without_means(Interval(claim.start, claim.end), means.holds, means.pool_uses, reach)
    free = [
        each
        for each in free_times(claim.start, claim.end, taken, MOST_ALTERNATIVES)
        if abs(each.start - claim.start) <= _REACH
    ]
    return Alternatives(claim.id, None, None, tuple(free[:first]), len(free), () if free else (_NO_TIME,))


_NO_TIME = Reason("NO_START_FITS", say("What others claim leaves no time of that length within two weeks."))


def _gone(field: str, value: str | None) -> NotFound:
    return NotFound(
        say("What was claimed has been withdrawn, or is out of play."),
        field=field,
        value=value,
        remedy=say("ask about a conflict whose claims are in force"),
    )


def _check(conflict_id: str | None, notice_id: str | None, first: int) -> None:
    if (conflict_id is None) == (notice_id is None):
        what = say("neither is given") if conflict_id is None else say("both are given")
        raise Invalid(
            say("conflictId, noticeId: {what}.", what=what),
            field="conflictId",
            value=conflict_id,
            remedy=say("name the conflict, or the notice where that is blind"),
        )
    if not 1 <= first <= MOST_ALTERNATIVES:
        remedy = say("give 1 to {high}", high=MOST_ALTERNATIVES)
        raise Invalid(
            say("{field}: {value} is refused; {remedy}.", field="first", value=first, remedy=remedy),
            field="first",
            value=first,
            remedy=remedy,
        )
