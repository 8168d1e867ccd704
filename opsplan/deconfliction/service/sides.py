"""The side of a conflict that somebody acts for: its notice, and who stands on the other side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opsplan.access.rules import Verb, require
from opsplan.deconfliction.model import CONFLICT, NOTICE, ConflictState, NoticeState
from opsplan.deconfliction.store import settling as store
from opsplan.records.declaration import Noun
from opsplan.records.writing.batches import write_in_batches
from opsplan.records.writing.sequence import hold_sequence
from opsplan.records.writing.unit import Unit
from opsplan.vocabulary.errors import NotFound, StateConflict
from opsplan.vocabulary.sentences import say


@dataclass(frozen=True, slots=True)
class Sides:
    """A notice of the actor's agency, the conflicts it tells of, and all notices of these.

    Attributes
    ----------
    notice
        The properties of the notice.
    claim_id
        The claim of its side.
    conflicts
        Properties of its conflicts; several where it is blind.
    notices
        All notices of these, of both sides, as `store.NOTICES_OF` gives them.
    """

    notice: Mapping[str, Any]
    claim_id: str
    conflicts: Sequence[Mapping[str, Any]]
    notices: Sequence[Mapping[str, Any]]

    @property
    def agency_ids(self) -> list[str]:
        """Whoever has been told of it, in order; one alone where the other side may not know."""
        return sorted({row["properties"]["owner_id"] for row in self.notices})

    @property
    def readers(self) -> list[str]:
        """Agencies that may read what is written and agreed about it: the sides, and the watch centres it came to."""
        escalated = {each for row in self.notices for each in row["properties"].get("escalated_to") or ()}
        return sorted({*self.agency_ids, *escalated})

    @property
    def is_known_to_the_other(self) -> bool:
        """Whether the other side has been told as well; of a plan that is SILENT it is not."""
        return any(row["claim_id"] != self.claim_id for row in self.notices)

    @property
    def notice_ids(self) -> list[str]:
        """Ids of all its notices."""
        return [row["properties"]["id"] for row in self.notices]


async def own_side(writing: Unit, notice_id: str, verb: Verb) -> Sides:
    """Give the side that a notice of the actor's agency is for. Nobody commits from here on, so that it stands still.

    Raises
    ------
    NotFound
        When there is none, or it is another agency's.
    StateConflict
        When what it tells of does not hold any more.
    Forbidden
        When the actor's roles do not allow it.
    """
    require(writing.actor, verb)
    await hold_sequence(writing.tx)
    row = await writing.tx.single(store.NOTICE, id=notice_id)
    if row is None or row["properties"]["owner_id"] != writing.actor.agency_id:
        raise NotFound(
            say("There is no notice {notice_id} of your agency.", notice_id=notice_id),
            field="input.noticeId",
            value=notice_id,
            remedy=say("give the id of one that you read under `notices`"),
        )
    if row["properties"]["state"] == NoticeState.GONE.name:
        raise StateConflict(
            say("input.noticeId: what it tells of does not hold any more."),
            field="input.noticeId",
            value=notice_id,
            remedy=say("nothing has to be done"),
        )
    conflicts = {each["id"]: each for each in row["conflicts"]}
    notices = await writing.tx.run(store.NOTICES_OF, conflicts=sorted(conflicts))
    blind = [each["properties"]["id"] for each in notices if each["properties"]["is_blind"]]
    if blind and not row["properties"]["is_blind"]:
        # All that is hidden behind the other side's blind notice is settled at once: it is not to tell how much it is.
        for each in blind:
            found = await writing.tx.single(store.NOTICE, id=each)
            conflicts |= {} if found is None else {conflict["id"]: conflict for conflict in found["conflicts"]}
        notices = await writing.tx.run(store.NOTICES_OF, conflicts=sorted(conflicts))
    return Sides(row["properties"], row["claim_id"], list(conflicts.values()), notices)


async def change(
    unit: Unit, noun: Noun, before: Mapping[str, Any], after: Mapping[str, Any], *, reason: str | None = None
) -> None:
    """Have a conflict, notice, resolution or override be as `after` says, with its history; nothing if it is so."""
    await write_in_batches(unit.tx, store.CHANGE, unit.changed(noun, before, after, reason=reason))


async def acknowledged(unit: Unit, notice: Mapping[str, Any]) -> Mapping[str, Any]:
    """Have a notice be acknowledged by the actor, if it was not; give its properties as they are now."""
    if notice["state"] != NoticeState.SENT.name:
        return notice
    after = {
        "state": NoticeState.ACKNOWLEDGED.name,
        "acknowledged_at": unit.now,
        "acknowledged_by": unit.actor.subject,
    }
    await change(unit, NOTICE, notice, after)
    return {**notice, **after}


async def advance(unit: Unit, conflicts: Sequence[Mapping[str, Any]], to: ConflictState) -> None:
    """Have conflicts that stand come as far as `to`, none of them back."""
    order = [ConflictState.OPEN.name, ConflictState.ACKNOWLEDGED.name, ConflictState.IN_DISCUSSION.name]
    for each in conflicts:
        if each["state"] in order and order.index(each["state"]) < order.index(to.name):
            await change(unit, CONFLICT, each, {"state": to.name})
