"""What conflicts that are not resolved have against the activation of actions."""

import json
from collections.abc import Sequence
from typing import Any, Final

from opsplan.deconfliction.model import NoticeState
from opsplan.deconfliction.store import settling as store
from opsplan.graph.transaction import Tx
from opsplan.operations.model import ACTION
from opsplan.operations.states import CLEARED
from opsplan.records.writing.unit import ChangeKind, Unit
from opsplan.vocabulary.errors import Hindrance
from opsplan.vocabulary.sentences import say

UNSETTLED: Final = "UNSETTLED_CONFLICT"
"""Name of the rule that conflicts are resolved, and that who is to yield has, before an action is activated."""


def activated_by(unit: Unit) -> list[str]:
    """Give the ids of the actions that a write activates, by whatever steps."""
    found: set[str] = set()
    for each in unit.changes:
        if each["noun"] == ACTION.name and each["kind"] == ChangeKind.STATE:
            before, after = (json.loads(each[name])["state"] for name in ("before", "after"))
            if after in CLEARED and before not in CLEARED:
                found.add(each["record_id"])
    return sorted(found)


async def unsettled(tx: Tx, action_ids: Sequence[str]) -> list[Hindrance]:
    """Give the conflicts of actions that are not resolved; the transaction holds the commit sequence.

    A side that is to yield is hindered as well, until it has: its conflict is gone then.
    """
    return [_hindrance(row) for row in await tx.run(store.UNSETTLED, ids=sorted(action_ids))]


def _hindrance(row: dict[str, Any]) -> Hindrance:
    if row["state"] == NoticeState.RESOLVED.name:
        sentence = say("{action} is to yield to {agency}, and has not.", action=row["name"], agency=row["contact_code"])
    else:
        sentence = say(
            "{action} is in a conflict with {agency} that is not resolved.",
            action=row["name"],
            agency=row["contact_code"],
        )
    facts = {"contact_id": row["contact_id"], "notice_id": row["notice_id"]}
    return Hindrance(UNSETTLED, sentence, row["id"], facts)
