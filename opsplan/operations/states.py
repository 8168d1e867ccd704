"""The state machines of operations, actions and participants, each as one table of data.

An action that is ACTIVATED or later is a lock to the scheduler: its time, place and units stand. So is one that is
NOTIFIED, until it is taken back to COORDINATED; but what it rests on may still drop out.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from opsplan.vocabulary.errors import StateConflict
from opsplan.vocabulary.sentences import Sentence, say


class OperationState(StrEnum):
    """How far a joint operation has come."""

    PLANNING = "PLANNING"
    READY = "READY"
    UNDER_WAY = "UNDER_WAY"
    CLOSED = "CLOSED"
    CANCELLED = "CANCELLED"


class ActionState(StrEnum):
    """How far an action has come."""

    DRAFT = "DRAFT"
    COORDINATED = "COORDINATED"
    NOTIFIED = "NOTIFIED"
    ACTIVATED = "ACTIVATED"
    UNDER_WAY = "UNDER_WAY"
    DONE = "DONE"
    ABORTED = "ABORTED"
    CANCELLED = "CANCELLED"


class ParticipantState(StrEnum):
    """Whether an agency takes part in an operation."""

    INVITED = "INVITED"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    WITHDRAWN = "WITHDRAWN"


OPERATION_STEPS: Mapping[OperationState, frozenset[OperationState]] = {
    OperationState.PLANNING: frozenset({OperationState.READY, OperationState.CANCELLED}),
    OperationState.READY: frozenset({OperationState.PLANNING, OperationState.UNDER_WAY, OperationState.CANCELLED}),
    OperationState.UNDER_WAY: frozenset({OperationState.CLOSED}),
    OperationState.CLOSED: frozenset(),
    OperationState.CANCELLED: frozenset(),
}
"""From each state of an operation, the states it may go to."""

ACTION_STEPS: Mapping[ActionState, frozenset[ActionState]] = {
    ActionState.DRAFT: frozenset({ActionState.COORDINATED, ActionState.CANCELLED}),
    ActionState.COORDINATED: frozenset({ActionState.DRAFT, ActionState.NOTIFIED, ActionState.CANCELLED}),
    ActionState.NOTIFIED: frozenset({ActionState.COORDINATED, ActionState.ACTIVATED, ActionState.CANCELLED}),
    ActionState.ACTIVATED: frozenset({ActionState.UNDER_WAY, ActionState.ABORTED}),
    ActionState.UNDER_WAY: frozenset({ActionState.DONE, ActionState.ABORTED}),
    ActionState.DONE: frozenset(),
    ActionState.ABORTED: frozenset(),
    ActionState.CANCELLED: frozenset(),
}
"""From each state of an action, the states it may go to."""

PARTICIPANT_STEPS: Mapping[ParticipantState, frozenset[ParticipantState]] = {
    ParticipantState.INVITED: frozenset(
        {ParticipantState.ACCEPTED, ParticipantState.DECLINED, ParticipantState.WITHDRAWN}
    ),
    ParticipantState.ACCEPTED: frozenset({ParticipantState.WITHDRAWN}),
    ParticipantState.DECLINED: frozenset(),
    ParticipantState.WITHDRAWN: frozenset(),
}
"""From each state of a participant, the states it may go to. Who has gone is invited anew, as a new participant."""

GONE: frozenset[ParticipantState] = frozenset({ParticipantState.DECLINED, ParticipantState.WITHDRAWN})
"""States in which an agency takes no part."""

LOCKED: frozenset[ActionState] = frozenset({ActionState.ACTIVATED, ActionState.UNDER_WAY, ActionState.DONE})
"""States in which the scheduler may not move an action."""

CLEARED: frozenset[ActionState] = frozenset({ActionState.ACTIVATED, ActionState.UNDER_WAY})
"""States in which an action is cleared to go, or goes: nobody else's plan passes over it."""

TOLD: frozenset[ActionState] = frozenset({ActionState.NOTIFIED})
"""States in which units have been told where the published plan sends them: no schedule moves such an action."""

OUT_OF_PLAY: frozenset[ActionState] = frozenset({ActionState.ABORTED, ActionState.CANCELLED})
"""States in which an action is no part of a schedule."""

OVER: frozenset[OperationState] = frozenset({OperationState.CLOSED, OperationState.CANCELLED})
"""States in which nothing is planned for an operation any more."""

State = TypeVar("State", bound=StrEnum)


def step(steps: Mapping[State, frozenset[State]], now: State, to: State, remedy: Sentence | None = None) -> State:
    """Give `to` when the table allows the step; `remedy` is what to do instead, where the states alone do not say it.

    Raises
    ------
    StateConflict
        When it does not; the message lists the steps that are allowed.
    """
    if to in steps[now]:
        return to
    if to == now:
        raise StateConflict(
            say("state: it is {now} already.", now=now),
            field="state",
            value=str(to),
            remedy=say("nothing has to be done"),
        )
    allowed = sorted(steps[now]) or say("none: it is final")
    raise StateConflict(
        say("state: {now} cannot become {to}. From {now} it may become: {allowed}.", now=now, to=to, allowed=allowed),
        field="state",
        value=str(to),
        remedy=remedy or say("choose one of: {allowed}", allowed=allowed),
    )
