"""Where an action, or a bare claim, could go to be clear of what others claim: the nearest first. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from opsplan.scheduling.answer import PlacedAction
from opsplan.scheduling.plan.clearances import tolerating
from opsplan.scheduling.plan.placed import placed_actions, placements_of
from opsplan.scheduling.plan.scored import GoalChange, goal_changes_of_each
from opsplan.scheduling.problem.frame import Frame
from solver import Opening, Placement, openings, verify

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ClearPlace:
    """A place that is clear of all claims that its asker may read.

    Attributes
    ----------
    start, end
        When.
    moved_minutes
        How much later than now it starts, negative for earlier; None where it has no place yet.
    changed_units
        How many of the units that now serve it do not any more.
    place
        Of an action: its whole place in the plan.
    goals
        What that does to each goal of the plan.
    """

    start: datetime
    end: datetime
    moved_minutes: int | None
    changed_units: int = 0
    place: PlacedAction | None = None
    goals: tuple[GoalChange, ...] = ()


def alternatives_for(
    rows: Iterable[PlacedAction], frame: Frame, number: int, first: int
) -> tuple[tuple[ClearPlace, ...], int]:
    """Give the best places for an action beside the rows of a plan, nothing else moved, and how many there are.

    The least change comes first: by minutes moved, then by units changed, then by what it does to the goals in their
    strict order. Of neighbouring starts the nearest stands for all. Each of them was held against the rules by the
    checker; others of the plan may come too near to claims, that is for their own owners to settle.
    """
    rows = tuple(rows)
    plan, _ = placements_of(rows, frame.index)
    problem = tolerating(frame.problem, plan, but=number)
    now = next((each for each in plan if each.action == number), None)
    others = others_of(rows, frame, number)
    ranked = sorted(
        ((_nearest(each, number, now), each.score.key()) for each in openings(problem, others, number)),
        key=lambda one: (*_change(one[0], now), one[1], one[0].start_slot, one[0].mode),
    )
    broken = verify(problem, others)

    def holds(place: Placement) -> bool:
        return all(breach in broken for breach in verify(problem, (*others, place)))

    kept = (_with_units_of(place, now, holds) for place, _ in ranked[:first])
    best = sorted((each for each in kept if holds(each)), key=lambda each: _change(each, now))
    goals = goal_changes_of_each(plan, ((*others, each) for each in best), replace(frame, problem=problem))
    made = tuple(_made(each, now, frame, changes) for each, changes in zip(best, goals, strict=True))
    return made, len(ranked)


def others_of(rows: Iterable[PlacedAction], frame: Frame, number: int) -> tuple[Placement, ...]:
    """Give the placements of a plan's rows but for one action's."""
    plan, _ = placements_of(rows, frame.index)
    return tuple(each for each in plan if each.action != number)


def free_times(
    start: datetime, end: datetime, taken: Sequence[tuple[datetime, datetime]], first: int
) -> tuple[ClearPlace, ...]:
    """Give the nearest times of the same length that touch none of those `taken`, the nearest first.

    Only times that begin when something taken ends, or end when it begins, are looked at: between them nothing is
    nearer.
    """
    length = end - start
    wanted = {start, *(until for _, until in taken), *(since - length for since, _ in taken)}
    free = (each for each in wanted if not any(since < each + length and each < until for since, until in taken))
    ranked = sorted(free, key=lambda each: (abs(each - start), each))
    return tuple(ClearPlace(each, each + length, (each - start) // _MINUTE) for each in ranked[:first])


def _nearest(opening: Opening, action: int, now: Placement | None) -> Placement:
    wanted = opening.start_slot if now is None else now.start_slot
    start_slot = min(max(wanted, opening.start_slot), opening.last_slot)
    return Placement(action, opening.mode, start_slot, opening.units)


def _change(place: Placement, now: Placement | None) -> tuple[int, int]:
    """Give by how many slots a place lies off, and how many units do not serve it any more."""
    if now is None:
        return 0, 0
    return abs(place.start_slot - now.start_slot), len(set(now.all_units()) - set(place.all_units()))


def _with_units_of(place: Placement, now: Placement | None, holds: Callable[[Placement], bool]) -> Placement:
    """Give the place with the units that serve the action now, where they can: the fewest orders change then."""
    if now is None or now.mode != place.mode or now.units == place.units:
        return place
    same = replace(place, units=now.units)
    return same if holds(same) else place


def _made(place: Placement, now: Placement | None, frame: Frame, goals: tuple[GoalChange, ...]) -> ClearPlace:
    (row,) = placed_actions((place,), frame.index)
    moved = None if now is None else (place.start_slot - now.start_slot) * frame.index.grid.slot_minutes
    return ClearPlace(row.start, row.end, moved, _change(place, now)[1], row, goals)
