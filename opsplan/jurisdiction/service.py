"""Granting jurisdiction: who may."""

from opsplan.jurisdiction.store import MAY_GRANT
from opsplan.records.writing import Writing
from opsplan.vocabulary.errors import Forbidden
from opsplan.vocabulary.sentences import say


async def refuse_foreign_grant(writing: Writing, grant_id: str) -> None:
    """Refuse a grant by somebody who has nothing to grant; called in the transaction that has just entered it.

    Over a country, an agency with territorial jurisdiction there may grant; over a compound, one with territorial
    jurisdiction where it lies or may lie, or its owner; over a target, its owner. An administrator may always.

    Raises
    ------
    Forbidden
        When the actor's agency is none of these.
    """
    if writing.actor.is_administrator:
        return
    row = await writing.tx.single(MAY_GRANT, grant_id=grant_id, agency_id=writing.actor.agency_id)
    if row is None or not row["may"]:
        over = "this" if row is None else f"{row['noun']} {row['over_id']}"
        raise Forbidden(
            say("Your agency cannot grant jurisdiction over {over}.", over=over),
            field="input.overId",
            value=None if row is None else row["over_id"],
            remedy=say("ask an agency with territorial jurisdiction there, or the record's owner"),
        )
