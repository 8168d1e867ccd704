"""How a unit's actions follow one another: one at a time, with time to travel, with rest."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from tests.oracle.breach import Breach
from tests.oracle.case import Case, Stay
from tests.oracle.facts import Unit

_NOTHING = timedelta()


def one_action_at_a_time(case: Case) -> Iterator[Breach]:
    """No two actions of a unit share an instant."""
    for unit, stays in case.units():
        for number, later in enumerate(stays):
            for earlier in stays[:number]:
                if earlier.span.meets(later.span):
                    sentence = f"{unit.name} serves {earlier.name} and {later.name} at once."
                    yield Breach("one_action_at_a_time", (earlier.action_id, later.action_id), sentence)


def travel(case: Case) -> Iterator[Breach]:
    """A unit has time for the way from home when it comes into use, and from each site to its next."""
    for unit, stays in case.units():
        for free in case.times_free(unit):
            for stay in stays:
                needed, given = case.journey(unit.home, stay.point), stay.span.start - free.start
                if free.holds(stay.span) and given < needed:
                    sentence = f"{unit.name} needs {needed} from home to {stay.name}, and has {given}."
                    yield Breach("travel", (stay.action_id,), sentence)
        for earlier, later in pairwise(stays):
            needed, given = case.journey(earlier.point, later.point), later.span.start - earlier.span.end
            # What overlaps is said by one_action_at_a_time.
            if _NOTHING <= given < needed:
                sentence = f"{unit.name} needs {needed} from {earlier.name} to {later.name}, and has {given}."
                yield Breach("travel", (earlier.action_id, later.action_id), sentence)


def duty_and_rest(case: Case) -> Iterator[Breach]:
    """From the start of the first to the end of the last action of a run not parted by rest is no more than allowed."""
    for unit, stays in case.units():
        run: list[Stay] = []
        for stay in stays:
            if run and _rested(case, unit, run[-1], stay):
                run = []
            run.append(stay)
            length = stay.span.end - run[0].span.start
            if length > unit.max_duty:
                sentence = f"{unit.name} is on duty for {length} up to {stay.name}, longer than {unit.max_duty}."
                yield Breach("duty_and_rest", tuple(each.action_id for each in run), sentence)


def _rested(case: Case, unit: Unit, earlier: Stay, later: Stay) -> bool:
    between = later.span.start - earlier.span.end
    return between - case.journey(earlier.point, later.point) >= unit.min_rest
