"""Carrying a mutation out: the right is checked, one transaction does the work, refusals are given and not raised."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from opsplan.access.rules import Verb, require
from opsplan.calls.context import Context
from opsplan.calls.exigent import exigent_reason
from opsplan.calls.plain import plain
from opsplan.calls.refusals import Refusal, Renaming, refusal_of
from opsplan.calls.repeating import idempotency_key
from opsplan.reading.complete.marker import StoredRecord
from opsplan.records.declaration import Noun
from opsplan.records.writing import Writing, write
from opsplan.vocabulary.errors import Invalid, OpsplanError
from opsplan.vocabulary.sentences import say

_LONGEST_REASON = 2_000

Work = Callable[[Writing], Awaitable[str]]
"""Changes records in a transaction and gives the id of the one to be answered."""


async def carry_out(
    context: Context,
    field: str,
    arguments: Mapping[str, Any],
    work: Work,
    *,
    noun: Noun,
    verb: Verb,
    rename: Renaming | None = None,
) -> StoredRecord | Refusal:
    """Carry a mutation out and give the record that it changed, or the refusal.

    Parameters
    ----------
    context
        Of the operation.
    field, arguments
        The mutation's name and coerced arguments; with an idempotency key they make up what must not differ.
    work
        What it does. The reason in its input, if any, is kept with the commit.
    noun
        Of the record that `work` gives.
    verb
        What the caller must be entitled to.
    rename
        How problems are placed in the caller's input.

    Raises
    ------
    OpsplanError
        For what is no refusal: the graph is not there, or took too long.
    """
    try:
        require(context.actor, verb)
        given = arguments.get("input", {})
        record_id = await write(
            context.graph,
            context.actor,
            context.clock,
            work,
            laws=context.laws,
            request_id=context.request_id,
            reason=given.get("reason"),
            idempotency=idempotency_key(field, arguments.get("idempotencyKey"), plain(arguments)),
            seen=given.get("seen") or (),
            exigent=exigent_reason(given.get("exigentReason")),
            in_turn=noun.name in context.laws.contended,
        )
    except OpsplanError as error:
        refusal = refusal_of(error, rename)
        if refusal is None:
            raise
        return refusal
    context.surroundings.changed()
    return StoredRecord(noun.name, record_id)


def refuse_empty(reason: str) -> None:
    """Refuse a reason that says nothing, or too much.

    Raises
    ------
    Invalid
        If it is empty or longer than 2,000 characters.
    """
    if not reason.strip() or len(reason) > _LONGEST_REASON:
        raise Invalid(
            say("input.reason: say why, in up to {longest_reason:,} characters.", longest_reason=_LONGEST_REASON),
            field="input.reason",
            value=reason[:80],
            remedy=say("say why"),
        )
