"""Claims of agencies that plan elsewhere: they bar first starts, and leave the planted plan and each other alone."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from opsplan.deconfliction.rules.footprint import Footprint, Hiding
from opsplan.deconfliction.rules.meeting import meetings_of
from opsplan.deconfliction.rules.separation import DEFAULT_TABLE
from opsplan.exercise import Exercise, Size
from opsplan.operations.model import ActionKind
from opsplan.vocabulary.area import Circle
from opsplan.vocabulary.clock import instant_from_text
from opsplan.vocabulary.interval import Interval
from tests.opsplan.exercise.made import exercise, problem_of
from tests.opsplan.exercise.snapshots import checked_rows

CASES = [(Size.SMALL, 1), (Size.SMALL, 2), (Size.FULL, 1)]


@pytest.mark.requirement("D1")
@pytest.mark.parametrize(("size", "seed"), CASES)
def test_claims_conflict_with_nothing_that_is_planted(size: Size, seed: int) -> None:
    """Held against each other by the rules of deconfliction, neither claims nor planted actions conflict."""
    made = exercise(size, seed)
    claims = [
        _footprint(row, row["radius_m"], instant_from_text(row["start"]), instant_from_text(row["end"]))
        for row in checked_rows(made, "Claim")
    ]
    everything = [*claims, *_planted(made)]
    assert claims
    assert [meetings_of(one, everything, DEFAULT_TABLE, Hiding()) for one in claims] == [[] for _ in claims]


@pytest.mark.requirement("D1")
@pytest.mark.parametrize(("size", "seed"), CASES)
def test_claims_bar_the_first_start_of_a_window(size: Size, seed: int) -> None:
    """Whoever plans without a look at claims is tempted: for each an action breaks `claims` at its first start."""
    problem, _ = problem_of(size, seed)
    tempting = [
        action.name
        for action in problem.actions
        if any(each.meets(action.windows[0].start_slot, action.windows[0].start_slot + 1) for each in action.claimed)
    ]
    assert len(tempting) >= exercise(size, seed).figures.claims


def _planted(made: Exercise) -> Iterator[Footprint]:
    actions = {row["id"]: row for row in checked_rows(made, "Action")}
    minutes = {row["id"]: row["duration_minutes"] for row in checked_rows(made, "ActionMode")}
    for each in made.planted:
        yield _footprint(actions[each.action], 0.0, each.start, each.start + timedelta(minutes=minutes[each.mode]))


def _footprint(row: dict[str, Any], radius_m: float, start: datetime, end: datetime) -> Footprint:
    """Give the footprint of a row; actions are all of one operation, claims of none."""
    return Footprint(
        row["id"],
        row["owner"],
        exercise=True,
        kind=ActionKind(row["kind"]),
        area=Circle(row["location"], radius_m),
        time=Interval(start, end),
        operation_id=row.get("operation"),
    )
