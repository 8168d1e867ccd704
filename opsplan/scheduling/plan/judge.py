"""Whether a plan made earlier still holds in the graph as it is now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from opsplan.scheduling.answer import PlacedAction
from opsplan.scheduling.plan.breaches import BrokenRule, broken_rules
from opsplan.scheduling.plan.placed import Lost, Missing, placements_of
from opsplan.scheduling.problem.facts import Change, Fact, changes_between, facts_of
from opsplan.scheduling.problem.snapshot import Snapshot
from opsplan.scheduling.problem.translate import make_problem
from solver import verify

MANDATORY = "mandatory"
"""Name of the rule that a published plan places every mandatory action. The solver keeps it as its first goal."""

# These tie an action to others: they cannot be judged fairly while some of the plan is lost.
_BETWEEN_ACTIONS = frozenset({"precedence", "simultaneity", "locks"})


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
    rows = tuple(rows)
    problem, index = make_problem(now, slot_minutes)
    placements, lost = placements_of(rows, index)
    broken = [_said(each, read) for each in lost]
    found = broken_rules(verify(problem, placements), problem, index, now)
    broken.extend(rule for rule in found if not (lost and rule.rule in _BETWEEN_ACTIONS))
    placed = {row.action_id for row in rows}
    for action_id, action in zip(index.action_ids, problem.actions, strict=True):
        if action.mandatory and action_id not in placed:
            facts = {"action_id": action_id, "action": action.name}
            broken.append(BrokenRule(MANDATORY, f"{action.name} is mandatory and not placed.", facts))
    return Verdict(tuple(broken), changes_between(read, facts_of(now)))


def _said(lost: Lost, read: Mapping[str, Fact]) -> BrokenRule:
    action, record = (_name(record_id, read) for record_id in (lost.action_id, lost.record_id))
    sentence = {
        Missing.ACTION: f"{action} was cancelled, aborted or retired.",
        Missing.MODE: f"{action} is planned in the mode {record}, which was retired.",
        Missing.NEEDS: f"{action} is planned in the mode {record}, which has other unit needs now.",
        Missing.UNIT: f"{action} is planned with {record}, which was retired or is no longer offered.",
        Missing.START: f"{action} does not start on a slot of the operation's time any more.",
    }[lost.missing]
    facts = {"action_id": lost.action_id, "action": action, "missing": str(lost.missing), "record_id": lost.record_id}
    return BrokenRule("well_formed", sentence, facts)


def _name(record_id: str, read: Mapping[str, Fact]) -> str:
    return read[record_id].name if record_id in read else record_id
