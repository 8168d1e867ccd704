"""The action that is reported of, locked, and who may report of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from opsplan.conduct.rules import Reporters, wrong_time
from opsplan.conduct.store import LOCK_ACTION
from opsplan.operations.states import ActionState
from opsplan.records.check import check_row
from opsplan.records.declaration import Noun
from opsplan.records.problem import Problem, invalid
from opsplan.records.writing import Writing
from opsplan.vocabulary.clock import instant_from_text
from opsplan.vocabulary.errors import NotFound
from opsplan.vocabulary.sentences import say


@dataclass(frozen=True, slots=True)
class Reported:
    """An action that is reported of: its state, and who may."""

    state: ActionState
    reporters: Reporters


async def lock_action(writing: Writing, action_id: str, field: str = "input.actionId") -> Reported:
    """Lock an action, so that reports of it take turns.

    Raises
    ------
    NotFound
        When there is none in force.
    """
    row = await writing.tx.single(LOCK_ACTION, id=action_id)
    if row is None:
        raise NotFound(
            say("There is no Action {action_id} in force.", action_id=action_id),
            field=field,
            value=action_id,
            remedy=say("give the id of an action"),
        )
    reporters = Reporters(
        row["owner_id"], frozenset(row["coordinator_ids"]), frozenset(row["host_ids"]), dict(row["senders"])
    )
    return Reported(ActionState[row["state"]], reporters)


def check_rows(
    noun: Noun, rows: Sequence[Mapping[str, Any]], paths: Sequence[str], now: datetime | None
) -> list[dict[str, Any]]:
    """Give what is reported as it is stored; each row has a path in the caller's input.

    `now` is None where the time that they are about was looked at before.

    Raises
    ------
    Invalid
        With all that is wrong.
    """
    stored: list[dict[str, Any]] = []
    problems: list[Problem] = []
    for row, path in zip(rows, paths, strict=True):
        values, wrong = check_row(noun, row, path=path)
        if not wrong and now is not None:
            wrong = wrong_time(instant_from_text(values["at"]), now, path)
        stored.append(values)
        problems += wrong
    if problems:
        raise invalid(problems)
    return stored
