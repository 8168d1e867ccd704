"""Everybody else: units and resources that take part and change nothing, up to the number asked for.

A unit that could fill a need without a key would be slack that the planted plan was not drawn round. So bystanders of
a kind that is needed there are of a lower type than the need, or away throughout; one in
twelve is at hand for all that.
"""

from random import Random

from opsplan.exercise.capacities import LASTING_DAYS
from opsplan.exercise.chance import stream
from opsplan.exercise.obstacles import UNSEEN_TYPE
from opsplan.exercise.shape import HORIZON_SLOTS, SLOTS_PER_DAY, hours
from opsplan.exercise.workshop import Workshop
from opsplan.exercise.world import Pool, Team
from opsplan.operations.model import ResourceKind, UnitKind

AWAY = (0, 0)
"""The calendar of a unit that cannot be used at all."""

_LOWEST_TYPE = 4
_AT_HAND_SHARE = 1 / 12
_EVERYWHERE = (ResourceKind.BED, ResourceKind.SCREENER, ResourceKind.FORENSIC_LAB)

Asked = dict[tuple[str, UnitKind], int]
"""By country and kind: the lowest type that some need without a key takes there."""


def add_bystanders(shop: Workshop, seed: int) -> None:
    """Fill up with units, and give every country its resources."""
    chance = stream(seed, "bystanders")
    asked = _asked(shop)
    lands = list(shop.theatre.lands)
    turn = 0
    while len(shop.world.teams) < shop.shape.units:
        code = lands[turn % len(lands)]
        turn += 1
        number = shop.next_specialised()
        team = _reserve(shop, chance, code, number) if number is not None else _bystander(shop, chance, code, asked)
        shop.world.teams.append(team)
    for code in lands:
        for kind in _EVERYWHERE:
            pool = Pool(code, kind)
            if pool not in shop.world.capacities:
                shop.world.capacities[pool] = [(0, LASTING_DAYS * SLOTS_PER_DAY, chance.randint(2, 40))]


def _asked(shop: Workshop) -> Asked:
    asked: Asked = {}
    for task in shop.world.tasks:
        for way in task.ways:
            for need in way.needs:
                if not need.languages:
                    key = (task.host, need.kind)
                    asked[key] = max(asked.get(key, 0), need.type)
    return asked


def _bystander(shop: Workshop, chance: Random, code: str, asked: Asked) -> Team:
    kind = chance.choice(list(UnitKind))
    lowest = asked.get((code, kind), 0)
    type_ = chance.randint(min(_LOWEST_TYPE, lowest + 1), _LOWEST_TYPE)
    if (kind, type_) == UNSEEN_TYPE:
        type_ += 1
    at_hand = type_ > lowest or chance.random() < _AT_HAND_SHARE
    return _team(shop, chance, code, kind, type_, (0, HORIZON_SLOTS) if at_hand else AWAY)


def _reserve(shop: Workshop, chance: Random, code: str, number: int) -> Team:
    """A specialised unit that the plan does not call: permitted in every host country, and engaged elsewhere."""
    team = _team(shop, chance, code, UnitKind.CYBER, 1, AWAY)
    team.specialised = number
    team.permitted = tuple(sorted({code, *shop.theatre.hosts}))
    return team


def _team(shop: Workshop, chance: Random, code: str, kind: UnitKind, type_: int, calendar: tuple[int, int]) -> Team:
    return Team(
        number=len(shop.world.teams),
        kind=kind,
        type=type_,
        home=chance.choice(shop.theatre.lands[code].cities),
        country=code,
        permitted=(code,),
        calendar=calendar,
        max_duty=hours(12),
        min_rest=hours(10),
        cost_per_hour=chance.randrange(30, 300, 10),
    )
