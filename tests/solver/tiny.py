"""Random problems small enough to enumerate, and the enumeration: the best plan by brute force."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import replace

from solver import (
    Action,
    Anchor,
    CapacityStep,
    Country,
    DutyLimit,
    Group,
    Interval,
    Kept,
    Leg,
    Lock,
    Mode,
    Placement,
    Precedence,
    Problem,
    Project,
    Resource,
    ResourceNeed,
    Score,
    Site,
    Travel,
    Unit,
    UnitNeed,
    merged,
    score,
    verify,
)

HORIZON = 9


def a_tiny_problem(seed: int) -> Problem:
    """Return three actions, three units, two countries, with every kind of rule present now and then."""
    rng = random.Random(seed)
    sites = (Site("a", 0), Site("b", rng.randrange(2)), Site("c", 1))
    # One slot per step along a line: distances on a line obey the triangle inequality.
    line = [0, rng.randint(0, 1), rng.randint(1, 2)]
    legs = tuple(
        Leg(one, other, 10 * abs(line[one] - line[other])) for one in range(3) for other in range(3) if one != other
    )
    units = tuple(_a_unit(rng, number) for number in range(3))
    actions = tuple(_an_action(rng, number) for number in range(3))
    if seed % 2:
        earlier = random.Random(f"an earlier plan {seed}")
        actions = tuple(replace(action, kept=_somewhere(earlier, action)) for action in actions)
    others = random.Random(f"claims {seed}")
    actions = tuple(
        replace(action, claimed=_intervals(others, 1)) if others.random() < 0.2 else action for action in actions
    )
    resources = (
        Resource("raids", 0, 0, (CapacityStep(0, 1), CapacityStep(5, rng.randint(0, 2)))),
        Resource("beds", 1, None, (CapacityStep(-1, rng.randint(3, 6)),)),
    )
    precedences = ()
    if rng.random() < 0.5:
        low = rng.randint(-1, 2)
        high = low + rng.randint(0, 4) if rng.random() < 0.6 else None
        anchor = rng.choice(list(Anchor))
        precedences = (Precedence(0, 1, low, high, anchor, rng.random() < 0.6),)
    groups = (Group((1, 2), rng.randint(0, 1)),) if rng.random() < 0.4 else ()
    projects = ()
    if seed % 3 == 0:
        later = random.Random(f"projects {seed}")
        projects = (Project("one", later.randint(0, 2), later.randint(0, 3)), Project("two"))
        actions = tuple(replace(action, project=later.choice((None, 0, 1))) for action in actions)
        resources = (
            *resources[:1],
            Resource("money", 1, None, (CapacityStep(3, later.randint(3, 8)),), renewable=False),
        )
    return Problem(
        10,
        HORIZON,
        (Country("A"), Country("B")),
        ("assault", "medical"),
        ("khmer",),
        ("raids", "beds"),
        sites,
        Travel((), legs),
        units,
        resources,
        actions,
        precedences,
        groups,
        projects,
    )


def _intervals(rng: random.Random, most: int) -> tuple[Interval, ...]:
    made = []
    for _ in range(rng.randint(1, most)):
        start = rng.randint(0, HORIZON - 3)
        made.append(Interval(start, min(HORIZON, start + rng.randint(2, HORIZON))))
    return merged(made)


def _a_unit(rng: random.Random, number: int) -> Unit:
    return Unit(
        f"unit {number}",
        0 if rng.random() < 0.8 else 1,
        rng.randint(1, 2),
        rng.randrange(3),
        rng.randrange(2),
        (0, 1) if rng.random() < 0.7 else (rng.randrange(2),),
        merged([Interval(rng.randint(-2, 3), HORIZON)]) if rng.random() < 0.6 else _intervals(rng, 2),
        (0,) if rng.random() < 0.5 else (),
        DutyLimit(rng.randint(3, 7), rng.randint(0, 3)) if rng.random() < 0.6 else None,
        rng.randint(0, 3),
    )


def _an_action(rng: random.Random, number: int) -> Action:
    modes = []
    for _ in range(rng.randint(1, 2)):
        needs = [UnitNeed(0, rng.randint(1, 2), rng.randint(1, 2), (0,) if rng.random() < 0.2 else ())]
        if rng.random() < 0.2:
            needs.append(UnitNeed(rng.randrange(2), 2, 1))
        uses = []
        if rng.random() < 0.6:
            uses.append(ResourceNeed(0, 1, 0, 2))
        if rng.random() < 0.6:
            uses.append(ResourceNeed(1, rng.randint(1, 4), rng.randint(-1, 3), rng.randint(1, 6)))
        modes.append(Mode(rng.randint(1, 3), tuple(needs), tuple(uses), rng.randint(0, 5)))
    lock = None
    if rng.random() < 0.1:
        lock = Lock(start_slot=rng.randint(0, 4)) if rng.random() < 0.5 else Lock(mode=0)
    return Action(
        f"raid {number}",
        rng.randrange(3),
        tuple(modes),
        _intervals(rng, 2),
        (Interval(3, 4),) if rng.random() < 0.2 else (),
        _intervals(rng, 1) if rng.random() < 0.2 else None,
        rng.randint(1, 4),
        rng.random() < 0.2,
        rng.randint(0, 5),
        rng.randint(2, HORIZON) if rng.random() < 0.7 else None,
        lock,
    )


def _somewhere(rng: random.Random, action: Action) -> Kept | None:
    """Give where an earlier plan, good or not, may have had the action, some of its units being no more."""
    if rng.random() < 0.2:
        return None
    mode = rng.randrange(len(action.modes))
    units = tuple(
        tuple(unit for unit in rng.sample(range(3), need.count) if rng.random() < 0.9)
        for need in action.modes[mode].unit_needs
    )
    return Kept(rng.randint(-1, HORIZON - 2), mode, units)


Accept = Callable[[tuple[Placement, ...]], bool]


def best_by_enumeration(problem: Problem, accept: Accept = lambda _plan: True) -> Score | None:
    """Return the score of the best valid plan that is accepted, trying every plan; None when there is none."""
    options = [[None, *placements_of(problem, action)] for action in range(len(problem.actions))]
    best: Score | None = None
    for chosen in itertools.product(*options):
        plan = tuple(placement for placement in chosen if placement is not None)
        if not accept(plan):
            continue
        value = score(problem, plan)
        if (best is None or value.key() < best.key()) and not verify(problem, plan):
            best = value
    return best


def possible_by_enumeration(problem: Problem) -> bool:
    """Return whether some valid plan places all mandatory and locked actions, trying every plan."""
    demanded = {number for number, action in enumerate(problem.actions) if action.mandatory or action.lock is not None}
    wanted = set(demanded)
    for _ in problem.actions:
        for group in problem.groups:
            if wanted & set(group.actions):
                wanted |= set(group.actions)
        wanted |= {each.before for each in problem.precedences if each.required and each.after in wanted}
    # What no demanded action drags along may as well be left out: no rule asks for it.
    options = [list(placements_of(problem, action)) for action in sorted(wanted)]
    return all(options) and _fits(problem, (), options)


# Rules that a plan breaks for good: no action more mends them.
_FOR_GOOD = {"one_action_at_a_time", "capacity"}


def _fits(problem: Problem, plan: tuple[Placement, ...], options: list[list[Placement]]) -> bool:
    if not options:
        return not verify(problem, plan)
    for placement in options[0]:
        longer = (*plan, placement)
        if plan and any(breach.rule in _FOR_GOOD for breach in verify(problem, longer)):
            continue
        if _fits(problem, longer, options[1:]):
            return True
    return False


def an_impossible_request(seed: int) -> Problem:
    """Return the first tiny problem from a seed on in which not all mandatory and locked actions can be placed.

    Two or three actions are mandatory, in windows that are tight now and then.
    """
    rng = random.Random(f"impossible {seed}")
    while True:
        problem = a_tiny_problem(rng.randrange(1 << 30))
        mandatory = rng.sample(range(3), rng.randint(2, 3))
        actions = tuple(
            replace(
                action,
                mandatory=number in mandatory,
                windows=_intervals(rng, 1) if rng.random() < 0.5 else action.windows,
            )
            for number, action in enumerate(problem.actions)
        )
        problem = replace(problem, actions=actions)
        if not possible_by_enumeration(problem):
            return problem


def placements_of(problem: Problem, action: int) -> Iterator[Placement]:
    """Every placement of one action that breaks no rule by itself (relations and locks of others aside)."""
    for number, mode in enumerate(problem.actions[action].modes):
        combinations = [itertools.combinations(range(len(problem.units)), need.count) for need in mode.unit_needs]
        for units in itertools.product(*combinations):
            for start_slot in range(problem.horizon_slots):
                placement = Placement(action, number, start_slot, tuple(units))
                ignored = {"precedence", "simultaneity", "locks"}
                if not any(breach.rule not in ignored for breach in verify(problem, (placement,))):
                    yield placement
