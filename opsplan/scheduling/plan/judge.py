"""Whether a plan made earlier still holds in the graph as it is now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from opsplan.scheduling.answer import BrokenRule, PlacedAction
from opsplan.scheduling.plan.breaches import broken_rules
from opsplan.scheduling.plan.placed import Lost, Missing, placements_of
from opsplan.scheduling.problem.facts import Change, Fact, changes_between, facts_of
from opsplan.scheduling.problem.grid import SLOT_MINUTES
from opsplan.scheduling.problem.snapshot import Snapshot
from opsplan.scheduling.problem.translate import make_problem
from solver import verify

MANDATORY = "mandatory"
"""Name of the rule that a published plan places every mandatory action. The solver keeps it as its first goal."""

BETWEEN_ACTIONS = frozenset({"precedence", "simultaneity", "locks"})
"""Rules that tie an action to others: they cannot be judged fairly while some of the plan is lost."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What stands against publishing a plan.

    Parameters
    ----------
    broken
        Rules that it breaks now: it cannot be published.
    changes
        Facts that changed since its problem was made and break nothing: the publisher must accept them.
    """

    broken: tuple[BrokenRule, ...]
    changes: tuple[Change, ...]


def judge(rows: Iterable[PlacedAction], read: Mapping[str, Fact], now: Snapshot, slot_minutes: int) -> Verdict:
    """Judge a plan's rows, made when the facts were as `read`, against the snapshot of `now`.

    Raises
    ------
    CyclicPrecedence
        When precedences entered since form a circle.
    """
    names = {fact.id: fact.name for fact in read.values()}
    return Verdict(broken_now(tuple(rows), now, names, slot_minutes).rules, changes_between(read, facts_of(now)))


@dataclass(frozen=True, slots=True)
class Broken:
    """What a plan's rows break, and whether all rules could be looked at.

    With places that cannot be expressed any more (`is_partial`), rules between several actions are left out.
    """

    rules: tuple[BrokenRule, ...]
    is_partial: bool


def broken_now(
    rows: tuple[PlacedAction, ...], now: Snapshot, names: Mapping[str, str], slot_minutes: int = SLOT_MINUTES
) -> Broken:
    """Tell what a plan's rows break in the snapshot of `now`; `names` are of records that may be in it no more.

    Raises
    ------
    CyclicPrecedence
        When precedences form a circle.
    """
    problem, index = make_problem(now, slot_minutes)
    placements, lost = placements_of(rows, index)
    broken = [_said(each, names) for each in lost]
    found = broken_rules(verify(problem, placements), problem, index, now, placements)
    broken.extend(rule for rule in found if not (lost and rule.rule in BETWEEN_ACTIONS))
    placed = {row.action_id for row in rows}
    for action_id, action in zip(index.action_ids, problem.actions, strict=True):
        if action.mandatory and action_id not in placed:
            facts = {"action_id": action_id, "action": action.name}
            broken.append(BrokenRule(MANDATORY, f"{action.name} is mandatory and not placed.", facts, (action_id,)))
    return Broken(tuple(broken), bool(lost))


def _said(lost: Lost, names: Mapping[str, str]) -> BrokenRule:
    action, record = (names.get(record_id, record_id) for record_id in (lost.action_id, lost.record_id))
    sentence = {
        Missing.ACTION: f"{action} was cancelled, aborted or retired.",
        Missing.MODE: f"{action} is planned in the mode {record}, which was retired.",
        Missing.NEEDS: f"{action} is planned in the mode {record}, which has other unit needs now.",
        Missing.UNIT: f"{action} is planned with {record}, which was retired or is no longer offered.",
        Missing.START: f"{action} does not start on a slot of the operation's time any more.",
    }[lost.missing]
    facts = {"action_id": lost.action_id, "action": action, "missing": str(lost.missing), "record_id": lost.record_id}
    return BrokenRule("well_formed", sentence, facts, (lost.action_id,))
