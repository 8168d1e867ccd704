"""Random problems with a planted plan: how good a plan exists is known, whatever the search finds.

The geography is invented: countries are discs on a plane, each with one airport. Everything is drawn round a plan that
was planted first, so that plan keeps every rule by construction (and `verify` says so in the tests that use it).
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field, replace
from itertools import pairwise

from solver import (
    Action,
    CapacityStep,
    Country,
    DutyLimit,
    Group,
    Interval,
    Leg,
    Mode,
    Placement,
    Precedence,
    Problem,
    Resource,
    ResourceNeed,
    Site,
    Travel,
    Unit,
    UnitNeed,
    merged,
)

SLOT_MINUTES = 15
DAY_SLOTS = 96
KINDS = ("assault", "forensic", "medical", "cyber", "transport", "interpreter")
SKILLS = ("khmer", "mandarin", "negotiation")
DUTY = DutyLimit(max_duty_slots=52, min_rest_slots=36)


@dataclass(frozen=True)
class Shape:
    """How large and how tight a planted problem is."""

    countries: int = 116
    hosts: int = 60
    actions: int = 400
    units: int = 2000
    days: int = 6
    reuse: float = 0.85
    window_slack_slots: int = 28
    tight_share: float = 0.6
    group_share: float = 0.25
    unplaceable_share: float = 0.05
    precedence_share: float = 0.08


@dataclass(frozen=True)
class PlantedProblem:
    """A problem, a plan that keeps its rules, and the actions that cannot be placed with the reason planted."""

    problem: Problem
    plan: tuple[Placement, ...]
    unplaceable: dict[int, str]


@dataclass
class _Unit:
    kind: int
    type: int
    home: int
    owner: int
    permitted: set[int]
    skills: set[int]
    served: list[tuple[int, int, int]] = field(default_factory=list)  # start, end, site


@dataclass
class _Action:
    site: int
    start: int
    duration: int
    needs: list[tuple[UnitNeed, list[int]]]
    uses: list[tuple[int, int, int, int]]  # resource, amount, offset, length
    group: int | None


class _World:
    def __init__(self, shape: Shape, seed: int) -> None:
        self.shape = shape
        self.rng = random.Random(seed)
        self.sites: list[Site] = []
        self.where: list[tuple[float, float]] = []
        self.by_country: list[list[int]] = []
        rng = self.rng
        self.region = [c % 4 for c in range(shape.countries)]
        centres = [(0.0, 0.0), (7000.0, 500.0), (500.0, 6000.0), (8000.0, 7000.0)]
        self.centre = [
            (centres[r][0] + rng.uniform(-1800, 1800), centres[r][1] + rng.uniform(-1800, 1800)) for r in self.region
        ]
        self.zone = [round(x / 1500) * 4 for x, _ in self.centre]
        for country in range(shape.countries):
            self.by_country.append([])
            for city in range(3):
                self.add_site(country, f"city {country}.{city}")
        self.units: list[_Unit] = []
        self.by_kind: dict[tuple[int, int], list[int]] = {}
        self.actions: list[_Action] = []

    def add_site(self, country: int, name: str) -> int:
        angle, radius = self.rng.uniform(0, 2 * math.pi), self.rng.uniform(5, 250)
        x, y = self.centre[country]
        self.where.append((x + radius * math.cos(angle), y + radius * math.sin(angle)))
        index = len(self.sites)
        self.sites.append(Site(name, country, country, 60 + round(radius)))
        self.by_country[country].append(index)
        return index

    def travel(self) -> Travel:
        every = range(self.shape.countries)
        hubs = tuple(
            tuple(0 if a == b else 60 + round(math.dist(self.centre[a], self.centre[b]) / 13) for b in every)
            for a in every
        )
        legs = tuple(
            Leg(a, b, round(math.dist(self.where[a], self.where[b]) * 1.0) + 5)
            for sites in self.by_country
            for a in sites
            for b in sites
            if a != b
        )
        return Travel(hubs, legs)

    def way(self, a: int, b: int) -> int:
        if a == b:
            return 0
        here, there = self.sites[a], self.sites[b]
        between = (
            0
            if here.country == there.country
            else 60 + round(math.dist(self.centre[here.country], self.centre[there.country]) / 13)
        )
        minutes = here.access_minutes + between + there.access_minutes
        if here.country == there.country:
            minutes = min(minutes, round(math.dist(self.where[a], self.where[b]) * 1.0) + 5)
        return -(-minutes // SLOT_MINUTES)

    def fits(self, unit: _Unit, start: int, end: int, site: int) -> bool:
        """Whether the unit's planted day, with one more action, keeps travel, duty and rest."""
        day = sorted([*unit.served, (start, end, site)])
        for (_, e, p), (s, _, q) in pairwise(day):
            if s < e + self.way(p, q):
                return False
        first = day[0]
        for (_, e, p), now in pairwise(day):
            if now[0] - e - self.way(p, now[2]) >= DUTY.min_rest_slots:
                first = now
            if now[1] - first[0] > DUTY.max_duty_slots:
                return False
        return True

    def staff(self, country: int, need: UnitNeed, start: int, end: int, site: int, taken: set[int]) -> list[int]:
        rng, chosen = self.rng, []
        foreign = rng.random() < 0.18
        fitting = [
            index
            for index in self.by_kind.get((country, need.kind), ())
            if (unit := self.units[index]).type <= need.type
            and unit.skills >= set(need.skills)
            and index not in taken
            and len(unit.served) < 4
            and (unit.owner != country) == foreign
            and self.fits(unit, start, end, site)
        ]
        rng.shuffle(fitting)
        fitting.sort(key=lambda index: self.units[index].type, reverse=True)
        while len(chosen) < need.count:
            if fitting and rng.random() < self.shape.reuse:
                chosen.append(fitting.pop(0))
                continue
            owner = country
            if foreign:
                near = [c for c in range(self.shape.countries) if self.region[c] == self.region[country]]
                owner = rng.choice(near)
            unit = _Unit(
                need.kind,
                rng.randint(max(1, need.type - 1), need.type),
                rng.choice(self.by_country[owner][:3]),
                owner,
                {owner, country},
                set(need.skills),
            )
            self.units.append(unit)
            chosen.append(len(self.units) - 1)
            for permitted in unit.permitted:
                self.by_kind.setdefault((permitted, need.kind), []).append(len(self.units) - 1)
        for index in chosen:
            self.units[index].served.append((start, end, site))
            taken.add(index)
        return chosen


def plant(shape: Shape, seed: int) -> PlantedProblem:
    """Return a planted problem of the given shape; equal seeds give equal problems."""
    world = _World(shape, seed)
    rng = world.rng
    horizon = shape.days * DAY_SLOTS
    weights = [1 / (1 + host) ** 0.7 for host in range(shape.hosts)]
    hosts = rng.sample(range(shape.countries), shape.hosts)
    resources: list[tuple[int, int]] = [(kind, c) for c in range(shape.countries) for kind in range(3)]
    unplaceable_count = round(shape.actions * shape.unplaceable_share)
    planted_count = shape.actions - unplaceable_count

    def daytime(country: int, day: int, duration: int) -> tuple[int, int]:
        local_six = day * DAY_SLOTS + 24 - world.zone[country]
        return local_six, local_six + 64 - duration

    group_number = 0
    while len(world.actions) < planted_count:
        size = 1
        if rng.random() < shape.group_share / 2.2:
            size = min(rng.randint(2, 4), planted_count - len(world.actions))
        first = rng.choices(hosts, weights)[0]
        near = [c for c in hosts if world.region[c] == world.region[first]]
        countries = [first, *(rng.choice(near) for _ in range(size - 1))]
        durations = [rng.randint(8, 26) for _ in countries]
        day = rng.randrange(shape.days)
        low = max(daytime(c, day, d)[0] for c, d in zip(countries, durations, strict=True))
        high = min(daytime(c, day, d)[1] for c, d in zip(countries, durations, strict=True))
        low, high = max(low, 0), min(high, horizon - max(durations))
        if low > high:
            continue
        start = rng.randint(low, high)
        group = None
        if size > 1:
            group, group_number = group_number, group_number + 1
        for country, duration in zip(countries, durations, strict=True):
            site = world.add_site(country, f"compound {len(world.actions)}")
            needs, taken = [], set[int]()
            for kind in rng.sample(range(len(KINDS)), rng.choice((2, 2, 3, 3, 4))):
                skills = (rng.randrange(len(SKILLS)),) if rng.random() < 0.15 else ()
                need = UnitNeed(kind, rng.randint(1, 3), rng.choice((1, 1, 1, 2, 2, 3)), skills)
                units = world.staff(country, need, start, start + duration, site, taken)
                needs.append((need, units))
            beds = rng.randint(5, 60)
            uses = [
                (country * 3, 1, 0, duration),
                (country * 3 + 1, beds, duration, 2 * DAY_SLOTS),
                (country * 3 + 2, rng.randint(1, 4), 0, duration),
            ]
            world.actions.append(_Action(site, start, duration, needs, uses, group))
    return _dress(world, resources, unplaceable_count, horizon)


def _dress(world: _World, resources: list[tuple[int, int]], unplaceable_count: int, horizon: int) -> PlantedProblem:
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


def _make_units(world: _World, horizon: int) -> list[Unit]:
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


def _add_unplaceable(world: _World, actions: list[Action], count: int, horizon: int) -> dict[int, str]:
    rng = world.rng
    reasons: dict[int, str] = {}
    for number in range(count):
        model = rng.choice(actions[: len(actions) - number])
        mode = model.modes[0]
        cause = ("windows", "warrants", "unit_needs", "capacity", "forbidden_hours")[number % 5]
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
        else:
            made = replace(model, name=name, forbidden=(Interval(-1, horizon + 1),))
        reasons[len(actions)] = cause
        actions.append(replace(made, mandatory=False))
    return reasons
