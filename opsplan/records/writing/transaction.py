"""`write`: one piece of work on records, in one transaction, with its commit."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeAlias, TypeVar

from opsplan.graph.driver import Graph
from opsplan.graph.transaction import Tx
from opsplan.records.declaration import Noun
from opsplan.records.laws import Laws
from opsplan.records.writing import change, create, merge, retire, transition, upsert
from opsplan.records.writing.finish import finish
from opsplan.records.writing.idempotency import IdempotencyKey, store_answer, stored_answer
from opsplan.records.writing.unit import Unit
from opsplan.records.writing.upsert import UpsertOutcome
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.clock import Clock, instant_text
from opsplan.vocabulary.errors import Conflict, KeysMissing, Outrun

Result = TypeVar("Result")
State = TypeVar("State", bound=StrEnum)

Row: TypeAlias = Mapping[str, Any]
"""Checked values: property names to values as stored (points as `GeoPoint`); relation names to an id, or a list of ids.

Keys and external ids, as `opsplan.records.check` lets them stand, are resolved by the writer.
"""

_RACES = 5


class _Tried(Exception):
    """All was done and judged, and is taken back."""

    def __init__(self, result: Any) -> None:
        self.result = result


class Writing(Unit):
    """What a piece of work gets: the verbs, in one transaction, for one actor."""

    __slots__ = ()

    async def create(
        self, noun: Noun, rows: Sequence[Row], *, owner_id: str | None = None, on_behalf: bool = False
    ) -> list[str]:
        """Create a record per row; give the ids in order. See `create.create`."""
        return await create.create(self, noun, rows, owner_id=owner_id, on_behalf=on_behalf)

    async def change(self, noun: Noun, rows: Sequence[Row]) -> None:
        """Change the records that the rows' ``id`` names. See `change.change`."""
        await change.change(self, noun, rows)

    async def retire(self, noun: Noun, ids: Sequence[tuple[str, int | None]], reason: str | None = None) -> None:
        """Take records out of force. See `retire.retire`."""
        await retire.retire(self, noun, ids, reason)

    async def restore(self, noun: Noun, ids: Sequence[tuple[str, int | None]], reason: str | None = None) -> None:
        """Bring retired records back. See `retire.restore`."""
        await retire.restore(self, noun, ids, reason)

    async def transition(
        self,
        noun: Noun,
        record_id: str,
        to: State,
        steps: Mapping[State, frozenset[State]],
        reason: str,
        expected_version: int | None = None,
        *,
        by_others: bool = False,
    ) -> None:
        """Move a record along its state machine. See `transition.transition`."""
        await transition.transition(self, noun, record_id, to, steps, reason, expected_version, by_others=by_others)

    async def merge(
        self,
        noun: Noun,
        into_id: str,
        merged_id: str,
        *,
        into_version: int | None = None,
        merged_version: int | None = None,
        reason: str,
    ) -> None:
        """Make one record of two. See `merge.merge`."""
        await merge.merge(
            self, noun, into_id, merged_id, into_version=into_version, merged_version=merged_version, reason=reason
        )

    async def undo_merge(self, noun: Noun, merged_id: str, *, merged_version: int | None = None, reason: str) -> str:
        """Bring a merged record back; give the id of the other. See `merge.undo_merge`."""
        return await merge.undo_merge(self, noun, merged_id, merged_version=merged_version, reason=reason)

    async def upsert(self, noun: Noun, rows: Sequence[Row], *, owner_id: str | None = None) -> list[UpsertOutcome]:
        """Create, change or leave each row's record. See `upsert.upsert`."""
        return await upsert.upsert(self, noun, rows, owner_id=owner_id)


async def write(
    graph: Graph,
    actor: Actor,
    clock: Clock,
    work: Callable[[Writing], Awaitable[Result]],
    *,
    laws: Laws,
    request_id: str,
    reason: str | None = None,
    idempotency: IdempotencyKey | None = None,
    seen: Iterable[str] = (),
    exigent: str | None = None,
    timeout_s: float | None = None,
    only_tried: bool = False,
    in_turn: bool = False,
) -> Result:
    """Do `work` in one transaction, write its history, commit, and give what it gives.

    Parameters
    ----------
    graph, actor, clock
        The database, who acts, the clock.
    work
        Gets a `Writing`. It may run more than once (after a deadlock, say), so it must have no effect outside it.
    laws
        The catalogue and the capabilities' rules: `opsplan.nouns.LAWS`.
    request_id
        Of the request that asked for it; stands in the commit.
    reason
        Why, in the caller's words; stands in the commit.
    idempotency
        With a key, the result must be a JSON value; a second call with the same key and hash gives the first
        result and writes nothing.
    seen
        Keys of what else the caller has seen (`Noun.committed_with_keys`).
    exigent
        Why it cannot wait for keys that are missing: it is committed without them then, and they are told of it.
    timeout_s
        Seconds that the transaction may take, where the graph's own bound is too short (large loads).
    only_tried
        Do and judge it all, then take it back: what is refused is raised, and nothing is written in any case.
    in_turn
        Wait among this process's writers before it begins, and not only before it commits: for short writes that are
        in vain if somebody else comes in between. What it sees then, it sees at the head of the row.

    Raises
    ------
    OpsplanError
        `Invalid`, `NotFound`, `Forbidden`, `Conflict` and its kinds when something is refused; then nothing is
        written. What `work` itself raises passes through, and nothing is written either.
    """

    async def transaction(tx: Tx) -> Result:
        if in_turn:
            await tx.enter(f"{actor.agency_id} {actor.subject}")
        now = instant_text(clock())
        if idempotency is not None:
            is_stored, answer = await stored_answer(tx, actor, idempotency, now)
            if is_stored:
                return answer  # type: ignore[no-any-return]
        writing = Writing(tx, actor, now, laws, seen=frozenset(seen), exigent=exigent)
        result = await work(writing)
        if idempotency is not None:
            store_answer(tx, actor, idempotency, result)
        await finish(writing, request_id=request_id, reason=reason)
        if only_tried:
            raise _Tried(result)
        return result

    for race in range(1, _RACES + 1):
        try:
            return await graph.write(transaction, timeout_s=timeout_s)
        except _Tried as tried:
            return tried.result  # type: ignore[no-any-return]
        except KeysMissing as refusal:
            if laws.after_refusal is not None:
                await laws.after_refusal(graph, laws, clock, request_id, refusal)
            raise
        except Outrun:
            if race == _RACES:
                raise
        except Conflict as conflict:
            # Two upserts of one external id began together: the second now finds what the first has made.
            if race == _RACES or "external_id" not in conflict.facts.get("properties", ()):
                raise
    raise AssertionError("unreachable: the last race returns or raises")
