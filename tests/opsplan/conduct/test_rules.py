"""What a report does to an action, and what a result may say: as pure functions."""

from datetime import timedelta
from itertools import permutations

import pytest

from opsplan.conduct.model import ReportedState
from opsplan.conduct.rules import MOST_AHEAD, MOST_LATE, moves, wrong_in_result, wrong_time
from opsplan.operations.states import ACTION_STEPS, ActionState
from opsplan.vocabulary.clock import instant_from_text
from opsplan.vocabulary.errors import StateConflict

NOW = instant_from_text("2026-12-01T06:00:00Z")


def test_reports_of_one_course_lead_to_its_end_in_whatever_order_they_come() -> None:
    """Late ones stay where they are: an action that is done is not under way again."""
    course = [(ReportedState.UNDER_WAY, "06:00"), (ReportedState.UNDER_WAY, "06:30"), (ReportedState.DONE, "07:00")]
    for order in permutations(course):
        state, moved_at = ActionState.ACTIVATED, None
        for said, at in order:
            steps = moves(state, said, at, moved_at)
            for to in steps:
                assert to in ACTION_STEPS[state]
                state, moved_at = to, at
        assert state is ActionState.DONE


@pytest.mark.parametrize("state", [*ActionState])
@pytest.mark.parametrize("said", [*ReportedState])
def test_a_report_moves_by_the_table_or_is_refused(state: ActionState, said: ReportedState) -> None:
    """Whatever is reported of whatever state: steps of the table, nothing where it is said already, or a refusal."""
    walk = {ActionState.ACTIVATED: 2, ActionState.UNDER_WAY: 1}.get(state, 0)
    if state != ActionState(said) and not walk:
        with pytest.raises(StateConflict) as refused:
            moves(state, said, "06:00", None)
        assert (refused.value.field, bool(refused.value.remedy)) == ("input.state", True)
        return
    steps = moves(state, said, "06:00", None)
    assert len(steps) <= walk
    for to in steps:
        assert to in ACTION_STEPS[state]
        state = to
    assert state == ActionState(said)


def test_a_place_or_a_note_moves_nothing() -> None:
    """Without a state nothing is moved, and nothing refused."""
    assert all(moves(state, None, "06:00", None) == () for state in ActionState)


def test_reports_are_of_the_last_weeks_until_now() -> None:
    """A clock may be a few minutes ahead; what is further off is a mistake."""
    for at in (NOW, NOW + MOST_AHEAD, NOW - MOST_LATE):
        assert wrong_time(at, NOW) == []
    for at in (NOW + MOST_AHEAD + timedelta(seconds=1), NOW - MOST_LATE - timedelta(seconds=1)):
        (wrong,) = wrong_time(at, NOW, "input.results[3]")
        assert wrong.field == "input.results[3].at"
    (wrong,) = wrong_time(instant_from_text("0001-01-01T00:00:00Z"), NOW)
    assert "31 days" in wrong.sentence


@pytest.mark.parametrize(
    ("row", "names"),
    [
        ({"kind": "ARREST", "number": 3}, []),
        ({"kind": "ARREST", "item": "CASH", "worth": 3.0}, ["item", "worth"]),
        ({"kind": "SEIZURE", "number": 3}, ["item"]),
        ({"kind": "SEIZURE", "item": "CASH", "worth": 3.0}, ["currency"]),
        ({"kind": "SEIZURE", "item": "CASH", "currency": "USD"}, ["worth"]),
        ({"kind": "SEIZURE", "item": "CASH", "currency": "USX", "worth": 1.0}, ["currency"]),
        ({"kind": "SEIZURE", "item": "CASH", "currency": "USD", "worth": 0.0}, []),
    ],
)
def test_what_belongs_to_seizures_is_theirs(row: dict[str, object], names: list[str]) -> None:
    """A seizure is of something, what it is worth has a currency; persons have neither."""
    assert [each.name for each in wrong_in_result(row, "input")] == names
