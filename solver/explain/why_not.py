"""Why an action is not done at another time or by another unit: the best plan in which it is, or why there is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from solver.budget import Budget, Clock, Meter, Stop
from solver.errors import InvalidProblem, ModelInvalid
from solver.explain.blocked import check_plan
from solver.explain.conflict.cause import Cause
from solver.explain.conflict.change import Change
from solver.explain.conflict.conflict import Conflict, ConflictFinder
from solver.explain.conflict.decide import Feasibility
from solver.explain.conflict.part import fits
from solver.explain.conflict.relax import Relaxation, Resolves
from solver.explain.conflict.tell import told, told_change
from solver.problem import Action, Kept, Lock, Mode, Problem
from solver.score import score
from solver.solution import Outcome, Placement, Score, Solution
from solver.solve import solve
from solver.verify import verify

_SOLVE_SHARE = 0.6
_SHORTEST_SECONDS = 0.05
_LONGEST_NAME = 180


@dataclass(frozen=True, slots=True)
class WhyNot:
    """The answer to "why not so?".

    Parameters
    ----------
    outcome
        OPTIMAL or FEASIBLE: it can be so, and `placements` are the best plan with it (proven, when OPTIMAL).
        INFEASIBLE: proven that it cannot, or not without leaving out more mandatory actions; then `placements` leave
        these out, or are empty. OUT_OF_TIME, CANCELLED: nothing was shown.
    before, after
        The goals of the plan as it is, and of the best plan with the change; `after` is None without placements.
    placements
        That plan; it has passed `solver.verify`.
    moved
        The other actions that it places otherwise than the plan as it is, sorted; added and dropped ones included.
    conflict
        Why it cannot be, when INFEASIBLE: the change stands among the causes as `asked`. Of the mandatory actions
        only those count that the plan as it is places.
    """

    outcome: Outcome
    before: Score
    after: Score | None
    placements: tuple[Placement, ...]
    moved: tuple[int, ...]
    conflict: Conflict | None


@dataclass(frozen=True, slots=True)
class _Variant:
    """The problem with the change locked in one of the ways in which it can be.

    Where a unit is asked for, need `need` of the locked mode is split: one place for that unit, the rest after it.
    """

    problem: Problem
    action: int
    need: int | None
    split: bool

    def restored(self, placements: tuple[Placement, ...]) -> tuple[Placement, ...]:
        """Give placements as the caller's problem has them."""
        return tuple(self._restored(each) if each.action == self.action else each for each in placements)

    def _restored(self, placement: Placement) -> Placement:
        if self.need is None or not self.split:
            return placement
        units = list(placement.units)
        units[self.need : self.need + 2] = [tuple(sorted((*units[self.need], *units[self.need + 1])))]
        return replace(placement, units=tuple(units))


def why_not(
    problem: Problem,
    placements: tuple[Placement, ...],
    action: int,
    *,
    unit: int | None = None,
    start_slot: int | None = None,
    budget: Budget | None = None,
    clock: Clock | None = None,
    stop: Stop | None = None,
) -> WhyNot:
    """Return what would become of a plan if an action started at `start_slot`, or were served by `unit`, or both.

    Everything else may move: the answer is the best plan in the strict order of goals, found by a solve with the
    change locked.

    Parameters
    ----------
    problem
        What was asked.
    placements
        A valid plan, with or without the action.
    action, unit, start_slot
        The change.
    budget, clock, stop
        As for `solver.solve`; by default 10 seconds with two workers. Three fifths go to the solve.

    Raises
    ------
    InvalidProblem
        When the plan breaks a rule, an index points nowhere, nothing is asked, or a unit is asked for where none
        is needed.
    """
    check_plan(problem, placements)
    _check_question(problem, action, unit, start_slot)
    meter = Meter(budget or Budget(10.0), clock, stop)
    before = score(problem, placements)
    lock = problem.actions[action].lock
    if lock is not None and _contradicts(lock, unit, start_slot):
        free = _put(problem, action, replace(problem.actions[action], lock=None))
        variants = tuple(_variants(free, action, unit, start_slot))
        best, variant = _best(free, variants, placements, meter, clock, stop)
        freed = variant.restored(best.placements)
        # Without the lock it may lack as much as the plan as it is.
        lacks_no_more = bool(freed) and score(free, freed).missing_mandatory <= before.missing_mandatory
        if best.outcome in (Outcome.OPTIMAL, Outcome.FEASIBLE) or lacks_no_more:
            return WhyNot(Outcome.INFEASIBLE, before, None, (), (), _against_lock(problem, action))
        found: tuple[Placement, ...] = ()
    else:
        best, variant = _best(
            problem, tuple(_variants(problem, action, unit, start_slot)), placements, meter, clock, stop
        )
        found = variant.restored(best.placements)
        if found and verify(problem, found):
            raise ModelInvalid("the best plan with the change breaks a rule")
    after = score(problem, found) if found else None
    outcome, conflict = best.outcome, None
    if outcome is Outcome.INFEASIBLE and after is not None and after.missing_mandatory <= before.missing_mandatory:
        # It lacks no more than the plan as it is.
        outcome = Outcome.FEASIBLE
    if outcome is Outcome.INFEASIBLE:
        others = tuple(placement for placement in placements if placement.action != action)
        rest = Meter(_part_of(meter.budget, meter.left_seconds(), 1 - _SOLVE_SHARE), clock, stop)
        conflict = ConflictFinder(_keeping(variant.problem, placements, action), rest, others, asked=action).find()
        conflict = replace(conflict, relaxations=tuple(_for_all(problem, conflict.relaxations)))
    return WhyNot(outcome, before, after, found, _moved(placements, found, action), conflict)


def _check_question(problem: Problem, action: int, unit: int | None, start_slot: int | None) -> None:
    if not 0 <= action < len(problem.actions):
        raise InvalidProblem("action", action, f"name one of the {len(problem.actions)} actions, from 0")
    if unit is None and start_slot is None:
        raise InvalidProblem("unit", None, "ask for a unit, a start or both")
    if unit is not None and not 0 <= unit < len(problem.units):
        raise InvalidProblem("unit", unit, f"name one of the {len(problem.units)} units, from 0")
    if unit is not None and not any(mode.unit_needs for mode in problem.actions[action].modes):
        raise InvalidProblem("unit", unit, "ask for another start: the action needs no units")
    if start_slot is not None and not 0 <= start_slot < problem.horizon_slots:
        raise InvalidProblem("start_slot", start_slot, f"give a slot of the horizon, 0 to {problem.horizon_slots - 1}")


def _contradicts(lock: Lock, unit: int | None, start_slot: int | None) -> bool:
    other_start = None not in (lock.start_slot, start_slot) and lock.start_slot != start_slot
    return other_start or (
        unit is not None and lock.units is not None and not any(unit in units for units in lock.units)
    )


def _put(problem: Problem, number: int, action: Action) -> Problem:
    return replace(problem, actions=(*problem.actions[:number], action, *problem.actions[number + 1 :]))


def _variants(problem: Problem, number: int, unit: int | None, start_slot: int | None) -> Iterator[_Variant]:
    action = problem.actions[number]
    old = action.lock or Lock()
    start_slot = old.start_slot if start_slot is None else start_slot
    if unit is None or (old.units is not None and any(unit in units for units in old.units)):
        lock = Lock(start_slot, old.mode, old.units)
        yield _Variant(_put(problem, number, replace(action, lock=lock)), number, None, False)
        return
    places = [
        (mode, need)
        for mode, each in enumerate(action.modes)
        for need in range(len(each.unit_needs))
        if old.mode in (None, mode)
    ]
    fitting = [place for place in places if fits(problem.units[unit], action.modes[place[0]].unit_needs[place[1]])]
    # Where it fits no need, one shows why.
    for mode, need in fitting or places[:1]:
        yield from _split(problem, number, unit, mode, need, start_slot)


def _split(
    problem: Problem, number: int, unit: int, mode: int, need: int, start_slot: int | None
) -> Iterator[_Variant]:
    """The unit gets a skill of its own, for which the mode's need keeps one place."""
    action = problem.actions[number]
    skill = len(problem.skills)
    wanted = action.modes[mode].unit_needs[need]
    own = replace(wanted, count=1, skills=(*wanted.skills, skill))
    parts = (own,) if wanted.count == 1 else (own, replace(wanted, count=wanted.count - 1))
    needs = action.modes[mode].unit_needs
    with_place = replace(action.modes[mode], unit_needs=(*needs[:need], *parts, *needs[need + 1 :]))
    units = list(problem.units)
    units[unit] = replace(units[unit], skills=(*units[unit].skills, skill))
    for kept in _kept(action.kept, unit, mode, need, wanted.count):
        modes: tuple[Mode, ...] = (*action.modes[:mode], with_place, *action.modes[mode + 1 :])
        asked = replace(action, modes=modes, lock=Lock(start_slot, mode), kept=kept)
        actions = (*problem.actions[:number], asked, *problem.actions[number + 1 :])
        skills = (*problem.skills, f"{units[unit].name[:_LONGEST_NAME]} itself")
        changed = replace(problem, skills=skills, units=tuple(units), actions=actions)
        yield _Variant(changed, number, need, len(parts) > 1)


def _kept(kept: Kept | None, unit: int, mode: int, need: int, count: int) -> Iterator[Kept | None]:
    """Where the earlier plan had the action, in terms of the split need.

    Where all places were taken by others, one of them goes: whom to count as gone is tried one after the other.
    """
    if kept is None or kept.mode != mode or count == 1:
        yield kept
        return
    were = kept.units[need]
    choices: list[tuple[int, ...]] = [()]
    if unit in were:
        choices = [(unit,)]
    elif len(were) == count:
        choices = [(each,) for each in were]
    for apart in choices:
        rest = tuple(each for each in were if each not in apart)
        yield replace(kept, units=(*kept.units[:need], apart, rest, *kept.units[need + 1 :]))


def _best(
    problem: Problem,
    variants: tuple[_Variant, ...],
    placements: tuple[Placement, ...],
    meter: Meter,
    clock: Clock | None,
    stop: Stop | None,
) -> tuple[Solution, _Variant]:
    """The best of the variants' solutions, its outcome as far as it is shown for all of them."""
    found: list[tuple[Solution, _Variant]] = []
    for number, variant in enumerate(variants):
        share = _SOLVE_SHARE * (number + 1) / len(variants)
        seconds = meter.left_seconds(share)
        budget = _part_of(meter.budget, seconds, _SOLVE_SHARE / len(variants))
        others = tuple(placement for placement in placements if placement.action != variant.action)
        solution = solve(variant.problem, budget, clock=clock, stop=stop, hint=others)
        found.append((solution, variant))

    def rank(each: tuple[Solution, _Variant]) -> tuple[bool, tuple[int, ...]]:
        solution, variant = each
        return not solution.placements, score(problem, variant.restored(solution.placements)).key()

    solution, variant = min(found, key=rank)
    outcomes = {each.outcome for each, _ in found}
    outcome = solution.outcome
    if outcome is Outcome.OPTIMAL and not outcomes <= {Outcome.OPTIMAL, Outcome.INFEASIBLE}:
        outcome = Outcome.FEASIBLE
    if outcome is Outcome.INFEASIBLE and outcomes != {Outcome.INFEASIBLE}:
        outcome = Outcome.CANCELLED if Outcome.CANCELLED in outcomes else Outcome.OUT_OF_TIME
    return replace(solution, outcome=outcome), variant


def _keeping(problem: Problem, placements: tuple[Placement, ...], action: int) -> Problem:
    """The problem that demands of the mandatory actions only those that the plan places: it could not do more.

    The action asked about is demanded by what is asked.
    """
    kept = {placement.action for placement in placements} - {action}
    actions = tuple(
        replace(each, mandatory=each.mandatory and number in kept) for number, each in enumerate(problem.actions)
    )
    return replace(problem, actions=actions)


def _for_all(problem: Problem, found: tuple[Relaxation, ...]) -> Iterator[Relaxation]:
    """The changes that make sense in the caller's problem: no second unit is the one that was asked for."""
    for each in found:
        if each.change.need is None or all(skill < len(problem.skills) for skill in each.change.need.skills):
            yield each


def _part_of(budget: Budget, seconds: float | None, share: float) -> Budget:
    """A budget of so many seconds, and of that share of the work."""
    work = None if budget.work is None else max(1, int(budget.work * share))
    return replace(budget, seconds=None if seconds is None else max(seconds, _SHORTEST_SECONDS), work=work)


def _against_lock(problem: Problem, action: int) -> Conflict:
    """The conflict between what is asked and the action's own lock; without the lock there is a plan."""
    cause = told(problem, Cause("locks", action=action), (action,))
    change = told_change(problem, Change("LOCK_LIFTED", action=action))
    lifted = Relaxation(change, Resolves.REQUEST, change.cost(problem), True)
    return Conflict(Feasibility.IMPOSSIBLE, (cause,), True, (lifted,))


def _moved(before: tuple[Placement, ...], after: tuple[Placement, ...], action: int) -> tuple[int, ...]:
    if not after:
        return ()
    was = {(each.action, each) for each in before}
    now = {(each.action, each) for each in after}
    return tuple(sorted({number for number, _ in was ^ now} - {action}))
