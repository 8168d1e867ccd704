"""Random projects with lags, resources and skilled units, and the shortest plan by enumeration."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

from solver import (
    Action,
    Anchor,
    CapacityStep,
    Country,
    Group,
    Interval,
    Mode,
    Precedence,
    Problem,
    Project,
    Resource,
    ResourceNeed,
    Site,
    Unit,
    UnitNeed,
)

TINY_HORIZON = 9


def a_tiny_project(seed: int) -> Problem:
    """Four actions with every feature that such projects have now and then; one in three or so cannot be done."""
    rng = random.Random(f"a tiny project {seed}")
    horizon = TINY_HORIZON
    actions = tuple(
        Action(
            f"action {number}",
            0,
            (_a_mode(rng),),
            (Interval(rng.choice((0, 0, 0, 1)), rng.choice((horizon, horizon, horizon, 7))),),
            mandatory=True,
            project=0,
        )
        for number in range(4)
    )
    units = tuple(
        Unit(
            f"unit {number}",
            0,
            1,
            0,
            0,
            (0,),
            rng.choice(((Interval(0, horizon),), (Interval(0, horizon),), (Interval(0, 4), Interval(5, horizon)))),
            tuple(skill for skill in range(2) if rng.random() < 0.7),
        )
        for number in range(3)
    )
    steps = (CapacityStep(0, 2), CapacityStep(4, rng.randint(1, 3))) if rng.random() < 0.3 else (CapacityStep(0, 2),)
    return Problem(
        60,
        horizon,
        (Country("A"),),
        ("team",),
        ("dive", "climb"),
        ("beds",),
        (Site("a", 0),),
        units=units,
        resources=(Resource("beds", 0, None, steps),),
        actions=actions,
        precedences=tuple(_lags(rng, 4, 0.45)),
        groups=(Group((2, 3), rng.randint(0, 1)),) if rng.random() < 0.15 else (),
        projects=(Project("project", rng.choice((0, 0, 1)), rng.choice((0, 0, 3))),),
    )


def a_skilled_project(seed: int, actions: int = 20, units: int = 8) -> Problem:
    """A project whose actions need units of one to three of four skills, without maximum lags; it can be done."""
    rng = random.Random(f"a skilled project {seed}")
    skills = 4
    having = [tuple(sorted(rng.sample(range(skills), rng.randint(1, 3)))) for _ in range(units)]
    counts = [sum(skill in own for own in having) for skill in range(skills)]
    horizon = 10 * actions
    jobs = []
    for number in range(actions):
        wanted = rng.sample([skill for skill in range(skills) if counts[skill]], rng.randint(1, 2))
        needs = [UnitNeed(0, 1, rng.randint(1, max(1, counts[skill] // 3)), (skill,)) for skill in wanted]
        if not _can_staff(needs, having):
            needs = [UnitNeed(0, 1, 1, (wanted[0],))]
        jobs.append(
            Action(
                f"action {number}",
                0,
                (Mode(rng.randint(1, 9), tuple(needs)),),
                (Interval(0, horizon),),
                mandatory=True,
                project=0,
            )
        )
    return Problem(
        60,
        horizon,
        (Country("A"),),
        ("team",),
        tuple(f"skill {skill}" for skill in range(skills)),
        (),
        (Site("a", 0),),
        units=tuple(
            Unit(f"unit {number}", 0, 1, 0, 0, (0,), (Interval(0, horizon),), own) for number, own in enumerate(having)
        ),
        actions=tuple(jobs),
        precedences=tuple(
            Precedence(before, after)
            for after in range(1, actions)
            for before in sorted(rng.sample(range(max(0, after - 8), after), min(after, rng.randint(0, 2))))
        ),
        projects=(Project("project"),),
    )


def a_lagged_project(seed: int, actions: int = 40) -> Problem:
    """A project with minimum and maximum lags over three resources; few of them cannot be done."""
    rng = random.Random(f"a lagged project {seed}")
    jobs = []
    horizon = 14 * actions
    for number in range(actions):
        duration = rng.randint(1, 9)
        uses = tuple(
            ResourceNeed(resource, rng.randint(1, 6), 0, duration) for resource in range(3) if rng.random() < 0.6
        )
        jobs.append(
            Action(
                f"action {number}",
                0,
                (Mode(duration, (), uses),),
                (Interval(0, horizon),),
                mandatory=True,
                project=0,
            )
        )
    lags = []
    for after in range(1, actions):
        for before in sorted(rng.sample(range(max(0, after - 8), after), min(after, rng.randint(1, 2)))):
            least = rng.randint(0, 8)
            most = least + rng.randint(12, 40) if rng.random() < 0.25 else None
            lags.append(Precedence(before, after, least, most, Anchor.START))
    return Problem(
        60,
        horizon,
        (Country("A"),),
        resource_kinds=("beds",),
        sites=(Site("a", 0),),
        resources=tuple(Resource(f"beds {number}", 0, None, (CapacityStep(0, 10),)) for number in range(3)),
        actions=tuple(jobs),
        precedences=tuple(lags),
        projects=(Project("project"),),
    )


def shortest_by_enumeration(problem: Problem) -> int | None:
    """Return the least last end of all plans that place everything, trying every plan; None when there is none."""
    actions = range(len(problem.actions))
    durations = [action.modes[0].duration_slots for action in problem.actions]
    windows = [action.windows[0] for action in problem.actions]
    options = [
        range(window.start_slot, window.end_slot - duration + 1)
        for window, duration in zip(windows, durations, strict=True)
    ]
    best: int | None = None
    for starts in itertools.product(*options):
        end = max(start + duration for start, duration in zip(starts, durations, strict=True))
        if (
            (best is None or end < best)
            and _lags_hold(problem, starts, durations)
            and _amounts_hold(problem, starts, durations)
            and _staffed(problem, starts, durations, list(actions), {})
        ):
            best = end
    return best


def _a_mode(rng: random.Random) -> Mode:
    duration = rng.randint(1, 3)
    needs = tuple(UnitNeed(0, 1, rng.randint(1, 2), (skill,)) for skill in range(2) if rng.random() < 0.35)
    uses = (ResourceNeed(0, rng.randint(1, 2), 0, duration),) if rng.random() < 0.5 else ()
    return Mode(duration, needs, uses)


def _lags(rng: random.Random, actions: int, share: float) -> Iterator[Precedence]:
    for before, after in itertools.combinations(range(actions), 2):
        if rng.random() < share:
            least = rng.randint(-2, 3)
            most = least + rng.randint(0, 3) if rng.random() < 0.5 else None
            yield Precedence(before, after, least, most, rng.choice((Anchor.START, Anchor.END)))


def _can_staff(needs: list[UnitNeed], having: list[tuple[int, ...]]) -> bool:
    places = [need.skills[0] for need in needs for _ in range(need.count)]
    return any(
        all(skill in having[unit] for skill, unit in zip(places, chosen, strict=True))
        for chosen in itertools.permutations(range(len(having)), len(places))
    )


def _lags_hold(problem: Problem, starts: tuple[int, ...], durations: list[int]) -> bool:
    for relation in problem.precedences:
        anchor = starts[relation.before]
        if relation.anchor is Anchor.END:
            anchor += durations[relation.before]
        lag = starts[relation.after] - anchor
        if lag < relation.min_lag_slots or (relation.max_lag_slots is not None and lag > relation.max_lag_slots):
            return False
    for group in problem.groups:
        slots = [starts[action] for action in group.actions]
        if max(slots) - min(slots) > group.tolerance_slots:
            return False
    return True


def _amounts_hold(problem: Problem, starts: tuple[int, ...], durations: list[int]) -> bool:
    for index, resource in enumerate(problem.resources):
        for slot in range(problem.horizon_slots):
            used = sum(
                need.amount
                for start, duration, action in zip(starts, durations, problem.actions, strict=True)
                for need in action.modes[0].resource_needs
                if need.resource == index and start <= slot < start + duration
            )
            if used > resource.capacity_at(slot):
                return False
    return True


def _staffed(
    problem: Problem,
    starts: tuple[int, ...],
    durations: list[int],
    left: list[int],
    sent: dict[int, list[tuple[int, int]]],
) -> bool:
    """Whether the actions that are left can be staffed, trying every team of the first and so on."""
    if not left:
        return True
    action, rest = left[0], left[1:]
    start, end = starts[action], starts[action] + durations[action]
    needs = problem.actions[action].modes[0].unit_needs
    free = [
        index
        for index, unit in enumerate(problem.units)
        if any(there.start_slot <= start and end <= there.end_slot for there in unit.availability)
        and all(until <= start or end <= begin for begin, until in sent.get(index, ()))
    ]
    for team in itertools.product(*(itertools.combinations(free, need.count) for need in needs)):
        chosen = [unit for units in team for unit in units]
        skilled = all(
            need.skills[0] in problem.units[unit].skills
            for need, units in zip(needs, team, strict=True)
            for unit in units
        )
        if len(set(chosen)) == len(chosen) and skilled:
            after = {unit: list(stints) for unit, stints in sent.items()}
            for unit in chosen:
                after.setdefault(unit, []).append((start, end))
            if _staffed(problem, starts, durations, rest, after):
                return True
    return False
