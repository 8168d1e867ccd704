"""The exercise once it is planned: what rows, the planted plan and the planted reasons are read from."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, TypeAlias

from opsplan.exercise.shape import Shape, Size
from opsplan.exercise.theatre import Theatre
from opsplan.exercise.world import Pool, Task, World

Row: TypeAlias = dict[str, Any]
"""A row as files have it: properties by name, references as ``AGENCY/external id`` or a key, ``owner`` beside."""


@dataclass(frozen=True)
class Scenario:
    """Everything that was drawn from the seed."""

    size: Size
    seed: int
    start: datetime
    shape: Shape
    theatre: Theatre
    world: World

    @cached_property
    def cells(self) -> dict[int, list[Task]]:
        """Tasks by the cell that they belong to: one network each."""
        found: dict[int, list[Task]] = {}
        for task in self.world.tasks:
            found.setdefault(task.cell, []).append(task)
        return found

    @cached_property
    def strike_of(self) -> dict[int, int]:
        """Number of the group that a task is in, by the task's number."""
        return {task.number: number for number, strike in enumerate(self.world.strikes) for task in strike.tasks}

    @cached_property
    def pools(self) -> tuple[Pool, ...]:
        """All pools, in a fixed order."""
        return tuple(sorted(self.world.capacities, key=lambda pool: (pool.country, pool.kind.value, pool.language)))
