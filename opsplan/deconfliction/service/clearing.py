"""No action is cleared to go while a conflict of its claim is not resolved."""

import json
from collections.abc import Mapping
from typing import Any

from opsplan.deconfliction.store import settling as store
from opsplan.operations.states import ActionState
from opsplan.records.writing.sequence import hold_sequence
from opsplan.records.writing.unit import ChangeKind, Unit
from opsplan.vocabulary.errors import StateConflict
from opsplan.vocabulary.sentences import first_of, say

_MOST_NAMED = 5


class Unsettled(StateConflict):
    """Conflicts of the action are not resolved. Facts: `notice_ids`."""

    code = "UNSETTLED_CONFLICTS"


async def refuse_unsettled(unit: Unit) -> None:
    """Refuse a write that activates an action of which a conflict is not resolved. A consequence of every write.

    A side that is to yield is refused as well, until it has: its conflict is gone then.

    Raises
    ------
    Unsettled
        Which names the notices.
    """
    ids = sorted({each["record_id"] for each in unit.changes if _activates(each)})
    if not ids:
        return
    # A claim that is committed meanwhile is seen, or sees that the action is activated.
    await hold_sequence(unit.tx)
    rows = await unit.tx.run(store.UNSETTLED, ids=ids)
    if not rows:
        return
    notices = [row["notice_id"] for row in rows]
    raise Unsettled(
        say(
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


def _activates(change: Mapping[str, Any]) -> bool:
    if change["noun"] != "Action" or change["kind"] != ChangeKind.STATE:
        return False
    return bool(json.loads(change["after"])["state"] == ActionState.ACTIVATED.name)
