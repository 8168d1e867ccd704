"""Invented ground, units and the actions planted on it."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from itertools import pairwise

from solver import Leg, Site, Travel, UnitNeed
from tests.solver.planted.shape import DUTY, SLOT_MINUTES, Shape


@dataclass
class PlantedUnit:
    kind: int
    type: int
    home: int
    owner: int
    permitted: set[int]
    skills: set[int]
    served: list[tuple[int, int, int]] = field(default_factory=list)  # start, end, site


@dataclass
class PlantedAction:
    site: int
    start: int
    duration: int
    needs: list[tuple[UnitNeed, list[int]]]
    uses: list[tuple[int, int, int, int]]  # resource, amount, offset, length
    group: int | None


class World:
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
        self.units: list[PlantedUnit] = []
        self.by_kind: dict[tuple[int, int], list[int]] = {}
        self.actions: list[PlantedAction] = []

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

    def fits(self, unit: PlantedUnit, start: int, end: int, site: int) -> bool:
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
            unit = PlantedUnit(
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
