"""Drawing windows, capacities, calendars and obstacles tightly round a planted plan."""

from __future__ import annotations

from dataclasses import replace

from solver import (
    Action,
    CapacityStep,
    Country,
    Group,
    Interval,
    Mode,
    Placement,
    Precedence,
    Problem,
    Resource,
    ResourceNeed,
    Unit,
    UnitNeed,
    merged,
)
from tests.solver.planted.shape import DAY_SLOTS, DUTY, KINDS, SKILLS, SLOT_MINUTES, PlantedProblem
from tests.solver.planted.world import World


def dress(world: World, resources: list[tuple[int, int]], unplaceable_count: int, horizon: int) -> PlantedProblem:
    rng, shape = world.rng, world.shape
    n = len(world.actions)
    # capacities: exactly what the plan uses at its peak in each day, or a little more
    usage: dict[int, list[int]] = {}
    long = horizon + 4 * DAY_SLOTS
    for action in world.actions:
        for resource, amount, offset, length in action.uses:
            profile = usage.setdefault(resource, [0] * long)
            for slot in range(action.start + offset, min(long, action.start + offset + length)):
                profile[slot] += amount
    made_resources = []
    for index, (kind, country) in enumerate(resources):
        profile = usage.get(index, [0] * long)
        steps = []
        floor = 1 if kind != 1 else 10
        for day in range(-1, long // DAY_SLOTS):
            peak = max(profile[max(0, day * DAY_SLOTS) : max(1, (day + 1) * DAY_SLOTS)], default=0)
            extra = 0 if rng.random() < shape.tight_share else rng.randint(0, max(1, peak // 2))
            steps.append(CapacityStep(day * DAY_SLOTS, max(floor, peak + extra)))
        made_resources.append(
            Resource(f"{('raids', 'beds', 'interpreters')[kind]} {country}", kind, country, tuple(steps))
        )
    mandatory = {i for i in range(n) if rng.random() < 0.05}
    actions, plan = [], []
    order = list(range(n))
    rng.shuffle(order)
    new_index = {old: new for new, old in enumerate(order)}
    for old in order:
        planted = world.actions[old]
        country = world.sites[planted.site].country
        s, e = planted.start, planted.start + planted.duration
        slack = shape.window_slack_slots
        windows = [Interval(max(0, s - rng.randint(0, slack)), min(horizon, e + rng.randint(0, slack)))]
        if rng.random() < 0.2 and s - 2 * DAY_SLOTS > 0:
            bait = s - rng.randint(60, 2 * DAY_SLOTS)
            windows.append(Interval(bait, bait + planted.duration + rng.randint(0, 12)))
        nights = []
        for day in range(-2, shape.days + 2):
            six = day * DAY_SLOTS + 24 - world.zone[country]
            nights.append(Interval(six - 32, six))
        needs = tuple(need for need, _ in planted.needs)
        uses = tuple(ResourceNeed(*use) for use in planted.uses)
        modes = [Mode(planted.duration, needs, uses, cost=rng.randint(10, 100))]
        mode = 0
        if rng.random() < 0.3:
            more = tuple(replace(need, count=need.count + 1) for need in needs)
            alternative = Mode(max(4, planted.duration * 2 // 3), more, uses, cost=rng.randint(10, 100))
            mode = rng.randrange(2)
            modes.insert(1 - mode, alternative)
        warrant = (Interval(s - rng.randint(0, 40), e + rng.randint(0, 40)),) if rng.random() < 0.3 else None
        actions.append(
            Action(
                f"raid {len(actions)}",
                planted.site,
                tuple(modes),
                merged(windows),
                merged(nights),
                warrant,
                weight=rng.randint(1, 10),
                mandatory=old in mandatory,
                expected_victims=rng.randint(0, 60),
                due_slot=e + rng.randint(-6, 12),
            )
        )
        units = tuple(tuple(sorted(chosen)) for _, chosen in planted.needs)
        plan.append(Placement(new_index[old], mode, s, units))
    groups: dict[int, list[int]] = {}
    for old, planted in enumerate(world.actions):
        if planted.group is not None:
            groups.setdefault(planted.group, []).append(new_index[old])
    made_groups = tuple(
        Group(tuple(sorted(members)), rng.randint(0, 2), f"strike {number}")
        for number, members in groups.items()
        if len(members) > 1
    )
    precedences = []
    starts = {placement.action: placement.start_slot for placement in plan}
    ends = {new_index[old]: a.start + a.duration for old, a in enumerate(world.actions)}
    for _ in range(round(n * shape.precedence_share)):
        a, b = rng.sample(range(n), 2)
        if starts[b] < ends[a]:
            a, b = b, a
        lag = starts[b] - ends[a]
        if lag < 0 or lag > 2 * DAY_SLOTS:
            continue
        precedences.append(Precedence(a, b, max(0, lag - rng.randint(0, 40)), lag + rng.randint(0, 40)))
    unplaceable = _add_unplaceable(world, actions, unplaceable_count, horizon)
    units = _make_units(world, horizon)
    shuffled = list(range(len(units)))
    rng.shuffle(shuffled)
    position = {old: new for new, old in enumerate(shuffled)}
    problem = Problem(
        SLOT_MINUTES,
        horizon,
        tuple(Country(f"country {c}") for c in range(shape.countries)),
        KINDS,
        SKILLS,
        ("raids", "beds", "interpreters"),
        tuple(world.sites),
        world.travel(),
        tuple(units[old] for old in shuffled),
        tuple(made_resources),
        tuple(actions),
        tuple(precedences),
        made_groups,
    )
    moved = [replace(p, units=tuple(tuple(sorted(position[u] for u in chosen)) for chosen in p.units)) for p in plan]
    return PlantedProblem(problem, tuple(sorted(moved, key=lambda p: p.action)), unplaceable)


def _make_units(world: World, horizon: int) -> list[Unit]:
    rng, shape = world.rng, world.shape
    made = []
    for number, unit in enumerate(world.units):
        first = min(start - world.way(unit.home, site) for start, _, site in unit.served)
        last = max(end for _, end, _ in unit.served)
        begin, until = first - rng.randint(0, 30), last + rng.randint(0, 30)
        made.append(
            Unit(
                f"unit {number}",
                unit.kind,
                unit.type,
                unit.home,
                unit.owner,
                tuple(sorted(unit.permitted)),
                (Interval(begin, until),),
                tuple(sorted(unit.skills)),
                DUTY,
                rng.randint(1, 5),
            )
        )
    while len(made) < shape.units:
        owner = rng.randrange(shape.countries)
        begin = rng.randint(0, horizon - 60)
        made.append(
            Unit(
                f"unit {len(made)}",
                rng.randrange(len(KINDS)),
                rng.choice((2, 3, 3, 3)),
                rng.choice(world.by_country[owner][:3]),
                owner,
                (owner,) if rng.random() < 0.3 else (),
                (Interval(begin, begin + rng.randint(8, 30)),),
                (),
                DUTY,
                rng.randint(1, 5),
            )
        )
    return made


def _add_unplaceable(world: World, actions: list[Action], count: int, horizon: int) -> dict[int, str]:
    rng = world.rng
    reasons: dict[int, str] = {}
    for number in range(count):
        model = rng.choice(actions[: len(actions) - number])
        mode = model.modes[0]
        cause = ("windows", "warrants", "unit_needs", "capacity", "forbidden_hours", "claims")[number % 6]
        name = f"hopeless {number}"
        if cause == "windows":
            start = model.windows[0].start_slot
            made = replace(model, name=name, modes=(mode,), windows=(Interval(start, start + mode.duration_slots - 1),))
        elif cause == "warrants":
            made = replace(model, name=name, warrants=())
        elif cause == "unit_needs":
            made = replace(model, name=name, modes=(replace(mode, unit_needs=(UnitNeed(0, 1, 900),)),))
        elif cause == "capacity":
            use = replace(mode.resource_needs[1], amount=100_000)
            made = replace(model, name=name, modes=(replace(mode, resource_needs=(use,)),))
        elif cause == "claims":
            made = replace(model, name=name, claimed=(Interval(-1, horizon + 1),))
        else:
            made = replace(model, name=name, forbidden=(Interval(-1, horizon + 1),))
        reasons[len(actions)] = cause
        actions.append(replace(made, mandatory=False))
    return reasons
