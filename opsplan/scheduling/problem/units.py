"""Units as the solver sees them."""

from functools import partial

from opsplan.scheduling.problem.calendars import availability
from opsplan.scheduling.problem.grid import Grid
from opsplan.scheduling.problem.lookup import Lookup
from opsplan.scheduling.problem.snapshot import Snapshot
from opsplan.scheduling.problem.ways import Ways, WaysAround
from solver import DutyLimit, Unit


def make_units(snapshot: Snapshot, lookup: Lookup, grid: Grid, ways: Ways, cost_scale: int) -> tuple[Unit, ...]:
    """Make the units, in the order of the snapshot.

    Permitted countries are cut down to those in which actions take place: nobody asks for the others, and 2,000
    units with 100 countries each would make up most of the problem's bytes.
    """
    around = WaysAround(snapshot, grid)
    made = []
    for unit in snapshot.units:
        permitted = frozenset(unit.permitted or ((unit.country,) if unit.country is not None else ()))
        made.append(
            Unit(
                name=unit.name,
                kind=lookup.unit_kind[unit.kind],
                type=unit.type,
                home=ways.home_of_unit[unit.id],
                owner=lookup.country(unit.country),
                permitted=tuple(sorted(lookup.country(code) for code in permitted & lookup.hosts)),
                availability=availability(
                    unit,
                    grid,
                    lookup.offers.get(unit.id, ()),
                    () if unit.offered else around.bound(unit),
                    lookup.absences.get(unit.id, ()),
                    lookup.claims.get(unit.id, ()),
                    partial(around.slots, unit, permitted),
                ),
                skills=tuple(sorted(lookup.language[each] for each in set(unit.languages) if each in lookup.language)),
                duty=DutyLimit(max(1, grid.down(unit.max_duty_minutes)), grid.up(unit.min_rest_minutes)),
                # Whole, where costs are counted in as many parts of the currency's unit as an hour has slots.
                cost_per_slot=-(-unit.cost_per_hour * cost_scale * grid.slot_minutes // 60),
            )
        )
    return tuple(made)
