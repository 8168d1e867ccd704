"""Plans that send the wrong units, or units that cannot be there."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise

from tests.oracle import Plan
from tests.stories.plan_faults.edits import moved
from tests.stories.plan_faults.scene import STEP, Fault, Scene

_FEW = 10


def _one_unit_short(scene: Scene) -> Iterator[Plan]:
    for placement, need in scene.needs():
        yield scene.filled(placement, need, placement.staffing[need.id][1:])


def _one_unit_more(scene: Scene) -> Iterator[Plan]:
    for placement, need, unit in scene.permitted():
        yield scene.filled(placement, need, sorted((*placement.staffing[need.id], unit.id)))


def _one_unit_twice(scene: Scene) -> Iterator[Plan]:
    for placement, need in scene.needs():
        units = placement.staffing[need.id]
        if len(units) > 1:
            yield scene.filled(placement, need, (units[1], *units[1:]))
        for other in scene.mode(placement).unit_needs:
            if other.id != need.id and len(units) == 1:
                yield scene.filled(placement, need, placement.staffing[other.id][:1])


def _unfit(**wrong: bool) -> Callable[[Scene], Iterator[Plan]]:
    def candidates(scene: Scene) -> Iterator[Plan]:
        for placement, need in scene.needs():
            host = scene.action(placement).country
            for unit in [unit for unit in scene.units(need, **wrong) if host in unit.may_act_in][:_FEW]:
                yield scene.replaced(placement, need, unit)

    return candidates


def _not_permitted(scene: Scene) -> Iterator[Plan]:
    for placement, need in scene.needs():
        host = scene.action(placement).country
        for unit in [unit for unit in scene.units(need) if host not in unit.may_act_in][:_FEW]:
            yield scene.replaced(placement, need, unit)


def _away(scene: Scene) -> Iterator[Plan]:
    for placement, need, unit in scene.permitted():
        if any(span.start < placement.end and placement.start < span.end for span in unit.absences):
            yield scene.replaced(placement, need, unit)


def _busy(scene: Scene) -> Iterator[Plan]:
    for placement, need, unit in scene.permitted():
        for other in scene.serves(unit):
            if other.start < placement.end and placement.start < other.end:
                yield scene.replaced(placement, need, unit)


def _too_far_from_home(scene: Scene) -> Iterator[Plan]:
    for placement, need, unit in sorted(scene.permitted(), key=lambda found: found[0].start):
        if unit.home != scene.action(placement).point and not scene.serves(unit):
            yield scene.replaced(placement, need, unit)


def _too_far_between(scene: Scene) -> Iterator[Plan]:
    """Begin at the next site when the unit has hardly left the one before; or send a unit on from its site."""
    for unit in scene.facts.units.values():
        for earlier, later in pairwise(scene.serves(unit)):
            if scene.action(earlier).point != scene.action(later).point:
                for steps in range(9):
                    start = earlier.end + steps * STEP
                    yield moved(scene.facts, scene.plan, later, start)
                    yield moved(scene.facts, scene.plan, earlier, later.start - start + earlier.start)
    for placement, need, unit in scene.permitted():
        for other in scene.serves(unit):
            apart = scene.action(other).point != scene.action(placement).point
            if apart and timedelta() <= placement.start - other.end < timedelta(hours=3):
                yield scene.replaced(placement, need, unit)


def _too_long_on_duty(scene: Scene) -> Iterator[Plan]:
    for placement, need, unit in scene.permitted():
        for other in scene.serves(unit):
            span = max(placement.end, other.end) - min(placement.start, other.start)
            if unit.max_duty < span < unit.max_duty + unit.min_rest:
                yield scene.replaced(placement, need, unit)
    for placement in scene.plan.placements:
        for start in scene.starts(placement):
            yield moved(scene.facts, scene.plan, placement, start)


FAULTS = (
    Fault("one unit short", "unit_needs", _one_unit_short),
    Fault("one unit more", "unit_needs", _one_unit_more),
    Fault("one unit twice", "unit_needs", _one_unit_twice),
    Fault("a unit of another kind", "unit_needs", _unfit(kind=True)),
    Fault("a unit of a lower type", "unit_needs", _unfit(type=True)),
    Fault("a unit without the language", "unit_needs", _unfit(languages=True)),
    Fault("a unit that may not act there", "permitted_countries", _not_permitted),
    Fault("a unit that is away", "calendars", _away),
    Fault("a unit in two places", "one_action_at_a_time", _busy),
    Fault("too far from home", "travel", _too_far_from_home),
    Fault("too far from site to site", "travel", _too_far_between),
    Fault("too long on duty", "duty_and_rest", _too_long_on_duty),
)
