"""The reference exercise as the rest of the house sees it: rows, the planted plan, the planted reasons."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from opsplan.exercise.bystanders import add_bystanders
from opsplan.exercise.calendars import draw_calendars
from opsplan.exercise.capacities import days_at_capacity, draw_capacities
from opsplan.exercise.cells import plant_cells
from opsplan.exercise.decoys import add_decoys
from opsplan.exercise.elsewhere import add_elsewhere
from opsplan.exercise.obstacle import Obstacle
from opsplan.exercise.obstacles import plant_obstacles
from opsplan.exercise.rows import ROWS
from opsplan.exercise.rows.naming import mode_id, reference, task_owner, task_reference, unit_id, unit_owner
from opsplan.exercise.scenario import Row, Scenario
from opsplan.exercise.shape import SHAPES, START, Size, instant
from opsplan.exercise.staffing import staff
from opsplan.exercise.strikes import bind_strikes
from opsplan.exercise.theatre import Theatre
from opsplan.exercise.workshop import Workshop


@dataclass(frozen=True, slots=True)
class PlantedAction:
    """Where the planted plan has an action; all references as ``AGENCY/external id``.

    `units` holds, per unit need of the mode (in the order of the needs' external ids), the units that fill it.
    """

    action: str
    start: datetime
    mode: str
    units: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Unplaceable:
    """An action that no plan can place, and the one planted reason."""

    action: str
    obstacle: Obstacle


@dataclass(frozen=True, slots=True)
class Figures:
    """What the exercise is made to be, counted.

    Attributes
    ----------
    actions, planted, unplaceable, units
        How many.
    grouped, foreign
        Actions in simultaneity groups; actions that the planted plan gives a unit of another country.
    claims
        Claims of agencies that plan elsewhere.
    days_at_capacity
        Country-days in which the planted plan uses some resource to its last unit, from midnight to midnight UTC.
    """

    actions: int
    planted: int
    unplaceable: int
    units: int
    grouped: int
    foreign: int
    claims: int
    days_at_capacity: int


@dataclass(frozen=True)
class Exercise:
    """An invented operation on real geography, drawn from a seed; the same seed gives the same rows."""

    scenario: Scenario

    @property
    def size(self) -> Size:
        """Its size."""
        return self.scenario.size

    @property
    def nouns(self) -> tuple[str, ...]:
        """Names of the nouns that it has rows of, each after those that its rows refer to."""
        return tuple(ROWS)

    def rows(self, noun: str) -> Iterator[Row]:
        """Make the rows of a noun, as files have them, one after the other and always the same."""
        return ROWS[noun](self.scenario)

    @cached_property
    def planted(self) -> tuple[PlantedAction, ...]:
        """The planted plan."""
        found = []
        for task in self.scenario.world.planted():
            assert task.start is not None
            units = tuple(
                tuple(reference(unit_owner(team), unit_id(team)) for team in need.teams) for need in task.way.needs
            )
            mode = reference(task_owner(task), mode_id(task, task.planted_way))
            found.append(PlantedAction(task_reference(task), instant(self.scenario.start, task.start), mode, units))
        return tuple(found)

    @cached_property
    def unplaceable(self) -> tuple[Unplaceable, ...]:
        """The actions that cannot be placed."""
        return tuple(
            Unplaceable(task_reference(task), task.obstacle)
            for task in self.scenario.world.tasks
            if task.obstacle is not None
        )

    @cached_property
    def figures(self) -> Figures:
        """Count what the exercise is made to be."""
        world = self.scenario.world
        planted = list(world.planted())
        return Figures(
            actions=len(world.tasks),
            planted=len(planted),
            unplaceable=len(self.unplaceable),
            units=len(world.teams),
            grouped=len({task.number for strike in world.strikes for task in strike.tasks}),
            foreign=sum(task.foreign for task in planted),
            claims=len(world.elsewhere),
            days_at_capacity=len(days_at_capacity(planted, world.capacities)),
        )


def make_exercise(size: Size, seed: int, start: datetime = START) -> Exercise:
    """Draw an exercise.

    Parameters
    ----------
    size
        How large.
    seed
        Whatever number; the same gives the same bytes, on every machine with the same packages.
    start
        When the operation begins, aware, on a multiple of 15 minutes. It lasts six days; H-hour is 28 hours later.

    Raises
    ------
    ValueError
        When `start` has no zone or lies off the grid.
    """
    if start.tzinfo is None or start.timestamp() % (15 * 60):
        raise ValueError(f"start {start.isoformat()} is no instant on a multiple of 15 minutes; give one with its zone")
    shape = SHAPES[size]
    theatre = Theatre(seed, shape, start)
    shop = Workshop(seed, shape, theatre)
    plant_cells(shop, shape.planted)
    staff(shop, seed)
    bind_strikes(shop, seed)
    draw_calendars(shop, seed)
    draw_capacities(shop, seed)
    plant_obstacles(shop, seed)
    add_decoys(shop, seed)
    add_bystanders(shop, seed)
    add_elsewhere(shop, seed)
    return Exercise(Scenario(size, seed, start, shape, theatre, shop.world))
