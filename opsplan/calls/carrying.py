"""How a mutation of a capability asks its service: with the caller's context, and the refusal in the payload."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Annotated, Any, TypeVar

import strawberry
from strawberry.types import Info

from opsplan.calls.context import Context
from opsplan.calls.refusals import Refusal, refusal_of
from opsplan.calls.repeating import KEY_WORDS
from opsplan.calls.repeating import idempotency_key as key_of
from opsplan.reading.complete.marker import StoredRecord
from opsplan.vocabulary.errors import OpsplanError

Key = Annotated[str | None, strawberry.argument(description=KEY_WORDS)]

Answer = TypeVar("Answer")
Given = TypeVar("Given")


async def carry_out(
    info: Info[Context, None],
    ask: Callable[..., Awaitable[Answer]],
    given: Any,
    key: str | None,
    told_as: Callable[[Answer], Given],
    refused_as: Callable[[OpsplanError], Refusal | None] = refusal_of,
) -> Given | Refusal:
    """Ask a service, and give its answer as `told_as` makes it, or the refusal; `given` is the input."""
    context = info.context
    try:
        answer = await ask(
            graph=context.graph,
            actor=context.actor,
            clock=context.clock,
            laws=context.laws,
            request_id=context.request_id,
            idempotency=key_of(info.field_name, key, asdict(given, dict_factory=_without_unset)),
        )
    except OpsplanError as error:
        refusal = refused_as(error)
        if refusal is None:
            raise
        return refusal
    context.surroundings.changed()
    return told_as(answer)


def _without_unset(members: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value for name, value in members if value is not strawberry.UNSET}


def record(noun: str) -> Callable[[str], StoredRecord]:
    """Give what makes a record of an id: it is read as the caller selects."""
    return lambda record_id: StoredRecord(noun, record_id)
