"""A complete plan of a project: when each action starts and who serves it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from solver.network.project import LaggedProject
from solver.solution import Placement


@dataclass(frozen=True, slots=True)
class Schedule:
    """Starts and teams of all actions.

    Parameters
    ----------
    starts
        First slot of each action.
    teams
        Per action and need, the units, ascending.
    end_slot
        The last end.
    """

    starts: tuple[int, ...]
    teams: tuple[tuple[tuple[int, ...], ...], ...]
    end_slot: int

    @classmethod
    def of(
        cls, project: LaggedProject, starts: Iterable[int], teams: Iterable[tuple[tuple[int, ...], ...]]
    ) -> Schedule:
        """Return the schedule with its last end."""
        slots = tuple(starts)
        end_slot = max(slot + duration for slot, duration in zip(slots, project.durations, strict=True))
        return cls(slots, tuple(teams), end_slot)

    @classmethod
    def of_placements(cls, project: LaggedProject, placements: tuple[Placement, ...]) -> Schedule:
        """Return the schedule of placements of all actions, in the order of the actions."""
        return cls.of(project, (placed.start_slot for placed in placements), (placed.units for placed in placements))

    def placements(self) -> tuple[Placement, ...]:
        """Return the same as placements, each action in its only mode."""
        return tuple(
            Placement(action, 0, start_slot, team)
            for action, (start_slot, team) in enumerate(zip(self.starts, self.teams, strict=True))
        )
