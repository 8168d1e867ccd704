"""What zones have against the activation of actions."""

from collections.abc import Sequence
from typing import Any

from opsplan.deconfliction.store import zones as store
from opsplan.graph.transaction import Tx
from opsplan.vocabulary.errors import Hindrance
from opsplan.vocabulary.sentences import say


async def unreleased(tx: Tx, action_ids: Sequence[str]) -> list[Hindrance]:
    """Give the zones that actions cross without their owners' release; the transaction holds the commit sequence.

    Of a zone that is hidden from the action's owner only whom to call is told, once for all of that agency's; one that
    is SILENT is not among them, as its owner alone may know.
    """
    return [_hindrance(row) for row in await tx.run(store.UNRELEASED, ids=sorted(action_ids))]


def _hindrance(row: dict[str, Any]) -> Hindrance:
    facts = {"contact_id": row["contact_id"], "zone_id": row["zone_id"], "crossing_id": row["crossing_id"]}
    if row["zone_id"] is None:
        sentence = say(
            "{action} needs leave of {agency}, which has something there.",
            action=row["action_name"],
            agency=row["contact_code"],
        )
        return Hindrance("ZONE", sentence, row["action_id"], facts)
    sentence = say(
        "{action} crosses {zone} ({kind}) of {agency}, and its release is {state}.",
        action=row["action_name"],
        zone=row["zone_name"],
        kind=row["zone_kind"],
        agency=row["contact_code"],
        state=say("asked for, not given")
        if row["state"] == "REQUESTED"
        else say("refused")
        if row["state"] == "REFUSED"
        else say("missing"),
    )
    return Hindrance(row["zone_kind"], sentence, row["action_id"], facts)
