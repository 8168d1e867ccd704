"""The second checker around changes of clocks, on facts made by hand: one raid, one country, no service."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.oracle import Facts, Placement, Plan, check
from tests.oracle.facts import Action, Gazetteer, Mode, Network, Point, QuietHours, Span
from tests.stories.plan_faults.edits import at


@pytest.mark.parametrize(
    ("start", "allowed"),
    [
        ("2026-10-24T04:00Z", True),  # 06:00, summer time
        ("2026-10-25T04:00Z", False),  # 05:00: clocks went back at 01:00Z
        ("2026-10-25T05:00Z", True),
        ("2026-10-24T18:00Z", True),  # until 21:00
        ("2026-10-24T18:05Z", False),
        ("2026-10-25T18:05Z", True),  # until 20:05, winter time
        ("2026-03-28T04:00Z", False),  # 05:00, winter time
        ("2026-03-29T04:00Z", True),  # 06:00: clocks went forward at 01:00Z
    ],
)
def test_quiet_hours_are_those_of_the_clock_on_the_wall(start: str, allowed: bool) -> None:
    """A raid of an hour in Berlin, where searches are forbidden from 21:00 to 06:00, around both changes of clocks."""
    facts, plan = _one_raid_in_berlin(datetime.fromisoformat(start))
    assert [breach.rule for breach in check(facts, plan)] == ([] if allowed else ["forbidden_hours"])


def _one_raid_in_berlin(start: datetime) -> tuple[Facts, Plan]:
    span = Span(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    mode = Mode("mode_1", "mode", timedelta(hours=1), (), ())
    berlin = Point(13.4, 52.5)
    raid = Action("action_1", "EXERCISE raid", "RAID", "DRAFT", span, berlin, "DE", False, None, (mode,), ())
    facts = Facts(
        operation_id="operation_1",
        span=span,
        h_hour=span.start,
        actions={raid.id: raid},
        groups={},
        precedences=(),
        units={},
        resources=(),
        quiet_hours=(QuietHours("DE", 21 * 60, 6 * 60, frozenset()),),
        gazetteer=Gazetteer({"DE": ("Europe/Berlin",)}, (), Network((), ())),
    )
    there = Placement(raid.id, mode.id, start, start, {}, (), start, "Europe/Berlin", 0)
    return facts, Plan("plan_1", 1, "DRAFT", "operation_1", (at(facts, there, start, mode.duration),))
