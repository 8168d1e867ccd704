# Fixture strategy: a theatre of four agencies of their own for each test; what is tried is taken back, so that a prober
# leaves nothing in its own way.
"""What a prober learns of a hidden plan: its cell and hours, and no more; and that its owner is told of the probing."""

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import h3
import pytest

from opsplan.deconfliction.rules.footprint import Hiding
from opsplan.deconfliction.rules.probing import PROBES_TO_ALERT
from opsplan.deconfliction.rules.separation import DEFAULT_TABLE
from opsplan.geography.areas import coarse_circle
from opsplan.nouns import LAWS
from opsplan.operations.model import ActionKind
from opsplan.records.writing import write
from opsplan.vocabulary.area import Circle
from opsplan.vocabulary.errors import KeysMissing
from opsplan.vocabulary.place import GeoPoint
from tests.opsplan.deconfliction.oracle import Plan
from tests.opsplan.deconfliction.theatre import CLAIM, DAY, TOLD_OF_HIDDEN, Theatre, row_of

CELL = h3.latlng_to_cell(11.55, 104.9, Hiding().resolution)
M_PER_DEGREE = 111_195.0


def points_of_the_cell() -> list[tuple[float, float]]:
    """Give two points of one cell, far from each other: near its centre, and near its edge."""
    latitude, longitude = h3.cell_to_latlng(CELL)
    corner_latitude, corner_longitude = h3.cell_to_boundary(CELL)[0]
    near_edge = (longitude + 0.8 * (corner_longitude - longitude), latitude + 0.8 * (corner_latitude - latitude))
    return [(longitude, latitude), near_edge]


@dataclass
class Prober:
    """Two agencies that feel for a hidden plan together, each call by the one whose turn it is."""

    theatre: Theatre
    now: datetime = DAY - timedelta(days=10)
    answers: list[bool] = field(default_factory=list)

    async def meets(self, longitude: float, latitude: float, start: datetime, kind: str = "RAID") -> bool:
        """Ask whether a plan of a minute at a point would meet something."""
        agency = "LM"[len(self.answers) % 2]
        self.now += timedelta(minutes=1)
        plan = Plan("probe", agency, kind, longitude, latitude, 0.0, start, start + timedelta(minutes=1))
        try:
            await write(
                self.theatre.graph,
                self.theatre.actor(agency),
                lambda: self.now,
                lambda writing: writing.create(CLAIM, [row_of(plan)]),
                laws=LAWS,
                request_id="probe",
                only_tried=True,
            )
        except KeysMissing as refused:
            (missing,) = refused.facts["missing"]
            assert {name for name, value in missing.items() if value} == TOLD_OF_HIDDEN
            self.answers.append(True)
        else:
            self.answers.append(False)
        return self.answers[-1]

    async def edge(self, ask, low: float, high: float, calls: int) -> float:
        """Halve between what meets (`low`) and what does not (`high`)."""
        for _ in range(calls):
            middle = (low + high) / 2
            low, high = (middle, high) if await ask(middle) else (low, middle)
        return low

    async def feel(self, at: tuple[float, float], start: datetime, calls: int) -> tuple[list[float], list[float]]:
        """Give, from a point that meets, how far it reaches in metres by bearings, and in hours before and after."""
        each = 14
        bearings = max(4, calls // each - 2)
        reach = []
        for number in range(bearings):
            angle = 2 * math.pi * number / bearings

            async def along(distance_m: float, angle: float = angle, number: int = number) -> bool:
                dy = distance_m * math.cos(angle) / M_PER_DEGREE
                dx = distance_m * math.sin(angle) / M_PER_DEGREE / math.cos(math.radians(at[1]))
                kind = ("RAID", "SURVEILLANCE", "INFORMANT_MEETING")[number % 3]
                return await self.meets(at[0] + dx, at[1] + dy, start, kind)

            reach.append(await self.edge(along, 0.0, 60_000.0, each))
        hours = []
        for sign in (-1, 1):

            async def away(distance_h: float, sign: int = sign) -> bool:
                return await self.meets(*at, start + timedelta(hours=sign * distance_h))

            hours.append(await self.edge(away, 0.0, 48.0, each))
        return reach, hours


async def felt(
    theatre: Theatre, place: int, hour: float, kind: str, calls: int
) -> tuple[Prober, list[float], list[float]]:
    """Have K hide a plan in the cell, feel for it, and give the prober with what it found."""
    longitude, latitude = points_of_the_cell()[place]
    start = DAY + timedelta(hours=hour)
    await theatre.put(
        Plan("hidden", "K", kind, longitude, latitude, 20.0, start, start + timedelta(minutes=30), "POINTER")
    )
    prober = Prober(theatre)
    centre = points_of_the_cell()[0]
    reach, hours = await prober.feel(centre, DAY + timedelta(hours=9), calls)
    return prober, reach, hours


async def check(theatre: Theatre, calls: int) -> None:
    first, reach, hours = await felt(theatre, 0, 6.5, "RAID", calls)
    await theatre.world.graph.run_outside("MATCH (n) WHERE n:Claim OR n:ClaimEntry OR n:ClaimProbe DETACH DELETE n")
    second, *_ = await felt(theatre, 1, 11.0, "SURVEILLANCE", calls)
    assert first.answers == second.answers
    centre = points_of_the_cell()[0]
    told = coarse_circle(Circle(GeoPoint(*centre), 20.0), Hiding().resolution)
    widest = DEFAULT_TABLE.widest_of(ActionKind.INFORMANT_MEETING)
    least = min(reach)
    # All that can be found is the circle round the cell, as wide as the rules make it; it holds the whole cell.
    cell_reach_m = max(
        h3.great_circle_distance(h3.cell_to_latlng(CELL), corner, unit="m") for corner in h3.cell_to_boundary(CELL)
    )
    assert least >= told.radius_m
    assert least + 100 >= cell_reach_m
    assert sum(hours) >= 6
    area = math.pi * (told.radius_m / 1000) ** 2
    bound = h3.cell_area(CELL, unit="km^2")
    print(
        f"\nD6: calls={len(first.answers)} told_km2={area:.0f} cell_km2={bound:.0f} rule_m={widest.distance_m} "
        f"reach_m={least:.0f}..{max(reach):.0f} hours={sum(hours):.1f}"
    )


@pytest.mark.requirement("D6")
async def test_probing_tells_the_cell_and_no_more(theatre: Theatre) -> None:
    """Two agencies that halve their way to a hidden plan get the same answers whatever it is within its cell."""
    await check(theatre, 140)


@pytest.mark.long
@pytest.mark.requirement("D6")
async def test_a_thousand_probes_tell_the_cell_and_no_more(theatre: Theatre) -> None:
    """The same with a thousand calls."""
    await check(theatre, 1_000)


@pytest.mark.requirement("D6")
async def test_the_owner_is_alerted_once_when_probing_goes_on(theatre: Theatre) -> None:
    """At the twelfth time within a day the owner gets one alert that names who met it; older times count no more."""
    longitude, latitude = points_of_the_cell()[0]
    start = DAY + timedelta(hours=7)
    await theatre.put(Plan("hidden", "K", "RAID", longitude, latitude, 20.0, start, start.replace(hour=8), "POINTER"))
    alerts = "MATCH (n:ProbeAlert) RETURN n.owner_id, n.times, [(n)-[:ALERT_ABOUT]->(a) | a.id]"
    prober = Prober(theatre)
    for _ in range(PROBES_TO_ALERT - 1):
        assert await prober.meets(longitude, latitude, start)
    assert await theatre.graph.read_rows(alerts) == []
    prober.now += timedelta(days=1)
    for _ in range(PROBES_TO_ALERT - 1):
        assert await prober.meets(longitude, latitude, start)
    assert await theatre.graph.read_rows(alerts) == []
    for _ in range(5):
        assert await prober.meets(longitude, latitude, start)
    ((owner, times, agencies),) = await theatre.graph.read_rows(alerts)
    assert (owner, times) == (theatre.agencies["K"], PROBES_TO_ALERT)
    assert set(agencies) == {theatre.agencies[each] for each in "LM"}
