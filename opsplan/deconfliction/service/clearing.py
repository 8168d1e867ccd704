"""No action is cleared to go while a conflict of its claim is not resolved."""

import json

from opsplan.deconfliction.store import settling as store
from opsplan.operations.model import ACTION
from opsplan.operations.states import CLEARED, ActionState
from opsplan.records.writing.sequence import hold_sequence
from opsplan.records.writing.unit import ChangeKind, Unit
from opsplan.vocabulary.errors import StateConflict
from opsplan.vocabulary.sentences import first_of, say

_MOST_NAMED = 5


class Unsettled(StateConflict):
    """Conflicts of the action are not resolved. Facts: `notice_ids`."""

    code = "UNSETTLED_CONFLICTS"


def activated_by(unit: Unit) -> list[str]:
    """Give the ids of the actions that a write activates, by whatever steps."""
    found: set[str] = set()
    for each in unit.changes:
        if each["noun"] == ACTION.name and each["kind"] == ChangeKind.STATE:
            before, after = (json.loads(each[name])["state"] for name in ("before", "after"))
            if after in CLEARED and before not in CLEARED:
                found.add(each["record_id"])
    return sorted(found)


async def refuse_unsettled(unit: Unit) -> None:
    """Refuse a write that activates an action of which a conflict is not resolved. A consequence of every write.

    A side that is to yield is refused as well, until it has: its conflict is gone then.

    Raises
    ------
    Unsettled
        Which names the notices.
    """
    ids = activated_by(unit)
    if not ids:
        return
    # A claim that is committed meanwhile is seen, or sees that the action is activated.
    await hold_sequence(unit.tx)
    rows = await unit.tx.run(store.UNSETTLED, ids=ids)
    if not rows:
        return
    notices = [row["notice_id"] for row in rows]
    raise Unsettled(
        say("{name} is in a conflict that is not resolved: {notice}.", name=rows[0]["name"], notice=notices[0])
        if len(rows) == 1
        else say(
            "{name} is in {count} conflicts that are not resolved: {notices}.",
            name=rows[0]["name"],
            count=len(rows),
            notices=first_of(notices[:_MOST_NAMED], len(notices)),
        ),
        field="to",
        value=ActionState.ACTIVATED.name,
        remedy=say("settle each with the other side (proposeResolution, signResolution), or change the plan"),
        notice_ids=notices,
    )
