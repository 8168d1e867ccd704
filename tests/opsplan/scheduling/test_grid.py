"""Instants become slots towards the safe side, and come back as they were."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from opsplan.scheduling.problem.grid import Grid

INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda each: each.replace(tzinfo=UTC))
MINUTES = st.integers(0, 20_000)
GRIDS = st.builds(
    lambda start, minutes: Grid.over(start, start + timedelta(minutes=minutes)), INSTANTS, st.integers(0, 20_000)
)


@given(INSTANTS, st.integers(0, 20_000))
def test_horizon_lies_inside_the_operation(start: datetime, minutes: int) -> None:
    """The horizon is the largest run of whole slots inside the operation's time."""
    end = start + timedelta(minutes=minutes)
    grid = Grid.over(start, end)
    assert start <= grid.epoch < start + grid.slot
    assert grid.epoch.minute % 5 == grid.epoch.second == grid.epoch.microsecond == 0
    if grid.horizon_slots:
        assert grid.instant(grid.horizon_slots) <= end < grid.instant(grid.horizon_slots + 1)


@given(GRIDS, st.integers(-5_000, 5_000))
def test_slots_and_instants_go_round(grid: Grid, slot: int) -> None:
    """A slot's instant is on the grid and leads back to the slot; any instant inside it is not on the grid."""
    assert grid.slot_at(grid.instant(slot)) == slot
    assert grid.slot_at(grid.instant(slot) + timedelta(minutes=1)) is None


@given(GRIDS, INSTANTS, MINUTES)
def test_inward_never_allows_more(grid: Grid, start: datetime, minutes: int) -> None:
    """What is allowed in slots is allowed in instants, and no whole slot is lost."""
    end = start + timedelta(minutes=minutes)
    inside = grid.inward(start, end)
    if inside is None:
        assert minutes < 10
        return
    assert start <= grid.instant(inside.start_slot) < start + grid.slot
    assert end - grid.slot < grid.instant(inside.end_slot) <= end


@given(GRIDS, INSTANTS, st.integers(1, 20_000))
def test_outward_never_forgets_any(grid: Grid, start: datetime, minutes: int) -> None:
    """What is forbidden in instants is forbidden in slots, by less than a slot more at either end."""
    end = start + timedelta(minutes=minutes)
    around = grid.outward(start, end)
    assert around is not None
    assert start - grid.slot < grid.instant(around.start_slot) <= start
    assert end <= grid.instant(around.end_slot) < end + grid.slot


@given(MINUTES)
def test_lengths_round_up_and_down(minutes: int) -> None:
    """A length in slots is the least that holds the minutes, or the most that they hold."""
    grid = Grid(datetime(2026, 12, 1, tzinfo=UTC), 288)
    assert grid.up(minutes) * 5 - 5 < minutes <= grid.up(minutes) * 5
    assert grid.down(minutes) * 5 <= minutes < grid.down(minutes) * 5 + 5
