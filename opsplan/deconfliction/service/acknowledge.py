"""Saying that one knows of a conflict, and writing to the other side."""

from opsplan.access.rules import Verb
from opsplan.deconfliction.model import CONFLICT_MESSAGE, ConflictState, NoticeState
from opsplan.deconfliction.service.sides import Sides, acknowledged, advance, own_side
from opsplan.deconfliction.store import settling as store
from opsplan.graph.driver import Graph
from opsplan.records.laws import Laws
from opsplan.records.reason import reason_given
from opsplan.records.writing import ChangeKind, IdempotencyKey, Writing, write
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.clock import Clock
from opsplan.vocabulary.errors import StateConflict
from opsplan.vocabulary.ids import mint
from opsplan.vocabulary.sentences import say

LONGEST_MESSAGE = 10_000


async def acknowledge_notice(
    graph: Graph,
    actor: Actor,
    clock: Clock,
    *,
    laws: Laws,
    notice_id: str,
    request_id: str,
    idempotency: IdempotencyKey | None = None,
) -> str:
    """Say for one side that it knows; give the notice's id. It goes to nobody else from then on.

    Raises
    ------
    NotFound, StateConflict, Forbidden
        As `own_side`.
    """

    async def work(writing: Writing) -> str:
        side = await own_side(writing, notice_id, Verb.CHANGE)
        await _acknowledge(writing, side)
        return notice_id

    return await write(graph, actor, clock, work, laws=laws, request_id=request_id, idempotency=idempotency)


async def _acknowledge(writing: Writing, side: Sides) -> None:
    await acknowledged(writing, side.notice)
    others = [row["properties"] for row in side.notices if row["properties"]["id"] != side.notice["id"]]
    if all(each["state"] != NoticeState.SENT.name for each in others):
        await advance(writing, side.conflicts, ConflictState.ACKNOWLEDGED)


async def write_message(
    graph: Graph,
    actor: Actor,
    clock: Clock,
    *,
    laws: Laws,
    notice_id: str,
    body: str,
    request_id: str,
    idempotency: IdempotencyKey | None = None,
) -> str:
    """Write to the other side of a conflict, and give the message's id. Whoever writes has acknowledged by that.

    Raises
    ------
    StateConflict
        When the other side does not know of it, as the actor's plan is hidden from it.
    Invalid
        When the message is empty or too long.
    NotFound, Forbidden
        As `own_side`.
    """
    said = reason_given(body, LONGEST_MESSAGE, "input.body", say("write something"))

    async def work(writing: Writing) -> str:
        side = await own_side(writing, notice_id, Verb.CHANGE)
        if not side.is_known_to_the_other:
            raise StateConflict(
                say("input.noticeId: the other side does not know of the conflict, as your plan is hidden from it."),
                field="input.noticeId",
                value=notice_id,
                remedy=say("make your claim OPEN or POINTER first, or call whom the notice names"),
            )
        await _acknowledge(writing, side)
        await advance(writing, side.conflicts, ConflictState.IN_DISCUSSION)
        message_id = mint(CONFLICT_MESSAGE.name)
        standard = writing.standard_of_made(side.notice["owner_id"], exercise=bool(side.notice["exercise"]))
        kept = {"id": message_id, "body": said, "sides": side.readers}
        await writing.tx.run(store.WRITE_MESSAGE, properties={**standard, **kept}, notices=side.notice_ids)
        told = {"body": said, "notices": side.notice_ids}
        writing.note(message_id, CONFLICT_MESSAGE.name, ChangeKind.CREATED, None, told)
        return message_id

    return await write(graph, actor, clock, work, laws=laws, request_id=request_id, idempotency=idempotency)
