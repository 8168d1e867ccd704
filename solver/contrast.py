"""Why an action is no longer where an earlier plan has it: that place, tried in the later plan by the checker."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from solver.errors import InvalidProblem
from solver.problem import Problem
from solver.score import score
from solver.solution import Placement, Score
from solver.verify import Breach, verify

_TIES = frozenset({"precedence", "simultaneity"})
_DAYS = frozenset({"one_action_at_a_time", "travel", "duty_and_rest"})


@dataclass(frozen=True, slots=True)
class Contrast:
    """What speaks against an action's earlier place in a later plan.

    Parameters
    ----------
    alone
        Rules that the place breaks by itself, or beside actions that both plans place alike: the world has changed.
    others
        Where `alone` is empty: a set of actions that the later plan places otherwise than the earlier one, without
        which the place would hold, and none of which can be left out of the set. Ties to what the plans place
        differently are left aside while anything else speaks against the place: what it is tied to would come along.
        Empty where it holds, or where it lacks an action to which it is tied and which the later plan does not place.
    breaches
        What the place breaks beside the others of the later plan, where `alone` is empty.
    score
        Where the place holds: the goals' values of the later plan with the action there; else None.
    """

    alone: tuple[Breach, ...] = ()
    others: tuple[int, ...] = ()
    breaches: tuple[Breach, ...] = ()
    score: Score | None = None


class Contraster:
    """Holds places of an earlier plan against a later plan.

    Parameters
    ----------
    problem
        In which both are held.
    earlier, later
        The plans. What either breaks without the place in question counts against no place.

    Raises
    ------
    InvalidProblem
        When a plan names what does not exist.
    """

    def __init__(self, problem: Problem, earlier: Iterable[Placement], later: Iterable[Placement]) -> None:
        self._problem = problem
        self._earlier = {placement.action: placement for placement in earlier}
        self._later = {placement.action: placement for placement in later}
        for plan in (self._earlier, self._later):
            breaches = verify(problem, tuple(plan.values()))
            if breaches and breaches[0].rule == "well_formed":
                raise InvalidProblem("placements", breaches[0].rule, f"give a well formed plan: {breaches[0].message}")
        self._by_unit: dict[int, set[int]] = {}
        self._by_resource: dict[int, set[int]] = {}
        for placement in self._later.values():
            for unit in placement.all_units():
                self._by_unit.setdefault(unit, set()).add(placement.action)
            for resource in self._resources(placement):
                self._by_resource.setdefault(resource, set()).add(placement.action)
        self._tied: dict[int, set[int]] = {}
        for precedence in problem.precedences:
            self._tie((precedence.before, precedence.after))
        for group in problem.groups:
            self._tie(group.actions)

    def of(self, action: int) -> Contrast:
        """Tell what speaks against the place of an action that the earlier plan has.

        Examples
        --------
        >>> from solver.problem import Action, Country, Interval, Mode, Site
        >>> raid = Action("raid", 0, (Mode(2),), (Interval(4, 9),))
        >>> problem = Problem(15, 9, (Country("A"),), sites=(Site("s", 0),), actions=(raid,))
        >>> [breach.rule for breach in Contraster(problem, [Placement(0, 0, 1)], [Placement(0, 0, 4)]).of(0).alone]
        ['windows']
        """
        place = self._earlier[action]
        near = self._near(place)
        differing = {other for other in near if self._earlier.get(other) != self._later[other]}
        alone = self._broken(place, near - differing, near - differing | self._absent(action))
        if alone:
            return Contrast(alone=alone)
        breaches = self._broken(place, near)
        if not breaches:
            plan = {**self._later, action: place}
            return Contrast(score=score(self._problem, tuple(plan.values())))
        ties_alone = all(is_tie(breach) for breach in breaches)
        others = self._smallest(place, near, differing, ties_alone=ties_alone)
        return Contrast(others=tuple(sorted(others)), breaches=breaches)

    def _smallest(self, place: Placement, near: set[int], differing: set[int], *, ties_alone: bool) -> set[int]:
        """Put back one after the other of the actions that were placed otherwise, as long as the place holds."""
        out = set(differing)
        for other in sorted(differing):
            back = near - (out - {other})
            judged = (back if ties_alone else back - differing) | self._absent(place.action)
            if not self._broken(place, back, judged):
                out.discard(other)
        return out

    def _broken(self, place: Placement, others: set[int], judged: set[int] | None = None) -> tuple[Breach, ...]:
        """Rules that the place breaks beside some actions of the later plan.

        Ties to actions that are not among the `judged` are left aside.
        """
        rest = tuple(self._later[other] for other in sorted(others))
        before = {(each.rule, tuple(each.facts.items())) for each in verify(self._problem, rest)}
        return tuple(
            breach
            for breach in verify(self._problem, (*rest, place))
            if self._concerns(breach, place, judged) and (breach.rule, tuple(breach.facts.items())) not in before
        )

    def _concerns(self, breach: Breach, place: Placement, judged: set[int] | None) -> bool:
        facts = breach.facts
        if breach.rule == "precedence":
            ends = {int(facts["before"]), int(facts["action"])}
            return place.action in ends and (judged is None or ends - {place.action} <= judged)
        if breach.rule == "simultaneity":
            members = set(self._problem.groups[int(facts["group"])].actions)
            return place.action in members and (judged is None or members - {place.action} <= judged)
        if "resource" in facts:
            return int(facts["resource"]) in self._resources(place)
        if breach.rule in _DAYS:
            return int(facts["unit"]) in place.all_units()
        return facts.get("action") == place.action

    def _near(self, place: Placement) -> set[int]:
        """Actions of the later plan that share a unit or a resource with the place, or are tied to its action."""
        near = set(self._tied.get(place.action, ())) & set(self._later)
        for unit in place.all_units():
            near |= self._by_unit.get(unit, set())
        for resource in self._resources(place):
            near |= self._by_resource.get(resource, set())
        return near - {place.action}

    def _absent(self, action: int) -> set[int]:
        """Actions tied to this one that neither plan places: no tie to them is broken by a move."""
        return {
            other for other in self._tied.get(action, ()) if other not in self._later and other not in self._earlier
        }

    def _resources(self, placement: Placement) -> set[int]:
        mode = self._problem.actions[placement.action].modes[placement.mode]
        return {need.resource for need in mode.resource_needs}

    def _tie(self, actions: Iterable[int]) -> None:
        together = set(actions)
        for action in together:
            self._tied.setdefault(action, set()).update(together - {action})


def is_tie(breach: Breach) -> bool:
    """Whether a breach is of a rule that ties actions to one another, not of what they would share."""
    return breach.rule in _TIES
