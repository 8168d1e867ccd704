"""Why what must stay where it is (locked, told of, frozen, pinned) cannot all stay there."""

from opsplan.scheduling.answer import Reason
from opsplan.scheduling.plan.breaches import BETWEEN_ACTIONS, broken_rules
from opsplan.scheduling.problem.index import HindranceCode, Index
from opsplan.scheduling.problem.snapshot import Snapshot
from opsplan.vocabulary.sentences import first_of, say
from solver import Placement, Problem, verify

CONFLICT = "LOCKS_CONFLICT"
"""Code of reasons that tell which rule the locked actions break among themselves."""

_SHOWN = 5


def reasons_against_locks(problem: Problem, index: Index, snapshot: Snapshot) -> tuple[Reason, ...]:
    """Give at least one reason: locks that fit no more, rules that the locked places break, or only who is locked."""
    misfits = tuple(
        Reason(
            str(hindrance.code),
            say("{name}: {sentence}", name=problem.actions[number].name, sentence=hindrance.sentence),
            hindrance.facts,
        )
        for number, found in index.hindrances.items()
        for hindrance in found
        if hindrance.code is HindranceCode.LOCK_DOES_NOT_FIT
    )
    # Actions that are not locked, to which locked ones may be tied, are not looked at here.
    breaches = tuple(each for each in verify(problem, locked_placements(problem)) if each.rule not in BETWEEN_ACTIONS)
    broken = tuple(
        Reason(CONFLICT, rule.sentence, {"rule": rule.rule, **rule.facts})
        for rule in broken_rules(breaches, problem, index, snapshot)
    )
    return misfits + broken or (_only_names(problem),)


def locked_placements(problem: Problem) -> tuple[Placement, ...]:
    """Give the places of actions whose start, mode and units are all locked."""
    return tuple(
        Placement(number, action.lock.mode, action.lock.start_slot, action.lock.units)
        for number, action in enumerate(problem.actions)
        if action.lock is not None
        and action.lock.start_slot is not None
        and action.lock.mode is not None
        and action.lock.units is not None
    )


def _only_names(problem: Problem) -> Reason:
    names = [action.name for action in problem.actions if action.lock is not None]
    return Reason(
        CONFLICT,
        say(
            "{names} cannot keep their places together with what they need.",
            names=first_of(names[:_SHOWN], len(names)),
        ),
        {"locked": names},
    )
