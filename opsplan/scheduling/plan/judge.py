"""Whether a plan made earlier still holds in the graph as it is now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from opsplan.scheduling.answer import BrokenRule, PlacedAction
from opsplan.scheduling.plan.breaches import BETWEEN_ACTIONS, broken_rules
from opsplan.scheduling.plan.clearances import CLAIMS
from opsplan.scheduling.plan.placed import Lost, Missing, placements_of
from opsplan.scheduling.plan.scored import GoalChange, goal_changes
from opsplan.scheduling.problem.facts import Change, Fact, changes_between
from opsplan.scheduling.problem.frame import Frame
from opsplan.vocabulary.sentences import say
from solver import Breach, Problem, verify

MANDATORY = "mandatory"
"""Name of the rule that a published plan places every mandatory action. The solver keeps it as its first goal."""
APPROVAL = "approval"
"""Name of the rule that a published plan has every host's approval. Only its authorities break and mend it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What stands against publishing a plan.

    Parameters
    ----------
    broken
        Rules that it breaks now: it cannot be published.
    changes
        Facts that changed since its problem was made and break nothing: the publisher must accept them.
    claims_met
        Claims of others that it comes too near to: nothing stands against it, but their keys have to be shown.
    """

    broken: tuple[BrokenRule, ...]
    changes: tuple[Change, ...]
    claims_met: tuple[BrokenRule, ...] = ()


def judge(
    rows: Iterable[PlacedAction], read: Mapping[str, Fact], now: Frame, names: Mapping[str, str] | None = None
) -> Verdict:
    """Judge a plan's rows, made when the facts were as `read`, against the operation as it stands `now`.

    `names` are those of further records, by id.
    """
    told = {fact.id: fact.name for facts in (now.facts, read) for fact in facts.values()} | dict(names or {})
    broken = broken_now(tuple(rows), now, told)
    return Verdict(broken.rules, changes_between(read, now.facts), broken.claims_met)


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the checker says of a plan changed by hand, and what the change does to each goal.

    Attributes
    ----------
    verdict
        What stands against publishing it.
    goals
        Each goal's value before and after, both as the operation stands now.
    placed
        How many actions it places.
    """

    verdict: Verdict
    goals: tuple[GoalChange, ...]
    placed: int


def weigh(
    before: Iterable[PlacedAction],
    after: Iterable[PlacedAction],
    read: Mapping[str, Fact],
    now: Frame,
    names: Mapping[str, str] | None = None,
) -> Weighed:
    """Judge the places `after` a change, as `judge` does, and tell what it did to the goals.

    A place that cannot be expressed any more is left out of the goals; the verdict names it.
    """
    rows = tuple(after)
    known, _ = placements_of(before, now.index)
    found, _ = placements_of(rows, now.index)
    return Weighed(judge(rows, read, now, names), goal_changes(known, found, now), len(rows))


@dataclass(frozen=True, slots=True)
class Broken:
    """What a plan's rows break; and the actions whose places cannot be expressed any more, though they are in play.

    What ties these to others cannot be judged, and is left out. That they come too near to what others claim is told
    apart: agencies settle that between them, and publishing shows that they have.
    """

    rules: tuple[BrokenRule, ...]
    lost_ids: frozenset[str]
    claims_met: tuple[BrokenRule, ...] = ()


def broken_now(rows: tuple[PlacedAction, ...], now: Frame, names: Mapping[str, str]) -> Broken:
    """Tell what a plan's rows break `now`; `names` are of records that may be in play no more."""
    problem, index = now.problem, now.index
    placements, lost = placements_of(rows, index)
    # An action that is out of play is tied to nothing; the others still are, if one knew where they stand.
    lost_ids = frozenset(each.action_id for each in lost if each.missing is not Missing.ACTION)
    numbers = {number for number, action_id in enumerate(index.action_ids) if action_id in lost_ids}
    broken = [said_of_lost(each, names) for each in lost]
    found = tuple(each for each in verify(problem, placements) if not _concerns(each, problem, numbers))
    told = broken_rules(found, problem, index, now.snapshot, placements)
    broken.extend(each for each in told if each.rule != CLAIMS)
    placed = {row.action_id for row in rows}
    for action_id, action in zip(index.action_ids, problem.actions, strict=True):
        if action.mandatory and action_id not in placed:
            facts = {"action_id": action_id, "action": action.name}
            broken.append(
                BrokenRule(
                    MANDATORY, say("{action} is mandatory and not placed.", action=action.name), facts, (action_id,)
                )
            )
    return Broken(tuple(broken), lost_ids, tuple(each for each in told if each.rule == CLAIMS))


def _concerns(breach: Breach, problem: Problem, lost: set[int]) -> bool:
    """Whether a breach ties one of the lost actions to others."""
    facts = breach.facts
    if breach.rule == "simultaneity":
        return not lost.isdisjoint(problem.groups[int(facts["group"])].actions)
    return breach.rule in BETWEEN_ACTIONS and any(facts.get(name) in lost for name in ("action", "before"))


def said_of_lost(lost: Lost, names: Mapping[str, str]) -> BrokenRule:
    """Say what of an old place can no longer be expressed, as a broken rule; `names` are of records by id."""
    action, record = (names.get(record_id, record_id) for record_id in (lost.action_id, lost.record_id))
    sentence = {
        Missing.ACTION: say("{action} was cancelled, aborted or retired.", action=action),
        Missing.MODE: say("{action} is planned in the mode {record}, which was retired.", action=action, record=record),
        Missing.NEEDS: say(
            "{action} is planned in the mode {record}, which has other unit needs now.", action=action, record=record
        ),
        Missing.UNIT: say(
            "{action} is planned with {record}, which was retired or is no longer offered.",
            action=action,
            record=record,
        ),
        Missing.START: say("{action} does not start on a slot of the operation's time any more.", action=action),
    }[lost.missing]
    facts = {"action_id": lost.action_id, "action": action, "missing": str(lost.missing), "record_id": lost.record_id}
    return BrokenRule("well_formed", sentence, facts, (lost.action_id,))
