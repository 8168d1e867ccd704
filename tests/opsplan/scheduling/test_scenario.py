"""A scenario changes what a schedule is made from, exactly where it says, and refuses what cannot be."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from opsplan.scheduling.problem import Snapshot, make_problem
from opsplan.scheduling.scenario import (
    ActionLeftOut,
    ActionWeighed,
    Change,
    HHourMoved,
    ResourceChanged,
    UnitAdded,
    UnitAway,
    UnitPermitted,
    WarrantGranted,
    WindowChanged,
    changes_from_plain,
    changes_to_plain,
    imagine,
)
from opsplan.vocabulary.errors import Invalid
from solver import Interval
from tests.opsplan.scheduling import made
from tests.opsplan.scheduling.made import at

EVERY: tuple[Change, ...] = (
    UnitAway("unit_1", at(2), at(5)),
    UnitAdded("unit_1", 3),
    ResourceChanged("KH", "BED", -5, None, at(10), at(20)),
    ActionLeftOut("action_2"),
    ActionWeighed("action_1", mandatory=True, priority=7),
    WindowChanged("action_1", start=at(1), due=at(9)),
    WarrantGranted("action_1", at(3), at(30)),
    UnitPermitted("unit_1", "KH"),
    HHourMoved(90),
)


def operation() -> Snapshot:
    """Two raids in Cambodia, one unit, forty beds, and a warrant for the first raid."""
    return made.snapshot(
        actions=(made.action(1), made.action(2)),
        modes=(made.mode(1, 1), made.mode(2, 2)),
        unit_needs=(made.unit_need(1, 1),),
        resource_needs=(made.bed_need(1, 1),),
        warrants=(made.warrant(4, 20),),
        **made.beds(),
    )


def test_every_change_survives_being_written_and_read() -> None:
    """What a run's record keeps of a scenario is the scenario."""
    assert changes_from_plain(changes_to_plain(EVERY)) == EVERY


def test_without_changes_the_operation_is_as_it_is() -> None:
    """The baseline's problem is the one that a schedule gets."""
    imagined = imagine(operation(), ())
    assert (imagined.problem, imagined.index) == make_problem(operation())


def test_a_unit_is_away_for_a_time() -> None:
    """Its availability has a gap there, which is 5-minute slots 24 to 60."""
    problem = imagine(operation(), [UnitAway("unit_1", at(2), at(5))]).problem
    assert problem.units[0].availability == (Interval(0, 24), Interval(60, 576))
    assert imagine(operation(), [UnitAway("unit_1")]).problem.units[0].availability == ()


def test_units_are_added_like_another() -> None:
    """They differ from it in name alone."""
    imagined = imagine(operation(), [UnitAdded("unit_1", 2), UnitAdded("unit_1")])
    first, *added = imagined.problem.units
    assert len({unit.name for unit in added}) == len(added) == 3
    assert all(replace(unit, name=first.name) == first for unit in added)


def test_a_resource_is_more_or_less_for_a_time() -> None:
    """Inside the time, and never less than none."""
    before = make_problem(operation())[0].resources[0]
    more, fewer, none = (
        imagine(operation(), [ResourceChanged("KH", "BED", by, None, at(10), at(20))]).problem.resources[0]
        for by in (5, -5, -1_000)
    )
    inside, outside = 12 * 10, 12 * 20
    assert [each.capacity_at(inside) - before.capacity_at(inside) for each in (more, fewer)] == [5, -5]
    assert none.capacity_at(inside) == 0
    assert [each.capacity_at(outside) for each in (more, fewer, none)] == [before.capacity_at(outside)] * 3


def test_an_action_is_left_out_weighed_and_moved() -> None:
    """Only what is named changes."""
    left = imagine(operation(), [ActionLeftOut("action_2")])
    assert left.index.action_ids == ("action_1",)
    weighed = imagine(operation(), [ActionWeighed("action_2", mandatory=True, priority=9)]).problem.actions
    assert [(action.mandatory, action.weight) for action in weighed] == [(False, 100), (True, 9)]
    moved = imagine(operation(), [WindowChanged("action_2", start=at(1), end=at(4), due=at(3))]).problem.actions
    assert (moved[1].windows, moved[1].due_slot) == ((Interval(12, 48),), 36)


def test_a_warrant_is_granted_beside_those_there_are() -> None:
    """The action may run in either."""
    before = make_problem(operation())[0].actions[0].warrants
    assert before is not None
    after = imagine(operation(), [WarrantGranted("action_1", at(30), at(47))]).problem.actions[0].warrants
    assert after is not None
    assert set(before) < set(after)


def test_a_unit_is_permitted_in_a_further_country() -> None:
    """And stays so where it was."""
    abroad = replace(operation(), units=(made.unit(1, country="TH", permitted=("TH",)),))
    assert make_problem(abroad)[0].units[0].permitted == ()
    assert len(imagine(abroad, [UnitPermitted("unit_1", "KH")]).problem.units[0].permitted) == 1


def test_h_hour_is_moved_with_all_windows() -> None:
    """By 90 minutes, 18 slots, cut to the operation."""
    whole = replace(operation(), actions=(made.action(1, window_start=at(2), window_end=at(9)), made.action(2)))
    imagined = imagine(whole, [HHourMoved(90)])
    assert imagined.problem.actions[0].windows == (Interval(24 + 18, 108 + 18),)
    assert imagined.index.h_hour - whole.operation.h_hour == at(1.5) - at(0)
    assert imagine(whole, [HHourMoved(90, "KH")]).index.h_hour == whole.operation.h_hour


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (UnitAway("unit_9"), "unitAway.unitId"),
        (UnitAway("unit_1", at(5), at(2)), "unitAway.end"),
        (UnitAway("unit_1", at(99)), "unitAway.start"),
        (UnitAdded("unit_1", 0), "unitAdded.count"),
        (ResourceChanged("KH", "AIRCRAFT", 1), "resourceChanged.kind"),
        (ResourceChanged("KH", "BED", 2_000_000), "resourceChanged.by"),
        (ActionLeftOut("action_9"), "actionLeftOut.actionId"),
        (ActionWeighed("action_1", priority=0), "actionWeighed.priority"),
        (ActionWeighed("action_1"), "actionWeighed.mandatory"),
        (WindowChanged("action_1"), "windowChanged.start"),
        (HHourMoved(0), "hHourMoved.byMinutes"),
        (WindowChanged("action_1", end=at(-1)), "windowChanged.end"),
        (WarrantGranted("action_2", at(1), at(2)), "warrantGranted.actionId"),
        (UnitPermitted("unit_1", "MY"), "unitPermitted.country"),
        (HHourMoved(5, "MY"), "hHourMoved.country"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_is_refused_with_field_value_and_remedy(change: Change, field: str) -> None:
    """The field leads to the change among the scenario's."""
    with pytest.raises(Invalid) as refused:
        imagine(operation(), [UnitAdded("unit_1"), change], "input.scenarios[0].changes")
    assert refused.value.field == f"input.scenarios[0].changes[1].{field}"
    assert refused.value.remedy
    assert refused.value.value is not None or change in (ActionWeighed("action_1"), WindowChanged("action_1"))


def test_what_is_locked_stays() -> None:
    """An action that is activated is neither left out nor moved; H-hour passes it by."""
    locked: Any = made.lock(6)
    whole = replace(operation(), locks=(locked,))
    for change in (ActionLeftOut("action_1"), WindowChanged("action_1", end=at(40))):
        with pytest.raises(Invalid):
            imagine(whole, [change])
    assert imagine(whole, [HHourMoved(90)]).snapshot.actions[0] == whole.actions[0]
