"""What may be reported of an action, by whom, and what a report does to it: pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from opsplan.conduct.model import ReportedState, ResultKind, ResultState
from opsplan.operations.states import ACTION_STEPS, ActionState
from opsplan.records.codes import CURRENCY_CODES
from opsplan.records.problem import Problem
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.clock import instant_text
from opsplan.vocabulary.errors import Forbidden, Invalid, StateConflict
from opsplan.vocabulary.sentences import Sentence, say

MOST_AHEAD = timedelta(minutes=5)
"""How far the reporter's clock may be ahead of the service's."""
MOST_LATE = timedelta(days=31)
"""How late a report may come."""
MOST_RESULTS = 100
"""Results that one call may report."""

RESULT_STEPS: Mapping[ResultState, frozenset[ResultState]] = {
    ResultState.IN_FORCE: frozenset({ResultState.CORRECTED}),
    ResultState.CORRECTED: frozenset(),
}
"""From each state of a result, the states it may go to."""

_BEGUN = frozenset({ActionState.UNDER_WAY, ActionState.DONE, ActionState.ABORTED})
_OF_SEIZURES = ("item", "worth", "currency")


@dataclass(frozen=True, slots=True)
class Reporters:
    """The agencies that may report of an action, by what makes them entitled to.

    Attributes
    ----------
    owner_id
        Owns the action.
    coordinator_ids
        Own or coordinate the operation.
    host_ids
        Have accepted to host it on whose soil the action is.
    sender_ids
        Own the units that the published plan sends to the action; by unit.
    """

    owner_id: str
    coordinator_ids: frozenset[str]
    host_ids: frozenset[str]
    sender_ids: Mapping[str, str]

    @property
    def all(self) -> frozenset[str]:
        """All of them."""
        return frozenset({self.owner_id, *self.sender_ids.values()}) | self.coordinator_ids | self.host_ids


def refuse_stranger(actor: Actor, allowed: Collection[str], field: str, value: str) -> None:
    """Let an actor pass whose agency has to do with the action.

    Raises
    ------
    Forbidden
        When it has not.
    """
    if actor.is_administrator or actor.agency_id in allowed:
        return
    raise Forbidden(
        say("Only agencies that own or host the action, send units to it, or coordinate its operation report of it."),
        field=field,
        value=value,
        remedy=say("ask one of those agencies to report it"),
    )


def refuse_other_reporter(actor: Actor, allowed: Collection[str], result_id: str) -> None:
    """Let an actor pass whose agency has reported a result, or coordinates its operation.

    Raises
    ------
    Forbidden
        For all others.
    """
    if actor.is_administrator or actor.agency_id in allowed:
        return
    raise Forbidden(
        say("Only the agency that reported it, and those that coordinate the operation, correct a result."),
        field="input.resultId",
        value=result_id,
        remedy=say("ask one of those agencies"),
    )


def refuse_same(values: Mapping[str, Any]) -> None:
    """Refuse a correction that corrects nothing.

    Raises
    ------
    Invalid
        When no value is given.
    """
    if not values:
        raise Invalid(
            say("input: nothing is other."), field="input", remedy=say("give what is to stand instead, e.g. number")
        )


def refuse_nothing_said(report: Mapping[str, Any]) -> None:
    """Refuse a report of neither a state, nor a place, nor a word.

    Raises
    ------
    Invalid
        When there is none of them.
    """
    if not any(report.get(name) for name in ("state", "location", "note")):
        raise Invalid(
            say("input: nothing is reported."), field="input", remedy=say("give a state, a location or a note")
        )


def refuse_foreign_unit(actor: Actor, unit_id: str, senders: Mapping[str, str]) -> None:
    """Refuse a unit that is not the actor's agency's, or that the published plan does not send to the action.

    Raises
    ------
    Forbidden
        Which says the same for both, so that nothing is learned of other agencies' units.
    """
    owner = senders.get(unit_id)
    if owner is not None and (actor.is_administrator or actor.agency_id == owner):
        return
    raise Forbidden(
        say("input.unitId: it is no unit of your agency that the published plan sends to the action."),
        field="input.unitId",
        value=unit_id,
        remedy=say("name one that is, or leave it out"),
    )


def wrong_time(at: datetime, now: datetime, path: str = "input") -> list[Problem]:
    """Tell what is wrong with the time that a report is about: it lies ahead, or too far back."""
    text = instant_text(at)
    if at > now + MOST_AHEAD:
        remedy = say("give the instant at which it was so, with its zone")
        return [Problem(f"{path}.at", text, say("it lies ahead of now, {now}", now=instant_text(now)), remedy, "at")]
    if at < now - MOST_LATE:
        remedy = say("reports are taken for {days} days", days=MOST_LATE.days)
        return [Problem(f"{path}.at", text, say("it is more than {days} days ago", days=MOST_LATE.days), remedy, "at")]
    return []


def moves(now: ActionState, said: ReportedState | None, at: str, moved_at: str | None) -> tuple[ActionState, ...]:
    """Give the states that a report moves an action through, in order; none, where it moves nothing.

    Parameters
    ----------
    now
        The state that the action has.
    said, at
        The state that is reported, if any, and of when.
    moved_at
        Of when the last report is that moved the action, if one did: an earlier one comes too late to move it.

    Raises
    ------
    StateConflict
        When the action has not been activated, or cannot come to that state any more.
    """
    if said is None:
        return ()
    to = ActionState(said.value)
    if moved_at is not None and at < moved_at:
        return ()
    if to is now:
        return ()
    if to in ACTION_STEPS[now]:
        return (to,)
    if now is ActionState.ACTIVATED and to is ActionState.DONE:
        # It was under way, though nobody said so.
        return (ActionState.UNDER_WAY, to)
    if now in _BEGUN:
        sentence = say("input.state: the action is {now}: it cannot come to be {to} any more.", now=now, to=to)
        remedy = say("report results and notes of it; leave the state out")
    else:
        sentence = say("input.state: the action is {now}: nobody has activated it yet.", now=now)
        remedy = say("have it activated first (transitionAction), or report a place or a note without a state")
    raise StateConflict(sentence, field="input.state", value=str(said), remedy=remedy)


def refuse_not_begun(state: ActionState, field: str, action_id: str) -> None:
    """Refuse results of an action that has not begun.

    Raises
    ------
    StateConflict
        When nobody has reported it under way.
    """
    if state not in _BEGUN:
        raise StateConflict(
            say(
                "{field}: the action is {state}: it has not begun, so it has come to nothing yet.",
                field=field,
                state=state,
            ),
            field=field,
            value=action_id,
            remedy=say("report first that it is under way (reportActionStatus)"),
        )


def wrong_in_result(row: Mapping[str, Any], path: str) -> list[Problem]:
    """Tell what is wrong with a result as a whole: things of a seizure elsewhere, a worth without its currency."""
    problems: list[Problem] = []
    if row.get("kind") == ResultKind.SEIZURE:
        if row.get("item") is None:
            problems.append(_problem(path, row, "item", say("a seizure is of something"), say("say of what")))
    else:
        problems += [
            _problem(path, row, name, say("it belongs to a seizure"), say("leave it out"))
            for name in _OF_SEIZURES
            if row.get(name) is not None
        ]
    if problems:
        return problems
    if row.get("worth") is not None and row.get("currency") is None:
        problems.append(_problem(path, row, "currency", say("a worth has one"), say("give it, such as USD")))
    if row.get("currency") is not None and row.get("worth") is None:
        what = say("there is a currency without one")
        problems.append(_problem(path, row, "worth", what, say("give what it is worth")))
    if row.get("currency") is not None and row["currency"] not in CURRENCY_CODES:
        problems.append(_problem(path, row, "currency", say("it is no code of ISO 4217"), say("give one, such as USD")))
    return problems


def _problem(path: str, row: Mapping[str, Any], name: str, what: Sentence, remedy: Sentence) -> Problem:
    return Problem(f"{path}.{name}", row.get(name), what, remedy, name)
