"""What is other in one order than in the one before, and which orders are the same."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from opsplan.orders.rules import OrderedTask, changes_between, fingerprint_of, in_order

TASK = OrderedTask(
    "action_1",
    "Raid on Heron Court",
    "mode_1",
    "By day",
    "2026-12-01T06:00:00.000Z",
    "2026-12-01T08:00:00.000Z",
    (("unit_1", "One"), ("unit_2", "Two")),
)
TASKS = st.lists(
    st.builds(
        OrderedTask,
        st.sampled_from(["action_1", "action_2", "action_3", "action_4"]),
        st.just("Raid"),
        st.sampled_from(["mode_1", "mode_2"]),
        st.just("Mode"),
        st.sampled_from(["2026-12-01T06:00:00.000Z", "2026-12-01T07:00:00.000Z"]),
        st.sampled_from(["2026-12-01T08:00:00.000Z", "2026-12-01T09:00:00.000Z"]),
        st.lists(st.sampled_from([("unit_1", "One"), ("unit_2", "Two"), ("unit_3", "Three")]), unique=True).map(
            lambda units: tuple(sorted(units))
        ),
    ),
    unique_by=lambda task: task.action_id,
).map(in_order)


@given(TASKS, TASKS)
def test_orders_are_the_same_exactly_when_nothing_has_changed(
    before: list[OrderedTask], after: list[OrderedTask]
) -> None:
    """The fingerprint and the list of changes never disagree, and each action that differs is named."""
    changes = changes_between(before, after)
    assert (changes == []) == (fingerprint_of(before) == fingerprint_of(after))
    old, new = {task.action_id: task for task in before}, {task.action_id: task for task in after}
    differing = {each for each in old.keys() | new.keys() if old.get(each) != new.get(each)}
    assert {each["actionId"] for each in changes} == differing


def test_changes_are_said_in_words() -> None:
    """Each kind of change has a sentence that a duty officer can read out."""
    later = replace(TASK, start="2026-12-01T06:30:00.000Z", end="2026-12-01T08:30:00.000Z")
    other = replace(TASK, mode_id="mode_2", mode="By night", units=(("unit_1", "One"), ("unit_3", "Three")))
    assert [(each["kind"], each["sentence"]) for each in changes_between([TASK], [later])] == [
        (
            "MOVED",
            (
                "Raid on Heron Court is from 2026-12-01 06:30 UTC to 2026-12-01 08:30 UTC, "
                "not 2026-12-01 06:00 UTC to 2026-12-01 08:00 UTC."
            ),
        )
    ]
    assert [(each["kind"], each["sentence"]) for each in changes_between([TASK], [other])] == [
        ("MODE", "Raid on Heron Court is done as By night, not as By day."),
        ("UNITS", "Raid on Heron Court: Three comes to it, and Two does not."),
    ]
    assert [each["kind"] for each in changes_between([], [TASK])] == ["ADDED"]


def test_what_was_kept_is_read_again() -> None:
    """A task is the same after it was stored."""
    assert OrderedTask.from_json(TASK.as_json()) == TASK
