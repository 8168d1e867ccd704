"""`transitionAction`, `transitionOperation` and `transitionParticipant`."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from enum import StrEnum
from typing import Any

from opsplan.access.rules import Verb
from opsplan.calls.context import Context
from opsplan.operations.model import ACTION, OPERATION, PARTICIPANT
from opsplan.operations.service import move_action, move_operation, move_participant
from opsplan.operations.states import ActionState, OperationState, ParticipantState
from opsplan.reading.types.enums import enum_of
from opsplan.records.declaration import Noun
from opsplan.records.problem import a
from opsplan.records.writing import Writing
from opsplan.web.mutations.carrying import carry_out, refuse_empty
from opsplan.web.mutations.fields import Mutation
from opsplan.web.mutations.inputs import KEYS, Member, input_type
from opsplan.web.mutations.records import EXPECTED_VERSION, ID, REASON

Move = Callable[..., Awaitable[str]]


def step_mutations(payloads: Mapping[str, Any]) -> Iterator[Mutation]:
    """Give the mutations that move records through their state machines."""
    yield _transition(ACTION, ActionState, move_action, payloads)
    yield _transition(OPERATION, OperationState, move_operation, payloads)
    yield _transition(PARTICIPANT, ParticipantState, move_participant, payloads, urgent=False)


def _transition(
    noun: Noun, states: type[StrEnum], move: Move, payloads: Mapping[str, Any], *, urgent: bool = True
) -> Mutation:
    # An action that is coordinated claims its footprint.
    keys = KEYS if noun is ACTION else ()
    to = Member("to", "to", enum_of(states), "The state that it is to be in.", True)

    async def carry(context: Context, field: str, arguments: Mapping[str, Any]) -> Any:
        given = arguments["input"]

        async def work(writing: Writing) -> str:
            refuse_empty(given["reason"])
            return await move(
                writing,
                given["id"],
                states(given["to"]),
                reason=given["reason"],
                expected_version=given["expectedVersion"],
            )

        return await carry_out(context, field, arguments, work, noun=noun, verb=Verb.MOVE_STATE)

    return Mutation(
        f"transition{noun.name}",
        f"Move {a(noun.name)} to another state, as its state machine allows.",
        input_type(
            f"Transition{noun.name}Input", "Which, whereto, and why.", (ID, EXPECTED_VERSION, to, REASON, *keys)
        ),
        payloads[noun.name],
        carry,
        urgent=urgent,
    )
