"""Which actions of a plan of projects are decided anew together.

Each way knows something else of the problem: what happens at the same hours, what ends a late project, what a project
does beside the others, how two projects share what both need, what waits for what.
"""

from __future__ import annotations

from collections.abc import Iterable

from solver.chance import Chance
from solver.facts import Facts
from solver.score import delays
from solver.solution import Placement

WAYS = ("hours", "end", "project", "two projects", "chain")
"""The ways to choose a neighbourhood."""

_OF_THE_PROJECT = 0.7
_WAITING, _BESIDE = 3, 2
"""How many of what an action waits for, and of what runs beside it, a step along a chain takes in."""


class Neighbourhoods:
    """Chooses actions of a plan that places all of them.

    Parameters
    ----------
    facts
        The problem's facts.
    chance
        Makes every neighbourhood a little different.
    """

    def __init__(self, facts: Facts, chance: Chance) -> None:
        self._facts = facts
        self._chance = chance
        actions = facts.problem.actions
        self._members: list[list[int]] = [[] for _ in facts.problem.projects]
        for index, action in enumerate(actions):
            assert action.project is not None
            self._members[action.project].append(index)
        self._uses = [
            {need.resource for mode in action.modes for need in mode.resource_needs if self._renewable(need.resource)}
            for action in actions
        ]
        self._before: list[set[int]] = [set() for _ in actions]
        for precedence in facts.problem.precedences:
            self._before[precedence.after].add(precedence.before)
        self._start = [0] * len(actions)
        self._end = [0] * len(actions)
        self._late: list[int] = []

    def _renewable(self, resource: int) -> bool:
        return self._facts.problem.resources[resource].renewable

    def look_at(self, placements: tuple[Placement, ...]) -> None:
        """Choose from this plan, which places every action, from now on."""
        problem = self._facts.problem
        for placement in placements:
            self._start[placement.action] = placement.start_slot
            self._end[placement.action] = placement.end_slot(problem)
        delay = delays(problem, placements)
        self._late = [project for project, slots in delay.items() if slots] or list(delay)

    def by(self, way: str, size: int) -> set[int]:
        """Choose up to `size` actions in one of the `WAYS`."""
        if way == "hours":
            return self._nearest(range(len(self._start)), self._chance.share() * max(self._end), size)
        project = self._chance.pick(self._late)
        if way == "end":
            return self._at_its_end(project, size)
        if way == "project":
            return self._beside(project, size)
        if way == "two projects":
            return self._with_another(project, size)
        return self._chain(project, size)

    def _middle(self, action: int) -> float:
        return (self._start[action] + self._end[action]) / 2

    def _nearest(self, actions: Iterable[int], slot: float, size: int) -> set[int]:
        return set(sorted(actions, key=lambda action: (abs(self._middle(action) - slot), action))[:size])

    def _at_its_end(self, project: int, size: int) -> set[int]:
        """The last actions of a project, with what others do about then."""
        last = sorted(self._members[project], key=lambda action: (-self._end[action], action))
        found = set(last[: max(1, int(size * (0.3 + 0.4 * self._chance.share())))])
        slot = sum(map(self._middle, sorted(found))) / len(found)
        distance = {
            action: abs(self._middle(action) - slot) * (0.5 + self._chance.share())
            for action in range(len(self._start))
            if action not in found
        }
        return found | set(sorted(distance, key=lambda action: (distance[action], action))[: size - len(found)])

    def _beside(self, project: int, size: int) -> set[int]:
        """Most of a project, with some of what runs meanwhile."""
        members = self._members[project]
        middle = self._middle(self._chance.pick(members))
        found = self._nearest(members, middle, max(1, int(size * _OF_THE_PROJECT)))
        first, last = min(self._start[action] for action in found), max(self._end[action] for action in found)
        meanwhile = self._meanwhile(found, first, last)
        self._chance.shuffle(meanwhile)
        return found | set(meanwhile[: size - len(found)])

    def _meanwhile(self, found: set[int], first_slot: int, end_slot: int) -> list[int]:
        """What else runs between two slots."""
        return [
            action
            for action in range(len(self._start))
            if action not in found and self._start[action] < end_slot and self._end[action] > first_slot
        ]

    def _with_another(self, project: int, size: int) -> set[int]:
        """What two projects do about some time before the end of the one."""
        other = self._chance.below(len(self._members))
        members = self._members[project] + (self._members[other] if other != project else [])
        latest = max(self._end[action] for action in self._members[project])
        return self._nearest(members, (0.3 + 0.7 * self._chance.share()) * latest, size)

    def _chain(self, project: int, size: int) -> set[int]:
        """From the last action of a project back along what each waits for, with what runs beside it."""
        last = max(self._members[project], key=lambda action: (self._end[action], action))
        found = {last}
        queue = [last]
        for action in queue:
            waited_for = [
                other
                for other in range(len(self._start))
                if other not in found
                and abs(self._end[other] - self._start[action]) <= 1
                and (other in self._before[action] or self._uses[action] & self._uses[other])
            ]
            self._chance.shuffle(waited_for)
            for other in waited_for[:_WAITING]:
                if len(found) < size:
                    found.add(other)
                    queue.append(other)
            meanwhile = self._meanwhile(found, self._start[action], self._end[action])
            beside = [other for other in meanwhile if self._uses[action] & self._uses[other]]
            self._chance.shuffle(beside)
            found |= set(beside[: max(0, min(_BESIDE, size - len(found)))])
        return found
