"""Finding the conflict in an impossible request: a minimal set of causes, and what would resolve it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from solver.budget import Budget, Clock, Meter, Stop
from solver.explain.conflict.cause import Cause, causes_of, likeness
from solver.explain.conflict.change import Change, changed
from solver.explain.conflict.decide import Feasibility, Oracle, demanded
from solver.explain.conflict.drop import without
from solver.explain.conflict.part import Part, closure, part_of
from solver.explain.conflict.related import Related
from solver.explain.conflict.relax import Level, Relaxation, Resolves, relaxations
from solver.explain.conflict.shrink import shrink
from solver.explain.conflict.tell import told, told_change
from solver.facts import Facts
from solver.greedy import greedy
from solver.possible import possible_bundles
from solver.problem import Problem
from solver.solution import Placement
from solver.verify import verify
from solver.verify.form import usable

_FEW = 8
"""So many actions are looked at whole; of more, those nearest to one that is missing come first."""
_MOST_SEEDS = 256
_NEAR_SHARE = 0.4
_CONFLICT_SHARE = 0.6
_WHOLE_SECONDS = 2.0
_MOST_ACTIONS = 40
"""A set with more actions, left when the budget ends, explains nothing: it is not given."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Whether all that must be placed can be; where not, why, and what would help.

    Parameters
    ----------
    feasibility
        POSSIBLE: there is no conflict. IMPOSSIBLE: `causes` are proven to be impossible together, each other rule
        instance dropped. UNDECIDED: the budget ended first; there are no causes.
    causes
        Rule instances that contradict each other, in the order of `solver.CAUSES`; none, where the budget ended before
        few enough actions were found.
    minimal
        Whether it is shown that no cause can be spared: each time one is dropped, a verified plan keeps the others.
    relaxations
        Single changes that would resolve the conflict, the cheapest first.
    placements
        When POSSIBLE: a plan of what must be placed.
    """

    feasibility: Feasibility
    causes: tuple[Cause, ...] = ()
    minimal: bool = False
    relaxations: tuple[Relaxation, ...] = ()
    placements: tuple[Placement, ...] = ()


def find_conflict(
    problem: Problem,
    budget: Budget | None = None,
    *,
    clock: Clock | None = None,
    stop: Stop | None = None,
    hint: Iterable[Placement] = (),
) -> Conflict:
    """Return a minimal set of rule instances that keep all mandatory and locked actions from being placed.

    First the few actions that matter are sought, by solves; then the rules that bear upon them are shrunk. Every
    step rests on a plan that has passed `solver.verify`, or on a proof by CP-SAT; its cores of assumptions are not
    used, as they may hold assumptions that were never given (google/or-tools#5141) and are not minimal.

    Parameters
    ----------
    problem
        What is asked.
    budget
        Limits; by default 10 seconds with two workers.
    clock, stop
        As for `solver.solve`.
    hint
        The best plan known: the conflict is sought near what it lacks. What speaks of things that are not there counts
        for nothing.

    Raises
    ------
    InvalidProblem
        When the budget limits seconds and there is no clock.
    """
    meter = Meter(budget or Budget(10.0), clock, stop)
    return ConflictFinder(problem, meter, usable(problem, hint)).find()


class ConflictFinder:
    """Finds the conflict of one problem.

    Parameters
    ----------
    problem, meter
        What is asked, and how long it may take.
    plan
        The best plan known: what is demanded and not in it is looked at first.
    fixed
        Actions that are locked and mandatory because a plan has them: their causes are named `stays` and `placed`,
        and they are not offered to be left out.
    asked
        The action that somebody asks about: its lock, or else that it is to be placed, is named `asked`.
    """

    def __init__(
        self,
        problem: Problem,
        meter: Meter,
        plan: tuple[Placement, ...] = (),
        fixed: frozenset[int] = frozenset(),
        asked: int | None = None,
    ) -> None:
        self._problem = problem
        self._meter = meter
        self._oracle = Oracle(problem, meter)
        self._demanded = demanded(problem)
        self._plan = plan
        placed = {placement.action for placement in plan}
        self._seeds = tuple(action for action in self._demanded if action not in placed) if plan else ()
        self._fixed = fixed
        self._asked = asked

    def find(self) -> Conflict:
        """Find it."""
        self._oracle.share = _CONFLICT_SHARE
        suspects = self._suspects()
        if isinstance(suspects, Conflict):
            return suspects
        few, _ = shrink(suspects, lambda some: self._oracle.ask(self._demanding(some)).feasibility)
        if len(few) > _MOST_ACTIONS and self._meter.over(_CONFLICT_SHARE):
            return Conflict(Feasibility.IMPOSSIBLE)
        part = part_of(self._demanding(few), few)
        causes = self._named(causes_of(part.problem), part)
        kept, minimal = shrink(
            causes, lambda some: self._oracle.ask(without(part.problem, _others(causes, some))).feasibility
        )
        self._oracle.share = 1.0
        dropped = _others(causes, kept)
        found = self._relaxations(part, kept, dropped, set(few))
        named = tuple(told(self._problem, self._in_whole(cause, part), part.actions) for cause in kept)
        return Conflict(Feasibility.IMPOSSIBLE, named, minimal, found)

    # -- which actions

    def _suspects(self) -> tuple[int, ...] | Conflict:
        """Demanded actions that are impossible together, the best known first; or the answer that there are none."""
        alone = self._impossible_alone()
        if alone is not None:
            # What it drags along may be demanded too, and locked.
            tied = set(closure(self._problem, [alone])) & set(self._demanded)
            return (alone, *sorted(tied - {alone}))
        if len(self._demanded) > _FEW:
            near = self._near_a_seed()
            if near is not None:
                return near
        answer = self._oracle.ask(self._problem)
        if answer.feasibility is Feasibility.IMPOSSIBLE:
            return (*self._seeds, *(action for action in self._demanded if action not in self._seeds))
        return Conflict(answer.feasibility, placements=answer.placements)

    def _impossible_alone(self) -> int | None:
        """The demanded action that is impossible by itself and drags the fewest others along, if any is."""
        facts = Facts(self._problem)
        possible = {action for bundle in possible_bundles(facts) for action in bundle}
        lost = [action for action in self._demanded if action not in possible]
        lost.sort(key=lambda action: (action not in self._seeds, len(closure(self._problem, [action])), action))
        return lost[0] if lost else None

    def _near_a_seed(self) -> tuple[int, ...] | None:
        """A seed with those that bear upon it, impossible together; the smallest such sets of all seeds come first."""
        related = Related(Facts(self._problem), self._demanded)
        growing = [related.growing(seed) for seed in self._first_seeds()]
        while growing:
            left = []
            for each in growing:
                near = next(each, None)
                if near is None:
                    continue
                if self._meter.over(_NEAR_SHARE):
                    return None
                if self._oracle.ask(self._demanding(near)).feasibility is Feasibility.IMPOSSIBLE:
                    return near
                left.append(each)
            growing = left
        return None

    def _first_seeds(self) -> tuple[int, ...]:
        """Demanded actions that a plan lacks: the caller's, or one that is made in no time."""
        if self._seeds:
            return self._seeds[:_MOST_SEEDS]
        placed = {placement.action for placement in greedy(self._problem)}
        return tuple(action for action in self._demanded if action not in placed)[:_MOST_SEEDS]

    def _demanding(self, some: Iterable[int]) -> Problem:
        """The problem in which of the demanded actions only some are so."""
        chosen = set(some)
        actions = tuple(
            action
            if number in chosen or (not action.mandatory and action.lock is None)
            else replace(action, mandatory=False, lock=None)
            for number, action in enumerate(self._problem.actions)
        )
        return replace(self._problem, actions=actions)

    # -- which rules

    def _named(self, causes: tuple[Cause, ...], part: Part) -> tuple[Cause, ...]:
        return tuple(replace(cause, rule=self._name(cause, part)) for cause in causes)

    def _name(self, cause: Cause, part: Part) -> str:
        action = None if cause.action is None else part.actions[cause.action]
        if action is not None and action == self._asked:
            bare = self._problem.actions[action].lock is None
            return "asked" if cause.rule == ("mandatory" if bare else "locks") else cause.rule
        if action is not None and action in self._fixed:
            return {"mandatory": "placed", "locks": "stays"}.get(cause.rule, cause.rule)
        return cause.rule

    def _relaxations(
        self, part: Part, causes: tuple[Cause, ...], dropped: tuple[Cause, ...], few: set[int]
    ) -> tuple[Relaxation, ...]:
        narrow = Level(Resolves.CONFLICT, without(part.problem, dropped), lambda change: _change_among(change, dropped))
        if set(self._demanded) == few:
            levels = [narrow, Level(Resolves.REQUEST, part.problem)]
        else:
            whole = Level(
                Resolves.REQUEST,
                self._problem,
                lambda change: _change_in_whole(change, part),
                lambda change, plan: self._extended(change, plan, part),
                _WHOLE_SECONDS,
            )
            levels = [narrow, Level(Resolves.ACTIONS, part.problem), whole]
        found = relaxations(part.problem, causes, levels, self._oracle)
        return tuple(
            replace(each, change=told_change(self._problem, _change_in_whole(each.change, part))) for each in found
        )

    def _extended(self, change: Change, plan: tuple[Placement, ...], part: Part) -> tuple[Placement, ...] | None:
        """The plan that the caller knows with a plan of the part put in, if that is one with the change."""
        added = range(len(self._problem.units), len(self._problem.units) + change.amount)
        units = (*part.units, *added)
        inside = {
            part.actions[each.action]: Placement(
                part.actions[each.action],
                each.mode,
                each.start_slot,
                tuple(tuple(sorted(units[unit] for unit in some)) for some in each.units),
            )
            for each in plan
        }
        known = {each.action: each for each in self._plan} | inside
        if not known.keys() >= set(self._demanded):
            return None
        whole = tuple(known[action] for action in sorted(known))
        return None if verify(changed(self._problem, _change_in_whole(change, part)), whole) else whole

    def _in_whole(self, cause: Cause, part: Part) -> Cause:
        return replace(
            cause,
            action=None if cause.action is None else part.actions[cause.action],
            precedence=None if cause.precedence is None else part.precedences[cause.precedence],
            group=None if cause.group is None else part.groups[cause.group],
            units=self._all_alike(cause, part) if cause.units else (),
        )

    def _all_alike(self, cause: Cause, part: Part) -> tuple[int, ...]:
        """The units that a cause binds, with all that the part has left out because they are alike."""
        hosts = sorted({part.problem.host(action) for action in range(len(part.actions))})
        shared = likeness(self._problem, part.units[cause.units[0]], hosts)
        return tuple(
            unit
            for unit in part.fitting
            if likeness(self._problem, unit, hosts) == shared
            and (cause.rule == "calendars" or self._problem.units[unit].duty is not None)
        )


def _change_in_whole(change: Change, part: Part) -> Change:
    return replace(
        change,
        action=None if change.action is None else part.actions[change.action],
        unit=None if change.unit is None else part.units[change.unit],
        precedence=None if change.precedence is None else part.precedences[change.precedence],
        group=None if change.group is None else part.groups[change.group],
    )


def _change_among(change: Change, dropped: Collection[Cause]) -> Change:
    """A change of a part, for the part without some causes: precedences and groups behind a dropped one move up."""
    return replace(
        change,
        precedence=_moved_up(change.precedence, (cause.precedence for cause in dropped)),
        group=_moved_up(change.group, (cause.group for cause in dropped)),
    )


def _moved_up(number: int | None, dropped: Iterable[int | None]) -> int | None:
    if number is None:
        return None
    return number - sum(each is not None and each < number for each in dropped)


def _others(causes: tuple[Cause, ...], some: tuple[Cause, ...]) -> tuple[Cause, ...]:
    chosen = set(some)
    return tuple(cause for cause in causes if cause not in chosen)
