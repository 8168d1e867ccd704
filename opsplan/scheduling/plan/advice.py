"""Where an action could go beside a plan, nothing else moved: slots in the graph's words, or what stands in the way."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from opsplan.scheduling.answer import PlacedAction, Reason
from opsplan.scheduling.plan.clearances import tolerating
from opsplan.scheduling.plan.placed import placed_actions, placements_of
from opsplan.scheduling.plan.reasons import unplaced_actions
from opsplan.scheduling.plan.scored import GoalChange, goal_changes_of_each
from opsplan.scheduling.problem.frame import Frame
from opsplan.scheduling.problem.means import sparing
from opsplan.vocabulary.sentences import say
from solver import InvalidProblem, Placement, explain, slots

NO_START_FITS = "NO_START_FITS"
"""Code of the reason that nothing more is known than that no start fits beside what is placed."""
PLAN_BREAKS_RULES = "PLAN_BREAKS_RULES"
"""Code of the reason that no start fits, and that what stands in the way is not told of a plan that is broken."""
_NOT_FOUND = "NOT_FOUND_IN_TIME"


@dataclass(frozen=True, slots=True)
class AdvisedSlot:
    """The best start of an interval of starts, in one of the action's modes.

    Attributes
    ----------
    place
        The action's place at that start, with the units that are best there.
    mode
        Which of its modes, counted from 0.
    earliest, latest
        The action may begin at every slot from the one to the other, both included; other units may be needed there.
    goals
        What the place does to each goal, against the plan as it is.
    """

    place: PlacedAction
    mode: int
    earliest: datetime
    latest: datetime
    goals: tuple[GoalChange, ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """Where an action could go: the best slots, how many there are in all, and why there is none."""

    slots: tuple[AdvisedSlot, ...]
    total: int
    reasons: tuple[Reason, ...] = ()


def advise(rows: Iterable[PlacedAction], frame: Frame, number: int, *, first: int, longest_minutes: int) -> Advice:
    """Tell where an action could go beside the rows of a plan.

    Parameters
    ----------
    rows
        The plan. Where it places the action already, that place is left for the others.
    frame
        The operation as it stands, with the action.
    number
        The action's index in the frame.
    first
        How many slots to give at most; the best come first.
    longest_minutes
        Intervals are cut into parts of at most so long.
    """
    index = frame.index
    plan, _ = placements_of(rows, index)
    others = tuple(placement for placement in plan if placement.action != number)
    # What others claim of units and pools is left to them, as by a search; what the plan has, it keeps.
    problem = sparing(tolerating(frame.problem, plan, but=number), index, frame.snapshot, others)
    frame = replace(frame, problem=problem)
    longest_slots = max(1, index.grid.down(longest_minutes))
    found = slots(problem, others, number, longest_slots=longest_slots)
    best = found[:first]
    goals = goal_changes_of_each(plan, ((*others, each.placement) for each in best), frame)
    advised = tuple(
        AdvisedSlot(
            placed_actions((each.placement,), index)[0],
            each.placement.mode,
            index.grid.instant(each.first_slot),
            index.grid.instant(each.last_slot),
            changes,
        )
        for each, changes in zip(best, goals, strict=True)
    )
    return Advice(advised, len(found), () if found else why_no_slot(others, frame, number))


def why_no_slot(others: tuple[Placement, ...], frame: Frame, number: int) -> tuple[Reason, ...]:
    """Tell why no start of an action fits beside the placements of others; at least one reason."""
    problem, index = frame.problem, frame.index
    hindrances = index.hindrances.get(number, ())
    if hindrances:
        return tuple(Reason(str(each.code), each.sentence, each.facts) for each in hindrances)
    name = problem.actions[number].name
    try:
        explained = explain(problem, others)
    except InvalidProblem:
        words = say(
            "No start of {name} fits; the plan without it breaks rules, so that more cannot be told before they hold.",
            name=name,
        )
        return (Reason(PLAN_BREAKS_RULES, words),)
    told = unplaced_actions(explained, problem, index)
    reasons = next(each.reasons for each in told if each.action_id == index.action_ids[number])
    if any(each.code == _NOT_FOUND for each in reasons):
        return (Reason(NO_START_FITS, say("No start of {name} fits beside what the plan places.", name=name)),)
    return reasons
