"""Planting a plan."""

from __future__ import annotations

from solver import UnitNeed
from tests.solver.planted.dress import dress
from tests.solver.planted.shape import DAY_SLOTS, KINDS, SKILLS, PlantedProblem, Shape
from tests.solver.planted.world import PlantedAction, World


def plant(shape: Shape, seed: int) -> PlantedProblem:
    """Return a planted problem of the given shape; equal seeds give equal problems."""
    world = World(shape, seed)
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
            world.actions.append(PlantedAction(site, start, duration, needs, uses, group))
    return dress(world, resources, unplaceable_count, horizon)
