"""The checker refuses every single fault by the broken rule's name."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from solver import CapacityStep, DutyLimit, Interval, Lock, Placement, Problem, verify
from tests.solver.planted import Shape, plant

PLANTED = plant(Shape(countries=8, hosts=6, actions=40, units=120, days=4, group_share=0.6, precedence_share=0.4), 11)
Faulty = tuple[Problem, tuple[Placement, ...]]


def with_action(index: int, **changes: Any) -> Faulty:
    """The planted problem with one action changed."""
    actions = list(PLANTED.problem.actions)
    actions[index] = replace(actions[index], **changes)
    return replace(PLANTED.problem, actions=tuple(actions)), PLANTED.plan


def with_unit(index: int, **changes: Any) -> Faulty:
    """The planted problem with one unit changed."""
    units = list(PLANTED.problem.units)
    units[index] = replace(units[index], **changes)
    return replace(PLANTED.problem, units=tuple(units)), PLANTED.plan


def with_placement(changed: Placement) -> Faulty:
    """The planted plan with one placement changed."""
    return PLANTED.problem, tuple(changed if p.action == changed.action else p for p in PLANTED.plan)


def placed(rng: random.Random) -> Placement:
    """Any placement of the planted plan."""
    return rng.choice(PLANTED.plan)


def busy_unit(rng: random.Random) -> tuple[int, list[Placement]]:
    """A unit that serves at least two actions, with those."""
    served: dict[int, list[Placement]] = {}
    for placement in PLANTED.plan:
        for unit in placement.all_units():
            served.setdefault(unit, []).append(placement)
    unit = rng.choice([unit for unit, plan in served.items() if len(plan) > 1])
    return unit, sorted(served[unit], key=lambda placement: placement.start_slot)


def window_moved(rng: random.Random) -> Faulty:
    p = placed(rng)
    return with_action(p.action, windows=(Interval(p.start_slot + 1, p.end_slot(PLANTED.problem) + 9),))


def hour_forbidden(rng: random.Random) -> Faulty:
    p = placed(rng)
    return with_action(p.action, forbidden=(Interval(p.start_slot, p.start_slot + 1),))


def hour_claimed(rng: random.Random) -> Faulty:
    p = placed(rng)
    return with_action(p.action, claimed=(Interval(p.start_slot, p.start_slot + 1),))


def warrant_expired(rng: random.Random) -> Faulty:
    p = placed(rng)
    return with_action(p.action, warrants=(Interval(p.start_slot, p.end_slot(PLANTED.problem) - 1),))


def unit_dropped(rng: random.Random) -> Faulty:
    p = placed(rng)
    return with_placement(replace(p, units=(p.units[0][1:], *p.units[1:])))


def kind_changed(rng: random.Random) -> Faulty:
    unit, _ = busy_unit(rng)
    return with_unit(unit, kind=(PLANTED.problem.units[unit].kind + 1) % 6)


def permission_withdrawn(rng: random.Random) -> Faulty:
    unit, plan = busy_unit(rng)
    host = PLANTED.problem.host(plan[0].action)
    others = tuple(c for c in PLANTED.problem.units[unit].permitted if c != host)
    return with_unit(unit, permitted=others)


def leave_taken(rng: random.Random) -> Faulty:
    unit, plan = busy_unit(rng)
    begins = PLANTED.problem.units[unit].availability[0].start_slot
    return with_unit(unit, availability=(Interval(begins, plan[-1].end_slot(PLANTED.problem) - 1),))


def road_blocked(rng: random.Random) -> Faulty:
    unit, _ = busy_unit(rng)
    sites = list(PLANTED.problem.sites)
    home = PLANTED.problem.units[unit].home
    sites[home] = replace(sites[home], hub=None)
    legs = tuple(leg for leg in PLANTED.problem.travel.legs if home not in (leg.origin, leg.destination))
    travel = replace(PLANTED.problem.travel, legs=legs)
    return replace(PLANTED.problem, sites=tuple(sites), travel=travel), PLANTED.plan


def duty_cut(rng: random.Random) -> Faulty:
    unit, plan = busy_unit(rng)
    longest = max(p.end_slot(PLANTED.problem) - p.start_slot for p in plan)
    return with_unit(unit, duty=DutyLimit(longest - 1, 0))


def rest_lengthened(rng: random.Random) -> Faulty:
    unit, plan = busy_unit(rng)
    span = plan[-1].end_slot(PLANTED.problem) - plan[0].start_slot
    return with_unit(unit, duty=DutyLimit(span - 1, 10_000))


def capacity_cut(rng: random.Random) -> Faulty:
    p = placed(rng)
    need = PLANTED.problem.actions[p.action].modes[p.mode].resource_needs[0]
    resources = list(PLANTED.problem.resources)
    resources[need.resource] = replace(resources[need.resource], steps=(CapacityStep(-100, 0),))
    return replace(PLANTED.problem, resources=tuple(resources)), PLANTED.plan


def lag_widened(rng: random.Random) -> Faulty:
    relations = list(PLANTED.problem.precedences)
    index = rng.randrange(len(relations))
    relations[index] = replace(relations[index], min_lag_slots=5_000, max_lag_slots=None)
    return replace(PLANTED.problem, precedences=tuple(relations)), PLANTED.plan


def member_dropped(rng: random.Random) -> Faulty:
    required = {p.before for p in PLANTED.problem.precedences}
    groups = [group.actions for group in PLANTED.problem.groups]
    member = rng.choice([action for actions in groups for action in actions if action not in required])
    return PLANTED.problem, tuple(p for p in PLANTED.plan if p.action != member)


def lock_elsewhere(rng: random.Random) -> Faulty:
    p = placed(rng)
    return with_action(p.action, lock=Lock(start_slot=p.start_slot + 1))


def made_twice(rng: random.Random) -> Faulty:
    return PLANTED.problem, (*PLANTED.plan, placed(rng))


def unknown_unit(rng: random.Random) -> Faulty:
    p = placed(rng)
    return with_placement(replace(p, units=((10**6, *p.units[0][1:]), *p.units[1:])))


def unknown_mode(rng: random.Random) -> Faulty:
    return with_placement(replace(placed(rng), mode=7))


def unknown_action(rng: random.Random) -> Faulty:
    return PLANTED.problem, (*PLANTED.plan, replace(placed(rng), action=10**6))


FAULTS: dict[Callable[[random.Random], Faulty], str] = {
    window_moved: "windows",
    hour_forbidden: "forbidden_hours",
    hour_claimed: "claims",
    warrant_expired: "warrants",
    unit_dropped: "unit_needs",
    kind_changed: "unit_needs",
    permission_withdrawn: "permitted_countries",
    leave_taken: "calendars",
    road_blocked: "travel",
    duty_cut: "duty_and_rest",
    rest_lengthened: "duty_and_rest",
    capacity_cut: "capacity",
    lag_widened: "precedence",
    member_dropped: "simultaneity",
    lock_elsewhere: "locks",
    made_twice: "well_formed",
    unknown_unit: "well_formed",
    unknown_mode: "well_formed",
    unknown_action: "well_formed",
}


def cases() -> Iterator[tuple[Callable[[random.Random], Faulty], int]]:
    """Every fault, at three random places."""
    for fault in FAULTS:
        for seed in range(3):
            yield fault, seed


@pytest.mark.parametrize(("fault", "seed"), list(cases()))
def test_a_single_fault_is_named(fault: Callable[[random.Random], Faulty], seed: int) -> None:
    """One fault in the problem or the plan is reported under its rule's name and no other."""
    assert verify(PLANTED.problem, PLANTED.plan) == ()
    problem, plan = fault(random.Random(seed))
    breaches = verify(problem, plan)
    assert {breach.rule for breach in breaches} == {FAULTS[fault]}
    assert all(breach.message.endswith(".") for breach in breaches)


def test_two_actions_at_once_are_named() -> None:
    """A unit that is put on a second action at the same time is reported as such, travel apart."""
    rng = random.Random(0)
    _, plan = busy_unit(rng)
    other = replace(plan[1], start_slot=plan[0].start_slot)
    rules = {breach.rule for breach in verify(*with_placement(other))}
    assert "one_action_at_a_time" in rules
