"""Move a record along its state machine."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from opsplan.records.declaration import Noun
from opsplan.records.writing.change import expect_version, meet_own, refuse_retired, stamp
from opsplan.records.writing.locking import lock_and_read
from opsplan.records.writing.statements import statements_of
from opsplan.records.writing.unit import ChangeKind, Unit
from opsplan.vocabulary.errors import Invalid, StateConflict
from opsplan.vocabulary.sentences import say

State = TypeVar("State", bound=StrEnum)


async def transition(
    unit: Unit,
    noun: Noun,
    record_id: str,
    to: State,
    steps: Mapping[State, frozenset[State]],
    reason: str,
    expected_version: int | None = None,
    *,
    by_others: bool = False,
) -> None:
    """Move a record to the state `to`, if `steps` allows it from the state in which it is.

    `by_others` lets the actor move what belongs to another agency: the caller has seen to it that this is right.

    Raises
    ------
    StateConflict
        When the table does not allow the step.
    Invalid
        When no reason is given.
    NotFound, Forbidden, VersionConflict, Conflict
        As for a change.
    """
    unit.may_write(noun)
    name = noun.changed_by_state_machine
    if name is None:
        raise TypeError(f"{noun.name} has no state machine")
    if not reason.strip():
        raise Invalid(say("reason: every step needs one; say why"), field="reason", value=reason, remedy=say("say why"))
    met = await meet_own(unit, noun, [record_id], by_others=by_others)
    stands = (await lock_and_read(unit, noun, met))[0]
    expect_version(noun, stands, expected_version)
    refuse_retired(noun, stands)
    now = type(to)(stands.properties[name])
    if to not in steps[now]:
        allowed = ", ".join(sorted(steps[now])) or "none: it is final"
        raise StateConflict(
            say(
                "{name}: {now} cannot become {to}. From {now} it may become: {allowed}.",
                name=name,
                now=now,
                to=to,
                allowed=allowed,
            ),
            field=name,
            value=str(to),
            remedy=say("choose one of: {allowed}", allowed=allowed) if steps[now] else say("leave it"),
        )
    properties = {name: to.name, **stamp(unit, stands)}
    row = {"handle": stands.known.handle, "properties": properties, "points": {}, "given": [], "to": {}, "gone": {}}
    await unit.tx.run(statements_of(noun).change, rows=[row])
    unit.note(record_id, noun.name, ChangeKind.STATE, {name: now.name}, {name: to.name}, reason=reason.strip())
    unit.touched.setdefault(noun.name, []).append(record_id)
