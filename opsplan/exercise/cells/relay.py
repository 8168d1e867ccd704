"""A relay: one unit goes from site to site, in several countries, with just the rest that it must have.

The last leg (lure) looks free from the first day on. Done first, it takes the hours of the first leg (prey).
"""

from dataclasses import dataclass

from opsplan.exercise.chance import steps
from opsplan.exercise.ground import Place
from opsplan.exercise.shape import HORIZON_SLOTS, hours
from opsplan.exercise.workshop import LEAD_SLOTS, Workshop
from opsplan.exercise.world import Need, Part, Task, Team, Way
from opsplan.operations.model import ActionKind, UnitKind

_KINDS = (ActionKind.CYBER_TAKEDOWN, ActionKind.SURVEILLANCE, ActionKind.ARREST, ActionKind.UNDERCOVER_MEETING)
_UNITS = (UnitKind.CYBER, UnitKind.FORENSIC, UnitKind.FINANCIAL, UnitKind.INVESTIGATION, UnitKind.TACTICAL)
_NEAREST = 4
_LONGEST_DUTY_SLOTS = hours(16)
_RESTED_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class _Leg:
    kind: ActionKind
    place: Place
    start: int
    duration: int

    @property
    def end(self) -> int:
        return self.start + self.duration


def make_relay(shop: Workshop, most: int) -> list[Task]:
    """Plant two to five legs for one unit, each at its own time; the last with a window over all of them."""
    chance = shop.chance
    shop.begin_cell()
    legs = _legs(shop, min(most, chance.choice((3, 4, 4, 5))))
    hosts = tuple(sorted({leg.place.country for leg in legs}))
    first, last = legs[0], legs[-1]
    team = shop.key_team(chance.choice(_UNITS), first.place, first.start - hours(6), foreign=True, hosts=hosts)
    ground = shop.ground
    way_to_first, way_to_last = ground.way(team.home, first.place) or 0, ground.way(team.home, last.place) or 0
    early = max(way_to_last, first.start - steps(chance, hours(1), last.duration + hours(2)))
    early = min(early, first.end, last.start)
    opens = max(0, min(early - way_to_last, first.start - way_to_first))
    team.calendar = (opens, min(HORIZON_SLOTS, last.end + chance.randrange(0, 9, 2)))
    # The last leg is made first: greedy searches that go by number meet it first, too.
    return [_leg(shop, team, leg, early if leg is last and leg is not first else None) for leg in reversed(legs)]


def _legs(shop: Workshop, most: int) -> list[_Leg]:
    chance, host = shop.chance, shop.next_host()
    near = [code for code in shop.theatre.partners[host] if code in shop.theatre.hosts][:_NEAREST]
    legs: list[_Leg] = []
    begun = start = shop.strike_between(LEAD_SLOTS + hours(10), hours(50))
    while len(legs) < most:
        place = shop.theatre.site(chance.choice([host, *near]) if legs else host)
        kind = chance.choice(_KINDS)
        duration = shop.duration(kind)
        if legs:
            way = shop.ground.way(legs[-1].place, place) or 0
            start = legs[-1].end + way + steps(chance, 0, hours(1))
            if start + duration - begun > _LONGEST_DUTY_SLOTS or chance.random() < _RESTED_SHARE:
                start += chance.choice((hours(8), hours(9), hours(10)))
                begun = start
        if start + duration > HORIZON_SLOTS:
            break
        legs.append(_Leg(kind, place, start, duration))
    return legs


def _leg(shop: Workshop, team: Team, leg: _Leg, early: int | None) -> Task:
    chance = shop.chance
    closes = min(HORIZON_SLOTS, leg.end + chance.randrange(0, 9, 2))
    opens = early if early is not None else max(0, leg.start - chance.randrange(0, 9, 2))
    lure = early is not None
    needs = [Need(team.kind, team.type, team.languages, teams=[team])]
    needs += shop.helpers(leg.kind, team.kind, early=lure)
    return shop.task(
        leg.kind,
        leg.place,
        leg.start,
        Way(leg.duration, needs),
        (opens, closes),
        part=Part.LURE if lure else Part.PREY,
        weight=chance.randrange(250, 800, 10) if lure else chance.randrange(30, 150, 5),
    )
